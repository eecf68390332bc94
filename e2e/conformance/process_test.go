package conformance

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// process is a run of the agent.
type process struct {
	cmd  *exec.Cmd
	out  string // path of what it prints
	find func(printed string) string
	at   string
	done chan struct{} // closed when it has ended
}

// run starts the agent with the configuration of the case as it is now.
func (w *world) run(args func(config string) []string) *process {
	w.Helper()
	config := filepath.Join(w.dir, "config.yaml")
	w.check(os.WriteFile(config, []byte(w.agent.Config(w.setup)), 0o600))
	out, err := os.CreateTemp(w.dir, "out")
	w.check(err)
	defer out.Close()
	command := w.limited(append([]string{w.agent.Bin}, args(config)...))
	p := &process{cmd: exec.Command(command[0], command[1:]...), out: out.Name(), find: w.agent.Address, done: make(chan struct{})}
	p.cmd.Stdout, p.cmd.Stderr = out, out
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} // a test binary that is killed cannot clean up
	if w.uid != 0 {
		w.check(os.MkdirAll(w.setup.State, 0o700))
		w.check(os.Chown(w.setup.State, w.uid, 0))
		w.check(os.Chown(config, w.uid, 0))
		for _, dir := range []string{w.dir, filepath.Dir(w.agent.Bin)} {
			w.check(os.Chmod(filepath.Dir(dir), 0o755)) // what the test made is for the user that runs it
		}
		p.cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(w.uid)}
	}
	w.check(p.cmd.Start())
	go func() { // one cannot ask a process whether it has ended without waiting for it
		_ = p.cmd.Wait() // how it ended is in its state
		close(p.done)
	}()
	w.Cleanup(p.kill)
	return p
}

func (p *process) ended() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

// code is the exit code of a process that has ended.
func (p *process) code() int { return p.cmd.ProcessState.ExitCode() }

func (p *process) kill() {
	_ = p.cmd.Process.Kill() // it may have ended
	<-p.done
}

// stop asks the process to end, and kills it when it does not within d.
func (p *process) stop(d time.Duration) (took time.Duration, code int) {
	start := time.Now()
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.done:
	case <-time.After(d):
		p.kill()
	}
	return time.Since(start), p.code()
}

func (p *process) printed() string {
	text, _ := os.ReadFile(p.out) // nothing is as good as nothing yet
	return string(text)
}

func (p *process) address() string {
	if p.at == "" {
		p.at = p.find(p.printed())
	}
	return p.at
}

// openIn lists the files in dir that the process has open; those without a name end in "
// (deleted)".
func (p *process) openIn(dir string) (names []string) {
	fds := filepath.Join("/proc", strconv.Itoa(p.cmd.Process.Pid), "fd")
	entries, _ := os.ReadDir(fds)
	for _, e := range entries {
		if name, err := os.Readlink(filepath.Join(fds, e.Name())); err == nil && strings.HasPrefix(name, dir) {
			names = append(names, name)
		}
	}
	return names
}

// peak is the largest resident size that the process had, in bytes; 0 when it is gone.
func (p *process) peak() int64 {
	text, _ := os.ReadFile(filepath.Join("/proc", strconv.Itoa(p.cmd.Process.Pid), "status"))
	_, rest, _ := strings.Cut(string(text), "VmHWM:")
	fields := strings.Fields(rest)
	if len(fields) == 0 {
		return 0
	}
	kib, _ := strconv.ParseInt(fields[0], 10, 64)
	return kib << 10
}
