// Package conditions holds the observations of the API server against a real one: what they say,
// what they cost, and what becomes of them when kinds, rights and the server itself come and go.
package conditions

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/sync/errgroup"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/tools/clientcmd"

	"fluxtrail/conditions/conditionstest"
	"fluxtrail/conditions/files"
	conditions "fluxtrail/conditions/kube"
	"fluxtrail/derive"
	"fluxtrail/e2e/env"
	"fluxtrail/kube"
	"fluxtrail/parse/redact"
)

// crd is a definition without a schema. The newest of the versions is stored.
func crd(kind, plural, group, labels string, versions ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: %s.%s, labels: {%s}}
spec:
  group: %[2]s
  scope: Namespaced
  names: {kind: %[4]s, plural: %[1]s, singular: %[5]s, listKind: %[4]sList}
  versions:
`, plural, group, labels, kind, strings.ToLower(kind))
	for i, v := range versions {
		fmt.Fprintf(&b, `  - name: %s
    served: true
    storage: %v
    subresources: {status: {}}
    schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
`, v, i == len(versions)-1)
	}
	return b.String()
}

const partOf = "app.kubernetes.io/part-of: flux"

var definitions = crd("Kustomization", "kustomizations", "kustomize.toolkit.fluxcd.io", partOf, "v1beta2", "v1") +
	crd("HelmRelease", "helmreleases", "helm.toolkit.fluxcd.io", partOf, "v2") +
	crd("ImagePolicy", "imagepolicies", "image.toolkit.fluxcd.io", partOf, "v1") +
	crd("ResourceSet", "resourcesets", "fluxcd.controlplane.io", "", "v1") +
	crd("Unlabelled", "unlabelleds", "other.example.com", "", "v1")

const objects = `---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: apps, namespace: flux-system}
spec: {interval: 10m, dependsOn: [{name: infra}], sourceRef: {kind: GitRepository, name: apps}}
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: shop, namespace: team-a}
spec: {interval: 5m, suspend: true, chartRef: {kind: OCIRepository, name: shop}}
---
apiVersion: image.toolkit.fluxcd.io/v1
kind: ImagePolicy
metadata: {name: app, namespace: team-a}
---
apiVersion: fluxcd.controlplane.io/v1
kind: ResourceSet
metadata: {name: set, namespace: team-a}
`

// failing is a status with a secret in it.
const failing = `{"status":{"observedGeneration":-1,"conditions":[{"type":"Ready","status":"False","reason":"BuildFailed",` +
	`"message":"cannot clone https://bot:` + conditionstest.Secret + `@git.example.com","lastTransitionTime":"2026-11-20T10:00:00Z"}]}}`

// rights lets the agent read conditions, but for one group.
func rights(t *testing.T, without string) string {
	t.Helper()
	role, err := os.ReadFile("../../deploy/base/clusterrole-conditions.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return "---\n" + strings.ReplaceAll(string(role), "      - "+without+"\n", "") + `---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: fluxtrail-conditions}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: fluxtrail-conditions}
subjects: [{kind: ServiceAccount, name: fluxtrail, namespace: flux-system}]
`
}

// observed is what a Source told.
type observed struct {
	mu       sync.Mutex
	all      []derive.Observation
	listings []derive.Listing
	failed   map[string]bool
}

// last is the latest observation of an object.
func (o *observed) last(kind, name string) (derive.Observation, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, seen := range slices.Backward(o.all) {
		if seen.Kind == kind && seen.Name == name {
			return seen, true
		}
	}
	return derive.Observation{}, false
}

func (o *observed) fails(kind string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.failed[kind]
}

// observe runs a Source for the length of the test.
func observe(t *testing.T, kubeconfig string) *observed {
	t.Helper()
	cfg := kube.DefaultConfig()
	cfg.Kubeconfig = kubeconfig
	client, err := kube.Connect(cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	secrets, err := redact.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	o := &observed{failed: map[string]bool{}}
	locked := func(f func()) {
		o.mu.Lock()
		defer o.mu.Unlock()
		f()
	}
	s := conditions.New(client, conditions.Options{
		Redact: secrets.String, Now: time.Now,
		Observe: func(all []derive.Observation) { locked(func() { o.all = append(o.all, all...) }) },
		List:    func(l derive.Listing) { locked(func() { o.listings = append(o.listings, l) }) },
		Report:  func(kind string, err error) { locked(func() { o.failed[kind] = err != nil }) },
	})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- s.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	s.Wait(ctx)
	return o
}

// TestKube is the life of a cluster.
func TestKube(t *testing.T) {
	api := env.StartKube(t)
	for _, ns := range []string{"flux-system", "team-a"} {
		api.Kubectl(t, "", "create", "namespace", ns)
	}
	api.Kubectl(t, definitions, "apply", "-f", "-")
	api.Kubectl(t, "", "wait", "--for=condition=Established", "crd", "--all")
	api.Kubectl(t, objects+rights(t, "image.toolkit.fluxcd.io"), "apply", "-f", "-")
	api.Kubectl(t, "", "-n", "flux-system", "patch", "kustomization", "apps", "--subresource=status", "--type=merge", "-p", failing)

	o := observe(t, api.Config(t, env.Agent))
	if !o.fails("ImagePolicy") || o.fails("Kustomization") {
		t.Errorf("cannot read %v, want ImagePolicy only", o.failed)
	}
	conditionstest.Check(t, o.all)
	sameAsDump(t, api, o)

	api.Kubectl(t, rights(t, "none"), "apply", "-f", "-")
	env.Until(t, "rights", func() bool { _, ok := o.last("ImagePolicy", "app"); return ok && !o.fails("ImagePolicy") })
	api.Kubectl(t, "", "-n", "team-a", "patch", "helmrelease", "shop", "--type=merge", "-p", `{"spec":{"suspend":false}}`)
	env.Until(t, "a change", func() bool { r, _ := o.last("HelmRelease", "shop"); return r.Suspended == derive.No })
	api.Kubectl(t, "", "-n", "team-a", "delete", "resourceset", "set")
	env.Until(t, "a deletion", func() bool { r, _ := o.last("ResourceSet", "set"); return r.Deleted })

	api.Kubectl(t, "", "delete", "crd", "helmreleases.helm.toolkit.fluxcd.io")
	env.Until(t, "the end of a kind", func() bool { r, _ := o.last("HelmRelease", "shop"); return r.Deleted })
	api.Kubectl(t, definitions, "apply", "-f", "-")
	api.Kubectl(t, "", "wait", "--for=condition=Established", "crd", "--all")
	api.Kubectl(t, objects, "apply", "-f", "-")
	env.Until(t, "the kind again", func() bool { r, _ := o.last("HelmRelease", "shop"); return !r.Deleted })

	api.Kill()
	env.Until(t, "the end of the server", func() bool { return o.fails("Kustomization") })
	if r, _ := o.last("Kustomization", "apps"); r.Deleted {
		t.Error("an object counts as deleted because the server is away")
	}
	api.Start(t)
	env.Until(t, "the server again", func() bool { return !o.fails("Kustomization") })
	api.Kubectl(t, "", "-n", "flux-system", "annotate", "kustomization", "apps", "a=b")
	api.Kubectl(t, "", "-n", "flux-system", "delete", "kustomization", "apps")
	env.Until(t, "a deletion after it", func() bool { r, _ := o.last("Kustomization", "apps"); return r.Deleted })
	o.mu.Lock()
	defer o.mu.Unlock()
	conditionstest.Check(t, o.all)
}

// sameAsDump compares with what kubectl saves of the same cluster.
func sameAsDump(t *testing.T, api *env.Kube, o *observed) {
	t.Helper()
	dir := t.TempDir()
	for _, form := range []string{"json", "yaml"} {
		text := api.Kubectl(t, "", "get", "kustomizations,helmreleases,resourcesets", "-A", "--show-managed-fields", "-o", form)
		if err := os.WriteFile(filepath.Join(dir, "dump."+form), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	secrets, err := redact.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	e, err := files.Read([]string{dir}, files.Options{Redact: secrets.String})
	if err != nil {
		t.Fatal(err)
	}
	conditionstest.Check(t, e.Observations)
	if len(e.Observations) != 6 {
		t.Errorf("%d objects in the dumps, want each of 3 twice", len(e.Observations))
	}
	for _, dumped := range e.Observations {
		live, ok := o.last(dumped.Kind, dumped.Name)
		if d := cmp.Diff(live, dumped, cmpopts.IgnoreFields(derive.Observation{}, "Source", "At")); !ok || d != "" {
			t.Errorf("%s (-live +dumped):\n%s", dumped.Source, d)
		}
	}
}

// TestMemory watches many Kustomizations of a usual size.
func TestMemory(t *testing.T) {
	n := 1000
	if os.Getenv("FLUXTRAIL_E2E_FULL") == "1" {
		n = 10000
	}
	api := env.StartKube(t)
	api.Kubectl(t, "", "create", "namespace", "many")
	// Without the subresource an object can be created with its status.
	kind := strings.ReplaceAll(crd("Kustomization", "kustomizations", "kustomize.toolkit.fluxcd.io", partOf, "v1"),
		"    subresources: {status: {}}\n", "")
	api.Kubectl(t, kind+rights(t, "none"), "apply", "-f", "-")
	api.Kubectl(t, "", "wait", "--for=condition=Established", "crd", "--all")
	create(t, api, n)
	cmd := exec.Command(env.Go(t, "./conditions/watch"), api.Config(t, env.Agent))
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, &stderr)
	}
	t.Logf("%s%s", out, &stderr)
	peak, _, _ := strings.Cut(after(string(out), "VmHWM:"), "kB")
	kib, err := strconv.Atoi(strings.TrimSpace(peak))
	if err != nil || !strings.Contains(string(out), fmt.Sprintf("objects %d\n", n)) {
		t.Fatal(err, string(out))
	}
	if mb := float64(kib) * 1024 / 1e6; mb > 64 {
		t.Errorf("%.1f MB at most, want 64", mb)
	}
}

func after(s, sep string) string {
	_, rest, _ := strings.Cut(s, sep)
	return rest
}

// create makes Kustomizations of 3.5 kB each.
func create(t *testing.T, api *env.Kube, n int) {
	t.Helper()
	cfg, err := clientcmd.BuildConfigFromFlags("", api.Config(t, env.Admin))
	if err != nil {
		t.Fatal(err)
	}
	cfg.QPS = -1
	client, err := dynamic.NewForConfig(cfg)
	if err != nil {
		t.Fatal(err)
	}
	in := client.Resource(schema.GroupVersionResource{
		Group: "kustomize.toolkit.fluxcd.io", Version: "v1", Resource: "kustomizations",
	}).Namespace("many")
	var group errgroup.Group
	group.SetLimit(8)
	for i := range n {
		group.Go(func() error {
			_, err := in.Create(t.Context(), kustomization(i), metav1.CreateOptions{})
			return err
		})
	}
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
}

func kustomization(i int) *unstructured.Unstructured {
	var entries []any
	for e := range 20 {
		entries = append(entries, map[string]any{"id": fmt.Sprintf("team-%d_service-%d_apps_Deployment", i, e), "v": "v1"})
	}
	condition := func(kind string) any {
		return map[string]any{
			"type": kind, "status": "True", "reason": "ReconciliationSucceeded", "lastTransitionTime": "2026-11-20T10:00:00Z",
			"message": fmt.Sprintf("Applied revision: main@sha1:%040d", i), "observedGeneration": int64(1),
		}
	}
	return &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "kustomize.toolkit.fluxcd.io/v1", "kind": "Kustomization",
		"metadata": map[string]any{"name": fmt.Sprint("app-", i), "labels": map[string]any{"team": fmt.Sprint("team-", i)}},
		"spec": map[string]any{
			"interval": "10m", "path": "./deploy", "prune": true, "dependsOn": []any{map[string]any{"name": "infra"}},
			"sourceRef": map[string]any{"kind": "GitRepository", "name": "apps"},
		},
		"status": map[string]any{
			"conditions": []any{condition("Ready"), condition("Healthy")}, "inventory": map[string]any{"entries": entries},
			"lastAppliedRevision": fmt.Sprintf("main@sha1:%040d", i), "lastAttemptedRevision": fmt.Sprintf("main@sha1:%040d", i),
			"observedGeneration": int64(1),
		},
	}}
}
