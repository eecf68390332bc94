package report

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"time"

	"fluxtrail/api"
)

// incidentTable has one row per incident, those that were caused by another right below it.
func incidentTable(c clock, groups []incidentGroup, total, limit int) table {
	t := table{
		Cols: []col{{Head: "state"}, {Head: "object", Flex: true}, {Head: "opened"}, {Head: "resolved"}, {Head: "took", Num: true},
			{Head: "fails", Num: true}, {Head: "flaps", Num: true, Drop: 2}, {Head: "reason", Drop: 1}},
		More: total - len(groups),
	}
	for n := range groups {
		g := &groups[n]
		t.Rows = append(t.Rows, incidentRow(c, &g.Incident, ""))
		because, more := limited(g.Because, limit)
		for i := range because {
			t.Rows = append(t.Rows, incidentRow(c, &because[i], "└ "))
		}
		left := limit
		if limit >= 0 {
			left = limit - len(because)
		}
		quiet, hidden := limited(g.quiet(), left)
		for _, ref := range quiet {
			t.Rows = append(t.Rows, affectedRow("  affected", cell{Text: "└ " + oneLine(ref.String()), Tone: dim, Log: true}))
		}
		if more += hidden; more > 0 {
			t.Rows = append(t.Rows, affectedRow("", toned(dim, "└ "+many(int64(more), "more object", "more objects"))))
		}
	}
	return t
}

func incidentRow(c clock, i *api.Incident, indent string) row {
	mark, tone := incidentMark(i.State)
	state := mark + " " + i.State
	if i.ClosedReason != nil {
		state = mark + " " + oneLine(*i.ClosedReason)
	}
	resolved, took := "open", c.age(i.OpenedAt)
	if !i.ResolvedAt.IsZero() {
		resolved, took = c.at(i.ResolvedAt), span(i.ResolvedAt.Sub(i.OpenedAt.Time))
	}
	name := object(i.Ref)
	name.Text = indent + name.Text
	if indent == "" && i.RootCause != nil {
		name.Text += " ← " + oneLine(i.RootCause.String())
	}
	return row{Ref: i.Ref, Status: i.State, Cells: []cell{toned(tone, state), name, text(c.at(i.OpenedAt)), text(resolved), text(took),
		number(i.Attempts, plain), number(i.Flaps, warn), logged(i.Reason)}}
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
	return []col{{Head: first, Flex: true}, {Head: "runs", Num: true}, {Head: "p50", Num: true}, {Head: "p95", Num: true},
		{Head: "max", Num: true}, {Head: "1st half → 2nd", Drop: 2}, {Head: "trend"}, {Head: "measured", Drop: 1}}
}

func durationCells(first cell, d *api.Duration) []cell {
	halves, trend := trendOf(d)
	return []cell{first, text(count(d.Count)), text(seconds(d.P50)), text(seconds(d.P95)), text(seconds(d.Max)),
		toned(dim, halves), trend, toned(dim, measured(d.Measured))}
}

func measured(how string) string {
	if how == "between" {
		return "time between runs"
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

// slowest lists objects by their p95. Times between runs are no measure of slowness and stand only where nothing is logged.
func slowest(objects []api.Object, limit int) table {
	var list []*api.Object
	for i := range objects {
		if d := objects[i].Duration; d != nil && d.Count > 0 && d.Measured != "between" {
			list = append(list, &objects[i])
		}
	}
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

func controllerTable(list []api.Controller, limit int) table {
	t := table{Cols: []col{{Head: "controller"}, {Head: "pod", Flex: true, Drop: 3}, {Head: "restarts", Num: true}, {Head: "panics", Num: true},
		{Head: "leader changes", Num: true, Drop: 4}, {Head: "throttled", Num: true, Drop: 2}, {Head: "info", Num: true, Drop: 5}, {Head: "error", Num: true},
		{Head: "debug", Num: true, Drop: 6}, {Head: "other", Num: true, Drop: 5}, {Head: "gaps", Drop: 1}}}
	list, t.More = limited(list, limit)
	for i := range list {
		c := &list[i]
		t.Rows = append(t.Rows, row{Cells: []cell{logged(c.Name), logged(c.Pod), number(c.Restarts, warn), number(c.Panics, bad),
			number(c.LeaderChanges, warn), number(c.Throttled, warn), number(c.Lines.Info, plain), number(c.Lines.Error, plain),
			number(c.Lines.Debug, plain), number(c.Lines.Other, plain), gapCell(c.Gaps)}})
	}
	return t
}

func gapCell(gaps []api.Gap) cell {
	longest := time.Duration(0)
	for _, g := range gaps {
		longest = max(longest, g.To.Sub(g.From.Time))
	}
	switch len(gaps) {
	case 0:
		return toned(dim, "none")
	case 1:
		return toned(warn, "1 of "+span(longest))
	}
	return toned(warn, fmt.Sprintf("%d, longest %s", len(gaps), span(longest)))
}

// silenceTable lists broken promises, those not made good first.
func silenceTable(w api.Window, list []api.Silence, limit int) table {
	c := newClock(w)
	t := table{Cols: []col{{Head: "object", Flex: true}, {Head: "said at", Drop: 2}, {Head: "due"}, {Head: "came"}, {Head: "late by", Num: true}, {Head: "broken", Num: true, Drop: 1}, {Head: "basis", Drop: 1}}}
	sorted := slices.SortedStableFunc(sliceOf(list), func(a, b *api.Silence) int {
		return cmp.Compare(b2i(!a.Came.IsZero()), b2i(!b.Came.IsZero()))
	})
	sorted, t.More = limited(sorted, limit)
	for _, s := range sorted {
		came, late, tone := toned(bad, "never"), w.To.Sub(s.Due.Time), bad
		if !s.Came.IsZero() {
			came, late, tone = text(c.at(s.Came)), s.Came.Sub(s.Due.Time), plain
		}
		t.Rows = append(t.Rows, row{Ref: s.Ref, Status: "silent", Cells: []cell{object(s.Ref), text(c.at(s.Said)), text(c.at(s.Due)), came,
			toned(tone, span(late)), text(fmt.Sprintf("%d×", max(s.Times, 1))), toned(dim, basis(s.Basis))}})
	}
	return t
}

func sliceOf[T any](list []T) iter.Seq[*T] {
	return func(yield func(*T) bool) {
		for i := range list {
			if !yield(&list[i]) {
				return
			}
		}
	}
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

func basis(s string) string {
	if s == "cadence" {
		return "its own rhythm"
	}
	return "stated in the log"
}

// inputTable lists the files that were not read or understood completely, with the place to look at.
func inputTable(files []api.File, limit int) table {
	t := table{Cols: []col{{Head: "where", Flex: true}, {Head: "problem"}}}
	add := func(where string, c cell) {
		t.Rows = append(t.Rows, row{Cells: []cell{logged(where), c}})
	}
	for i := range files {
		f := &files[i]
		if f.Error != nil {
			add(f.Path, cell{Text: "not read to the end: " + oneLine(*f.Error), Tone: bad, Log: true})
		}
		if f.Unparsed > 0 {
			where := f.Path
			if f.FirstUnparsed > 0 {
				where = fmt.Sprintf("%s:%d", f.Path, f.FirstUnparsed)
			}
			add(where, toned(warn, fmt.Sprintf("%s of %s not understood, the first one here", many(f.Unparsed, "line", "lines"), count(f.Lines))))
		}
		if f.Truncated > 0 {
			add(f.Path, toned(warn, many(f.Truncated, "line", "lines")+" cut at the length limit"))
		}
	}
	t.Rows, t.More = limited(t.Rows, limit)
	return t
}

const sampling = "Counts are lower bounds: a controller's logger lets the first 100 equal messages of a second pass, then 1 in 100."

// rules says what the figures depend on.
func rules(s api.Settings) string {
	return fmt.Sprintf("An incident fires after %s of failing and is resolved once a success held for %s; a promised run may be %s late.",
		span(s.Hold), span(s.Keep), span(s.Grace))
}

// covered says what the report rests on.
func covered(r *api.Report) string {
	if r.Window.From.IsZero() {
		return fmt.Sprintf("%s, %s, no record with a time", many(int64(len(r.Input.Files)), "file", "files"), many(r.Input.Lines, "line", "lines"))
	}
	from, to := r.Window.From.UTC(), r.Window.To.UTC()
	last := to.Format("2006-01-02 15:04:05")
	if newClock(r.Window).short {
		last = to.Format("15:04:05")
	}
	return fmt.Sprintf("%s – %s UTC (%s) · %s · %s, %s · %s", from.Format("2006-01-02 15:04:05"), last, span(to.Sub(from)),
		many(int64(len(r.Input.Files)), "file", "files"), many(r.Input.Lines, "line", "lines"), bytesSize(r.Input.Bytes),
		many(int64(len(r.Objects)), "object", "objects"))
}
