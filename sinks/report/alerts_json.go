package report

import (
	"slices"

	"fluxtrail/api"
)

// alerting is what there is to say beside the alerts themselves.
type alerting struct {
	Rules     []string        `json:"rules"`
	Grid      api.AlertGrid   `json:"grid"`
	Told      int64           `json:"told"`      // alerts of which somebody was told
	Inhibited int64           `json:"inhibited"` // alerts that fired and were never told
	Omitted   int64           `json:"omitted"`
	Downtimes []api.Gap       `json:"downtimes"`
	Silent    []api.Unalerted `json:"silent"`
	Failed    []api.RuleError `json:"failed"`
	Unsampled []string        `json:"unsampled"`
	Changes   *changes        `json:"changes"`
}

// changes has lists where api.AlertChanges may have none.
type changes struct {
	Old   []string         `json:"old_rules"`
	Gone  []api.Alert      `json:"gone"`
	New   []api.Alert      `json:"new"`
	Moved []api.AlertMoved `json:"moved"`
	Same  int64            `json:"same"`
}

// alerts writes what rules would have done.
func (j *jsonWriter) alerts(a *api.Alerts) {
	told, inhibited := a.Told()
	v := alerting{
		orEmpty(a.Rules), a.Grid, told, inhibited, a.Omitted, orEmpty(a.Downtimes), orEmpty(a.Silent), orEmpty(a.Failed),
		orEmpty(a.Unsampled), nil,
	}
	if c := a.Changes; c != nil {
		v.Changes = &changes{orEmpty(c.Old), filledAlerts(c.Gone), filledAlerts(c.New), orEmpty(c.Moved), c.Same}
		for i := range v.Changes.Moved {
			m := &v.Changes.Moved[i]
			m.Old, m.New = filledAlert(m.Old), filledAlert(m.New)
		}
	}
	j.field(",", "alerting", v)
	list(j, "alerts", slices.Values(a.List), func(b []byte, x *api.Alert) ([]byte, error) {
		v := filledAlert(*x)
		return marshal(b, &v)
	})
}

func filledAlerts(list []api.Alert) []api.Alert {
	out := []api.Alert{}
	for _, a := range list {
		out = append(out, filledAlert(a))
	}
	return out
}

// filledAlert has no null where a list or a set of labels is.
func filledAlert(a api.Alert) api.Alert {
	a.InhibitedBy = orEmpty(a.InhibitedBy)
	if a.Annotations == nil {
		a.Annotations = map[string]string{}
	}
	return a
}
