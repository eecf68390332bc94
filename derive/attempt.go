package derive

import (
	"strings"
	"time"

	"fluxtrail/parse"
)

// outcome is how an attempt ended, as far as its lines show.
type outcome uint8

const (
	none outcome = iota // no line of the attempt shows an outcome
	succeeded
	failed
	waiting
	stalled
	suspended
	deleted
	canceled
)

var outcomes = [...]string{"", "succeeded", "failed", "waiting", "stalled", "suspended", "deleted", "canceled"}

func (x outcome) String() string { return outcomes[x] }

func (x outcome) isFailure() bool { return x == failed || x == stalled }

// attempt is what the lines of one attempt said so far.
type attempt struct {
	ID      uint64        `json:"id,omitzero"`    // hash of the reconcileID, 0 in the eras that have none
	Begun   int64         `json:"begun,omitzero"` // when its first line was written
	End     int64         `json:"end,omitzero"`   // when the outcome showed
	Open    bool          `json:"open,omitzero"`
	Revised bool          `json:"revised,omitzero"` // a line named the revision: the object's Revision is this attempt's
	Found   bool          `json:"found,omitzero"`   // it found a failure of an earlier one, and may still succeed
	Kept    bool          `json:"kept,omitzero"`    // the object's Latest is its outcome
	Over    bool          `json:"over,omitzero"`    // its outcome was handed over
	Outcome outcome       `json:"outcome,omitzero"`
	Meaning parse.Meaning `json:"meaning,omitzero"` // of the line that showed the outcome
	Action  action        `json:"action,omitzero"`  // the latest Helm action
}

// Attempt is one attempt whose outcome will not be corrected any more.
type Attempt struct {
	At         int64     `json:"at"` // when the outcome showed
	Object     Ref       `json:"object"`
	Controller string    `json:"controller,omitzero"`
	Outcome    string    `json:"outcome"`         // succeeded, failed, waiting, stalled, suspended, deleted or canceled
	Reason     string    `json:"reason,omitzero"` // why it failed or waits, "" otherwise
	Took       int64     `json:"took,omitzero"`   // nanoseconds, 0 where the log does not say
	ID         AttemptID `json:"id,omitzero"`     // reconcileID, zero in the eras that have none
}

// add takes a record of an object.
func (e *Engine) add(o *Object, r *parse.Record, at *Place) {
	if o.Pending.Status == Deleted {
		o.Pending = pendingStatus{} // its controller speaks of it, so it is not deleted
	}
	a := e.attemptOf(o, r)
	if r.Revision != "" {
		o.setRevision(e.texts, r.Revision)
		a.Revised = true
	}
	switch r.Meaning {
	case parse.None:
		e.countOther(r, o.Ref)
	case parse.Created:
		e.recreate(o, r.Time)
	case parse.Link:
		e.link(o, r.Msg)
	case parse.Warning:
		e.warn(o, a, r, at)
	case parse.DepsReady:
		e.depsReady(o)
		e.progress(o, a, r)
	case parse.FetchRetry:
		if o.Kind != "HelmRelease" { // it keeps its condition while it fetches
			e.progress(o, a, r)
		}
	case parse.Action, parse.Progress:
		e.progress(o, a, r)
	case parse.Removed:
		e.removed(o, r)
	case parse.Generated:
		e.conclude(o, a, r, at)
		e.generated(o, r, at)
	default:
		e.conclude(o, a, r, at)
	}
	e.heard(o, r.Time)
}

// attemptOf finds the attempt that a record belongs to, or begins a new one. With a reconcileID
// that is certain. Before Flux logged it, order and time tell: a line after an attempt's end begins
// a new one, but for those lines that are known to follow an end.
func (e *Engine) attemptOf(o *Object, r *parse.Record) *attempt {
	switch cur := &o.Current; {
	case cur.Open && cur.ID == r.IDHash && (r.IDHash != 0 || cur.Outcome == none || cur.continues(r)):
		return cur
	case r.IDHash != 0 && o.Previous.Open && o.Previous.ID == r.IDHash:
		return &o.Previous
	}
	if o.Pending.Status == Ready || o.Pending.Status == Failing {
		e.settleNow(o) // the attempt before is over: nothing can take its outcome back any more
	}
	e.attemptOver(o)
	e.keepPromise(o, r.Time)
	o.Previous = o.Current
	o.Current = attempt{Open: true, ID: r.IDHash, Begun: r.Time}
	o.RetryBy = 0
	o.Counts.Other++
	return &o.Current
}

// continues reports whether a line without reconcileID belongs to the attempt although its outcome
// was seen already.
func (a *attempt) continues(r *parse.Record) bool {
	near := r.Time-a.End <= int64(sameAttempt)
	switch r.Meaning {
	case parse.ReconcilerError, parse.Stalled:
		// The attempt's own message comes first, controller-runtime's right behind it. Two of the
		// latter are two attempts.
		return near && a.Meaning != parse.ReconcilerError && a.Meaning != parse.Stalled
	case parse.Finished:
		if a.Meaning == parse.Finished || a.Meaning == parse.ReconcilerError {
			return false
		}
		return near || (r.Took > 0 && a.End >= r.Time-r.Took-int64(sameAttempt)/10)
	case parse.Succeeded, parse.Generated:
		return near && a.Outcome == succeeded
	}
	return false
}

// conclude applies a record that may show an outcome. Within one attempt a later line may correct
// an earlier one, as the controllers do: "finished" follows failures too, a Reconciler error after
// a success is the failure, helm-controller may find a failed release and mend it.
func (e *Engine) conclude(o *Object, a *attempt, r *parse.Record, at *Place) {
	x := outcomeOf(a, r)
	if x == canceled && cutOff(r) {
		x = e.cut(o, a, r, at)
	} else if x != none && x != canceled {
		o.Cuts = cuts{}
	}
	if r.Took > 0 {
		e.sample(&o.Durations, r.Time, r.Took)
	}
	if x == none {
		e.promise(o, r)
		return
	}
	was := a.Outcome
	*o.Counts.of(was)--
	*o.Counts.of(x)++
	a.Outcome, a.Meaning, a.End = x, r.Meaning, r.Time
	if was == none {
		e.outcomeShown(o, r)
		e.noteOutcome(o, x, r.Time)
	}
	if x == succeeded || x == waiting {
		o.Shown.set(r, at, e.pod(r, at).Name)
	}
	e.promise(o, r)
	e.apply(o, a, r, at, was)
	e.keepAttempt(o, a, r)
}

// outcomeOf is the outcome that a record gives its attempt, none when it changes nothing.
func outcomeOf(a *attempt, r *parse.Record) outcome {
	switch r.Meaning {
	case parse.Succeeded, parse.Generated:
		return succeeded
	case parse.Finished:
		return finishedOutcome(a, r)
	case parse.Failed, parse.ReconcilerError, parse.FailedState, parse.Stalled:
		return failedOutcome(a, r)
	case parse.WaitDependency, parse.WaitSource:
		if a.Outcome == none || a.Outcome == waiting {
			return waiting
		}
	case parse.Suspended:
		return suspended
	case parse.Deleted:
		return deleted
	case parse.Canceled:
		if a.Outcome == none {
			return canceled
		}
	}
	return none
}

func failedOutcome(a *attempt, r *parse.Record) outcome {
	switch {
	case cutOff(r) && (a.Outcome == none || a.Outcome == canceled):
		return canceled
	case cutOff(r):
		return none
	case r.Meaning == parse.Stalled:
		return stalled
	case lostRace(r) || a.Outcome == stalled:
		return none
	}
	return failed
}

func finishedOutcome(a *attempt, r *parse.Record) outcome {
	switch {
	case a.Outcome == none && hidesFailure(r):
		return failed
	case a.Outcome == none || a.Outcome == succeeded:
		return succeeded
	}
	return none
}

// lostRace reports an error that is no failure of the object: a lost race for its status, which the
// next attempt settles. A lost race for an object that it applies is a failure: it waits for its
// next attempt.
func lostRace(r *parse.Record) bool {
	// Up to 63 bytes are searched for with the processor's wide instructions, more are not.
	const text, rest = "the object has been modified; please apply your changes", " to the latest version"
	return r.Meaning == parse.ReconcilerError && strings.Contains(r.Error, text) && strings.Contains(r.Error, text+rest) &&
		!strings.Contains(r.Error, " dry-run failed")
}

// hidesFailure reports whether a "finished" line is all that a failure logs. helm-controller before
// 0.37 tries again at once when values are missing or a chart cannot be loaded, and says nothing:
// it has no next attempt to announce then. After a success it always has one.
func hidesFailure(r *parse.Record) bool {
	return r.Kind == "HelmRelease" && r.Next == 0
}

// uncertain reports whether a "finished" line may be followed by the attempt's failure:
// helm-controller before 0.37 writes it after every attempt, and so does kustomize-controller
// before 0.7, which has no reconcileIDs.
func uncertain(r *parse.Record) bool {
	return r.Meaning == parse.Finished && (r.Kind == "HelmRelease" || (r.Kind == "Kustomization" && r.ID == ""))
}

// apply draws the consequences of an attempt's outcome for its object.
func (e *Engine) apply(o *Object, a *attempt, r *parse.Record, at *Place, was outcome) {
	switch a.Outcome {
	case succeeded:
		if a.Revised {
			o.Good = o.Revision
		}
		if uncertain(r) {
			e.pend(o, Ready, r.Time)
			return
		}
		e.succeed(o, r.Time)
	case failed, stalled:
		e.fail(o, a, r, at, was)
	case waiting:
		e.wait(o, r, at)
	case suspended:
		o.Block = Ref{}
		e.close(o, r.Time, "suspended")
		e.set(o, Suspended, r.Time, o.Ready, "Suspended")
	case deleted:
		e.delete(o, r.Time)
	}
}

// mendAfter is how long an attempt that found a failure may take to mend it: Helm's own timeout.
const mendAfter = 5 * time.Minute

// keepAttempt keeps the outcome of an attempt, to be handed over when it is final. What a line
// says later, because it was written or read so late, is not another attempt.
func (e *Engine) keepAttempt(o *Object, a *attempt, r *parse.Record) {
	if !e.cfg.KeepAttempts || a.Over {
		return
	}
	if !a.Kept {
		e.attemptOver(o) // of the other attempt
	}
	took, wait := r.Took, settleAfter
	if took == 0 && o.Latest != nil {
		took = o.Latest.Took
	}
	if a.Found && a.Outcome.isFailure() {
		wait = mendAfter
	}
	e.over.set(o, r.Time+int64(wait))
	a.Kept = true
	if o.Latest == nil {
		o.Latest = e.newAttempt()
	}
	*o.Latest = Attempt{r.Time, o.Ref, o.Controller, a.Outcome.String(), "", took, uuid(r.ID)}
	if a.Outcome.isFailure() || a.Outcome == waiting {
		o.Latest.Reason = o.Reason
	}
}

// newAttempt is an Attempt to be filled in, one that was handed over if there is one: nearly every
// line needs one, and few are needed at a time.
func (e *Engine) newAttempt() *Attempt {
	n := len(e.spare)
	if n == 0 {
		return &Attempt{}
	}
	a := e.spare[n-1]
	e.spare = e.spare[:n-1]
	return a
}

// attemptFinal is attemptOver at the deadline.
func (e *Engine) attemptFinal(o *Object, _ int64) { e.attemptOver(o) }

// attemptOver hands over the kept attempt.
func (e *Engine) attemptOver(o *Object) {
	if o.Latest != nil {
		e.attempts, e.spare = append(e.attempts, *o.Latest), append(e.spare, o.Latest)
		o.Latest = nil
		e.over.cancel(o)
	}
	for _, a := range [...]*attempt{&o.Current, &o.Previous} {
		a.Kept, a.Over = false, a.Over || a.Kept
	}
}

// TakeAttempts hands over the attempts since the last TakeAttempts, each once, in the order in
// which their outcomes became final: when the next attempt of the object began, or two seconds
// after the outcome showed. The slice is valid until the next Add or Advance. Without
// Config.KeepAttempts there are none.
func (e *Engine) TakeAttempts() []Attempt {
	attempts := e.attempts
	e.attempts = e.attempts[:0]
	return attempts
}
