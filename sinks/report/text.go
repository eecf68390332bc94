package report

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"strings"

	"fluxtrail/api"
)

// TextOptions say how the terminal report looks. The caller decides about Color from the terminal and NO_COLOR.
type TextOptions struct {
	Width int  // columns; 0 means 100, less than 60 counts as 60
	Color bool // ANSI colours; what they say is always said in words too
	Limit int  // entries per list; 0 means 20, negative all
}

// WriteText writes the report for a terminal: the verdict in the first line, then what fails now, and on to the details.
// Log text is shown without its control characters. The error is the writer's.
func WriteText(w io.Writer, r *api.Report, opt TextOptions) error {
	p := &printer{w: bufio.NewWriter(w), width: max(60, cmp.Or(opt.Width, 100)), color: opt.Color, limit: defaultLimit(opt.Limit, 20), clock: newClock(r.Window)}
	found := problems(r, p.limit)
	_, tone := verdictMark(r, found)
	p.lines(tone, "", verdict(r, found))
	p.lines(dim, "", covered(r))
	p.now(found)
	p.incidents(r)
	p.errors(r)
	p.durations(r)
	p.section("Controllers", "")
	p.table(controllerTable(r.Controllers, p.limit), "No controller wrote to this input.")
	p.section("Silence", "promised runs that did not come in time")
	p.table(silenceTable(r.Window, r.Silences, p.limit), "Every promised run came in time.")
	p.input(r)
	p.line("")
	p.lines(dim, "", sampling)
	p.lines(dim, "", rules(r.Settings))
	if name := r.Settings.Baseline; name != "" {
		p.lines(dim, "", "New errors are those that "+oneLine(name)+" does not know.")
	}
	return p.w.Flush()
}

// printer writes to a terminal of a given width. The first error of the writer sticks in w.
type printer struct {
	w     *bufio.Writer
	width int
	color bool
	limit int
	clock clock
}

func (p *printer) line(format string, args ...any) { fmt.Fprintf(p.w, format+"\n", args...) }

// paint colours s, which must be measured before.
func (p *printer) paint(t tone, s string) string {
	if !p.color || t == plain || s == "" {
		return s
	}
	code := map[tone]string{good: "32", info: "36", warn: "33", bad: "1;31", dim: "2", strong: "1"}[t]
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

// lines writes wrapped text; the first line starts with head, the others are indented as far.
func (p *printer) lines(t tone, head, s string) {
	indent := strings.Repeat(" ", columns(head))
	for _, l := range wrap(s, max(20, p.width-columns(head))) {
		p.line("%s%s", p.paint(dim, head), p.paint(t, l))
		head = indent
	}
}

// clipped is lines for log text: at most n of them.
func (p *printer) clipped(t tone, head, s string, n int) {
	if room := p.width - columns(head); p.limit >= 0 {
		s = shorten(s, n*room)
	}
	p.lines(t, head, s)
}

func (p *printer) section(title, note string) {
	p.line("")
	if note != "" {
		note = "  " + note
	}
	p.line("%s%s", p.paint(strong, strings.ToUpper(title)), p.paint(dim, note))
}

func (p *printer) more(n int) {
	if n > 0 {
		p.line("%s", p.paint(dim, fmt.Sprintf("…and %s more (--all)", count(int64(n)))))
	}
}

func (p *printer) now(found []problem) {
	p.section("Now", "at the end of the log")
	if len(found) == 0 {
		p.line("Nothing is failing.")
	}
	found, more := limited(found, p.limit)
	for i := range found {
		if i > 0 {
			p.line("")
		}
		p.problem(&found[i])
	}
	p.more(more)
}

func (p *printer) problem(q *problem) {
	s := statusOf(q.Status)
	word, since := s.Mark+" "+s.Name, "since "+q.Since
	if q.For != "" {
		since += " (" + q.For + ")"
	}
	if !q.Seen {
		word, since = "· not in this log", ""
	}
	name := oneLine(q.Ref.String())
	if gap := p.width - columns(word) - 2 - columns(name) - columns(since); gap >= 2 {
		p.line("%s  %s%s%s", p.paint(s.Tone, word), p.paint(strong, name), strings.Repeat(" ", min(gap, 4)), since)
	} else {
		p.line("%s  %s", p.paint(s.Tone, word), p.paint(strong, name))
		p.optional("  since     ", strings.TrimPrefix(since, "since "))
	}
	p.explain(q)
	p.held(q)
}

// explain answers the questions in the order in which they are asked.
func (p *printer) explain(q *problem) {
	p.clipped(plain, "  error     ", because(q.Reason, q.First), 4)
	if q.Latest != "" {
		p.clipped(plain, "  latest    ", oneLine(q.Latest), 4)
	}
	p.optional("  culprit   ", q.Culprit)
	if q.BrokeAt != "" {
		p.optional("  broke at  ", brokeAt(q))
	} else {
		p.optional("  last good ", q.LastGood)
	}
	p.optional("  tries     ", q.Tries)
	p.optional("  next try  ", q.Next)
}

func (p *printer) optional(head, s string) {
	if s != "" {
		p.lines(plain, head, s)
	}
}

// because puts the reason class before the error unless one of them is missing.
func because(reason, text string) string {
	text = oneLine(text)
	if reason == "" || text == "" {
		return reason + text
	}
	return reason + ": " + text
}

func brokeAt(q *problem) string {
	if q.LastGood == "" {
		return q.BrokeAt + ", no good revision in this log"
	}
	return q.BrokeAt + ", last good " + q.LastGood
}

func (p *printer) held(q *problem) {
	held, more := limited(q.Held, p.limit)
	head := "  holds up  "
	for _, o := range held {
		s := statusOf(o.Status)
		line := fmt.Sprintf("%s %s", s.Mark, oneLine(o.Ref.String()))
		tail := fmt.Sprintf("%s since %s", s.Name, p.clock.at(o.Since))
		p.line("%s%s  %s", p.paint(dim, head), p.paint(s.Tone, clip(line, p.width-len(head)-2-len(tail))), tail)
		head = "            "
	}
	if more > 0 {
		p.line("%s%s", head, p.paint(dim, fmt.Sprintf("…and %s more (--all)", count(int64(more)))))
	}
}

func (p *printer) incidents(r *api.Report) {
	p.section("Incidents", incidentSummary(r.Totals))
	groups, total := incidentGroups(r, p.limit)
	p.table(incidentTable(p.clock, groups, total, p.limit), "No object failed.")
}

func (p *printer) errors(r *api.Report) {
	p.section("Errors", errorSummary(r))
	if len(r.Errors) == 0 {
		p.line("No errors.")
	}
	list, more := limited(r.Errors, p.limit)
	for i := range list {
		p.errorGroup(&list[i])
	}
	p.more(more)
}

func (p *printer) errorGroup(g *api.ErrorGroup) {
	mark := ""
	if g.New {
		mark = " " + p.paint(bad, "NEW")
	}
	times := p.clock.at(g.First)
	if !g.Last.Equal(g.First.Time) {
		times += " – " + p.clock.at(g.Last)
	}
	p.line("%s%s %s  %s  %s", p.paint(strong, count(g.Count)+"×"), mark, oneLine(g.Reason), times, p.paint(dim, oneLine(g.Fingerprint)))
	p.clipped(plain, "  ", oneLine(g.Example), 3)
	p.lines(dim, "  ", objectList(g.Objects, 3))
}

func errorSummary(r *api.Report) string {
	fresh := int64(0)
	for i := range r.Errors {
		if r.Errors[i].New {
			fresh++
		}
	}
	switch {
	case len(r.Errors) == 0:
		return ""
	case r.Settings.Baseline == "":
		return many(int64(len(r.Errors)), "kind", "kinds")
	}
	return fmt.Sprintf("%s, %s new since the baseline", many(int64(len(r.Errors)), "kind", "kinds"), count(fresh))
}

// objectList names the first n objects.
func objectList(refs []api.Ref, n int) string {
	shown, more := limited(refs, n)
	names := make([]string, 0, n+1)
	for _, ref := range shown {
		names = append(names, oneLine(ref.String()))
	}
	if more > 0 {
		names = append(names, fmt.Sprintf("%s more", count(int64(more))))
	}
	return strings.Join(names, ", ")
}

func (p *printer) durations(r *api.Report) {
	p.section("Durations", "")
	p.table(kindDurations(r.Durations), "No run was timed.")
	if t := slowest(r.Objects, p.limit); len(t.Rows) > 0 {
		p.line("")
		p.table(t, "")
	}
}

// input is no table: its messages say what to do and must be readable to their end.
func (p *printer) input(r *api.Report) {
	p.section("Input", "")
	t := inputTable(r.Input.Files, p.limit)
	if len(t.Rows) == 0 {
		p.line("Every file was read to its end and every line understood.")
	}
	for _, row := range t.Rows {
		p.line("%s", row.Cells[0].Text)
		p.lines(row.Cells[1].Tone, "  ", row.Cells[1].Text)
	}
	p.more(t.More)
}
