package report

import (
	"slices"

	"fluxtrail/api"
)

// The names of the sections behind the headline, in their order.
const (
	nowSection         = "now"
	verdictsSection    = "verdicts"
	incidentsSection   = "incidents"
	alertsSection      = "alerts"
	errorsSection      = "errors"
	objectsSection     = "objects"
	durationsSection   = "durations"
	controllersSection = "controllers"
	silenceSection     = "silence"
	inputSection       = "input"
)

// SectionNames are the sections of the text and Markdown reports in their order, for the Sections
// of their options. That of the verdicts is left out where nothing but logs was read.
func SectionNames() []string {
	return []string{nowSection, verdictsSection, incidentsSection, alertsSection, errorsSection, objectsSection, durationsSection,
		controllersSection, silenceSection, inputSection}
}

// firstScreen are the sections that the text report has unless others are asked for.
func firstScreen() []string {
	return []string{nowSection, verdictsSection, incidentsSection, alertsSection}
}

// section is a part of the report that consists of tables, which are made when they are shown.
// Tables without rows are left out; where none is left, Empty is said instead.
type section struct {
	Name, Title, Note, Empty string

	tables func() []table
}

// sections are those that consist of tables. "Now" and the errors have forms of their own.
func sections(r *api.Report, c clock, limit int) []section {
	doubt := Doubt(r) != ""
	list := []section{
		{Name: verdictsSection, Title: "Verdicts", Note: verdictNote(r), Empty: unless(doubt, "Every object is healthy.", "No object is known to be otherwise than healthy."),
			tables: func() []table { return []table{verdictTable(r.Objects, limit)} }},
		{Name: incidentsSection, Title: "Incidents", Note: incidentSummary(r.Totals), Empty: noIncident(r),
			tables: func() []table {
				groups, total := incidentGroups(r, limit)
				return []table{incidentTable(c, groups, total, limit)}
			}},
		{Name: objectsSection, Title: "Objects", Empty: "No Flux object was seen.",
			tables: func() []table { return []table{objectTable(c, r.Objects, limit)} }},
		{Name: durationsSection, Title: "Durations", Empty: "No attempt was timed.",
			tables: func() []table { return []table{kindDurations(r.Durations), slowest(r.Objects, limit)} }},
		{Name: controllersSection, Title: "Controllers", Empty: "No controller wrote to this input.",
			tables: func() []table {
				return []table{controllerTable(c, r.Controllers, limit), healthTable(c, r.Controllers)}
			}},
		{Name: silenceSection, Title: "Silence", Note: "promised attempts that did not come in time",
			Empty:  unless(doubt || c.from.IsZero(), "Every promised attempt came in time.", "No promise is known to be broken."),
			tables: func() []table { return []table{silenceTable(c, r.Silences, limit)} }},
		{Name: inputSection, Title: "Input", Note: believed(&r.Input.Believed),
			Empty:  unless(r.Input.Lines == 0, "Every file was read to its end and every line understood.", "Nothing was read."),
			tables: func() []table { return []table{inputTable(c, &r.Input, limit)} }},
	}
	return slices.Insert(list, 2, alertSection(r, c, limit)...)
}

// unless is what a section says where it has nothing to list: that all is well only where there is
// reason to believe that.
func unless(doubt bool, well, otherwise string) string {
	if doubt {
		return otherwise
	}
	return well
}

// noIncident is what stands in place of incidents.
func noIncident(r *api.Report) string {
	return unless(Doubt(r) != "", "No object failed.", "No object is known to have failed.")
}

// byName finds a section.
func byName(list []section, name string) *section {
	i := slices.IndexFunc(list, func(s section) bool { return s.Name == name })
	if i < 0 {
		return nil
	}
	return &list[i]
}

// filled are the tables that have rows.
func (s *section) filled() []table {
	return slices.DeleteFunc(s.tables(), func(t table) bool { return len(t.Rows) == 0 })
}

// summary tells in a few words what a section that is not shown holds.
func summary(r *api.Report, name string) string {
	switch name {
	case errorsSection:
		return many(len(r.Errors), "kind of error", "kinds of error")
	case objectsSection:
		return many(len(r.Objects), "object", "objects")
	case controllersSection:
		return many(len(r.Controllers), "controller", "controllers")
	case silenceSection:
		return many(len(r.Silences), "broken promise", "broken promises")
	case inputSection:
		in := r.Input
		in.Conditions = slices.DeleteFunc(slices.Clone(in.Conditions), func(c api.ConditionInput) bool { return !flawed(&c) })
		if n := len(inputTable(newClock(r.Window, nil), &in, -1).Rows); n > 0 {
			return many(n, "problem with the input", "problems with the input")
		}
	}
	return ""
}
