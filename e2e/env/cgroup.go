package env

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
)

// groups are where control groups of memory are made: version 2 first, then 1, where the directory
// of version 2 is no file system of the kernel's.
var groups = []struct{ root, file string }{
	{"/sys/fs/cgroup", "memory.max"},
	{"/sys/fs/cgroup/memory", "memory.limit_in_bytes"},
}

// MemoryGroup makes a control group with so many bytes of memory until the test ends, and returns
// the file that takes the processes in it. On a machine that does not let us make one the test is
// skipped: without a limit it would show nothing.
func MemoryGroup(t testing.TB, bytes int) (procs string) {
	t.Helper()
	var why []string
	for _, g := range groups {
		group, err := limit(g.root, g.file, bytes)
		if err == nil {
			t.Cleanup(func() { _ = os.Remove(group) }) // empty once the agent has ended
			return filepath.Join(group, "cgroup.procs")
		}
		why = append(why, err.Error())
	}
	t.Skip("cannot make a control group: ", strings.Join(why, "; "))
	return ""
}

// InGroup are the words before a command that runs in a control group.
func InGroup(procs string) []string {
	return []string{"sh", "-c", `echo $$ > "$0" && exec "$@"`, procs}
}

// made tells the groups of a process apart.
var made atomic.Int64

// limit makes a group. Its files are the kernel's: in another file system a directory has none, and
// one that we wrote would limit nothing.
func limit(root, file string, bytes int) (group string, err error) {
	_ = os.WriteFile(filepath.Join(root, "cgroup.subtree_control"), []byte("+memory"), 0o644) // version 2
	group = filepath.Join(root, fmt.Sprintf("fluxtrail-e2e-%d-%d", os.Getpid(), made.Add(1)))
	if err := os.Mkdir(group, 0o755); err != nil {
		return "", err
	}
	defer func(made string) {
		if err != nil {
			_ = os.Remove(made)
		}
	}(group)
	for _, name := range []string{file, "cgroup.procs"} {
		if _, err := os.Stat(filepath.Join(group, name)); err != nil {
			return "", err
		}
	}
	if err := os.WriteFile(filepath.Join(group, file), []byte(strconv.Itoa(bytes)), 0o644); err != nil {
		return "", err
	}
	is, err := os.ReadFile(filepath.Join(group, file))
	if got := strings.TrimSpace(string(is)); err != nil || got != strconv.Itoa(bytes) {
		return "", fmt.Errorf("%s is %q, not %d: %w", filepath.Join(group, file), got, bytes, err)
	}
	return group, nil
}
