package alerts

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"

	"fluxtrail/api"
	"fluxtrail/derive"
	"fluxtrail/derive/export"
	"fluxtrail/sinks/prom"
)

// maxCanceled bounds the alerts in the list that never fired.
const maxCanceled = 5000

// list makes alerts of lives.
func list(lives []*life) (all []api.Alert) {
	for _, l := range lives {
		all = append(all, l.alert())
	}
	return all
}

func (l *life) alert() api.Alert {
	a := api.Alert{
		Name: l.rule, Labels: l.labels, Annotations: l.notes, ActiveAt: api.Time{Time: l.active},
		FiredAt: api.Time{Time: l.fired}, ResolvedAt: api.Time{Time: l.resolved}, State: "firing",
	}
	if !math.IsNaN(l.value) && !math.IsInf(l.value, 0) {
		a.Value = &l.value
	}
	switch {
	case l.fired.IsZero() && l.resolved.IsZero():
		a.State = "pending"
	case l.fired.IsZero():
		a.State = "canceled"
	case !l.resolved.IsZero():
		a.State = "resolved"
	}
	return a
}

// grid says when was sampled and evaluated.
func (r *Recorder) grid() api.AlertGrid {
	g := api.AlertGrid{
		Scrape: r.opt.Scrape.Seconds(), From: export.Time(r.target.begun), To: export.Time(r.scraped),
	}
	var words []string
	for _, d := range r.sets[0].intervals() {
		g.Evaluation = append(g.Evaluation, d.Seconds())
		words = append(words, short(d))
	}
	g.Chosen = fmt.Sprintf("scraped every %s, evaluated every %s, at whole multiples of these; "+
		"a Prometheus with the same intervals has an offset of its own, and may be one of them later",
		short(r.opt.Scrape), strings.Join(words, " or "))
	return g
}

// short is a span without zeros behind it.
func short(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = s[:len(s)-2]
	}
	if strings.HasSuffix(s, "h0m") {
		s = s[:len(s)-2]
	}
	return s
}

// failures are the rules that could not be evaluated.
func (e *evaluation) failures() (all []api.RuleError) {
	for _, name := range slices.Sorted(maps.Keys(e.failed)) {
		f := e.failed[name]
		all = append(all, api.RuleError{Rule: f.rule, Error: f.text, First: api.Time{Time: f.first}, Times: f.times})
	}
	return all
}

// unsampled are the metrics that rules name and that there never was a sample of.
func (r *Recorder) unsampled() []string {
	var out []string
	for _, e := range r.sets[0].set.exprs {
		parser.Inspect(e, func(n parser.Node, _ []parser.Node) error {
			if v, ok := n.(*parser.VectorSelector); ok {
				out = append(out, nameOf(v))
			}
			return nil
		})
	}
	out = slices.DeleteFunc(out, func(name string) bool {
		return name == "" || prom.Has(name) || r.sets[0].set.names[name] || r.target.had[name]
	})
	slices.Sort(out)
	return slices.Compact(out)
}

// nameOf is the name that a selector is for, "" for one that is for several.
func nameOf(v *parser.VectorSelector) string {
	for _, m := range v.LabelMatchers {
		if m.Name == model.MetricNameLabel && m.Type == labels.MatchEqual {
			return m.Value
		}
	}
	return ""
}

// objectOf is the object that an alert is about. The labels are those of our families, and of the
// exporters that rules can read instead.
func objectOf(a *api.Alert) (api.Ref, bool) {
	l := a.Labels
	ref := api.Ref{
		Kind:      cmp.Or(l["kind"], l["customresource_kind"]),
		Namespace: cmp.Or(l["exported_namespace"], l["namespace"]), Name: cmp.Or(l["exported_name"], l["name"]),
	}
	return ref, ref.Kind != "" && ref.Name != ""
}

// assign gives each alert its incident, and names the incidents that no alert told of. An alert
// belongs to the latest incident of its object that was open while it was active. The metrics have
// an incident until its success has held, and samples come late: that is what late allows for.
func assign(out *api.Alerts, incidents func(func(api.Incident) bool), late time.Duration) {
	of := map[api.Ref][]*api.Alert{}
	for i := range out.List {
		if ref, ok := objectOf(&out.List[i]); ok {
			of[ref] = append(of[ref], &out.List[i])
		}
	}
	for i := range incidents {
		if string(derive.Withdrawn) == i.State {
			continue
		}
		told := false
		for _, a := range of[i.Ref] {
			if overlap(a.ActiveAt, a.ResolvedAt, i.OpenedAt, later(i.ResolvedAt, late)) {
				if a.Incident == nil || !i.OpenedAt.After(a.ActiveAt.Time) {
					a.Incident = &i.ID
				}
				told = told || !a.FiredAt.IsZero()
			}
		}
		if !told {
			out.Silent = append(out.Silent, unalerted(&i, of))
		}
	}
}

func unalerted(i *api.Incident, of map[api.Ref][]*api.Alert) api.Unalerted {
	u := api.Unalerted{Incident: i.ID, Ref: i.Ref, OpenedAt: i.OpenedAt, ResolvedAt: i.ResolvedAt}
	if i.RootCause == nil {
		return u
	}
	for _, a := range of[*i.RootCause] {
		if !a.FiredAt.IsZero() && overlap(a.ActiveAt, a.ResolvedAt, i.OpenedAt, i.ResolvedAt) {
			u.Root = i.RootCause
		}
	}
	return u
}

func later(t api.Time, by time.Duration) api.Time {
	if t.IsZero() {
		return t
	}
	return api.Time{Time: t.Add(by)}
}

// overlap reports whether two spans have a moment in common; one without an end goes on.
func overlap(from, to, from2, to2 api.Time) bool {
	return (to.IsZero() || !from2.After(to.Time)) && (to2.IsZero() || !from.After(to2.Time))
}

// compare tells what changed between the alerts of two sets. Alerts are the same when they have the
// same labels and overlap.
func compare(rules []string, old, now []api.Alert) *api.AlertChanges {
	c := &api.AlertChanges{Old: rules}
	old, now = fired(old), fired(now)
	left := map[string][]api.Alert{}
	for _, a := range old {
		left[key(&a)] = append(left[key(&a)], a)
	}
	for _, b := range now {
		k := key(&b)
		i := slices.IndexFunc(left[k], func(a api.Alert) bool { return overlap(a.ActiveAt, a.ResolvedAt, b.ActiveAt, b.ResolvedAt) })
		if i < 0 {
			c.New = append(c.New, b)
			continue
		}
		a := left[k][i]
		left[k] = slices.Delete(left[k], i, i+1)
		if a.FiredAt.Equal(b.FiredAt.Time) && a.ResolvedAt.Equal(b.ResolvedAt.Time) {
			c.Same++
		} else {
			c.Moved = append(c.Moved, api.AlertMoved{Old: a, New: b})
		}
	}
	for _, a := range old {
		if slices.ContainsFunc(left[key(&a)], func(b api.Alert) bool { return b.ActiveAt.Equal(a.ActiveAt.Time) }) {
			c.Gone = append(c.Gone, a)
		}
	}
	return c
}

func fired(all []api.Alert) []api.Alert {
	return slices.DeleteFunc(slices.Clone(all), func(a api.Alert) bool { return a.FiredAt.IsZero() })
}

// key is an alert's identity for a comparison: severity may change, and object and name may not.
func key(a *api.Alert) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(a.Labels)) {
		if name != "severity" {
			fmt.Fprintf(&b, "%s=%q,", name, a.Labels[name])
		}
	}
	return b.String()
}
