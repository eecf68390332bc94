package report

import (
	"io"
	"slices"
	"strings"
	"time"

	"fluxtrail/api"
)

// Look says how a report looks for people. A form leaves alone what does not concern it.
type Look struct {
	Sections []string       // as in SectionNames; none means those that a form has by default
	Width    int            // columns; 0 means 100, less than 60 counts as 60
	Color    bool           // ANSI colours; what they say is always said in words too
	Limit    int            // entries of a list; 0 means 20, negative all
	Zone     *time.Location // of all times; nil means UTC
}

// Form is a form that a report can take.
type Form struct {
	Name, File  string   // File is how a file of it is called
	Aliases     []string // other names for it
	Transitions bool     // it shows every change of every object
	Lines       bool     // it shows the lines of evidence
	Alerts      bool     // it is about alerts
	Directory   bool     // it is a directory, which replay writes while it reads; Write has nothing to write
	Write       func(w io.Writer, r *api.Report, look Look) error

	sections func() []string // those that it has unless others are asked for; nil where it has everything
}

// Durations reports whether the form shows how long attempts took.
func (f *Form) Durations(look Look) bool {
	switch {
	case f.Alerts:
		return false
	case f.sections == nil:
		return true
	case len(look.Sections) > 0:
		return slices.Contains(look.Sections, durationsSection)
	}
	return slices.Contains(f.sections(), durationsSection)
}

// forms are all forms. Text is the first.
func forms() []Form {
	return []Form{
		{Name: "text", File: "report.txt", Aliases: []string{"txt"}, Write: writeText, sections: firstScreen},
		{
			Name: "json", File: "report.json", Transitions: true,
			Write: func(w io.Writer, r *api.Report, _ Look) error { return writeJSON(w, r, jsonOptions{}) },
		},
		{
			Name: "html", File: "report.html", Transitions: true, Lines: true,
			Write: func(w io.Writer, r *api.Report, _ Look) error { return writeHTML(w, r, htmlOptions{}) },
		},
		{
			Name: "openmetrics", File: "report.om", Aliases: []string{"om", "prom", "prometheus"}, Transitions: true,
			Write: func(w io.Writer, r *api.Report, _ Look) error { return writeOpenMetrics(w, r, openMetricsOptions{}) },
		},
		{Name: "alertmanager", File: "alerts.json", Alerts: true, Write: writeAlertmanager},
		{
			Name: "tsdb", File: "blocks", Alerts: true, Directory: true,
			Write: func(io.Writer, *api.Report, Look) error { return nil },
		},
		{Name: "markdown", File: "report.md", Aliases: []string{"md"}, Write: writeMarkdown, sections: SectionNames},
	}
}

// FormNames are the names of all forms.
func FormNames() (names []string) {
	for _, f := range forms() {
		names = append(names, f.Name)
	}
	return names
}

// FormNamed finds a form by its name in any case of letters, or by one of its aliases.
func FormNamed(name string) (Form, bool) {
	name = strings.ToLower(strings.TrimSpace(name))
	for _, f := range forms() {
		if f.Name == name || slices.Contains(f.Aliases, name) {
			return f, true
		}
	}
	return Form{}, false
}
