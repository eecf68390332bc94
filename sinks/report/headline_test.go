package report

import (
	"strings"
	"testing"

	"fluxtrail/api"
)

// objectsIn makes one object for each status.
func objectsIn(statuses ...string) []api.Object {
	var out []api.Object
	for i, s := range statuses {
		ref := api.Ref{Kind: "Kustomization", Namespace: "apps", Name: string(rune('a' + i))}
		out = append(out, api.Object{Ref: ref, Status: s, Since: at("10:00:00")})
	}
	return out
}

func understood(lines, unparsed int64) api.Input {
	return api.Input{Lines: lines, Records: lines - unparsed, Unparsed: unparsed, Files: []api.File{{Path: "a.log", Records: 1}}}
}

func TestHeadline(t *testing.T) {
	t.Parallel()
	broken := api.File{Path: "b.log", Error: ptr("permission denied")}
	partly := api.File{Path: "c.log.gz", Records: 7, Error: ptr("unexpected EOF")}
	for _, c := range []struct {
		name, want, sign string
		report           api.Report
	}{
		{"nothing was read", "No verdict: nothing was read", "?", api.Report{}},
		{"nothing can be read", "No verdict: nothing could be read: b.log: permission denied", "?",
			api.Report{Input: api.Input{Files: []api.File{broken}}}},
		{"a file of something else", "No verdict: none of the 883 lines was understood", "?",
			api.Report{Input: understood(883, 883)}},
		{"one line of something else", "No verdict: its only line was not understood", "?",
			api.Report{Input: understood(1, 1)}},
		{"no object", "No verdict: no Flux object in the 20 lines", "?", api.Report{Input: understood(20, 0)}},
		{"a filter that fits nothing", "No verdict: no object matches; the log tells of 20 objects", "?",
			api.Report{Input: understood(20, 0), Totals: api.Totals{Seen: 20}}},
		{"a filter for what fails", "Nothing is failing: 3 objects looked at", "✓",
			api.Report{Input: understood(20, 0), Totals: api.Totals{Seen: 20, Matched: 3}}},
		{"too much is not understood", "No verdict: 3 of 20 lines were not understood (1 ready)", "?",
			api.Report{Input: understood(20, 3), Objects: objectsIn("ready")}},
		{"a little is not understood", "Nothing is failing: 1 ready", "✓",
			api.Report{Input: understood(20, 2), Objects: objectsIn("ready")}},
		{"one path cannot be read", "No verdict: 1 path could not be read: b.log (1 ready)", "?",
			api.Report{Input: api.Input{Lines: 9, Records: 9, Files: []api.File{broken}}, Objects: objectsIn("ready")}},
		{"the end of a file is missing", "Nothing is failing: 1 ready", "✓",
			api.Report{Input: api.Input{Lines: 9, Records: 9, Files: []api.File{partly}}, Objects: objectsIn("ready")}},
		{"nothing is judged", "No verdict: the log tells of no object whether it is ready (1 progressing, 1 unknown)", "?",
			api.Report{Input: understood(20, 0), Objects: objectsIn("progressing", "unknown")}},
		{"only silence", "2 silent, 1 ready — 2 root causes", "?",
			api.Report{Input: understood(20, 0), Objects: objectsIn("silent", "silent", "ready")}},
		{"silence comes first, the sign is of the worst", "1 silent, 1 failing, 1 waiting — 3 root causes", "✗",
			api.Report{Input: understood(20, 0), Objects: objectsIn("waiting", "silent", "failing")}},
		{"trouble is told, whatever the input is like", "1 stalled — 1 root cause", "■",
			api.Report{Input: understood(20, 19), Objects: objectsIn("stalled")}},
		{"all is well", "Nothing is failing: 1 suspended, 1 deleted, 2 ready", "✓",
			api.Report{Input: understood(20, 0), Objects: objectsIn("ready", "suspended", "deleted", "ready")}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			found := entries(&c.report)
			if got := headline(&c.report, found); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
			if sign, _ := headlineMark(&c.report, found); sign != c.sign {
				t.Errorf("sign %s, want %s", sign, c.sign)
			}
		})
	}
}

// TestNoAllClearAnywhere wants the doubt in all forms, and nowhere a sentence that contradicts it.
func TestNoAllClearAnywhere(t *testing.T) {
	t.Parallel()
	for name, write := range writers(&api.Report{Input: understood(883, 883)}) {
		if name == "json" || name == "openmetrics" {
			continue
		}
		got := string(written(t, write))
		if !strings.Contains(got, "No verdict: none of the 883 lines was understood") {
			t.Errorf("%s does not tell the doubt", name)
		}
		if strings.Contains(got, "Nothing is failing") {
			t.Errorf("%s says that nothing is failing", name)
		}
	}
}

// TestWorstOfAllHeld takes the sign from what a cause holds up when the cause itself is not in the
// log.
func TestWorstOfAllHeld(t *testing.T) {
	t.Parallel()
	r := &api.Report{Input: understood(20, 0), Objects: objectsIn("failing", "waiting")}
	for i := range r.Objects {
		r.Objects[i].RootCause = &gitApps
	}
	found := entries(r)
	if len(found) != 1 || found[0].Object != nil || len(found[0].Held) != 2 {
		t.Fatalf("%+v", found)
	}
	if sign, tone := headlineMark(r, found); sign != "✗" || tone != bad {
		t.Errorf("%s %s", sign, tone)
	}
}
