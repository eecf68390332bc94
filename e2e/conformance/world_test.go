package conformance

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fluxtrail/e2e/env"
)

// world is what a case plays in: a directory of logs, a Loki, an agent, and a writer whose moves
// are the methods in capitals.
type world struct {
	testing.TB
	agent  Agent
	setup  Setup
	loki   *fakeLoki
	dir    string
	proc   *process
	clock  time.Time // of the next record
	uid    int       // of the agent; 0: the one that runs the tests
	behind string    // where the writer writes, "" for where the agent reads
	group  string    // file that a process joins a control group by, "" for none

	mayRepeat bool // entries may be sent more than once: the case kills, or answers too late
	mayLose   bool // the agent's counters of what was lost must not be zero
	oddState  bool // the case damages the state itself
	maxRSS    int64
}

// maxRSS is the memory that an agent may take.
const maxRSS = 160 << 20

// patience is how long a case waits for what should take a moment.
func patience() time.Duration { return scaled(25*time.Second, 80*time.Second) }

func newWorld(t testing.TB, agent Agent) *world {
	dir := t.TempDir()
	w := &world{
		TB: t, agent: agent, loki: newLoki(t), dir: dir, maxRSS: maxRSS,
		clock: time.Now().Add(-10 * time.Minute).Truncate(time.Second).UTC(),
	}
	w.setup = Setup{
		Logs: filepath.Join(dir, "logs"), State: filepath.Join(dir, "state"), Sink: w.loki.URL,
		PartialAfter: time.Second, RetryMax: 200 * time.Millisecond, Grace: 3 * time.Second,
	}
	w.check(os.Mkdir(w.setup.Logs, 0o755))
	t.Cleanup(func() {
		if w.proc != nil {
			w.proc.kill()
		}
	})
	return w
}

func (w *world) check(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// Directories of containers in the kubelet's layout, and what stands for them in the names of
// files.
const (
	podP = "flux-system_source-controller-0_11111111-1111/manager"
	podQ = "flux-system_kustomize-controller-0_22222222-2222/manager"
)

func (w *world) path(name string) string {
	name = strings.Replace(strings.Replace(name, "P/", podP+"/", 1), "Q/", podQ+"/", 1)
	return filepath.Join(w.written(), name)
}

// written is where the writer writes.
func (w *world) written() string {
	if w.behind != "" {
		return w.behind
	}
	return w.setup.Logs
}

// CRI is a record as containerd writes it, a millisecond after the last.
func (w *world) CRI(stream, flag, text string) string {
	w.clock = w.clock.Add(time.Millisecond)
	return w.clock.Format("2006-01-02T15:04:05.000000000Z07:00") + " " + stream + " " + flag + " " + text + "\n"
}

// W appends each word of lines to a file, as a record of its own.
func (w *world) W(name, lines string) {
	w.Helper()
	var text strings.Builder
	for _, line := range strings.Fields(lines) {
		text.WriteString(w.CRI("stderr", "F", line))
	}
	w.RAW(name, text.String())
}

// RAW appends bytes.
func (w *world) RAW(name, text string) {
	w.Helper()
	path := w.path(name)
	w.check(os.MkdirAll(filepath.Dir(path), 0o755))
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o644)
	w.check(err)
	defer f.Close()
	_, err = f.WriteString(text)
	w.check(err)
}

// LINE appends a record whose text may be anything but a newline.
func (w *world) LINE(name, text string) { w.Helper(); w.RAW(name, w.CRI("stderr", "F", text)) }

// AT writes like a program that keeps its own position in the file.
func (w *world) AT(name string, off int64, text string) {
	w.Helper()
	f, err := os.OpenFile(w.path(name), os.O_WRONLY|os.O_CREATE, 0o644)
	w.check(err)
	defer f.Close()
	_, err = f.WriteAt([]byte(text), off)
	w.check(err)
}

// MANY appends the lines PREFIX0 ... PREFIX(n-1), at once, and returns them.
func (w *world) MANY(name, prefix string, n int) string {
	var words []string
	for i := range n {
		words = append(words, fmt.Sprint(prefix, i))
	}
	lines := strings.Join(words, " ")
	w.W(name, lines)
	return lines
}

func (w *world) MV(from, to string) { w.Helper(); w.check(os.Rename(w.path(from), w.path(to))) }
func (w *world) RM(name string)     { w.Helper(); w.check(os.RemoveAll(w.path(name))) }
func (w *world) MK(name string)     { w.Helper(); w.RAW(name, "") }
func (w *world) MKDIR(name string)  { w.Helper(); w.check(os.MkdirAll(w.path(name), 0o755)) }
func (w *world) TR(name string, n int64) {
	w.Helper()
	w.check(os.Truncate(w.path(name), n))
}

// LN makes a symlink, in place of one that is there.
func (w *world) LN(link, target string) {
	w.Helper()
	tmp := w.path(link) + ".swp"
	w.check(os.MkdirAll(filepath.Dir(tmp), 0o755))
	w.check(os.Symlink(w.path(target), tmp))
	w.check(os.Rename(tmp, w.path(link)))
}

// CP copies a file.
func (w *world) CP(from, to string) {
	w.Helper()
	data, err := os.ReadFile(w.path(from))
	w.check(err)
	w.check(os.WriteFile(w.path(to), data, 0o644))
}

// CT is what logrotate calls copytruncate.
func (w *world) CT(name string) {
	w.Helper()
	w.CP(name, name+".1")
	w.TR(name, 0)
}

func packed(text []byte) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write(text) // memory takes it
	_ = z.Close()
	return b.Bytes()
}

// GZ compresses as the kubelet does.
func (w *world) GZ(name string) {
	w.Helper()
	data, err := os.ReadFile(w.path(name))
	w.check(err)
	w.check(os.WriteFile(w.path(name+".tmp"), packed(data), 0o644))
	w.check(os.Rename(w.path(name+".tmp"), w.path(name+".gz")))
	w.RM(name)
}

// HOLD and RELEASE are those of Loki.
func (w *world) HOLD()    { w.mayRepeat = true; w.loki.HOLD() }
func (w *world) RELEASE() { w.loki.RELEASE() }

// START runs the agent and returns when it serves.
func (w *world) START() {
	w.Helper()
	w.proc = w.run(w.agent.Live)
	w.until("the agent to serve", func() bool {
		if w.proc.ended() {
			w.Fatalf("the agent ended:\n%s", w.proc.printed())
		}
		return w.proc.address() != ""
	})
	w.READY()
}

// READY waits until the agent has looked at the files.
func (w *world) READY() {
	w.Helper()
	w.until("the agent to be ready", func() bool { return w.oddState || w.agent.Ready(w.proc.address()) })
}

// STOP ends the agent as the kubelet does, and checks how it ends.
func (w *world) STOP() {
	w.Helper()
	w.watchLimits()
	took, code := w.proc.stop(w.setup.Grace + 2*time.Second)
	if code != 0 {
		w.Errorf("I6: the agent ended with %d after %v:\n%s", code, took, w.proc.printed())
	}
	w.stateIsWhole()
}

// KILL ends the agent as a crash does.
func (w *world) KILL() {
	w.Helper()
	w.mayRepeat = true
	w.watchLimits()
	w.proc.kill()
	w.stateIsWhole()
}

// SETTLE waits until the agent has nothing to do: no lag that it knows of, and nothing that came
// for several polls.
func (w *world) SETTLE() {
	w.Helper()
	var since time.Time
	before := -1
	w.until("the agent to settle", func() bool {
		now := len(w.loki.entries())
		if now != before || w.agent.Lag(w.proc.address()) != 0 {
			before, since = now, time.Now()
		}
		return time.Since(since) > 15*poll
	})
}

// SEE waits until Loki has the lines of an app, and maybe more.
func (w *world) SEE(app, lines string) {
	w.Helper()
	want := strings.Fields(lines)
	w.until(fmt.Sprintf("%s to have %.60s", app, lines), func() bool {
		got := w.loki.apps()[app]
		return len(got) >= len(want) && !slices.ContainsFunc(want, func(line string) bool { return !slices.Contains(got, line) })
	})
}

// ASKED waits until Loki got some more requests.
func (w *world) ASKED(more int) {
	w.Helper()
	n := len(w.loki.pushes()) + more
	w.until("requests", func() bool { return len(w.loki.pushes()) >= n })
}

// PASS lets some time pass, when what is waited for is that nothing happens.
func (w *world) PASS(d time.Duration) {
	w.Helper()
	start := time.Now()
	w.until("time to pass", func() bool { return time.Since(start) >= d })
}

// until polls, and fails the case when it was in vain.
func (w *world) until(what string, done func() bool) {
	w.Helper()
	deadline, late := time.Now().Add(patience()), false
	env.Until(w, what, func() bool {
		late = time.Now().After(deadline)
		w.savedIsWhole()
		return late || done()
	})
	if late {
		w.Fatalf("waited for %s; the agent printed:\n%s", what, w.printed())
	}
}

func (w *world) printed() string {
	if w.proc == nil {
		return ""
	}
	return w.proc.printed()
}

// sent are the lines that an app has to have in the end, in this order, with nothing else: each
// word, or with newlines between them each line.
type sent map[string]string

func (s sent) lists() map[string][]string {
	lists := map[string][]string{}
	for app, lines := range s {
		if lists[app] = strings.Fields(lines); strings.Contains(lines, "\n") {
			lists[app] = strings.Split(lines, "\n")
		}
	}
	return lists
}

// END holds what Loki has against what is wanted: as soon as the running agent has sent that much,
// and again after one that read to the end.
func (w *world) END(want sent) {
	w.Helper()
	if w.proc == nil || w.proc.ended() {
		w.START()
	}
	lists := want.lists()
	deadline := time.Now().Add(patience())
	env.Until(w, "what was written to be sent", func() bool {
		return cmp.Equal(lists, w.loki.apps()) || time.Now().After(deadline)
	})
	w.compare(lists, "of what the running agent sent")
	w.SETTLE()
	w.INVARIANTS()
	w.STOP()
	w.ONCE()
	w.compare(lists, "after reading to the end")
}

func (w *world) compare(want map[string][]string, when string) {
	w.Helper()
	got := w.loki.apps()
	diff := cmp.Diff(want, got)
	if diff != "" && len(diff) > 3000 {
		diff = diff[:3000] + " ..."
	}
	if diff != "" {
		w.Fatalf("-want +got %s:\n%s\nthe agent printed:\n%s", when, diff, w.printed())
	}
}

// ONCE has the agent read to the end.
func (w *world) ONCE() {
	w.Helper()
	w.proc = w.run(w.agent.Once)
	w.until("the agent to read to the end", w.proc.ended)
	if code := w.proc.code(); code != 0 {
		w.Errorf("the agent ended with %d:\n%s", code, w.proc.printed())
	}
	w.stateIsWhole()
}
