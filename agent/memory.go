package agent

import (
	"math"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"sync"
	"time"
)

// memory has the collector work harder while there is time for that and the process is larger than
// it has to be. What a burst of lines, a very long line or a save leaves behind would else stay.
// Any number of goroutines may use it.
type memory struct {
	most int64        // what the container allows
	use  func() usage // what the runtime says

	mu    sync.Mutex // guards what follows: each lane tells what it does
	soft  int64      // what is aimed at now
	busy  time.Time  // when a lane had more to read than a batch last
	deep  time.Time  // when one had more than a backlog
	slack int64      // what is allowed on top, because the collector ran too often

	judged time.Time     // when it was looked whether it does
	spent  time.Duration // what the collector had taken then
	eased  time.Time     // when slack was changed

	garbage int  // how much may be garbage now, in percent of what is in use
	theirs  bool // GOGC says how much, and nothing else does
	spares  int  // who wants less of it
}

// usage is what the process takes.
type usage struct {
	live       int64         // bytes in use at the last collection
	unused     int64         // bytes between them, which only what is as large can use
	collecting time.Duration // CPU time of the collector since the start
}

const (
	// aimedAt is what the process is kept below as long as it holds little itself, without the
	// program: in bytes, as the runtime counts them.
	aimedAt = 34 << 20
	// beside is what the runtime takes beside the heap.
	beside = 8 << 20
	// coarse is the least change that is worth telling the runtime of.
	coarse = 2 << 20
	// calm is how long no lane may have been busy: in a backlog a collector that runs more often
	// would take two fifths more of the CPU.
	calm = time.Second
	// backlog is how many full batches in a row make one that the memory may grow for.
	backlog = 3
	// judgeEvery is how often it is looked what the collector takes.
	judgeEvery = 10 * time.Second
	// tooMuch is the part of a core that it may take before the limit is given up that far.
	tooMuch = 0.05
	// easeFor is how long that holds.
	easeFor = 10 * time.Minute
)

// How much memory may be garbage, in percent of what is in use.
const (
	littleGarbage = 30 // while much is made that is needed for a moment
	someGarbage   = 50
	moreGarbage   = 100 // in a backlog: the collector runs half as often
)

// newMemory returns a memory with the limit that is set now as the most. There may be a backlog.
func newMemory(now time.Time) *memory {
	most := debug.SetMemoryLimit(-1)
	m := &memory{most: most, soft: most, busy: now, use: readUsage, theirs: os.Getenv("GOGC") != ""}
	m.collect(someGarbage)
	return m
}

// fit sets what is aimed at by what was in use at the last collection; nothing in a backlog.
// batches is how many in a row were full for the lane that asks.
// It costs a microsecond. A nil memory does nothing.
func (m *memory) fit(now time.Time, batches int) {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if batches > 0 {
		m.busy, m.judged = now, time.Time{}
	}
	if batches >= backlog {
		m.deep = now
	}
	want, garbage := m.most, someGarbage
	if now.Sub(m.deep) < calm {
		garbage = moreGarbage
	}
	if now.Sub(m.busy) >= calm {
		u := m.use()
		m.judge(now, u)
		want = softLimit(u.live, m.slack, m.most)
	}
	if max(want, m.soft)-min(want, m.soft) >= coarse {
		m.soft = want
		debug.SetMemoryLimit(want)
	}
	m.collect(garbage)
}

// collect has so much garbage be left, or less where somebody wants that.
func (m *memory) collect(garbage int) {
	if m.spares > 0 {
		garbage = littleGarbage
	}
	if garbage != m.garbage && !m.theirs {
		m.garbage = garbage
		debug.SetGCPercent(garbage)
	}
}

// spare has little garbage be left until end is called. A nil memory does nothing.
func (m *memory) spare() (end func()) {
	if m == nil {
		return func() {}
	}
	add := func(n int) {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.spares += n
		m.collect(someGarbage)
	}
	add(1)
	return func() { add(-1) }
}

// judge allows more where the collector runs too often for the limit. Where objects of all sizes
// were let go of here and there, much is neither in use nor free, and counts. What is in use once
// more is the end: beyond it the limit is not what has the collector run.
func (m *memory) judge(now time.Time, u usage) {
	since := now.Sub(m.judged)
	if !m.judged.IsZero() && since < judgeEvery {
		return
	}
	switch spent := u.collecting - m.spent; {
	case m.judged.IsZero():
	case spent.Seconds() > since.Seconds()*tooMuch:
		m.slack, m.eased = min(max(2*m.slack, u.unused), u.live+u.unused), now
	case now.Sub(m.eased) >= easeFor:
		m.slack, m.eased = m.slack/2, now
	}
	m.judged, m.spent = now, u.collecting
}

// readUsage asks the runtime.
func readUsage() usage {
	s := [...]metrics.Sample{
		{Name: "/gc/heap/live:bytes"}, {Name: "/memory/classes/heap/unused:bytes"}, {Name: "/cpu/classes/gc/total:cpu-seconds"},
	}
	metrics.Read(s[:])
	return usage{int64(s[0].Value.Uint64()), int64(s[1].Value.Uint64()), time.Duration(s[2].Value.Float64() * float64(time.Second))}
}

// statePart is which part of a container's limit a compressed state may have: where its texts
// repeat nothing the engine takes four times as much, and the pages that are made of it twice.
const statePart = 16

// largestState is the size of a compressed state that there is room for, 0 for any. A nil memory
// has no limit.
func (m *memory) largestState() int64 {
	if m == nil || m.most == math.MaxInt64 {
		return 0
	}
	return int64(float64(m.most) / heapPart / statePart)
}

// release sets the limit that there was before.
func (m *memory) release() { debug.SetMemoryLimit(m.most) }

// softLimit is the memory in which a heap with so much in use gets along: a limit that is close to
// that would have the collector run all the time.
func softLimit(live, slack, most int64) int64 {
	return min(most, max(aimedAt, live+live/4+beside)+slack)
}
