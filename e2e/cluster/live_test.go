package cluster

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tidwall/gjson"

	"fluxtrail/e2e/env"
)

const live = `---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: unlogged, namespace: flux-system}
spec: {interval: 10m}
status: {conditions: [{type: Ready, status: "False", reason: BuildFailed, message: no such file, lastTransitionTime: "2026-11-20T10:00:00Z"}]}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: sharded, namespace: flux-system, labels: {sharding.fluxcd.io/key: shard1}}
status: {conditions: [{type: Ready, status: "False", reason: BuildFailed, message: no such file, lastTransitionTime: "2026-11-20T10:00:00Z"}]}
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: elsewhere, namespace: flux-system}
status: {conditions: [{type: Ready, status: "False", reason: InstallFailed, message: no, lastTransitionTime: "2026-11-20T10:00:00Z"}]}
`

// agentRights are those of the manifests for the agent.
func agentRights(t *testing.T) string {
	t.Helper()
	all := ""
	for name, file := range map[string]string{"fluxtrail": "clusterrole.yaml", "fluxtrail-conditions": "clusterrole-conditions.yaml"} {
		role, err := os.ReadFile(filepath.Join("../../deploy/base", file))
		if err != nil {
			t.Fatal(err)
		}
		all += "---\n" + string(role) + "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: " + name +
			"}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: " + name +
			"}\nsubjects: [{kind: ServiceAccount, name: fluxtrail, namespace: flux-system}]\n"
	}
	return all
}

// TestAgentObserves has the agent read the log of kustomize-controller beside an API server: it
// tells of that controller's objects what their conditions say, also over a restart without the
// server, and of no others.
func TestAgentObserves(t *testing.T) {
	api := env.StartKube(t)
	api.Kubectl(t, "", "create", "namespace", "flux-system")
	api.Kubectl(t, definitions(), "apply", "-f", "-")
	api.Kubectl(t, "", "wait", "--for=condition=Established", "crd", "--all")
	api.Kubectl(t, live+agentRights(t), "apply", "-f", "-")
	tree := t.TempDir()
	found, err := filepath.Glob("../../fixtures/demo/pods/flux-system_kustomize-controller-*")
	if err != nil || len(found) != 1 {
		t.Fatal(found, err)
	}
	if err := os.CopyFS(filepath.Join(tree, filepath.Base(found[0])), os.DirFS(found[0])); err != nil {
		t.Fatal(err)
	}
	a := env.StartAgent(t, env.Fluxtrail(t), tree, []string{
		"loki.enabled=false", "kube.enabled=always", "kube.node=n1", "kube.kubeconfig=" + api.Config(t, env.Agent), "agent.checkpoint_every=100ms",
	})
	verdict := func(name string) string {
		_, text := a.Get(t, "/api/v1/objects")
		for _, o := range gjson.Get(text, "objects").Array() {
			if o.Get("name").String() == name {
				return o.Get("verdict").String() + " " + o.Get("condition.source").String()
			}
		}
		return ""
	}
	env.Until(t, "a condition", func() bool { return verdict("unlogged") == "condition-only kube" })
	patch := strings.ReplaceAll(`{"status":{"conditions":[{"type":"Ready","status":"True","reason":"OK","message":"","lastTransitionTime":"T"}]}}`,
		"T\"}", "2026-11-20T10:10:00Z\"}")
	api.Kubectl(t, "", "-n", "flux-system", "patch", "kustomization", "unlogged", "--type=merge", "-p", patch)
	env.Until(t, "its change", func() bool { return !strings.HasPrefix(verdict("unlogged"), "condition-only") })
	after := verdict("unlogged")
	if verdict("sharded")+verdict("elsewhere") != "" {
		t.Error("tells of objects whose controllers are elsewhere")
	}
	a.Stop(t)
	api.Kill()
	a.Start(t)
	env.Until(t, "the state", func() bool { return verdict("unlogged") != "" })
	if got := verdict("unlogged"); got != after {
		t.Errorf("after a restart %q, before %q", got, after)
	}
}
