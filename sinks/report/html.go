package report

import (
	"bufio"
	"cmp"
	"crypto/sha256"
	_ "embed" // the page's parts
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"

	"fluxtrail/api"
)

//go:embed page/page.html
var pageHTML string

//go:embed page/page.css
var pageCSS string

//go:embed page/page.js
var pageJS string

// HTMLOptions bound the page, so that it still opens for thousands of objects. What is left out is said on the page.
// Zero means the default.
type HTMLOptions struct {
	Lanes     int // objects, the most urgent first; 2000
	Incidents int // the open ones, then the newest; 1000
	Segments  int // pieces of all lanes together; 100,000
	Rows      int // entries of every other list; 500
}

// WriteHTML writes one self-contained page: it loads nothing, and its content policy lets no script run but its own. Log
// text gets in through html/template, which escapes by context, and is drawn by the script as text only.
func WriteHTML(w io.Writer, r *api.Report, opt HTMLOptions) error {
	opt = HTMLOptions{cmp.Or(opt.Lanes, 2000), cmp.Or(opt.Incidents, 1000), cmp.Or(opt.Segments, 100_000), cmp.Or(opt.Rows, 500)}
	t, err := template.New("page").Funcs(template.FuncMap{"status": statusOf, "short": shortRevision, "deref": deref, "show": visible}).Parse(pageHTML)
	if err != nil {
		return fmt.Errorf("parse the page: %w", err)
	}
	b := bufio.NewWriterSize(w, 64<<10)
	if err := t.Execute(b, newPage(r, opt)); err != nil {
		return fmt.Errorf("write HTML: %w", err)
	}
	return b.Flush()
}

// page is what the template reads. All texts in it are plain; CSS and Script are our own files.
type page struct {
	Title, Verdict, Covered, Policy string
	CSS                             template.CSS
	Script                          template.JS
	Mark                            string
	Tone                            tone
	Tiles                           []tile
	Statuses                        []statusInfo
	Kinds, Namespaces               []string
	Problems                        []problemCard
	Incidents                       []incidentEntry
	Errors                          []errorEntry
	Objects, KindTimes, Slowest     table
	Controllers, Silences, Input    table
	IncidentNote, ErrorNote         string
	Notes                           []string
	Timeline                        timeline
	LaneNote                        string
}

func newPage(r *api.Report, opt HTMLOptions) *page {
	found := problems(r, -1)
	c := newClock(r.Window)
	p := &page{
		Verdict: verdict(r, found), Covered: covered(r), CSS: template.CSS(pageCSS), Script: template.JS(pageJS), Policy: policy(pageJS),
		Tiles: tiles(r, found), Statuses: statuses, Timeline: buildTimeline(r, found, opt.Lanes, opt.Segments),
		Objects: objectTable(c, r.Objects, opt.Lanes), KindTimes: kindDurations(r.Durations), Slowest: slowest(r.Objects, opt.Rows),
		Controllers: controllerTable(r.Controllers, opt.Rows), Silences: silenceTable(r.Window, r.Silences, opt.Rows),
		Input: inputTable(r.Input.Files, opt.Rows), ErrorNote: errorSummary(r),
	}
	p.Title = p.Verdict
	p.Mark, p.Tone = verdictMark(r, found)
	p.Kinds, p.Namespaces = choices(r.Objects)
	if n := len(r.Objects) - len(p.Timeline.Lanes); n > 0 {
		p.LaneNote = fmt.Sprintf("This page holds the %s most urgent objects. The other %s are in the JSON report only.", count(int64(len(p.Timeline.Lanes))), count(int64(n)))
	}
	p.addProblems(c, found, opt.Rows)
	p.addIncidents(c, r, opt.Incidents)
	p.addErrors(c, r.Errors, opt.Rows)
	p.addNotes(r.Settings)
	return p
}

// policy allows the page's own script by its hash, its style sheet, and nothing else.
func policy(script string) string {
	sum := sha256.Sum256([]byte(script))
	return "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// tile is one figure at the top; one with a Status filters the page when pressed.
type tile struct {
	Figure, Label, Status string
	Tone                  tone
}

func tiles(r *api.Report, found []problem) []tile {
	n := countStatuses(r.Objects)
	var out []tile
	for _, s := range statuses {
		if n[s.Name] > 0 || s.Name == "failing" || s.Name == "ready" {
			out = append(out, tile{count(n[s.Name]), s.Name, s.Name, zeroDim(n[s.Name], s.Tone)})
		}
	}
	open := r.Totals.ByState["firing"] + r.Totals.ByState["pending"]
	return append(out,
		tile{Figure: count(int64(rootCauses(found))), Label: "root causes"},
		tile{Figure: count(open), Label: "open of " + many(r.Totals.Incidents, "incident", "incidents")},
		tile{Figure: count(int64(len(r.Errors))), Label: "kinds of error"},
	)
}

func choices(objects []api.Object) (kinds, namespaces []string) {
	for i := range objects {
		kinds = append(kinds, oneLine(objects[i].Kind))
		namespaces = append(namespaces, oneLine(objects[i].Namespace))
	}
	for _, list := range []*[]string{&kinds, &namespaces} {
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
	return kinds, namespaces
}

func objectTable(c clock, objects []api.Object, limit int) table {
	t := table{Cols: []col{{Head: "status"}, {Head: "object"}, {Head: "since"}, {Head: "reason"}, {Head: "revision"}, {Head: "last good"},
		{Head: "ok", Num: true}, {Head: "failed", Num: true}, {Head: "waited", Num: true}, {Head: "next run"}}}
	sorted := slices.SortedStableFunc(sliceOf(objects), func(a, b *api.Object) int {
		return cmp.Compare(statusIndex(a.Status), statusIndex(b.Status))
	})
	sorted, t.More = limited(sorted, limit)
	for _, o := range sorted {
		t.Rows = append(t.Rows, row{Ref: o.Ref, Status: o.Status, Cells: []cell{status(o.Status), object(o.Ref), text(c.at(o.Since)), logged(deref(o.Reason)),
			logged(shortRevision(deref(o.Revision))), logged(shortRevision(deref(o.LastGoodRevision))), number(o.Attempts.Succeeded, plain),
			number(o.Attempts.Failed, bad), number(o.Attempts.Waiting, plain), text(c.at(o.NextRun))}})
	}
	return t
}

func (p *page) addNotes(s api.Settings) {
	p.Notes = append(p.Notes, sampling, rules(s))
	if s.Baseline != "" {
		p.Notes = append(p.Notes, "New errors are those that "+oneLine(s.Baseline)+" does not know.")
	}
}

// join is for attributes that hold several names; names of kinds and namespaces have no line breaks.
func join(refs []api.Ref, field func(api.Ref) string) string {
	var names []string
	for _, r := range refs {
		names = append(names, oneLine(field(r)))
	}
	slices.Sort(names)
	return strings.Join(slices.Compact(names), "\n")
}
