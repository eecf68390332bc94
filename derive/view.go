package derive

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"time"
)

// View is everything that an Engine knows at an instant, in a fixed order. It shares memory with the Engine: it is valid until the next Add
// or Advance.
type View struct {
	At       int64
	Objects  []Seen      // by Ref
	Open     []*Incident // by opening, then Ref; IDs set
	Errors   []*ErrorGroup
	Pods     []*Pod    // by controller, then name
	Silences []Silence // by due time, then Ref
}

// Seen is an object as seen at the View's instant.
type Seen struct {
	*Object
	Status      Status // as the Object's, or Silent
	Ready       string
	Since       int64
	SilentSince int64 // when the broken promise was due, 0 for none
	Root        Ref
}

// Settle ends a replay: no record will come any more. What is pending is believed, and a success counts as one that held.
func (e *Engine) Settle() {
	e.due(math.MaxInt64)
	for _, o := range e.inOrder() {
		if o.block != (Ref{}) {
			o.accuse(e)
		}
	}
}

// inOrder gives all objects by Ref. None is ever replaced, and Forget, which takes some away, begins anew: so their number tells whether there are
// new ones.
func (e *Engine) inOrder() []*Object {
	if len(e.sorted) != len(e.objects) {
		e.sorted = slices.SortedFunc(maps.Values(e.objects), func(a, b *Object) int { return a.Ref.Compare(b.Ref) })
	}
	return e.sorted
}

// View shows the state at the engine's time.
func (e *Engine) View() View {
	v := View{At: e.now, Objects: make([]Seen, 0, len(e.objects))}
	for _, o := range e.inOrder() {
		v.Objects = append(v.Objects, e.seen(o))
	}
	for i := range v.Objects {
		s := &v.Objects[i]
		if s.SilentSince != 0 {
			v.Silences = append(v.Silences, Silence{s.Ref, s.Promise, 0, s.broken + 1})
		} else if s.broken > 0 {
			silence := s.silence
			silence.Times = s.broken
			v.Silences = append(v.Silences, silence)
		}
	}
	slices.SortFunc(v.Silences, func(a, b Silence) int { return cmp.Or(cmp.Compare(a.Due, b.Due), a.Object.Compare(b.Object)) })
	for _, o := range e.failing {
		o.Incident.ID = incidentID(o.Ref, o.Incident.OpenedAt)
		if !o.Incident.brief(e.now) {
			v.Open = append(v.Open, o.Incident)
		}
	}
	slices.SortFunc(v.Open, func(a, b *Incident) int {
		return cmp.Or(cmp.Compare(a.OpenedAt, b.OpenedAt), a.Object.Compare(b.Object))
	})
	v.Errors = e.sortedErrors()
	v.Pods = e.sortedPods()
	return v
}

// brief reports a wait that is too short to be called an incident yet.
func (i *Incident) brief(now int64) bool { return i.waitOnly && now-i.OpenedAt < int64(shortWait) }

func (e *Engine) seen(o *Object) Seen {
	s := Seen{Object: o, Status: o.Status, Ready: o.Ready, Since: o.Since}
	if o.Status != Suspended && o.Status != Deleted && o.Promise.Broken(e.now, e.cfg.Grace) {
		s.Status, s.Since, s.SilentSince = Silent, o.Promise.Due, o.Promise.Due
	}
	if o.block != (Ref{}) {
		s.Root = e.root(o)
	}
	return s
}

func (e *Engine) sortedErrors() []*ErrorGroup {
	var out []*ErrorGroup
	for _, g := range e.errors {
		out = append(out, g)
	}
	slices.SortFunc(out, func(a, b *ErrorGroup) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.First, b.First), cmp.Compare(a.Fingerprint, b.Fingerprint))
	})
	return out
}

// Instant is a time of this package as a time.Time in UTC; the zero Time for 0.
func Instant(ns int64) time.Time {
	if ns == 0 {
		return time.Time{}
	}
	return time.Unix(0, ns).UTC()
}

// BeginWindow forgets what was counted so far, but not the state: from here on counts, errors, silences and durations are those of the
// window that begins now. Each object whose state is known gets a transition at its beginning.
func (e *Engine) BeginWindow() {
	e.errors = map[string]*ErrorGroup{}
	for _, o := range e.objects {
		o.Counts, o.Durations, o.Between = Counts{}, Samples{}, Samples{}
		o.silence, o.broken = Silence{}, 0
		o.run.open, o.before.open = false, false
		if o.Status != Unknown {
			e.transitions = append(e.transitions, Transition{e.now, o.Ref, o.Ready, o.Status, o.Reason, o.Revision})
		}
	}
	slices.SortStableFunc(e.transitions, func(a, b Transition) int { return cmp.Or(cmp.Compare(a.At, b.At), a.Object.Compare(b.Object)) })
	for _, p := range e.pods {
		p.PodCounts, p.Gaps = PodCounts{}, nil
	}
}
