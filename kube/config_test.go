package kube

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

func TestDistill(t *testing.T) {
	type labels = map[string]string
	for _, c := range []struct {
		name   string
		labels labels
		image  string
		known  bool
		want   Pod
	}{
		{"Flux 2.7", labels{"app": "source-controller", labelPartOf: "flux", labelComponent: "source-controller", labelVersion: "v2.7.0"},
			"ghcr.io/fluxcd/source-controller:v1.7.0", true, Pod{App: "source-controller", Controller: "source-controller", Version: "v1.7.0", Flux: "v2.7.0"}},
		{"before 2.7 there is only app", labels{"app": "helm-controller"},
			"localhost:5000/helm-controller@sha256:abc", true, Pod{App: "helm-controller", Controller: "helm-controller"}},
		{"a shard", labels{"app": "source-controller-shard1"},
			"localhost:5000/source-controller:v1@sha256:abc", true, Pod{App: "source-controller-shard1", Controller: "source-controller", Shard: "shard1", Version: "v1"}},
		{"Flux Operator has no app", labels{labelName: "flux-operator", labelVersion: "v0.20.0"},
			"ghcr.io/controlplaneio-fluxcd/flux-operator:v0.20.0", true, Pod{App: "flux-operator", Controller: "flux-operator", Version: "v0.20.0"}},
		{"another part of Flux", labels{"app": "web", labelPartOf: "flux"}, "web", true, Pod{App: "web"}},
		{"a longer name is no shard", labels{"app": "source-controllers"}, "x", false, Pod{App: "source-controllers"}},
		{"something else", labels{"app": "podinfo"}, "podinfo:1", false, Pod{App: "podinfo", Version: "1"}},
		{"no labels", nil, "", false, Pod{}},
	} {
		got := distill("n1")(&metav1.PartialObjectMetadata{ObjectMeta: metav1.ObjectMeta{Labels: c.labels}})
		got.run(containersOf(&unstructured.Unstructured{Object: map[string]any{"spec": map[string]any{"containers": []any{
			map[string]any{"name": "sidecar", "image": "proxy:7"}, map[string]any{"name": "manager", "image": c.image},
		}}}}))
		c.want.Node, c.want.Containers, c.want.Image = "n1", []Container{{"sidecar", "proxy:7"}, {"manager", c.image}}, c.image
		if d := cmp.Diff(c.want, got.Pod); d != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, d)
		}
		selectors, err := compile(DefaultConfig().Selectors)
		if err != nil {
			t.Fatal(err)
		}
		if got := fits(selectors, c.labels); got != c.known {
			t.Errorf("%s: known is %v", c.name, got)
		}
	}
}

func TestValidate(t *testing.T) {
	if err := DefaultConfig().Validate(); err != nil {
		t.Error(err)
	}
	err := Config{Enabled: "on", Namespaces: []string{"", "Flux"}, Selectors: []string{" ", "a in b", "x=y"}}.Validate()
	want := `enabled: "on" is not known: use auto, always or never
namespaces[0]: is empty; an empty list means all namespaces
namespaces[1]: "Flux" is no name of a namespace
selectors[0]: is empty and would fit every pod
selectors[1]: "a in b" is no label selector: unable to parse requirement: found 'b' expected: '('`
	if d := cmp.Diff(strings.Split(want, "\n"), strings.Split(err.Error(), "\n")); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	for want, cfg := range map[string]Config{
		"node: is missing; set the environment variable NODE_NAME from spec.nodeName": {Enabled: always, Selectors: []string{"a"}},
		"selectors: names no pods: leave it out for those of Flux":                    {Enabled: never},
		"context: is one of a kubeconfig, and kubeconfig is not set":                  {Enabled: never, Context: "c", Selectors: []string{"a"}},
	} {
		if err := cfg.Validate(); err == nil || err.Error() != want {
			t.Errorf("want %q, got %v", want, err)
		}
	}
}
