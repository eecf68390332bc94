package browser

import (
	"fmt"
	"slices"
	"time"

	"fluxtrail/api"
)

// minute is an instant in the sample hour.
func minute(m int) api.Time {
	return api.Time{Time: time.Date(2026, 10, 7, 10, m, 0, 0, time.UTC)}
}

const hostile = `</script><img src=x onerror="window.pwned=1"><script>window.pwned=1</script>`

// sample has a failing source, an object that is hostile from name to error, and one that is well.
func sample() *api.Report {
	apps := api.Ref{Kind: "GitRepository", Namespace: "flux-system", Name: "apps"}
	nasty := api.Ref{Kind: "Kustomization", Namespace: "team-a", Name: hostile}
	web := api.Ref{Kind: "Kustomization", Namespace: "flux-system", Name: "web"}
	incidents := []api.Incident{
		{ID: "1", Ref: apps, State: "firing", OpenedAt: minute(20), Reason: "GitOperationFailed", ErrorFirst: "connection refused", ErrorLast: "connection refused", Fingerprint: "a",
			Evidence: []api.Evidence{{File: "pods/source-controller/0.log", Line: 7, At: minute(20), Text: `{"level":"error","msg":"connection refused"}`}}},
		{ID: "2", Ref: nasty, State: "firing", OpenedAt: minute(30), Reason: hostile, ErrorFirst: hostile, ErrorLast: hostile, Fingerprint: hostile,
			Culprit: &nasty, Evidence: []api.Evidence{{File: hostile, Line: 8, At: minute(30), Text: hostile}}},
	}
	reason := hostile
	change := func(m int, ref api.Ref, ready, status string) api.Transition {
		return api.Transition{At: minute(m), Ref: ref, Ready: ready, Status: status, Reason: &reason, Revision: &reason}
	}
	return &api.Report{
		Window: api.Window{From: minute(0), To: minute(60)},
		Input:  api.Input{Lines: 10, Files: []api.File{{Path: hostile, Lines: 10, Unparsed: 1, Error: &reason}}},
		Objects: []api.Object{
			{Ref: apps, Status: "failing", Ready: "False", Since: minute(20), Incident: &incidents[0]},
			{Ref: web, Status: "ready", Ready: "True", Since: minute(0)},
			{Ref: nasty, Status: "failing", Ready: "False", Since: minute(30), Reason: &reason, Revision: &reason, Incident: &incidents[1]},
		},
		Transitions: slices.Values([]api.Transition{change(0, apps, "True", "ready"), change(0, web, "True", "ready"), change(0, nasty, "True", "ready"),
			change(20, apps, "False", "failing"), change(30, nasty, "False", "failing")}),
		Incidents:   slices.Values(incidents),
		Errors:      []api.ErrorGroup{{Fingerprint: hostile, Reason: hostile, Example: hostile, Count: 3, Objects: []api.Ref{nasty}, First: minute(30), Last: minute(40), New: true}},
		Controllers: []api.Controller{{Name: hostile, Pod: hostile}},
		Totals:      api.Totals{Transitions: 5, Incidents: 2, ByState: map[string]int64{"firing": 2}},
		Settings:    api.Settings{Baseline: hostile},
	}
}

// large has many objects that flap through the day.
func large(objects, transitions int) *api.Report {
	r := &api.Report{Window: api.Window{From: minute(0), To: minute(24 * 60)}, Totals: api.Totals{Transitions: int64(transitions)}}
	for i := range objects {
		r.Objects = append(r.Objects, api.Object{Ref: api.Ref{Kind: "Kustomization", Namespace: fmt.Sprintf("tenant-%02d", i%50), Name: fmt.Sprintf("app-%04d", i)},
			Status: "ready", Ready: "True", Since: minute(0)})
	}
	step := 24 * time.Hour / time.Duration(transitions)
	r.Transitions = func(yield func(api.Transition) bool) {
		for i := range transitions {
			t := api.Transition{At: api.Time{Time: minute(0).Add(time.Duration(i) * step)}, Ref: r.Objects[i%objects].Ref, Ready: "True", Status: "ready"}
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
