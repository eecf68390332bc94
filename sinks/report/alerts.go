package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"fluxtrail/api"
)

// alertSection is the section about what rules would have done.
func alertSection(r *api.Report, c clock, limit int) []section {
	if r.Alerts == nil {
		return nil
	}
	return []section{{
		Name: alertsSection, Title: "Alerts", Note: alertHeadline(r.Alerts, c), Empty: "No alert was ever pending.",
		tables: func() []table {
			tables := []table{alertTable(c, r.Alerts, limit), unalertedTable(c, r.Alerts, limit)}
			if r.Alerts.Changes != nil {
				tables = append(tables, changesTable(c, r.Alerts.Changes, limit))
			}
			return append(tables, alertProblems(c, r.Alerts))
		},
	}}
}

// alertHeadline says what rules would have done, in a sentence.
func alertHeadline(a *api.Alerts, c clock) string {
	var parts []string
	first, pages, notices := (*api.Alert)(nil), 0, 0
	for i := range a.List {
		switch x := &a.List[i]; {
		case x.NotifiedAt.IsZero():
		case !wakes(x):
			notices++
		default:
			pages++
			if first == nil || x.NotifiedAt.Before(first.NotifiedAt.Time) {
				first = x
			}
		}
	}
	if first == nil {
		parts = append(parts, "would never have paged you")
	} else {
		parts = append(parts, fmt.Sprintf("would have paged you %s, first at %s: %s", times(pages), c.at(first.NotifiedAt),
			strings.TrimSpace(oneLine(first.Name+" "+alertObject(first)))))
	}
	if notices > 0 {
		parts = append(parts, many(notices, "notice", "notices")+" of severity info")
	}
	if _, inhibited := a.Told(); inhibited > 0 {
		parts = append(parts, count(inhibited)+" suppressed by inhibition")
	}
	return strings.Join(append(parts, silentPhrase(a)), "; ")
}

// wakes reports whether an alert is one that wakes people.
func wakes(a *api.Alert) bool {
	return !slices.Contains([]string{"info", "none", "debug"}, strings.ToLower(a.Labels["severity"]))
}

func times(n int) string {
	switch n {
	case 1:
		return "once"
	case 2:
		return "twice"
	}
	return count(n) + " times"
}

// silentPhrase says of which incidents nobody was told.
func silentPhrase(a *api.Alerts) string {
	none, root := 0, 0
	for i := range a.Silent {
		if a.Silent[i].Root == nil {
			none++
		} else {
			root++
		}
	}
	out := "would have stayed silent about " + many(none, "incident", "incidents")
	if none == 0 {
		out = "would have told of every incident"
	}
	if root > 0 {
		out += ", and told of " + count(root) + " by the root cause only"
	}
	return out
}

// alertObject names what an alert is about by its labels.
func alertObject(a *api.Alert) string {
	ref := alertRef(a)
	if ref.Name != "" && ref.Namespace != "" {
		ref.Name = ref.Namespace + "/" + ref.Name
	}
	return strings.Trim(cmp.Or(ref.Kind, a.Labels["controller"])+"/"+ref.Name, "/")
}

// alertRef is the object that an alert is about, the zero Ref for none.
func alertRef(a *api.Alert) api.Ref {
	l := a.Labels
	return api.Ref{
		Kind: cmp.Or(l["kind"], l["customresource_kind"]), Namespace: cmp.Or(l["exported_namespace"], l["namespace"]),
		Name: cmp.Or(l["exported_name"], l["name"]),
	}
}

// alertTable has the alerts that fired or were pending at the end, by time.
func alertTable(c clock, a *api.Alerts, limit int) table {
	t := table{Cols: []col{{Head: "alert"}, {Head: "about", Flex: true}, {Head: "active", Drop: 3}, {Head: "fired"},
		{Head: "resolved"}, {Head: "severity", Drop: 5}, {Head: "told", Drop: 2}, {Head: "incident", Drop: 4}}}
	var shown []*api.Alert
	for i := range a.List {
		if a.List[i].State != "canceled" {
			shown = append(shown, &a.List[i])
		}
	}
	shown, t.More = limited(shown, limit)
	for _, x := range shown {
		t.Rows = append(t.Rows, row{Cells: []cell{
			toned(alertTone(x), alertSign(x)+" "+oneLine(x.Name)), logged(alertObject(x)), c.cell(x.ActiveAt), c.cell(x.FiredAt),
			resolvedCell(c, x), text(oneLine(x.Labels["severity"])), toldCell(c, x), cell{Text: deref(x.Incident), Tone: dim, Incident: deref(x.Incident)},
		}})
	}
	return t
}

func alertTone(a *api.Alert) tone {
	switch {
	case a.State == "pending":
		return warn
	case a.State == "firing" && wakes(a):
		return bad
	}
	return plain
}

func alertSign(a *api.Alert) string {
	switch a.State {
	case "firing":
		return "✗"
	case "resolved":
		return "✓"
	}
	return "…"
}

func resolvedCell(c clock, a *api.Alert) cell {
	switch a.State {
	case "firing":
		return toned(alertTone(a), "firing")
	case "pending":
		return toned(warn, "pending")
	}
	return c.cell(a.ResolvedAt)
}

// toldCell says when somebody was told, or what kept that from happening.
func toldCell(c clock, a *api.Alert) cell {
	switch {
	case a.State == "pending":
		return toned(dim, "–")
	case a.NotifiedAt.IsZero():
		return toned(dim, "inhibited by "+oneLine(strings.Join(a.InhibitedBy, ", ")))
	case !a.NotifiedAt.Equal(a.FiredAt.Time):
		return text("at " + c.at(a.NotifiedAt))
	}
	return text("at once")
}

// unalertedTable has the incidents of which no alert told.
func unalertedTable(c clock, a *api.Alerts, limit int) table {
	t := table{Cols: []col{{Head: "no alert about", Flex: true}, {Head: "opened"}, {Head: "resolved"},
		{Head: "took", Num: true}, {Head: "told by", Drop: 1}}}
	silent, more := limited(a.Silent, limit)
	t.More = more
	for i := range silent {
		u := &silent[i]
		resolved, took := text("open"), c.age(u.OpenedAt)
		if !u.ResolvedAt.IsZero() {
			resolved, took = c.cell(u.ResolvedAt), lasted(u.OpenedAt, u.ResolvedAt)
		}
		about, by := object(u.Ref), toned(dim, "nothing")
		about.Incident = u.Incident
		if u.Root != nil {
			by = object(*u.Root)
		}
		t.Rows = append(t.Rows, row{Ref: u.Ref, Cells: []cell{about, c.cell(u.OpenedAt), resolved, text(took), by}})
	}
	return t
}

// changesTable has what other rules would have done.
func changesTable(c clock, x *api.AlertChanges, limit int) table {
	t := table{Cols: []col{{Head: "change"}, {Head: "alert"}, {Head: "about", Flex: true}, {Head: "old rules"}, {Head: "new rules"}}}
	add := func(word string, tone tone, old, now *api.Alert) {
		a, cells := now, [2]cell{toned(dim, "–"), toned(dim, "–")}
		for i, x := range []*api.Alert{old, now} {
			if x != nil {
				cells[i], a = text(c.at(x.FiredAt)+" – "+c.at(x.ResolvedAt)), x
			}
		}
		t.Rows = append(t.Rows, row{Cells: []cell{
			toned(tone, word), text(oneLine(a.Name)), logged(alertObject(a)), cells[0], cells[1],
		}})
	}
	for i := range x.Gone {
		add("gone", warn, &x.Gone[i], nil)
	}
	for i := range x.New {
		add("new", warn, nil, &x.New[i])
	}
	for i := range x.Moved {
		add("moved", plain, &x.Moved[i].Old, &x.Moved[i].New)
	}
	t.Rows, t.More = limited(t.Rows, limit)
	if len(t.Rows) == 0 {
		t.Rows = []row{{Cells: []cell{toned(good, "none"), text("all " + count(x.Same) + " alike"), {}, {}, {}}}}
	}
	return t
}

// alertProblems has what makes the alerts doubtful, and how they were found.
func alertProblems(c clock, a *api.Alerts) table {
	t := table{Cols: []col{{Head: "note"}, {Head: "what it means", Flex: true}}}
	add := func(tone tone, what, means string) {
		t.Rows = append(t.Rows, row{Cells: []cell{toned(tone, oneLine(what)), logged(means)}})
	}
	for _, f := range a.Failed {
		add(bad, f.Rule, fmt.Sprintf("failed %s since %s: %s", times(int(f.Times)), c.at(f.First), f.Error))
	}
	if len(a.Unsampled) > 0 {
		add(warn, "not sampled", "a rule reads "+strings.Join(a.Unsampled, ", ")+", of which logs and evidence have no sample")
	}
	for _, d := range a.Downtimes {
		add(warn, "no line", fmt.Sprintf("%s – %s: the agent counts as down, and its series end (--gap)", c.at(d.From), c.at(d.To)))
	}
	if a.Omitted > 0 {
		add(dim, "left out", count(a.Omitted)+" more alerts that are over")
	}
	add(dim, "times", a.Grid.Chosen)
	return t
}
