// Package report writes an api.Report in the forms that people and programs read: text for a
// terminal, Markdown for a ticket, one self-contained HTML page, JSON for scripts, and OpenMetrics
// for Prometheus.
//
// In: an api.Report, which replay and the agent build from the state of package derive. Out: bytes
// on a writer. The writers never read files, never look at the clock and start no goroutine; the
// same report gives the same bytes. An error is the writer's own, or says which value has no JSON
// form. Nothing is lost silently: what a form leaves out for the sake of size is said where it is
// missing, and is in the JSON.
package report
