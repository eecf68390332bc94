// Package pods holds the agent's watch of pods against a real API server: what it learns of them, with no more rights than it is documented to
// need.
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

	"fluxtrail/conditions/pods"
	"fluxtrail/e2e/env"
)

const binding = `---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: fluxtrail}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: fluxtrail}
subjects: [{kind: ServiceAccount, name: fluxtrail, namespace: flux-system}]
`

// pod is one on a node, which nothing runs.
func pod(name, node, labels, image string) string {
	return fmt.Sprintf(`---
apiVersion: v1
kind: Pod
metadata: {name: %s, namespace: flux-system, labels: {%s}}
spec: {nodeName: %s, containers: [{name: manager, image: %q}]}
`, name, labels, node, image)
}

// TestWatch is the life of a watch: refused at first, then allowed, with pods that come, change and go, and an API server that dies.
func TestWatch(t *testing.T) {
	kube := env.StartKube(t)
	kube.Kubectl(t, "", "create", "namespace", "flux-system")
	kube.Kubectl(t, pod("source-controller-0", "n1", "app: source-controller", "ghcr.io/fluxcd/source-controller:v1.7.0")+
		pod("source-controller-1", "n2", "app: source-controller", "x")+
		pod("podinfo-0", "n1", "app: podinfo", "x"), "apply", "-f", "-")

	cfg := pods.Default()
	cfg.Enabled, cfg.Node, cfg.Kubeconfig = pods.Always, "n1", kube.Config(t, env.Agent)
	log := &journal{}
	w, err := pods.New(cfg, os.Getenv, slog.New(slog.NewTextHandler(log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	w.Load(t.Context())
	if s := log.String(); !strings.Contains(s, "403 Forbidden") || !strings.Contains(s, "it has to allow get, list and watch of pods") {
		t.Errorf("without rights: %s", s)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ran := make(chan error)
	go func() { ran <- w.Run(ctx) }()

	kube.Kubectl(t, pods.ClusterRole+binding, "apply", "-f", "-")
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

	kube.Kubectl(t, pod("helm-controller-shard1-0", "n1", "app: helm-controller-shard1", "x:v1"), "apply", "-f", "-")
	env.Until(t, "a new pod", func() bool { p, _ := w.Lookup("flux-system", "helm-controller-shard1-0"); return p.Shard == "shard1" })
	kube.Kubectl(t, "", "-n", "flux-system", "label", "pod", "source-controller-0", "app.kubernetes.io/part-of=flux", "app.kubernetes.io/version=v2.7.0")
	env.Until(t, "a label", func() bool { p, _ := w.Lookup("flux-system", "source-controller-0"); return p.Flux == "v2.7.0" })
	kube.Kubectl(t, "", "-n", "flux-system", "delete", "pod", "source-controller-0", "--force", "--grace-period=0")
	kube.Kubectl(t, pod("source-controller-0", "n1", "app: source-controller", "again:v2"), "apply", "-f", "-")
	env.Until(t, "the same name again", func() bool {
		p, _ := w.Lookup("flux-system", "source-controller-0")
		return p.Version == "v2" && p.UID != got.UID
	})

	kube.Kill()
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

// TestAgentFollowsByLabel runs the program on a log whose pod is named like no controller of Flux: it is read when the pod's labels say that it
// is one, and only then.
func TestAgentFollowsByLabel(t *testing.T) {
	kube := env.StartKube(t)
	kube.Kubectl(t, "", "create", "namespace", "flux-system")
	kube.Kubectl(t, pods.ClusterRole+binding+pod("deployer-0", "n1", "app: kustomize-controller", "x:v1"), "apply", "-f", "-")
	logs, bin := renamed(t, "deployer-0"), env.Fluxtrail(t)
	for mode, want := range map[string]bool{pods.Always: true, pods.Never: false} {
		cmd := exec.Command(bin, "run", "--once", logs)
		cmd.Env = append(os.Environ(), "FLUXTRAIL_LOKI__ENABLED=false", "FLUXTRAIL_AGENT__STATE_DIR="+t.TempDir(), "NODE_NAME=n1",
			"FLUXTRAIL_KUBE__ENABLED="+mode, "FLUXTRAIL_KUBE__KUBECONFIG="+kube.Config(t, env.Agent))
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

// TestAgentLearnsOfPodsWhileItRuns starts the agent before the pod is known: its log is followed as soon as the API server tells of the pod, and
// the API tells its metadata.
func TestAgentLearnsOfPodsWhileItRuns(t *testing.T) {
	kube := env.StartKube(t)
	kube.Kubectl(t, "", "create", "namespace", "flux-system")
	kube.Kubectl(t, pods.ClusterRole+binding, "apply", "-f", "-")
	a := env.StartAgent(t, env.Fluxtrail(t), renamed(t, "deployer-0"), []string{
		"loki.enabled=false", "kube.enabled=always", "kube.node=n1", "kube.kubeconfig=" + kube.Config(t, env.Agent),
	})
	if _, targets := a.Get(t, "/api/v1/targets"); strings.Contains(targets, "deployer-0") {
		t.Fatalf("follows a log of a pod that nobody knows: %s", targets)
	}
	kube.Kubectl(t, pod("deployer-0", "n1", "app: kustomize-controller-shard1, app.kubernetes.io/part-of: flux, app.kubernetes.io/version: v2.7.0",
		"ghcr.io/fluxcd/kustomize-controller:v1.7.0"), "apply", "-f", "-")
	env.Until(t, "an incident of the new pod", func() bool { return a.Said(t, "incident opened") })
	env.Until(t, "its metadata", func() bool {
		_, targets := a.Get(t, "/api/v1/targets")
		return strings.Contains(targets, `"pod":"deployer-0","container":"manager","app":"kustomize-controller-shard1","shard":"shard1",`+
			`"image":"ghcr.io/fluxcd/kustomize-controller:v1.7.0","version":"v1.7.0","flux_version":"v2.7.0"`)
	})
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
