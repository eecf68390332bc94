package agent

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fluxtrail/parse/redact"
	"fluxtrail/sinks/loki"
)

// TestRunLetsNobodyStarve ships a large log and a small one whose only line is the newest of all:
// it is in the first batch.
func TestRunLetsNobodyStarve(t *testing.T) {
	t.Parallel()
	logs := t.TempDir()
	line := func(second int) string {
		return fmt.Sprintf(`{"level":"info","ts":"2026-11-20T10:%02d:%02d.000Z","msg":%q}`+"\n", second/60, second%60, strings.Repeat("x", 4000))
	}
	var noise strings.Builder
	for i := range 1500 {
		noise.WriteString(line(i))
	}
	for name, text := range map[string]string{"source-controller.log": noise.String(), "helm-controller.log": line(1500)} {
		if err := appendText(filepath.Join(logs, name), text); err != nil {
			t.Fatal(err)
		}
	}
	got := shipOnce(t, t.TempDir(), logs)
	at := slices.IndexFunc(got, func(s sent) bool { return strings.Contains(s.Labels, "helm-controller") })
	if batch := loki.DefaultBatchBytes; len(got) != 1501 || at < 0 || at*4000 > batch {
		t.Errorf("the quiet line is number %d of %d", at, len(got))
	}
}

// TestRunGoesOnBesideAHole has a log that begins with a hole which takes an hour to read: the lines
// of others are shipped meanwhile, and the agent stops when it is told to.
func TestRunGoesOnBesideAHole(t *testing.T) {
	t.Parallel()
	logs := t.TempDir()
	makeHole(t, filepath.Join(logs, "source-controller.log"), 1<<42)
	other := filepath.Join(logs, "helm-controller.log")
	shipped := make(chan string)
	run := startShip(t, testAgent(t.TempDir(), logs), func(*lane) sinkFunc {
		return func(_ context.Context, batch []loki.Entry) error {
			for i := range batch {
				shipped <- string(batch[i].Line)
			}
			return nil
		}
	})
	for i := range 2 {
		line := logLine(i, "x")
		appendFile(t, other, line)
		if got := <-shipped; got != strings.TrimSpace(line) {
			t.Error(got)
		}
	}
	if err := run.stop(); err != nil {
		t.Error(err)
	}
}

// TestOnceReadsBehindAHole ends at the end of the logs, and not where one had no line for long.
func TestOnceReadsBehindAHole(t *testing.T) {
	t.Parallel()
	log := filepath.Join(t.TempDir(), "source-controller.log")
	makeHole(t, log, (patience+8)<<20)
	appendFile(t, log, logLine(0, "x"))
	if got := shipOnce(t, t.TempDir(), log); len(got) != 1 {
		t.Error(got)
	}
}

func makeHole(t *testing.T, path string, size int64) {
	t.Helper()
	appendFile(t, path, "")
	if err := os.Truncate(path, size); err != nil {
		t.Fatal(err)
	}
}

// oneGroup wants all logs in the order of time.
type oneGroup struct{}

func (oneGroup) addLog(source)       {}
func (oneGroup) group(source) string { return "" }
func (oneGroup) removeLog(source)    {}
func (oneGroup) waits(int32) bool    { return false }

// TestMergerKeepsTheLineThatWasNotHandedOn saves heads with a line that is ready, and takes it up
// again.
func TestMergerKeepsTheLineThatWasNotHandedOn(t *testing.T) {
	t.Parallel()
	line := func(source, ts string) savedLine {
		s := savedLine{Full: true}
		s.Source.Name, s.At.Path = source, source
		s.Line.Text = []byte(`{"level":"info","ts":"` + ts + `","msg":"x"}`)
		return s
	}
	secrets, err := redact.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	together := oneGroup{}
	timeless := line("d", "")
	timeless.Line.Text, timeless.Near = []byte("goroutine 1 [running]:"), time.Date(2026, 11, 20, 10, 0, 1, 0, time.UTC).UnixNano()
	back := line("e", "2026-11-20T10:00:01.000Z") // behind a line of its log that is younger
	back.Key = time.Date(2026, 11, 20, 10, 0, 4, 0, time.UTC).UnixNano()
	h := newMerger([]savedLine{line("b", "2026-11-20T10:00:02.000Z"), line("a", "2026-11-20T10:00:03.000Z"), line("c", "2026-11-20T10:00:02.000Z"), timeless, back}, secrets)
	h.sync(nil, together)
	h.read(together)
	h = newMerger(h.save(), secrets) // stopped before any was handed on
	h.sync(nil, together)
	h.read(together)
	var got string
	for x := h.next(); x != nil; x = h.next() {
		if x.At.Path != x.Source.Name || x.rec.Time == 0 {
			t.Errorf("line of %s: file %q, time %d", x.Source.Name, x.At.Path, x.rec.Time)
		}
		got += x.Source.Name
		h.taken()
		if got == "db" { // stopped again
			h = newMerger(h.save(), secrets)
			h.sync(nil, together)
			h.read(together)
		}
	}
	if got != "dbcae" {
		t.Errorf("got %s", got)
	}
}

// TestRunTakesTurns ships three logs of lines that are an eighth of a turn, in batches of half a
// turn: a batch ends no turn, whether the lane looks at the disk after it or not.
func TestRunTakesTurns(t *testing.T) {
	t.Parallel()
	logs := t.TempDir()
	line := logLine(0, strings.Repeat("x", turnBytes/8-len(logLine(0, ""))+1))
	for _, name := range []string{"helm", "kustomize", "source"} {
		appendFile(t, filepath.Join(logs, name+"-controller.log"), strings.Repeat(line, 20))
	}
	for _, poll := range []time.Duration{time.Nanosecond, time.Hour} {
		a := testAgent(t.TempDir(), logs)
		a.Loki.BatchEntries, a.Poll = 4, poll
		turns := ""
		for _, s := range shipWith(t, a) {
			app := strings.TrimPrefix(s.Labels, `{app="`)[:1]
			if !strings.HasSuffix(turns, app) {
				turns += " "
			}
			turns += app
		}
		if want := strings.Repeat(" hhhhhhhh kkkkkkkk ssssssss", 2) + " hhhh kkkk ssss"; turns != want {
			t.Errorf("looking every %v: got%s, want%s", poll, turns, want)
		}
	}
}

// TestRunKeepsAStreamInOrder ships two logs of one stream, which were written in turn.
func TestRunKeepsAStreamInOrder(t *testing.T) {
	t.Parallel()
	logs := t.TempDir()
	for i := range 40 {
		dir := filepath.Join(logs, fmt.Sprint(i%2))
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		appendFile(t, filepath.Join(dir, "source-controller.log"), logLine(i, "x"))
	}
	got := shipOnce(t, t.TempDir(), logs)
	if len(got) != 40 || !slices.IsSortedFunc(got, func(a, b sent) int { return cmp.Compare(a.Time, b.Time) }) {
		t.Errorf("%d lines, not in order: %v", len(got), got)
	}
}
