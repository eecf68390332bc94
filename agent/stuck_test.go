package agent

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// TestReadyzTellsOfALaneThatHangs has a lane begin something that takes hours.
func TestReadyzTellsOfALaneThatHangs(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name  string
		doing string
		ago   time.Duration
		block *blocked
		want  string
	}{
		{"works", reading, time.Second, nil, "ready\n"},
		{"hangs in a line", reading, 2 * time.Hour, nil, "trail: the lane hangs: reading since 2026-11-20T08:00:00Z\n"},
		{"hangs on the disk", savingIt, 2 * time.Hour, nil, "trail: the lane hangs: saving since 2026-11-20T08:00:00Z\n"},
		{"waits for Loki", delivering, 30 * time.Minute, &blocked{now, "transient"}, "ready\n"},
		{"delivers to nobody", delivering, 30 * time.Minute, nil, "trail: the lane hangs: delivering since 2026-11-20T09:30:00Z\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			clock := now
			a := newAssembly(testOptions(""), nil, nil, func() time.Time { return clock })
			a.status.names = []string{"trail"}
			a.status.publish(&laneStatus{})
			l := &laneStatus{}
			l.Name, l.Running = "trail", true
			a.status.publish(l)
			clock = now.Add(-c.ago)
			a.status.step("trail", c.doing)
			clock = now
			a.status.blocked.Store(c.block)
			if w := get(t, a, "/readyz"); w.Body.String() != c.want || (w.Code == 200) != (c.want == "ready\n") {
				t.Errorf("%d %q, want %q", w.Code, w.Body, c.want)
			}
		})
	}
}

// hangs is a job that never ends a delivery.
type hangs struct {
	job
	free chan struct{}
}

func (h *hangs) deliver(context.Context, time.Time, bool) (bool, error) {
	<-h.free
	return false, nil
}

// TestStopsWhateverBlocks tells an agent to stop whose lane hangs in something that nobody can
// interrupt.
func TestStopsWhateverBlocks(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := testAgent(t.TempDir(), filepath.Join(t.TempDir(), "kustomize-controller.log"))
		a.Once = false
		l, _ := derived(t, a)
		free := make(chan struct{})
		l.job = &hangs{l.job, free}
		ctx, stop := context.WithCancel(t.Context())
		hard, cancel := grace(ctx, 10*time.Second)
		defer cancel()
		time.AfterFunc(time.Minute, stop)
		began := time.Now()
		err := within(hard, func() error { return runLanes(ctx, hard, []*lane{l}) }, a.status.running)
		var stuck *StuckError
		if !errors.As(err, &stuck) || !strings.Contains(err.Error(), "trail (delivering)") {
			t.Error("stopped with", err)
		}
		if took := time.Since(began); took != time.Minute+10*time.Second+lastMoment {
			t.Error("stopped after", took)
		}
		close(free)
		synctest.Wait() // the lane saves once more, into a directory that goes with the test
	})
}

// TestOutputThatNobodyReads has incidents open while standard output is a pipe that is full. The
// lane goes on, readiness says why, the events are saved, and printed by the next process.
func TestOutputThatNobodyReads(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		dir, log := t.TempDir(), filepath.Join(t.TempDir(), "kustomize-controller.log")
		opt := testOptions(dir, log)
		opt.Once, opt.Poll = false, time.Second
		a := newAssembly(opt, stateDir(dir), nil, time.Now)
		l, _ := derived(t, a)
		l.job.(*trail).out = a.events
		unread, full := io.Pipe()
		go a.events.print(full, func(int, error) {})
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- l.run(ctx, ctx) }()
		for _, name := range []string{"a", "b", "c"} {
			if err := appendText(log, kustomization(time.Now(), name, failed)); err != nil {
				t.Error(err)
			}
			time.Sleep(10 * time.Minute)
		}
		if w := get(t, a, "/readyz"); !strings.Contains(w.Body.String(), "nobody reads the events on standard output since") {
			t.Errorf("ready: %d %s", w.Code, w.Body)
		}
		if w := get(t, a, "/api/v1/incidents"); strings.Count(w.Body.String(), `"error_first"`) != 3 {
			t.Errorf("incidents: %s", w.Body)
		}
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
		go io.Copy(io.Discard, unread)
		synctest.Wait()

		next := testAgent(dir, log)
		again, told := derived(t, next)
		if err := again.run(t.Context(), t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := bytes.Count(told.Bytes(), []byte(`"msg":"incident opened"`)); n != 3 {
			t.Errorf("%d of 3 events were printed after the restart: %s", n, told)
		}
		a.events.end()
		unread.Close()
	})
}

// TestOutboxIsBounded adds events that nobody reads.
func TestOutboxIsBounded(t *testing.T) {
	t.Parallel()
	b, line := newOutbox(time.Now), append(bytes.Repeat([]byte{'x'}, 1<<20-1), '\n')
	for i := range 6 {
		if _, err := b.Write(line); (err != nil) != (i >= 4) {
			t.Errorf("line %d: %v", i, err)
		}
	}
}

// TestPrinterCountsWhatIsNotTaken prints many events at once to an outbox with little room. Those
// that fit are kept, each as a line; the others are counted.
func TestPrinterCountsWhatIsNotTaken(t *testing.T) {
	t.Parallel()
	const room, events = 20_000, 100
	b, lost := newOutbox(time.Now), 0
	b.size = maxUnprinted - room
	p := printer{out: b, refused: func(n int, _ error) { lost += n }}
	event := printed(fmt.Sprintf(`{"text": "%0300d"}`, 7))
	for range events {
		p.print(event)
	}
	p.flush()
	line := string(event.AppendJSON(nil))
	want := room / (len(line) + 1)
	kept := b.unprinted()
	for _, one := range kept {
		if string(one) != line {
			t.Errorf("kept %s", one)
		}
	}
	if len(kept) != want || lost != events-want {
		t.Errorf("kept %d, lost %d of %d", len(kept), lost, events)
	}
	var out bytes.Buffer
	b.end()
	b.print(&out, func(int, error) {})
	if n := strings.Count(out.String(), line+"\n"); n != want || out.Len() != want*(len(line)+1) {
		t.Errorf("printed %d", n)
	}
}

// tellsLines sends what is logged to a channel.
type tellsLines chan string

func (c tellsLines) Write(b []byte) (int, error) {
	c <- string(b)
	return len(b), nil
}

// TestHangUpDoesNotKill sends the test its own SIGHUP.
func TestHangUpDoesNotKill(t *testing.T) {
	lines := make(tellsLines, 1)
	stop := refuseReload(slog.New(slog.NewTextHandler(lines, nil)))
	defer stop()
	if err := syscall.Kill(os.Getpid(), syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	if line := <-lines; !strings.Contains(line, "SIGHUP does nothing") {
		t.Error(line)
	}
}

// TestSlowReaderGetsAll adds far more events than wait, for a reader who is slow but reads: none is
// lost. One who stops holds the lane up once, and who goes on has what comes then.
func TestSlowReaderGetsAll(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newOutbox(time.Now)
		line := []byte(strings.Repeat("x", 1023) + "\n")
		read := 0
		var stop atomic.Bool
		var reading sync.WaitGroup
		reading.Go(func() {
			b.print(writerFunc(func(p []byte) (int, error) {
				time.Sleep(stuckAfter / 2)
				for stop.Load() {
					time.Sleep(time.Second)
				}
				read += len(p)
				return len(p), nil
			}), func(int, error) { t.Error("refused") })
		})
		const lines = 3 * maxUnprinted / 1024
		for range lines {
			if _, err := b.Write(line); err != nil {
				t.Fatal(err)
			}
		}
		stop.Store(true)
		at, refused := time.Now(), 0
		for range 100 {
			if _, err := b.Write(line); err != nil {
				refused++
			}
		}
		if held := time.Since(at); refused < 90 || held < stuckAfter || held > 2*stuckAfter {
			t.Errorf("%d refused, held up for %s", refused, held)
		}
		stop.Store(false)
		time.Sleep(2 * time.Second)
		if _, err := b.Write(line); err != nil {
			t.Error(err)
		}
		b.end()
		reading.Wait()
		if want := (lines + 101 - refused) * len(line); read != want {
			t.Errorf("%d bytes were read, want %d", read, want)
		}
	})
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }
