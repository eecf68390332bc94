package web

import (
	"bytes"
	"context"
	_ "embed" // the page's parts
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"fluxtrail/api"
)

//go:embed page/status.html
var statusHTML string

//go:embed page/status.css
var statusCSS string

// statusPage is what the template reads.
type statusPage struct {
	CSS        template.CSS
	Headline   string
	Class      string // of the headline: good, bad, "" for neither
	Version    string
	Cluster    string
	Node       string
	At         api.Time
	Unready    []string
	Lanes      []api.Lane
	Open       []shownIncident
	OpenAll    int // how many there are
	Ended      []shownIncident
	Statuses   map[string]int
	Objects    int
	Shown      []shownObject
	Next       string // address of the objects that follow, "" for none
	Form       map[string]string
	Wrong      string // what is wrong with it, "" for nothing
	Targets    map[string][]api.Target
	Config     string
	NoSnapshot string // why there is none
	Refresh    int    // seconds, 0 for never
}

// shownIncident is an incident with the text of its evidence.
type shownIncident struct {
	*api.Incident
	For   time.Duration // from its opening to its end, or until now
	Began bool          // the first error says something else than the current one
	Lines []api.Evidence
}

// shownObject is an object with its incidents of the last hours.
type shownObject struct {
	*api.Object
	Spans []span
}

// span is a part of the timeline in thousandths of it.
type span struct {
	X, Width int
	Silent   bool // else an incident
}

const (
	maxOnPage    = 100 // incidents of each list, and objects; the API has all
	timelineSpan = 6 * time.Hour
)

// pagePolicy lets no script run, and nothing be loaded but our own icon.
const pagePolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"

//go:embed page/icon.svg
var icon []byte

func (s *server) icon(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "image/svg+xml")
	w.Header().Set("Cache-Control", "max-age=86400")
	_, err := w.Write(icon)
	s.unsent(err)
}

// page shows all at a glance. It needs no script, and loads again only if it is asked to.
func (s *server) page(w http.ResponseWriter, r *http.Request) {
	p := statusPage{
		CSS: template.CSS(statusCSS), Version: s.Version, Cluster: s.Cluster, Node: s.Node,
		At: api.Time{Time: s.Now()}, Unready: s.agent.Unready(),
		Lanes: s.agent.Lanes(), Targets: firstTargets(s.agent.Targets()), Config: s.Config, Form: map[string]string{},
	}
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		p.Wrong = "the parameters cannot be read: " + err.Error()
	}
	p.Refresh, _ = strconv.Atoi(values.Get("refresh"))
	p.Refresh = max(0, p.Refresh)
	values.Del("refresh")
	for name := range filters {
		p.Form[name] = values.Get(name)
	}
	if err := p.fill(r.Context(), s, values); err != nil {
		p.NoSnapshot = err.Error()
	}
	p.Headline, p.Class = p.headline()
	var b bytes.Buffer
	if err := p.render(&b); err != nil {
		http.Error(w, api.Shown(err.Error()), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", pagePolicy)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Referrer-Policy", "no-referrer")
	_, err = io.WriteString(w, api.Shown(b.String())) // names of files have all characters
	s.unsent(err)
}

// firstTargets are the first logs of each lane; the API has all.
func firstTargets(all map[string][]api.Target) map[string][]api.Target {
	out := map[string][]api.Target{}
	for lane, list := range all {
		out[lane] = list[:min(len(list), maxOnPage)]
	}
	return out
}

// fill takes over the objects that are asked for, and the incidents. A name without a pattern may
// be any part of one.
func (p *statusPage) fill(ctx context.Context, s *server, values url.Values) error {
	if name := values.Get("name"); name != "" && !strings.ContainsAny(name, "*?[") {
		values.Set("name", "*"+name+"*")
	}
	values.Set("limit", strconv.Itoa(maxOnPage))
	q, err := parseQuery(values, objectStatuses)
	c, _, missing := s.snapshot(ctx, q.last)
	if missing != nil {
		return missing
	}
	p.Statuses = c.Statuses
	for _, n := range c.Statuses {
		p.Objects += n
	}
	if err == nil {
		err = p.addObjects(c, q, values)
	}
	if err != nil {
		p.Wrong = err.Error()
	}
	return p.addIncidents(c)
}

// addIncidents shows the open incidents, those that opened last first, and the latest that ended.
func (p *statusPage) addIncidents(c *Snapshot) error {
	var open, ended []int
	for i := range c.Incidents.entries {
		if c.Incidents.entries[i].To == 0 {
			open = append(open, i)
		} else {
			ended = append(ended, i)
		}
	}
	p.OpenAll = len(open)
	show := func(list *[]shownIncident) func(element) error {
		return func(e element) error {
			i, err := shown(e, c.At)
			*list = append(*list, i)
			return err
		}
	}
	latest := func(list []int) []int { return list[max(0, len(list)-maxOnPage):] }
	err := errors.Join(c.Incidents.each(latest(open), show(&p.Open)), c.Incidents.each(latest(ended), show(&p.Ended)))
	slices.Reverse(p.Open)
	slices.SortStableFunc(p.Ended, func(a, b shownIncident) int { return b.ResolvedAt.Compare(a.ResolvedAt.Time) })
	return err
}

func shown(e element, now api.Time) (shownIncident, error) {
	i, texts := &api.Incident{}, []string{}
	err := errors.Join(json.Unmarshal(e.doc, i), json.Unmarshal(e.texts, &texts))
	for n := range min(len(texts), len(i.Evidence)) {
		i.Evidence[n].Text = texts[n]
	}
	end := now.Time
	if !i.ResolvedAt.IsZero() {
		end = i.ResolvedAt.Time
	}
	return shownIncident{
		Incident: i, For: end.Sub(i.OpenedAt.Time).Round(time.Second), Lines: i.Evidence,
		Began: i.ErrorLast != "" && !api.Alike(i.ErrorFirst, i.ErrorLast),
	}, err
}

// addObjects shows the objects that are asked for, with their timelines.
func (p *statusPage) addObjects(c *Snapshot, q query, values url.Values) error {
	numbers, next, err := q.selected(c.Objects.entries, objectCursor, pastObject)
	if err != nil {
		return err
	}
	if next != "" {
		values.Del("limit")
		values.Set("cursor", next)
		p.Next = "?" + values.Encode() + "#objects"
	}
	spans := map[api.Ref][]span{}
	for _, n := range numbers {
		spans[c.Objects.entries[n].Ref] = nil
	}
	for i := range c.Incidents.entries {
		e := &c.Incidents.entries[i]
		if _, ok := spans[e.Ref]; ok {
			if x, ok := spanOf(e, c.At.UnixNano()); ok {
				spans[e.Ref] = append(spans[e.Ref], x)
			}
		}
	}
	return c.Objects.each(numbers, func(e element) error {
		o := &api.Object{}
		err := json.Unmarshal(e.doc, o)
		line := spans[e.Ref]
		if !o.SilentSince.IsZero() {
			x, _ := spanOf(&Entry{From: o.SilentSince.UnixNano()}, c.At.UnixNano())
			line = append([]span{{x.X, x.Width, true}}, line...)
		}
		p.Shown = append(p.Shown, shownObject{o, line})
		return err
	})
}

// spanOf is where an incident stands in the timeline that ends now.
func spanOf(e *Entry, now int64) (span, bool) {
	end := now
	if e.To != 0 {
		end = e.To
	}
	begin := now - int64(timelineSpan)
	if end < begin {
		return span{}, false
	}
	part := func(at int64) int { return int((max(at, begin) - begin) / (int64(timelineSpan) / 1000)) }
	x := part(e.From)
	return span{X: x, Width: max(4, part(end)-x)}, true
}

func (p *statusPage) render(b *bytes.Buffer) error {
	t, err := template.New("status").Funcs(template.FuncMap{"clock": clock, "bytes": sizeText, "span": spanText, "short": shortRevision}).Parse(statusHTML)
	if err != nil {
		return err
	}
	return t.Execute(b, p)
}

// clock is a time as the page shows it.
func clock(t api.Time) string {
	if t.IsZero() {
		return "never"
	}
	return t.UTC().Format("2006-01-02 15:04:05 UTC")
}

// spanText is a duration as people say it.
func spanText(d time.Duration) string {
	switch {
	case d >= 24*time.Hour:
		return fmt.Sprintf("%dd%02dh", d/(24*time.Hour), d%(24*time.Hour)/time.Hour)
	case d >= time.Hour:
		return fmt.Sprintf("%dh%02dm", d/time.Hour, d%time.Hour/time.Minute)
	case d >= time.Minute:
		return fmt.Sprintf("%dm%02ds", d/time.Minute, d%time.Minute/time.Second)
	}
	return d.Round(time.Second).String()
}

// shortRevision cuts the hash of a revision to what people compare.
func shortRevision(s *string) string {
	if s == nil {
		return ""
	}
	name, hash, ok := strings.Cut(*s, ":")
	if !ok || len(hash) <= 8 {
		return *s
	}
	name = strings.TrimSuffix(strings.TrimSuffix(name, "sha256"), "sha1")
	return name + hash[:8]
}

func sizeText(n int64) string {
	switch {
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
	case n >= 1<<10:
		return fmt.Sprintf("%.1f KiB", float64(n)/(1<<10))
	}
	return fmt.Sprintf("%d B", n)
}
