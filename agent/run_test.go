package agent

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/tidwall/gjson"

	"fluxtrail/api"
	"fluxtrail/replay"
	"fluxtrail/sinks"
	"fluxtrail/sinks/loki"
	"fluxtrail/sinks/prom"
	"fluxtrail/sinks/report"
	"fluxtrail/tail"
)

// TestRunTellsWhatReplayTells holds the agent against replay: the same logs are the same incidents,
// byte for byte. That holds for an agent that ends, and for one that has gone on and looks back,
// also after a restart.
func TestRunTellsWhatReplayTells(t *testing.T) {
	stories, err := filepath.Glob("../../shared/data/stories/*/pods")
	if err != nil || len(stories) == 0 {
		t.Log("the recorded stories are not here: the demo alone is compared")
	}
	for _, pods := range append(stories, demoPods) {
		t.Run(filepath.Base(filepath.Dir(pods)), func(t *testing.T) { tellsWhatReplayTells(t, pods) })
	}
}

func tellsWhatReplayTells(t *testing.T, pods string) {
	var want bytes.Buffer
	err := replay.Run(t.Context(), replay.Options{Paths: []string{pods}, Transitions: true, Durations: true}, func(_ context.Context, rep *api.Report) error {
		form, _ := report.FormNamed("json")
		return form.Write(&want, rep, report.Look{})
	})
	if err != nil {
		t.Fatal(err)
	}
	replayed, dir, at := elements(want.String(), "incidents"), "", ""
	for i, once := range []bool{true, true, false, false} {
		if i%2 == 0 {
			dir = t.TempDir()
		}
		a := testAgent(dir, pods)
		a.Once = once
		l, err := a.trail()
		if err != nil {
			t.Fatal(err)
		}
		a.status.names = []string{"trail"}
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		idle := &untilIdle{job: l.job, stop: stop}
		if !once {
			l.job = idle
		}
		if err := l.run(ctx, ctx); err != nil {
			t.Fatal(err)
		}
		got := get(t, a, "/api/v1/incidents?at=last").Body.String()
		if diff := cmp.Diff(replayed, elements(got, "incidents")); diff != "" || len(replayed) == 0 {
			t.Errorf("once is %v, -replay +run:\n%s", once, diff)
		}
		if was := at; i > 0 && was != gjson.Get(got, "at").String() {
			t.Errorf("once is %v: the last record was at %s, in the run before at %s", once, gjson.Get(got, "at"), was)
		}
		at = gjson.Get(got, "at").String()
		if !once && idle.rests < 2 {
			t.Error("the clock was never the wall's")
		}
	}
}

// TestRunOverClockJumps has the clock go forward by a day and back again, and back by an hour,
// while lines are written and files rotated. Every line is sent once, also after a restart, and
// once the clock is right nothing is silent that is not.
func TestRunOverClockJumps(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		dir, log := t.TempDir(), filepath.Join(t.TempDir(), "kustomize-controller.log")
		var wrong atomic.Int64
		a := testAgent(dir, log)
		a.Once, a.Poll = false, time.Second
		a.status.names = []string{"ship", "trail"}
		sending, err := a.ship()
		if err != nil {
			t.Fatal(err)
		}
		deriving, err := a.trail()
		if err != nil {
			t.Fatal(err)
		}
		deriving.job = &wrongClock{deriving.job, &wrong}
		to := &recorder{}
		sending.job.(*ship).sink = to
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- runLanes(ctx, ctx, []*lane{sending, deriving}) }()
		silent := map[time.Duration]bool{}
		for i, jump := range []time.Duration{0, 24 * time.Hour, 0, -time.Hour, 0} {
			wrong.Store(int64(jump))
			if err := appendText(log, kustomization(time.Now(), "a", went)); err != nil {
				t.Error(err)
			}
			time.Sleep(time.Minute)
			silent[jump] = strings.Contains(get(t, a, "/api/v1/objects").Body.String(), `"status":"silent"`)
			if err := os.Rename(log, fmt.Sprintf("%s.%d", log, 5-i)); err != nil {
				t.Error(err)
			}
		}
		stop()
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		if again := shipOnce(t, dir, log); len(to.got) != 5 || len(again) != 0 {
			t.Errorf("sent %d of 5 lines, and %d again", len(to.got), len(again))
		}
		if !silent[24*time.Hour] || silent[0] || silent[-time.Hour] {
			t.Error("silent by", silent)
		}
	})
}

// TestRunStopsWhileLokiHangs tells the agent to stop while nothing is accepted. It waits for the
// grace, ends without an error, and its marks are still before the batch.
func TestRunStopsWhileLokiHangs(t *testing.T) {
	t.Parallel()
	dir, pod := t.TempDir(), demoPod(t)
	synctest.Test(t, func(t *testing.T) {
		a := testAgent(dir, pod)
		l, err := a.ship()
		if err != nil {
			t.Fatal(err)
		}
		a.status.names = []string{"ship"}
		l.job.(*ship).sink = &recorder{fail: func(ctx context.Context) error {
			<-ctx.Done()
			return context.Cause(ctx)
		}}
		ctx, stop := context.WithCancel(t.Context())
		hard, cancel := grace(ctx, 10*time.Second)
		defer cancel()
		ended := make(chan error)
		go func() { ended <- l.run(ctx, hard) }()
		synctest.Wait()
		time.Sleep(time.Second)
		if lag := a.status.lane("ship").targets[0]; lag.LagBytes < fileSize(t, pod)/2 || lag.WaitingSince == "" {
			t.Errorf("nothing is delivered, and %d bytes wait since %q", lag.LagBytes, lag.WaitingSince)
		}
		start := time.Now()
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if d := time.Since(start); d != 10*time.Second {
			t.Errorf("stopped after %v", d)
		}
	})
	if got := shipOnce(t, dir, pod); len(got) != lineCount(t, pod) {
		t.Errorf("then sent %d of %d lines", len(got), lineCount(t, pod))
	}
}

// TestRunGoesOnAfterRefusals takes a refusal for an end of the batch: it was counted, and must not
// be sent for ever.
func TestRunGoesOnAfterRefusals(t *testing.T) {
	t.Parallel()
	a := testAgent(t.TempDir(), demoPod(t))
	l, err := a.ship()
	if err != nil {
		t.Fatal(err)
	}
	a.status.names = []string{"ship"}
	calls := 0
	l.job.(*ship).sink = &recorder{fail: func(context.Context) error {
		calls++
		return sinks.Permanent(errors.New("no"))
	}}
	if err := l.run(t.Context(), t.Context()); err != nil || calls != 1 {
		t.Error(calls, err)
	}
}

// TestRunCountsWhatItLeavesOut starts at the end of a log.
func TestRunCountsWhatItLeavesOut(t *testing.T) {
	t.Parallel()
	a := testAgent(t.TempDir(), demoPod(t))
	a.Follow.From = tail.FromEnd
	var said bytes.Buffer
	a.Log = slog.New(slog.NewTextHandler(&said, nil))
	l, err := a.trail()
	if err != nil {
		t.Fatal(err)
	}
	a.status.names = []string{"trail"}
	if err := l.run(t.Context(), t.Context()); err != nil {
		t.Fatal(err)
	}
	if l.counts.now.DroppedBytes["skipped"] == 0 || strings.Count(said.String(), "part of a log was not delivered") != 1 {
		t.Error(l.counts.now.DroppedBytes, said.String())
	}
}

// TestRunServesUntilItIsStopped runs the whole agent, and stops it as a signal does.
func TestRunServesUntilItIsStopped(t *testing.T) {
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := free.Addr().String()
	_ = free.Close() // another process could take it now; then the test fails and says so
	opt := offline(t.TempDir())
	opt.Once, opt.Listen = false, addr
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- Run(ctx, opt); stop() }()
	metrics := ""
	for !strings.Contains(metrics, "fluxtrail_lines_total{") && ctx.Err() == nil {
		if resp, err := http.Get("http://" + addr + "/metrics"); err == nil {
			body, _ := io.ReadAll(resp.Body)
			_ = resp.Body.Close()
			metrics = string(body)
		}
	}
	for _, want := range []string{"go_goroutines", "process_open_fds", "fluxtrail_build_info", `fluxtrail_incidents_total{`, `fluxtrail_sent_lines_total{lane="trail"}`} {
		if !strings.Contains(metrics, want) {
			t.Errorf("/metrics has no %s", want)
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// TestRunWatchesTheDiskWhileLokiHangs rotates a log again and again while a delivery waits, and
// deletes the rotations before it is over. Meanwhile the metrics tell what was saved: what is sent
// and not saved is sent again after a crash, and counted then.
func TestRunWatchesTheDiskWhileLokiHangs(t *testing.T) {
	t.Parallel()
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

// TestRunCountsLosses counts a loss of nobody knows how many lines as one, if there was anything.
func TestRunCountsLosses(t *testing.T) {
	t.Parallel()
	var c counts
	c.restore("ship", prom.Agent{}, 1)
	for _, loss := range []tail.Loss{{Bytes: 10, Lines: -1}, {Lines: -1}, {Bytes: 40, Lines: 4}} {
		loss.Reason = tail.LossDeleted
		c.lost(loss)
	}
	if lines, size := c.now.DroppedLines["deleted"], c.now.DroppedBytes["deleted"]; lines != 5 || size != 50 {
		t.Errorf("%d lines, %d bytes", lines, size)
	}
}

// TestRunTellsWhyALaneEnded has Loki fail in a way that is neither an end nor a refusal.
func TestRunTellsWhyALaneEnded(t *testing.T) {
	t.Parallel()
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
