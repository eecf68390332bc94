package main

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

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

// blockingPipe is one whose ends block, as those of a shell do.
func blockingPipe(t *testing.T) (in, out *os.File) {
	t.Helper()
	var fds [2]int
	if err := syscall.Pipe(fds[:]); err != nil {
		t.Fatal(err)
	}
	in, out = os.NewFile(uintptr(fds[0]), "in"), os.NewFile(uintptr(fds[1]), "out")
	t.Cleanup(func() {
		_ = in.Close()
		_ = out.Close()
	})
	return in, out
}

// nearlyFull is a pipe that nobody reads, which blocks and has room for a page. taken waits until
// that is taken.
func nearlyFull(t *testing.T) (out *os.File, taken func()) {
	t.Helper()
	in, out := blockingPipe(t)
	fd := int(out.Fd())
	page := make([]byte, os.Getpagesize())
	for full := false; !full; {
		if err := syscall.SetNonblock(fd, true); err != nil {
			t.Fatal(err)
		}
		_, err := syscall.Write(fd, page)
		full = err == syscall.EAGAIN
	}
	if err := syscall.SetNonblock(fd, false); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(in, page); err != nil {
		t.Fatal(err)
	}
	return out, func() {
		for room := 1; room > 0; runtime.Gosched() {
			room, _ = unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLOUT}}, 0)
		}
	}
}

// TestInterruptEndsWhatNobodyReads interrupts commands that wait for a reader of their output: once
// is enough. Without what is tested they wait for ever.
func TestInterruptEndsWhatNobodyReads(t *testing.T) {
	t.Parallel()
	const pods = "../../fixtures/demo/pods"
	for _, line := range []string{
		"replay -v " + pods, "replay -o json " + pods, "replay -o html " + pods, "replay -v -o markdown " + pods, "replay -o openmetrics " + pods,
		"replay -h", "completion bash", "config docs", "dashboards export cluster",
		"rules print", "rules check -o json ../../deploy/rules",
	} {
		ctx, interrupt := context.WithCancel(t.Context())
		out, taken := nearlyFull(t)
		go func() { taken(); interrupt() }()
		var errs strings.Builder
		code := execute(ctx, strings.Fields(line), cli.Streams{In: strings.NewReader(""), Out: out, Err: &errs})
		if code != cli.Interrupted || errs.String() != "fluxtrail: interrupted\n" {
			t.Errorf("%s: exit code %d, %q", line, code, errs.String())
		}
	}
}

// TestInterruptedPipeIsReported writes the report of a pipe whose reading an interrupt ended, and
// marks its incidents.
func TestInterruptedPipeIsReported(t *testing.T) {
	t.Parallel()
	log, err := os.ReadFile("testdata/logs/kustomize-controller.log")
	if err != nil {
		t.Fatal(err)
	}
	in, into := blockingPipe(t)
	from, out := blockingPipe(t)
	if _, err := into.Write(log); err != nil { // it stays open, as kubectl logs -f does
		t.Fatal(err)
	}
	marks := 0
	grafana := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			marks++
			_, _ = io.WriteString(w, `{"id":1}`)
			return
		}
		_, _ = io.WriteString(w, "[]")
	}))
	defer grafana.Close()
	ctx, interrupt := context.WithCancel(t.Context())
	go func() {
		for left := 1; left > 0; runtime.Gosched() { // until it was read
			left, _ = unix.Poll([]unix.PollFd{{Fd: int32(in.Fd()), Events: unix.POLLIN}}, 0)
		}
		interrupt()
	}()
	done := make(chan string)
	go func() {
		text, _ := io.ReadAll(from)
		done <- string(text)
	}()
	var errs strings.Builder
	code := execute(ctx, []string{"replay", "-v", "--hold", "1ms", "--grafana", grafana.URL, "-"}, cli.Streams{In: in, Out: out, Err: &errs})
	_ = out.Close()
	if text := <-done; code != cli.OK || !strings.Contains(text, "INPUT") || marks == 0 {
		t.Errorf("exit code %d, %d marks, %q, %q", code, marks, text, errs.String())
	}
}
