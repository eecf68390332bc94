package replay

import (
	"errors"
	"fmt"
	"strings"

	"fluxtrail/api"
	"fluxtrail/derive"
	"fluxtrail/sinks/report"
)

// StoryOf is the story of the one object of a report that fits the patterns of its kind, namespace
// and name. The report has to have all objects, and transitions. An error says which objects there
// are where none or more than one fits.
func StoryOf(rep *api.Report, wanted Patterns) (*api.Story, error) {
	f := Filter{Objects: []Patterns{wanted}}
	var found, sameKind []string
	var ref api.Ref
	for i := range rep.Objects {
		o := derive.Ref(rep.Objects[i].Ref)
		if f.object(o) {
			ref = rep.Objects[i].Ref
			found = append(found, o.String())
		} else if wanted[:1].fits(o.Kind) {
			sameKind = append(sameKind, o.String())
		}
	}
	const limit = 10
	list := func(names []string) string {
		if len(names) > limit {
			names = append(names[:limit:limit], "…")
		}
		return strings.Join(names, ", ")
	}
	switch {
	case len(found) == 1:
		return report.Story(rep, ref), nil
	case len(found) > 1:
		return nil, fmt.Errorf("more than one object is called that: %s", list(found))
	case len(rep.Objects) == 0:
		return nil, errors.New("there is no Flux object in what was read")
	case len(sameKind) == 0:
		return nil, fmt.Errorf("there is no %s in what was read", strings.Join(wanted, "/"))
	}
	return nil, fmt.Errorf("there is no %s in what was read; of this kind there are %s", strings.Join(wanted, "/"), list(sameKind))
}
