package doctor

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// TestPrometheusIsAskedForLittle has a Prometheus with endless answers but to what is looked at:
// the targets that it scrapes.
func TestPrometheusIsAskedForLittle(t *testing.T) {
	t.Parallel()
	var sent atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/api/v1/targets" && r.URL.RawQuery == "state=active" {
			_, _ = io.WriteString(w, `{"status":"success","data":{"activeTargets":[{"scrapeUrl":"http://a/metrics","health":"up","labels":{"job":"flux"}}]}}`)
			return
		}
		for block := strings.Repeat(" ", 1<<20); ; {
			n, err := io.WriteString(w, block)
			if sent.Add(int64(n)); err != nil {
				return
			}
		}
	}))
	defer server.Close()
	d, err := Examine(t.Context(), Options{Prometheus: &Server{server.URL, server.Client()}, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]string{}
	for _, f := range d.Findings {
		told[f.Check] = f.Severity + " " + f.Text
	}
	if told["targets"] != "ok 1 targets are up, each scraped once" {
		t.Error(told["targets"])
	}
	for _, check := range []string{"families", "rules", "alertmanagers"} {
		if !strings.Contains(told[check], "the answer is too long") {
			t.Error(check, told[check])
		}
	}
	if sent.Load() > 4*maxProm {
		t.Errorf("%d MiB were read", sent.Load()>>20)
	}
}
