package agent

import (
	"sync/atomic"
	"time"

	"fluxtrail/api"
	"fluxtrail/tail"
)

// board is where lanes show what the server may know of them. Each entry is an atomic pointer to a value that is never written again: the
// server's goroutines read the one that is there while the lane puts up the next, neither waits for the other, and neither sees half of it.
type board struct {
	names []string                    // of the lanes that run; set before they start
	lanes [2]atomic.Pointer[laneView] // by names
	story atomic.Pointer[story]
	block atomic.Pointer[blockage]
}

// laneView is what is known of a lane when it has saved.
type laneView struct {
	Name    string
	Running bool
	At      time.Time
	SavedAt int64  // Unix nanoseconds, 0 for never
	Trouble string // why it cannot save, "" if it can
	Targets []target
	Dropped map[string]int64 // lines by reason
	Unread  []api.Unread
}

// target is a log and how far the lane is in it.
type target struct {
	Namespace string `json:"namespace"`
	Pod       string `json:"pod"`
	Container string `json:"container"`
	podMeta
	Path     string `json:"path"`
	Format   string `json:"format"`
	Lines    int64  `json:"lines"` // since the process started
	Bytes    int64  `json:"bytes"`
	Offset   int64  `json:"offset"` // where the line begins that was read last
	LagBytes int64  `json:"lag_bytes"`
	Since    string `json:"waiting_since,omitempty"` // when the oldest byte that is not delivered was written, at the earliest
	Error    string `json:"error,omitempty"`

	since int64
}

// newTarget describes a log. ahead is what was read of it and not delivered.
func newTarget(live *tail.Live, ahead tail.Lag, pods podLookup) target {
	src, at, lag, stat := live.Source(), live.Place(), live.Lag(), live.Stat()
	if lag.Bytes += ahead.Bytes; !ahead.Since.IsZero() { // what was read is older than what was not
		lag.Since = ahead.Since
	}
	t := target{Namespace: src.Namespace, Pod: src.Pod, Container: src.Container, Path: at.Path, Format: stat.Format,
		Lines: stat.Lines, Bytes: stat.Bytes, Offset: live.Line().Offset, LagBytes: lag.Bytes}
	if pods != nil {
		t.podMeta, _ = pods(src.Namespace, src.Pod)
	}
	if n := len(src.Files); t.Path == "" && n > 0 {
		t.Path = src.Files[n-1].Path
	}
	if !lag.Since.IsZero() {
		t.since, t.Since = lag.Since.UnixNano(), lag.Since.UTC().Format(time.RFC3339)
	}
	if stat.Err != nil {
		t.Error = stat.Err.Error()
	}
	return t
}

// blockage is why the ship lane does not get its batch delivered.
type blockage struct {
	Since time.Time
	Class string
}

func (b *board) show(v *laneView) {
	for i, name := range b.names {
		if name == v.Name {
			b.lanes[i].Store(v)
		}
	}
}

// end tells that the lane has returned.
func (b *board) end(name string) {
	v := laneView{Name: name}
	if last := b.lane(name); last != nil {
		v = *last
	}
	v.Running = false
	b.show(&v)
}

// lane is what the lane showed last, nil for nothing.
func (b *board) lane(name string) *laneView {
	for i, n := range b.names {
		if n == name {
			return b.lanes[i].Load()
		}
	}
	return nil
}
