package report

import (
	"fmt"

	"fluxtrail/api"
)

const sampling = "Counts are lower bounds: a controller's logger lets the first 100 equal messages of a second pass, " +
	"then 1 in 100."

// rules tells what the figures depend on.
func rules(s api.Settings) string {
	return fmt.Sprintf("An incident fires after %s. It is resolved at its first success that no failure follows within %s, "+
		"or before the log ends. A promised attempt may be %s late.", span(s.Hold), span(s.Keep), span(s.Grace))
}

// notes are what stands at the end of every report.
func notes(s api.Settings) []string { return []string{sampling, rules(s)} }

func newErrors(s api.Settings) string {
	return "New errors are those that " + oneLine(s.Baseline) + " does not know."
}

// window is the time that the report covers, none for an input without a time.
func window(c clock) phrase {
	if c.from.IsZero() {
		return nil
	}
	last := fullLayout
	if c.short {
		last = timeLayout
	}
	return phrase{{Text: c.from.In(c.zone).Format(fullLayout), At: c.from}, words(" – "),
		{Text: c.to.In(c.zone).Format(last), At: c.to}}
}

// covered tells what the report rests on, besides its window.
func covered(c clock, r *api.Report) string {
	in := &r.Input
	files, lines := many(len(in.Files), "file", "files"), many(in.Lines, "line", "lines")
	if c.from.IsZero() {
		return fmt.Sprintf("%s, %s, no record with a time", files, lines)
	}
	return fmt.Sprintf("(%s) · %s · %s, %s · %s", span(c.to.Sub(c.from.Time)), files, lines, bytesSize(in.Bytes),
		many(len(r.Objects), "object", "objects"))
}

// coverage is the second line of the text and Markdown reports.
func coverage(c clock, r *api.Report) string {
	if c.from.IsZero() {
		return covered(c, r)
	}
	return fmt.Sprintf("%s %s %s", window(c), c.to.In(c.zone).Format("MST"), covered(c, r))
}

// errorSummary counts the kinds of error, and those that the baseline does not have.
func errorSummary(r *api.Report) string {
	fresh := 0
	for i := range r.Errors {
		if r.Errors[i].New {
			fresh++
		}
	}
	kinds := many(len(r.Errors), "kind", "kinds")
	switch {
	case len(r.Errors) == 0:
		return ""
	case r.Settings.Baseline == "":
		return kinds
	}
	return fmt.Sprintf("%s, %s new since the baseline", kinds, count(fresh))
}
