package report

import (
	"fmt"

	"fluxtrail/api"
)

// entryCard is an entry of "Now" as the page shows it.
type entryCard struct {
	*entry
	Info     statusInfo
	Facts    []fact
	Since    part
	For      string
	Evidence []evidenceLine
	Incident string // id of its incident where the page has that, "" otherwise
	More     int    // held objects left out
}

// incidentCard is one incident in the list, with all that is known about it.
type incidentCard struct {
	*api.Incident
	Facts          []fact
	Info           stateInfo
	Word           string
	Now            string // the object's status at the end, for the filter
	Opened, Closed part
	Took           string
	Caused         bool // stands below its cause
	Evidence       []evidenceLine
	Others         []api.Ref
	More           int
}

type evidenceLine struct {
	Where       string
	At          part
	ReconcileID string
	Text        string
}

type errorCard struct {
	*api.ErrorGroup
	Text              string
	Times             phrase
	Names             []api.Ref
	More              int
	Kinds, Namespaces string
}

const (
	errorLength    = 8000 // characters of one error text on the page
	evidenceLength = 2000
	namesShown     = 20
)

func (p *page) addEntries(c clock, found []entry, limit int) {
	here := map[string]bool{}
	for i := range p.Incidents {
		here[p.Incidents[i].ID] = true
	}
	found, more := limited(found, limit)
	for i := range found {
		e := &found[i]
		card := entryCard{entry: e, Info: e.status(), Facts: shortened(entryFacts(c, e))}
		if o := e.Object; o != nil {
			card.Since, card.For = c.when(o.Since), c.age(o.Since)
			if o.Incident != nil {
				card.Evidence = evidenceLines(c, o.Incident)
				if here[o.Incident.ID] {
					card.Incident = o.Incident.ID
				}
			}
		}
		e.Held, card.More = limited(e.Held, namesShown)
		p.Entries = append(p.Entries, card)
	}
	if more > 0 {
		p.Notes = append(p.Notes, fmt.Sprintf("%s more entries of Now are in the JSON report only.", count(more)))
	}
}

// shortened bounds the texts of facts.
func shortened(facts []fact) []fact {
	for i := range facts {
		for n := range facts[i].Text {
			facts[i].Text[n].Text = shorten(facts[i].Text[n].Text, errorLength)
		}
	}
	return facts
}

func evidenceLines(c clock, i *api.Incident) []evidenceLine {
	var out []evidenceLine
	for n := range i.Evidence {
		l := &i.Evidence[n]
		out = append(out, evidenceLine{
			Where: fmt.Sprintf("%s:%d", oneLine(l.File), l.Line), At: c.when(l.At),
			ReconcileID: oneLine(l.ReconcileID), Text: shorten(visible(l.Text), evidenceLength),
		})
	}
	return out
}

// addIncidents lists the incidents group by group until the limit is reached, and frames them on
// the timeline.
func (p *page) addIncidents(c clock, r *api.Report, limit int) {
	groups, _ := incidentGroups(r, limit)
	for n := range groups {
		p.addIncident(c, &groups[n].Incident, false, limit)
		for i := range groups[n].Because {
			p.addIncident(c, &groups[n].Because[i], true, limit)
		}
	}
	p.IncidentNote, p.NoIncident = incidentSummary(r.Totals), noIncident(r)
	if left := r.Totals.Incidents - int64(len(p.Incidents)); left > 0 {
		p.IncidentNote += fmt.Sprintf(" — shown are the open and the newest ones, %s are in the JSON report only",
			count(left))
	}
}

func (p *page) addIncident(c clock, i *api.Incident, caused bool, limit int) {
	if len(p.Incidents) >= limit {
		return
	}
	card := newIncidentCard(c, i)
	card.Caused = caused
	if t := p.Timeline.track(i.Ref); t != nil {
		card.Now = statuses[t.Status].Name
		t.Frames = append(t.Frames, p.Timeline.frame(&card))
	}
	p.Incidents = append(p.Incidents, card)
}

func newIncidentCard(c clock, i *api.Incident) incidentCard {
	card := incidentCard{
		Incident: i, Info: stateOf(i.State), Word: stateWord(i), Facts: shortened(incidentFacts(c, i)),
		Opened: c.when(i.OpenedAt), Closed: words("open"), Took: c.age(i.OpenedAt), Evidence: evidenceLines(c, i),
	}
	if !isOpen(i) {
		card.Closed, card.Took = c.when(i.ResolvedAt), lasted(i.OpenedAt, i.ResolvedAt)
	}
	card.Others, card.More = limited(i.Affected, namesShown)
	return card
}

func (p *page) addErrors(c clock, list []api.ErrorGroup, limit int) {
	list, more := limited(list, limit)
	for i := range list {
		g := &list[i]
		card := errorCard{
			ErrorGroup: g, Text: shorten(visible(g.Example), errorLength), Times: c.between(g.First, g.Last),
			Kinds:      joined(g.Objects, func(r api.Ref) string { return r.Kind }),
			Namespaces: joined(g.Objects, func(r api.Ref) string { return r.Namespace }),
		}
		card.Names, card.More = limited(g.Objects, namesShown)
		p.Errors = append(p.Errors, card)
	}
	if more > 0 {
		p.ErrorNote += fmt.Sprintf(" — the %s most frequent are shown", count(len(p.Errors)))
	}
}
