package derive

import (
	"cmp"
	"slices"
	"time"
)

// Observation is what something other than a log says of one object at one time: the API server, a
// metric, an event, or a file in which one of them was saved. Packages below conditions make them.
//
// A source fills in what it has. The zero value of a field means that the source does not say;
// where "no" is something that a source can say, the field is an [Answer]. Texts are redacted and
// have a bounded length. Times are nanoseconds since 1970, 0 for none. An Observation is not
// written again after it was handed out, so parts of it may be shared.
type Observation struct {
	Ref
	UID    string
	Shard  string // of the controller that reconciles it, "" for the main one
	Source string // who says so and where: kube, or a file with the place in it
	Family string // what kind of source it is: object, event, flux get, or the exporter of a metric
	At     int64  // when it was so, by the clock of who observed it

	Conditions []Condition // at most one of a type
	Static     bool        // this kind of object has no conditions, so that none means nothing

	Suspended Answer
	Deleted   bool  // the object is gone; only Ref, Source and At say more
	Deleting  int64 // when its deletion was asked for, while it is still there
	Created   int64
	Written   int64 // when its status was written last, by the clock of the API server

	Generation int64 // of the spec
	Observed   int64 // the generation that its controller came to terms with, -1 for none

	// Revisions as the source writes them.
	Applied   string
	Attempted string
	Artifact  string

	Interval  time.Duration
	Retry     time.Duration
	Timeout   time.Duration
	DependsOn []Ref // what it waits for
	Sources   []Ref // where it gets its artifacts from, the nearest one first
	Applies   []Ref // the Flux objects in its inventory
	AppliedBy Ref   // what applied it, by its labels

	History []Outcome // of its latest runs, newest first
	Event   *Event    // what an event says; the object's state is then not known
}

// Answer is yes, no, or that the source does not say.
type Answer uint8

// The answers.
const (
	Unsaid Answer = iota
	No
	Yes
)

// Condition is one entry of an object's status.conditions.
type Condition struct {
	Type       string // Ready, Stalled, Reconciling, Healthy, Released …
	Status     string // True, False or Unknown
	Reason     string
	Message    string
	Since      int64 // its last transition; not since when the object fails, see below
	Generation int64 // of the spec when it was set
}

// Controllers renew Since whenever the message changes. Of Ready it is the end of the latest run
// for a Kustomization or a source, and the time of the latest release for a HelmRelease.

// Outcome is what an object keeps of its runs that came to the same: a digest of what they applied,
// and how they ended.
type Outcome struct {
	Status   string // ReconciliationSucceeded, HealthCheckFailed …; of a release, Helm's own: deployed, failed …
	Revision string
	First    int64
	Last     int64
	Runs     int64
}

// Event is a Kubernetes event about an object. Its absence says nothing: events expire after an
// hour and are dropped when there are many.
type Event struct {
	Warning bool
	Reason  string
	Message string
	First   int64
	Runs    int64
}

// Listing says that a source told of all objects of a kind that there were at one time, in one
// namespace or, with "", in all. What was there before and is not among them was deleted.
type Listing struct {
	Source    string
	Kind      string
	Namespace string
	At        int64
}

// condition returns the condition of a type.
func (o *Observation) condition(kind string) (Condition, bool) {
	i := slices.IndexFunc(o.Conditions, func(c Condition) bool { return c.Type == kind })
	if i < 0 {
		return Condition{}, false
	}
	return o.Conditions[i], true
}

// Ready is the status of the condition Ready, "" without one.
func (o *Observation) Ready() string {
	c, _ := o.condition("Ready")
	return c.Status
}

// Transition is the latest transition of the condition Ready, 0 without one.
func (o *Observation) Transition() int64 {
	c, _ := o.condition("Ready")
	return c.Since
}

// Shift moves all times by the same: those of another clock.
func (o *Observation) Shift(by time.Duration) {
	move := func(at *int64) {
		if *at != 0 {
			*at += int64(by)
		}
	}
	for _, at := range []*int64{&o.At, &o.Deleting, &o.Created, &o.Written} {
		move(at)
	}
	o.Conditions, o.History = slices.Clone(o.Conditions), slices.Clone(o.History)
	for i := range o.Conditions {
		move(&o.Conditions[i].Since)
	}
	for i := range o.History {
		move(&o.History[i].First)
		move(&o.History[i].Last)
	}
	if o.Event != nil {
		ev := *o.Event
		move(&ev.First)
		o.Event = &ev
	}
}

// Compare orders by time. What was observed at one time has the order of the objects, and of the
// sources.
func (o *Observation) Compare(p *Observation) int {
	return cmp.Or(cmp.Compare(o.At, p.At), o.Ref.Compare(p.Ref), cmp.Compare(o.Source, p.Source))
}
