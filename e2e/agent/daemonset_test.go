package agent

import (
	"encoding/json"
	"fmt"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sigs.k8s.io/yaml"

	"fluxtrail/e2e/env"
)

// values are for a node without a network of its own for pods, and a kubelet that keeps logs in a
// directory of the test.
const values = `
image: {repository: localhost/fluxtrail, tag: e2e, pullPolicy: Never}
clusterName: %[1]s
loki: {url: %[2]s}
logs: {path: %[3]s}
state: {path: %[4]s}
hostNetwork: true
port: %[5]d
resources: {requests: {ephemeral-storage: null}, limits: {ephemeral-storage: null}}
extraEnv:
  - {name: KUBERNETES_SERVICE_HOST, value: 127.0.0.1}
  - {name: KUBERNETES_SERVICE_PORT, value: "%[6]s"}
readinessProbe: {httpGet: {path: /healthz, port: http}, periodSeconds: 1}
terminationGracePeriodSeconds: 15
`

// installed is a cluster of one node with the chart on it.
type installed struct {
	kube   *env.Kube
	node   *env.Node
	agent  *env.AgentProcess // the one in the pod: only what asks it over HTTP works
	values string
	took   time.Duration // what the installation took
}

// TestDaemonSet installs the chart on a real node, where a pod logs all the time, as user 0 without
// capabilities; deletes the agent's pod; upgrades to user 65532 and back. Loki has each line once.
func TestDaemonSet(t *testing.T) {
	l := env.StartLoki(t, env.Generous...)
	in, begin := install(t, l), time.Now()
	if got := in.secured(t); got != "0  ALL" {
		t.Errorf("user, added and dropped capabilities: %s", got)
	}
	path, written := nodeLines(t, sized(60_000, 240_000))
	in.node.Image(t, "writer", map[string]string{"/writer": env.Go(t, "./image/writer"), "/lines": path}, "/writer")
	in.kube.Kubectl(t, fmt.Sprintf(pod, in.node.Name), "apply", "-f", "-")
	in.sent(t, 1000)
	env.Until(t, "the first incident", func() bool {
		_, incidents := in.agent.Get(t, "/api/v1/incidents")
		return strings.Contains(incidents, `"evidence"`)
	})
	t.Logf("from helm install to the first incident: %v", (in.took + time.Since(begin)).Round(time.Second))

	in.kube.Kubectl(t, "", "-n", "fluxtrail", "delete", "pod", "-l", "app.kubernetes.io/name=fluxtrail", "--force", "--grace-period=0")
	in.rolledOut(t)
	in.sent(t, 20_000)
	in.upgrade(t, "security.mode=nonroot")
	if got := in.secured(t); got != "65532 DAC_READ_SEARCH ALL" {
		t.Errorf("user, added and dropped capabilities: %s", got)
	}
	in.sent(t, 40_000)
	in.upgrade(t, "security.mode=root", "state.init=always")
	delivered(t, in.agent, written.total())
	exactlyOnce(t, written, held(t, l, "node", begin.Add(-time.Minute), begin.Add(10*time.Minute)))
	scraped(t, in)
	in.upgrade(t, "security.mode=nonroot")
	incapable(t, in)
}

// incapable takes the capability off the pod. It starts all the same, and says what is missing.
func incapable(t *testing.T, in *installed) {
	t.Helper()
	in.kube.Kubectl(t, "", "-n", "fluxtrail", "patch", "daemonset", "fluxtrail", "--type=json", "-p",
		`[{"op": "remove", "path": "/spec/template/spec/containers/0/securityContext/capabilities/add"}]`)
	in.rolledOut(t)
	env.Until(t, "the agent to name the setting", func() bool {
		_, status := in.agent.Get(t, "/api/v1/status")
		return strings.Contains(status, "permission denied") && strings.Contains(status, "DAC_READ_SEARCH in securityContext.capabilities.add")
	})
}

// install makes the cluster, and waits until the chart's pod is ready there.
func install(t *testing.T, l *env.Loki) *installed {
	t.Helper()
	in := &installed{kube: env.StartCluster(t)}
	in.node = env.StartNode(t, in.kube)
	in.node.Import(t, env.ImageArchive(t, "localhost/fluxtrail:e2e"))
	in.kube.Kubectl(t, "", "create", "namespace", "flux-system")
	in.kube.Kubectl(t, "apiVersion: v1\nkind: Namespace\nmetadata: {name: fluxtrail, labels: {pod-security.kubernetes.io/enforce: privileged}}\n",
		"apply", "-f", "-")
	port := freePort(t)
	in.agent = &env.AgentProcess{URL: fmt.Sprintf("http://127.0.0.1:%d", port)}
	api := in.kube.URL[strings.LastIndexByte(in.kube.URL, ':')+1:]
	in.values = fmt.Sprintf(values, "node", l.URL, in.node.Logs, filepath.Join(t.TempDir(), "state"), port, api)
	refused(t, in)
	begin := time.Now()
	in.upgrade(t)
	in.took = time.Since(begin)
	return in
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", ":0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// refused installs the chart into a namespace of the level restricted. Kubernetes takes the
// DaemonSet and refuses its pods: helm --wait is what notices.
func refused(t *testing.T, in *installed) {
	t.Helper()
	in.kube.Kubectl(t, "apiVersion: v1\nkind: Namespace\nmetadata: {name: locked, labels: {pod-security.kubernetes.io/enforce: restricted}}\n",
		"apply", "-f", "-")
	_, err := env.Helm(t, in.kube.Config(t, env.Admin), in.values, "install", "locked", "../../deploy/chart", "-n", "locked",
		"--values", "-", "--wait", "--timeout", "5s")
	if err == nil {
		t.Error("helm --wait takes a DaemonSet without pods for installed")
	}
	events := in.kube.Kubectl(t, "", "-n", "locked", "get", "events", "-o", "jsonpath={.items[*].message}")
	if !strings.Contains(events, "violates PodSecurity") || !strings.Contains(events, `use restricted volume type "hostPath"`) {
		t.Errorf("events: %s", events)
	}
	if _, err := env.Helm(t, in.kube.Config(t, env.Admin), "", "uninstall", "locked", "-n", "locked"); err != nil {
		t.Error(err)
	}
	if left := in.kube.Kubectl(t, "", "get", "all,cm,sa,secret,clusterrole,clusterrolebinding", "-A",
		"-l", "app.kubernetes.io/instance=locked", "-o", "name"); left != "" {
		t.Errorf("uninstall left %s", left)
	}
}

// upgrade installs the chart, or upgrades it to other settings, and waits until its pod is ready.
func (in *installed) upgrade(t *testing.T, settings ...string) {
	t.Helper()
	args := []string{"upgrade", "--install", "fluxtrail", "../../deploy/chart", "-n", "fluxtrail", "--values", "-", "--wait", "--timeout", "90s"}
	for _, setting := range settings {
		args = append(args, "--set", setting)
	}
	if _, err := env.Helm(t, in.kube.Config(t, env.Admin), in.values, args...); err != nil {
		t.Fatalf("%v\n%s", err, in.kube.Kubectl(t, "", "-n", "fluxtrail", "describe", "pods"))
	}
	in.rolledOut(t)
}

// rolledOut waits until the one pod of the newest template answers.
func (in *installed) rolledOut(t *testing.T) {
	t.Helper()
	in.kube.Kubectl(t, "", "-n", "fluxtrail", "rollout", "status", "daemonset/fluxtrail", "--timeout=90s")
}

// sent waits until the agent has shipped that many lines.
func (in *installed) sent(t *testing.T, lines float64) {
	t.Helper()
	env.Until(t, fmt.Sprintf("%v lines to be shipped", lines), func() bool {
		return in.agent.Sum(t, "fluxtrail_sent_lines_total", shipLane) >= lines
	})
}

// secured is what the pod runs as: its user, the capabilities that are added, and those dropped.
func (in *installed) secured(t *testing.T) string {
	t.Helper()
	return in.kube.Kubectl(t, "", "-n", "fluxtrail", "get", "pods", "-l", "app.kubernetes.io/name=fluxtrail", "-o",
		"jsonpath={.items[0].spec.securityContext.runAsUser} {.items[0].spec.containers[0].securityContext.capabilities.add[*]} "+
			"{.items[0].spec.containers[0].securityContext.capabilities.drop[*]}")
}

// scraped has a real Prometheus scrape the pod, with the relabelings of the monitor that
// the chart makes.
func scraped(t *testing.T, in *installed) {
	t.Helper()
	text, err := env.Helm(t, "", in.values, "template", "fluxtrail", "../../deploy/chart", "-n", "fluxtrail", "--values", "-",
		"--set", "podMonitor.create=true", "--show-only", "templates/monitors.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var monitor struct {
		Spec struct {
			PodMetricsEndpoints []struct {
				Port, Path  string
				Relabelings []map[string]any
			}
		}
	}
	if err := yaml.Unmarshal([]byte(text), &monitor); err != nil || len(monitor.Spec.PodMetricsEndpoints) != 1 {
		t.Fatalf("%v in %s", err, text)
	}
	endpoint := monitor.Spec.PodMetricsEndpoints[0]
	var relabel []map[string]any
	for _, r := range endpoint.Relabelings { // the Prometheus Operator spells them so
		rule := map[string]any{}
		for key, value := range r {
			rule[map[string]string{"sourceLabels": "source_labels", "targetLabel": "target_label"}[key]+
				map[string]string{"action": "action", "regex": "regex", "replacement": "replacement"}[key]] = value
		}
		relabel = append(relabel, rule)
	}
	found := strings.Fields(in.kube.Kubectl(t, "", "-n", "fluxtrail", "get", "pods", "-o",
		"jsonpath={.items[*].status.podIP} {.items[*].status.phase} {.items[*].spec.nodeName} {.items[*].spec.containers[0].ports[0].name}"))
	_, port, _ := net.SplitHostPort(strings.TrimPrefix(in.agent.URL, "http://"))
	if len(found) != 4 || found[3] != endpoint.Port {
		t.Fatalf("pods: %q, port of the monitor: %s", found, endpoint.Port)
	}
	// Debian's Prometheus cannot ask the API server: it is told what it would have been told.
	config, err := json.Marshal(map[string]any{"scrape_configs": []any{map[string]any{
		"job_name": "fluxtrail", "scrape_interval": "500ms", "scrape_timeout": "500ms", "metrics_path": endpoint.Path,
		"relabel_configs": relabel,
		"static_configs": []any{map[string]any{"targets": []string{net.JoinHostPort(found[0], port)}, "labels": map[string]string{
			"__meta_kubernetes_pod_phase": found[1], "__meta_kubernetes_pod_node_name": found[2],
		}}},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	p := env.StartPrometheus(t, string(config))
	env.Until(t, "the pod's metrics", func() bool {
		got := p.Query(t, "fluxtrail_build_info", time.Now())
		return len(got) == 1 && got[0].Metric["node"] == in.node.Name && got[0].Metric["cluster"] == "node"
	})
}
