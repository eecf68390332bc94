// Package cluster holds `fluxtrail replay --cluster` against a real API server, whose kubelet gives
// recorded logs and whose objects are those that were there then.
package cluster

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fluxtrail/e2e/env"
)

// story is recorded logs of all controllers with the objects that were there at the end.
const story = "../../../shared/data/stories/oci"

// kinds are those of the story, by group and version.
var kinds = []struct{ kind, plural, group, version string }{
	{"GitRepository", "gitrepositories", "source.toolkit.fluxcd.io", "v1"},
	{"OCIRepository", "ocirepositories", "source.toolkit.fluxcd.io", "v1"},
	{"HelmRepository", "helmrepositories", "source.toolkit.fluxcd.io", "v1"},
	{"HelmChart", "helmcharts", "source.toolkit.fluxcd.io", "v1"},
	{"Bucket", "buckets", "source.toolkit.fluxcd.io", "v1"},
	{"ExternalArtifact", "externalartifacts", "source.toolkit.fluxcd.io", "v1"},
	{"ArtifactGenerator", "artifactgenerators", "source.extensions.fluxcd.io", "v1beta1"},
	{"Kustomization", "kustomizations", "kustomize.toolkit.fluxcd.io", "v1"},
	{"HelmRelease", "helmreleases", "helm.toolkit.fluxcd.io", "v2"},
	{"ImageRepository", "imagerepositories", "image.toolkit.fluxcd.io", "v1"},
	{"ImagePolicy", "imagepolicies", "image.toolkit.fluxcd.io", "v1"},
	{"ImageUpdateAutomation", "imageupdateautomations", "image.toolkit.fluxcd.io", "v1"},
	{"Alert", "alerts", "notification.toolkit.fluxcd.io", "v1beta3"},
	{"Provider", "providers", "notification.toolkit.fluxcd.io", "v1beta3"},
	{"Receiver", "receivers", "notification.toolkit.fluxcd.io", "v1"},
}

// definitions have no schemas and no subresource, so that an object can be created with its status.
func definitions() string {
	var b strings.Builder
	for _, k := range kinds {
		fmt.Fprintf(&b, `---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: %s.%s, labels: {app.kubernetes.io/part-of: flux}}
spec:
  group: %[2]s
  scope: Namespaced
  names: {kind: %[3]s, plural: %[1]s, singular: %[4]s, listKind: %[3]sList}
  versions:
  - name: %[5]s
    served: true
    storage: true
    schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
`, k.plural, k.group, k.kind, strings.ToLower(k.kind), k.version)
	}
	return b.String()
}

// objects are those of the story's last dump. The API server gives them identities of its own.
func objects(t *testing.T) (text string, namespaces []string) {
	t.Helper()
	var list struct{ Items []map[string]any }
	raw, err := os.ReadFile(filepath.Join(story, "dumps", "end.json"))
	if err == nil {
		err = json.Unmarshal(raw, &list)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range list.Items {
		meta := o["metadata"].(map[string]any)
		for _, name := range []string{"uid", "resourceVersion", "finalizers", "deletionTimestamp", "deletionGracePeriodSeconds"} {
			delete(meta, name)
		}
		namespaces = append(namespaces, meta["namespace"].(string))
	}
	out, err := json.Marshal(map[string]any{"apiVersion": "v1", "kind": "List", "items": list.Items})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(namespaces)
	return string(out), slices.Compact(namespaces)
}

// rights are what --explain-rights prints, bound to a user, but for what is left out.
func rights(t *testing.T, bin string, without string) string {
	t.Helper()
	role, err := exec.Command(bin, "replay", "--explain-rights").Output()
	if err != nil {
		t.Fatal(err)
	}
	if without != "" && !strings.Contains(string(role), without) {
		t.Fatalf("no %q in %s", without, role)
	}
	text := string(role)
	if without != "" {
		text = strings.Replace(text, without, "nothing", 1)
	}
	return text + `---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: fluxtrail-replay}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: fluxtrail-replay}
subjects: [{kind: ServiceAccount, name: fluxtrail, namespace: flux-system}]
`
}

// report is what a test looks at of a report.
type report struct {
	Input struct {
		Records int64
		Files   []struct {
			Path    string
			Records int64
			Error   *string
		}
		Conditions []struct {
			Source, At string
			Objects    int64
			Error      *string
		}
	}
	Objects, Incidents, Errors, Controllers, Silences []any
	Totals                                            any
}

func (r *report) file(path string) string {
	for _, f := range r.Input.Files {
		if f.Path == path && f.Error != nil {
			return *f.Error
		}
	}
	return ""
}

func (r *report) condition(name string) string {
	for _, c := range r.Input.Conditions {
		if c.Source == "kube: "+name && c.Error != nil {
			return *c.Error
		}
	}
	return ""
}

func replay(t *testing.T, bin string, args ...string) (r report, raw string) {
	t.Helper()
	cmd := exec.Command(bin, append([]string{"replay", "-o", "json"}, args...)...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Logf("%v: %s", err, &stderr)
	}
	if err := json.Unmarshal(out, &r); err != nil {
		t.Fatalf("%v\n%s\n%s", err, out, &stderr)
	}
	return r, string(out)
}

// start starts an API server with the story's objects and logs, and returns the flags to read it.
func start(t *testing.T) (bin string, api *env.Kube, k *kubelet, cluster []string) {
	t.Helper()
	if _, err := os.Stat(story); err != nil {
		t.Skip("no recorded story beside the project")
	}
	bin, api = env.Fluxtrail(t), env.StartKube(t)
	k = startKubelet(t, filepath.Join(story, "pods"))
	text, namespaces := objects(t)
	for _, name := range namespaces {
		if name != "default" {
			api.Kubectl(t, "", "create", "namespace", name)
		}
	}
	api.Kubectl(t, definitions(), "apply", "-f", "-")
	api.Kubectl(t, "", "wait", "--for=condition=Established", "crd", "--all")
	api.Kubectl(t, text, "create", "-f", "-")
	k.apply(t, api)
	api.Kubectl(t, rights(t, bin, ""), "apply", "-f", "-")
	return bin, api, k, []string{"--cluster", "--kubeconfig", api.Config(t, env.Agent)}
}

// TestCluster reads a cluster as one who is on call would.
func TestCluster(t *testing.T) {
	bin, api, kubelet, cluster := start(t)
	got, raw := replay(t, bin, cluster...)
	sameAsFiles(t, bin, api, kubelet, got, raw)

	t.Run("a kind that may not be read", func(t *testing.T) {
		api.Kubectl(t, rights(t, bin, "helm.toolkit.fluxcd.io"), "apply", "-f", "-")
		var got report
		env.Until(t, "fewer rights", func() bool { got, _ = replay(t, bin, cluster...); return got.condition("HelmRelease") != "" })
		if why := got.condition("HelmRelease"); !strings.Contains(why, "forbidden") || got.condition("Kustomization") != "" || got.Input.Records == 0 {
			t.Errorf("%+v", got.Input)
		}
	})
	t.Run("logs that may not be read", func(t *testing.T) {
		api.Kubectl(t, rights(t, bin, "pods/log"), "apply", "-f", "-")
		var got report
		env.Until(t, "fewer rights", func() bool { got, _ = replay(t, bin, cluster...); return got.Input.Records == 0 })
		pod := kubelet.pods[0]
		if why := got.file(pod.namespace + "/" + pod.name + "/manager"); !strings.Contains(why, "forbidden") || !strings.Contains(why, "get pods/log") {
			t.Errorf("%+v", got.Input)
		}
		if len(got.Input.Conditions) == 0 || got.condition("Kustomization") != "" {
			t.Errorf("the objects were not read: %+v", got.Input)
		}
	})
	t.Run("a kubelet that breaks off", func(t *testing.T) {
		api.Kubectl(t, rights(t, bin, ""), "apply", "-f", "-")
		kubelet.breakOff.Store(20_000)
		defer kubelet.breakOff.Store(0)
		var got report
		env.Until(t, "all rights", func() bool { got, _ = replay(t, bin, cluster...); return got.Input.Records > 0 })
		pod := kubelet.pods[slices.IndexFunc(kubelet.pods, func(p recorded) bool { return strings.HasPrefix(p.name, "kustomize") })]
		if why := got.file(pod.namespace + "/" + pod.name + "/manager"); !strings.Contains(why, "broke off") {
			t.Errorf("%+v", got.Input.Files)
		}
		if len(got.Objects) == 0 {
			t.Error("what came was not used")
		}
	})
	t.Run("no server", func(t *testing.T) {
		api.Kill()
		out, err := exec.Command(bin, append([]string{"replay"}, cluster...)...).CombinedOutput()
		if err == nil || !strings.Contains(string(out), "cannot ask the API server") {
			t.Errorf("%v: %s", err, out)
		}
	})
}

// sameAsFiles compares with a replay of the kubelet's files and of what kubectl saved.
func sameAsFiles(t *testing.T, bin string, api *env.Kube, k *kubelet, got report, raw string) {
	t.Helper()
	var plurals []string
	for _, k := range kinds {
		plurals = append(plurals, k.plural+"."+k.group)
	}
	dump := filepath.Join(t.TempDir(), "dump.json")
	saved := api.Kubectl(t, "", "get", strings.Join(plurals, ","), "-A", "--show-managed-fields", "-o", "json")
	if err := os.WriteFile(dump, []byte(saved), 0o600); err != nil {
		t.Fatal(err)
	}
	if len(got.Input.Conditions) == 0 || got.Input.Records == 0 || len(got.Objects) == 0 {
		t.Fatalf("nothing was read: %.3000s", raw)
	}
	_, rawWant := replay(t, bin, "--conditions", dump, "--conditions-at", got.Input.Conditions[0].At, k.root)
	if d := cmp.Diff(normal(t, rawWant), normal(t, raw)); d != "" {
		t.Errorf("(-files +cluster):\n%.6000s", d)
	}
}

// normal is a report without the names of what it was read from.
func normal(t *testing.T, raw string) any {
	t.Helper()
	for _, r := range []struct{ from, to string }{
		{`"[^"]*/([^/"_]+)_([^/"_]+)_[^/"_]+/manager/\d+\.log`, `"$1/$2/manager`},
		{`"([^"]+/manager) --previous`, `"$1`},
		{`"source":\s*"[^"]*"`, `"source":""`},
		{`[^" ]*/dump\.json:\d+`, `kube`},
	} {
		raw = regexp.MustCompile(r.from).ReplaceAllString(raw, r.to)
	}
	var v map[string]any
	if err := json.Unmarshal([]byte(raw), &v); err != nil {
		t.Fatal(err)
	}
	delete(v, "input")
	delete(v, "generated")
	return v
}
