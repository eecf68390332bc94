package report

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"fluxtrail/api"
)

// writeMarkdown writes the report for a ticket or a pull request, in GitHub's dialect. All log text
// stands in code spans and code blocks, where it can neither format, link, mention people nor bring
// in HTML. The error is the writer's.
func writeMarkdown(w io.Writer, r *api.Report, opt Look) error {
	m := &markdown{w: bufio.NewWriter(w), limit: defaultLimit(opt.Limit, 20), clock: newClock(r.Window, opt.Zone)}
	found := entries(r)
	m.line("## %s\n", headline(r, found))
	m.line("%s\n", coverage(m.clock, r))
	list := sections(r, m.clock, m.limit)
	for _, name := range SectionNames() {
		switch {
		case len(opt.Sections) > 0 && !slices.Contains(opt.Sections, name), name == verdictsSection && !byConditions(r):
		case name == nowSection:
			m.now(r, found)
		case name == errorsSection:
			m.errors(r)
		case byName(list, name) != nil:
			m.tables(byName(list, name))
		}
	}
	m.line("_%s %s_", sampling, rules(r.Settings))
	return m.w.Flush()
}

// markdown writes. The first error of the writer sticks in w.
type markdown struct {
	w     *bufio.Writer
	limit int
	clock clock
}

func (m *markdown) line(format string, args ...any) { fmt.Fprintf(m.w, format+"\n", args...) }

func (m *markdown) section(title, note string) {
	m.line("### %s\n", title)
	if note != "" {
		m.line("%s\n", note)
	}
}

func (m *markdown) tables(s *section) {
	m.section(s.Title, s.Note)
	filled := s.filled()
	if len(filled) == 0 {
		m.line("%s\n", s.Empty)
	}
	for _, t := range filled {
		m.table(t)
	}
}

func (m *markdown) table(t table) {
	heads, rules := "|", "|"
	for _, c := range t.Cols {
		heads += " " + c.Head + " |"
		if c.Num {
			rules += " ---: |"
		} else {
			rules += " --- |"
		}
	}
	m.line("%s\n%s", heads, rules)
	for _, r := range t.Rows {
		line := "|"
		for _, c := range r.Cells {
			line += " " + markdownCell(c) + " |"
		}
		m.line("%s", line)
	}
	m.line("")
	m.more(t.More)
}

// markdownCell quotes what comes from the log, and escapes pipes, which end a cell even inside a
// code span. A backslash before a pipe is parted from it: some renderers (marked, micromark) would
// take the two backslashes for one that is escaped, and the pipe for the end of the cell. The sign
// that leads to what stands below another row stays outside.
func markdownCell(c cell) string {
	lead, name := "", c.Text
	if rest, ok := strings.CutPrefix(name, "└ "); ok {
		lead, name = "└ ", rest
	}
	if c.Log {
		name = codeSpan(name)
	}
	return lead + pipes.Replace(name)
}

var pipes = strings.NewReplacer(`\|`, `\ \|`, "|", `\|`)

func (m *markdown) more(n int) {
	if n > 0 {
		m.line("…and %s more\n", count(n))
	}
}

func (m *markdown) now(r *api.Report, found []entry) {
	m.section("Now", "")
	if len(found) == 0 {
		m.line("%s\n", calm(r))
	}
	found, more := limited(found, m.limit)
	for i := range found {
		m.entry(&found[i])
	}
	m.more(more)
}

func (m *markdown) entry(e *entry) {
	s := e.status()
	if o := e.Object; o != nil {
		since := m.clock.at(o.Since)
		if age := m.clock.age(o.Since); age != "" {
			since += " (" + age + ")"
		}
		m.line("#### %s %s: %s since %s\n", s.Sign, s.Name, codeSpan(e.Ref.String()), since)
	} else {
		m.line("#### %s (not in this log)\n", codeSpan(e.Ref.String()))
	}
	facts := entryFacts(m.clock, e)
	for _, f := range facts { // blocks first: a list ends at a block
		if f.Kind == asError {
			m.block("text", errorHead(&f), f.Text.String())
		}
	}
	for _, f := range facts {
		m.fact(&f)
	}
	m.held(e)
	m.line("")
	for _, f := range facts {
		if f.Kind == asCommand {
			m.block("sh", "", strings.Join(f.Lines, "\n"))
		}
	}
}

// errorHead is what stands above an error.
func errorHead(f *fact) string {
	head := f.head()
	if strings.Trim(f.Reason, letters) != "" { // not one of ours: the log made it up
		head = codeSpan(head)
	}
	if f.Label == "began as" {
		head = "began as " + head
	}
	return strings.TrimSpace(head)
}

const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

func (m *markdown) fact(f *fact) {
	switch f.Kind {
	case asName, asPlace:
		m.line("- %s: %s", f.Label, codeSpan(f.Text.String()))
	case inWords:
		m.line("- %s: %s", f.Label, f.Text)
	}
}

func (m *markdown) held(e *entry) {
	held, more := limited(e.Held, m.limit)
	for _, o := range held {
		m.line("- holds up %s: %s since %s", codeSpan(o.Ref.String()), statusOf(o.Status).Name, m.clock.at(o.Since))
	}
	if more > 0 {
		m.line("- …and %s more", count(more))
	}
}

// block is a fenced block for log text, with a fence that the text cannot close.
func (m *markdown) block(language, head, s string) {
	if head != "" {
		m.line("%s\n", head)
	}
	if s = visible(s); s == "" {
		return
	}
	if m.limit >= 0 {
		s = shorten(s, 800)
	}
	fence := strings.Repeat("`", max(3, longestRun(s)+1))
	m.line("%s%s\n%s\n%s\n", fence, language, s, fence)
}

// codeSpan quotes log text in one line; nothing stays nothing.
func codeSpan(s string) string {
	if s = oneLine(s); s == "" {
		return ""
	}
	fence := strings.Repeat("`", longestRun(s)+1)
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") {
		s = " " + s + " "
	}
	return fence + s + fence
}

func longestRun(s string) int {
	longest, run := 0, 0
	for i := range len(s) {
		if s[i] != '`' {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	return longest
}

func (m *markdown) errors(r *api.Report) {
	m.section("Errors", errorSummary(r))
	if len(r.Errors) == 0 {
		m.line("No errors.\n")
		return
	}
	t := table{Cols: []col{{Head: "count", Num: true}, {Head: "new"}, {Head: "reason"}, {Head: "error"}, {Head: "objects"},
		{Head: "first"}, {Head: "last"}}}
	list, more := limited(r.Errors, m.limit)
	t.More = more
	for i := range list {
		t.Rows = append(t.Rows, m.errorRow(&list[i]))
	}
	m.table(t)
	if r.Settings.Baseline != "" {
		m.line("New errors are those that %s does not know.\n", codeSpan(r.Settings.Baseline))
	}
}

func (m *markdown) errorRow(g *api.ErrorGroup) row {
	fresh, example := "", oneLine(g.Example)
	if g.New {
		fresh = "**NEW**"
	}
	if m.limit >= 0 {
		example = shorten(example, 200)
	}
	return row{Cells: []cell{text(count(g.Count)), text(fresh), logged(g.Reason), logged(example),
		logged(objectList(g.Objects, 3)), text(m.clock.at(g.First)), text(m.clock.at(g.Last))}}
}
