package agent

import (
	"runtime/debug"
	"sync/atomic"
	"time"

	"fluxtrail/parse"
	"fluxtrail/resident"
)

// What a lane does when nothing happens: memory that was needed goes back to the system, which Go
// alone would keep for minutes, but not after each of a few lines. It does so again and again,
// because looking for logs and saving where they were read take memory too.
const (
	restAfter = 8                // deliveries of nothing in a row
	restEvery = 30 * time.Second // over all lanes, at most
)

// rest gives memory back while the lane has nothing to do.
func (l *lane) rest() {
	if l.quiet == restAfter {
		l.input.merger.rest()
	}
	if l.quiet >= restAfter && l.status.rests.due(l.now()) {
		debug.FreeOSMemory()
		resident.DropPages()
	}
}

// rests is when a lane gave memory back last.
type rests struct{ at atomic.Int64 }

// due reports whether it is time to, and takes it that the caller does.
func (r *rests) due(now time.Time) bool {
	last := r.at.Load()
	return now.UnixNano()-last >= int64(restEvery) && r.at.CompareAndSwap(last, now.UnixNano())
}

// rest lets go of the memory of the last lines, of logs that are at their end.
func (m *merger) rest() {
	for _, x := range m.logs {
		if !x.Full {
			x.text, x.rec = nil, parse.Record{}
		}
	}
}
