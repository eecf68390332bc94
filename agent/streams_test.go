package agent

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"fluxtrail/sinks/loki"
)

// choosy is a Loki that does not take the lines of one app for now. It keeps them, as a loki.Sink
// does.
type choosy struct {
	recorder
	not  string // "" to take all
	kept []loki.Entry
}

func (*choosy) Rest() {}

func (c *choosy) Push(ctx context.Context, batch []loki.Entry) (loki.Waiting, error) {
	var taken, kept []loki.Entry
	w := loki.Waiting{Streams: map[string]bool{}}
	for _, e := range append(c.kept, batch...) {
		if c.not == "" || !strings.Contains(e.Stream.Labels, c.not) {
			taken = append(taken, e)
			continue
		}
		e.Line = []byte(string(e.Line))
		w.Streams[e.Stream.Labels], w.Bytes = true, w.Bytes+len(e.Line)
		kept = append(kept, e)
	}
	c.kept = kept
	return w, c.Send(ctx, taken)
}

// TestStreamThatIsRefusedHoldsUpNoOther writes to two logs while Loki takes the lines of one only.
// The other's arrive. After a crash, and after a stop, the refused lines are read again from where
// they were, with the times that they had.
func TestStreamThatIsRefusedHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		dir, logs := t.TempDir(), t.TempDir()
		helm, source := filepath.Join(logs, "helm-controller.log"), filepath.Join(logs, "source-controller.log")
		write := func(from, to int) {
			for i := from; i < to; i++ {
				for _, log := range []string{helm, source} {
					if err := appendText(log, logLine(i, fmt.Sprint("line ", i))); err != nil {
						t.Error(err)
					}
				}
			}
		}
		to := &choosy{not: `app="helm-controller"`}
		run := func(crash bool) {
			a := testAgent(dir, helm, source)
			a.Once, a.Poll = false, time.Second
			l, err := a.ship()
			if err != nil {
				t.Fatal(err)
			}
			a.status.names = []string{"ship"}
			l.job.(*ship).sink, to.kept = to, nil
			ctx, stop := context.WithCancel(t.Context())
			done := make(chan error, 1)
			go func() { done <- l.run(ctx, ctx) }()
			time.Sleep(time.Minute)
			write(len(to.of("source")), len(to.of("source"))+50)
			time.Sleep(time.Minute)
			if crash {
				dir = copyState(t, dir)
			}
			stop()
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		write(0, 10)
		run(true)
		run(false)
		if n, m := len(to.of("source")), len(to.of("helm")); n != 110 || m != 0 {
			t.Errorf("%d of 110 lines of the one arrived, %d of the other", n, m)
		}
		to.not = ""
		run(true)
		run(false)
		for _, app := range []string{"source", "helm"} {
			seen := map[string]int{}
			for _, line := range to.of(app) {
				seen[line]++
			}
			if len(seen) != 210 || len(to.of(app)) != 210 {
				t.Errorf("%s: %d lines arrived, %d different ones, of 210", app, len(to.of(app)), len(seen))
			}
		}
	})
}

// of are the lines of an app, with their times.
func (c *choosy) of(app string) (out []string) {
	for _, s := range c.got {
		if strings.Contains(s.Labels, app) {
			out = append(out, fmt.Sprint(s.Time, s.Line))
		}
	}
	return out
}
