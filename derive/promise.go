package derive

import (
	"math"
	"time"

	"fluxtrail/parse"
)

// Promise is when an object's controller said, or lets expect by its cadence, that it will
// reconcile the object again.
type Promise struct {
	Made   int64 `json:"made,omitzero"` // 0 for no promise
	Due    int64 `json:"due,omitzero"`
	Stated bool  `json:"stated,omitzero"` // in a log line; otherwise from the cadence of the latest successes
}

// Silence is an object's broken promise: the one that is broken now, or else the one that was kept
// latest after it was due.
type Silence struct {
	Object Ref `json:"object,omitzero"`
	Promise
	Kept  int64 `json:"kept,omitzero"`  // when an attempt began at last, 0 for never
	Times int64 `json:"times,omitzero"` // how many promises of this object were broken
}

// broken reports whether the promise is overdue at a time by more than the grace, or by more than
// half of the promised span.
func (p Promise) broken(now int64, grace time.Duration) bool {
	return p.Made != 0 && now > p.last(grace)
}

// last is the last instant at which the promise can be kept.
func (p Promise) last(grace time.Duration) int64 {
	return later(p.Due, max(grace, time.Duration(p.Due-p.Made)/2))
}

// keepPromise takes the beginning of an attempt: a promise is kept, or was broken until now. What
// the attempt promises comes with its own lines.
func (e *Engine) keepPromise(o *Object, at int64) {
	if o.Promise.broken(at, e.cfg.Grace) && o.Status != Suspended && o.Status != Deleted {
		o.Broken++
		e.overdue(o)
		if at-o.Promise.Due > o.Silence.Kept-o.Silence.Due {
			o.Silence = Silence{Object: o.Ref, Promise: o.Promise, Kept: at}
		}
	}
	o.Promise = Promise{}
}

// promise takes what the end of an attempt says about the next one. An end that announces nothing
// takes the earlier promise back: controllers that return an error come back by exponential
// backoff, which the log does not tell.
func (e *Engine) promise(o *Object, r *parse.Record) {
	o.Promise = Promise{}
	if r.Time == 0 {
		// Nobody knows when the time that is promised begins.
	} else if r.Next > 0 {
		o.Promise = Promise{r.Time, later(r.Time, time.Duration(r.Next)), true}
	} else if quietSuccess(r) {
		if span := o.Cadence.span(); span > 0 {
			o.Promise = Promise{r.Time, later(r.Time, time.Duration(span)), false}
		}
	}
	e.awaitSilence(o)
}

// quietSuccess reports whether a line is a success that announces no next attempt.
func quietSuccess(r *parse.Record) bool {
	return r.Next == 0 && (r.Meaning == parse.Succeeded || r.Meaning == parse.Generated ||
		(r.Meaning == parse.Finished && !hidesFailure(r)))
}

// outcomeShown takes the time between the outcomes of successive attempts.
func (e *Engine) outcomeShown(o *Object, r *parse.Record) {
	if o.Ended != 0 && r.Time > o.Ended {
		if o.Durations.Count == 0 {
			e.sample(&o.Between, r.Time, r.Time-o.Ended)
		}
		o.Span = r.Time - o.Ended
		o.Cadence.add(o.Span, quietSuccess(r))
	}
	o.Ended = r.Time
}

// sample takes a span, as far as spans are kept.
func (e *Engine) sample(s *Samples, at, took int64) {
	if e.cfg.NoDurations {
		s.Count++
	} else {
		s.Add(at, took)
	}
}

// cadence is the latest spans between successes of an object whose controller announces nothing
// (source-controller since 0.22, helm-controller since 0.37, flux-operator).
type cadence struct {
	Spans [6]uint32 `json:"spans,omitzero"` // milliseconds
	N     uint32    `json:"n,omitzero"`     // how many there were
}

func (c *cadence) add(span int64, success bool) {
	if !success {
		c.N = 0
		return
	}
	c.Spans[c.N%uint32(len(c.Spans))] = uint32(min(span/int64(time.Millisecond), math.MaxUint32))
	c.N++
}

// span is the longest of the latest spans when there are enough and they are alike, else 0. Spans
// below five seconds come from events, not from an interval.
func (c *cadence) span() int64 {
	if int(c.N) < len(c.Spans) {
		return 0
	}
	lo, hi := c.Spans[0], c.Spans[0]
	for _, s := range c.Spans[1:] {
		lo, hi = min(lo, s), max(hi, s)
	}
	if lo < 5000 || hi > 2*lo {
		return 0
	}
	return int64(hi) * int64(time.Millisecond)
}
