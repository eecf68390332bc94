package report

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"fluxtrail/api"
)

// writeText writes the report for a terminal: the headline, what fails now, the incidents, and the
// sections that are asked for. Log text is shown without its control characters. The error is the
// writer's.
func writeText(w io.Writer, r *api.Report, opt Look) error {
	p := &printer{w: bufio.NewWriter(w), width: max(60, cmp.Or(opt.Width, 100)), color: opt.Color,
		limit: defaultLimit(opt.Limit, 20), clock: newClock(r.Window, opt.Zone)}
	shown := opt.Sections
	if len(shown) == 0 {
		shown = firstScreen()
	}
	found := entries(r)
	_, tone := headlineMark(r, found)
	p.lines(tone, "", headline(r, found))
	p.lines(dim, "", coverage(p.clock, r))
	list := sections(r, p.clock, p.limit)
	for _, name := range SectionNames() {
		switch {
		case !slices.Contains(shown, name), name == verdictsSection && !byConditions(r):
		case name == nowSection:
			p.now(r, found)
		case name == errorsSection:
			p.errors(r)
		case byName(list, name) != nil:
			p.tables(byName(list, name))
		}
	}
	p.foot(r, shown)
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

// lines writes wrapped text. The first line starts with head, the others are indented as far.
func (p *printer) lines(t tone, head, s string) {
	indent := strings.Repeat(" ", columns(head))
	for _, l := range wrap(s, max(20, p.width-columns(head))) {
		p.line("%s%s", p.paint(dim, head), p.paint(t, l))
		head = indent
	}
}

// clipped is lines for log text: at most n of them, unless the report is to have everything.
func (p *printer) clipped(head, s string, n int) {
	if room := p.width - columns(head); p.limit >= 0 {
		s = shorten(s, n*room)
	}
	p.lines(plain, head, s)
}

func (p *printer) section(title, note string) {
	p.line("")
	if note != "" {
		note = "  " + note
	}
	p.line("%s%s", p.paint(strong, strings.ToUpper(title)), p.paint(dim, note))
}

// more tells how many entries were left out.
func (p *printer) more(indent string, n int) {
	if n > 0 {
		p.line("%s%s", indent, p.paint(dim, fmt.Sprintf("…and %s more (--all)", count(n))))
	}
}

func (p *printer) now(r *api.Report, found []entry) {
	p.section("Now", "at the end of the log")
	if len(found) == 0 {
		p.line("%s", calm(r))
	}
	for i := range r.Causes {
		c := &r.Causes[i]
		p.lines(strong, "", fmt.Sprintf("One cause of %d: %s", len(c.Objects), oneLine(c.Cause)))
		p.lines(dim, "  ", objectList(c.Objects, 5))
		p.line("")
	}
	found, more := limited(found, p.limit)
	for i := range found {
		if i > 0 {
			p.line("")
		}
		p.entry(&found[i])
	}
	p.more("", more)
}

// calm is what "Now" says when it has no entry.
func calm(r *api.Report) string {
	if Doubt(r) != "" {
		return "Nothing is known to fail."
	}
	return "Nothing is failing."
}

func (p *printer) entry(e *entry) {
	s := e.status()
	word, since := s.Sign+" "+s.Name, ""
	if e.Object == nil {
		word = s.Sign + " not in this log"
	} else if since = "since " + p.clock.at(e.Object.Since); p.clock.age(e.Object.Since) != "" {
		since += " (" + p.clock.age(e.Object.Since) + ")"
	}
	name := oneLine(e.Ref.String())
	if gap := p.width - columns(word) - 2 - columns(name) - columns(since); gap >= 2 {
		head := p.paint(s.Tone, word) + "  " + p.paint(strong, name)
		p.line("%s", strings.TrimRight(head+strings.Repeat(" ", min(gap, 4))+since, " "))
	} else {
		p.line("%s  %s", p.paint(s.Tone, word), p.paint(strong, name))
		p.lines(plain, label("since"), strings.TrimPrefix(since, "since "))
	}
	for _, f := range entryFacts(p.clock, e) {
		p.fact(&f)
	}
	p.held(e)
}

// label is what stands before a fact.
func label(s string) string { return fmt.Sprintf("  %-9s ", s) }

func (p *printer) fact(f *fact) {
	head := label(f.Label)
	switch f.Kind {
	case asError:
		p.clipped(head, because(f.head(), f.Text.String()), 4)
	case asCommand:
		for _, l := range f.Lines {
			p.line("%s%s", p.paint(dim, head), l) // unbroken, to be copied
			head = label("")
		}
	case asPlace:
		p.line("%s%s", p.paint(dim, head), f.Text.String()) // likewise
	default:
		p.lines(plain, head, f.Text.String())
	}
}

// because puts the reason before the error unless one of them is missing.
func because(reason, text string) string {
	text = oneLine(text)
	if reason == "" || text == "" {
		return reason + text
	}
	return reason + ": " + text
}

// held lists what an entry holds up. A name that leaves no room has its status on the next line.
func (p *printer) held(e *entry) {
	held, more := limited(e.Held, p.limit)
	head := label("holds up")
	for _, o := range held {
		s := statusOf(o.Status)
		name, tail := s.Sign+" "+oneLine(o.Ref.String()), s.Name+" since "+p.clock.at(o.Since)
		sep := "  "
		if columns(head)+columns(name)+2+columns(tail) > p.width {
			sep = "\n" + label("") + "  "
		}
		p.line("%s%s%s%s", p.paint(dim, head), p.paint(s.Tone, name), sep, tail)
		head = label("")
	}
	p.more(head, more)
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
	p.more("", more)
	if r.Settings.Baseline != "" {
		p.lines(dim, "", newErrors(r.Settings))
	}
}

func (p *printer) errorGroup(g *api.ErrorGroup) {
	fresh := ""
	if g.New {
		fresh = " " + p.paint(bad, "NEW")
	}
	p.line("%s%s %s  %s  %s", p.paint(strong, count(g.Count)+"×"), fresh, oneLine(g.Reason),
		p.clock.between(g.First, g.Last), p.paint(dim, oneLine(g.Fingerprint)))
	p.clipped("  ", oneLine(g.Example), 3)
	p.lines(dim, "  ", objectList(g.Objects, 3))
}

// objectList names the first n objects.
func objectList(refs []api.Ref, n int) string {
	shown, more := limited(refs, n)
	names := make([]string, 0, n+1)
	for _, ref := range shown {
		names = append(names, oneLine(ref.String()))
	}
	if more > 0 {
		names = append(names, count(more)+" more")
	}
	return strings.Join(names, ", ")
}

func (p *printer) tables(s *section) {
	if s.Name == alertsSection { // its note is a sentence
		p.section(s.Title, "")
		p.lines(strong, "", s.Note)
	} else {
		p.section(s.Title, s.Note)
	}
	filled := s.filled()
	if len(filled) == 0 {
		p.line("%s", s.Empty)
	}
	for i, t := range filled {
		switch {
		case s.Name == verdictsSection:
			p.verdicts(t)
		case s.Name == inputSection: // its messages say what to do, and are longer than a row
			p.problems(t)
		case i > 0:
			p.line("")
			fallthrough
		default:
			p.table(t)
		}
	}
}

func (p *printer) problems(t table) {
	for _, row := range t.Rows {
		p.line("%s", row.Cells[0].Text)
		p.lines(row.Cells[1].Tone, "  ", row.Cells[1].Text)
	}
	p.more("", t.More)
}

// foot names what is not shown, or tells what the figures depend on when everything is.
func (p *printer) foot(r *api.Report, shown []string) {
	var hidden []string
	for _, name := range SectionNames() {
		if words := summary(r, name); words != "" && !slices.Contains(shown, name) {
			hidden = append(hidden, words)
		}
	}
	p.line("")
	if len(hidden) > 0 {
		p.lines(dim, "", "Also: "+strings.Join(hidden, ", ")+" (-v shows all).")
		return
	}
	for _, n := range notes(r.Settings) {
		p.lines(dim, "", n)
	}
}
