package agent

import (
	"bytes"
	_ "embed" // the page's parts
	"fmt"
	"html/template"
	"net/http"
	"time"

	"fluxtrail/api"
	"fluxtrail/derive"
)

//go:embed page/status.html
var statusHTML string

//go:embed page/status.css
var statusCSS string

// statusPage is what the template reads.
type statusPage struct {
	CSS       template.CSS
	Version   string
	At        api.Time
	Unready   []string
	Lanes     []api.Lane
	Open      []openIncident
	Others    int // open incidents beyond the limit
	Statuses  map[string]int
	Objects   int
	Targets   map[string][]target
	Config    string
	NoStory   string
	Refreshes int // seconds
}

// openIncident is an incident with the text of its evidence.
type openIncident struct {
	api.Incident
	For   time.Duration
	Lines []api.Evidence
}

// maxOnPage is how many incidents the page shows; the API has all.
const maxOnPage = 100

// page shows all at a glance. It needs no script; its policy lets none run, and lets nothing be loaded.
func (s *server) page(w http.ResponseWriter, r *http.Request) {
	p := statusPage{CSS: template.CSS(statusCSS), Version: s.version, At: api.Time{Time: s.now()}, Unready: s.unready(), Lanes: s.lanes(),
		Targets: s.targetsByLane(), Config: s.config, Statuses: map[string]int{}, Refreshes: 15}
	if _, err := s.chapter(r, p.tell); err != nil {
		p.NoStory = err.Error()
	}
	t, err := template.New("status").Funcs(template.FuncMap{"clock": clock, "bytes": sizeText}).Parse(statusHTML)
	var b bytes.Buffer
	if err == nil {
		err = t.Execute(&b, p)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Referrer-Policy", "no-referrer")
	_, _ = b.WriteTo(w) // who went away needs no page
}

func (p *statusPage) tell(c *chapter) {
	for i := range c.View.Objects {
		p.Statuses[c.View.Objects[i].Status.String()]++
	}
	p.Objects = len(c.View.Objects)
	for _, i := range c.View.Open {
		if len(p.Open) == maxOnPage {
			p.Others++
			continue
		}
		o := openIncident{Incident: c.Incident(i), For: time.Duration(c.View.At - i.OpenedAt).Round(time.Second)}
		o.Lines = o.Evidence
		p.Open = append(p.Open, o)
	}
}

// clock is a time as the page shows it.
func clock(t any) string {
	var at time.Time
	switch t := t.(type) {
	case api.Time:
		at = t.Time
	case time.Time:
		at = t
	case int64:
		at = derive.Instant(t)
	}
	if at.IsZero() {
		return "never"
	}
	return at.UTC().Format("2006-01-02 15:04:05 UTC")
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
