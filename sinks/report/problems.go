package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"fluxtrail/api"
)

// problem is one entry of "Now": a root cause (or an object without one) with the objects that it holds up. The texts
// are ready to be shown, but not escaped.
type problem struct {
	Ref      api.Ref
	Status   string
	Seen     bool // false for a root cause that is only known from the texts of others
	Since    string
	For      string
	Reason   string
	First    string // the first error
	Latest   string // the latest one, empty when it is the same
	BrokeAt  string
	LastGood string
	Culprit  string
	Tries    string
	Next     string
	Incident string // id of the open incident
	Held     []*api.Object

	since  api.Time
	object *api.Object
}

// problems groups all objects that need attention under their root causes: the widest damage first, then the oldest. Only the first limit of
// them get their texts (all for a negative limit).
func problems(r *api.Report, limit int) []problem {
	c := newClock(r.Window)
	known := make(map[api.Ref]*api.Object, len(r.Objects))
	groups := map[api.Ref]*problem{}
	for i := range r.Objects {
		known[r.Objects[i].Ref] = &r.Objects[i]
	}
	for i := range r.Objects {
		o := &r.Objects[i]
		if !statusOf(o.Status).Now {
			continue
		}
		root := rootOf(o)
		g := groups[root]
		if g == nil {
			g = newProblem(root, known[root])
			groups[root] = g
		}
		if root != o.Ref {
			g.Held = append(g.Held, o)
			g.since = earlier(g.since, o.Since)
		}
	}
	out := sortProblems(groups)
	for i := range out {
		if limit >= 0 && i >= limit {
			break
		}
		out[i].explain(c)
	}
	return out
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

func sortProblems(groups map[api.Ref]*problem) []problem {
	out := make([]problem, 0, len(groups))
	for _, g := range groups {
		slices.SortFunc(g.Held, func(a, b *api.Object) int {
			return cmp.Or(cmp.Compare(statusIndex(a.Status), statusIndex(b.Status)), compareRef(a.Ref, b.Ref))
		})
		out = append(out, *g)
	}
	slices.SortFunc(out, func(a, b problem) int {
		return cmp.Or(
			cmp.Compare(urgency(a.Status), urgency(b.Status)),
			cmp.Compare(len(b.Held), len(a.Held)),
			a.since.Compare(b.since.Time),
			compareRef(a.Ref, b.Ref))
	})
	return out
}

// urgency puts what has failed before what is only late or waits.
func urgency(status string) int {
	if s := statusOf(status); s.Now && s.Tone == warn {
		return 1
	}
	return 0
}

func compareRef(a, b api.Ref) int {
	return cmp.Or(strings.Compare(a.Kind, b.Kind), strings.Compare(a.Namespace, b.Namespace), strings.Compare(a.Name, b.Name))
}

func newProblem(ref api.Ref, o *api.Object) *problem {
	if o == nil {
		return &problem{Ref: ref, Status: "unknown"}
	}
	p := &problem{Ref: ref, Status: o.Status, Seen: true, since: o.Since, object: o}
	if o.Status == "silent" && !o.SilentSince.IsZero() {
		p.since = o.SilentSince
	}
	if o.Incident != nil {
		p.since = earlier(p.since, o.Incident.OpenedAt)
	}
	return p
}

// explain fills in the texts.
func (p *problem) explain(c clock) {
	o := p.object
	if o == nil {
		return
	}
	p.Reason, p.First, p.LastGood, p.Next = oneLine(deref(o.Reason)), visible(o.MessageLatest), deref(o.LastGoodRevision), c.due(o.NextRun)
	if o.Attempts.Failed > 0 {
		p.Tries = many(o.Attempts.Failed, "failed run", "failed runs")
	}
	if o.Status == "stalled" {
		p.Next = "none: it waits until the object or its source is changed"
	}
	if o.Incident != nil {
		p.addIncident(o.Incident)
	}
	p.LastGood = shortRevision(p.LastGood)
	p.Since, p.For = c.at(p.since), c.age(p.since)
}

// addIncident prefers what the incident knows: it began with the first failure, the status may be younger.
func (p *problem) addIncident(i *api.Incident) {
	p.Incident = i.ID
	p.Reason = cmp.Or(oneLine(i.Reason), p.Reason)
	p.First = cmp.Or(visible(i.ErrorFirst), p.First)
	if last := visible(i.ErrorLast); withoutDigits(last) != withoutDigits(p.First) {
		p.Latest = last
	}
	p.BrokeAt = shortRevision(deref(i.FirstRevision))
	p.LastGood = cmp.Or(deref(i.LastGoodRevision), p.LastGood)
	if i.Culprit != nil {
		p.Culprit = oneLine(i.Culprit.String())
	}
	if i.Attempts > 0 {
		p.Tries = many(i.Attempts, "failed run", "failed runs")
	}
	if i.Flaps > 0 {
		p.Tries += ", " + many(i.Flaps, "flap", "flaps")
	}
}

// withoutDigits makes texts equal that differ in a duration or a temporary path only: nobody needs to read both.
func withoutDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return -1
		}
		return r
	}, s)
}

// verdict is the first line of every report.
func verdict(r *api.Report, ps []problem) string {
	if len(r.Objects) == 0 {
		if r.Input.Lines == 0 {
			return "Nothing was read."
		}
		return "No Flux objects in this input."
	}
	n := countStatuses(r.Objects)
	var parts []string
	for _, s := range statuses {
		if n[s.Name] > 0 {
			parts = append(parts, fmt.Sprintf("%s %s", count(n[s.Name]), s.Name))
		}
	}
	text := strings.Join(parts, ", ")
	if roots := rootCauses(ps); roots > 0 {
		return text + " — " + many(int64(roots), "root cause", "root causes")
	}
	return "Nothing is failing: " + text
}

// verdictMark is the sign that goes with the verdict.
func verdictMark(r *api.Report, ps []problem) (string, tone) {
	switch {
	case len(r.Objects) == 0:
		return "·", strong
	case len(ps) == 0:
		return "✓", good
	}
	return statusOf(ps[0].Status).Mark, statusOf(ps[0].Status).Tone
}

func countStatuses(objects []api.Object) map[string]int64 {
	n := map[string]int64{}
	for i := range objects {
		n[statusOf(objects[i].Status).Name]++
	}
	return n
}

// rootCauses counts the problems that are more than a broken promise.
func rootCauses(ps []problem) int {
	n := 0
	for _, p := range ps {
		if p.Status != "silent" || len(p.Held) > 0 {
			n++
		}
	}
	return n
}
