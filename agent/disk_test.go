package agent

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fluxtrail/sinks/loki"
)

// TestStateIsWrittenInProportion wants large states to be written seldom: trail does not write
// more than 10 GB a day, with some 1,000 to 20,000 objects.
func TestStateIsWrittenInProportion(t *testing.T) {
	t.Parallel()
	const perDay = 10e9
	for _, c := range []struct {
		size int64
		cost time.Duration
		ship bool
		want time.Duration
	}{
		{10 << 10, time.Millisecond, false, time.Second},
		{100 << 10, time.Millisecond, false, time.Second},
		{192 << 10, time.Millisecond, false, 2 * time.Second},
		{2 << 20, 100 * time.Millisecond, false, 21333333333},
		{20 << 20, 2 * time.Second, false, maxUnshown},
		{100, 2 * time.Second, false, saveAnyway},
		{10 << 10, time.Millisecond, true, 20 * time.Millisecond},
		{96 << 10, time.Millisecond, true, 20 * time.Millisecond},
		{192 << 10, time.Millisecond, true, 2 * time.Second},
		{20 << 20, time.Millisecond, true, maxUnsaved},
	} {
		l := &lane{cfg: laneConfig{every: time.Second, waits: c.ship}, saving: saving{size: c.size, cost: c.cost}}
		got := l.between()
		if got != c.want {
			t.Errorf("%d bytes in %s, ship is %v: saved again after %s, want %s", c.size, c.cost, c.ship, got, c.want)
		}
		if day := float64(c.size) * float64(24*time.Hour) / float64(got); day > perDay && !c.ship && c.size < 5<<20 && c.size > smallState {
			t.Errorf("%d bytes: %.0f GB a day", c.size, day/1e9)
		}
	}
}

// TestStateOfManyObjectsIsSmall wants less than a kilobyte for an object that fails, and all of it
// after a restart.
func TestStateOfManyObjectsIsSmall(t *testing.T) {
	t.Parallel()
	const objects = 500
	dir, log := t.TempDir(), filepath.Join(t.TempDir(), "kustomize-controller.log")
	var lines strings.Builder
	at := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
	for i := range 3 * objects {
		lines.WriteString(kustomization(at.Add(time.Duration(i)*time.Second), fmt.Sprint("app-", i%objects), failed))
	}
	if err := appendText(log, lines.String()); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		a := testAgent(dir, log)
		l, _ := derived(t, a)
		if err := l.run(t.Context(), t.Context()); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(filepath.Join(dir, "trail.json"))
		if err != nil || info.Size() > objects<<10 || l.saving.size < info.Size()/2 {
			t.Errorf("state of %d bytes, %d were counted: %v", info.Size(), l.saving.size, err)
		}
		if n := strings.Count(get(t, a, "/api/v1/incidents").Body.String(), `"error_first"`); n != objects {
			t.Errorf("%d of %d incidents are known", n, objects)
		}
	}
}

// TestReadsAheadWithinItsBudget has many logs of long lines. No more is in memory than is allowed,
// and all lines arrive.
func TestReadsAheadWithinItsBudget(t *testing.T) {
	t.Parallel()
	const logs, lines, size = 30, 3, 512 << 10
	dir := t.TempDir()
	for i := range logs {
		var text strings.Builder
		for j := range lines {
			text.WriteString(logLine(j, fmt.Sprintf("%d-%d-%s", i, j, strings.Repeat("x", size))))
		}
		appendFile(t, filepath.Join(dir, fmt.Sprintf("helm-controller-%02d.log", i)), text.String())
	}
	a := testAgent(t.TempDir(), dir)
	a.InFlight, a.Loki.MaxLine = 4<<20, 1<<20
	l, err := a.ship()
	if err != nil {
		t.Fatal(err)
	}
	a.status.names = []string{"ship"}
	sent := 0
	l.job.(*ship).sink = sinkFunc(func(_ context.Context, batch []loki.Entry) error {
		held := 0
		for _, x := range l.input.merger.logs {
			if x.Full {
				held += len(x.text)
			}
		}
		if held > a.InFlight/4+2*size || held != l.input.merger.ahead {
			t.Errorf("%d bytes are read ahead, %d were counted", held, l.input.merger.ahead)
		}
		sent += len(batch)
		return nil
	})
	if err := l.run(t.Context(), t.Context()); err != nil {
		t.Fatal(err)
	}
	if sent != logs*lines {
		t.Errorf("%d of %d lines were sent", sent, logs*lines)
	}
}

// TestLongLinesAreLetGo wants the memory of a long line to be free once it was handed on: of many
// logs it would add up.
func TestLongLinesAreLetGo(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for i := range 4 {
		appendFile(t, filepath.Join(dir, fmt.Sprintf("helm-controller-%d.log", i)), logLine(i, strings.Repeat("x", 512<<10)))
	}
	a := testAgent(t.TempDir(), dir)
	l, err := a.ship()
	if err != nil {
		t.Fatal(err)
	}
	a.status.names = []string{"ship"}
	l.job.(*ship).sink = &recorder{}
	if err := l.run(t.Context(), t.Context()); err != nil {
		t.Fatal(err)
	}
	for name, x := range l.input.merger.logs {
		if cap(x.text) > longLine || len(x.live.Line().Text) > longLine {
			t.Errorf("%s holds %d and %d bytes", name, cap(x.text), len(x.live.Line().Text))
		}
	}
}

// TestYoungLaneSavesSoon has a lane save what it reads in its first seconds, whatever the state's
// size: it may not live for longer.
func TestYoungLaneSavesSoon(t *testing.T) {
	t.Parallel()
	born := time.Date(2026, 11, 27, 0, 0, 0, 0, time.UTC)
	l := &lane{cfg: laneConfig{every: time.Second}, saving: saving{born: born, at: born, size: 10 << 20, cost: 50 * time.Millisecond, dirty: true}}
	if got := l.due(born.Add(young - 1)); got != 500*time.Millisecond {
		t.Errorf("young: %v", got)
	}
	l.saving.at = born.Add(700 * time.Millisecond)
	if got := l.due(born.Add(young - 1)); got != 1400*time.Millisecond {
		t.Errorf("young, again: %v", got)
	}
	if got := l.due(born.Add(young)); got != maxUnshown {
		t.Errorf("grown up: %v", got)
	}
	if l.saving.dirty = false; l.due(born) < saveAnyway {
		t.Error("with nothing to save")
	}
}
