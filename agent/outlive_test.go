package agent

import (
	"errors"
	"log/slog"
	"os"
	"os/exec"
	"runtime/debug"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestReadersMayGo runs the agent in a process of its own, whose standard output and standard error
// nobody reads any more.
func TestReadersMayGo(t *testing.T) {
	t.Parallel()
	if dir := os.Getenv("AGENT_STATE"); dir != "" {
		opt := offline(dir)
		opt.Out = os.Stdout
		if err := Run(t.Context(), opt); err != nil {
			os.Exit(1)
		}
		os.Exit(0)
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	cmd := exec.Command(os.Args[0], "-test.run", "^TestReadersMayGo$")
	cmd.Env, cmd.Stdout, cmd.Stderr = append(os.Environ(), "AGENT_STATE="+dir), w, w
	if err := cmd.Run(); err != nil {
		t.Error("the agent did not come to its end:", err)
	}
	if state, err := os.ReadFile(dir + "/trail.json"); err != nil || !strings.Contains(string(state), `"DroppedLines":{"unprinted":`) {
		t.Errorf("what could not be printed is not counted: %.200s %v", state, err)
	}
}

// TestEnvironmentSaysGarbage leaves the garbage to GOGC where that is set.
func TestEnvironmentSaysGarbage(t *testing.T) {
	before := debug.SetGCPercent(77)
	defer debug.SetGCPercent(before)
	t.Setenv("GOGC", "77")
	now := time.Date(2026, 11, 27, 8, 0, 0, 0, time.UTC)
	m := newMemory(now)
	defer m.release()
	m.fit(now, backlog)
	m.spare()()
	m.fit(now.Add(calm), 0)
	if n := debug.SetGCPercent(77); n != 77 {
		t.Error("GOGC=77 became", n)
	}
}

// TestOneCauseIsToldOnce has a full disk, whose errors name another file each time.
func TestOneCauseIsToldOnce(t *testing.T) {
	t.Parallel()
	var said strings.Builder
	l := &lane{name: "ship", log: slog.New(slog.NewTextHandler(&said, nil))}
	full := func(name string) error { return &os.PathError{Op: "write", Path: name, Err: syscall.ENOSPC} }
	for _, err := range []error{full("a1"), full("a2"), full("a3"), nil, nil, full("a4"), errors.New("broken"), errors.New("broken")} {
		l.saved(err)
	}
	if got := strings.Count(said.String(), "cannot save"); got != 3 || strings.Count(said.String(), "can be saved again") != 1 {
		t.Error(said.String())
	}
	if l.counts.now.CheckpointFailures != 6 || l.saving.trouble != "broken" {
		t.Error(l.counts.now.CheckpointFailures, l.saving.trouble)
	}
}
