package derive

import (
	"math"
	"time"

	"fluxtrail/parse"
)

// Promise is when an object's controller said, or by its rhythm lets expect, that it will be back.
type Promise struct {
	Said   int64 // when it was said; 0 for no promise
	Due    int64
	Stated bool // in a log line; otherwise from the rhythm of the latest successes
}

// Silence is an object's broken promise: the one that is broken now, or else the one that was kept latest after it was due.
type Silence struct {
	Object Ref
	Promise
	Came  int64 // when the object was heard of again, 0 for never
	Times int64 // how many promises of this object were broken
}

// Broken reports whether the promise is overdue at a time by more than the grace, or by more than half of the promised span.
func (p Promise) Broken(now int64, grace time.Duration) bool {
	if p.Said == 0 {
		return false
	}
	return now-p.Due > max(int64(grace), (p.Due-p.Said)/2)
}

// heard notes that an object's run began: a promise is kept, or was broken until now. What the run promises comes with its lines.
func (o *Object) heard(e *Engine, at int64) {
	if o.Promise.Broken(at, e.cfg.Grace) && o.Status != Suspended && o.Status != Deleted {
		o.broken++
		if at-o.Promise.Due > o.silence.Came-o.silence.Due {
			o.silence = Silence{Object: o.Ref, Promise: o.Promise, Came: at}
		}
	}
	o.Promise = Promise{}
}

// promise notes what a run's end says about the next run. A run that ends without a word takes the earlier promise back: controllers
// that return an error come back by exponential backoff, which the log does not tell.
func (o *Object) promise(r *parse.Record) {
	switch {
	case r.Next > 0:
		o.Promise = Promise{r.Time, r.Time + r.Next, true}
	case beat(r):
		o.Promise = Promise{}
		if span := o.rhythm.span(); span > 0 {
			o.Promise = Promise{r.Time, r.Time + span, false}
		}
	default:
		o.Promise = Promise{}
	}
}

// beat reports whether a line is a success that announces nothing.
func beat(r *parse.Record) bool {
	return r.Next == 0 && (r.Sign == parse.Succeeded || (r.Sign == parse.Finished && !unsaid(r)))
}

// tick notes the time between the outcomes of successive runs.
func (o *Object) tick(r *parse.Record) {
	if o.ended != 0 && r.Time > o.ended {
		if o.Durations.Count == 0 {
			o.Between.Add(r.Time, r.Time-o.ended)
		}
		o.rhythm.add(r.Time-o.ended, beat(r))
	}
	o.ended = r.Time
}

// rhythm remembers the latest spans between successes of an object whose controller announces nothing (source-controller since 0.22,
// helm-controller since 0.37, flux-operator).
type rhythm struct {
	spans [6]uint32 // milliseconds
	n     uint32
}

func (h *rhythm) add(span int64, success bool) {
	if !success {
		h.n = 0
		return
	}
	h.spans[h.n%uint32(len(h.spans))] = uint32(min(span/int64(time.Millisecond), math.MaxUint32))
	h.n++
}

// span is the longest of the latest spans, when there are enough and they are alike; else 0. Spans below five seconds come from
// events, not from an interval.
func (h *rhythm) span() int64 {
	if int(h.n) < len(h.spans) {
		return 0
	}
	lo, hi := h.spans[0], h.spans[0]
	for _, s := range h.spans[1:] {
		lo, hi = min(lo, s), max(hi, s)
	}
	if lo < 5000 || hi > 2*lo {
		return 0
	}
	return int64(hi) * int64(time.Millisecond)
}
