package web

import (
	"bytes"
	_ "embed" // the page's parts
	"fmt"
	"html/template"
	"net/http"
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
	Version    string
	At         api.Time
	Unready    []string
	Lanes      []api.Lane
	Open       []openIncident
	Others     int // open incidents beyond the limit
	Statuses   map[string]int
	Objects    int
	Targets    map[string][]api.Target
	Config     string
	NoSnapshot string // why there is none
	Refreshes  int    // seconds
}

// openIncident is an incident with the text of its evidence.
type openIncident struct {
	*api.Incident
	For   time.Duration
	Began bool // the first error says something else than the current one
	Lines []api.Evidence
}

const (
	maxOnPage = 100 // incidents; the API has all
	refreshes = 15  // seconds
)

// pagePolicy lets no script run, and nothing be loaded.
const pagePolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

// page shows all at a glance. It needs no script.
func (s *server) page(w http.ResponseWriter, r *http.Request) {
	p := statusPage{
		CSS: template.CSS(statusCSS), Version: s.Version, At: api.Time{Time: s.Now()}, Unready: s.agent.Unready(),
		Lanes: s.agent.Lanes(), Targets: s.agent.Targets(), Config: s.Config, Refreshes: refreshes,
	}
	if _, err := s.withSnapshot(r, p.add); err != nil {
		p.NoSnapshot = err.Error()
	}
	var b bytes.Buffer
	if err := p.render(&b); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", pagePolicy)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Referrer-Policy", "no-referrer")
	_, err := b.WriteTo(w)
	s.unsent(err)
}

func (p *statusPage) render(b *bytes.Buffer) error {
	t, err := template.New("status").Funcs(template.FuncMap{"clock": clock, "bytes": sizeText}).Parse(statusHTML)
	if err != nil {
		return err
	}
	return t.Execute(b, p)
}

// add takes over the objects and the open incidents.
func (p *statusPage) add(c *Snapshot) error {
	p.Statuses = c.Statuses
	for _, n := range c.Statuses {
		p.Objects += n
	}
	for i := range c.Incidents {
		switch {
		case !i.ResolvedAt.IsZero():
		case len(p.Open) == maxOnPage:
			p.Others++
		default:
			p.Open = append(p.Open, openIncident{
				Incident: i, For: c.At.Sub(i.OpenedAt.Time).Round(time.Second), Lines: i.Evidence,
				Began: i.ErrorLast != "" && withoutDigits(i.ErrorFirst) != withoutDigits(i.ErrorLast),
			})
		}
	}
	return nil
}

// withoutDigits makes texts equal that differ only in a duration or a temporary path.
func withoutDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return -1
		}
		return r
	}, s)
}

// clock is a time as the page shows it.
func clock(t api.Time) string {
	if t.IsZero() {
		return "never"
	}
	return t.UTC().Format("2006-01-02 15:04:05 UTC")
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
