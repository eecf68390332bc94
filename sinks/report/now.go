package report

import (
	"cmp"
	"slices"
	"strings"

	"fluxtrail/api"
)

// entry is one entry of "Now": a root cause, or an object whose cause is not known, with the
// objects that it holds up.
type entry struct {
	Ref    api.Ref
	Object *api.Object // nil for a root cause that is only known from the texts of others
	Held   []*api.Object

	since api.Time // for the order: of the object, or else the earliest of those it holds up
}

// entries groups all objects that need attention under their root causes: what failed before what
// is late or waits, then the widest damage, then the oldest.
func entries(r *api.Report) []entry {
	known := make(map[api.Ref]*api.Object, len(r.Objects))
	for i := range r.Objects {
		known[r.Objects[i].Ref] = &r.Objects[i]
	}
	groups := map[api.Ref]*entry{}
	for i := range r.Objects {
		o := &r.Objects[i]
		if _, alarming := alarm(o); !alarming && !statusOf(o.Status).Now {
			continue
		}
		root := rootOf(o)
		e := groups[root]
		if e == nil {
			e = newEntry(root, known[root])
			if root.Kind == controllerKind {
				e.controller(r)
			}
			groups[root] = e
		}
		if root != o.Ref {
			e.Held = append(e.Held, o)
			e.since = earlier(e.since, o.Since)
		}
	}
	return sortEntries(groups)
}

func newEntry(ref api.Ref, o *api.Object) *entry {
	e := &entry{Ref: ref, Object: o}
	if o != nil {
		e.since = o.Since
	}
	return e
}

// controllerKind is the kind of a root cause that is a controller which went quiet as a whole.
const controllerKind = "Controller"

// controller makes the entry of a controller that went quiet: it is silent, since its latest line.
func (e *entry) controller(r *api.Report) {
	e.Object = &api.Object{Ref: e.Ref, Status: "silent", Controller: e.Ref.Name}
	for i := range r.Controllers {
		c := &r.Controllers[i]
		if n := len(c.Gaps); n > 0 && (c.Name == e.Ref.Name || strings.HasPrefix(c.Pod, e.Ref.Name+"-")) &&
			c.Gaps[n-1].From.After(e.Object.Since.Time) {
			e.Object.Since = c.Gaps[n-1].From
		}
	}
	e.since = e.Object.Since
}

func rootOf(o *api.Object) api.Ref {
	if o.RootCause != nil {
		return *o.RootCause
	}
	return o.Ref
}

func earlier(a, b api.Time) api.Time {
	if a.IsZero() || (!b.IsZero() && b.Before(a.Time)) {
		return b
	}
	return a
}

func sortEntries(groups map[api.Ref]*entry) []entry {
	out := make([]entry, 0, len(groups))
	for _, e := range groups {
		slices.SortFunc(e.Held, func(a, b *api.Object) int {
			return cmp.Or(cmp.Compare(statusIndex(a.Status), statusIndex(b.Status)), compareRef(a.Ref, b.Ref))
		})
		out = append(out, *e)
	}
	slices.SortFunc(out, func(a, b entry) int {
		return cmp.Or(
			cmp.Compare(urgency(a.status()), urgency(b.status())),
			cmp.Compare(len(b.Held), len(a.Held)),
			a.since.Compare(b.since.Time),
			compareRef(a.Ref, b.Ref))
	})
	return out
}

// status is the status of the entry's object.
func (e *entry) status() statusInfo {
	if e.Object == nil {
		return statusOf("unknown")
	}
	return shownStatus(e.Object)
}

// shownStatus is the object's status, or the verdict where that is worse.
func shownStatus(o *api.Object) statusInfo {
	if v, alarming := alarm(o); alarming {
		return statusInfo{v.Name, v.Sign, v.Tone, true, "#8b1a5c"}
	}
	return statusOf(o.Status)
}

// urgency puts what has failed before what is only late or waits.
func urgency(s statusInfo) int {
	if s.Now && s.Tone == warn {
		return 1
	}
	return 0
}

func compareRef(a, b api.Ref) int {
	return cmp.Or(strings.Compare(a.Kind, b.Kind), strings.Compare(a.Namespace, b.Namespace),
		strings.Compare(a.Name, b.Name))
}
