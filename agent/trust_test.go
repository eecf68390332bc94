package agent

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"fluxtrail/api"
	"fluxtrail/derive"
	"fluxtrail/parse"
	"fluxtrail/sinks/prom"
	"fluxtrail/tail"
)

// podLog appends lines to the log of a pod in the kubelet's layout, below dir.
func podLog(t *testing.T, dir, namespace, pod string, at time.Time, lines ...string) {
	t.Helper()
	log := filepath.Join(dir, namespace+"_"+pod+"_1f7c3a52-88aa-4e0a-9c59-0b2d6b1f0c11", "manager", "0.log")
	if err := os.MkdirAll(filepath.Dir(log), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, line := range lines {
		appendFile(t, log, at.UTC().Format(time.RFC3339Nano)+" stderr F "+line)
	}
}

// apps is a line of kustomize-controller about Kustomization flux-system/apps.
func apps(at time.Time, rest string) string {
	return strings.ReplaceAll(kustomization(at, "apps", rest), `"namespace":"b"`, `"namespace":"flux-system"`)
}

const realPod = "kustomize-controller-6d8f9bb5c-x2x7q"

// TestRunBelievesFluxAlone has pods that are not Flux's, or not of the object's controller, say
// that an object is well whose incident is open.
func TestRunBelievesFluxAlone(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
	labelled := func(namespace, pod string) (api.PodMeta, bool) {
		return api.PodMeta{App: "kustomize-controller"}, namespace == "gitops" && strings.HasPrefix(pod, "kustomize-controller")
	}
	for name, c := range map[string]struct {
		namespace, pod string
		pods           podLookup
		namespaces     []string // configured
		reason         string   // "" if the pod is believed
	}{
		"controller":                  {namespace: "flux-system", pod: realPod},
		"shard":                       {namespace: "flux-system", pod: "kustomize-controller-shard1-5b6c7d8f9-abcde"},
		"named like it elsewhere":     {namespace: "tenant-a", pod: "kustomize-controller-evil-5b6c7d8f9-abcde", reason: badNamespace},
		"elsewhere, others labelled":  {namespace: "tenant-a", pod: "kustomize-controller-evil-5b6c7d8f9-abcde", pods: labelled, reason: badNamespace},
		"labelled elsewhere":          {namespace: "gitops", pod: realPod, pods: labelled},
		"not yet told of":             {namespace: "flux-system", pod: realPod, pods: labelled},
		"configured elsewhere":        {namespace: "gitops", pod: realPod, namespaces: []string{"flux-system", "gitops"}},
		"another controller":          {namespace: "flux-system", pod: "helm-controller-5b6c7d8f9-abcde", reason: badKind},
		"a shard of another":          {namespace: "flux-system", pod: "helm-controller-shard1-5b6c7d8f9-abcde", reason: badKind},
		"passer-on about a reconcile": {namespace: "flux-system", pod: "notification-controller-5b6c7d8f9-abcde", reason: badKind},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			logs, dir := t.TempDir(), t.TempDir()
			home := "flux-system"
			podLog(t, logs, home, "kustomize-controller-0", at, apps(at, failed))
			later := at.Add(time.Minute)
			podLog(t, logs, c.namespace, c.pod, later, apps(later, went), apps(later.Add(time.Second), went))
			own := &bytes.Buffer{}
			opt := testOptions(dir, logs)
			opt.Kube.Namespaces, opt.Log = c.namespaces, slog.New(slog.NewTextHandler(own, nil))
			var a *assembly
			for range 2 { // the second one reads nothing, and counts on
				a = newAssembly(opt, stateDir(dir), c.pods, time.Now)
				l, _ := derived(t, a)
				if err := l.run(t.Context(), t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			resolves := strings.Contains(get(t, a, "/api/v1/objects").Body.String(), `"status":"ready"`)
			if resolves != (c.reason == "") {
				t.Errorf("well again: %v\n%s", resolves, get(t, a, "/api/v1/objects").Body)
			}
			metrics := getMetrics(a, "/metrics", a.registry()).Body.String()
			want := `fluxtrail_untrusted_lines_total{reason="` + c.reason + `"} 2`
			if c.reason == "" {
				want = "fluxtrail_lines_total"
			}
			if !strings.Contains(metrics, want) || c.reason == "" && strings.Contains(metrics, "untrusted_lines_total{") {
				t.Errorf("want %s in\n%s", want, metrics)
			}
			told := strings.Count(own.String(), "pod="+c.pod+" reason="+c.reason)
			if c.reason != "" && told != 1 || c.reason == "" && strings.Contains(own.String(), "is not believed") {
				t.Errorf("logged %d times:\n%s", told, own)
			}
		})
	}
}

// TestTrustByRecord has what is said by pods in the namespace of Flux, and by files.
func TestTrustByRecord(t *testing.T) {
	t.Parallel()
	labels := map[string]string{"renamed-0": "helm-controller", "helm-controller-0": "kustomize-controller", "custom-0": "my-operator"}
	trust := newTrust(nil, func(_, pod string) (api.PodMeta, bool) {
		app, ok := labels[pod]
		return api.PodMeta{App: app}, ok
	}, slog.New(slog.DiscardHandler))
	object := func(kind string) parse.Record { return parse.Record{Kind: kind, Namespace: "a", Name: "b"} }
	event := func(m parse.Meaning) parse.Record {
		return parse.Record{Meaning: m, Involved: `{"kind":"HelmRelease","namespace":"a","name":"b"}`}
	}
	for _, c := range []struct {
		pod  string
		rec  parse.Record
		want string
	}{
		{"", object("Kustomization"), ""},
		{"source-controller-0", object("GitRepository"), ""},
		{"source-controller-0", object("Kustomization"), badKind},
		{"source-controller-0", object("Deployment"), ""},
		{"source-controller-0", parse.Record{Msg: "starting server"}, ""},
		{"renamed-0", object("HelmRelease"), ""},
		{"renamed-0", object("Kustomization"), badKind},
		{"helm-controller-0", object("HelmRelease"), badKind},
		{"custom-0", object("HelmRelease"), ""},
		{"notification-controller-0", event(parse.Event), ""},
		{"notification-controller-0", event(parse.MirrorEvent), badKind},
		{"source-controller-0", event(parse.Event), badKind},
		{"renamed-0", event(parse.MirrorEvent), ""},
		{"source-controller-0", parse.Record{Meaning: parse.MirrorEvent, About: "HelmRelease"}, badKind},
	} {
		src := source{Source: tail.Source{Namespace: "flux-system", Pod: c.pod, Name: "x"}}
		before := trust.refused[c.want]
		if got := trust.refuses(src, &c.rec); got != (c.want != "") || got && trust.refused[c.want] != before+1 {
			t.Errorf("%q, %+v: refused: %v, want %q, counted %v", c.pod, c.rec, got, c.want, trust.refused)
		}
	}
}

// TestRunWhileRefusedLinesFlow has a pod that is not believed write all the time. The clock moves
// on all the same, and no further: an incident fires.
func TestRunWhileRefusedLinesFlow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		logs := t.TempDir()
		a := testAgent(t.TempDir(), logs)
		a.Once, a.Poll, a.Incidents.Hold = false, 50*time.Millisecond, 10*time.Second
		l, told := derived(t, a)
		podLog(t, logs, "flux-system", realPod, time.Now(), apps(time.Now(), failed))
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- l.run(ctx, ctx) }()
		for range 40 {
			ahead := time.Now().Add(50 * time.Second)
			podLog(t, logs, "tenant-a", "kustomize-controller-evil", ahead, apps(ahead, went))
			time.Sleep(50 * time.Millisecond)
		}
		if strings.Contains(told.String(), "firing") {
			t.Error("a line that is not believed moves the clock ahead")
		}
		for range 500 {
			podLog(t, logs, "tenant-a", "kustomize-controller-evil", time.Now(), apps(time.Now(), went))
			time.Sleep(50 * time.Millisecond)
		}
		stop()
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(told.String(), "incident firing") || strings.Contains(told.String(), "incident resolved") {
			t.Errorf("told %s", told)
		}
	})
}

// TestObservedByAClockThatWasAhead has what was observed two hours ahead hold up nothing that is
// observed when the clock is right again.
func TestObservedByAClockThatWasAhead(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
	lane := newTrail(derive.Config{}, prom.Config{})
	lane.trust, lane.slack, lane.evidence = newTrust(nil, nil, slog.New(slog.DiscardHandler)), 2*time.Second, &evidence{}
	lane.addLog(source{tail.Source{Name: "x", Namespace: "flux-system", Pod: "kustomize-controller-0"}, 0})
	ready := []derive.Condition{{Type: "Ready", Status: "True", Reason: "ReconciliationSucceeded"}}
	one, other := derive.Ref{Kind: "Kustomization", Namespace: "a", Name: "b"}, derive.Ref{Kind: "Kustomization", Namespace: "a", Name: "c"}
	lane.evidence.observe([]derive.Observation{
		{Ref: one, At: now.Add(2 * time.Hour).UnixNano(), Conditions: ready}, {Ref: other, At: now.UnixNano(), Conditions: ready},
	})
	for _, at := range []time.Time{now, now.Add(3 * time.Second)} {
		if _, err := lane.deliver(t.Context(), at, true); err != nil {
			t.Fatal(err)
		}
	}
	if !lane.Engine.Knows(one) || !lane.Engine.Knows(other) {
		t.Error("what was observed waits")
	}
}

// TestRefusedLinesHurryNoObservation has lines that are not believed, with times ahead, come between
// an observation and lines of a controller that are still to be read. It waits for these.
func TestRefusedLinesHurryNoObservation(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC).UnixNano()
	second := int64(time.Second)
	lane := newTrail(derive.Config{}, prom.Config{})
	lane.trust, lane.slack, lane.evidence = newTrust(nil, nil, slog.New(slog.DiscardHandler)), 2*time.Second, &evidence{}
	lane.here = map[controller]bool{{name: "kustomize-controller"}: true}
	one := derive.Ref{Kind: "Kustomization", Namespace: "a", Name: "b"}
	lane.Observed.Observations = []derive.Observation{{
		Ref: one, At: at, Conditions: []derive.Condition{{Type: "Ready", Status: "False", Reason: "BuildFailed", Since: at}},
	}}
	forged := func(now, when int64) bool {
		x := &lookahead{merger: &merger{now: now}, when: when}
		x.Source = tail.Source{Name: "x", Namespace: "tenant", Pod: "kustomize-controller-0"}
		x.rec = parse.Record{Kind: "Kustomization", Namespace: "a", Name: "b"}
		lane.add(x)
		return lane.Engine.Knows(one)
	}
	if forged(at+second, at+30*second) {
		t.Error("the observation was taken before the lines of its time may have been read")
	}
	if !forged(at+3*second, at+30*second) {
		t.Error("the observation waits while nothing but such lines is read")
	}
}
