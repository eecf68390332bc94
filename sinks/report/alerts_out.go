package report

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"fluxtrail/api"
)

// postable is an alert as Alertmanager's API takes it (version 2, POST /api/v2/alerts).
type postable struct {
	Labels      map[string]string `json:"labels"`
	Annotations map[string]string `json:"annotations,omitempty"`
	StartsAt    api.Time          `json:"startsAt"`
	EndsAt      api.Time          `json:"endsAt"`
}

// writeAlertmanager writes the alerts that fired as Prometheus would have sent them: from the time
// when they fired to the time when they were resolved. What still fires at the end of the log ends
// as late as Prometheus' last word would have had it.
func writeAlertmanager(w io.Writer, r *api.Report, _ Look) error {
	b := bufio.NewWriter(w)
	before := "["
	if r.Alerts != nil {
		valid := 4 * time.Minute
		for _, s := range r.Alerts.Grid.Evaluation {
			valid = max(valid, time.Duration(4*s*float64(time.Second)))
		}
		for i := range r.Alerts.List {
			a := &r.Alerts.List[i]
			if a.FiredAt.IsZero() {
				continue
			}
			p := postable{a.Labels, a.Annotations, a.FiredAt, a.ResolvedAt}
			if p.EndsAt.IsZero() {
				p.EndsAt = api.Time{Time: r.Alerts.Grid.To.Add(valid)}
			}
			text, err := json.Marshal(p)
			if err != nil {
				return fmt.Errorf("write alerts: %w", err)
			}
			fmt.Fprintf(b, "%s\n%s", before, text)
			before = ","
		}
	}
	if before == "[" {
		b.WriteString("[")
	}
	b.WriteString("\n]\n")
	return b.Flush()
}

// alerts writes the series ALERTS as Prometheus does: 1 while an alert is pending or fires, and
// nothing else.
func (m *metrics) alerts(a *api.Alerts) {
	if a == nil {
		return
	}
	m.family("ALERTS", "gauge", "", "1 while the alert is pending or fires.")
	all := map[string][]change{}
	for i := range a.List {
		x := &a.List[i]
		if pending := alertSeries(x, "pending"); !x.ActiveAt.Equal(x.FiredAt.Time) {
			end := x.FiredAt
			if end.IsZero() {
				end = x.ResolvedAt
			}
			all[pending] = during(all[pending], x.ActiveAt, end)
		}
		if !x.FiredAt.IsZero() {
			firing := alertSeries(x, "firing")
			all[firing] = during(all[firing], x.FiredAt, x.ResolvedAt)
		}
	}
	for _, head := range slices.Sorted(maps.Keys(all)) {
		m.series([]string{head}, all[head])
	}
}

// during is 1 from one time to another.
func during(list []change, from, to api.Time) []change {
	list = put(list, value(from.UnixMilli(), 1))
	if !to.IsZero() {
		list = put(list, change{at: to.UnixMilli(), gap: true})
	}
	return list
}

func alertSeries(a *api.Alert, state string) string {
	labels := maps.Clone(a.Labels)
	labels["alertname"], labels["alertstate"] = a.Name, state
	var b strings.Builder
	b.WriteString("ALERTS{")
	for i, name := range slices.Sorted(maps.Keys(labels)) {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `%s="%s"`, name, escapeLabel(labels[name]))
	}
	return b.String() + "}"
}
