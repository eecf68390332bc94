package alerts

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"fluxtrail/e2e/env"
)

// cluster is a real API server and a real Alertmanager that notifies a webhook.
type cluster struct {
	kube *env.Kube
	am   *env.Alertmanager
	hook *notified
	bin  string // the program
	also *others
	url  string // of also
}

// others are a Grafana and a receiver of events that keep what they are told.
type others struct {
	mu     sync.Mutex
	marks  []map[string]any
	events []string
}

func (o *others) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	o.mu.Lock()
	defer o.mu.Unlock()
	body := map[string]any{}
	_ = json.NewDecoder(r.Body).Decode(&body)
	var answer any = map[string]any{}
	switch {
	case r.URL.Path == "/events":
		about, _ := body["involvedObject"].(map[string]any)
		o.events = append(o.events, fmt.Sprint(body["severity"], " ", about["name"]))
		w.WriteHeader(http.StatusAccepted)
		return
	case r.Method == http.MethodGet:
		found := []map[string]any{}
		for _, m := range o.marks {
			if strings.Contains(fmt.Sprint(m["tags"]), r.URL.Query().Get("tags")) {
				found = append(found, m)
			}
		}
		answer = found
	case r.Method == http.MethodPost:
		body["id"] = len(o.marks) + 1
		o.marks = append(o.marks, body)
		answer = body
	case r.Method == http.MethodPatch:
		var id int
		_, _ = fmt.Sscanf(r.URL.Path, "/api/annotations/%d", &id)
		o.marks[id-1]["timeEnd"] = body["timeEnd"]
	}
	_ = json.NewEncoder(w).Encode(answer)
}

// once holds that each incident has one mark with an end, and one event for each of its steps.
func (o *others) once(t *testing.T) {
	t.Helper()
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.marks) != 2 || o.marks[0]["timeEnd"] == nil || o.marks[1]["timeEnd"] == nil {
		t.Errorf("marks: %v", o.marks)
	}
	slices.Sort(o.events)
	if want := []string{"error infra", "error moves", "info infra", "info moves"}; !slices.Equal(o.events, want) {
		t.Errorf("events: %q, want %q", o.events, want)
	}
}

func newCluster(t *testing.T) *cluster {
	t.Helper()
	c := &cluster{bin: env.Fluxtrail(t), kube: env.StartKube(t), hook: &notified{}, also: &others{}}
	also := httptest.NewServer(c.also)
	t.Cleanup(also.Close)
	c.url = also.URL
	server := httptest.NewServer(c.hook)
	t.Cleanup(server.Close)
	c.am = env.StartAlertmanager(t, "route: {receiver: hook, group_by: [alertname, cluster, name], group_wait: 1s, group_interval: 1s, repeat_interval: 1h}\n"+
		"receivers:\n- name: hook\n  webhook_configs: [{url: '"+server.URL+"', send_resolved: true}]\n")
	c.kube.Kubectl(t, "", "create", "namespace", "flux-system")
	role, err := os.ReadFile("../../deploy/base/role-leader.yaml")
	if err != nil {
		t.Fatal(err)
	}
	pods, err := os.ReadFile("../../deploy/base/clusterrole.yaml")
	if err != nil {
		t.Fatal(err)
	}
	c.kube.Kubectl(t, string(role)+`---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: fluxtrail-leader}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: fluxtrail-leader}
subjects: [{kind: ServiceAccount, name: fluxtrail, namespace: flux-system}]
`, "-n", "flux-system", "apply", "-f", "-")
	c.kube.Kubectl(t, string(pods)+`---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: fluxtrail}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: fluxtrail}
subjects: [{kind: ServiceAccount, name: fluxtrail, namespace: flux-system}]
`, "apply", "-f", "-")
	return c
}

// node is a node with the logs of its pods and an agent.
type node struct {
	*env.AgentProcess
	name, pods string
}

func (c *cluster) node(t *testing.T, name string, settings ...string) *node {
	t.Helper()
	n := &node{name: name, pods: t.TempDir()}
	n.AgentProcess = env.StartAgent(t, c.bin, n.pods, append([]string{
		"loki.enabled=false", "agent.cluster=prod", "incidents.keep=2s", "alertmanager.resend=2s", "leader.lease=3s",
		"leader.namespace=flux-system", `alertmanager.urls=["` + c.am.URL + `"]`, "grafana.url=" + c.url, "webhook.url=" + c.url + "/events", "conditions.kube.enabled=false",
		"kube.enabled=always", "kube.node=" + name, "kube.kubeconfig=" + c.kube.Config(t, env.Agent),
	}, settings...))
	return n
}

// controller begins the log of a controller's pod on the node, and is where its lines go.
func (n *node) controller(t *testing.T, pod string, lines ...string) {
	t.Helper()
	dir := filepath.Join(n.pods, "flux-system_"+pod+"_0a1b2c3d-0000-4000-8000-000000000001", "manager")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(filepath.Join(dir, "0.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, l := range lines {
		if _, err := f.WriteString(l); err != nil {
			t.Fatal(err)
		}
	}
}

// gone deletes the log of a pod, as the kubelet does with the pod.
func (n *node) gone(t *testing.T, pod string) {
	t.Helper()
	dirs, err := filepath.Glob(filepath.Join(n.pods, "flux-system_"+pod+"_*"))
	if err != nil || len(dirs) != 1 {
		t.Fatal(dirs, err)
	}
	if err := os.RemoveAll(dirs[0]); err != nil {
		t.Fatal(err)
	}
}

// incident is the agent's incident of an object: ID and state, "" for none.
func (n *node) incident(t *testing.T, name string) (id, state string) {
	t.Helper()
	var answer struct {
		Incidents []struct{ ID, Name, State string }
	}
	status, text := n.Get(t, "/api/v1/incidents")
	if status != 200 {
		return "", ""
	}
	if err := json.Unmarshal([]byte(text), &answer); err != nil {
		t.Fatal(err)
	}
	for _, i := range answer.Incidents {
		if i.Name == name {
			id, state = i.ID, i.State
		}
	}
	return id, state
}

// leads reports whether the agent tells of all nodes.
func (n *node) leads(t *testing.T) bool {
	t.Helper()
	_, text := n.Get(t, "/api/v1/status")
	return strings.Contains(text, `"standing":"leads"`)
}

const broken = "kustomize build failed: accumulating resources"

// TestTakeover has two agents of one cluster: one leads, and is killed, while an object of the other
// one's node fails, recovers, and moves with its controller. Alertmanager notifies once of each.
func TestTakeover(t *testing.T) {
	c := newCluster(t)
	a := c.node(t, "n1", "conditions.scrape.enabled=true", "conditions.scrape.every=1s")
	env.Until(t, "n1 to lead", func() bool { return a.leads(t) })
	b := c.node(t, "n2")
	b.controller(t, "kustomize-controller-6f-abcde", line("infra", broken, 20*time.Minute), line("infra", broken, 11*time.Minute),
		line("moves", broken, 19*time.Minute), line("moves", broken, 12*time.Minute))
	firing := func(name string) string { return "firing FluxReconciliationFailing Kustomization/apps/" + name }
	resolved := func(name string) string { return "resolved FluxReconciliationFailing Kustomization/apps/" + name }
	c.told(t, "both", firing("infra"), firing("moves"))

	env.Until(t, "n1 to have written down what it posted", func() bool { return c.wrote(t, "n1", " fires") == 2 })
	a.Kill() // it led; what ends meanwhile is told by the other one
	b.controller(t, "kustomize-controller-6f-abcde", line("infra", "", time.Second))
	env.Until(t, "n2 to lead", func() bool { return b.leads(t) })
	c.told(t, "the end after a takeover", firing("infra"), firing("moves"), resolved("infra"))

	// The controller moves to n1, whose agent comes back and does not lead.
	id, _ := b.incident(t, "moves")
	b.gone(t, "kustomize-controller-6f-abcde")
	a.Start(t)
	a.controller(t, "kustomize-controller-6f-fghij", line("moves", broken, 0))
	env.Until(t, "the incident to go on at n1", func() bool { now, state := a.incident(t, "moves"); return now == id && state == "firing" })
	env.Until(t, "n2 to let go of it", func() bool { _, state := b.incident(t, "moves"); return state == "handed_over" })
	if !b.Said(t, `"msg":"incident handed_over"`) {
		t.Error("n2 did not print that the incident was handed over")
	}
	env.Until(t, "n2 to have written down what it posted", func() bool { return c.wrote(t, "n2", " ends") == 1 })
	b.Kill() // n1 takes over, and tells of the end
	a.controller(t, "kustomize-controller-6f-fghij", line("moves", "", 0))
	env.Until(t, "n1 to lead", func() bool { return a.leads(t) })
	want := []string{firing("infra"), firing("moves"), resolved("infra"), resolved("moves")}
	c.told(t, "the end after it moved", want...)
	b.Start(t)
	begin := time.Now()
	env.Until(t, "a while", func() bool { return time.Since(begin) > 5*time.Second })
	c.told(t, "nothing more", want...)
	if got := c.am.Alerts(t); len(got) != 0 {
		t.Errorf("still there: %+v", got)
	}
	c.also.once(t)
	a.readsMetrics(t, c)
	if holder := c.kube.Kubectl(t, "", "-n", "flux-system", "get", "lease", "fluxtrail", "-o", "jsonpath={.spec.holderIdentity}"); holder != "n1" {
		t.Errorf("the Lease is of %s", holder)
	}
}

// readsMetrics has the agent find a controller's pod by the API server, ask it for its metrics, and
// tell of an object that no line is about.
func (n *node) readsMetrics(t *testing.T, c *cluster) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("# TYPE gotk_reconcile_condition gauge\n" +
			`gotk_reconcile_condition{kind="Kustomization",name="unlogged",namespace="apps",status="False",type="Ready"} 1` + "\n"))
	}))
	t.Cleanup(server.Close)
	_, port, _ := strings.Cut(strings.TrimPrefix(server.URL, "http://"), ":")
	c.kube.Kubectl(t, `apiVersion: v1
kind: Pod
metadata: {name: kustomize-controller-6f-fghij, namespace: flux-system, labels: {app: kustomize-controller}}
spec: {nodeName: n1, containers: [{name: manager, image: x, ports: [{name: http-prom, containerPort: `+port+`}]}]}
`, "apply", "-f", "-")
	c.kube.Kubectl(t, "", "-n", "flux-system", "patch", "pod", "kustomize-controller-6f-fghij", "--subresource=status", "--type=merge",
		"-p", `{"status":{"phase":"Running","podIP":"127.0.0.1","podIPs":[{"ip":"127.0.0.1"}]}}`)
	env.Until(t, "the object of the metrics", func() bool {
		_, text := n.Get(t, "/api/v1/objects?name=unlogged")
		return strings.Contains(text, `"source":"metrics of kustomize-controller:`) && strings.Contains(text, `"verdict":"condition-only"`)
	})
}

// wrote is how often a text stands in what a node's agent wrote down for the others.
func (c *cluster) wrote(t *testing.T, node, text string) int {
	t.Helper()
	out := c.kube.Kubectl(t, "", "-n", "flux-system", "get", "configmap", "fluxtrail-node-"+node, "--ignore-not-found",
		"-o", `jsonpath={.binaryData.state\.json\.gz}`)
	packed, err := base64.StdEncoding.DecodeString(out)
	if err != nil || len(packed) == 0 {
		return 0
	}
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Count(string(body), text)
}

// told waits until exactly these notifications were sent, in whatever order.
func (c *cluster) told(t *testing.T, what string, want ...string) {
	t.Helper()
	count := func(all []string) map[string]int {
		n := map[string]int{}
		for _, s := range all {
			n[s]++
		}
		return n
	}
	env.Until(t, what, func() bool { return len(strings.Split(c.hook.String(), "\n")) >= len(want) && c.hook.String() != "" })
	got := strings.Split(c.hook.String(), "\n")
	if fmt.Sprint(count(got)) != fmt.Sprint(count(want)) {
		t.Fatalf("%s: notified of\n%s\nwant\n%s", what, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
