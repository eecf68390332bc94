package replay

import (
	"cmp"
	"slices"

	"fluxtrail/api"
	"fluxtrail/derive"
	"fluxtrail/derive/export"
	"fluxtrail/derive/failure"
)

// causes are what is wrong outside of Flux's objects, where more than one of those that the filter
// asks for fails of it and has no other root cause.
func (b *builder) causes() []api.Cause {
	groups := map[string][]derive.Ref{}
	known := map[string]string{} // by text: thousands of objects fail of a few
	for i := range b.View.Objects {
		s := &b.View.Objects[i]
		if s.Incident == nil || s.Incident.Healing != 0 || s.Root != (derive.Ref{}) || !b.filter.object(s.Ref) {
			continue
		}
		text := s.Incident.ErrorLast
		cause, ok := known[text]
		if !ok {
			cause = failure.Outside(text)
			known[text] = cause
		}
		if cause != "" {
			groups[cause] = append(groups[cause], s.Ref)
		}
	}
	out := []api.Cause{}
	for cause, refs := range groups {
		if len(refs) > 1 {
			out = append(out, api.Cause{Cause: cause, Objects: export.Refs(refs)})
		}
	}
	slices.SortFunc(out, func(a, b api.Cause) int {
		return cmp.Or(cmp.Compare(len(b.Objects), len(a.Objects)), cmp.Compare(a.Cause, b.Cause))
	})
	return out
}
