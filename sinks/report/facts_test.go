package report

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fluxtrail/api"
)

// told is all facts of an entry, one a line.
func toldOf(facts []fact) []string {
	var out []string
	for _, f := range facts {
		text := f.Text.String()
		if f.Kind == asError {
			text = because(f.head(), text)
		}
		if f.Kind == asCommand {
			text = strings.Join(f.Lines, "; ")
		}
		out = append(out, f.Label+": "+text)
	}
	return out
}

func TestEntryFacts(t *testing.T) {
	t.Parallel()
	c := newClock(api.Window{From: at("10:00:00"), To: at("11:00:00")}, nil)
	evidence := []api.Evidence{{File: "x/first.log", Line: 1}, {File: "x/0.log", Line: 51, ReconcileID: "443c"}}
	incident := &api.Incident{
		Ref: ksWeb, State: "firing", OpenedAt: at("10:30:00"), Attempts: 8, Flaps: 2,
		Reason: "HealthCheckFailed", ErrorLast: "timeout after 30s\n", ReasonFirst: "ArtifactFailed", ErrorFirst: "no such path",
		Culprit: &api.Ref{Kind: "Deployment", Namespace: "apps", Name: "web"}, FirstRevision: rev("65e39316"), Evidence: evidence,
	}
	same := *incident
	same.ErrorFirst, same.ReasonFirst, same.LastGoodRevision, same.Evidence = "timeout after 29s", "HealthCheckFailed", ptr("v1"), nil
	next := []string{"next: flux -n flux-system get kustomizations web; " +
		"kubectl -n flux-system describe kustomization.kustomize.toolkit.fluxcd.io web"}
	for name, c := range map[string]struct {
		object api.Object
		want   []string
	}{
		"an error that changed": {api.Object{Ref: ksWeb, Status: "failing", Incident: incident, NextRun: at("11:00:05")}, []string{
			"error: HealthCheckFailed: timeout after 30s",
			"began as: ArtifactFailed, 30m ago: no such path",
			"culprit: Deployment/apps/web",
			"broke at: main@65e3931", "last good: none in this log",
			"tries: 8 failed attempts, 2 flaps", "next try: 11:00:05 (in 5s)",
			"log: x/0.log:51", "attempt: reconcileID 443c"}},
		"one that differs in its numbers only": {api.Object{Ref: ksWeb, Status: "stalled", Incident: &same}, []string{
			"error: HealthCheckFailed: timeout after 30s", "culprit: Deployment/apps/web",
			"broke at: main@65e3931", "last good: v1",
			"tries: 8 failed attempts, 2 flaps", "next try: none: it waits until the object or its source is changed"}},
		"an object that waits": {api.Object{Ref: ksWeb, Status: "waiting", Reason: ptr("DependencyNotReady"), MessageLatest: "not yet",
			Line:     &api.Evidence{Pod: "kc-0", File: "kc-0/m/0.log", Line: 9, ReconcileID: "77"},
			Attempts: api.Attempts{Failed: 1, Stalled: 1}, NextRun: at("10:59:30")}, []string{
			"why: DependencyNotReady: not yet", "next try: was due 10:59:30 (30s before the log ends)",
			"log: kc-0:m/0.log:9", "attempt: reconcileID 77"}},
		"silent after a success": {api.Object{Ref: ksWeb, Status: "silent", Ready: "True", Reason: ptr("ReconciliationSucceeded"),
			NextRun: at("10:40:00")}, []string{
			"silent: the last attempt succeeded, the next one was due 10:40:00, 20m before the log ends"}},
		"silent after a failure": {api.Object{Ref: ksWeb, Status: "silent", Ready: "False", SilentSince: at("10:50:00"),
			NextRun: at("11:50:00")}, []string{
			"silent: the last attempt failed, the next one was due 10:50:00, 10m before the log ends"}},
		"silent, and nothing is known": {api.Object{Ref: ksWeb, Status: "silent", Ready: "Unknown"}, []string{
			"silent: nothing was heard of it; no other one came"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := toldOf(entryFacts(newClock(api.Window{From: at("10:00:00"), To: at("11:00:00")}, nil), newEntry(ksWeb, &c.object)))
			if diff := cmp.Diff(append(c.want, next...), got); diff != "" {
				t.Error(diff)
			}
		})
	}
	if got := entryFacts(c, newEntry(ksWeb, nil)); got != nil {
		t.Errorf("of an object that is not in the log: %v", got)
	}
}

func TestIncidentFacts(t *testing.T) {
	t.Parallel()
	i := &sampleIncidents()[5]
	got := toldOf(incidentFacts(newClock(api.Window{From: at("10:00:00"), To: at("11:00:00")}, nil), i))
	for n, s := range got {
		got[n] = shorten(s, 60)
	}
	want := []string{
		"error: RetriesExceeded: terminal error: exceeded maximum ret… (37 more characters)",
		"began as: UpgradeFailed, 20m ago: values don't meet the spec… (4,262 more characters)",
		"culprit: Deployment/shop/cart",
		"broke at: 6.5.1", "last good: 6.5.0", "tries: 6 failed attempts",
		"log: kustomize-controller-5d7f8b9c4-x2x9z:manager/0.log:160",
		"attempt: reconcileID 443c1d6a-0b3f-4c58-9a5e-000000000160",
		"fingerprint: 5c4e",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestPlace(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ pod, file, want string }{
		{"", "logs/app.log", "logs/app.log:7"},
		{"kc-0", "/var/log/pods/ns_kc-0_uid/manager/0.log", "kc-0:manager/0.log:7"},
		{"kc-0", "kc-0/kc-0.log", "kc-0:kc-0.log:7"},
		{"kc-0", "dump/kc-0.log", "kc-0:dump/kc-0.log:7"},
		{"kc-0", "-", "kc-0:-:7"},
		{"kc\n0", "a\x1b[31m.log", "kc ⏎ 0:a\uFFFD[31m.log:7"},
	} {
		if got := place(&api.Evidence{Pod: c.pod, File: c.file, Line: 7}); got != c.want {
			t.Errorf("%s, want %s", got, c.want)
		}
	}
}

// TestCommandsAreSafe gives names that a log could hold to the commands that people paste into a
// shell.
func TestCommandsAreSafe(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"", "a b", "$(reboot)", "a;b", "-rf", "a\nb", "A", "a'b", `a"b`, "a/b", "ä", strings.Repeat("a", 300)} {
		if got := commands(api.Ref{Kind: "Kustomization", Namespace: "apps", Name: name}); got != nil {
			t.Errorf("name %q: %q", name, got)
		}
		if got := commands(api.Ref{Kind: "Kustomization", Namespace: name, Name: "apps"}); got != nil {
			t.Errorf("namespace %q: %q", name, got)
		}
	}
	if got := commands(api.Ref{Kind: "Kustomization; reboot", Namespace: "apps", Name: "apps"}); got != nil {
		t.Errorf("%q", got)
	}
	for _, k := range kinds {
		got := commands(api.Ref{Kind: k.Kind, Namespace: "apps", Name: "web.v1"})
		want := fmt.Sprintf("kubectl -n apps describe %s web.v1", k.Resource)
		if len(got) == 0 || got[len(got)-1] != want {
			t.Errorf("%s: %q, want %q", k.Kind, got, want)
		}
		if !strings.HasPrefix(k.Resource, strings.ToLower(k.Kind)+".") {
			t.Errorf("%s is not the resource of %s", k.Resource, k.Kind)
		}
	}
}

func FuzzCommands(f *testing.F) {
	f.Add("Kustomization", "apps", "web")
	f.Add("HelmRelease", "a;b", "`x`")
	f.Fuzz(func(t *testing.T, kind, namespace, name string) {
		for _, line := range commands(api.Ref{Kind: kind, Namespace: namespace, Name: name}) {
			if strings.ContainsAny(line, "\"'`$;&|<>(){}[]*?!#~\\\n\t") || strings.Contains(line, " -n -") {
				t.Errorf("%q", line)
			}
		}
	})
}
