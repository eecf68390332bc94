package agent

import (
	"runtime/debug"
	"sync/atomic"
	"time"

	"fluxtrail/parse"
)

// What a lane does when nothing happens: memory that was needed goes back to the system, which Go
// alone would keep for minutes, but not after each of a few lines. It does so again and again,
// because looking for logs and saving where they were read take memory too.
const (
	restAfter  = 8                      // deliveries of nothing in a row
	restEvery  = 30 * time.Second       // over all lanes, at most
	restLate   = 45 * time.Second       // whatever the lane does, see settled
	pagesEvery = 500 * time.Millisecond // likewise, for pages of the program
	pagesAfter = 5 * time.Millisecond   // a round that took longer went through much of the program
)

// rest gives memory back while the lane has nothing to do.
func (l *lane) rest() {
	if l.quiet == restAfter {
		l.input.merger.rest()
	}
	if l.quiet < restAfter {
		return
	}
	now, r := l.now(), &l.status.rests
	much := now.Sub(l.input.looked) >= pagesAfter
	if r.memory.due(now, restLate) || l.settled(now) && r.memory.due(now, restEvery) {
		debug.FreeOSMemory()
		much = true
	}
	if much || r.pages.due(now, pagesEvery) {
		l.status.program.Drop()
	}
}

// settled reports whether the lane saved some seconds ago, and so did the other, which began at the
// same time: the next to need memory for that is half a minute away.
func (l *lane) settled(now time.Time) bool {
	since := now.Sub(l.saving.at)
	return since >= 2*time.Second && since < saveAnyway/2
}

// rests is when lanes gave memory back last.
type rests struct{ memory, pages lastTime }

// lastTime is when something was done last, in Unix nanoseconds.
type lastTime struct{ at atomic.Int64 }

// due reports whether that is long enough ago, and takes it that the caller does it now.
func (t *lastTime) due(now time.Time, every time.Duration) bool {
	last := t.at.Load()
	ago := now.UnixNano() - last // less than nothing where the clock was set back
	return (ago < 0 || ago >= int64(every)) && t.at.CompareAndSwap(last, now.UnixNano())
}

// rest lets go of the memory of the last lines, of logs that are at their end.
func (m *merger) rest() {
	for _, x := range m.logs {
		if !x.Full {
			x.text, x.rec = nil, parse.Record{}
		}
	}
}
