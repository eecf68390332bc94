package agent

import (
	"cmp"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/tidwall/gjson"

	"fluxtrail/sinks/loki"
	"fluxtrail/sinks/prom"
	"fluxtrail/tail"
)

// TestRunSendsTheSameAfterAKill takes back what was saved, as if the process had been killed
// between sending and saving.
func TestRunSendsTheSameAfterAKill(t *testing.T) {
	t.Parallel()
	dir, pod := t.TempDir(), demoPod(t)
	shipOnce(t, dir, pod)
	appendFile(t, pod, strings.Repeat(firstLine(t, pod), 3)) // three equal lines, in the past
	state, err := os.ReadFile(filepath.Join(dir, "ship.json"))
	if err != nil {
		t.Fatal(err)
	}
	first := shipOnce(t, dir, pod)
	if err := os.WriteFile(filepath.Join(dir, "ship.json"), state, 0o600); err != nil {
		t.Fatal(err)
	}
	second := shipOnce(t, dir, pod)
	if diff := gocmp.Diff(first, second); diff != "" || len(first) != 3 {
		t.Errorf("%d lines, -first +second:\n%s", len(first), diff)
	}
}

// TestRunKeepsDamagedState moves a state file aside that cannot be used, and starts as for the
// first time.
func TestRunKeepsDamagedState(t *testing.T) {
	t.Parallel()
	dir, pod := t.TempDir(), demoPod(t)
	if err := os.WriteFile(filepath.Join(dir, "ship.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := shipOnce(t, dir, pod); len(got) != lineCount(t, pod) {
		t.Errorf("sent %d lines", len(got))
	}
	kept, _ := filepath.Glob(filepath.Join(dir, "ship.json.bad*"))
	if len(kept) != 1 {
		t.Error("kept", kept)
	}
	state, err := os.ReadFile(filepath.Join(dir, "ship.json"))
	if n := gjson.GetBytes(state, "body.state.agent.CheckpointFailures").Int(); err != nil || n != 1 {
		t.Error("counted", n, err)
	}
}

// TestRunStartsAnewWithoutItsJob finds marks, and a line that was not handed on, beside a state of
// streams that cannot be used. Positions are nothing without the state that was reached there: all
// is read again.
func TestRunStartsAnewWithoutItsJob(t *testing.T) {
	t.Parallel()
	dir, pod := t.TempDir(), demoPod(t)
	first := shipOnce(t, dir, pod)
	file := stateDir(dir).File("ship.json")
	marks, _, err := tail.LoadState(file)
	if err != nil {
		t.Fatal(err)
	}
	ready := savedLine{Full: true, Line: tail.Line{Text: []byte("ready")}}
	ready.Source.Name = marks.Sources[0].Name
	_, err = tail.SaveState(file, marks, func(w io.Writer) error {
		return json.NewEncoder(w).Encode(laneState{Ahead: []savedLine{ready}, Job: json.RawMessage("[]")})
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := gocmp.Diff(first, shipOnce(t, dir, pod)); diff != "" {
		t.Error(diff)
	}
}

// TestRunLosesNothingByAKill keeps the state as it is on disk at every delivery, which is what a
// kill at that moment leaves, and has another agent go on from each. It sends what was not
// delivered before, and nothing else, as it was sent first: also the lines that were read ahead to
// find the oldest, and those that a batch was collected from.
func TestRunLosesNothingByAKill(t *testing.T) {
	t.Parallel()
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

// TestRunForgetsLogsThatAreGone deletes a log, and wants it to be gone from the state when
// tail.forget_after has passed. A log of the same name that comes later is a new one.
func TestRunForgetsLogsThatAreGone(t *testing.T) {
	t.Parallel()
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
			if n := body.Get("marks.sources.#").Int() + body.Get("state.ahead.#").Int() + int64(len(body.Get("state.job").Map())); err != nil || n != 0 {
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
	t.Parallel()
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

// shownState is a job that counts how often its state is shown.
type shownState struct {
	job
	states int
}

func (s *shownState) publish(state packed, _ prom.Agent) {
	if state != nil {
		s.states++
	}
}

// TestLaneShowsItsStateSeldom has a state that takes a second to show. It is shown when twenty
// seconds have passed, and at the end; until then something is left to do.
func TestLaneShowsItsStateSeldom(t *testing.T) {
	t.Parallel()
	l, _ := derived(t, testAgent(t.TempDir(), t.TempDir()))
	to := &shownState{job: l.job}
	l.job = to
	if err := l.load(); err != nil {
		t.Fatal(err)
	}
	defer l.input.follow.Close()
	at := l.now()
	l.saving.shown, l.saving.effort = at, time.Second
	for _, c := range []struct {
		after time.Duration
		last  bool
		shown int
	}{{19 * time.Second, false, 0}, {19 * time.Second, true, 1}, {40 * time.Second, false, 1}} {
		to.states, l.saving.dirty, l.saving.effort = 0, false, time.Second
		l.show(c.last, at.Add(c.after), packed("{}"))
		if to.states != c.shown || l.saving.dirty != (c.shown == 0) {
			t.Errorf("after %s: shown %d times, more to do: %v", c.after, to.states, l.saving.dirty)
		}
	}
}
