package replay

import (
	"testing"

	"fluxtrail/api"
)

func TestJudge(t *testing.T) {
	t.Parallel()
	broken := "unexpected EOF"
	rep := &api.Report{
		Objects: []api.Object{{Status: "ready"}, {Status: "silent"}, {Status: "stalled"}, {Status: "stalled"}},
		Errors:  []api.ErrorGroup{{New: true}, {}},
		Input:   api.Input{Unparsed: 3, Files: []api.File{{Error: &broken}, {}}},
		Totals:  api.Totals{Incidents: 9, ByState: map[string]int64{"firing": 2, "pending": 1, "resolved": 6}},
	}
	for want, states := range map[string][]string{
		"2 firing": {"firing"}, "3 pending": {"pending"}, "9 any": {"any"}, "1 new": {"new"},
		"4 unread": {"unread"}, "1 silent, 2 stalled": {"silent", "stalled"}, "": nil,
	} {
		if got := Judge(rep, states); got != want {
			t.Errorf("%v: %q, want %q", states, got, want)
		}
	}
	if got := Judge(&api.Report{}, States()); got != "" {
		t.Errorf("an empty report: %q", got)
	}
}
