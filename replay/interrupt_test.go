package replay

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"fluxtrail/api"
)

// pipe is one whose reader blocks, as standard input does.
func pipe(t *testing.T) (in, out *os.File) {
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

// TestPipeEndsWithTheContext holds that reading stops though the writer is still there.
func TestPipeEndsWithTheContext(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"blocking", "not blocking"} {
		in, out := pipe(t)
		if kind == "not blocking" {
			var err error
			if in, out, err = os.Pipe(); err != nil {
				t.Fatal(err)
			}
		}
		ctx, cancel := context.WithCancel(t.Context())
		on, r, done := untilInterrupt(ctx, in)
		if _, err := io.WriteString(out, "a line\n"); err != nil {
			t.Fatal(err)
		}
		line := make([]byte, 7)
		if _, err := io.ReadFull(r, line); err != nil || string(line) != "a line\n" {
			t.Errorf("%s: %q, %v", kind, line, err)
		}
		cancel()
		if rest, err := io.ReadAll(r); err != nil || len(rest) > 0 { // blocks for ever without what is tested
			t.Errorf("%s: %q, %v", kind, rest, err)
		}
		if on.Err() != nil {
			t.Errorf("%s: the context ended, so nothing would be reported", kind)
		}
		done()
	}
}

// TestOthersAreLeftAlone holds that the context still ends what is no pipe.
func TestOthersAreLeftAlone(t *testing.T) {
	t.Parallel()
	file, err := os.Open("interrupt_test.go")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for name, in := range map[string]io.Reader{"none": nil, "text": strings.NewReader("x"), "file": file, "buffer": &bytes.Buffer{}} {
		ctx, cancel := context.WithCancel(t.Context())
		on, r, done := untilInterrupt(ctx, in)
		cancel()
		if r != in || on.Err() == nil {
			t.Errorf("%s was changed", name)
		}
		done()
	}
}

// TestPipeIsGivenBack holds that a pipe blocks again for whoever reads it afterwards.
func TestPipeIsGivenBack(t *testing.T) {
	t.Parallel()
	in, _ := pipe(t)
	fd := in.Fd()
	_, _, done := untilInterrupt(t.Context(), in)
	done()
	flags, _, errno := syscall.Syscall(syscall.SYS_FCNTL, fd, syscall.F_GETFL, 0)
	if errno != 0 || flags&syscall.O_NONBLOCK != 0 {
		t.Errorf("flags %#x, %v", flags, errno)
	}
}

// TestInterruptWhileFilesAreRead holds that a pipe that is not read makes no difference.
func TestInterruptWhileFilesAreRead(t *testing.T) {
	t.Parallel()
	in, _ := pipe(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := Run(ctx, Options{Paths: []string{"../fixtures/demo/pods"}, Stdin: in}, func(context.Context, *api.Report) error {
		t.Error("there is a report")
		return nil
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// TestInterruptWhileAPipeIsRead holds that what came until then is reported.
func TestInterruptWhileAPipeIsRead(t *testing.T) {
	t.Parallel()
	in, out := pipe(t)
	const line = `{"level":"info","ts":"2024-11-13T16:00:00.000Z","msg":"Reconciliation finished in 400ms, next run in 10m0s",` +
		`"controller":"kustomization","controllerKind":"Kustomization","namespace":"flux-system","name":"apps"}` + "\n"
	if _, err := io.WriteString(out, line); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	fd := int32(in.Fd())
	go func() {
		defer cancel()
		for left := 1; left > 0; runtime.Gosched() { // until the line was read
			var err error
			if left, err = unix.Poll([]unix.PollFd{{Fd: fd, Events: unix.POLLIN}}, 0); err != nil && err != unix.EINTR {
				t.Error(err)
				return
			}
		}
	}()
	err := Run(ctx, Options{Paths: []string{"-"}, Stdin: in}, func(_ context.Context, rep *api.Report) error {
		if rep.Input.Records != 1 || len(rep.Objects) != 1 {
			t.Errorf("%+v", rep.Input)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
