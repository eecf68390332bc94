package env

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"
)

// How long a server may take to become ready or to end by itself. Two busy cores
// were seen to need 20 s for Loki.
const (
	readyWithin = 90 * time.Second
	endWithin   = 30 * time.Second
)

// A Process is a server that a test started. Its methods are for the test's own
// goroutine. It can be stopped or killed and started again with the same
// arguments, and so with the same port and data.
type Process struct {
	name  string
	bin   string
	args  []string
	log   string // path of what it printed, over all its starts
	ready func(context.Context) error

	cmd  *exec.Cmd
	done chan struct{} // closed when the process has ended
}

// Start runs the process and returns when it is ready.
func (p *Process) Start(t testing.TB) {
	t.Helper()
	out, err := os.OpenFile(p.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	p.cmd = exec.Command(p.bin, p.args...)
	p.cmd.Stdout, p.cmd.Stderr = out, out
	// A test binary that is killed cannot clean up; the kernel then does.
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := p.cmd.Start(); err != nil {
		t.Fatalf("start %s: %v", p.name, err)
	}
	p.done = make(chan struct{})
	// Only a goroutine can wait for the end and for readiness at the same time.
	go func(cmd *exec.Cmd, done chan struct{}) {
		_ = cmd.Wait() // how it ended is in its log
		close(done)
	}(p.cmd, p.done)
	p.waitReady(t)
}

func (p *Process) waitReady(t testing.TB) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), readyWithin)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		err := p.ready(ctx)
		if err == nil {
			return
		}
		select {
		case <-tick.C:
		case <-p.done:
			t.Fatalf("%s ended before it was ready (%v)\n%s", p.name, err, p.Log())
		case <-ctx.Done():
			p.Kill()
			t.Fatalf("%s not ready within %v (%v)\n%s", p.name, readyWithin, err, p.Log())
		}
	}
}

// Stop asks the process to end, waits, and kills it when it takes too long.
func (p *Process) Stop(t testing.TB) {
	t.Helper()
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.done:
	case <-time.After(endWithin):
		p.Kill()
		t.Errorf("%s did not end within %v of SIGTERM", p.name, endWithin)
	}
}

// Kill ends the process at once, as a crash would, and waits until it is gone. A
// process that has ended already is left alone.
func (p *Process) Kill() {
	_ = p.cmd.Process.Kill()
	<-p.done
}

// Pause stops the process without ending it, as an overloaded machine would: its
// connections stay open and nothing answers. Resume lets it go on.
func (p *Process) Pause(t testing.TB) { p.signal(t, syscall.SIGSTOP) }

// Resume lets a paused process go on.
func (p *Process) Resume(t testing.TB) { p.signal(t, syscall.SIGCONT) }

func (p *Process) signal(t testing.TB, s os.Signal) {
	t.Helper()
	if err := p.cmd.Process.Signal(s); err != nil {
		t.Fatalf("%v to %s: %v", s, p.name, err)
	}
}

// Log returns the last 4 KiB that the process printed.
func (p *Process) Log() string {
	text, err := os.ReadFile(p.log)
	if err != nil {
		return err.Error()
	}
	return string(text[max(0, len(text)-4096):])
}

// run starts a process for the length of the test.
func run(t testing.TB, p *Process) {
	t.Helper()
	p.Start(t)
	t.Cleanup(p.Kill)
}

// Until waits for something that a server does in its own time, and fails the test
// when it has not come after readyWithin.
func Until(t testing.TB, what string, done func() bool) {
	t.Helper()
	deadline := time.After(readyWithin)
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for !done() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("waited %v for %s", readyWithin, what)
		}
	}
}

// answers returns a readiness check: a GET of url has to be answered with 200.
func answers(client *http.Client, url string) func(context.Context) error {
	return func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
		defer cancel()
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			return err
		}
		res, err := client.Do(req)
		if err != nil {
			return err
		}
		defer res.Body.Close()
		if res.StatusCode != http.StatusOK {
			return fmt.Errorf("GET %s: %s", url, res.Status)
		}
		return nil
	}
}
