package browser

import (
	"fmt"
	"slices"
	"time"

	"fluxtrail/sinks/report"
)

// minute is an instant in the sample hour.
func minute(m int) report.Time {
	return report.Time{Time: time.Date(2026, 10, 7, 10, m, 0, 0, time.UTC)}
}

const hostile = `</script><img src=x onerror="window.pwned=1"><script>window.pwned=1</script>`

// sample has a failing source, an object that is hostile from name to error, and one that is well.
func sample() *report.Report {
	apps := report.Ref{Kind: "GitRepository", Namespace: "flux-system", Name: "apps"}
	nasty := report.Ref{Kind: "Kustomization", Namespace: "team-a", Name: hostile}
	web := report.Ref{Kind: "Kustomization", Namespace: "flux-system", Name: "web"}
	incidents := []report.Incident{
		{ID: "1", Ref: apps, State: "firing", OpenedAt: minute(20), Reason: "GitOperationFailed", ErrorFirst: "connection refused", ErrorLast: "connection refused", Fingerprint: "a",
			Evidence: []report.Evidence{{File: "pods/source-controller/0.log", Line: 7, At: minute(20), Text: `{"level":"error","msg":"connection refused"}`}}},
		{ID: "2", Ref: nasty, State: "firing", OpenedAt: minute(30), Reason: hostile, ErrorFirst: hostile, ErrorLast: hostile, Fingerprint: hostile,
			Culprit: &nasty, Evidence: []report.Evidence{{File: hostile, Line: 8, At: minute(30), Text: hostile}}},
	}
	reason := hostile
	change := func(m int, ref report.Ref, ready, status string) report.Transition {
		return report.Transition{At: minute(m), Ref: ref, Ready: ready, Status: status, Reason: &reason, Revision: &reason}
	}
	return &report.Report{
		Window: report.Window{From: minute(0), To: minute(60)},
		Input:  report.Input{Lines: 10, Files: []report.File{{Path: hostile, Lines: 10, Unparsed: 1, Error: &reason}}},
		Objects: []report.Object{
			{Ref: apps, Status: "failing", Ready: "False", Since: minute(20), Incident: &incidents[0]},
			{Ref: web, Status: "ready", Ready: "True", Since: minute(0)},
			{Ref: nasty, Status: "failing", Ready: "False", Since: minute(30), Reason: &reason, Revision: &reason, Incident: &incidents[1]},
		},
		Transitions: slices.Values([]report.Transition{change(0, apps, "True", "ready"), change(0, web, "True", "ready"), change(0, nasty, "True", "ready"),
			change(20, apps, "False", "failing"), change(30, nasty, "False", "failing")}),
		Incidents:   slices.Values(incidents),
		Errors:      []report.ErrorGroup{{Fingerprint: hostile, Reason: hostile, Example: hostile, Count: 3, Objects: []report.Ref{nasty}, First: minute(30), Last: minute(40), New: true}},
		Controllers: []report.Controller{{Name: hostile, Pod: hostile}},
		Totals:      report.Totals{Transitions: 5, Incidents: 2, ByState: map[string]int64{"firing": 2}},
		Settings:    report.Settings{Baseline: hostile},
	}
}

// large has many objects that flap through the day.
func large(objects, transitions int) *report.Report {
	r := &report.Report{Window: report.Window{From: minute(0), To: minute(24 * 60)}, Totals: report.Totals{Transitions: int64(transitions)}}
	for i := range objects {
		r.Objects = append(r.Objects, report.Object{Ref: report.Ref{Kind: "Kustomization", Namespace: fmt.Sprintf("tenant-%02d", i%50), Name: fmt.Sprintf("app-%04d", i)},
			Status: "ready", Ready: "True", Since: minute(0)})
	}
	step := 24 * time.Hour / time.Duration(transitions)
	r.Transitions = func(yield func(report.Transition) bool) {
		for i := range transitions {
			t := report.Transition{At: report.Time{Time: minute(0).Add(time.Duration(i) * step)}, Ref: r.Objects[i%objects].Ref, Ready: "True", Status: "ready"}
			if i/objects%2 == 1 {
				t.Ready, t.Status = "False", "failing"
			}
			if !yield(t) {
				return
			}
		}
	}
	return r
}
