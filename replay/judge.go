package replay

import (
	"fmt"
	"strings"

	"fluxtrail/api"
	"fluxtrail/derive"
)

// States are the words for what a report can be judged by, from the mildest to the widest.
func States() []string {
	return []string{"pending", "firing", "stalled", "silent", "stuck", "condition-only", "log-only", "new", "unread", "any"}
}

// Judge says how much there is of each state, and "" where there is nothing of any.
func Judge(rep *api.Report, states []string) string {
	var found []string
	for _, state := range states {
		if n := count(rep, state); n > 0 {
			found = append(found, fmt.Sprintf("%d %s", n, state))
		}
	}
	return strings.Join(found, ", ")
}

// count is how much there is of a state at the end of the window; of "any" it is the incidents in
// all of it. Pending incidents include those that fire. Unread are lines that were not understood
// and files that could not be read.
func count(rep *api.Report, state string) (n int64) {
	firing := rep.Totals.ByState[string(derive.Firing)]
	switch state {
	case "pending":
		return firing + rep.Totals.ByState[string(derive.Pending)]
	case "firing":
		return firing
	case "any":
		return rep.Totals.Incidents
	case "new":
		for _, g := range rep.Errors {
			if g.New {
				n++
			}
		}
	case "unread":
		n = rep.Input.Unparsed
		for _, f := range rep.Input.Files {
			if f.Error != nil {
				n++
			}
		}
	default:
		for i := range rep.Objects {
			if rep.Objects[i].Status == state || rep.Objects[i].Verdict == state {
				n++
			}
		}
	}
	return n
}
