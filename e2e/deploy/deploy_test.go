// Package deploy holds what stands in deploy/ against a real API server, Helm and a real node: every
// manifest is accepted, says what it has to, and makes an agent that works.
package deploy

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"

	"fluxtrail/e2e/env"
)

const (
	root  = "../../deploy/"
	chart = root + "chart"
)

// cluster is an API server that knows the definitions of Flux, of the Prometheus Operator and of
// whatever else our manifests have objects of, with the namespaces that they are for.
func cluster(t *testing.T) *env.Kube {
	t.Helper()
	kube := env.StartKube(t)
	kube.Kubectl(t, "", "apply", "--server-side", "-f", "testdata/crds", "-f", "testdata/others.yaml")
	kube.Kubectl(t, "", "wait", "--for=condition=Established", "crd", "--all")
	for _, name := range []string{"fluxtrail", "flux-system", "monitoring"} {
		kube.Kubectl(t, "", "create", "namespace", name)
	}
	return kube
}

// render is the chart with values, given as YAML.
func render(t *testing.T, values string, args ...string) string {
	t.Helper()
	text, err := env.Helm(t, "", values, append([]string{"template", "fluxtrail", chart, "--namespace", "fluxtrail", "--values", "-"}, args...)...)
	if err != nil {
		t.Fatalf("helm template: %v", err)
	}
	return text
}

// kustomized is what kustomize makes of a directory.
func kustomized(t *testing.T, dir string) string {
	t.Helper()
	out, err := exec.Command(env.Built(t, "kube", "kubectl"), "kustomize", dir).Output()
	if err != nil {
		t.Fatalf("kubectl kustomize %s: %v", dir, err)
	}
	return string(out)
}

// accepted has the API server check objects as if they were created, unknown fields included.
func accepted(t *testing.T, kube *env.Kube, manifests string) {
	t.Helper()
	kube.Kubectl(t, manifests, "apply", "--dry-run=server", "--validate=strict", "-f", "-")
}

// objects parses a stream of manifests.
func objects(t *testing.T, manifests string) []*unstructured.Unstructured {
	t.Helper()
	var all []*unstructured.Unstructured
	in := yaml.NewYAMLOrJSONDecoder(strings.NewReader(manifests), 4096)
	for {
		var object map[string]any
		err := in.Decode(&object)
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatalf("%v in\n%s", err, manifests)
		}
		if len(object) > 0 {
			all = append(all, &unstructured.Unstructured{Object: object})
		}
	}
}

// one is the only object of a kind.
func one(t *testing.T, manifests, kind string) *unstructured.Unstructured {
	t.Helper()
	var found []*unstructured.Unstructured
	for _, o := range objects(t, manifests) {
		if o.GetKind() == kind {
			found = append(found, o)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%d objects of kind %s", len(found), kind)
	}
	return found[0]
}

// podOf is the template of a DaemonSet.
func podOf(t *testing.T, daemonset *unstructured.Unstructured) corev1.PodTemplateSpec {
	t.Helper()
	var pod corev1.PodTemplateSpec
	template, ok, err := unstructured.NestedMap(daemonset.Object, "spec", "template")
	if err == nil && ok {
		err = runtime.DefaultUnstructuredConverter.FromUnstructured(template, &pod)
	}
	if err != nil || !ok {
		t.Fatalf("template: %v", err)
	}
	return pod
}

// offences are what a level of Pod Security has against a pod.
func offences(t *testing.T, pod corev1.PodTemplateSpec, level api.Level) []string {
	t.Helper()
	e, err := policy.NewEvaluator(policy.DefaultChecks(), nil)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, r := range e.EvaluatePod(api.LevelVersion{Level: level, Version: api.LatestVersion()}, &pod.ObjectMeta, &pod.Spec) {
		if !r.Allowed {
			out = append(out, r.ForbiddenReason)
		}
	}
	return out
}

// configured has the program check the configuration of a ConfigMap.
func configured(t *testing.T, program string, configMap *unstructured.Unstructured) string {
	t.Helper()
	text, _, err := unstructured.NestedString(configMap.Object, "data", "config.yaml")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(program, "config", "check", "--config", path).CombinedOutput(); err != nil {
		t.Errorf("config check: %v\n%s\n%s", err, out, text)
	}
	return text
}
