package parse

import (
	"slices"
	"testing"
	"time"
)

// record is one of an object, before its meaning is known.
func record(lv Level, msg, err string) Record {
	return Record{Form: FormJSON, Level: lv, Msg: msg, Error: err, Kind: "Kustomization", Namespace: "apps", Name: "web"}
}

// TestValues takes durations, promises and revisions out of messages.
func TestValues(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		msg        string
		level      Level
		took, next time.Duration
		revision   string
	}{
		{msg: "Reconciliation finished in 1.5s, next run in 10m0s", level: LevelInfo, took: 1500 * time.Millisecond, next: 10 * time.Minute},
		{msg: "Reconciliation finished, next run in 10m0s", level: LevelInfo, next: 10 * time.Minute},
		{msg: "Reconciliation finished in soon, next run in later", level: LevelInfo},
		{msg: "Reconciliation finished in 1.5s", level: LevelInfo, took: 1500 * time.Millisecond},
		{msg: "Reconciliation failed after 467ms, next try in 1m0s", level: LevelError, took: 467 * time.Millisecond, next: time.Minute},
		{msg: "Dependencies do not meet ready condition, retrying in 30s", level: LevelInfo, next: 30 * time.Second},
		{msg: "Source not ready: artifact not found. Retrying in 30s", level: LevelInfo, next: 30 * time.Second},
		{msg: "stored artifact with revision 'main@sha1:abc' from 'https://x'", level: LevelInfo, revision: "main@sha1:abc"},
		{msg: "stored artifact for commit 'with revision '", level: LevelInfo},
		{msg: "no changes since last reconcilation: observed revision 'main/1", level: LevelInfo, revision: "main/1"},
	} {
		r := record(x.level, x.msg, "")
		r.read()
		if r.Took != int64(x.took) || r.Next != int64(x.next) || r.Revision != x.revision {
			t.Errorf("%q: took %v, next %v, revision %q", x.msg, time.Duration(r.Took), time.Duration(r.Next), r.Revision)
		}
	}
	r := record(LevelInfo, "stored artifact with revision 'new'", "")
	r.Revision = "as a key"
	if r.read(); r.Revision != "as a key" {
		t.Errorf("the message's revision %q displaces the line's own", r.Revision)
	}
}

// TestMeaningByError settles lines whose meaning stands in the error.
func TestMeaningByError(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		name string
		r    Record
		want Meaning
	}{
		{"an error", record(LevelError, "Reconciler error", "x"), ReconcilerError},
		{"a terminal error", record(LevelError, "Reconciler error", "terminal error: x"), Stalled},
		{"the error as message", record(LevelError, "x failed", "x failed"), Failed},
		{"an event as a line", record(LevelError, "Helm upgrade failed: x", "UpgradeFailed"), Warning},
		{"an expired token is no reason", record(LevelError, "cannot list", "Unauthorized"), None},
		{"a sentence is no reason", record(LevelError, "cannot list", "no such host"), None},
		{"reconciliation is disabled", record(LevelError, "x", "can't reconcile, disabled"), Suspended},
		{"info says nothing by its error", record(LevelInfo, "x failed", "x failed"), None},
		{"Reconciler error at info", record(LevelInfo, "Reconciler error", ""), None},
		{"of no object", Record{Level: LevelError, Msg: "x", Error: "x"}, None},
		{"no message", Record{Level: LevelError}, None},
		{"a mirrored event", Record{Level: LevelDebug, Logger: "events", Msg: "Reconciliation finished in 1s"}, MirrorEvent},
		{"a recorded event", Record{Level: LevelInfo, About: "HelmRelease", Msg: "x"}, MirrorEvent},
		{"a panic", Record{Form: FormPanic, Level: LevelError, Msg: "starting manager"}, None},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			if x.r.read(); x.r.Meaning != x.want {
				t.Errorf("%s, want %s", x.r.Meaning, x.want)
			}
		})
	}
}

func TestIsReason(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"UpgradeFailed": true, "HealthCheckFailed": true, "Failed": true,
		"": false, "Bad": false, "upgradeFailed": false, "Upgrade Failed": false, "Upgrade_Failed": false, "Failed2": false, "Unauthorized": false,
		"Averyveryveryveryveryveryveryveryveryveryverylong": false,
	} {
		if IsReason(text) != want {
			t.Errorf("%q", text)
		}
	}
}

// TestKinds reads kinds in all spellings, and finds the controllers behind them.
func TestKinds(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Kustomization": "Kustomization", "kustomization": "Kustomization", "ocirepository": "OCIRepository", "helmChart": "HelmChart", "Deployment": "", "": "",
	} {
		if got := Kind(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	for kind, want := range map[string]string{
		"Kustomization": "kustomize-controller", "HelmChart": "source-controller", "ResourceSet": "flux-operator", "kustomization": "", "Pod": "", "": "",
	} {
		if got := ControllerOf(kind); got != want {
			t.Errorf("%s: %q, want %q", kind, got, want)
		}
	}
	for pod, want := range map[string]string{
		"kustomize-controller-7d4f8b9c6d-bcdfg": "kustomize-controller", "source-controller-shard1-5f6-x2x": "source-controller",
		"helm-controller": "helm-controller", "my-helm-controller-1": "", "coredns-1": "", "": "",
	} {
		if got := ControllerOfPod(pod); got != want {
			t.Errorf("pod %q: %q, want %q", pod, got, want)
		}
	}
	all := Controllers()
	for i := range kinds {
		if !slices.Contains(all, kinds[i].controller) {
			t.Errorf("%s is not among %q", kinds[i].controller, all)
		}
	}
}

func TestControllerOfApp(t *testing.T) {
	t.Parallel()
	for app, want := range map[string][2]string{
		"source-controller": {"source-controller", ""}, "source-controller-shard1": {"source-controller", "shard1"},
		"source-controllers": {}, "web": {}, "": {},
	} {
		if controller, shard := ControllerOfApp(app); [2]string{controller, shard} != want {
			t.Errorf("%q: %q %q, want %q", app, controller, shard, want)
		}
	}
}

func TestRef(t *testing.T) {
	t.Parallel()
	refs := []Ref{{"B", "a", "a"}, {"A", "b", "a"}, {"A", "", "z"}, {"A", "b", ""}, {"A", "a", "b"}}
	slices.SortFunc(refs, Ref.Compare)
	var got []string
	for _, r := range refs {
		got = append(got, r.String())
	}
	if want := []string{"A/z", "A/a/b", "A/b/", "A/b/a", "B/a/a"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for m := None; m <= NotifyFailed; m++ {
		if name := m.String(); name == "" || seen[name] {
			t.Errorf("meaning %d is called %q", m, name)
		}
		seen[m.String()] = true
	}
	if len(meanings) != int(NotifyFailed)+1 {
		t.Errorf("%d names for %d meanings", len(meanings), NotifyFailed+1)
	}
}
