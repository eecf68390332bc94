package derive

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"time"
)

// View is everything that an Engine knows at an instant, in a fixed order. It shares memory with
// the Engine: it is valid until the next Add or Advance.
type View struct {
	At       int64
	Objects  []Seen      // by Ref
	Open     []*Incident // by opening, then Ref; IDs set
	Errors   []*ErrorGroup
	Pods     []*Pod    // by controller, then name
	Gaps     [][]Gap   // of each of the Pods
	Silences []Silence // by due time, then Ref
}

// Seen is an object as seen at the View's instant.
type Seen struct {
	*Object
	Status      Status // as the Object's, or Silent; an object that tries again is Failing
	Reason      string // of the Status
	Ready       string
	Since       int64
	Trying      int64 // since when a failing object is in the middle of its next attempt, 0 for not
	SilentSince int64 // when the broken promise was due, 0 for none
	Root        Ref
	Suspects    []Ref     // one of which it waits for
	Chain       []Ref     // what holds it up, and what holds that up, up to Root; nil without one
	Incident    *Incident // the open one, nil for none or for a wait that is still short

	at    int64             // the View's instant
	spoke int64             // when its controller wrote its latest line, 0 for never
	keep  time.Duration     // as in Config
	grace time.Duration     // likewise
	other func(Ref) *Object // nil for one that is not known
}

// Settle ends a replay: no record will come any more. What is pending is believed, and a success
// counts as one that held.
func (e *Engine) Settle() {
	for _, q := range []*queue{&e.settle, &e.unlogged, &e.healing, &e.over} {
		q.due(e, math.MaxInt64)
	}
	e.settleCauses()
	for _, o := range e.inOrder() {
		e.giveUp(o)
		if o.Block != (Ref{}) {
			e.noteRoot(o)
		}
	}
}

// inOrder is all objects by Ref. No object is ever replaced, and Forget clears the list: so their
// number tells whether there are new ones.
func (e *Engine) inOrder() []*Object {
	if len(e.sorted) != len(e.objects) {
		e.sorted = slices.SortedFunc(maps.Values(e.objects), func(a, b *Object) int { return a.Ref.Compare(b.Ref) })
	}
	return e.sorted
}

// Objects are all objects by Ref. The slice is the engine's.
func (e *Engine) Objects() []*Object { return e.inOrder() }

// View shows the state at the engine's time.
func (e *Engine) View() View {
	v := View{At: e.now, Objects: make([]Seen, 0, len(e.objects)), Errors: e.sortedErrors(), Pods: e.sortedPods()}
	quiet := e.quietControllers()
	for _, p := range v.Pods {
		v.Gaps = append(v.Gaps, e.gapsAt(p, quiet))
	}
	other := func(r Ref) *Object { return e.objects[r] }
	for _, o := range e.inOrder() {
		v.Objects = append(v.Objects, e.seen(o, quiet, other))
	}
	for i := range v.Objects {
		if s := &v.Objects[i]; s.SilentSince != 0 {
			v.Silences = append(v.Silences, Silence{s.Ref, s.Promise, 0, s.Broken + 1})
		} else if s.Broken > 0 {
			silence := s.Silence
			silence.Times = s.Broken
			v.Silences = append(v.Silences, silence)
		}
	}
	slices.SortFunc(v.Silences, func(a, b Silence) int {
		return cmp.Or(cmp.Compare(a.Due, b.Due), a.Object.Compare(b.Object))
	})
	for _, o := range e.sortedFailing() {
		if !o.Incident.short(e.now) {
			o.Incident.identify()
			v.Open = append(v.Open, o.Incident)
		}
	}
	return v
}

// compareIncidents orders by opening, then object.
func compareIncidents(a, b *Incident) int {
	return cmp.Or(cmp.Compare(a.OpenedAt, b.OpenedAt), a.Object.Compare(b.Object))
}

func (e *Engine) seen(o *Object, quiet map[string]*quiet, other func(Ref) *Object) Seen {
	s := Seen{
		Object: o, Status: o.Status, Reason: o.Reason, Ready: o.Ready, Since: o.Since, Incident: o.Incident,
		at: e.now, keep: e.cfg.Keep, grace: e.cfg.Grace, other: other,
	}
	if q := quiet[o.app()]; q != nil {
		s.spoke = q.last
	}
	if o.retrying(e.now) {
		s.Status, s.Reason, s.Trying = Failing, o.Incident.Reason, o.Since
	}
	if e.silent(o) {
		s.Status, s.Since, s.SilentSince = Silent, o.Promise.Due, o.Promise.Due
	}
	if o.Block != (Ref{}) {
		s.Root = e.root(o)
		s.Chain = e.chain(o, s.Root)
	}
	if o.Block == (Ref{}) && o.Status == Waiting {
		slices.SortFunc(o.Suspects, Ref.Compare)
		s.Suspects = o.Suspects
	}
	if o.Incident != nil && o.Incident.short(e.now) {
		s.Incident = nil
	}
	if s.Status == Silent && s.Incident == nil {
		if q := quiet[o.app()]; q != nil && q.whole() && o.Promise.Due >= q.last {
			s.Root = Ref{Kind: causeKind, Name: o.app()}
		}
	}
	return s
}

// atSomeTime is when something came of which no line tells the time, where 0 means that it did not.
const atSomeTime = 1

// Instant is a time of this package as a time.Time in UTC; the zero Time where it is not known.
func Instant(ns int64) time.Time {
	if ns <= atSomeTime {
		return time.Time{}
	}
	return time.Unix(0, ns).UTC()
}

// BeginWindow forgets what was counted so far, but not the state of the objects: from here on
// counts, errors, silences and durations are those of the window that begins now. Each object whose
// status is known gets a transition at its beginning.
func (e *Engine) BeginWindow() {
	e.errors = map[string]*ErrorGroup{}
	for _, o := range e.objects {
		o.Counts, o.Durations, o.Between = Counts{}, Samples{}, Samples{}
		o.Silence, o.Broken = Silence{}, 0
		o.Current.Open, o.Previous.Open = false, false
		if o.Status != Unknown || o.SilentAt != 0 {
			e.transition(o, e.now)
		}
	}
	slices.SortStableFunc(e.transitions, func(a, b Transition) int {
		return cmp.Or(cmp.Compare(a.At, b.At), a.Object.Compare(b.Object))
	})
	for _, p := range e.pods {
		p.PodCounts, p.Gaps = PodCounts{}, nil
	}
}
