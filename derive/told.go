package derive

import (
	"math"

	"fluxtrail/parse"
)

// told takes a failure that no line of the object's own attempt shows, as if one did.
func (e *Engine) told(o *Object, at *Place, r *parse.Record) {
	r.Kind, r.Namespace, r.Name, r.Level, r.Meaning = o.Kind, o.Namespace, o.Name, parse.LevelError, parse.Failed
	if a := &o.Current; a.Begun == 0 || a.Outcome != none {
		e.attemptOver(o)
		o.Previous = *a
		o.Current = attempt{Open: true, ID: r.IDHash, Begun: r.Time}
		o.Counts.Other++
	}
	e.conclude(o, &o.Current, r, at)
}

// pendFailure holds a failure back that a warning tells of: mostly the attempt's own line follows.
// Where none does, the warning is all that there is.
func (e *Engine) pendFailure(o *Object, r *parse.Record, at *Place) {
	o.Explanation = explanation{r.Time, e.kept(r.Msg), e.kept(r.Error)}
	o.Shown.set(r, at, e.pod(r, at).Name)
	e.settleNow(o)
	o.Pending = pendingStatus{Failing, r.Time}
	e.settle.set(o, max(r.Time, e.now)+int64(settleAfter)) // a line that is late has others behind it
}

// failPending believes such a failure.
func (e *Engine) failPending(o *Object, at int64) {
	if o.Current.Begun != 0 && o.Current.Outcome != none && o.Current.Begun <= at && o.Current.End >= at {
		return // it was the attempt's after all
	}
	line := &o.Shown
	place := Place{Source: math.MaxInt32, File: line.File, Line: line.Line, Offset: line.Offset, Pod: line.Pod,
		Text: []byte(o.Explanation.Text)}
	e.told(o, &place, &parse.Record{
		Time: at, Error: o.Explanation.Text, Reason: o.Explanation.Reason, ID: line.Evidence().ReconcileID.String(),
	})
}

// recorded takes an event that the recorder of a controller writes as a line. It counts as a
// failure where the log has no other line about the object: somebody pasted only that one.
func (e *Engine) recorded(r *parse.Record, at *Place) {
	if r.Level != parse.LevelError || r.About == "" || r.Involved != "" || !parse.IsReason(r.Error) {
		return
	}
	ref, o := e.lookUp(Ref{Kind: r.About, Namespace: r.Namespace, Name: r.Name})
	if o == nil && ref.Valid() && parse.Kind(ref.Kind) != "" {
		o = e.newObject(ref, parse.ControllerOf(ref.Kind))
	}
	if o != nil && (o.Current.Begun == 0 || o.Current.ID == 0 && o.Current.Meaning == parse.Failed && o.ByEvent) {
		o.ByEvent = true
		e.pendFailure(o, r, at)
	}
}

// undelivered takes a notification that could not be delivered. The line names the Alert and the
// object that it is about.
func (e *Engine) undelivered(r *parse.Record, at *Place) {
	ref, o := e.lookUp(Ref{Kind: r.About, Namespace: r.Namespace, Name: r.Name})
	if o == nil && ref.Kind == "Alert" && ref.Valid() {
		o = e.newObject(ref, parse.ControllerOf(ref.Kind))
	}
	if o == nil || ref.Kind != "Alert" {
		e.countOther(r, Ref{})
		return
	}
	about, _ := e.lookUp(involved(r))
	e.told(o, at, &parse.Record{Time: r.Time, Error: r.Error, Msg: r.Msg, Reason: "NotificationDispatchFailed"})
	if o.Incident != nil && about.Valid() {
		o.Incident.Culprit = joined(about)
	}
}

// deliverAfter is how long after it passed an event on notification-controller may still say that
// it could not.
const deliverAfter = int64(60e9)

// delivered takes an event that is passed on. An Alert that could not deliver the last one about
// the same object can again unless it says otherwise.
func (e *Engine) delivered(r *parse.Record) {
	if len(e.failing) > maxSuspects {
		return
	}
	var about Ref
	for _, o := range e.failing {
		if o.Kind != "Alert" || o.Incident.Healing != 0 || o.Pending.Status == Ready {
			continue
		}
		if about == (Ref{}) {
			about, _ = e.lookUp(involved(r))
		}
		if o.Incident.Culprit == about {
			o.Pending = pendingStatus{Ready, r.Time}
			e.settle.set(o, max(r.Time, e.now)+deliverAfter)
		}
	}
}
