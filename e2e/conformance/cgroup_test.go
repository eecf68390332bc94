package conformance

import (
	"os"
	"strings"

	"fluxtrail/e2e/env"
)

// LIMIT has the agent run in a control group with so many bytes of memory.
func (w *world) LIMIT(bytes int) {
	w.Helper()
	w.group = env.MemoryGroup(w, bytes)
}

// LIMITED wants the agent to be in the control group that LIMIT made.
func (w *world) LIMITED() {
	w.Helper()
	pids, err := os.ReadFile(w.group)
	if err != nil || len(strings.Fields(string(pids))) == 0 {
		w.Errorf("nothing runs in the control group of %s: %v", w.group, err)
	}
}

// limited is a command that runs in the control group.
func (w *world) limited(command []string) []string {
	if w.group == "" {
		return command
	}
	return append(env.InGroup(w.group), command...)
}
