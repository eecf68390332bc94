package report

import (
	"cmp"
	"slices"
	"strings"

	"fluxtrail/api"
)

// verdictInfo is how one verdict is shown.
type verdictInfo struct {
	Name  string // as in api.Object.Verdict
	Sign  string
	Tone  tone
	Alarm bool // somebody has to look, whatever the status is
}

// verdictInfos are in the order of urgency.
var verdictInfos = []verdictInfo{
	{"failing", "✗", bad, true},
	{"condition-only", "✗", bad, true},
	{"log-only", "✗", bad, true},
	{"stuck", "■", bad, true},
	{"silent", "?", warn, true},
	{"waiting", "◷", warn, false},
	{"recovering", "↻", info, false},
	{"progressing", "↻", info, false},
	{"unknown", "·", dim, false},
	{"suspended", "‖", dim, false},
	{"deleted", "–", dim, false},
	{"healthy", "✓", good, false},
}

func verdictIndex(name string) int {
	i := slices.IndexFunc(verdictInfos, func(v verdictInfo) bool { return v.Name == name })
	if i < 0 {
		return slices.IndexFunc(verdictInfos, func(v verdictInfo) bool { return v.Name == "unknown" })
	}
	return i
}

func verdictOf(name string) verdictInfo { return verdictInfos[verdictIndex(name)] }

// byConditions reports whether anything beside the logs was asked.
func byConditions(r *api.Report) bool { return len(r.Input.Conditions) > 0 }

// alarm is the verdict on an object whose status does not show that somebody has to look at it,
// and false for any other. Only conditions make the difference.
func alarm(o *api.Object) (verdictInfo, bool) {
	if o.Condition == nil {
		return verdictInfo{}, false
	}
	v := verdictOf(o.Verdict)
	return v, v.Alarm && !statusOf(o.Status).Now
}

// verdictCounts tells how many objects got which verdict.
func verdictCounts(objects []api.Object) string {
	n := map[string]int64{}
	for i := range objects {
		n[verdictOf(objects[i].Verdict).Name]++
	}
	var parts []string
	for _, v := range verdictInfos {
		if n[v.Name] > 0 {
			parts = append(parts, count(n[v.Name])+" "+v.Name)
		}
	}
	return strings.Join(parts, ", ")
}

// verdictNote is that with what there is to know of the conditions.
func verdictNote(r *api.Report) string {
	return strings.Join(append([]string{verdictCounts(r.Objects)}, r.Input.ConditionNotes...), "; ")
}

// verdictTable lists the objects that are not healthy, with both pieces of evidence.
func verdictTable(objects []api.Object, limit int) table {
	t := table{Cols: []col{{Head: "verdict"}, {Head: "object", Flex: true}, {Head: "why", Flex: true},
		{Head: "line", Drop: 1}, {Head: "condition", Drop: 2}}}
	list := slices.DeleteFunc(pointers(objects), func(o *api.Object) bool { return o.Verdict == "healthy" })
	slices.SortStableFunc(list, func(a, b *api.Object) int {
		return cmp.Or(cmp.Compare(verdictIndex(a.Verdict), verdictIndex(b.Verdict)), compareRef(a.Ref, b.Ref))
	})
	list, t.More = limited(list, limit)
	for _, o := range list {
		v := verdictOf(o.Verdict)
		t.Rows = append(t.Rows, row{Ref: o.Ref, Status: o.Status, Cells: []cell{
			toned(v.Tone, v.Sign+" "+v.Name), object(o.Ref), logged(o.Explanation), lineCell(o), conditionSource(o)}})
	}
	return t
}

func lineCell(o *api.Object) cell {
	if o.Line == nil {
		return cell{}
	}
	return logged(place(o.Line))
}

func conditionSource(o *api.Object) cell {
	if o.Condition == nil {
		return cell{}
	}
	return logged(o.Condition.Source)
}

// verdicts writes the table of verdicts as paragraphs: its sentences are longer than a row.
func (p *printer) verdicts(t table) {
	for _, row := range t.Rows {
		head := row.Cells[0]
		p.line("%s  %s", p.paint(head.Tone, head.Text), p.paint(strong, row.Cells[1].Text))
		p.lines(plain, "  ", row.Cells[2].Text)
		for i, name := range []string{"log", "condition"} {
			if at := row.Cells[3+i].Text; at != "" {
				p.line("%s%s", p.paint(dim, label(name)), at)
			}
		}
	}
	p.more("", t.More)
}
