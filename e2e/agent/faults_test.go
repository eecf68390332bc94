package agent

import (
	"bytes"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fluxtrail/e2e/env"
)

// A disk is a small file system for the agent's state, which can be full or read-only.
type disk struct{ dir string }

func mount(t *testing.T) disk {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("mounting a file system needs the rights of root")
	}
	d := disk{t.TempDir()}
	d.run(t, "mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", d.dir)
	t.Cleanup(func() { _ = exec.Command("umount", "-l", d.dir).Run() })
	return d
}

func (d disk) run(t *testing.T, name string, args ...string) {
	t.Helper()
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
}

// fill writes until nothing more fits, and returns what takes it away again.
func (d disk) fill(t *testing.T) (path string) {
	t.Helper()
	path = filepath.Join(d.dir, "ballast")
	if err := os.WriteFile(path, make([]byte, 2<<20), 0o600); err == nil {
		t.Fatal("two megabytes fit where one should")
	}
	return path
}

// TestStateDiskFull fills the disk while lines are shipped. They go on being shipped;
// the agent says that it is not ready and why, and is again when there is room.
func TestStateDiskFull(t *testing.T) {
	d, l, pods := mount(t), env.StartLoki(t, env.Generous...), t.TempDir()
	a := env.StartAgent(t, env.Fluxtrail(t), pods, []string{
		"loki.url=" + l.URL, "agent.cluster=full", "agent.state_dir=" + filepath.Join(d.dir, "state"),
	})
	begin, feed := time.Now(), startFeed(t, pods, 500)
	ready(t, a, "")
	ballast := d.fill(t)
	ready(t, a, "no space left on device")
	sent := a.Sum(t, "fluxtrail_sent_lines_total", shipLane)
	env.Until(t, "lines to be shipped all the same", func() bool { return a.Sum(t, "fluxtrail_sent_lines_total", shipLane) > sent })
	if a.Sum(t, "fluxtrail_checkpoint_failures_total") == 0 {
		t.Error("no failure was counted")
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	ready(t, a, "")
	a.Kill() // what was saved after the disk had room again has to be good
	a.Start(t)
	written := feed.end(t)
	delivered(t, a, written.total())
	exactlyOnce(t, written, held(t, l, "full", begin.Add(-time.Minute), time.Now().Add(time.Minute)))
}

// ready waits until the agent says that it is ready, or that it is not because of why.
func ready(t *testing.T, a *env.AgentProcess, why string) {
	t.Helper()
	env.Until(t, "/readyz to say: "+why, func() bool {
		code, text := a.Get(t, "/readyz")
		return why == "" && code == http.StatusOK || why != "" && code == http.StatusServiceUnavailable && strings.Contains(text, why)
	})
}

// TestStateReadOnly starts the agent where it cannot save. It works in memory, and says
// so.
func TestStateReadOnly(t *testing.T) {
	d, l, pods := mount(t), env.StartLoki(t, env.Generous...), t.TempDir()
	d.run(t, "mount", "-o", "remount,ro", d.dir)
	a := env.StartAgent(t, env.Fluxtrail(t), pods, []string{
		"loki.url=" + l.URL, "agent.cluster=ro", "agent.state_dir=" + filepath.Join(d.dir, "state"),
	})
	begin, feed := time.Now(), startFeed(t, pods, 500)
	ready(t, a, "the state directory cannot be written to")
	pauseFor(2 * time.Second)
	written := feed.end(t)
	delivered(t, a, written.total())
	exactlyOnce(t, written, held(t, l, "ro", begin.Add(-time.Minute), time.Now().Add(time.Minute)))
}

// nobody is a user without any rights.
const nobody = "65534"

// TestUnreadableFile lets the agent follow one log that it may read and one that it may
// not. The first is shipped, the second is named, and shipped when it can be read.
func TestUnreadableFile(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("running the agent as another user needs the rights of root")
	}
	setpriv := env.Installed(t, "util-linux", "setpriv")
	l, dir := env.StartLoki(t, env.Generous...), open(t)
	good := filepath.Join(dir, "pods", "flux-system_source-controller-6d4cf56db6-aaaaa_1", "manager")
	bad := filepath.Join(dir, "pods", "flux-system_helm-controller-6d4cf56db6-bbbbb_2", "manager")
	begin, written := time.Now(), lines{}
	writeLog(t, good, 0o644, begin, written)
	writeLog(t, bad, 0o000, begin, written)
	bin := filepath.Join(dir, "fluxtrail")
	text, err := os.ReadFile(env.Fluxtrail(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(bin, text, 0o755); err != nil {
		t.Fatal(err)
	}
	a := env.StartAgent(t, bin, filepath.Join(dir, "pods"),
		[]string{"loki.url=" + l.URL, "agent.cluster=unreadable", "agent.state_dir=" + filepath.Join(dir, "state")},
		setpriv, "--pdeathsig=KILL", "--reuid="+nobody, "--regid="+nobody, "--clear-groups")
	delivered(t, a, written.total()/2)
	path := filepath.Join(bad, "0.log")
	env.Until(t, "the agent to name the file", func() bool { return a.Said(t, path+": permission denied") })
	unreadable := func() float64 { return a.Sum(t, "fluxtrail_unreadable_files", shipLane) }
	env.Until(t, "the metrics to tell of the file", func() bool { return unreadable() == 1 })
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	delivered(t, a, written.total())
	env.Until(t, "the metrics to tell that it can be read", func() bool { return unreadable() == 0 })
	exactlyOnce(t, written, held(t, l, "unreadable", begin.Add(-time.Minute), time.Now().Add(time.Minute)))
}

// open is a temporary directory that everybody may use.
func open(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "fluxtrail")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	return dir
}

// writeLog writes a hundred lines.
func writeLog(t *testing.T, dir string, mode os.FileMode, at time.Time, written lines) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	recorded := bodies(t, 1<<20)
	for _, record := range recorded[sortedKeys(recorded)[0]][:100] {
		at = at.Add(time.Millisecond)
		body := append(stamp(record, at)[:len(record)-1], `,"pod":"`+filepath.Base(filepath.Dir(dir))+`"}`...)
		written.add(body, at)
		text.WriteString(at.UTC().Format("2006-01-02T15:04:05.000000000Z") + " stderr F ")
		text.Write(append(body, '\n'))
	}
	path := filepath.Join(dir, "0.log")
	if err := os.WriteFile(path, text.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

// TestIdleAgentIsSmall runs the agent on a node without any pod of Flux.
func TestIdleAgentIsSmall(t *testing.T) {
	a := env.StartAgent(t, env.Fluxtrail(t), t.TempDir(), []string{"loki.url=http://127.0.0.1:1"})
	_ = watch(t, a, 5*time.Second)
	var rss, anonymous float64
	env.Until(t, "an idle agent to take at most 45 MB, 12 of them anonymous", func() bool {
		rss, anonymous = a.Memory(t)
		return rss <= 45 && anonymous <= 12
	})
	t.Logf("RSS %.1f MB, anonymous %.1f MB", rss, anonymous)
}
