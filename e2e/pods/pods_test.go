// Package pods holds the agent's watch of pods against a real API server: what it learns of them,
// with no more rights than it is documented to need.
package pods

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"fluxtrail/e2e/env"
	"fluxtrail/kube"
)

const binding = `---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: fluxtrail}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: fluxtrail}
subjects: [{kind: ServiceAccount, name: fluxtrail, namespace: flux-system}]
`

// rights are those that the manifests grant the agent.
func rights(t *testing.T) string {
	t.Helper()
	role, err := os.ReadFile("../../deploy/base/clusterrole.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return string(role) + binding
}

// pod is one on a node, which nothing runs.
func pod(name, node, labels, image string) string {
	return fmt.Sprintf(`---
apiVersion: v1
kind: Pod
metadata: {name: %s, namespace: flux-system, labels: {%s}}
spec: {nodeName: %s, containers: [{name: manager, image: %q}]}
`, name, labels, node, image)
}

// TestWatch is the life of a watch: refused at first, then allowed, with pods that come, change and
// go, and an API server that dies.
func TestWatch(t *testing.T) {
	api := env.StartKube(t)
	api.Kubectl(t, "", "create", "namespace", "flux-system")
	api.Kubectl(t, pod("source-controller-0", "n1", "app: source-controller", "ghcr.io/fluxcd/source-controller:v1.7.0")+
		pod("source-controller-1", "n2", "app: source-controller", "x")+
		pod("podinfo-0", "n1", "app: podinfo", "x"), "apply", "-f", "-")

	cfg := kube.DefaultConfig()
	cfg.Enabled, cfg.Node, cfg.Kubeconfig = "always", "n1", api.Config(t, env.Agent)
	log := &journal{}
	c, err := kube.Connect(cfg, slog.New(slog.NewTextHandler(log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	w, err := kube.NewPods(c, cfg, slog.New(slog.NewTextHandler(log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ran := make(chan error)
	go func() { ran <- w.Run(ctx) }()
	w.Wait(ctx)
	if s := log.String(); !strings.Contains(s, "is forbidden: User") || !strings.Contains(s, "has to allow get, list and watch of pods") {
		t.Errorf("without rights: %s", s)
	}

	api.Kubectl(t, rights(t), "apply", "-f", "-")
	env.Until(t, "rights", func() bool { _, ok := w.Lookup("flux-system", "source-controller-0"); return ok })
	got, _ := w.Lookup("flux-system", "source-controller-0")
	if got.Version != "v1.7.0" || got.Node != "n1" || got.UID == "" || got.Flux != "" {
		t.Errorf("got %+v", got)
	}
	for _, other := range []string{"source-controller-1", "podinfo-0"} {
		if _, ok := w.Lookup("flux-system", other); ok {
			t.Errorf("knows %s", other)
		}
	}

	api.Kubectl(t, pod("helm-controller-shard1-0", "n1", "app: helm-controller-shard1", "x:v1"), "apply", "-f", "-")
	env.Until(t, "a new pod", func() bool { p, _ := w.Lookup("flux-system", "helm-controller-shard1-0"); return p.Shard == "shard1" })
	api.Kubectl(t, "", "-n", "flux-system", "label", "pod", "source-controller-0", "app.kubernetes.io/part-of=flux", "app.kubernetes.io/version=v2.7.0")
	env.Until(t, "a label", func() bool { p, _ := w.Lookup("flux-system", "source-controller-0"); return p.Flux == "v2.7.0" })
	api.Kubectl(t, "", "-n", "flux-system", "delete", "pod", "source-controller-0", "--force", "--grace-period=0")
	api.Kubectl(t, pod("source-controller-0", "n1", "app: source-controller", "again:v2"), "apply", "-f", "-")
	env.Until(t, "the same name again", func() bool {
		p, _ := w.Lookup("flux-system", "source-controller-0")
		return p.Version == "v2" && p.UID != got.UID
	})

	api.Kill()
	env.Until(t, "the end of the server", func() bool { return strings.Count(log.String(), "cannot ask") == 2 })
	if _, ok := w.Lookup("flux-system", "source-controller-0"); !ok {
		t.Error("forgot what it knew")
	}
	cancel()
	if err := <-ran; err != nil {
		t.Error(err)
	}
	t.Log(log)
}

// journal is a log that may be read while it is written.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

// TestAgentFollowsByLabel runs the program on a log whose pod is named like no controller of Flux:
// it is read when the pod's labels say that it is one, and only then.
func TestAgentFollowsByLabel(t *testing.T) {
	api := env.StartKube(t)
	api.Kubectl(t, "", "create", "namespace", "flux-system")
	api.Kubectl(t, rights(t)+pod("deployer-0", "n1", "app: kustomize-controller", "x:v1"), "apply", "-f", "-")
	logs, bin := renamed(t, "deployer-0"), env.Fluxtrail(t)
	for mode, want := range map[string]bool{"always": true, "never": false} {
		cmd := exec.Command(bin, "run", "--once", logs)
		cmd.Env = append(os.Environ(), "FLUXTRAIL_LOKI__ENABLED=false", "FLUXTRAIL_AGENT__STATE_DIR="+t.TempDir(), "NODE_NAME=n1",
			"FLUXTRAIL_KUBE__ENABLED="+mode, "FLUXTRAIL_KUBE__KUBECONFIG="+api.Config(t, env.Agent))
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%v\n%s", err, &stderr)
		}
		if got := strings.Contains(string(out), "incident opened"); got != want {
			t.Errorf("kube.enabled %s: incidents %v\n%s\n%s", mode, got, out, &stderr)
		}
	}
}

// TestAgentLearnsOfPodsWhileItRuns starts the agent before the pod is known: its log is followed as
// soon as the API server tells of the pod, and the API tells its metadata.
func TestAgentLearnsOfPodsWhileItRuns(t *testing.T) {
	api := env.StartKube(t)
	api.Kubectl(t, "", "create", "namespace", "flux-system")
	api.Kubectl(t, rights(t), "apply", "-f", "-")
	a := env.StartAgent(t, env.Fluxtrail(t), renamed(t, "deployer-0"), []string{
		"loki.enabled=false", "kube.enabled=always", "kube.node=n1", "kube.kubeconfig=" + api.Config(t, env.Agent),
	})
	if _, targets := a.Get(t, "/api/v1/targets"); strings.Contains(targets, "deployer-0") {
		t.Fatalf("follows a log of a pod that nobody knows: %s", targets)
	}
	api.Kubectl(t, pod("deployer-0", "n1", "app: kustomize-controller-shard1, app.kubernetes.io/part-of: flux, app.kubernetes.io/version: v2.7.0",
		"ghcr.io/fluxcd/kustomize-controller:v1.7.0"), "apply", "-f", "-")
	env.Until(t, "an incident of the new pod", func() bool { return a.Said(t, "incident opened") })
	env.Until(t, "its metadata", func() bool {
		_, targets := a.Get(t, "/api/v1/targets")
		return strings.Contains(targets, `"pod":"deployer-0","container":"manager","app":"kustomize-controller-shard1","shard":"shard1",`+
			`"image":"ghcr.io/fluxcd/kustomize-controller:v1.7.0","version":"v1.7.0","flux_version":"v2.7.0"`)
	})
}

// TestAgentRemembersPods restarts the agent while the API server is away: it knows the pods as
// before, and learns of a new one when the server is back.
func TestAgentRemembersPods(t *testing.T) {
	api := env.StartKube(t)
	api.Kubectl(t, "", "create", "namespace", "flux-system")
	api.Kubectl(t, rights(t)+pod("deployer-0", "n1", "app: kustomize-controller-shard1", "x:v1"), "apply", "-f", "-")
	a := env.StartAgent(t, env.Fluxtrail(t), renamed(t, "deployer-0"), []string{
		"loki.enabled=false", "kube.enabled=always", "kube.node=n1", "kube.kubeconfig=" + api.Config(t, env.Agent),
	})
	known := func() bool {
		_, targets := a.Get(t, "/api/v1/targets")
		return strings.Contains(targets, `"pod":"deployer-0","container":"manager","app":"kustomize-controller-shard1","shard":"shard1","image":"x:v1"`)
	}
	env.Until(t, "the pod's metadata", known)
	a.Stop(t)
	api.Kill()
	a.Start(t)
	env.Until(t, "that the server is away", func() bool { return a.Said(t, "cannot ask the API server for pods") })
	env.Until(t, "the pod's metadata from before", known)
	api.Start(t)
	env.Until(t, "that the server is back", func() bool { return a.Said(t, "the API server answers again") })
	if !known() {
		t.Error("forgot what it knew")
	}
}

// TestIdleAgentIsSmall runs the agent on a node that is full of pods, of which none is one of Flux
// and each changes its status now and then.
func TestIdleAgentIsSmall(t *testing.T) {
	api := env.StartKube(t)
	api.Kubectl(t, "", "create", "namespace", "flux-system")
	api.Kubectl(t, rights(t)+crowd(110), "create", "-f", "-")
	api.Kubectl(t, pod("source-controller-0", "n1", "app: source-controller", "x:v1"), "apply", "-f", "-")
	a := env.StartAgent(t, env.Fluxtrail(t), t.TempDir(), []string{
		"loki.url=http://127.0.0.1:1", "kube.enabled=always", "kube.node=n1", "kube.kubeconfig=" + api.Config(t, env.Agent),
	})
	var rss, anonymous float64
	for range 5 {
		api.Kubectl(t, "", "annotate", "pods", "--all", "--overwrite", fmt.Sprintf("at=%d", time.Now().UnixNano()))
		r, n := a.Memory(t)
		t.Logf("RSS %.1f MB, anonymous %.1f MB", r, n)
		rss, anonymous = max(rss, r), max(anonymous, n)
	}
	if rss > 45 || anonymous > 12 {
		t.Errorf("RSS %.1f MB, of it anonymous %.1f MB; want at most 45 and 12", rss, anonymous)
	}
	if a.Said(t, "cannot ask the API server") {
		t.Error(a.Log())
	}
}

// crowd is that many pods of a usual size, on node n1.
func crowd(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "---\napiVersion: v1\nkind: Pod\nmetadata:\n  namespace: flux-system\n  name: app-%d\n  labels: {app: app-%[1]d}\n"+
			"  annotations: {checksum/config: %q}\nspec:\n  nodeName: n1\n  containers:\n", i, strings.Repeat("0123456789abcdef", 16))
		for c := range 3 {
			fmt.Fprintf(&b, "  - name: c%d\n    image: registry.example.com/team/app-%d:v1.2.3\n    resources: {limits: {cpu: 100m, memory: 64Mi}}\n"+
				"    readinessProbe: {httpGet: {path: /healthz, port: 8080}}\n    env:\n", c, i)
			for e := range 25 {
				fmt.Fprintf(&b, "    - {name: SETTING_%d, value: a value of a usual length}\n", e)
			}
		}
	}
	return b.String()
}

// renamed is a pod log tree with the kustomize-controller of the demo under another name.
func renamed(t *testing.T, name string) string {
	t.Helper()
	found, err := filepath.Glob("../../fixtures/demo/pods/flux-system_kustomize-controller-*")
	if err != nil || len(found) != 1 {
		t.Fatal(found, err)
	}
	root := t.TempDir()
	_, uid, _ := strings.Cut(strings.TrimPrefix(filepath.Base(found[0]), "flux-system_"), "_")
	if err := os.CopyFS(filepath.Join(root, "flux-system_"+name+"_"+uid), os.DirFS(found[0])); err != nil {
		t.Fatal(err)
	}
	return root
}
