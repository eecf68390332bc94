package agent

import (
	"math"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"fluxtrail/sinks/loki"
	"fluxtrail/sinks/prom"
)

// TestMemoryFits has the limit follow what the lanes do: none in a backlog, one that leaves room
// when all is read, and that of the container never exceeded. Nothing else may set it meanwhile.
func TestMemoryFits(t *testing.T) {
	before := debug.SetMemoryLimit(math.MaxInt64)
	defer debug.SetMemoryLimit(before)
	limit := func() int64 { return debug.SetMemoryLimit(-1) }
	now := time.Date(2026, 11, 27, 8, 0, 0, 0, time.UTC)
	m := newMemory(now)
	m.fit(now.Add(calm/2), 0)
	if limit() != math.MaxInt64 {
		t.Error("a limit just after the start:", limit())
	}
	m.fit(now.Add(calm), 0)
	if n := limit(); n < aimedAt || n == math.MaxInt64 {
		t.Error("no limit when all is read, or too low a one:", n)
	}
	m.fit(now.Add(2*calm), 1)
	m.fit(now.Add(2*calm), 0)
	if limit() != math.MaxInt64 {
		t.Error("a limit in a backlog:", limit())
	}
	m.fit(now.Add(3*calm), 0)
	m.release()
	if limit() != math.MaxInt64 {
		t.Error("a limit at the end:", limit())
	}
	var none *memory
	none.fit(now, 1)
}

func TestSoftLimit(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ live, most, want int64 }{
		{5 << 20, math.MaxInt64, aimedAt},
		{80 << 20, math.MaxInt64, 108 << 20},
		{80 << 20, 64 << 20, 64 << 20},
		{5 << 20, 20 << 20, 20 << 20},
	} {
		if got := softLimit(c.live, 0, c.most); got != c.want {
			t.Errorf("%d of %d: %d, want %d", c.live, c.most, got, c.want)
		}
	}
}

// TestMemoryGivesWay has a collector that takes too long for its limit, because most of the memory
// is neither in use nor free: the limit is raised, and lowered again slowly. What it takes in a
// backlog does not count. Nothing else may set the limit meanwhile.
func TestMemoryGivesWay(t *testing.T) {
	before := debug.SetMemoryLimit(math.MaxInt64)
	defer debug.SetMemoryLimit(before)
	now := time.Date(2026, 11, 27, 8, 0, 0, 0, time.UTC)
	m, u := newMemory(now), usage{live: 100 << 20, unused: 120 << 20}
	defer m.release()
	m.use = func() usage { return u }
	after := func(pass, collecting time.Duration, busy bool) int64 {
		now, u.collecting = now.Add(pass), u.collecting+collecting
		batches := 0
		if busy {
			batches = 1
		}
		m.fit(now, batches)
		return debug.SetMemoryLimit(-1) >> 20
	}
	for i, step := range []struct {
		pass, collecting time.Duration
		busy             bool
		want             int64
	}{
		{time.Second, 0, false, 133},
		{time.Second, time.Second, false, 133}, // not judged yet
		{judgeEvery, 0, false, 253},
		{judgeEvery, judgeEvery / 100, false, 253},
		{judgeEvery, judgeEvery / 2, false, 353},
		{judgeEvery, judgeEvery / 2, false, 353}, // which is twice what is in use, and the rest
		{time.Second, time.Second, true, math.MaxInt64 >> 20},
		{judgeEvery, judgeEvery, false, 353}, // in the backlog
		{easeFor, 0, false, 243},
		{easeFor, 0, false, 188},
	} {
		if got := after(step.pass, step.collecting, step.busy); got != step.want {
			t.Errorf("step %d: a limit of %d MiB, want %d", i, got, step.want)
		}
	}
}

// TestLongLineInBatch wants no more of a line in the batch than Loki takes, and the cut counted once.
func TestLongLineInBatch(t *testing.T) {
	t.Parallel()
	l, err := testAgent(t.TempDir(), demoPod(t)).ship()
	if err != nil {
		t.Fatal(err)
	}
	l.counts.restore(l.name, prom.Agent{}, 1)
	s := l.job.(*ship)
	s.addLog(source{})
	x := &lookahead{text: []byte(strings.Repeat("x=1 ", 1<<19)), before: &restingPlace{}}
	s.add(x)
	if n := len(s.batch.entries[0].Line); n > loki.DefaultMaxLine || len(s.batch.text) > n+1000 {
		t.Errorf("%d bytes of the line, %d in all", n, len(s.batch.text))
	}
	if l.counts.now.CutLines != 1 {
		t.Error("cut:", l.counts.now.CutLines)
	}
}

// TestGarbage has more garbage be left in a backlog than when all is read, and little while somebody
// wants that. Nothing else may set it meanwhile.
func TestGarbage(t *testing.T) {
	before := debug.SetGCPercent(100)
	defer debug.SetGCPercent(before)
	percent := func() int {
		n := debug.SetGCPercent(100)
		debug.SetGCPercent(n)
		return n
	}
	now := time.Date(2026, 11, 27, 8, 0, 0, 0, time.UTC)
	m := newMemory(now)
	defer m.release()
	m.fit(now, backlog)
	if n := percent(); n != moreGarbage {
		t.Error("in a backlog:", n)
	}
	end := m.spare()
	m.fit(now, backlog)
	if n := percent(); n != littleGarbage {
		t.Error("where little is wanted:", n)
	}
	m.fit(now.Add(calm), 0)
	end()
	if n := percent(); n != someGarbage {
		t.Error("when all is read:", n)
	}
	m.fit(now.Add(calm), backlog-1)
	if n := percent(); n != someGarbage {
		t.Error("with a batch now and then:", n)
	}
	var none *memory
	none.spare()()
}
