package replay

import (
	"slices"
	"strings"

	"fluxtrail/derive"
	"fluxtrail/parse"
)

// Filter says what of a replay is reported. It never hides a line from the derivation: causes lie outside what one asks for.
type Filter struct {
	Kinds, Namespaces, Names, Controllers Words
	Since, Until                          int64 // Unix nanoseconds; 0 for none
	OnlyFailing                           bool  // leaves out objects that are well
}

// Words are the values that are wanted, in any case of letters; none means all.
type Words []string

func (w Words) has(s string) bool {
	return len(w) == 0 || slices.ContainsFunc(w, func(v string) bool { return strings.EqualFold(v, s) })
}

func (f *Filter) object(r derive.Ref) bool {
	if len(f.Kinds)+len(f.Namespaces)+len(f.Names)+len(f.Controllers) == 0 {
		return true
	}
	return f.Kinds.has(r.Kind) && f.Namespaces.has(r.Namespace) && f.Names.has(r.Name) && f.Controllers.has(parse.ControllerOf(r.Kind))
}

// incident keeps an incident also for those whom it hits: who asks for a failing object wants to see its cause.
func (f *Filter) incident(i *derive.Incident) bool {
	return f.object(i.Object) || slices.ContainsFunc(i.Affected, f.object)
}

// status reports whether an object in this state is listed.
func (f *Filter) status(s derive.Status) bool {
	switch s {
	case derive.Failing, derive.Stalled, derive.Silent, derive.Waiting:
		return true
	}
	return !f.OnlyFailing
}
