package report

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// at is an instant of the sample hour: at("10:20:03").
func at(clock string) Time {
	t, err := time.Parse("2006-01-02 15:04:05", "2026-10-07 "+clock)
	if err != nil {
		panic(err)
	}
	return Time{t}
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
	gitApps   = Ref{"GitRepository", "flux-system", "apps"}
	gitFlux   = Ref{"GitRepository", "flux-system", "flux-system"}
	ksInfra   = Ref{"Kustomization", "flux-system", "infra"}
	ksWeb     = Ref{"Kustomization", "flux-system", "web"}
	ksAPI     = Ref{"Kustomization", "flux-system", "api"}
	ksNasty   = Ref{"Kustomization", "team-a", `nasty"<b>|` + "`x`"}
	hrShop    = Ref{"HelmRelease", "shop", "cart"}
	hrMonitor = Ref{"HelmRelease", "monitoring", "kube-prometheus-stack"}
	ksJobs    = Ref{"Kustomization", "flux-system", "jobs"}
	ksFlap    = Ref{"Kustomization", "flux-system", "flap"}
)

// sample is a realistic hour with ten objects in every status that matters, and with hostile texts in it.
func sample() *Report {
	incidents := sampleIncidents()
	r := &Report{
		Window:      Window{at("10:00:00"), at("11:00:00")},
		Input:       sampleInput(),
		Objects:     sampleObjects(incidents),
		Transitions: slices.Values(sampleTransitions()),
		Incidents:   slices.Values(incidents),
		Errors:      sampleErrors(),
		Controllers: sampleControllers(),
		Durations: []KindDuration{
			{"GitRepository", Duration{Count: 58, P50: 60, P95: 61.2, Max: 75, Measured: "between", P50First: 60, P50Second: 60.1}},
			{"HelmRelease", Duration{Count: 12, P50: 4.83, P95: 301.2, Max: 304, Measured: "logged", P50First: 2.1, P50Second: 8.6}},
			{"Kustomization", Duration{Count: 343, P50: 0.212, P95: 1.31, Max: 30.2, Measured: "logged", P50First: 0.31, P50Second: 0.2}},
		},
		Silences: []Silence{
			{ksFlap, at("10:08:00"), at("10:09:00"), at("10:12:30"), "stated", 2},
			{hrMonitor, at("10:21:00"), at("10:31:00"), Time{}, "stated", 1},
		},
		Settings: Settings{Hold: time.Minute, Keep: 2 * time.Minute, Grace: 2 * time.Minute, Baseline: "last-week.json"},
	}
	return totals(r, incidents)
}

func sampleInput() Input {
	dir := "pods/flux-system_kustomize-controller-5d7f8b9c4-x2x9z_0b1c/manager/"
	return Input{
		Files: []File{
			{Path: "pods/flux-system_source-controller-7c9d-aa/manager/0.log", Format: "cri", Lines: 4210, Bytes: 1_203_442, Records: 4210, First: at("10:00:00"), Last: at("10:59:58")},
			{Path: dir + "0.log.20261007-103000.gz", Format: "cri.gz", Lines: 8000, Bytes: 3_000_000, Records: 7988, Unparsed: 12, Truncated: 1, First: at("10:00:01"), Last: at("10:30:00"), FirstUnparsed: 331},
			{Path: dir + "0.log", Format: "cri", Lines: 7100, Bytes: 2_711_000, Records: 7100, First: at("10:30:00"), Last: at("11:00:00")},
			{Path: "pods/flux-system_helm-controller-66-bb/manager/0.log", Format: "cri", Error: ptr("open pods/flux-system_helm-controller-66-bb/manager/0.log: permission denied (run as root or in the group that owns the file)")},
		},
		Lines: 19310, Bytes: 6_914_442, Records: 19298, Unparsed: 12,
	}
}

func sampleIncidents() []Incident {
	clone := "failed to checkout and determine revision: unable to list remote for 'https://git.example.com/apps.git': Get \"https://git.example.com/apps.git/info/refs?service=git-upload-pack\": dial tcp 10.0.0.7:443: connect: connection refused"
	path := "pods/flux-system_kustomize-controller-5d7f8b9c4-x2x9z_0b1c/manager/0.log"
	line := func(n int64, when, what string) Evidence {
		return Evidence{path, n, n * 380, at(when), fmt.Sprintf(`{"level":"error","ts":"2026-10-07T%s.000Z","msg":%q}`, when, what)}
	}
	return []Incident{
		{ID: "flap-1002", Ref: ksFlap, State: "resolved", OpenedAt: at("10:02:00"), ResolvedAt: at("10:20:00"), FirstRevision: rev("85b652f0"), LastRevision: rev("01c77227"), LastGoodRevision: rev("01c77227"),
			Reason: "BuildFailed", ErrorFirst: "kustomize build failed: kustomization.yaml is empty", ErrorLast: "kustomize build failed: kustomization.yaml is empty", Fingerprint: "f1a9", Attempts: 9, Flaps: 3, Evidence: []Evidence{line(12, "10:02:00", "Reconciliation failed after 12ms, next try in 1m0s")}},
		{ID: "jobs-1005", Ref: ksJobs, State: "closed", OpenedAt: at("10:05:00"), ResolvedAt: at("10:15:30"), ClosedReason: ptr("suspended"), FirstRevision: rev("43c61eab"), LastRevision: rev("43c61eab"), LastGoodRevision: rev("01c77227"),
			Reason: "ReconciliationFailed", ErrorFirst: "ConfigMap/default/Jobs_Bad dry-run failed (Invalid): a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters", ErrorLast: "ConfigMap/default/Jobs_Bad dry-run failed (Invalid): a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters",
			Culprit: &Ref{"ConfigMap", "default", "Jobs_Bad"}, Fingerprint: "77aa", Attempts: 10},
		{ID: "apps-1013", Ref: gitApps, State: "firing", OpenedAt: at("10:13:02"), LastGoodRevision: rev("65e39316"), Reason: "GitOperationFailed", ErrorFirst: clone, ErrorLast: clone, Fingerprint: "c0ff", Attempts: 47, Flaps: 2,
			Affected: []Ref{ksAPI, ksInfra, ksWeb}, Evidence: []Evidence{line(800, "10:13:02", clone), line(7001, "10:59:12", clone)}},
		{ID: "web-1014", Ref: ksWeb, State: "firing", OpenedAt: at("10:14:00"), FirstRevision: rev("65e39316"), LastRevision: rev("65e39316"), Reason: "ArtifactFailed", ErrorFirst: "failed to download artifact from http://source-controller/x.tar.gz, status: 404", ErrorLast: "failed to download artifact from http://source-controller/x.tar.gz, status: 404",
			Fingerprint: "4044", Attempts: 40, RootCause: &gitApps, Evidence: []Evidence{line(821, "10:14:00", "failed to download artifact")}},
		{ID: "nasty-1030", Ref: ksNasty, State: "firing", OpenedAt: at("10:30:00"), FirstRevision: rev("067edca8"), LastRevision: rev("6ba96e29"), LastGoodRevision: rev("65e39316"), Reason: "BuildFailed", ErrorFirst: hostile, ErrorLast: hostile + " again",
			Culprit: &Ref{"Deployment", "team-a", "</script>"}, Fingerprint: "bad0", Attempts: 29, Evidence: []Evidence{line(4000, "10:30:00", hostile)}},
		{ID: "cart-1040", Ref: hrShop, State: "firing", OpenedAt: at("10:40:00"), FirstRevision: ptr("6.5.1"), LastRevision: ptr("6.5.1"), LastGoodRevision: ptr("6.5.0"), Reason: "UpgradeFailed", ErrorFirst: endless, ErrorLast: "terminal error: exceeded maximum retries: cannot remediate failed release",
			Culprit: &Ref{"Deployment", "shop", "cart"}, Fingerprint: "5c4e", Attempts: 6, Evidence: []Evidence{line(120, "10:40:00", "release is in a failed state"), line(160, "10:45:10", endless)}},
	}
}

func sampleObjects(incidents []Incident) []Object {
	open := map[Ref]*Incident{}
	for i := range incidents {
		if isOpen(&incidents[i]) {
			open[incidents[i].Ref] = &incidents[i]
		}
	}
	ks, sc, hc := "kustomize-controller", "source-controller", "helm-controller"
	objects := []Object{
		{Ref: gitApps, Controller: sc, Status: "failing", Ready: "False", Since: at("10:13:02"), Reason: ptr("GitOperationFailed"), Revision: rev("65e39316"), LastGoodRevision: rev("65e39316"), Attempts: Attempts{Succeeded: 13, Failed: 47}, NextRun: at("11:00:12"), Duration: &Duration{Count: 59, P50: 60, P95: 60, Max: 61, Measured: "between"}},
		{Ref: gitFlux, Controller: sc, Status: "ready", Ready: "True", Since: at("10:00:03"), Revision: rev("308e0846"), LastGoodRevision: rev("308e0846"), Attempts: Attempts{Succeeded: 60}, NextRun: at("11:00:40")},
		{Ref: hrMonitor, Controller: hc, Status: "silent", Ready: "True", Since: at("10:33:00"), Revision: ptr("62.3.0"), Attempts: Attempts{Succeeded: 3}, NextRun: at("10:31:00"), SilentSince: at("10:33:00"), Duration: &Duration{Count: 3, P50: 12, P95: 14, Max: 14, Measured: "logged", P50First: 11, P50Second: 12}},
		{Ref: hrShop, Controller: hc, Status: "stalled", Ready: "False", Since: at("10:45:10"), Reason: ptr("RetriesExceeded"), Revision: ptr("6.5.1"), LastGoodRevision: ptr("6.5.0"), Attempts: Attempts{Succeeded: 4, Failed: 6, Stalled: 1}, Duration: &Duration{Count: 11, P50: 62.4, P95: 301.2, Max: 304, Measured: "logged", P50First: 2.1, P50Second: 300}},
		{Ref: ksAPI, Controller: ks, Status: "waiting", Ready: "False", Since: at("10:14:10"), Reason: ptr("DependencyNotReady"), Revision: rev("65e39316"), Attempts: Attempts{Succeeded: 14, Waiting: 92}, NextRun: at("11:00:20"), RootCause: &gitApps},
		{Ref: ksFlap, Controller: ks, Status: "ready", Ready: "True", Since: at("10:18:00"), Revision: rev("01c77227"), Attempts: Attempts{Succeeded: 51, Failed: 9}, Duration: &Duration{Count: 60, P50: .212, P95: 1.3, Max: 2, Measured: "logged", P50First: .3, P50Second: .2}, NextRun: at("11:00:30")},
		{Ref: ksInfra, Controller: ks, Status: "waiting", Ready: "False", Since: at("10:14:12"), Reason: ptr("SourceNotReady"), Attempts: Attempts{Waiting: 90}, RootCause: &gitApps},
		{Ref: ksJobs, Controller: ks, Status: "suspended", Ready: "False", Since: at("10:15:30"), Revision: rev("43c61eab"), Attempts: Attempts{Failed: 10, Succeeded: 5}},
		{Ref: ksWeb, Controller: ks, Status: "failing", Ready: "False", Since: at("10:14:00"), Reason: ptr("ArtifactFailed"), Revision: rev("65e39316"), Attempts: Attempts{Succeeded: 14, Failed: 40}, RootCause: &gitApps, NextRun: at("11:00:05")},
		{Ref: ksNasty, Controller: ks, Status: "failing", Ready: "False", Since: at("10:30:00"), Reason: ptr("BuildFailed"), Revision: rev("6ba96e29"), LastGoodRevision: rev("65e39316"), Attempts: Attempts{Succeeded: 30, Failed: 29}, NextRun: at("10:59:30"), Duration: &Duration{Count: 59, P50: .05, P95: .2, Max: .3, Measured: "logged", P50First: .05, P50Second: .05}},
	}
	for i := range objects {
		objects[i].Incident = open[objects[i].Ref]
	}
	return objects
}

func sampleTransitions() []Transition {
	var out []Transition
	add := func(when string, ref Ref, status, reason string, revision *string) {
		ready := map[string]string{"ready": "True", "silent": "True", "progressing": "Unknown", "unknown": "Unknown"}[status]
		if ready == "" {
			ready = "False"
		}
		t := Transition{At: at(when), Ref: ref, Ready: ready, Status: status, Revision: revision}
		if reason != "" {
			t.Reason = &reason
		}
		out = append(out, t)
	}
	for _, ref := range []Ref{gitApps, gitFlux, hrMonitor, hrShop, ksAPI, ksFlap, ksInfra, ksJobs, ksWeb, ksNasty} {
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
	slices.SortStableFunc(out, func(a, b Transition) int { return a.At.Compare(b.At.Time) })
	return out
}

func sampleErrors() []ErrorGroup {
	return []ErrorGroup{
		{"c0ff", "GitOperationFailed", "failed to checkout and determine revision: unable to list remote for 'https://git.example.com/apps.git': dial tcp 10.0.0.7:443: connect: connection refused", 47, []Ref{gitApps}, at("10:13:02"), at("10:59:12"), true},
		{"4044", "ArtifactFailed", "failed to download artifact from http://source-controller/x.tar.gz, status: 404", 40, []Ref{ksWeb}, at("10:14:00"), at("10:59:30"), false},
		{"bad0", "BuildFailed", hostile, 29, []Ref{ksNasty}, at("10:30:00"), at("10:58:30"), true},
		{"f1a9", "BuildFailed", "kustomize build failed: kustomization.yaml is empty", 9, []Ref{ksFlap, ksAPI, ksInfra, ksJobs, ksWeb}, at("10:02:00"), at("10:14:40"), false},
		{"5c4e", "UpgradeFailed", endless, 1, []Ref{hrShop}, at("10:40:00"), at("10:40:00"), true},
	}
}

func sampleControllers() []Controller {
	return []Controller{
		{"helm-controller", "helm-controller-66-bb", 0, 0, 0, 0, Lines{}, nil},
		{"kustomize-controller", "kustomize-controller-5d7f8b9c4-x2x9z", 1, 1, 12, 2, Lines{14210, 851, 0, 39}, []Gap{{at("10:22:00"), at("10:27:30")}, {at("10:50:00"), at("10:52:00")}}},
		{"source-controller", "source-controller-7c9d-aa", 0, 0, 0, 1, Lines{4100, 110, 0, 0}, []Gap{}},
	}
}

// totals fills in the counts that cmd/fluxtrail delivers with the sequences.
func totals(r *Report, incidents []Incident) *Report {
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
