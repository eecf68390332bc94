package agent

import (
	"fmt"
	"io"
	"log"
	"net"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/registry"

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
initResources: {requests: {ephemeral-storage: null}, limits: {ephemeral-storage: null}}
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
	state  string            // its state directory on the node
	values string
	helm   string        // the version of Helm
	chart  string        // where the chart comes from
	took   time.Duration // what the installation took
}

// TestDaemonSet installs the chart with Helm 3 from a registry on a real node, where a pod logs all the
// time, as user 0 without capabilities; goes on with Helm 4; kills and deletes the agent's pod; upgrades to user 65532, rolls back, cuts the
// node's power and uninstalls. Loki has each line once.
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

	in.node.KillContainer(t, "fluxtrail", "app.kubernetes.io/name=fluxtrail")
	in.restarted(t)
	in.sent(t, 10_000)
	in.kube.Kubectl(t, "", "-n", "fluxtrail", "delete", "pod", "-l", "app.kubernetes.io/name=fluxtrail", "--force", "--grace-period=0")
	in.rolledOut(t)
	in.sent(t, 20_000)
	in.upgrade(t, "security.mode=nonroot", "migrate.positions="+filepath.Join(filepath.Dir(in.state), "promtail", "positions.yaml"))
	if got := in.secured(t); got != "65532 DAC_READ_SEARCH ALL" {
		t.Errorf("user, added and dropped capabilities: %s", got)
	}
	in.sent(t, 40_000)
	in.rollback(t, "1") // to user 0, who may not read what is 65532's
	if got := in.secured(t); got != "0  ALL" {
		t.Errorf("user, added and dropped capabilities: %s", got)
	}
	delivered(t, in.agent, written.total())
	in.upgrade(t, "config.log.level=debug")
	in.rollback(t, "0") // to the revision before
	exactlyOnce(t, written, held(t, l, "node", begin.Add(-time.Minute), begin.Add(10*time.Minute)))
	rebooted(t, in, l, written)
	in.upgrade(t, "security.mode=nonroot")
	incapable(t, in)
	scraped(t, in)
	uninstalled(t, in)
}

// rollback has Helm go back to a revision, 0 for the one before, and waits until its pod is ready.
func (in *installed) rollback(t *testing.T, revision string) {
	t.Helper()
	if _, err := env.Helm(t, in.kube.Config(t, env.Admin), "", "rollback", "fluxtrail", revision, "-n", "fluxtrail", "--wait", "--timeout", "90s"); err != nil {
		t.Fatal(err)
	}
	in.rolledOut(t)
}

// restarted waits until the agent's container runs again in its pod.
func (in *installed) restarted(t *testing.T) {
	t.Helper()
	env.Until(t, "the agent's container to be back", func() bool {
		ready := in.kube.Kubectl(t, "", "-n", "fluxtrail", "get", "pods", "-l", "app.kubernetes.io/name=fluxtrail", "-o",
			"jsonpath={.items[0].status.containerStatuses[0].restartCount} {.items[0].status.containerStatuses[0].ready}")
		return strings.HasSuffix(ready, "true") && !strings.HasPrefix(ready, "0")
	})
}

// rebooted cuts the node's power while two pods log. The writers' containers start anew, so the
// agent has each line that they write again once more, and none that it had sent already.
func rebooted(t *testing.T, in *installed, l *env.Loki, written lines) {
	t.Helper()
	begin, total := time.Now(), written.total()
	_, incidents := in.agent.Get(t, "/api/v1/incidents")
	in.node.Reboot(t)
	in.restarted(t)
	delivered(t, in.agent, 2*total) // counted on from the saved state
	if _, after := in.agent.Get(t, "/api/v1/incidents"); strings.Contains(incidents, `"id"`) && !strings.Contains(after, `"id"`) {
		t.Error("the incidents are gone")
	}
	for h, c := range written {
		c.n *= 2
		written[h] = c
	}
	exactlyOnce(t, written, held(t, l, "node", begin.Add(-10*time.Minute), time.Now().Add(10*time.Minute)))
}

// uninstalled takes the release away. What is left is the state on the node, as documented.
func uninstalled(t *testing.T, in *installed) {
	t.Helper()
	if _, err := env.Helm(t, in.kube.Config(t, env.Admin), "", "uninstall", "fluxtrail", "-n", "fluxtrail", "--wait", "--timeout", "90s"); err != nil {
		t.Fatal(err)
	}
	kinds := in.kube.Kubectl(t, "", "api-resources", "--verbs=list", "-o", "name")
	left := ""
	t.Cleanup(func() { t.Logf("after helm uninstall there is %q", left) })
	env.Until(t, "everything to be gone", func() bool { // what belonged to others goes a little later
		all := in.kube.Kubectl(t, "", "get", strings.Join(strings.Fields(kinds), ","), "-A", "-l", "app.kubernetes.io/part-of=fluxtrail", "-o", "name") +
			in.kube.Kubectl(t, "", "-n", "fluxtrail", "get", "secrets,pods", "-o", "name")
		left = ""
		for line := range strings.Lines(all) {
			// Warnings are of kinds that are deprecated; the ConfigMaps are what agents told each other.
			if !strings.HasPrefix(line, "Warning:") && !strings.HasPrefix(line, "configmap/fluxtrail-node-") {
				left += line
			}
		}
		return left == ""
	})
	found, err := os.ReadDir(in.state)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range found {
		names = append(names, e.Name())
	}
	t.Logf("on the node there is still %s with %s", "the state directory", strings.Join(names, ", "))
	if !slices.Contains(names, "ship.json") || slices.ContainsFunc(names, func(n string) bool { return strings.Contains(n, "bad") }) {
		t.Errorf("the state directory holds %q", names)
	}
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
	in.state = filepath.Join(t.TempDir(), "state")
	in.values = fmt.Sprintf(values, "node", l.URL, in.node.Logs, in.state, port, api)
	refused(t, in)
	begin := time.Now()
	in.helm, in.chart = "helm3", pushed(t)
	in.upgrade(t)
	in.took, in.helm = time.Since(begin), "helm"
	return in
}

// pushed is the chart in a registry on loopback.
func pushed(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(registry.New(registry.Logger(log.New(io.Discard, "", 0))))
	t.Cleanup(server.Close)
	dir, charts := t.TempDir(), "oci://"+strings.TrimPrefix(server.URL, "http://")+"/charts"
	_, err := env.Helm(t, "", "", "package", "../../deploy/chart", "--destination", dir, "--version", "9.9.9", "--app-version", "e2e")
	if err == nil {
		_, err = env.Helm(t, "", "", "push", filepath.Join(dir, "fluxtrail-9.9.9.tgz"), charts, "--plain-http")
	}
	if err != nil {
		t.Fatal(err)
	}
	return charts + "/fluxtrail"
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

// refused installs the chart into namespaces of the levels restricted and baseline. Kubernetes takes
// the DaemonSet and refuses its pods: helm --wait is what notices, and fluxtrail doctor says why.
func refused(t *testing.T, in *installed) {
	t.Helper()
	for _, level := range []string{"restricted", "baseline"} {
		namespace := "locked-" + level
		in.kube.Kubectl(t, fmt.Sprintf("apiVersion: v1\nkind: Namespace\nmetadata: {name: %s, labels: {pod-security.kubernetes.io/enforce: %s}}\n", namespace, level),
			"apply", "-f", "-")
		_, err := env.Helm(t, in.kube.Config(t, env.Admin), in.values, "install", namespace, "../../deploy/chart", "-n", namespace,
			"--values", "-", "--wait", "--timeout", "3s")
		if err == nil {
			t.Errorf("%s: helm --wait takes a DaemonSet without pods for installed", level)
		}
		doctor := exec.Command(env.Fluxtrail(t), "doctor", "--cluster", "--kubeconfig", in.kube.Config(t, env.Admin))
		said, _ := doctor.CombinedOutput() // its exit code says that something is wrong
		for _, want := range []string{"DaemonSet/" + namespace + "/", "violates PodSecurity", "hostPath", "pod-security.kubernetes.io/enforce=privileged"} {
			if doctor.ProcessState.ExitCode() != 3 || !strings.Contains(string(said), want) {
				t.Errorf("%s: doctor does not say %q:\n%s", level, want, said)
			}
		}
		if _, err := env.Helm(t, in.kube.Config(t, env.Admin), "", "uninstall", namespace, "-n", namespace); err != nil {
			t.Error(err)
		}
		if left := in.kube.Kubectl(t, "", "get", "all,cm,sa,secret,clusterrole,clusterrolebinding", "-A",
			"-l", "app.kubernetes.io/instance="+namespace, "-o", "name"); left != "" {
			t.Errorf("uninstall left %s", left)
		}
	}
}

// upgrade installs the chart, or upgrades it to other settings, and waits until its pod is ready.
func (in *installed) upgrade(t *testing.T, settings ...string) {
	t.Helper()
	args := []string{
		"upgrade", "--install", "fluxtrail", in.chart, "--version", "9.9.9", "--plain-http", "-n", "fluxtrail", "--values", "-", "--wait", "--timeout", "90s",
	}
	for _, setting := range settings {
		args = append(args, "--set", setting)
	}
	if _, err := env.HelmOf(t, in.helm, in.kube.Config(t, env.Admin), in.values, args...); err != nil {
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

// scraped has a real Prometheus scrape the pod through each of the monitors that the chart makes, as
// the Prometheus Operator and Prometheus' own discovery understand them.
func scraped(t *testing.T, in *installed) {
	t.Helper()
	for _, monitor := range []string{"podMonitor", "serviceMonitor"} {
		text, err := env.Helm(t, "", in.values, "template", "fluxtrail", "../../deploy/chart", "-n", "fluxtrail", "--values", "-",
			"--set", monitor+".create=true", "--show-only", "templates/monitors.yaml")
		if err != nil {
			t.Fatal(err)
		}
		p := in.kube.Monitoring(t, text)
		env.Until(t, "the pod's metrics through "+monitor, func() bool {
			got := p.Query(t, "fluxtrail_build_info", time.Now())
			return len(got) == 1 && got[0].Metric["node"] == in.node.Name && got[0].Metric["cluster"] == "node" && got[0].Metric["namespace"] == "fluxtrail"
		})
	}
}
