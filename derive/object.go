package derive

import (
	"strings"
	"time"

	"fluxtrail/derive/failure"
	"fluxtrail/parse"
)

// Status is what an object does, in one word.
type Status uint8

// The statuses. Silent is one of Views and Transitions: it hides the Status of the Object, which is
// what its lines told last.
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
	return [...]string{
		"unknown", "ready", "failing", "waiting", "progressing", "stalled", "silent", "suspended", "deleted",
	}[s]
}

// Object is one Flux object as its controllers' logs show it. It belongs to its Engine. Exported
// fields are saved as JSON, those of objectState too; the others are found again when a state is
// restored, or serve only the report of a replay.
//
// With thousands of objects the price of a line is that of main memory. So what nearly every line
// touches stands together: from Ref to Settle. See touch.
type Object struct {
	Ref       `json:"ref"`
	Status    Status    `json:"status,omitzero"`
	listed    bool      // in Engine.running
	failingAt int32     // position in Engine.failing + 1
	Ready     string    `json:"ready"` // what the Ready condition would say: True, False, Unknown
	Reason    string    `json:"reason,omitzero"`
	Since     int64     `json:"since,omitzero"`    // when Status began
	Incident  *Incident `json:"incident,omitzero"` // the open one, or nil
	known     *known    // what is known of it beside the logs, nil for nothing
	Promise   Promise   `json:"promise,omitzero"`
	Counts    Counts    `json:"counts,omitzero"`

	Revision string `json:"revision,omitzero"`  // latest, normalised
	LastGood string `json:"last_good,omitzero"` // revision of the latest success that named one
	Message  string `json:"message,omitzero"`   // the latest text that explains Status, redacted

	Durations Samples `json:"-"` // of attempts, as far as the controller logs them

	Pod string `json:"pod,omitzero"` // whose log told of it last, "" where that is not known

	// Shown is the latest line that showed a success or a wait. Failures are among the evidence of
	// their incident.
	Shown OutcomeLine `json:"shown,omitzero"`

	objectState

	Controller string `json:"controller,omitzero"`

	// Suspects are the objects of which one holds it up, where no line tells which.
	Suspects []Ref `json:"suspects,omitzero"`

	Between Samples `json:"-"` // between outcomes, of an object whose controller logs no durations

	retry    deadline
	opening  deadline
	firing   deadline
	silence  deadline    // when its promise is broken
	unlogged deadline    // when the log has had its time to show what was observed
	clocks   *clocks     // only with Config.CompareClocks
	counted  *ErrorGroup // the latest one that it was counted in
}

// objectState is the part of an Object that only this package reads.
type objectState struct {
	Current     attempt       `json:"current,omitzero"`
	Previous    attempt       `json:"previous,omitzero"`    // two pods of one controller may interleave
	Ended       int64         `json:"ended,omitzero"`       // when the latest attempt showed its outcome
	Interrupted bool          `json:"interrupted,omitzero"` // its controller stopped in the middle of its attempt
	ByEvent     bool          `json:"by_event,omitzero"`    // only events tell of it
	RetryBy     int64         `json:"retry_by,omitzero"`    // when a failing object is tried again at the latest
	Span        int64         `json:"span,omitzero"`        // between the latest two outcomes
	SilentAt    int64         `json:"silent_at,omitzero"`   // when its silence was handed over, 0 if it is not silent
	Cuts        cuts          `json:"cuts,omitzero"`
	Raw         string        `json:"raw,omitzero"`  // Revision as it was written
	Good        string        `json:"good,omitzero"` // revision of a success that may still be taken back
	Cadence     cadence       `json:"cadence,omitzero"`
	number      uint32        // of its Transitions; it stands where memory is empty otherwise
	Block       Ref           `json:"block,omitzero"`  // what it waits for, if it waits
	Settle      deadline      `json:"settle,omitzero"` // when the pending status is believed
	Pending     pendingStatus `json:"pending,omitzero"`
	Heal        deadline      `json:"heal,omitzero"` // when a success has held
	Over        deadline      `json:"over,omitzero"` // when the outcome in Latest is final

	Latest      *Attempt         `json:"latest,omitzero"` // the latest outcome until it is final; only with Config.KeepAttempts
	Silence     Silence          `json:"silence,omitzero"`
	Broken      int64            `json:"broken,omitzero"` // promises broken in the window
	Explanation explanation      `json:"explanation,omitzero"`
	Unexplained unexplainedError `json:"unexplained,omitzero"`
	Guess       Ref              `json:"guess,omitzero"`  // the root of what it waits for, if no line named that
	Source      Ref              `json:"source,omitzero"` // where it gets its artifact from, as far as a line told
	Past        past             `json:"past,omitzero"`   // its latest incident that ended by a success
	User        Ref              `json:"user,omitzero"`   // the release that a chart was made for
	NotDeps     []Ref            `json:"not_deps,omitzero"`
	Revisions   [4]string        `json:"revisions,omitzero"` // the latest ones
	NextRev     int              `json:"next_rev,omitzero"`  // where in Revisions the next one goes
}

// past is an incident that is over.
type past struct {
	Opened   int64 `json:"opened"`
	Resolved int64 `json:"resolved"`
}

// Counts are attempts by outcome. They are lower bounds: the controllers' logger leaves out
// repetitions within a second.
type Counts struct {
	Succeeded int64 `json:"succeeded,omitzero"`
	Failed    int64 `json:"failed,omitzero"`
	Waiting   int64 `json:"waiting,omitzero"`
	Stalled   int64 `json:"stalled,omitzero"`
	Other     int64 `json:"other,omitzero"`
}

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
	Number   uint32 // of the Object in this Engine: how many it knew before
	Status   Status
	Ready    string
	Reason   string
	Revision string
}

// pendingStatus is a status that is not believed yet. A success is held back where the same
// attempt may still show its failure. Progress is held back because an attempt of a second is no
// status of its own.
type pendingStatus struct {
	Status Status `json:"status"`
	At     int64  `json:"at"`
}

const (
	settleAfter = 2 * time.Second // how long a status may be pending, and an outcome be corrected
	sameAttempt = time.Second     // without a reconcileID: how close the lines of one attempt's end stand
	maxNotDeps  = 256             // objects that are known not to be a dependency
)

// newObject takes a new object into the engine; nil when there are too many already.
func (e *Engine) newObject(ref Ref, controller string) *Object {
	if len(e.objects) >= e.cfg.MaxObjects {
		return nil
	}
	o := &Object{Ref: joined(ref), Controller: controller, Status: Unknown, Ready: "Unknown"}
	e.admit(o)
	return o
}

// admit gives a new object its number and its place.
func (e *Engine) admit(o *Object) {
	o.number = e.admitted
	e.admitted++
	e.objects[o.Ref] = o
}

// joined is the same Ref in one piece of memory of its own. Flux's own kinds are constants, so
// that equal ones share their memory.
func joined(r Ref) Ref {
	kind := parse.Kind(r.Kind)
	if kind == "" {
		kind = strings.Clone(r.Kind)
	}
	s := r.Namespace + r.Name
	return Ref{Kind: kind, Namespace: s[:len(r.Namespace)], Name: s[len(r.Namespace):]}
}

// is reports whether a record is about the object; nil is no object.
func (o *Object) is(r *parse.Record) bool {
	return o != nil && o.Name == r.Name && o.Namespace == r.Namespace && o.Kind == r.Kind
}

// touch reads something in each stretch of 64 bytes that nearly every line reads, which is what the
// processor gets from main memory at a time.
func (o *Object) touch() int64 {
	return o.Since + o.Promise.Made + o.Counts.Stalled + o.Durations.Count + o.Shown.At + o.Current.Begun +
		o.Ended + int64(len(o.Raw)) + int64(o.Cadence.N) + o.Settle.At
}

// pend holds a status back until Settle, or until another line decides.
func (e *Engine) pend(o *Object, s Status, at int64) {
	if o.Pending.Status == s || (o.Status == s && o.Pending.Status == Unknown && s != Ready) {
		return // a success is worth believing again: it may be at a new revision
	}
	o.Pending = pendingStatus{s, at}
	e.settle.set(o, at+int64(settleAfter))
}

// settleDue is settleNow at the deadline.
func (e *Engine) settleDue(o *Object, _ int64) { e.settleNow(o) }

// settleNow believes what is pending.
func (e *Engine) settleNow(o *Object) {
	p := o.Pending
	o.Pending = pendingStatus{}
	switch p.Status {
	case Ready:
		e.succeed(o, p.At)
	case Failing:
		e.failPending(o, p.At)
	case Deleted:
		e.delete(o, p.At)
	case Progressing:
		e.set(o, Progressing, p.At, "Unknown", o.progressReason())
	}
}

// set changes an object's status and Ready condition, and hands over the transition.
func (e *Engine) set(o *Object, s Status, at int64, ready, reason string) {
	o.Pending = pendingStatus{}
	o.Reason = reason
	was, wasReady := o.shown(at), o.Ready
	if o.Status != s {
		o.Since = at
	}
	if s != Progressing {
		o.Interrupted = false
	}
	o.Status, o.Ready = s, ready
	if o.SilentAt != 0 && at >= o.SilentAt && !e.silent(o) {
		o.SilentAt = 0
		e.awaitSilence(o)
	}
	if o.shown(at) != was || ready != wasReady {
		e.transition(o, at)
	}
}

// setRevision takes over the revision that a line names.
func (o *Object) setRevision(texts *failure.Cache, raw string) {
	if raw == o.Raw {
		return
	}
	rev := texts.Revision(raw)
	if rev.Raw == o.Raw { // the line names it with a secret
		return
	}
	o.Raw, o.Revision = rev.Raw, rev.Normal
	next := o.NextRev % len(o.Revisions)
	o.Revisions[next], o.NextRev = o.Revision, next+1
}

// wasAt reports whether the object was at a revision lately.
func (o *Object) wasAt(rev string) bool {
	for _, r := range o.Revisions {
		if r == rev && r != "" {
			return true
		}
	}
	return false
}
