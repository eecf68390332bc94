package agent

import (
	"runtime/debug"
	"runtime/metrics"
	"sync"
	"time"
)

// memory has the collector work harder while there is time for that and the process is larger than
// it has to be. What a burst of lines, a very long line or a save leaves behind would else stay.
// Any number of goroutines may use it.
type memory struct {
	most int64 // what the container allows

	mu   sync.Mutex // guards what follows
	soft int64      // what is aimed at now
	busy time.Time  // when a lane had more to read than a batch last
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
)

// newMemory returns a memory with the limit that is set now as the most. There may be a backlog.
func newMemory(now time.Time) *memory {
	most := debug.SetMemoryLimit(-1)
	return &memory{most: most, soft: most, busy: now}
}

// fit sets what is aimed at by what was in use at the last collection; nothing in a backlog.
// It costs a microsecond. A nil memory does nothing.
func (m *memory) fit(now time.Time, busy bool) {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if busy {
		m.busy = now
	}
	want := m.most
	if now.Sub(m.busy) >= calm {
		live := [1]metrics.Sample{{Name: "/gc/heap/live:bytes"}}
		metrics.Read(live[:])
		want = softLimit(int64(live[0].Value.Uint64()), m.most)
	}
	if max(want, m.soft)-min(want, m.soft) >= coarse {
		m.soft = want
		debug.SetMemoryLimit(want)
	}
}

// release sets the limit that there was before.
func (m *memory) release() { debug.SetMemoryLimit(m.most) }

// softLimit is the memory in which a heap with so much in use gets along: a limit that is close to
// that would have the collector run all the time.
func softLimit(live, most int64) int64 {
	return min(most, max(aimedAt, live+live/4+beside))
}
