package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"fluxtrail/api"
)

// objectTable lists the objects by urgency.
func objectTable(c clock, objects []api.Object, limit int) table {
	t := table{Cols: []col{{Head: "status"}, {Head: "object", Flex: true}, {Head: "since"}, {Head: "reason", Drop: 1},
		{Head: "revision", Drop: 2}, {Head: "last good", Drop: 4}, {Head: "ok", Num: true, Drop: 3},
		{Head: "failed", Num: true}, {Head: "stalled", Num: true, Drop: 5}, {Head: "waited", Num: true, Drop: 6},
		{Head: "next try", Drop: 7}}}
	sorted := pointers(objects)
	slices.SortStableFunc(sorted, func(a, b *api.Object) int {
		return cmp.Compare(statusIndex(a.Status), statusIndex(b.Status))
	})
	sorted, t.More = limited(sorted, limit)
	for _, o := range sorted {
		n := o.Attempts
		t.Rows = append(t.Rows, row{Ref: o.Ref, Status: o.Status, Cells: []cell{
			status(o.Status), object(o.Ref), c.cell(o.Since), logged(deref(o.Reason)),
			logged(shortRevision(deref(o.Revision))), logged(shortRevision(deref(o.LastGoodRevision))),
			number(n.Succeeded, plain), number(n.Failed, bad), number(n.Stalled, bad), number(n.Waiting, plain),
			c.cell(o.NextRun)}})
	}
	return t
}

func pointers[T any](list []T) []*T {
	out := make([]*T, len(list))
	for i := range list {
		out[i] = &list[i]
	}
	return out
}

// incidentTable has one row for each incident. Those that another one caused stand right below it,
// and so do affected objects that only waited.
func incidentTable(c clock, groups []incidentGroup, total, limit int) table {
	t := table{
		Cols: []col{{Head: "state"}, {Head: "object", Flex: true}, {Head: "opened"}, {Head: "resolved"},
			{Head: "took", Num: true, Drop: 2}, {Head: "fails", Num: true}, {Head: "flaps", Num: true, Drop: 3},
			{Head: "reason", Drop: 1}},
		More: total - len(groups),
	}
	for n := range groups {
		t.Rows = append(t.Rows, groupRows(c, &groups[n], limit)...)
	}
	return t
}

func groupRows(c clock, g *incidentGroup, limit int) []row {
	rows := []row{incidentRow(c, &g.Incident, "")}
	because, more := limited(g.Because, limit)
	for i := range because {
		rows = append(rows, incidentRow(c, &because[i], "└ "))
	}
	left := limit
	if limit >= 0 {
		left = limit - len(because)
	}
	waited, hidden := limited(g.waited(), left)
	for _, ref := range waited {
		rows = append(rows, affectedRow("  affected", cell{Text: "└ " + oneLine(ref.String()), Tone: dim, Log: true}))
	}
	if more += hidden; more > 0 {
		rows = append(rows, affectedRow("", toned(dim, "└ "+many(more, "more object", "more objects"))))
	}
	return rows
}

func incidentRow(c clock, i *api.Incident, indent string) row {
	s := stateOf(i.State)
	resolved, took := text("open"), c.age(i.OpenedAt)
	if !isOpen(i) {
		resolved, took = c.cell(i.ResolvedAt), lasted(i.OpenedAt, i.ResolvedAt)
	}
	name := object(i.Ref)
	name.Text = indent + name.Text
	if indent == "" && i.RootCause != nil {
		name.Text += " ← " + oneLine(i.RootCause.String())
	}
	return row{Ref: i.Ref, Status: i.State, Cells: []cell{toned(s.Tone, s.Sign+" "+stateWord(i)), name,
		c.cell(i.OpenedAt), resolved, text(took), number(i.Attempts, plain), number(i.Flaps, warn), logged(i.Reason)}}
}

// lasted is how long it was from one time to another, "" where one of them is not known.
func lasted(from, to api.Time) string {
	if from.IsZero() || to.IsZero() {
		return ""
	}
	return span(to.Sub(from.Time))
}

// stateWord is an incident's state, or why it was closed.
func stateWord(i *api.Incident) string {
	if i.ClosedReason != nil {
		return oneLine(*i.ClosedReason)
	}
	return i.State
}

func affectedRow(state string, what cell) row {
	return row{Cells: []cell{toned(dim, state), what, {}, {}, {}, {}, {}, {}}}
}

// incidentSummary counts by state: "2 firing, 1 pending, 5 resolved".
func incidentSummary(t api.Totals) string {
	if t.Incidents == 0 {
		return "none"
	}
	out, sep := "", ""
	for _, s := range incidentStates {
		if n := t.ByState[s.Name]; n > 0 {
			out, sep = out+sep+fmt.Sprintf("%s %s", count(n), s.Name), ", "
		}
	}
	return out
}

func durationCols(first string) []col {
	return []col{{Head: first, Flex: true}, {Head: "attempts", Num: true}, {Head: "p50", Num: true},
		{Head: "p95", Num: true}, {Head: "max", Num: true}, {Head: "1st half → 2nd", Drop: 2}, {Head: "trend"},
		{Head: "measured", Drop: 1}}
}

func durationCells(first cell, d *api.Duration) []cell {
	halves, trend := trendOf(d)
	return []cell{first, text(count(d.Count)), text(seconds(d.P50)), text(seconds(d.P95)), text(seconds(d.Max)),
		toned(dim, halves), trend, toned(dim, measured(d.Measured))}
}

func measured(how string) string {
	if how == "between" {
		return "time between attempts"
	}
	return "as logged"
}

// trendOf compares the medians of the two halves of the window. Less than a fifth is noise.
func trendOf(d *api.Duration) (halves string, trend cell) {
	if d.P50First <= 0 || d.P50Second <= 0 {
		return "", toned(dim, "–")
	}
	halves = seconds(d.P50First) + " → " + seconds(d.P50Second)
	switch f := d.P50Second / d.P50First; {
	case f >= 1.2:
		t := plain
		if f >= 1.5 && d.Measured != "between" {
			t = warn
		}
		return halves, toned(t, fmt.Sprintf("↑ ×%.1f", f))
	case f <= 1/1.2:
		return halves, toned(plain, fmt.Sprintf("↓ ×%.2f", f))
	}
	return halves, toned(dim, "→ same")
}

func kindDurations(list []api.KindDuration) table {
	t := table{Cols: durationCols("kind")}
	for i := range list {
		d := &list[i]
		t.Rows = append(t.Rows, row{Cells: durationCells(logged(d.Kind), &d.Duration)})
	}
	return t
}

// slowest lists objects by their p95. Times between attempts are no measure of slowness: objects
// that have only those are left out.
func slowest(objects []api.Object, limit int) table {
	list := slices.DeleteFunc(pointers(objects), func(o *api.Object) bool {
		return o.Duration == nil || o.Duration.Count == 0 || o.Duration.Measured == "between"
	})
	slices.SortFunc(list, func(a, b *api.Object) int {
		return cmp.Or(cmp.Compare(b.Duration.P95, a.Duration.P95), compareRef(a.Ref, b.Ref))
	})
	t := table{Cols: durationCols("slowest objects")}
	list, t.More = limited(list, limit)
	for _, o := range list {
		t.Rows = append(t.Rows, row{Ref: o.Ref, Status: o.Status, Cells: durationCells(object(o.Ref), o.Duration)})
	}
	return t
}

// controllerTable has one row for each pod. The pod's name is the one column that always stays: it
// begins with the controller's.
func controllerTable(at clock, list []api.Controller, limit int) table {
	t := table{Cols: []col{{Head: "controller", Drop: 7}, {Head: "pod", Flex: true}, {Head: "restarts", Num: true},
		{Head: "panics", Num: true}, {Head: "leader changes", Num: true, Drop: 4}, {Head: "throttled", Num: true, Drop: 3},
		{Head: "info", Num: true, Drop: 5}, {Head: "error", Num: true}, {Head: "debug", Num: true, Drop: 6},
		{Head: "other", Num: true, Drop: 5}, {Head: "gaps", Drop: 2}}}
	list, t.More = limited(list, limit)
	for i := range list {
		c := &list[i]
		t.Rows = append(t.Rows, row{Cells: []cell{
			logged(c.Name), logged(cmp.Or(c.Pod, c.Name)), number(c.Restarts, warn), number(c.Panics, bad),
			number(c.LeaderChanges, warn), number(c.Throttled, warn), number(c.Lines.Info, plain),
			number(c.Lines.Error, plain), number(c.Lines.Debug, plain), number(c.Lines.Other, plain), gapCell(c.Gaps, at.from.IsZero())}})
	}
	return t
}

// healthTable has a row for each trouble that a controller's own metrics tell of, or one where all
// is well.
func healthTable(c clock, list []api.Controller) table {
	t := table{Cols: []col{{Head: "controller"}, {Head: "by its metrics", Flex: true}, {Head: "at", Drop: 1}, {Head: "from", Flex: true, Drop: 2}}}
	for i := range list {
		h := list[i].Health
		if h == nil {
			continue
		}
		for _, trouble := range h.Troubles {
			t.Rows = append(t.Rows, row{Cells: []cell{logged(list[i].Name), toned(bad, oneLine(trouble)), c.cell(h.At), logged(h.Source)}})
		}
		if len(h.Troubles) == 0 {
			t.Rows = append(t.Rows, row{Cells: []cell{logged(list[i].Name), toned(dim, "nothing wrong"), c.cell(h.At), logged(h.Source)}})
		}
	}
	return t
}

func gapCell(gaps []api.Gap, undated bool) cell {
	longest := time.Duration(0)
	for _, g := range gaps {
		longest = max(longest, g.To.Sub(g.From.Time))
	}
	switch {
	case undated:
		return toned(dim, "–")
	case len(gaps) == 0:
		return toned(dim, "none")
	case len(gaps) == 1:
		return toned(warn, "1 of "+span(longest))
	}
	return toned(warn, fmt.Sprintf("%d, longest %s", len(gaps), span(longest)))
}

// silenceTable lists broken promises, those that are still broken first.
func silenceTable(c clock, list []api.Silence, limit int) table {
	t := table{Cols: []col{{Head: "object", Flex: true}, {Head: "said at", Drop: 2}, {Head: "due"}, {Head: "came"},
		{Head: "late by", Num: true}, {Head: "broken", Num: true, Drop: 1}, {Head: "basis", Drop: 1}}}
	var never, late []*api.Silence
	for _, s := range pointers(list) {
		if s.Came.IsZero() {
			never = append(never, s)
		} else {
			late = append(late, s)
		}
	}
	sorted, more := limited(append(never, late...), limit)
	t.More = more
	for _, s := range sorted {
		came, by, tone := toned(bad, "never"), c.to.Sub(s.Due.Time), bad
		if !s.Came.IsZero() {
			came, by, tone = c.cell(s.Came), s.Came.Sub(s.Due.Time), plain
		}
		t.Rows = append(t.Rows, row{Ref: s.Ref, Status: "silent", Cells: []cell{object(s.Ref), c.cell(s.Said),
			c.cell(s.Due), came, toned(tone, span(by)), text(fmt.Sprintf("%d×", max(s.Times, 1))), toned(dim, basis(s.Basis))}})
	}
	return t
}

func basis(s string) string {
	if s == "cadence" {
		return "its own rhythm"
	}
	return "stated in the log"
}

// inputTable lists the files that were not read or understood completely, with the place to look
// at, and all sources of conditions.
func inputTable(c clock, in *api.Input, limit int) table {
	t := table{Cols: []col{{Head: "where", Flex: true}, {Head: "problem"}}}
	add := func(where string, c cell) {
		t.Rows = append(t.Rows, row{Cells: []cell{logged(where), c}})
	}
	for i := range in.Files {
		f := &in.Files[i]
		if f.Error != nil {
			add(f.Path, cell{Text: "not read to the end: " + oneLine(*f.Error), Tone: bad, Log: true})
		}
		if f.Unparsed > 0 {
			where := f.Path
			if f.FirstUnparsed > 0 {
				where = fmt.Sprintf("%s:%d", f.Path, f.FirstUnparsed)
			}
			add(where, toned(warn, fmt.Sprintf("%s of %s not understood, the first one here",
				many(f.Unparsed, "line", "lines"), count(f.Lines))))
		}
		if f.Order != "" {
			add(f.Path, cell{Text: f.Order})
		}
		if f.Truncated > 0 {
			add(f.Path, toned(warn, many(f.Truncated, "line", "lines")+" cut at the length limit"))
		}
	}
	for _, r := range in.Believed.Refused {
		add(r.Namespace+"/"+r.Pod, toned(warn, many(r.Lines, "line", "lines")+" about Flux's objects not believed: "+notBelieved[r.Reason]))
	}
	for i := range in.Conditions {
		add(in.Conditions[i].Source, conditionCell(c, &in.Conditions[i]))
	}
	for _, note := range in.ConditionNotes {
		add("conditions", toned(warn, note))
	}
	t.Rows, t.More = limited(t.Rows, limit)
	return t
}

// believed tells whose lines counted.
func believed(b *api.Believed) string {
	if len(b.Namespaces) == 0 {
		return "every log is believed: no path names a namespace"
	}
	return "believed: pods of " + oneLine(strings.Join(b.Namespaces, ", "))
}

// notBelieved says what a reason means.
var notBelieved = map[string]string{
	"namespace": "the pod is none of Flux's; --flux-namespaces says which are",
	"kind":      "another controller owns them",
}

// flawed reports whether there is something to know about a source of conditions.
func flawed(in *api.ConditionInput) bool { return in.Error != nil || in.Objects == 0 || in.Guessed }

// conditionCell tells what a source of conditions had.
func conditionCell(c clock, in *api.ConditionInput) cell {
	if in.Error != nil {
		return cell{Text: "not read to the end: " + oneLine(*in.Error), Tone: bad, Log: true}
	}
	told := in.Form + ": " + many(in.Objects, "observation", "observations")
	switch {
	case in.Objects == 0:
		return toned(warn, in.Form+": tells of no Flux object")
	case in.Guessed:
		return toned(warn, told+", taken to be of "+c.at(in.At)+", the newest time in it: --conditions-at says when it was saved")
	case !in.At.IsZero():
		told += " of " + c.at(in.At)
	}
	return cell{Text: told}
}
