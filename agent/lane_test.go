package agent

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/tidwall/gjson"

	"fluxtrail/sinks"
	"fluxtrail/sinks/loki"
	"fluxtrail/sinks/prom"
	"fluxtrail/tail"
)

// sinkFunc is a sink that is a function.
type sinkFunc func(context.Context, []loki.Entry) error

func (f sinkFunc) Send(ctx context.Context, batch []loki.Entry) error { return f(ctx, batch) }

// shipping is a ship lane that runs until it is stopped.
type shipping struct {
	*lane
	stop func() error
}

// startShip starts a ship lane with another Loki. The lane goes on until the result is stopped; call it in a bubble of synctest.
func startShip(t *testing.T, a *assembly, to func(*lane) sinkFunc) shipping {
	t.Helper()
	a.Once = false
	l, err := a.ship()
	if err != nil {
		t.Fatal(err)
	}
	a.status.names = []string{"ship"}
	l.job.(*ship).sink = to(l)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- l.run(ctx, t.Context()) }()
	return shipping{l, func() error { stop(); return <-done }}
}

// logLine is a line as a controller writes it.
func logLine(second int, msg string) string {
	return fmt.Sprintf(`{"level":"info","ts":"2026-11-20T10:%02d:%02d.000Z","msg":%q}`+"\n", second/60, second%60, msg)
}

// TestRunLosesNothingByAKill keeps the state as it is on disk at every delivery, which is what a kill at that moment leaves, and has another agent go
// on from each. It sends what was not delivered before, and nothing else, as it was sent first: also the lines that were read ahead to find the oldest,
// and those that a batch was collected from.
func TestRunLosesNothingByAKill(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir, logs := t.TempDir(), t.TempDir()
		names := []string{"a/source-controller.log", "b/source-controller.log", "helm-controller.log"}
		for _, d := range []string{"a", "b"} {
			if err := os.Mkdir(filepath.Join(logs, d), 0o755); err != nil {
				t.Fatal(err)
			}
		}
		to, states, before := &recorder{}, []string{}, []int{}
		a := testAgent(dir, logs)
		a.Loki.BatchEntries, a.Loki.Wait = 5, time.Second
		run := startShip(t, a, func(*lane) sinkFunc {
			return func(ctx context.Context, batch []loki.Entry) error {
				states, before = append(states, copyState(t, dir)), append(before, len(to.got))
				return to.Send(ctx, batch)
			}
		})
		for i := range 12 {
			for _, name := range names {
				appendFile(t, filepath.Join(logs, name), strings.Repeat(logLine(i, name), (i+1)%4))
			}
			time.Sleep(700 * time.Millisecond)
		}
		time.Sleep(time.Second)
		if err := run.stop(); err != nil || len(to.got) != 3*18 || len(states) < 12 {
			t.Fatalf("%d lines in %d batches: %v", len(to.got), len(states), err)
		}
		order := func(a, b sent) int { return cmp.Or(cmp.Compare(a.Time, b.Time), cmp.Compare(a.Line, b.Line)) }
		for i, state := range states {
			want, again := slices.Clone(to.got[before[i]:]), shipOnce(t, state, logs)
			slices.SortFunc(want, order)
			slices.SortFunc(again, order)
			if diff := gocmp.Diff(want, again); diff != "" {
				t.Fatalf("killed at batch %d of %d, -want +sent:\n%s", i+1, len(states), diff)
			}
		}
	})
}

// copyState is a copy of a state directory.
func copyState(t *testing.T, dir string) string {
	t.Helper()
	to := t.TempDir()
	if err := os.CopyFS(to, os.DirFS(dir)); err != nil {
		t.Error(err)
	}
	return to
}

// TestRunWatchesTheDiskWhileLokiHangs rotates a log again and again while a delivery waits, and deletes the rotations before it is over. Meanwhile the
// metrics tell what was saved: what is sent and not saved is sent again after a crash, and counted then.
func TestRunWatchesTheDiskWhileLokiHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := filepath.Join(t.TempDir(), "source-controller.log")
		to, up := &recorder{}, make(chan bool)
		a := testAgent(t.TempDir(), log)
		run := startShip(t, a, func(l *lane) sinkFunc {
			return func(ctx context.Context, batch []loki.Entry) error {
				l.counters().Sent(len(batch), 0)
				if len(to.got) == 1 {
					l.counters().Retried(sinks.Transient)
					<-up
				}
				return to.Send(ctx, batch)
			}
		})
		for i := range 5 {
			appendFile(t, log, logLine(i, "x"))
			time.Sleep(time.Second)
			if i > 0 {
				if err := os.Rename(log, fmt.Sprintf("%s.20261120-10000%d", log, i)); err != nil {
					t.Error(err)
				}
			}
		}
		time.Sleep(time.Second)
		w := getMetrics(a, "/metrics", a.registry())
		if want := `fluxtrail_sent_lines_total{lane="ship"} 1`; !slices.Contains(strings.Split(w.Body.String(), "\n"), want) {
			t.Error("the metrics do not have", want)
		}
		if a.status.blocked.Load() == nil {
			t.Error("nobody is told that Loki hangs")
		}
		old, _ := filepath.Glob(log + ".*")
		for _, path := range old {
			if err := os.Remove(path); err != nil {
				t.Error(err)
			}
		}
		time.Sleep(time.Second)
		close(up)
		time.Sleep(10 * time.Second)
		if err := run.stop(); err != nil || len(old) != 4 || len(to.got) != 5 || a.status.blocked.Load() != nil {
			t.Errorf("sent %d of 5 lines, with %d rotations: %v", len(to.got), len(old), err)
		}
	})
}

// TestRunForgetsLogsThatAreGone deletes a log, and wants it to be gone from the state when tail.forget_after has passed. A log of the same name that
// comes later is a new one.
func TestRunForgetsLogsThatAreGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir, log := t.TempDir(), filepath.Join(t.TempDir(), "source-controller.log")
		to := &recorder{}
		a := testAgent(dir, log)
		a.Poll = time.Second
		run := startShip(t, a, func(*lane) sinkFunc { return to.Send })
		for i := range 3 {
			appendFile(t, log, logLine(i, "x"))
			time.Sleep(2 * time.Second)
			if err := os.Remove(log); err != nil {
				t.Error(err)
			}
			time.Sleep(a.Follow.ForgetAfter + time.Minute)
			state, err := os.ReadFile(filepath.Join(dir, "ship.json"))
			body := gjson.GetBytes(state, "body")
			if n := body.Get("marks.sources.#").Int() + body.Get("state.heads.#").Int() + int64(len(body.Get("state.job").Map())); err != nil || n != 0 {
				t.Errorf("after log %d: %s %v", i, body.Raw, err)
			}
		}
		if err := run.stop(); err != nil || len(to.got) != 3 {
			t.Errorf("sent %d of 3 lines: %v", len(to.got), err)
		}
	})
}

// TestRunWritesLittleWhileIdle counts how often an agent with nothing to do saves.
func TestRunWritesLittleWhileIdle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir, log := t.TempDir(), filepath.Join(t.TempDir(), "source-controller.log")
		appendFile(t, log, logLine(0, "x"))
		a := testAgent(dir, log)
		a.Poll = time.Second
		run := startShip(t, a, func(*lane) sinkFunc { return (&recorder{}).Send })
		saves, last := 0, int64(0)
		for range 600 {
			time.Sleep(time.Second)
			state, _ := os.ReadFile(filepath.Join(dir, "ship.json"))
			if at := gjson.GetBytes(state, "body.state.agent.SavedAt").Int(); at != last {
				saves, last = saves+1, at
			}
		}
		if err := run.stop(); err != nil || saves < 15 || saves > 25 || a.status.lane("ship").SavedAt.UnixNano() < last {
			t.Errorf("saved %d times in ten minutes: %v", saves, err)
		}
	})
}

// TestRunCountsLosses counts a loss of nobody knows how many lines as one, if there was anything.
func TestRunCountsLosses(t *testing.T) {
	l := &lane{log: slog.New(slog.DiscardHandler), agent: prom.Agent{DroppedLines: map[string]int64{}, DroppedBytes: map[string]int64{}}}
	for _, loss := range []tail.Loss{{Bytes: 10, Lines: -1}, {Lines: -1}, {Bytes: 40, Lines: 4}} {
		loss.Reason = tail.LossDeleted
		l.lose(loss)
	}
	if lines, bytes := l.agent.DroppedLines["deleted"], l.agent.DroppedBytes["deleted"]; lines != 5 || bytes != 50 {
		t.Errorf("%d lines, %d bytes", lines, bytes)
	}
}

// TestRunTellsWhyALaneEnded has Loki fail in a way that is neither an end nor a refusal.
func TestRunTellsWhyALaneEnded(t *testing.T) {
	a := testAgent(t.TempDir(), demoPod(t))
	l, err := a.ship()
	if err != nil {
		t.Fatal(err)
	}
	broken := errors.New("broken")
	l.job.(*ship).sink = sinkFunc(func(context.Context, []loki.Entry) error { return broken })
	if err := l.run(t.Context(), t.Context()); !errors.Is(err, broken) {
		t.Error(err)
	}
}

// TestRunTakesTurns ships three logs of lines that are an eighth of a turn, in batches of half a turn: a batch ends no turn, whether the lane looks at
// the disk after it or not.
func TestRunTakesTurns(t *testing.T) {
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
