package report

import (
	"fmt"
	"strings"

	"fluxtrail/api"
)

// headline is the first line of every report. It says that nothing is failing only when the input
// gives reason to believe that.
func headline(r *api.Report, found []entry) string {
	doubts := Doubt(r)
	counts := statusCounts(r.Objects)
	switch {
	case len(found) > 0:
		return counts + " — " + many(len(found), "root cause", "root causes")
	case doubts != "" && counts != "":
		return "No verdict: " + doubts + " (" + counts + ")"
	case doubts != "":
		return "No verdict: " + doubts
	}
	if counts == "" {
		counts = many(r.Totals.Matched, "object", "objects") + " looked at"
	}
	return "Nothing is failing: " + counts
}

// most is the part of the lines, in per cent, that may be in no known form before the rest is no
// base for an all-clear.
const most = 10

// Doubt is why the input does not allow to say that nothing is failing, "" if it does.
func Doubt(r *api.Report) string {
	in := &r.Input
	broken := brokenFiles(in.Files)
	switch {
	case in.Records == 0:
		return unread(in, broken)
	case len(r.Objects) == 0 && r.Totals.Seen == 0:
		return fmt.Sprintf("no Flux object in the %s", many(in.Lines, "line", "lines"))
	case len(r.Objects) == 0 && r.Totals.Matched == 0:
		return fmt.Sprintf("no object matches; the log tells of %s", many(r.Totals.Seen, "object", "objects"))
	case in.Unparsed*100 > in.Lines*most:
		return fmt.Sprintf("%s of %s were not understood", count(in.Unparsed), many(in.Lines, "line", "lines"))
	case len(broken) > 0:
		return fmt.Sprintf("%s could not be read: %s", many(len(broken), "path", "paths"), oneLine(broken[0].Path))
	case len(in.WithoutRecords) > 0:
		return oneLine(in.WithoutRecords[0]) + " gave no record"
	case len(r.Objects) > 0 && judged(r.Objects) == 0:
		return "the log tells of no object whether it is ready"
	}
	return ""
}

// unread is why an input gave no record.
func unread(in *api.Input, broken []*api.File) string {
	why := fmt.Sprintf("none of the %s was understood", many(in.Lines, "line", "lines"))
	switch {
	case in.Lines == 0 && len(broken) > 0:
		return "nothing could be read: " + oneLine(broken[0].Path) + ": " + oneLine(*broken[0].Error)
	case in.Lines == 0:
		return "nothing was read"
	case in.Lines == 1:
		why = "its only line was not understood"
	}
	if in.LooksLike != "" {
		why += "; this looks like " + in.LooksLike
	}
	return why
}

// brokenFiles are those that could not be read and gave no record.
func brokenFiles(files []api.File) []*api.File {
	var out []*api.File
	for i := range files {
		if files[i].Error != nil && files[i].Records == 0 {
			out = append(out, &files[i])
		}
	}
	return out
}

// judged counts the objects of which the log tells how they are.
func judged(objects []api.Object) int {
	n := 0
	for i := range objects {
		switch objects[i].Status {
		case "unknown", "progressing":
		default:
			n++
		}
	}
	return n
}

// headlineMark is the sign that goes with the headline: that of the most urgent entry.
func headlineMark(r *api.Report, found []entry) (string, tone) {
	if len(found) == 0 {
		if Doubt(r) != "" {
			return "?", warn
		}
		return "✓", good
	}
	worst := len(statuses)
	for i := range found {
		if s := found[i].status(); s.Tone == bad && found[i].Object != nil && !statusOf(found[i].Object.Status).Now {
			return s.Sign, s.Tone
		}
		for _, o := range append(found[i].Held, found[i].Object) {
			if o != nil {
				worst = min(worst, statusIndex(o.Status))
			}
		}
	}
	return statuses[worst].Sign, statuses[worst].Tone
}

// statusCounts tells how many objects are in which status. Silence comes first: where a controller
// does not do what it promised, the other figures may be out of date.
func statusCounts(objects []api.Object) string {
	n := countStatuses(objects)
	var parts []string
	for _, v := range verdictInfos {
		if n[v.Name] > 0 && v.Alarm && !statusOf(v.Name).Now {
			parts = append(parts, count(n[v.Name])+" "+v.Name)
		}
	}
	for _, s := range statuses {
		switch {
		case n[s.Name] == 0:
		case s.Name == "silent":
			parts = append([]string{count(n[s.Name]) + " silent"}, parts...)
		default:
			parts = append(parts, count(n[s.Name])+" "+s.Name)
		}
	}
	return strings.Join(parts, ", ")
}

func countStatuses(objects []api.Object) map[string]int64 {
	n := map[string]int64{}
	for i := range objects {
		n[shownStatus(&objects[i]).Name]++
	}
	return n
}
