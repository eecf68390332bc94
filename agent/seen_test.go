package agent

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"fluxtrail/sinks/loki"
	"fluxtrail/tail"
)

// TestKilledDuringAnOutage has Loki away while a log is rotated, and kills the agent. The rotations
// that it held open are gone: at the next start each of them is counted, to the byte. The others are
// sent once.
func TestKilledDuringAnOutage(t *testing.T) {
	t.Parallel()
	for _, delivered := range []int{1, 0} {
		for _, refuses := range []bool{true, false} {
			t.Run(fmt.Sprintf("%d delivered before, refuses %v", delivered, refuses), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) { killedDuringAnOutage(t, delivered, &away{refuses: refuses}) })
			})
		}
	}
}

// away is a Loki that can go away: then it hangs, or refuses all.
type away struct {
	recorder
	refuses, gone bool
	waiting       loki.Waiting
}

func (a *away) Push(ctx context.Context, batch []loki.Entry) (loki.Waiting, error) {
	switch {
	case !a.gone:
		return a.recorder.Push(ctx, batch)
	case !a.refuses:
		<-ctx.Done()
		return loki.Waiting{}, ctx.Err()
	case len(batch) > 0:
		a.waiting = loki.Waiting{Streams: map[string]bool{batch[0].Stream.Labels: true}, Bytes: 1, Next: time.Now().Add(time.Hour)}
	}
	return a.waiting, nil
}

func killedDuringAnOutage(t *testing.T, delivered int, to *away) {
	dir, log := t.TempDir(), filepath.Join(t.TempDir(), "flux-system_kustomize-controller-6d4cf56db6-x2x20_1", "manager", "0.log")
	if err := os.MkdirAll(filepath.Dir(log), 0o755); err != nil {
		t.Fatal(err)
	}
	a := testAgent(dir, filepath.Dir(filepath.Dir(filepath.Dir(log))))
	a.Once = false
	a.status.names = []string{"ship"}
	l, err := a.ship()
	if err != nil {
		t.Fatal(err)
	}
	l.job.(*ship).sink = to
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- l.run(ctx, ctx) }()
	var rotated []string
	for i := range 5 {
		if i == delivered {
			to.gone = true
		}
		line := time.Now().UTC().Format(time.RFC3339Nano) + " stderr F " + kustomization(time.Now(), "a", went)
		if err := appendText(log, line); err != nil {
			t.Error(err)
		}
		time.Sleep(6 * time.Second)
		rotated = append(rotated, fmt.Sprintf("%s.20261127-1000%02d", log, i))
		if err := os.Rename(log, rotated[i]); err != nil {
			t.Error(err)
		}
	}
	state, err := os.ReadFile(filepath.Join(dir, "ship.json"))
	if err != nil {
		t.Error(err)
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
	var bytes int64
	for _, path := range rotated[:3] {
		info, err := os.Stat(path)
		if err != nil || os.Remove(path) != nil {
			t.Fatal(path, err)
		}
		bytes += info.Size()
	}
	if err := os.WriteFile(filepath.Join(dir, "ship.json"), state, 0o600); err != nil {
		t.Fatal(err)
	}
	again := testAgent(dir, filepath.Dir(filepath.Dir(filepath.Dir(log))))
	again.status.names = []string{"ship"}
	if l, err = again.ship(); err != nil {
		t.Fatal(err)
	}
	sent := &recorder{}
	l.job.(*ship).sink = sent
	if err := l.run(t.Context(), t.Context()); err != nil {
		t.Fatal(err)
	}
	kept := 0
	if to.refuses {
		kept = 1 // the line that waits is in the state
	}
	if len(to.got) != delivered || len(sent.got) != 2+kept {
		t.Errorf("sent %d lines and then %d", len(to.got), len(sent.got))
	}
	if got, want := l.counts.now.DroppedBytes["deleted"], bytes*int64(3-delivered-kept)/3; got != want {
		t.Errorf("%d bytes lost, want %d", got, want)
	}
	if got := l.counts.now.LostParts["deleted"]; int(got) < 3-delivered-kept {
		t.Errorf("%d files lost", got)
	}
}

// TestTogether makes one of the losses of one log that are missed at once.
func TestTogether(t *testing.T) {
	t.Parallel()
	at := func(n int64) time.Time { return time.Unix(n, 0) }
	loss := func(source string, why tail.LossReason, n int64) tail.Loss {
		return tail.Loss{Source: source, Path: fmt.Sprint(source, n), Reason: why, Bytes: n, Lines: n, From: at(n), To: at(n + 1)}
	}
	unknown := loss("a", tail.LossDeleted, 4)
	unknown.Lines, unknown.AtLeast = -1, true
	got := together([]tail.Loss{
		loss("a", tail.LossDeleted, 1), loss("a", tail.LossDeleted, 2), loss("a", tail.LossHeld, 3), loss("a", tail.LossHeld, 3),
		loss("a", tail.LossDeleted, 3), unknown, loss("a", tail.LossDeleted, 9), loss("b", tail.LossDeleted, 5),
	})
	want := []tail.Loss{
		{Source: "a", Path: "a2", Reason: tail.LossDeleted, Bytes: 3, Lines: 3, Logs: 2, From: at(1), To: at(3)},
		loss("a", tail.LossHeld, 3), loss("a", tail.LossHeld, 3),
		{Source: "a", Path: "a9", Reason: tail.LossDeleted, Bytes: 16, Lines: -1, Logs: 3, AtLeast: true, From: at(3), To: at(10)},
		loss("b", tail.LossDeleted, 5),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got := together(nil); len(got) > 0 || strings.TrimSpace(fmt.Sprint(got)) != "[]" {
		t.Error(got)
	}
}
