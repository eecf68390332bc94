package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fluxtrail/cmd/cli"
)

// full is a disk without space.
func full(t *testing.T) *os.File {
	t.Helper()
	f, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

// TestWhatCannotBeWritten wants no command to end well whose output is lost.
func TestWhatCannotBeWritten(t *testing.T) {
	t.Parallel()
	const pods = "../../fixtures/demo/pods"
	dir := t.TempDir()
	for _, line := range []string{
		"-h", "help", "help replay", "rules check -h", "--version", "version", "version -o json",
		"completion bash", "completion zsh", "completion fish", "completion powershell", "__complete rep",
		"replay " + pods, "replay -o json " + pods, "replay -o html " + pods, "replay -o markdown " + pods, "replay -o openmetrics " + pods,
		"replay --fail-on firing " + pods, "replay --cluster --explain-rights",
		"explain hr/team-b/cart " + pods, "explain -o json hr/team-b/cart " + pods,
		"config docs", "config print --loki-enabled=false", "config check --loki-enabled=false",
		"dashboards export cluster", "doctor ../../deploy/base", "doctor -o json ../../deploy/base",
		"rules print", "rules test", "rules check ../../deploy/rules", "rules check -o json ../../deploy/rules",
		"migrate promtail-positions --first-start --state-dir " + dir + " " + filepath.Join(dir, "missing"),
	} {
		var errs strings.Builder
		code := execute(t.Context(), strings.Fields(line), cli.Streams{In: strings.NewReader(""), Out: full(t), Err: &errs})
		if code != cli.Failed || strings.Count(errs.String(), "no space left on device") != 1 {
			t.Errorf("%s: exit code %d, %q", line, code, errs.String())
		}
	}
}

// TestAgentIsWellWithoutOutput lets the agent end well without its events: it counts them itself.
func TestAgentIsWellWithoutOutput(t *testing.T) {
	t.Parallel()
	args := []string{"run", "--once", "--loki-enabled=false", "--state-dir", t.TempDir(), "../../fixtures/demo/pods"}
	var errs strings.Builder
	if code := execute(t.Context(), args, cli.Streams{In: strings.NewReader(""), Out: full(t), Err: &errs}); code != cli.OK {
		t.Errorf("exit code %d, %q", code, errs.String())
	}
}
