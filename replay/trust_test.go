package replay

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fluxtrail/api"
)

// podSays writes lines about Kustomization/apps/web to the log of a pod, a minute apart.
func podSays(t *testing.T, root, namespace, pod string, from time.Time, messages ...string) {
	t.Helper()
	dir := filepath.Join(root, namespace+"_"+pod+"_4a4f8e1c-0000-4000-8000-000000000001", "manager")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for i, msg := range messages {
		kind := "Kustomization"
		if strings.Contains(msg, "artifact") {
			kind = "GitRepository"
		}
		at := from.Add(time.Duration(i) * time.Minute).UTC().Format("2006-01-02T15:04:05.000Z")
		fmt.Fprintf(&text, `%s stderr F {"level":"info","ts":"%s","msg":"%s","controller":"kustomization","controllerKind":"%s",`+
			`"namespace":"apps","name":"web","reconcileID":"%08d-0000-4000-8000-000000000000"%s}`+"\n", at, at, msg, kind, i, errorOf(msg))
	}
	if err := os.WriteFile(filepath.Join(dir, "0.log"), []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
}

func errorOf(msg string) string {
	if strings.Contains(msg, "failed") {
		return `,"error":"boom"`
	}
	return ""
}

const (
	fails = "Reconciliation failed after 1s, next try in 1m0s"
	works = "Reconciliation finished in 1s, next run in 10m0s"
)

// TestBelieved lets pods that are not Flux's, and controllers of other kinds, say that an object is
// well again which fails.
func TestBelieved(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		home, liar, pod string
		given           []string
		want            api.Believed
	}{
		"tenant": {home: "flux-system", liar: "tenant-a", pod: "kustomize-controller-evil",
			want: api.Believed{Namespaces: []string{"flux-system"}, Refused: []api.Refused{{Namespace: "tenant-a", Pod: "kustomize-controller-evil", Reason: "namespace", Lines: 1}}}},
		"tenant, and Flux elsewhere": {home: "gitops", liar: "tenant-a", pod: "kustomize-controller-evil",
			want: api.Believed{Namespaces: []string{"gitops"}, Refused: []api.Refused{{Namespace: "tenant-a", Pod: "kustomize-controller-evil", Reason: "namespace", Lines: 1}}}},
		"no controller": {home: "flux-system", liar: "tenant-a", pod: "web-0",
			want: api.Believed{Namespaces: []string{"flux-system"}, Refused: []api.Refused{{Namespace: "tenant-a", Pod: "web-0", Reason: "namespace", Lines: 1}}}},
		"another's kind": {home: "flux-system", liar: "flux-system", pod: "helm-controller-0",
			want: api.Believed{Namespaces: []string{"flux-system"}, Refused: []api.Refused{{Namespace: "flux-system", Pod: "helm-controller-0", Reason: "kind", Lines: 1}}}},
		"shard": {home: "flux-system", liar: "flux-system", pod: "kustomize-controller-shard1-0", want: api.Believed{Namespaces: []string{"flux-system"}}},
		"given": {home: "flux-system", liar: "tenant-a", pod: "kustomize-controller-0", given: []string{"flux-system", "tenant-a"},
			want: api.Believed{Namespaces: []string{"flux-system", "tenant-a"}}},
		"all": {home: "flux-system", liar: "tenant-a", pod: "kustomize-controller-0", given: []string{"*"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			root := t.TempDir()
			podSays(t, root, c.home, "kustomize-controller-1", at, fails, fails, fails)
			podSays(t, root, c.home, "source-controller-1", at, "garbage collected 1 artifacts")
			podSays(t, root, c.liar, c.pod, at.Add(150*time.Second), works)
			err := Run(t.Context(), Options{Paths: []string{root}, Homes: c.given}, func(_ context.Context, rep *api.Report) error {
				if diff := cmp.Diff(c.want, rep.Input.Believed); diff != "" {
					t.Error(diff)
				}
				i := slices.IndexFunc(rep.Objects, func(o api.Object) bool { return o.Kind == "Kustomization" })
				if well := rep.Objects[i].Status == "ready"; well != (len(c.want.Refused) == 0) {
					t.Errorf("status %s", rep.Objects[i].Status)
				}
				if end := rep.Window.To.Time; len(c.want.Refused) > 0 && c.liar == "tenant-a" && !end.Equal(at.Add(2*time.Minute)) {
					t.Errorf("the window ends at %v", end)
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		})
	}
}
