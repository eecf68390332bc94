package conformance

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
)

// LIMIT has the agent run in a control group with so many bytes of memory, if this machine lets us
// make one; otherwise it runs without, and the test says so.
func (w *world) LIMIT(bytes int) {
	w.Helper()
	for root, file := range map[string]string{"/sys/fs/cgroup/memory": "memory.limit_in_bytes", "/sys/fs/cgroup": "memory.max"} {
		group := filepath.Join(root, fmt.Sprintf("fluxtrail-e2e-%d", os.Getpid()))
		if os.Mkdir(group, 0o755) != nil {
			continue
		}
		w.Cleanup(func() { _ = os.Remove(group) }) // empty once the agent has ended
		if os.WriteFile(filepath.Join(group, file), []byte(strconv.Itoa(bytes)), 0o644) == nil {
			w.group = filepath.Join(group, "cgroup.procs")
			return
		}
	}
	w.Log("cannot make a control group here: the agent's memory is not limited")
}

// limited is a command that runs in the control group.
func (w *world) limited(command []string) []string {
	if w.group == "" {
		return command
	}
	return append([]string{"sh", "-c", `echo $$ > "$0" && exec "$@"`, w.group}, command...)
}
