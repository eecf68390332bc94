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

// htmlOptions bound the page, so that it still opens for thousands of objects. What is left out is
// told on the page. Zero means the default.
type htmlOptions struct {
	Objects   int // the most urgent first; 2000
	Incidents int // the open ones, then the newest; 1000
	Segments  int // pieces of all tracks of the timeline together; 100,000
	Rows      int // entries of every other list; 500
}

func (o htmlOptions) withDefaults() htmlOptions {
	return htmlOptions{
		cmp.Or(o.Objects, 2000), cmp.Or(o.Incidents, 1000), cmp.Or(o.Segments, 100_000), cmp.Or(o.Rows, 500),
	}
}

// writeHTML writes one self-contained page. It loads nothing, and its content policy lets no script
// run but its own; without a script it shows the same, and cannot be filtered or zoomed. Log text
// gets in through html/template, which escapes by context, and the script handles it as text only.
func writeHTML(w io.Writer, r *api.Report, opt htmlOptions) error {
	t, err := template.New("page").Funcs(template.FuncMap{
		"status": statusOf, "show": visible, "iso": iso, "count": count[int], "head": fact.head,
	}).Parse(pageHTML)
	if err != nil {
		return fmt.Errorf("parse the page: %w", err)
	}
	b := bufio.NewWriterSize(w, 64<<10)
	if err := t.Execute(b, newPage(r, opt.withDefaults())); err != nil {
		return fmt.Errorf("write HTML: %w", err)
	}
	return b.Flush()
}

// iso is an instant in the form that scripts read.
func iso(t api.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// page is what the template reads. All texts in it are plain; CSS and Script are our own files.
type page struct {
	Headline          string
	Window            phrase
	Covered           string
	Short             bool // times are shown without their date
	Policy            string
	CSS               template.CSS
	Script            template.JS
	Sign              string
	Tone              tone
	Calm              string // what "Now" says when it has no entry
	Tiles             []tile
	Statuses          []statusInfo
	Kinds, Namespaces []string
	Entries           []entryCard
	Incidents         []incidentCard
	Errors            []errorCard
	Sections          []pageSection
	ErrorNote         string
	IncidentNote      string
	NoIncident        string // where there is none
	Notes             []string
	Timeline          timeline
	Left              string // how many objects the page does not have
}

func newPage(r *api.Report, opt htmlOptions) *page {
	found, c := entries(r), newClock(r.Window, nil)
	p := &page{
		Headline: headline(r, found), Window: window(c), Covered: covered(c, r), Short: c.short, Calm: calm(r),
		CSS: template.CSS(pageCSS), Script: template.JS(pageJS), Policy: policy(pageJS),
		Tiles: tiles(r, found), Statuses: statuses, Timeline: newTimeline(r, found, opt.Objects, opt.Segments),
		Sections: pageSections(c, r, opt), ErrorNote: errorSummary(r), Notes: notes(r.Settings),
	}
	p.Sign, p.Tone = headlineMark(r, found)
	p.Kinds, p.Namespaces = choices(r.Objects)
	if n := len(r.Objects) - len(p.Timeline.Tracks); n > 0 {
		p.Left = fmt.Sprintf("This page holds the %s most urgent objects. The other %s are in the JSON report only.",
			count(len(p.Timeline.Tracks)), count(n))
	}
	if r.Settings.Baseline != "" {
		p.Notes = append(p.Notes, newErrors(r.Settings))
	}
	p.addIncidents(c, r, opt.Incidents)
	p.addEntries(c, found, opt.Rows)
	p.addErrors(c, r.Errors, opt.Rows)
	return p
}

// pageSections are the tables below the errors. Incidents have a form of their own here.
func pageSections(c clock, r *api.Report, opt htmlOptions) []pageSection {
	var out []pageSection
	for _, s := range sections(r, c, opt.Rows) {
		if s.Name == incidentsSection || s.Name == verdictsSection && !byConditions(r) {
			continue
		}
		if s.Name == objectsSection {
			s.tables = func() []table { return []table{objectTable(c, r.Objects, opt.Objects)} }
		}
		out = append(out, pageSection{s, s.filled()})
	}
	return out
}

// pageSection is a section with its tables that have rows.
type pageSection struct {
	section
	Tables []table
}

// policy allows the page's own script by its hash, its style sheet, and nothing else.
func policy(script string) string {
	sum := sha256.Sum256([]byte(script))
	hash := base64.StdEncoding.EncodeToString(sum[:])
	return "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-" + hash + "'"
}

// tile is one figure at the top. One with a Status filters the page when it is pressed.
type tile struct{ Figure, Label, Status string }

func tiles(r *api.Report, found []entry) []tile {
	n := countStatuses(r.Objects)
	var out []tile
	for _, s := range statuses {
		if n[s.Name] > 0 || s.Name == "failing" || s.Name == "ready" {
			out = append(out, tile{count(n[s.Name]), s.Name, s.Name})
		}
	}
	open := int64(0)
	for _, s := range incidentStates {
		if s.Open {
			open += r.Totals.ByState[s.Name]
		}
	}
	return append(out,
		tile{Figure: count(len(found)), Label: noun(len(found), "root cause", "root causes")},
		tile{Figure: count(open), Label: "open of " + many(r.Totals.Incidents, "incident", "incidents")},
		tile{Figure: count(len(r.Errors)), Label: noun(len(r.Errors), "kind of error", "kinds of error")},
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

// joined is for attributes that hold several names. Names of kinds and namespaces have no line
// breaks.
func joined(refs []api.Ref, field func(api.Ref) string) string {
	var names []string
	for _, r := range refs {
		names = append(names, oneLine(field(r)))
	}
	slices.Sort(names)
	return strings.Join(slices.Compact(names), "\n")
}
