package doctor

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fluxtrail/api"
)

// agent is the DaemonSet of the chart as far as it is looked at, with $POD in its pod's spec and
// $MAIN in its container.
const agentSet = `apiVersion: apps/v1
kind: DaemonSet
metadata: {name: fluxtrail, namespace: fluxtrail, labels: {app.kubernetes.io/name: fluxtrail, app.kubernetes.io/part-of: $PART}}
spec:
  updateStrategy: {rollingUpdate: {maxSurge: $SURGE}}
  template:
    metadata: {labels: {app.kubernetes.io/name: fluxtrail}}
    spec:
      $POD
      containers:
      - name: fluxtrail
        ports: [{name: http, containerPort: 8080}]
        volumeMounts: [{name: state, mountPath: /var/lib/fluxtrail}]
        $MAIN
`

// manifest fills in what is not given.
func manifest(values ...string) string {
	all := append(values, "$PART", "fluxtrail", "$SURGE", "0", "$POD", runsAs("runAsUser: 0", hostState), "$MAIN", "image: x")
	return strings.NewReplacer(all...).Replace(agentSet)
}

const (
	hostState = "hostPath: {path: /x}"
	emptyDir  = "emptyDir: {}"
)

// runsAs is a part of a pod's spec.
func runsAs(user, state string, more ...string) string {
	parts := append(more, "securityContext: {"+user+"}", "volumes: [{name: state, "+state+"}]")
	return strings.Join(parts, "\n      ")
}

const (
	controllers = `---
apiVersion: v1
kind: PodList
items:
- {apiVersion: v1, kind: Pod, metadata: {name: source-controller-1, namespace: flux-system, labels: {app: source-controller}},
  spec: {containers: [{name: manager, ports: [{name: http, containerPort: 9090}, {name: http-prom, containerPort: 8080}]}]}}
- {apiVersion: v1, kind: Pod, metadata: {name: kustomize-controller-1, namespace: flux-system, labels: {app: kustomize-controller}},
  spec: {containers: [{name: manager, ports: [{name: http-prom, containerPort: 8080}]}]}}
---
apiVersion: v1
kind: Service
metadata: {name: source-controller, namespace: flux-system, labels: {app.kubernetes.io/part-of: flux}}
spec: {selector: {app: source-controller}, ports: [{name: http, port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: webhook-receiver, namespace: flux-system, labels: {app.kubernetes.io/part-of: flux}}
spec: {selector: {app: source-controller}, ports: [{name: http, port: 80}]}
---
`
	podMonitor     = "apiVersion: monitoring.coreos.com/v1\nkind: PodMonitor\nmetadata: {name: flux, namespace: flux-system}\nspec:\n  selector: {matchExpressions: [{key: app, operator: In, values: [source-controller, kustomize-controller]}]}\n  podMetricsEndpoints: [{port: http-prom"
	serviceMonitor = "apiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\nmetadata: {name: flux-services, namespace: flux-system}\nspec:\n  selector: {matchLabels: {app.kubernetes.io/part-of: flux}}\n  endpoints: [{"
)

// TestFaults puts each fault that manifests or a dump can show into files, and demands the finding.
func TestFaults(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text, check, severity, object string
		words                         []string
	}{
		"cannot read": {manifest("$POD", runsAs("runAsUser: 65532", emptyDir)), "settings", Error, "DaemonSet/fluxtrail/fluxtrail",
			[]string{"user 65532, who may not read logs", "DAC_READ_SEARCH"}},
		"state of root's": {manifest("$POD", runsAs("runAsUser: 65532", hostState),
			"$MAIN", "securityContext: {capabilities: {add: [DAC_READ_SEARCH]}}"), "settings", Error, "DaemonSet/fluxtrail/fluxtrail", []string{"cannot write there"}},
		"state is forgotten": {manifest("$POD", runsAs("runAsUser: 0", emptyDir)), "settings", Warning, "DaemonSet/fluxtrail/fluxtrail",
			[]string{"each upgrade forgets"}},
		"surge":         {manifest("$SURGE", "1"), "settings", Error, "DaemonSet/fluxtrail/fluxtrail", []string{"maxSurge 1"}},
		"surge percent": {manifest("$SURGE", "25%"), "settings", Error, "DaemonSet/fluxtrail/fluxtrail", []string{"maxSurge 25%"}},
		"readiness":     {manifest("$MAIN", "readinessProbe: {httpGet: {path: /readyz}}"), "settings", Warning, "DaemonSet/fluxtrail/fluxtrail", []string{"stops every rollout"}},
		"root and not":  {manifest("$MAIN", "securityContext: {runAsNonRoot: true}"), "settings", Error, "DaemonSet/fluxtrail/fluxtrail", []string{"refuses to start"}},
		"part of flux":  {manifest("$PART", "flux"), "settings", Error, "DaemonSet/fluxtrail/fluxtrail", []string{"flux uninstall deletes it"}},
		"cpu":           {manifest("$MAIN", "resources: {limits: {cpu: 1}}"), "settings", Warning, "DaemonSet/fluxtrail/fluxtrail", []string{"throttling"}},
		"memory":        {manifest("$MAIN", "resources: {limits: {memory: 32Mi}}"), "settings", Warning, "DaemonSet/fluxtrail/fluxtrail", []string{"32Mi"}},
		"level": {manifest() + "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: fluxtrail, labels: {pod-security.kubernetes.io/enforce: baseline}}\n",
			"settings", Error, "DaemonSet/fluxtrail/fluxtrail", []string{"the level baseline", "enforce=privileged"}},
		"password": {manifest() + "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, namespace: fluxtrail, labels: {app.kubernetes.io/name: fluxtrail}}\ndata:\n  config.yaml: |\n    loki: {http: {basic: {password: hunter2}}}\n",
			"settings", Error, "ConfigMap/fluxtrail/c", []string{"a password in clear"}},
		"port of a pod":     {controllers + strings.Replace(podMonitor, "http-prom", "metrics", 1) + "}]\n", "scrapes", Error, "PodMonitor/flux-system/flux", []string{"the port metrics", "http-prom"}},
		"port of a Service": {controllers + serviceMonitor + "port: http-prom}]\n", "scrapes", Error, "ServiceMonitor/flux-system/flux-services", []string{"Service/flux-system/source-controller does not have: it has http", "targetPort"}},
		"label of 2.7": {controllers + strings.Replace(podMonitor, "{matchExpressions: [{key: app, operator: In, values: [source-controller, kustomize-controller]}]}", "{matchLabels: {app.kubernetes.io/part-of: flux}}", 1) + "}]\n",
			"scrapes", Error, "PodMonitor/flux-system/flux", []string{"selects nothing", "before Flux 2.7"}},
		"another namespace": {controllers + strings.Replace(podMonitor, "namespace: flux-system", "namespace: monitoring", 1) + "}]\n", "scrapes", Error, "PodMonitor/monitoring/flux", []string{"selects nothing"}},
		"two Services":      {controllers + serviceMonitor + "targetPort: http-prom}]\n", "scrapes", Error, "Pod/flux-system/source-controller-1", []string{"several times", "webhook-receiver"}},
		"the pair":          {controllers + podMonitor + "}]\n---\n" + serviceMonitor + "targetPort: 8080, relabelings: [{sourceLabels: [__meta_kubernetes_service_name], action: drop, regex: webhook-receiver}]}]\n", "scrapes", Error, "Pod/flux-system/source-controller-1", []string{"PodMonitor/flux-system/flux, ServiceMonitor"}},
		"forgotten":         {controllers + strings.Replace(podMonitor, ", kustomize-controller]", "]", 1) + "}]\n", "scrapes", Warning, "Pod/flux-system/kustomize-controller-1", []string{"no monitor scrapes it"}},
		"label controller":  {controllers + podMonitor + ", relabelings: [{targetLabel: controller, replacement: x}]}]\n", "scrapes", Error, "PodMonitor/flux-system/flux", []string{"exported_controller"}},
		"filter":            {controllers + podMonitor + ", metricRelabelings: [{sourceLabels: [__name__], action: keep, regex: 'gotk_.*|controller_runtime_.*|workqueue_.*'}]}]\n", "scrapes", Warning, "PodMonitor/flux-system/flux", []string{"go_goroutines", "process_resident_memory_bytes"}},
		"timeout":           {controllers + podMonitor + ", interval: 30s, scrapeTimeout: 1m}]\n", "scrapes", Error, "PodMonitor/flux-system/flux", []string{"leaves it out"}},
		"not selected": {controllers + podMonitor + "}]\n---\napiVersion: monitoring.coreos.com/v1\nkind: Prometheus\nmetadata: {name: k8s, namespace: monitoring}\nspec: {podMonitorSelector: {matchLabels: {release: kps}}, podMonitorNamespaceSelector: {}}\n",
			"monitors", Error, "PodMonitor/flux-system/flux", []string{"release=kps"}},
		"no YAML": {"a: {b\n---\n" + manifest(), "files", Warning, "", []string{"document 1"}},
		"a list":  {"[1, 2]\n---\n" + manifest("$SURGE", "1"), "files", Warning, "", []string{"document 1 is no object"}},
		"annotation and monitor": {strings.Replace(manifest(), "metadata: {labels: {app.kubernetes.io/name: fluxtrail}}", "metadata: {labels: {app.kubernetes.io/name: fluxtrail}, annotations: {prometheus.io/scrape: 'true'}}", 1) +
			"---\napiVersion: monitoring.coreos.com/v1\nkind: PodMonitor\nmetadata: {name: fluxtrail, namespace: fluxtrail}\nspec: {selector: {matchLabels: {app.kubernetes.io/name: fluxtrail}}, podMetricsEndpoints: [{port: http}]}\n",
			"scrapes", Warning, "Pod/fluxtrail/fluxtrail-…", []string{"prometheus.io/scrape too"}},
		"refused": {manifest() + "status: {desiredNumberScheduled: 3, currentNumberScheduled: 0}\n---\napiVersion: v1\nkind: EventList\nitems:\n- {apiVersion: v1, kind: Event, metadata: {name: e, namespace: fluxtrail}, involvedObject: {kind: DaemonSet, name: fluxtrail}, reason: FailedCreate, message: 'pods is forbidden: violates PodSecurity', lastTimestamp: '2026-11-20T10:00:00Z'}\n",
			"daemonset", Error, "DaemonSet/fluxtrail/fluxtrail", []string{"pods on 0 of 3 nodes", "violates PodSecurity"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			found := inFiles(t, c.text)
			for _, f := range found {
				all := f.Check == c.check && f.Severity == c.severity && f.Object == c.object
				for _, w := range c.words {
					all = all && strings.Contains(f.Text+" "+f.Remedy, w)
				}
				if all {
					return
				}
			}
			t.Errorf("no %s of %s about %s with %q in %+v", c.severity, c.check, c.object, c.words, found)
		})
	}
}

// TestRefusals has each way in which a cluster refuses the pods of a DaemonSet, and demands the
// remedy that fits.
func TestRefusals(t *testing.T) {
	t.Parallel()
	for message, remedy := range map[string]string{
		`pods "fluxtrail-x" is forbidden: violates PodSecurity "restricted:latest": hostPath volumes`:                                "enforce=privileged",
		`pods "fluxtrail-" is forbidden: unable to validate against any security context constraint: [provider "restricted-v2"]`:     "openshift.scc.create",
		`insufficient quota to match these scopes: [{PriorityClass In [system-node-critical system-cluster-critical]}]`:              "priorityClassName away",
		`pods "fluxtrail-x" is forbidden: exceeded quota: compute, requested: requests.memory=48Mi`:                                  "raise the ResourceQuota",
		`pods "fluxtrail-" is forbidden: no PriorityClass with name flux-critical was found`:                                         "priorityClassName to one that exists",
		`pods "fluxtrail-" is forbidden: error looking up service account fluxtrail/fluxtrail: serviceaccount "fluxtrail" not found`: "create the ServiceAccount",
		`admission webhook "validate.kyverno.svc-fail" denied the request: disallow-host-path`:                                       "make an exception",
	} {
		text := manifest() + "status: {desiredNumberScheduled: 3, currentNumberScheduled: 1}\n---\n" + fmt.Sprintf(
			"{apiVersion: v1, kind: Event, metadata: {name: e, namespace: fluxtrail}, involvedObject: {kind: DaemonSet, name: fluxtrail}, reason: FailedCreate, message: %q}\n", message)
		found := inFiles(t, text)
		if !slices.ContainsFunc(found, func(f api.Finding) bool {
			return f.Check == "daemonset" && f.Severity == Error && strings.Contains(f.Text, message) && strings.Contains(f.Remedy, remedy)
		}) {
			t.Errorf("%s: no %q in %+v", message, remedy, found)
		}
	}
}

// inFiles examines a file in a directory.
func inFiles(t *testing.T, text string) []api.Finding {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "dump.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	files, err := ReadFiles([]string{dir})
	if err != nil {
		t.Fatal(err)
	}
	d, err := Examine(context.Background(), Options{Files: files, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	return d.Findings
}

// TestFilesSayNothing has files in which nothing is wrong, and those that are a part of a cluster:
// what is not among them counts neither as wrong nor as well.
func TestFilesSayNothing(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		manifest(), manifest("$POD", runsAs("runAsUser: 65532, runAsGroup: 0", hostState,
			"initContainers: [{name: state, securityContext: {runAsUser: 0, capabilities: {add: [CHOWN]}}}]")),
		controllers + podMonitor + "}]\n", "a: b\n", "# nothing\n---\n",
		controllers + podMonitor + ", relabelings: [{sourceLabels: [__meta_kubernetes_pod_label_app], action: drop, regex: source-controller}]}]\n---\n" + serviceMonitor +
			"targetPort: http-prom, relabelings: [{sourceLabels: [__meta_kubernetes_service_name], action: keep, regex: source-controller}]}]\n",
	} {
		for _, f := range inFiles(t, text) {
			if f.Severity == Error || f.Severity == Warning {
				t.Errorf("%s\naccuses %+v", text, f)
			}
			if f.Severity == ok && f.Check != "files" && !strings.Contains(text, "kind: ") {
				t.Errorf("%s\nis well: %+v", text, f)
			}
		}
	}
	if _, err := ReadFiles([]string{"/nowhere"}); err == nil {
		t.Error("a file that is not there is none")
	}
}

// TestManyValuesOfFile tells of a file that would take a gigabyte, and reads the one beside it.
func TestManyValuesOfFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"a.yaml": "kind: List\nx: [" + strings.Repeat("a,", maxValues) + "]\n", "b.yaml": manifest(),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	f, err := ReadFiles([]string{dir})
	if err != nil || len(f.objects) != 1 || len(f.problems) != 1 || !strings.Contains(f.problems[0], "a.yaml: has more than 3000000 values") {
		t.Errorf("%v, %d objects, %q", err, len(f.objects), f.problems)
	}
}

// TestFilesAreBounded has a file without an end: that is told, and the next one is read.
func TestFilesAreBounded(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	good := filepath.Join(dir, "good.yaml")
	if err := os.WriteFile(good, []byte(manifest()), 0o600); err != nil {
		t.Fatal(err)
	}
	files, err := ReadFiles([]string{"/dev/zero", good})
	if err != nil {
		t.Fatal(err)
	}
	if len(files.objects) != 1 || !slices.ContainsFunc(files.problems, func(s string) bool { return strings.Contains(s, "/dev/zero: has more than 64 MiB") }) {
		t.Errorf("%d objects, %.300q", len(files.objects), files.problems)
	}
}

// TestFilesCountsWhatIsRead has a file of which nothing can be read: it is told, and no file that was
// looked at.
func TestFilesCountsWhatIsRead(t *testing.T) {
	t.Parallel()
	const broken = "/proc/self/mem" // nothing is mapped at its beginning
	if _, err := os.Stat(broken); err != nil {
		t.Skip("there is no such file here: ", err)
	}
	files, err := ReadFiles([]string{broken})
	if err != nil || files.read != 0 || len(files.problems) != 1 {
		t.Errorf("%d files, %q, %v", files.read, files.problems, err)
	}
}

// TestTwoMonitors has two monitors of the agent's pods in each of several namespaces: all are told,
// in the same order each time.
func TestTwoMonitors(t *testing.T) {
	t.Parallel()
	text := "apiVersion: monitoring.coreos.com/v1\nkind: Prometheus\nmetadata: {name: k8s, namespace: a}\nspec: {podMonitorSelector: {}, podMonitorNamespaceSelector: {}}\n"
	var want []string
	for _, namespace := range []string{"a", "b", "c", "d"} {
		for _, name := range []string{"one", "two"} {
			text += "---\napiVersion: monitoring.coreos.com/v1\nkind: PodMonitor\nmetadata: {name: " + name + ", namespace: " + namespace +
				", labels: {app.kubernetes.io/name: fluxtrail}}\nspec: {}\n"
		}
		want = append(want, "PodMonitor/"+namespace+"/one")
	}
	for range 5 {
		var got []string
		for _, f := range inFiles(t, text) {
			if strings.Contains(f.Text, "two monitors: ") {
				got = append(got, f.Object)
			}
		}
		if !slices.Equal(got, want) {
			t.Fatalf("%q, want %q", got, want)
		}
	}
}
