package derive

import (
	"strings"

	"fluxtrail/parse"
)

// outcome is how a run ended, as far as its lines show.
type outcome uint8

const (
	none outcome = iota // no line of the run shows an outcome
	succeeded
	failed
	waiting
	stalled
	suspended
	deleted
	canceled
)

// attempt is one reconcile run of one object.
type attempt struct {
	id      uint64 // hash of the reconcileID, 0 in the eras that have none
	end     int64  // when the outcome showed
	open    bool
	revised bool // a line of the run named its revision: the object's Revision is this run's
	found   bool // the run found what an earlier one left failed; whether it fails itself is open
	outcome outcome
	sign    parse.Sign // what the outcome rests on
	action  action     // the latest Helm action
}

// attempt finds the run that a record belongs to, or begins a new one. With a reconcileID that is certain. Before, order and time tell:
// a line after a run's end begins a new run, except for those that are known to follow an end.
func (o *Object) attempt(e *Engine, r *parse.Record) *attempt {
	switch {
	case o.run.open && o.run.id == r.IDHash && (r.IDHash != 0 || o.run.outcome == none || o.run.goesOn(r)):
		return &o.run
	case r.IDHash != 0 && o.before.open && o.before.id == r.IDHash:
		return &o.before
	}
	if o.pending.status == Ready {
		o.settleNow(e) // the run before is over: nothing can take its success back any more
	}
	if e.cfg.KeepRuns {
		o.runOver(e)
	}
	o.heard(e, r.Time)
	o.before = o.run
	o.run = attempt{open: true, id: r.IDHash}
	o.Counts.Other++
	return &o.run
}

// goesOn reports whether a line without reconcileID belongs to the run whose outcome was seen already.
func (a *attempt) goesOn(r *parse.Record) bool {
	near := r.Time-a.end <= int64(sameRun)
	switch r.Sign {
	case parse.ReconcilerError, parse.Stalled:
		// The run's own message comes first, controller-runtime's word about it right behind. Two of those are two runs.
		return near && a.sign != parse.ReconcilerError && a.sign != parse.Stalled
	case parse.Finished:
		if a.sign == parse.Finished || a.sign == parse.ReconcilerError {
			return false
		}
		return near || (r.Took > 0 && a.end >= r.Time-r.Took-int64(sameRun)/10)
	case parse.Succeeded:
		return near && a.outcome == succeeded
	}
	return false
}

// conclude applies a record that shows an outcome. Within one run a later sign may correct an earlier one; the rules are those of the
// controllers: "finished" follows failures too, a Reconciler error after a success is the failure, helm-controller may find a failed release and mend it.
func (o *Object) conclude(e *Engine, a *attempt, r *parse.Record, at *Place) {
	x := o.verdict(a, r)
	if r.Took > 0 {
		o.Durations.Add(r.Time, r.Took)
	}
	if x == none {
		o.promise(r)
		return
	}
	first := a.outcome == none
	was := a.outcome
	*o.Counts.of(was)--
	*o.Counts.of(x)++
	a.outcome, a.sign, a.end = x, r.Sign, r.Time
	if first {
		o.tick(r)
	}
	o.promise(r)
	o.effect(e, a, r, at, was)
	if e.cfg.KeepRuns {
		o.track(e, Run{r.Time, o.Ref, o.Controller, x.String(), o.runReason(x), r.Took, strings.Clone(r.ID)})
	}
}

// runReason is why a run did not succeed.
func (o *Object) runReason(x outcome) string {
	if x == failed || x == stalled || x == waiting {
		return o.Reason
	}
	return ""
}

// verdict is the outcome that a record gives its run, none when it changes nothing.
func (o *Object) verdict(a *attempt, r *parse.Record) outcome {
	switch r.Sign {
	case parse.Succeeded:
		return succeeded
	case parse.Finished:
		switch {
		case a.outcome == none && unsaid(r):
			return failed
		case a.outcome == none || a.outcome == succeeded:
			return succeeded
		}
	case parse.Failed, parse.ReconcilerError, parse.FailedState:
		if benign(r) || (a.outcome == stalled) {
			return none
		}
		return failed
	case parse.Stalled:
		return stalled
	case parse.WaitDependency, parse.WaitSource:
		if a.outcome == none || a.outcome == waiting {
			return waiting
		}
	case parse.Suspended:
		return suspended
	case parse.Deleted:
		return deleted
	case parse.Canceled:
		if a.outcome == none {
			return canceled
		}
	}
	return none
}

// benign knows errors that are no failure of the object: a lost race for its status, which the next run settles, and a run that was
// cut off because the process stops or a newer run took over. A lost race for an object that it applies is a failure: it has to wait for its
// next run.
func benign(r *parse.Record) bool {
	const lostRace = "the object has been modified; please apply your changes to the latest version"
	return (r.Sign == parse.ReconcilerError && strings.Contains(r.Error, lostRace) && !strings.Contains(r.Error, " dry-run failed")) ||
		strings.HasSuffix(r.Error, "context canceled") || strings.HasSuffix(r.Error, "context canceled]")
}

// effect draws the consequences of a run's outcome for its object.
func (o *Object) effect(e *Engine, a *attempt, r *parse.Record, at *Place, was outcome) {
	switch a.outcome {
	case succeeded:
		if a.revised {
			o.good = o.Revision
		}
		if uncertain(r) {
			o.pend(e, Ready, r.Time)
			return
		}
		o.recover(e, r.Time)
	case failed, stalled:
		o.fail(e, a, r, at, was)
	case waiting:
		o.wait(e, r, at)
	case suspended:
		o.block = Ref{}
		o.close(e, r.Time, "suspended")
		o.set(e, Suspended, r.Time, o.Ready, "Suspended")
	case deleted:
		o.delete(e, r.Time)
	}
}

// delete notes that the object is gone. The chart that helm-controller made for a release goes with it; no line says so.
func (o *Object) delete(e *Engine, at int64) {
	if chart := e.objects[o.source]; chart != nil && o.Kind == "HelmRelease" && o.source.Kind == "HelmChart" && chart.Status != Deleted {
		chart.delete(e, at)
	}
	if o.Kind == "HelmChart" {
		o.orphan(e, at)
	}
	o.close(e, at, "deleted")
	o.set(e, Deleted, at, o.Ready, "Deleted")
	o.forget(e)
}

// unsaid reports whether a "finished" line is all that there is of a failure. helm-controller before 0.37 tries again at once when values are
// missing or a chart cannot be loaded, and says nothing; it has no next run to announce then. After a success it always has one.
func unsaid(r *parse.Record) bool {
	return r.Kind == "HelmRelease" && r.Next == 0
}

// orphan notes that a failing release was deleted with its chart, which helm-controller does not log. A release that only changes its chart
// writes a line within milliseconds, and is not taken for deleted then.
func (o *Object) orphan(e *Engine, at int64) {
	if r := e.objects[o.user]; r != nil && r.source == o.Ref && (r.Status == Failing || r.Status == Stalled) {
		r.pend(e, Deleted, at)
	}
}

// born notes that the controller puts its finalizer on the object: it is new, and whatever was known under its name is gone.
func (o *Object) born(e *Engine, at int64) {
	if o.Status == Unknown || o.Status == Deleted {
		return
	}
	o.source = Ref{} // a suspended release that is deleted leaves its chart
	o.delete(e, at)
}

// uncertain reports whether a "finished" line may be followed by the run's failure: helm-controller before 0.37 writes it after every
// run, and so does kustomize-controller before 0.7, in an era without reconcileIDs.
func uncertain(r *parse.Record) bool {
	return r.Sign == parse.Finished && (r.Kind == "HelmRelease" || (r.Kind == "Kustomization" && r.ID == ""))
}

// recover notes a success.
func (o *Object) recover(e *Engine, at int64) {
	if o.good != "" {
		o.LastGood = o.good
	}
	o.Message = ""
	o.block = Ref{}
	o.set(e, Ready, at, "True", succeededReason(o.Kind))
	o.healing(e, at)
}

// succeededReason is the reason that the controllers give a Ready condition that is True.
func succeededReason(kind string) string {
	if kind == "Kustomization" {
		return "ReconciliationSucceeded"
	}
	return "Succeeded"
}

// forget starts the object's life anew: whatever comes under its name after a deletion is another object.
func (o *Object) forget(e *Engine) {
	o.block = Ref{}
	o.Promise = Promise{}
	o.rhythm = rhythm{}
	o.Revision, o.LastGood, o.good, o.raw = "", "", "", ""
	o.source, o.notDeps = Ref{}, nil
}
