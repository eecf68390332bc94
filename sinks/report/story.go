package report

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"fluxtrail/api"
)

// Story puts together what a report tells of one object. The report has to have all objects, and
// transitions. It is nil when the object is not among them.
func Story(r *api.Report, ref api.Ref) *api.Story {
	known := make(map[api.Ref]*api.Object, len(r.Objects))
	for i := range r.Objects {
		known[r.Objects[i].Ref] = &r.Objects[i]
	}
	o := known[ref]
	if o == nil {
		return nil
	}
	s := &api.Story{
		Schema: api.StorySchema, Window: r.Window, Object: *o, Incident: o.Incident, Chain: []api.Link{}, Blocks: []api.Link{},
		Timeline: momentsOf(r, ref), Commands: orEmpty(commands(ref)),
		Input: api.StoryInput{Records: r.Input.Records, Conditions: orEmpty(r.Input.Conditions)},
	}
	for _, next := range o.Chain {
		s.Chain = append(s.Chain, linkTo(next, known[next]))
	}
	for i := range r.Objects {
		if other := &r.Objects[i]; slices.Contains(other.Chain, ref) {
			s.Blocks = append(s.Blocks, linkTo(other.Ref, other))
		}
	}
	return s
}

// linkTo is another object in a story; o is nil for one that is only known by its name.
func linkTo(ref api.Ref, o *api.Object) api.Link {
	l := api.Link{Ref: ref}
	if o == nil {
		return l
	}
	l.Status, l.Verdict, l.Since, l.Reason, l.Explanation = o.Status, o.Verdict, o.Since, o.Reason, o.Explanation
	l.Message = o.MessageLatest
	if o.Incident != nil {
		l.Message = cmp.Or(o.Incident.ErrorLast, l.Message)
	}
	return l
}

// momentsOf is what happened to an object, without the attempts that changed nothing: from Ready
// over Progressing to Ready.
func momentsOf(r *api.Report, ref api.Ref) []api.Moment {
	all := []api.Moment{}
	for t := range each(r.Transitions) {
		n := len(all)
		if t.Ref != ref {
			continue
		}
		m := api.Moment{At: t.At, What: "status", Status: t.Status, Ready: t.Ready, Reason: t.Reason}
		switch {
		case n > 0 && all[n-1].Status == m.Status:
			continue
		case n > 1 && all[n-1].Status == "progressing" && all[n-2].Status == m.Status && deref(all[n-2].Reason) == deref(m.Reason):
			all = all[:n-1]
			continue
		}
		all = append(all, m)
	}
	for i := range each(r.Incidents) {
		if i.Ref != ref {
			continue
		}
		all = append(all, api.Moment{At: i.OpenedAt, What: "opened", Reason: &i.ReasonFirst, Text: i.ErrorFirst})
		if !isOpen(&i) {
			all = append(all, api.Moment{At: i.ResolvedAt, What: i.State, Reason: i.ClosedReason})
		}
	}
	slices.SortStableFunc(all, func(a, b api.Moment) int { return a.At.Compare(b.At.Time) })
	return all
}

// StoryNames are the forms of a story.
func StoryNames() []string { return []string{"text", "json"} }

// WriteStory writes a story as JSON, or for people. The error is the writer's.
func WriteStory(w io.Writer, s *api.Story, asJSON bool, opt Look) error {
	if !asJSON {
		return writeStory(w, s, opt)
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(s)
}

func writeStory(w io.Writer, s *api.Story, opt Look) error {
	p := &printer{w: bufio.NewWriter(w), width: max(60, cmp.Or(opt.Width, 100)), color: opt.Color,
		limit: defaultLimit(opt.Limit, 20), clock: newClock(s.Window, opt.Zone)}
	p.story(s)
	return p.w.Flush()
}

func (p *printer) story(s *api.Story) {
	o := &s.Object
	v := verdictOf(o.Verdict)
	p.line("%s  %s", p.paint(v.Tone, v.Sign+" "+v.Name), p.paint(strong, oneLine(o.Ref.String())))
	p.lines(plain, "  ", visible(o.Explanation))
	p.section("Evidence", "")
	p.logSide(o)
	p.conditionSide(o.Condition)
	facts := factList{clock: p.clock}
	facts.revisions(o)
	facts.tries(o)
	facts.next(o)
	for i := range facts.list {
		p.fact(&facts.list[i])
	}
	p.links("Cause", "what holds it up, up to the root cause", s.Chain, "Nothing else is known to hold it up.")
	p.links("Holds up", "", s.Blocks, "Nothing is known to wait for it.")
	p.moments(s.Timeline)
	p.section("Look further", "")
	for _, c := range s.Commands {
		p.line("  %s", c)
	}
}

// logSide tells what the log says.
func (p *printer) logSide(o *api.Object) {
	l := factList{clock: p.clock}
	if o.Incident != nil {
		l.errors(o.Incident)
		l.culprit(o.Incident)
	} else {
		l.why(o)
	}
	l.trail(latestLine(o))
	if len(l.list) == 0 {
		p.lines(plain, label("log"), "tells of no attempt of it")
	}
	for i := range l.list {
		p.fact(&l.list[i])
	}
}

// conditionSide tells what the condition says.
func (p *printer) conditionSide(c *api.Condition) {
	if c == nil {
		p.lines(plain, label("condition"), "not asked for: --conditions reads what kubectl printed, or metrics")
		return
	}
	text := "Ready " + c.Ready
	if c.Reason != "" {
		text += ", " + oneLine(c.Reason)
	}
	if !c.Since.IsZero() {
		text += ", since " + p.clock.at(c.Since)
	}
	p.lines(plain, label("condition"), text+", observed at "+p.clock.at(c.At))
	if c.Message != "" {
		p.clipped(label(""), oneLine(visible(c.Message)), 4)
	}
	p.line("%s%s", p.paint(dim, label("")), oneLine(c.Source))
}

func (p *printer) links(title, note string, links []api.Link, none string) {
	p.section(title, note)
	if len(links) == 0 {
		p.line("  %s", none)
	}
	shown, more := limited(links, p.limit)
	for i := range shown {
		l := &shown[i]
		if l.Verdict == "" {
			p.line("  · %s  not in this log", oneLine(l.Ref.String()))
			continue
		}
		v := verdictOf(l.Verdict)
		p.line("  %s  %s since %s", p.paint(v.Tone, v.Sign+" "+oneLine(l.Ref.String())), v.Name, p.clock.at(l.Since))
		p.lines(dim, "    ", visible(l.Explanation))
		if l.Message != "" {
			p.clipped("    ", oneLine(visible(l.Message)), 3)
		}
	}
	p.more("  ", more)
}

// moments writes the latest entries of the timeline.
func (p *printer) moments(all []api.Moment) {
	p.section("Timeline", "")
	if len(all) == 0 {
		p.line("  Nothing changed.")
	}
	if p.limit >= 0 && len(all) > p.limit {
		p.line("  %s", p.paint(dim, fmt.Sprintf("…%s before (--all)", many(len(all)-p.limit, "change", "changes"))))
		all = all[len(all)-p.limit:]
	}
	for i := range all {
		m := &all[i]
		head := "  " + p.clock.at(m.At) + "  "
		p.lines(plain, head, shorten(happened(m), 2*(p.width-columns(head))))
	}
}

// happened is an entry of the timeline in words.
func happened(m *api.Moment) string {
	reason := oneLine(deref(m.Reason))
	switch m.What {
	case "opened":
		return "it begins to fail: " + because(reason, visible(m.Text))
	case "resolved":
		return "it has recovered"
	case "closed":
		return "its failing is over: " + reason
	}
	if reason != "" {
		reason = ", " + reason
	}
	return m.Status + " (Ready " + m.Ready + reason + ")"
}
