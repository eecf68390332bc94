package web

import (
	"fmt"
	"net/http"

	"fluxtrail/api"
)

// healthz answers as long as the process does.
func (s *server) healthz(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") }

// readyz says whether the agent does its work, and if not, why.
func (s *server) readyz(w http.ResponseWriter, _ *http.Request) {
	why := s.agent.Unready()
	if len(why) == 0 {
		fmt.Fprintln(w, "ready")
		return
	}
	w.WriteHeader(http.StatusServiceUnavailable)
	for _, line := range why {
		fmt.Fprintln(w, api.Shown(line)) // it may name a file
	}
}
