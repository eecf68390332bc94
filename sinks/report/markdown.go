package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"fluxtrail/api"
)

// MarkdownOptions say how much the Markdown report shows.
type MarkdownOptions struct {
	Limit int // entries per list; 0 means 20, negative all
}

// WriteMarkdown writes the report for a ticket or a pull-request comment (GitHub's dialect). All log text stands in code
// spans and code blocks, where it can neither format, link, mention people nor bring in HTML.
func WriteMarkdown(w io.Writer, r *api.Report, opt MarkdownOptions) error {
	m := &markdown{w: bufio.NewWriter(w), limit: defaultLimit(opt.Limit, 20), clock: newClock(r.Window)}
	found := problems(r, m.limit)
	m.line("## %s\n", verdict(r, found))
	m.line("%s\n", covered(r))
	m.now(found)
	groups, n := incidentGroups(r, m.limit)
	m.section("Incidents", incidentTable(m.clock, groups, n, m.limit), "No object failed.")
	m.errors(r)
	m.section("Durations", kindDurations(r.Durations), "No run was timed.")
	if t := slowest(r.Objects, m.limit); len(t.Rows) > 0 {
		m.table(t)
	}
	m.section("Controllers", controllerTable(r.Controllers, m.limit), "No controller wrote to this input.")
	m.section("Silence", silenceTable(r.Window, r.Silences, m.limit), "Every promised run came in time.")
	m.section("Input", inputTable(r.Input.Files, m.limit), "Every file was read to its end and every line understood.")
	m.line("_%s %s_", sampling, rules(r.Settings))
	if name := codeSpan(r.Settings.Baseline); name != "" {
		m.line("New errors are those that %s does not know.", name)
	}
	return m.w.Flush()
}

// markdown writes; the first error of the writer sticks in w.
type markdown struct {
	w     *bufio.Writer
	limit int
	clock clock
}

func (m *markdown) line(format string, args ...any) { fmt.Fprintf(m.w, format+"\n", args...) }

func (m *markdown) section(title string, t table, empty string) {
	m.line("### %s\n", title)
	if len(t.Rows) == 0 {
		m.line("%s\n", empty)
		return
	}
	m.table(t)
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
		m.line("%s", markdownRow(r))
	}
	m.line("")
	m.more(t.More)
}

func markdownRow(r row) string {
	var b strings.Builder
	b.WriteString("|")
	for _, c := range r.Cells {
		b.WriteString(" " + markdownCell(c) + " |")
	}
	return b.String()
}

// markdownCell escapes pipes, which end a cell even inside a code span.
func markdownCell(c cell) string {
	s := c.Text
	if lead := strings.TrimPrefix(s, "└ "); c.Log && lead != s {
		return "└ " + strings.ReplaceAll(codeSpan(lead), "|", `\|`)
	}
	if c.Log {
		s = codeSpan(s)
	}
	return strings.ReplaceAll(s, "|", `\|`)
}

func (m *markdown) more(n int) {
	if n > 0 {
		m.line("…and %s more\n", count(int64(n)))
	}
}

func (m *markdown) now(found []problem) {
	m.line("### Now\n")
	if len(found) == 0 {
		m.line("Nothing is failing.\n")
	}
	found, more := limited(found, m.limit)
	for i := range found {
		m.problem(&found[i])
	}
	m.more(more)
}

func (m *markdown) problem(q *problem) {
	s := statusOf(q.Status)
	if q.Seen {
		m.line("#### %s %s: %s since %s (%s)\n", s.Mark, s.Name, codeSpan(q.Ref.String()), q.Since, q.For)
	} else {
		m.line("#### %s (not in this log)\n", codeSpan(q.Ref.String()))
	}
	m.block(because(q.Reason, ""), q.First)
	if q.Latest != "" {
		m.block("Latest error:", q.Latest)
	}
	m.bullet("culprit", codeSpan(q.Culprit))
	m.bullet("broke at", codeSpan(q.BrokeAt))
	m.bullet("last good", codeSpan(q.LastGood))
	m.bullet("tries", q.Tries)
	m.bullet("next try", q.Next)
	held, more := limited(q.Held, m.limit)
	for _, o := range held {
		m.line("- holds up %s: %s since %s", codeSpan(o.Ref.String()), statusOf(o.Status).Name, m.clock.at(o.Since))
	}
	if more > 0 {
		m.line("- …and %s more", count(int64(more)))
	}
	m.line("")
}

func (m *markdown) bullet(head, s string) {
	if s != "" {
		m.line("- %s: %s", head, s)
	}
}

// block is a fenced block for log text, with a fence that the text cannot close.
func (m *markdown) block(head, s string) {
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
	m.line("%stext\n%s\n%s\n", fence, s, fence)
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
	t := table{Cols: []col{{Head: "count", Num: true}, {Head: "new"}, {Head: "reason"}, {Head: "error"}, {Head: "objects"}, {Head: "first"}, {Head: "last"}}}
	list, more := limited(r.Errors, m.limit)
	for i := range list {
		g := &list[i]
		fresh := ""
		if g.New {
			fresh = "**NEW**"
		}
		example := oneLine(g.Example)
		if m.limit >= 0 {
			example = shorten(example, 200)
		}
		t.Rows = append(t.Rows, row{Cells: []cell{text(count(g.Count)), text(fresh), logged(g.Reason), logged(example),
			logged(objectList(g.Objects, 3)), text(m.clock.at(g.First)), text(m.clock.at(g.Last))}})
	}
	t.More = more
	m.section("Errors", t, "No errors.")
	if r.Settings.Baseline != "" && len(r.Errors) > 0 {
		m.line("%s\n", errorSummary(r))
	}
}
