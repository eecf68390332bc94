package derive

import (
	"math"
	"time"

	"fluxtrail/parse"
)

// A controller whose attempt returns an error tries again by itself, each time after twice as long.
// Nothing is logged when an object that fails so is deleted: its next attempt just does not come.
const (
	minBackoff = 750 * time.Millisecond // Flux's --min-retry-delay
	maxBackoff = 15 * time.Minute       // and --max-retry-delay
	minRetries = 4                      // failed attempts that it takes to tell a backoff
)

// awaitRetry sets by when a failing object is tried again at the latest, if its attempt ended with
// an error that controller-runtime answers with backoff. Three times as long as is due is far
// beyond what a busy controller is late.
func (e *Engine) awaitRetry(o *Object, r *parse.Record) {
	o.RetryBy = 0
	i := o.Incident
	if r.Meaning != parse.ReconcilerError || i == nil || i.Attempts < minRetries {
		return
	}
	wait := int64(maxBackoff)
	if i.Attempts < 10 {
		wait = int64(minBackoff) << i.Attempts
	}
	wait = min(max(wait, 2*min(o.Span, int64(maxBackoff))), int64(maxBackoff))
	o.RetryBy = later(r.Time, time.Duration(max(3*wait, wait+int64(2*time.Minute))))
	e.lookAgain(o)
}

// lookAgain sets when to see whether the object was given up: when its retry is overdue, and then
// after twice as long each time.
func (e *Engine) lookAgain(o *Object) {
	if o.RetryBy == 0 {
		return
	}
	at, wait := later(o.RetryBy, 1), time.Minute
	for at <= e.now && at < math.MaxInt64 {
		at, wait = later(at, wait), time.Duration(later(int64(wait), wait))
	}
	if at < math.MaxInt64 { // what is beyond the last time that there is never comes
		e.retry.set(o, at)
	}
}

// retryDue is the deadline of lookAgain.
func (e *Engine) retryDue(o *Object, _ int64) {
	if !e.giveUp(o) {
		e.lookAgain(o)
	}
}

// giveUp closes the incident of an object that is not tried any more although its controller went
// on: it was deleted while it failed. It reports whether it did.
func (e *Engine) giveUp(o *Object) bool {
	i := o.Incident
	if o.RetryBy == 0 || e.now <= o.RetryBy || i == nil || i.Healing != 0 {
		return false
	}
	for _, p := range e.pods {
		if (p.Controller == o.Controller || p.Controller == "") && p.Last > o.RetryBy {
			at := o.RetryBy
			e.close(o, at, "gone")
			e.set(o, Deleted, at, o.Ready, "Gone")
			o.Message = "it was not tried any more although its controller went on: it must have been deleted"
			o.reset()
			return true
		}
	}
	return false
}
