package derive

import (
	"strings"
	"time"

	"fluxtrail/derive/failure"
	"fluxtrail/parse"
)

// Status is what an object does, in one word.
type Status uint8

// The statuses. Silent is only known at a given time: a View sets it.
const (
	Unknown Status = iota
	Ready
	Failing
	Waiting
	Progressing
	Stalled
	Silent
	Suspended
	Deleted
)

func (s Status) String() string {
	return [...]string{"unknown", "ready", "failing", "waiting", "progressing", "stalled", "silent", "suspended", "deleted"}[s]
}

// Object is one Flux object as its controllers' logs show it. It belongs to its Engine.
type Object struct {
	// What nearly every line touches stands together in front: with thousands of objects, memory is the price of a line. See Engine.Warm.
	Ref
	run      attempt
	before   attempt // the run before: two pods of one controller may interleave
	Promise  Promise
	ended    int64 // when the latest run showed its outcome
	rhythm   rhythm
	Status   Status
	settle   deadline
	keep     deadline
	pending  pending
	Counts   Counts
	Ready    string // what the Ready condition would say: True, False, Unknown
	Reason   string
	Since    int64     // when Status began
	Incident *Incident // the open one, or nil
	raw      string    // Revision as written, to know it again without normalising it
	Between  Samples

	Controller string
	Revision   string // latest, normalised
	LastGood   string // revision of the latest success that named one
	Message    string // the latest text that explains Status, redacted
	Durations  Samples

	latest   Run // the current run's outcome until it is over; only with Config.KeepRuns
	over     deadline
	good     string  // revision of a success that may still be taken back
	silence  Silence // the worst in the window
	broken   int64   // promises broken in the window
	detail   detail
	counted  *failure.Text // under which the latest failure counts as an error, nil for none
	block    Ref           // what it waits for, if it waits
	source   Ref           // where it gets its artifact from, as far as a line told
	user     Ref           // the release that a chart was made for
	notDeps  map[*Object]bool
	inFail   int // position in Engine.failing + 1
	revs     [4]string
	revsNext int
}

// Counts are runs by outcome. They are lower bounds: the controllers' logger samples bursts of equal messages.
type Counts struct{ Succeeded, Failed, Waiting, Stalled, Other int64 }

func (c *Counts) of(x outcome) *int64 {
	switch x {
	case succeeded:
		return &c.Succeeded
	case failed:
		return &c.Failed
	case waiting:
		return &c.Waiting
	case stalled:
		return &c.Stalled
	}
	return &c.Other
}

// Transition is a change of an object's Ready or Status.
type Transition struct {
	At       int64
	Object   Ref
	Ready    string
	Status   Status
	Reason   string
	Revision string
}

// pending is a status that is not believed yet. A success is held back where the same run may still show its failure; progress is
// held back because a run of a second is no state of its own.
type pending struct {
	status Status
	at     int64
}

const (
	settleAfter = 2 * time.Second // how long a status may be pending
	sameRun     = time.Second     // without a reconcileID: how close in time lines of one run's end stand
)

func (o *Object) pend(e *Engine, s Status, at int64) {
	if o.pending.status == s || (o.Status == s && o.pending.status == Unknown && s != Ready) {
		return // a success is worth believing again: it may be at a new revision
	}
	o.pending = pending{s, at}
	e.settle.set(o, at+int64(settleAfter))
}

// settleNow believes what is pending.
func (o *Object) settleNow(e *Engine) {
	p := o.pending
	o.pending = pending{}
	switch p.status {
	case Ready:
		o.recover(e, p.at)
	case Deleted:
		o.delete(e, p.at)
	case Progressing:
		o.set(e, Progressing, p.at, "Unknown", "Progressing")
	}
}

// set is the only place where an object's state changes.
func (o *Object) set(e *Engine, s Status, at int64, ready, reason string) {
	o.pending = pending{}
	o.Reason = reason
	if o.Status == s && o.Ready == ready {
		return
	}
	if o.Status != s {
		o.Since = at
	}
	o.Status, o.Ready = s, ready
	if e.cfg.NoTransitions {
		return
	}
	e.transitions = append(e.transitions, Transition{at, o.Ref, ready, s, reason, o.Revision})
}

// revision notes the revision that a line names.
func (o *Object) revision(e *Engine, raw string) {
	if raw == o.raw {
		return
	}
	rev := e.texts.Revision(raw)
	o.raw, o.Revision = rev.Raw, rev.Normal
	o.revs[o.revsNext%len(o.revs)] = o.Revision
	o.revsNext++
}

// had reports whether the object was at a revision lately.
func (o *Object) had(rev string) bool {
	for _, r := range o.revs {
		if r == rev && r != "" {
			return true
		}
	}
	return false
}

// add takes a record of this object.
func (o *Object) add(e *Engine, r *parse.Record, at *Place) {
	if o.pending.status == Deleted {
		o.pending = pending{} // it speaks, so it lives
	}
	a := o.attempt(e, r)
	if r.Revision != "" {
		o.revision(e, r.Revision)
		a.revised = true
	}
	switch r.Sign {
	case parse.None:
		e.countOther(r, o.Ref)
	case parse.Born:
		o.born(e, r.Time)
	case parse.Link:
		o.link(e, r.Msg)
	case parse.Warning:
		o.hint(e, r)
		if o.Controller == "source-controller" { // its warnings are about what the run does not fail of
			e.countOther(r, o.Ref)
		}
	case parse.DepsReady:
		o.depsReady(e)
		o.progress(e, a, r)
	case parse.Action, parse.Progress, parse.FetchRetry:
		o.progress(e, a, r)
	default:
		o.conclude(e, a, r, at)
	}
}

// progress notes that a run is under way. Only what makes the controller set Ready to Unknown counts; helm-controller does so for
// install and upgrade, and leaves a failed release at False while it rolls back or uninstalls.
func (o *Object) progress(e *Engine, a *attempt, r *parse.Record) {
	if r.Sign == parse.Action {
		a.action = actionOf(r.Msg)
		o.promise(r) // its timeout
		if a.action != install && a.action != upgrade && a.action != test {
			return
		}
	}
	if a.outcome == none || a.outcome == failed {
		o.pend(e, Progressing, r.Time)
	}
	o.sourceBack(e, r.Time)
	if o.Status == Waiting {
		o.block = Ref{}
	}
}

// action is what helm-controller does to a release.
type action uint8

const (
	install action = iota + 1
	upgrade
	rollback
	uninstall
	test
	unlock
)

var actions = [...]string{"", "install", "upgrade", "rollback", "uninstall", "test", "unlock"}

func (a action) String() string { return actions[a] }

// reason is the reason that Flux gives a release when the action fails.
func (a action) reason() string {
	return [...]string{"", "InstallFailed", "UpgradeFailed", "RollbackFailed", "UninstallFailed", "TestFailed", "PendingRelease"}[a]
}

// actionOf reads "running 'install' action with timeout of 25s"; 0 for an action that is not known.
func actionOf(msg string) action {
	_, rest, _ := strings.Cut(msg, "'")
	name, _, _ := strings.Cut(rest, "'")
	for i, known := range actions {
		if name == known {
			return action(i)
		}
	}
	return 0
}
