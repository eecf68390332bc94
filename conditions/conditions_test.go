package conditions

import (
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"fluxtrail/derive"
	"fluxtrail/derive/failure"
)

func object(t *testing.T, text string) map[string]any {
	t.Helper()
	var o map[string]any
	if err := yaml.Unmarshal([]byte(text), &o); err != nil {
		t.Fatal(err)
	}
	return o
}

func same(s string) string { return s }

func names(refs ...derive.Ref) string {
	var texts []string
	for _, r := range refs {
		if r != (derive.Ref{}) {
			texts = append(texts, r.String())
		}
	}
	return strings.Join(texts, " ")
}

// TestRefs has a case for each place where an object names another.
func TestRefs(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ object, dependsOn, sources, owner string }{
		{"{kind: Kustomization, spec: {dependsOn: [{name: a}, {name: b, namespace: m}, {name: a}], sourceRef: {name: s}}}",
			"Kustomization/n/a Kustomization/m/b", "GitRepository/n/s", ""},
		{"{kind: Kustomization, spec: {sourceRef: {kind: Bucket, name: s, namespace: m}}}", "", "Bucket/m/s", ""},
		{"{kind: HelmRelease, spec: {chartRef: {kind: OCIRepository, name: c}}}", "", "OCIRepository/n/c", ""},
		{"{kind: HelmRelease, spec: {chart: {spec: {sourceRef: {kind: GitRepository, name: s}}}}}", "", "GitRepository/n/s", ""},
		{"{kind: HelmRelease, spec: {chart: {spec: {sourceRef: {name: s, namespace: m}}}}, status: {helmChart: m/n-r}}", "",
			"HelmChart/m/n-r HelmRepository/m/s", ""},
		{"{kind: HelmChart, spec: {sourceRef: {kind: HelmRepository, name: s}}}", "", "HelmRepository/n/s", ""},
		{"{kind: GitRepository, spec: {include: [{repository: {name: i}}, {fromPath: x}]}}", "", "GitRepository/n/i", ""},
		{"{kind: ExternalArtifact, spec: {sourceRef: {kind: ArtifactGenerator, name: g}}}", "", "ArtifactGenerator/n/g", ""},
		{"{kind: ArtifactGenerator, spec: {sources: [{alias: a, kind: OCIRepository, name: s}]}}", "", "OCIRepository/n/s", ""},
		{"{kind: ImagePolicy, spec: {imageRepositoryRef: {name: i}}}", "", "ImageRepository/n/i", ""},
		{"{kind: ImageUpdateAutomation, spec: {sourceRef: {name: s}}}", "", "GitRepository/n/s", ""},
		{"{kind: ResourceSet, spec: {dependsOn: [{apiVersion: v1, kind: Service, name: s}], inputsFrom: [{name: i}]}}",
			"Service/n/s", "ResourceSetInputProvider/n/i", ""},
		{"{kind: HelmRelease, metadata: {labels: {kustomize.toolkit.fluxcd.io/name: k, kustomize.toolkit.fluxcd.io/namespace: m}}}", "", "",
			"Kustomization/m/k"},
		{"{kind: X, metadata: {labels: {resourceset.fluxcd.controlplane.io/name: k, resourceset.fluxcd.controlplane.io/namespace: m}}}", "", "",
			"ResourceSet/m/k"},
		{"{kind: Kustomization, spec: {dependsOn: 7, sourceRef: [x, {}]}}", "", "", ""},
	} {
		o := object(t, c.object)
		meta, _ := o["metadata"].(map[string]any)
		if meta == nil {
			meta = map[string]any{}
			o["metadata"] = meta
		}
		meta["namespace"], meta["name"] = "n", "r"
		got := NewReader(same).Object(o, "test", 1)
		want := c.dependsOn + "; " + c.sources + "; " + c.owner
		if d := cmp.Diff(want, names(got.DependsOn...)+"; "+names(got.Sources...)+"; "+names(got.AppliedBy)); d != "" {
			t.Errorf("%s (-want +got):\n%s", c.object, d)
		}
	}
}

// TestTexts bounds texts at the border of a character, and hides the path that triggers a Receiver.
func TestTexts(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("é", failure.MaxText)
	o := object(t, "{kind: Receiver, metadata: {name: r}, status: {conditions: [{type: Ready, status: 'True', message: "+
		"'Receiver initialized for path: /hook/ce8a6fd3e89c1282662febb5b94ede08'}, {type: Stalled, status: 'False', message: "+long+"}]}}")
	got := NewReader(func(s string) string { return "x" + s }).Object(o, "test", 1)
	if m := got.Conditions[0].Message; m != "xReceiver initialized for path: /hook/<redacted:webhook-path>" {
		t.Errorf("got %q", m)
	}
	if m := got.Conditions[1].Message; len(m) > failure.MaxText+len("…") || !strings.HasSuffix(m, "é…") {
		t.Errorf("%d bytes, the end is %q", len(m), m[len(m)-8:])
	}
}

// TestScrape: of one object, samples of one exporter become one observation, and of two exporters
// two.
func TestScrape(t *testing.T) {
	t.Parallel()
	s := NewReader(same).Scrape()
	add := func(name string, value float64, pairs ...string) {
		set := map[string]string{"name": "k", "exported_namespace": "n", "namespace": "of the pod"}
		for i := 0; i < len(pairs); i += 2 {
			set[pairs[i]] = pairs[i+1]
		}
		if known := s.Add(name, func(l string) string { return set[l] }, value, "test:1"); known != (name != "up") {
			t.Errorf("%s: known is %v", name, known)
		}
	}
	add("up", 1)
	for status, value := range map[string]float64{"True": 0, "False": 1, "Unknown": 0, "Deleted": 0} {
		add("gotk_reconcile_condition", value, "kind", "Kustomization", "type", "Ready", "status", status)
	}
	add("gotk_suspend_status", 1, "kind", "Kustomization")
	add("gotk_resource_info", 1, "customresource_kind", "Kustomization", "ready", "True", "revision", "r")
	add("gotk_resource_info", 1, "kind", "no such label")
	all, lists := s.Observations(5, "test")
	if len(all) != 2 || len(lists) != 1 || lists[0].Kind != "Kustomization" {
		t.Fatalf("got %+v, %+v", all, lists)
	}
	ready := map[string]derive.Answer{}
	for i := range all {
		ready[all[i].Ready()+all[i].Applied] = all[i].Suspended
	}
	if d := cmp.Diff(map[string]derive.Answer{"False": derive.Yes, "Truer": derive.No}, ready); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// Whoever may call a pod a controller may serve any number of everything: what is kept of it is
// bounded.
func TestScrapeIsBounded(t *testing.T) {
	t.Parallel()
	s, g := NewReader(same).Scrape(), &Gauges{}
	for n := range 10 * maxTook {
		label := func(l string) string {
			switch l {
			case "kind", "controller":
				return "Kustomization"
			case "status":
				return "True"
			case "namespace", "exported_namespace":
				return "apps"
			}
			return "x" + strconv.Itoa(n)
		}
		worker := func(string) string { return label("name") }
		if n < 100*maxParts {
			s.Add("gotk_reconcile_condition", func(l string) string {
				if strings.HasSuffix(l, "name") {
					return "web"
				}
				return label(l)
			}, 1, "test:1")
		}
		g.Add("workqueue_depth", worker, 1)
		g.Add(tookSum, label, 1)
	}
	all, _ := s.Observations(1, "test")
	if len(all) != 1 || len(all[0].Conditions) != maxParts || len(g.sums) != maxWorkers || len(g.took) != maxTook {
		t.Error(len(all), len(all[0].Conditions), len(g.sums), len(g.took))
	}
}
