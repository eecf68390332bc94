package deploy

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/pod-security-admission/api"

	"fluxtrail/e2e/env"
)

// built are the directories that kustomize builds.
func built(t *testing.T) []string {
	t.Helper()
	var dirs []string
	for _, pattern := range []string{"base", "overlays/*", "monitors/*", "rules", "dashboards"} {
		found, err := filepath.Glob(filepath.Join(root, pattern, "kustomization.yaml"))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range found {
			dirs = append(dirs, filepath.Dir(path))
		}
	}
	return dirs
}

// manifests has an API server and kubeconform check everything that is applied as it is.
func manifests(t *testing.T, kube *env.Kube, program, schemas string) {
	for _, dir := range built(t) {
		t.Run(strings.TrimPrefix(dir, root), func(t *testing.T) {
			t.Parallel()
			manifests := kustomized(t, dir)
			accepted(t, kube, manifests)
			conforms(t, schemas, manifests)
			for _, o := range objects(t, manifests) {
				if o.GetLabels()["app.kubernetes.io/part-of"] == "flux" {
					t.Errorf("%s %s counts as a part of Flux", o.GetKind(), o.GetName())
				}
				if _, ok, _ := unstructured.NestedString(o.Object, "data", "config.yaml"); ok {
					configured(t, program, o)
				}
			}
		})
	}
	files, _ := filepath.Glob(root + "flux/*.yaml")
	more, _ := filepath.Glob(root + "examples/*.yaml")
	packs, _ := filepath.Glob(root + "rules/prometheusrule-*.yaml")
	for _, path := range append(slices.Concat(files, more, packs), root+"install.yaml", root+"dashboards/flux-boards/prometheusrule.yaml") {
		t.Run(strings.TrimPrefix(path, root), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			accepted(t, kube, string(text))
			conforms(t, schemas, string(text))
		})
	}
	unique(t, files)
}

// unique holds what Flux prunes by to different names.
func unique(t *testing.T, files []string) {
	t.Helper()
	seen := map[string]bool{}
	for _, path := range files {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range objects(t, string(text)) {
			name := o.GetKind() + "/" + o.GetName()
			if seen[name] {
				t.Errorf("%s is there twice", name)
			}
			seen[name] = true
		}
	}
}

// TestLevels holds the overlays to the levels of Pod Security that the page on security names.
func TestLevels(t *testing.T) {
	t.Parallel()
	for dir, want := range map[string][]string{
		"base":                           {"hostPath volumes"},
		"overlays/openshift":             {"hostPath volumes"},
		"overlays/gke-autopilot":         {"hostPath volumes"},
		"overlays/kube-prometheus-stack": {"hostPath volumes"},
		"overlays/nonroot":               {"hostPath volumes", "non-default capabilities"},
	} {
		pod := podOf(t, one(t, kustomized(t, root+dir), "DaemonSet"))
		got := offences(t, pod, api.LevelBaseline)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s: baseline has %q against it, want %q", dir, got, want)
		}
	}
}

// TestChartIsBase compares what the chart makes by default with what the kustomization has: the two
// are one agent.
func TestChartIsBase(t *testing.T) {
	t.Parallel()
	for dir, values := range map[string]string{
		"base": "", "overlays/nonroot": "security: {mode: nonroot}",
		"overlays/gke-autopilot": "state: {type: emptyDir}",
	} {
		ours := kustomized(t, root+dir)
		theirs := render(t, values)
		a, b := podOf(t, one(t, ours, "DaemonSet")).Spec, podOf(t, one(t, theirs, "DaemonSet")).Spec
		a.Volumes[0].ConfigMap.Name = b.Volumes[0].ConfigMap.Name // one ends in a hash
		if diff := cmp.Diff(a, b); diff != "" {
			t.Errorf("%s and the chart differ (-kustomize +chart):\n%s", dir, diff)
		}
		if diff := cmp.Diff(rules(t, ours), rules(t, theirs)); diff != "" {
			t.Errorf("%s: rights differ:\n%s", dir, diff)
		}
	}
}

// rules are the rights that manifests grant, by the name of the role.
func rules(t *testing.T, manifests string) map[string]any {
	t.Helper()
	all := map[string]any{}
	for _, o := range objects(t, manifests) {
		if o.GetKind() == "ClusterRole" {
			all[o.GetName()] = o.Object["rules"]
		}
	}
	if len(all) != 2 {
		t.Fatalf("roles: %q", slices.Collect(maps.Keys(all)))
	}
	return all
}
