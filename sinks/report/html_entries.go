package report

import (
	"fmt"

	"fluxtrail/api"
)

// problemCard is a problem with the number of its incident's entry, -1 when the page has none.
type problemCard struct {
	problem
	Info  statusInfo
	Entry int
	More  int // held objects left out
}

// incidentEntry is one incident in the list, with all that is known about it.
type incidentEntry struct {
	api.Incident
	Number         int
	Mark           string
	Tone           tone
	Now            string // the object's status at the end, for the filter
	State          string
	Opened, Closed string
	Took           string
	Caused         bool // stands below its cause
	Same           bool // first and latest error are the same
	Lines          []evidenceLine
	Others         []api.Ref
	More           int
}

type evidenceLine struct{ Where, At, Text string }

type errorEntry struct {
	api.ErrorGroup
	Times             string
	Names             []api.Ref
	More              int
	Kinds, Namespaces string
}

const (
	errorLength    = 8000 // characters of one error text on the page
	evidenceLength = 2000
	namesShown     = 20
)

func (p *page) addProblems(c clock, found []problem, limit int) {
	found, more := limited(found, limit)
	for i := range found {
		q := found[i]
		card := problemCard{problem: q, Info: statusOf(q.Status), Entry: -1}
		card.First, card.Latest = shorten(q.First, errorLength), shorten(q.Latest, errorLength)
		card.Held, card.More = limited(q.Held, namesShown)
		p.Problems = append(p.Problems, card)
	}
	if more > 0 {
		p.Notes = append(p.Notes, fmt.Sprintf("%s more problems are in the JSON report only.", count(int64(more))))
	}
}

// addIncidents lists the incidents group by group until the limit is reached, and marks them on the lanes.
func (p *page) addIncidents(c clock, r *api.Report, limit int) {
	groups, _ := incidentGroups(r, limit)
	lanes := map[api.Ref]int{}
	for i := range p.Timeline.Lanes {
		lanes[p.Timeline.Lanes[i].ref] = i
	}
	for n := range groups {
		p.addIncident(c, lanes, &groups[n].Incident, false, limit)
		for i := range groups[n].Because {
			p.addIncident(c, lanes, &groups[n].Because[i], true, limit)
		}
	}
	p.IncidentNote = incidentSummary(r.Totals)
	if left := r.Totals.Incidents - int64(len(p.Incidents)); left > 0 {
		p.IncidentNote += fmt.Sprintf(" — shown are the open and the newest ones, %s are in the JSON report only", count(left))
	}
	p.linkProblems()
}

func (p *page) addIncident(c clock, lanes map[api.Ref]int, i *api.Incident, caused bool, limit int) {
	if len(p.Incidents) >= limit {
		return
	}
	e := newIncidentEntry(c, i)
	e.Number, e.Caused = len(p.Incidents), caused
	if n, ok := lanes[i.Ref]; ok {
		e.Now = statuses[p.Timeline.Lanes[n].Status].Name
		p.Timeline.addMark(n, &e)
	}
	p.Incidents = append(p.Incidents, e)
}

func newIncidentEntry(c clock, i *api.Incident) incidentEntry {
	e := incidentEntry{Incident: *i, State: i.State, Opened: c.at(i.OpenedAt), Closed: "open", Took: c.age(i.OpenedAt), Same: withoutDigits(i.ErrorFirst) == withoutDigits(i.ErrorLast)}
	e.Mark, e.Tone = incidentMark(i.State)
	if i.ClosedReason != nil {
		e.State = oneLine(*i.ClosedReason)
	}
	if !i.ResolvedAt.IsZero() {
		e.Closed, e.Took = c.at(i.ResolvedAt), span(i.ResolvedAt.Sub(i.OpenedAt.Time))
	}
	e.ErrorFirst, e.ErrorLast = shorten(visible(i.ErrorFirst), errorLength), shorten(visible(i.ErrorLast), errorLength)
	for _, l := range i.Evidence {
		e.Lines = append(e.Lines, evidenceLine{fmt.Sprintf("%s:%d", oneLine(l.File), l.Line), c.at(l.At), shorten(visible(l.Text), evidenceLength)})
	}
	e.Others, e.More = limited(i.Affected, namesShown)
	return e
}

func (t *timeline) addMark(lane int, e *incidentEntry) {
	m := mark{Lane: lane, From: max(0, e.OpenedAt.UnixMilli()-t.From), To: t.Span, Open: e.ResolvedAt.IsZero(), Entry: e.Number}
	if !m.Open {
		m.To = min(t.Span, e.ResolvedAt.UnixMilli()-t.From)
	}
	m.Label = fmt.Sprintf("%s incident of %s, %s to %s, %s", e.State, oneLine(e.Ref.String()), e.Opened, e.Closed, oneLine(e.Reason))
	t.Marks = append(t.Marks, m)
}

func (p *page) linkProblems() {
	entry := map[string]int{}
	for i := range p.Incidents {
		entry[p.Incidents[i].ID] = i
	}
	for i := range p.Problems {
		if n, ok := entry[p.Problems[i].Incident]; ok {
			p.Problems[i].Entry = n
		}
	}
}

func (p *page) addErrors(c clock, list []api.ErrorGroup, limit int) {
	list, more := limited(list, limit)
	for _, g := range list {
		e := errorEntry{ErrorGroup: g, Times: c.at(g.First), Kinds: join(g.Objects, func(r api.Ref) string { return r.Kind }), Namespaces: join(g.Objects, func(r api.Ref) string { return r.Namespace })}
		if !g.Last.Equal(g.First.Time) {
			e.Times += " – " + c.at(g.Last)
		}
		e.Example = shorten(visible(g.Example), errorLength)
		e.Names, e.More = limited(g.Objects, namesShown)
		p.Errors = append(p.Errors, e)
	}
	if more > 0 {
		p.ErrorNote += fmt.Sprintf(" — the %s most frequent are shown", count(int64(len(p.Errors))))
	}
}
