package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"fluxtrail/api"
)

// at is an instant of the sample hour: at("10:20:03").
func at(clock string) api.Time {
	t, err := time.Parse("2006-01-02 15:04:05", "2026-10-07 "+clock)
	if err != nil {
		panic(err)
	}
	return api.Time{Time: t}
}

func rev(digest string) *string { return ptr("main@sha1:" + strings.Repeat(digest, 40/len(digest))) }

func ptr(s string) *string { return &s }

// hostile is log text as an attacker, or an unlucky template engine, would write it.
const hostile = `kustomize build failed: accumulating resources: '</script><img src=x onerror="document.title='pwned'">' | ` +
	"`rm -rf` && \"quoted\" \x1b[31mred\x1b[0m \u202egnirts\u202c naïve 日本語 🚀\n\tat line 2 of {{ .Values.x }}\n### not a heading\n<!-- -->"

// endless is a 4 KiB error as Helm's schema validation prints them.
var endless = "values don't meet the specifications of the schema(s) in the following chart(s):\nshop:\n" +
	strings.Repeat("- (root): Additional property replicaCuont is not allowed\n", 70)

var (
	gitApps   = api.Ref{Kind: "GitRepository", Namespace: "flux-system", Name: "apps"}
	gitFlux   = api.Ref{Kind: "GitRepository", Namespace: "flux-system", Name: "flux-system"}
	ksInfra   = api.Ref{Kind: "Kustomization", Namespace: "flux-system", Name: "infra"}
	ksWeb     = api.Ref{Kind: "Kustomization", Namespace: "flux-system", Name: "web"}
	ksAPI     = api.Ref{Kind: "Kustomization", Namespace: "flux-system", Name: "api"}
	ksNasty   = api.Ref{Kind: "Kustomization", Namespace: "team-a", Name: `nasty"<b>|` + "`x`"}
	hrShop    = api.Ref{Kind: "HelmRelease", Namespace: "shop", Name: "cart"}
	hrMonitor = api.Ref{Kind: "HelmRelease", Namespace: "monitoring", Name: "kube-prometheus-stack"}
	ksJobs    = api.Ref{Kind: "Kustomization", Namespace: "flux-system", Name: "jobs"}
	ksFlap    = api.Ref{Kind: "Kustomization", Namespace: "flux-system", Name: "flap"}
)

// sample is a realistic hour with ten objects in every status that matters, and with hostile texts
// in it.
func sample() *api.Report {
	incidents := sampleIncidents()
	r := &api.Report{
		Window:      api.Window{From: at("10:00:00"), To: at("11:00:00")},
		Input:       sampleInput(),
		Objects:     sampleObjects(incidents),
		Transitions: slices.Values(sampleTransitions()),
		Incidents:   slices.Values(incidents),
		Errors:      sampleErrors(),
		Controllers: sampleControllers(),
		Durations: []api.KindDuration{
			{Kind: "GitRepository", Duration: api.Duration{Count: 58, P50: 60, P95: 61.2, Max: 75,
				Measured: "between", P50First: 60, P50Second: 60.1}},
			{Kind: "HelmRelease", Duration: api.Duration{Count: 12, P50: 4.83, P95: 301.2, Max: 304,
				Measured: "logged", P50First: 2.1, P50Second: 8.6}},
			{Kind: "Kustomization", Duration: api.Duration{Count: 343, P50: 0.212, P95: 1.31, Max: 30.2,
				Measured: "logged", P50First: 0.31, P50Second: 0.2}},
		},
		Silences: []api.Silence{
			{Ref: ksFlap, Said: at("10:08:00"), Due: at("10:09:00"), Came: at("10:12:30"), Basis: "stated", Times: 2},
			{Ref: hrMonitor, Said: at("10:21:00"), Due: at("10:31:00"), Came: api.Time{}, Basis: "stated", Times: 1},
		},
		Settings: api.Settings{Hold: time.Minute, Keep: 2 * time.Minute, Grace: 2 * time.Minute,
			Baseline: "last-week.json"},
	}
	return totals(r, incidents)
}

func sampleInput() api.Input {
	dir := "pods/flux-system_kustomize-controller-5d7f8b9c4-x2x9z_0b1c/manager/"
	return api.Input{
		Files: []api.File{
			{Path: "pods/flux-system_source-controller-7c9d-aa/manager/0.log", Format: "cri", Lines: 4210,
				Bytes: 1_203_442, Records: 4210, First: at("10:00:00"), Last: at("10:59:58")},
			{Path: dir + "0.log.20261007-103000.gz", Format: "cri.gz", Lines: 8000, Bytes: 3_000_000, Records: 7988,
				Unparsed: 12, Truncated: 1, First: at("10:00:01"), Last: at("10:30:00"), FirstUnparsed: 331},
			{Path: dir + "0.log", Format: "cri", Lines: 7100, Bytes: 2_711_000, Records: 7100, First: at("10:30:00"),
				Last: at("11:00:00")},
			{Path: "pods/flux-system_helm-controller-66-bb/manager/0.log", Format: "cri",
				Error: ptr("open pods/flux-system_helm-controller-66-bb/manager/0.log: permission denied (run as root or in the group that owns the file)")},
		},
		Lines: 19310, Bytes: 6_914_442, Records: 19298, Unparsed: 12,
	}
}

func sampleIncidents() []api.Incident {
	clone := "failed to checkout and determine revision: unable to list remote for 'https://git.example.com/apps.git': Get \"https://git.example.com/apps.git/info/refs?service=git-upload-pack\": dial tcp 10.0.0.7:443: connect: connection refused"
	path := "pods/flux-system_kustomize-controller-5d7f8b9c4-x2x9z_0b1c/manager/0.log"
	line := func(n int64, when, what string) api.Evidence {
		return api.Evidence{File: path, Line: n, Offset: n * 380, At: at(when),
			Pod: "kustomize-controller-5d7f8b9c4-x2x9z", ReconcileID: fmt.Sprintf("443c1d6a-0b3f-4c58-9a5e-%012d", n),
			Text: fmt.Sprintf(`{"level":"error","ts":"2026-10-07T%s.000Z","msg":%q}`, when, what)}
	}
	return []api.Incident{
		{ID: "flap-1002", Ref: ksFlap, State: "resolved", OpenedAt: at("10:02:00"), ResolvedAt: at("10:20:00"),
			FirstRevision: rev("85b652f0"), LastRevision: rev("01c77227"), LastGoodRevision: rev("01c77227"),
			Reason: "BuildFailed", ErrorFirst: "kustomize build failed: kustomization.yaml is empty",
			ErrorLast: "kustomize build failed: kustomization.yaml is empty", Fingerprint: "f1a9", Attempts: 9,
			Flaps: 3, Evidence: []api.Evidence{line(12, "10:02:00",
				"Reconciliation failed after 12ms, next try in 1m0s")}},
		{ID: "jobs-1005", Ref: ksJobs, State: "closed", OpenedAt: at("10:05:00"), ResolvedAt: at("10:15:30"),
			ClosedReason: ptr("suspended"), FirstRevision: rev("43c61eab"), LastRevision: rev("43c61eab"),
			LastGoodRevision: rev("01c77227"),
			Reason:           "ReconciliationFailed",
			ErrorFirst:       "ConfigMap/default/Jobs_Bad dry-run failed (Invalid): a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters", ErrorLast: "ConfigMap/default/Jobs_Bad dry-run failed (Invalid): a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters",
			Culprit: &api.Ref{Kind: "ConfigMap", Namespace: "default", Name: "Jobs_Bad"}, Fingerprint: "77aa",
			Attempts: 10},
		{ID: "apps-1013", Ref: gitApps, State: "firing", OpenedAt: at("10:13:02"), LastGoodRevision: rev("65e39316"),
			Reason: "GitOperationFailed", ErrorFirst: clone, ErrorLast: clone, Fingerprint: "c0ff", Attempts: 47,
			Flaps:    2,
			Affected: []api.Ref{ksAPI, ksInfra, ksWeb}, Evidence: []api.Evidence{line(800, "10:13:02", clone),
				line(7001, "10:59:12", clone)}},
		{ID: "web-1014", Ref: ksWeb, State: "firing", OpenedAt: at("10:14:00"), FirstRevision: rev("65e39316"),
			LastRevision: rev("65e39316"), Reason: "ArtifactFailed",
			ErrorFirst:  "failed to download artifact from http://source-controller/x.tar.gz, status: 404",
			ErrorLast:   "failed to download artifact from http://source-controller/x.tar.gz, status: 404",
			Fingerprint: "4044", Attempts: 40, RootCause: &gitApps, Evidence: []api.Evidence{line(821, "10:14:00",
				"failed to download artifact")}},
		{ID: "nasty-1030", Ref: ksNasty, State: "firing", OpenedAt: at("10:30:00"), FirstRevision: rev("067edca8"),
			LastRevision: rev("6ba96e29"), LastGoodRevision: rev("65e39316"), Reason: "BuildFailed",
			ErrorFirst: hostile, ErrorLast: hostile + " again",
			Culprit: &api.Ref{Kind: "Deployment", Namespace: "team-a", Name: "</script>"}, Fingerprint: "bad0",
			Attempts: 29, Evidence: []api.Evidence{line(4000, "10:30:00", hostile)}},
		{ID: "cart-1040", Ref: hrShop, State: "firing", OpenedAt: at("10:40:00"), FirstRevision: ptr("6.5.1"),
			LastRevision: ptr("6.5.1"), LastGoodRevision: ptr("6.5.0"), Reason: "RetriesExceeded",
			ReasonFirst: "UpgradeFailed", ErrorFirst: endless,
			ErrorLast: "terminal error: exceeded maximum retries: cannot remediate failed release",
			Culprit:   &api.Ref{Kind: "Deployment", Namespace: "shop", Name: "cart"}, Fingerprint: "5c4e", Attempts: 6,
			Evidence: []api.Evidence{line(120, "10:40:00", "release is in a failed state"), line(160, "10:45:10",
				endless)}},
	}
}

func sampleObjects(incidents []api.Incident) (objects []api.Object) {
	open := map[api.Ref]*api.Incident{}
	for i := range incidents {
		if isOpen(&incidents[i]) {
			open[incidents[i].Ref] = &incidents[i]
		}
	}
	ks, sc, hc := "kustomize-controller", "source-controller", "helm-controller"
	defer func() {
		for i := range objects {
			o := &objects[i]
			o.Verdict = map[string]string{"ready": "healthy", "stalled": "failing"}[o.Status]
			o.Verdict, o.Explanation = cmp.Or(o.Verdict, o.Status), "as the log says"
		}
	}()
	objects = []api.Object{
		{Ref: gitApps, Controller: sc, Status: "failing", Ready: "False", Since: at("10:13:02"),
			Reason: ptr("GitOperationFailed"), Revision: rev("65e39316"), LastGoodRevision: rev("65e39316"),
			Attempts: api.Attempts{Succeeded: 13, Failed: 47}, NextRun: at("11:00:12"),
			Duration: &api.Duration{Count: 59, P50: 60, P95: 60, Max: 61, Measured: "between"}},
		{Ref: gitFlux, Controller: sc, Status: "ready", Ready: "True", Since: at("10:00:03"),
			Revision: rev("308e0846"), LastGoodRevision: rev("308e0846"), Attempts: api.Attempts{Succeeded: 60},
			NextRun: at("11:00:40")},
		{Ref: hrMonitor, Controller: hc, Status: "silent", Ready: "True", Since: at("10:33:00"),
			Revision: ptr("62.3.0"), Attempts: api.Attempts{Succeeded: 3}, NextRun: at("10:31:00"),
			SilentSince: at("10:33:00"), Duration: &api.Duration{Count: 3, P50: 12, P95: 14, Max: 14,
				Measured: "logged", P50First: 11, P50Second: 12}},
		{Ref: hrShop, Controller: hc, Status: "stalled", Ready: "False", Since: at("10:45:10"),
			Reason: ptr("RetriesExceeded"), Revision: ptr("6.5.1"), LastGoodRevision: ptr("6.5.0"),
			Attempts: api.Attempts{Succeeded: 4, Failed: 6, Stalled: 1}, Duration: &api.Duration{Count: 11, P50: 62.4,
				P95: 301.2, Max: 304, Measured: "logged", P50First: 2.1, P50Second: 300}},
		{Ref: ksAPI, Controller: ks, Status: "waiting", Ready: "False", Since: at("10:14:10"),
			Reason: ptr("DependencyNotReady"), Revision: rev("65e39316"), Attempts: api.Attempts{Succeeded: 14,
				Waiting: 92}, NextRun: at("11:00:20"), RootCause: &gitApps},
		{Ref: ksFlap, Controller: ks, Status: "ready", Ready: "True", Since: at("10:18:00"),
			Revision: rev("01c77227"), Attempts: api.Attempts{Succeeded: 51, Failed: 9},
			Duration: &api.Duration{Count: 60, P50: .212, P95: 1.3, Max: 2, Measured: "logged", P50First: .3,
				P50Second: .2}, NextRun: at("11:00:30")},
		{Ref: ksInfra, Controller: ks, Status: "waiting", Ready: "False", Since: at("10:14:12"),
			Reason: ptr("SourceNotReady"), Attempts: api.Attempts{Waiting: 90}, RootCause: &gitApps},
		{Ref: ksJobs, Controller: ks, Status: "suspended", Ready: "False", Since: at("10:15:30"),
			Revision: rev("43c61eab"), Attempts: api.Attempts{Failed: 10, Succeeded: 5}},
		{Ref: ksWeb, Controller: ks, Status: "failing", Ready: "False", Since: at("10:14:00"),
			Reason: ptr("ArtifactFailed"), Revision: rev("65e39316"), Attempts: api.Attempts{Succeeded: 14,
				Failed: 40}, RootCause: &gitApps, NextRun: at("11:00:05")},
		{Ref: ksNasty, Controller: ks, Status: "failing", Ready: "False", Since: at("10:30:00"),
			Reason: ptr("BuildFailed"), Revision: rev("6ba96e29"), LastGoodRevision: rev("65e39316"),
			Attempts: api.Attempts{Succeeded: 30, Failed: 29}, NextRun: at("10:59:30"),
			Duration: &api.Duration{Count: 59, P50: .05, P95: .2, Max: .3, Measured: "logged", P50First: .05,
				P50Second: .05}},
	}
	for i := range objects {
		objects[i].Incident = open[objects[i].Ref]
	}
	return objects
}

func sampleTransitions() []api.Transition {
	var out []api.Transition
	add := func(when string, ref api.Ref, status, reason string, revision *string) {
		ready := map[string]string{"ready": "True", "silent": "True", "progressing": "Unknown",
			"unknown": "Unknown"}[status]
		if ready == "" {
			ready = "False"
		}
		t := api.Transition{At: at(when), Ref: ref, Ready: ready, Status: status, Revision: revision}
		if reason != "" {
			t.Reason = &reason
		}
		out = append(out, t)
	}
	for _, ref := range []api.Ref{gitApps, gitFlux, hrMonitor, hrShop, ksAPI, ksFlap, ksInfra, ksJobs, ksWeb, ksNasty} {
		add("10:00:03", ref, "ready", "", rev("65e39316"))
	}
	for n := range 4 {
		add(fmt.Sprintf("10:%02d:00", 2+4*n), ksFlap, "failing", "BuildFailed", rev("85b652f0"))
		add(fmt.Sprintf("10:%02d:00", 4+4*n), ksFlap, "ready", "", rev("01c77227"))
	}
	add("10:05:00", ksJobs, "failing", "ReconciliationFailed", rev("43c61eab"))
	add("10:15:30", ksJobs, "suspended", "", rev("43c61eab"))
	add("10:13:02", gitApps, "failing", "GitOperationFailed", nil)
	add("10:14:00", ksWeb, "failing", "ArtifactFailed", rev("65e39316"))
	add("10:14:10", ksAPI, "waiting", "DependencyNotReady", rev("65e39316"))
	add("10:14:12", ksInfra, "waiting", "SourceNotReady", nil)
	add("10:30:00", ksNasty, "failing", "BuildFailed", rev("067edca8"))
	add("10:33:00", hrMonitor, "silent", "", ptr("62.3.0"))
	add("10:39:00", hrShop, "progressing", "", ptr("6.5.1"))
	add("10:40:00", hrShop, "failing", "UpgradeFailed", ptr("6.5.1"))
	add("10:45:10", hrShop, "stalled", "RetriesExceeded", ptr("6.5.1"))
	slices.SortStableFunc(out, func(a, b api.Transition) int { return a.At.Compare(b.At.Time) })
	return out
}

func sampleErrors() []api.ErrorGroup {
	return []api.ErrorGroup{
		{Fingerprint: "c0ff", Reason: "GitOperationFailed",
			Example: "failed to checkout and determine revision: unable to list remote for 'https://git.example.com/apps.git': dial tcp 10.0.0.7:443: connect: connection refused", Count: 47, Objects: []api.Ref{gitApps}, First: at("10:13:02"), Last: at("10:59:12"), New: true},
		{Fingerprint: "4044", Reason: "ArtifactFailed",
			Example: "failed to download artifact from http://source-controller/x.tar.gz, status: 404", Count: 40,
			Objects: []api.Ref{ksWeb}, First: at("10:14:00"), Last: at("10:59:30"), New: false},
		{Fingerprint: "bad0", Reason: "BuildFailed", Example: hostile, Count: 29, Objects: []api.Ref{ksNasty},
			First: at("10:30:00"), Last: at("10:58:30"), New: true},
		{Fingerprint: "f1a9", Reason: "BuildFailed", Example: "kustomize build failed: kustomization.yaml is empty",
			Count: 9, Objects: []api.Ref{ksFlap, ksAPI, ksInfra, ksJobs, ksWeb}, First: at("10:02:00"),
			Last: at("10:14:40"), New: false},
		{Fingerprint: "5c4e", Reason: "UpgradeFailed", Example: endless, Count: 1, Objects: []api.Ref{hrShop},
			First: at("10:40:00"), Last: at("10:40:00"), New: true},
	}
}

func sampleControllers() []api.Controller {
	return []api.Controller{
		{Name: "helm-controller", Pod: "helm-controller-66-bb", Restarts: 0, Panics: 0, Throttled: 0,
			LeaderChanges: 0, Lines: api.Lines{}, Gaps: nil},
		{Name: "kustomize-controller", Pod: "kustomize-controller-5d7f8b9c4-x2x9z", Restarts: 1, Panics: 1,
			Throttled: 12, LeaderChanges: 2, Lines: api.Lines{Info: 14210, Error: 851, Debug: 0, Other: 39},
			Gaps: []api.Gap{{From: at("10:22:00"), To: at("10:27:30")}, {From: at("10:50:00"), To: at("10:52:00")}}},
		{Name: "source-controller", Pod: "source-controller-7c9d-aa", Restarts: 0, Panics: 0, Throttled: 0,
			LeaderChanges: 1, Lines: api.Lines{Info: 4100, Error: 110, Debug: 0, Other: 0}, Gaps: []api.Gap{}},
	}
}

// totals fills in the counts that cmd/fluxtrail delivers with the sequences.
func totals(r *api.Report, incidents []api.Incident) *api.Report {
	r.Totals.ByState = map[string]int64{}
	for range r.Transitions {
		r.Totals.Transitions++
	}
	for i := range incidents {
		r.Totals.Incidents++
		r.Totals.ByState[incidents[i].State]++
	}
	return r
}
