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
	for i := range b.View.Objects {
		s := &b.View.Objects[i]
		if s.Incident == nil || s.Incident.Healing != 0 || s.Root != (derive.Ref{}) || !b.filter.object(s.Ref) {
			continue
		}
		if cause := failure.Outside(s.Incident.ErrorLast); cause != "" {
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
