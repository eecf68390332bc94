package agent

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestEventsThatCannotBePrinted has more events than may wait, of which small ones still find room
// between large ones, and a writer that refuses all. Each event that is gone is counted, and the
// log tells of them once a minute.
func TestEventsThatCannotBePrinted(t *testing.T) {
	t.Parallel()
	large, small := []byte(strings.Repeat("x", 1<<20)+"\n"), []byte("x\n")
	for name, c := range map[string]struct {
		out  func(*outbox, *unprinted)
		want int64
	}{
		"nobody reads": {func(b *outbox, u *unprinted) {
			for range 4 {
				for _, line := range [][]byte{large, large, small} {
					if _, err := b.Write(line); err != nil {
						u.add(1, err)
					}
				}
			}
		}, 5},
		"a full disk": {func(b *outbox, u *unprinted) {
			for range 100 {
				if _, err := b.Write(small); err != nil {
					t.Error(err)
				}
			}
			b.end()
			b.print(refusing{}, u.add)
		}, 100},
	} {
		synctest.Test(t, func(t *testing.T) {
			var log bytes.Buffer
			n := int64(0)
			u := &unprinted{count: func(events int64) { n += events }, log: slog.New(slog.NewTextHandler(&log, nil)), now: time.Now}
			c.out(newOutbox(time.Now), u)
			if told := strings.Count(log.String(), "cannot print"); n != c.want || told != 1 {
				t.Errorf("%s: %d events counted, told of %d times: %s", name, n, told, &log)
			}
			time.Sleep(tellEvery)
			u.add(1, io.ErrShortWrite)
			if last := fmt.Sprint("events=", c.want); !strings.Contains(log.String(), last) {
				t.Errorf("%s: want %s: %s", name, last, &log)
			}
		})
	}
}

// refusing is an output that takes nothing, as a file on a full disk.
type refusing struct{}

func (refusing) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

// TestRefusedEventsAreCounted runs the lane with an output that takes nothing.
func TestRefusedEventsAreCounted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		dir, log := t.TempDir(), filepath.Join(t.TempDir(), "kustomize-controller.log")
		opt := testOptions(dir, log)
		opt.Once, opt.Poll = false, time.Second
		a := newAssembly(opt, stateDir(dir), nil, time.Now)
		l, _ := derived(t, a)
		l.job.(*trail).out = a.events
		go a.events.print(refusing{}, a.unprinted.add)
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- l.run(ctx, ctx) }()
		for i := range 3 {
			if err := appendText(log, kustomization(time.Now(), fmt.Sprint("app-", i), failed)); err != nil {
				t.Error(err)
			}
			time.Sleep(10 * time.Minute)
		}
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if n := l.counts.droppedLines()["unprinted"]; n < 3 {
			t.Errorf("%d events are counted", n)
		}
		a.events.end()
	})
}
