// Package quickstart runs the commands of the manual against a real cluster, line by line, from an
// API server without anything to the first incident in Loki, metrics and report.
package quickstart

import (
	"bytes"
	"fmt"
	"io"
	"log"
	"net"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/registry"

	"fluxtrail/e2e/env"
)

// fluxPod is a controller that logs a recorded day, as far as tests have one.
const fluxPod = `apiVersion: v1
kind: Pod
metadata:
  name: kustomize-controller-6d4cf56db6-x2x20
  namespace: flux-system
  labels: {app: kustomize-controller, app.kubernetes.io/part-of: flux, app.kubernetes.io/version: v2.7.0}
spec:
  nodeName: %[1]s
  hostNetwork: true
  automountServiceAccountToken: false
  terminationGracePeriodSeconds: 1
  containers:
  - name: manager
    image: localhost/writer:e2e
    imagePullPolicy: Never
    args: [-rate, "2000", -metrics, "127.0.0.1:%[2]s", /lines]
    ports: [{name: http-prom, containerPort: %[2]s}]
`

// nodeValues are for a node without a network of its own for pods, and a kubelet that keeps logs in
// a directory of the test. Everything else is what the page says.
const nodeValues = `
logs: {path: %s}
state: {path: %s}
hostNetwork: true
port: %s
resources: {requests: {ephemeral-storage: null}, limits: {ephemeral-storage: null}}
initResources: {requests: {ephemeral-storage: null}, limits: {ephemeral-storage: null}}
extraEnv:
  - {name: KUBERNETES_SERVICE_HOST, value: 127.0.0.1}
  - {name: KUBERNETES_SERVICE_PORT, value: "%s"}
readinessProbe: {httpGet: {path: /healthz, port: http}, periodSeconds: 1}
`

// place is where the commands run.
type place struct {
	kube  *env.Kube
	node  *env.Node
	loki  *env.Loki
	dir   string // with kubectl and helm as they are found first
	there map[string]string
	port  string // of the agent on the node

	recorded time.Time // the day of the lines, which keep their own times
}

// TestQuickstart runs docs/quickstart.md, and then what docs/troubleshooting.md says to look at.
func TestQuickstart(t *testing.T) {
	p := prepare(t)
	out, took := p.run(t, commands(t, "quickstart.md"))
	for _, want := range []string{`"evidence"`, "fluxtrail_incident_open{", "INCIDENTS", "STATUS: deployed"} {
		if !strings.Contains(out, want) {
			t.Errorf("the commands do not print %s:\n%s", want, out)
		}
	}
	held := func(query string) (n int) {
		p.loki.Flush(t) // for old ones it asks the store
		for _, from := range []time.Time{p.recorded, time.Now().Add(-time.Hour)} {
			n += len(p.loki.Entries(t, query, from, from.Add(24*time.Hour)))
		}
		return n
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("Loki has %d lines of the cluster, %d of Flux", held(`{cluster="production"}`), held(`{namespace="flux-system"}`))
		}
	})
	env.Until(t, "failed attempts in Loki", func() bool {
		return held(`{namespace="flux-system", cluster="production"} | outcome="failed"`) > 0
	})
	t.Logf("from an empty API server to all of it: %v\n%s", took.Round(time.Second), timings(out))

	p.kube.Kubectl(t, "", "apply", "-f", "../../deploy/examples/flux-podmonitor.yaml")
	text, err := os.ReadFile("../../deploy/examples/flux-podmonitor.yaml")
	if err != nil {
		t.Fatal(err)
	}
	prometheus := p.kube.Monitoring(t, string(text))
	env.Until(t, "the first scrape", func() bool {
		return len(prometheus.Query(t, "controller_runtime_active_workers", time.Now())) > 0
	})
	p.there["127.0.0.1:9090"] = strings.TrimPrefix(prometheus.URL, "http://")
	out, _ = p.run(t, commands(t, "troubleshooting.md"))
	for _, want := range []string{`"name":"http-prom"`, "controller_runtime_active_workers{", "podmonitor.monitoring.coreos.com/flux-controllers", `"status":"success"`} {
		if !strings.Contains(out, want) {
			t.Errorf("the commands do not print %s:\n%s", want, out)
		}
	}
}

// prepare starts the servers that the page takes for granted: a cluster with Flux on it, a Loki, a
// registry.
func prepare(t *testing.T) *place {
	t.Helper()
	p := &place{loki: env.StartLoki(t, env.Generous...), kube: env.StartCluster(t), dir: t.TempDir()}
	p.node = env.StartNode(t, p.kube)
	images := httptest.NewServer(registry.New(registry.Logger(log.New(io.Discard, "", 0))))
	t.Cleanup(images.Close)
	p.port = freePort(t)
	metrics, local, other := freePort(t), freePort(t), freePort(t)
	recent, recorded := env.Recent(t, "../../fixtures/demo/pods")
	p.recorded = recorded
	logs, err := filepath.Glob(filepath.Join(recent, "*_kustomize-controller*/manager/0.log"))
	if err != nil || len(logs) != 1 {
		t.Fatal(logs, err)
	}
	p.node.Image(t, "writer", map[string]string{"/writer": env.Go(t, "./image/writer"), "/lines": logs[0]}, "/writer")
	p.kube.Kubectl(t, "", "create", "namespace", "flux-system")
	p.kube.Kubectl(t, "", "apply", "--server-side", "-f", "../deploy/testdata/crds", "-f", "../deploy/testdata/others.yaml")
	p.kube.Kubectl(t, fmt.Sprintf(fluxPod, p.node.Name, metrics), "apply", "-f", "-")
	p.there = map[string]string{
		"registry.example.com": strings.TrimPrefix(images.URL, "http://"), "http://loki-gateway.monitoring:80": p.loki.URL,
		"$pod 8080": "$pod " + local + ":" + p.port, "127.0.0.1:8080": "127.0.0.1:" + local, "$pod 8081:8080": "$pod " + other + ":" + metrics, "127.0.0.1:8081": "127.0.0.1:" + other,
		"make build image": "make build image ARCHS=$(go env GOARCH)",
	}
	api := p.kube.URL[strings.LastIndexByte(p.kube.URL, ':')+1:]
	values := fmt.Sprintf(nodeValues, p.node.Logs, filepath.Join(t.TempDir(), "state"), p.port, api)
	p.write(t, "values.yaml", values)
	p.write(t, "kubectl", "#!/bin/sh\nexec "+env.Built(t, "kube", "kubectl")+` "$@"`+"\n")
	p.write(t, "helm", "#!/bin/sh\nexec "+env.Built(t, "helm", "helm")+` "$@" --values `+filepath.Join(p.dir, "values.yaml")+"\n")
	return p
}

func (p *place) write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(p.dir, name), []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}

var shell = regexp.MustCompile("(?ms)^ *```sh\n(.*?)^ *```$")

// commands are the lines of a page's blocks for the shell, each whole.
func commands(t *testing.T, page string) []string {
	t.Helper()
	text, err := os.ReadFile("../../docs/" + page)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, block := range shell.FindAllStringSubmatch(string(text), -1) {
		for line := range strings.SplitSeq(strings.ReplaceAll(block[1], "\\\n", " "), "\n") {
			if line = strings.Join(strings.Fields(line), " "); line != "" && line[0] != '#' {
				all = append(all, line)
			}
		}
	}
	return all
}

var forwarded = regexp.MustCompile(`(\d+):\d+$`)

// run has a shell run the commands in the repository, and returns what they printed, with a line
// about each that says how long it took. A command that goes on, as port-forward does, is left
// behind.
func (p *place) run(t *testing.T, lines []string) (out string, took time.Duration) {
	t.Helper()
	script := "set -eo pipefail\ntrap 'kill $(jobs -p) 2>/dev/null || :' EXIT\n"
	for _, line := range lines {
		here := line
		for from, to := range p.there {
			here = strings.ReplaceAll(here, from, to)
		}
		if strings.Contains(line, "port-forward") {
			port := forwarded.FindStringSubmatch(here)
			here += " &\nfor i in $(seq 300); do (: >/dev/tcp/127.0.0.1/" + port[1] + ") 2>/dev/null && break; sleep 0.1; done"
		}
		if strings.Contains(line, "/api/v1/incidents") { // the first comes within seconds
			here = "for i in $(seq 300); do " + here + " | grep '\"evidence\"' && break; sleep 0.1; done"
		}
		if strings.HasSuffix(line, "grep fluxtrail_incident") { // what is shown was saved before
			here = "for i in $(seq 300); do " + here + " | grep 'fluxtrail_incident_open{' && break; sleep 0.1; done"
		}
		script += "begin=$(date +%s%N)\n" + here + "\necho \"@@ $((($(date +%s%N) - begin) / 1000000)) ms: \"" + quoted(line) + "\n"
	}
	cmd := exec.Command("bash", "-c", script)
	cmd.Dir = "../.."
	cmd.Env = append(os.Environ(), "PATH="+p.dir+":"+os.Getenv("PATH"), "KUBECONFIG="+p.kube.Config(t, env.Admin), "HOME="+p.dir,
		"GOCACHE="+goEnv(t, "GOCACHE"), "GOMODCACHE="+goEnv(t, "GOMODCACHE"), "GOPATH="+goEnv(t, "GOPATH"), "VERSION=0.2.0")
	var text bytes.Buffer
	cmd.Stdout, cmd.Stderr = &text, &text
	begin := time.Now()
	err := cmd.Run()
	if err != nil {
		t.Fatalf("%v\n%s\n%s", err, &text, p.kube.Kubectl(t, "", "-n", "fluxtrail", "describe", "pods"))
	}
	return text.String(), time.Since(begin)
}

func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

func goEnv(t *testing.T, name string) string {
	t.Helper()
	out, err := exec.Command("go", "env", name).Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}

// timings are the lines about how long each command took.
func timings(out string) string {
	var b strings.Builder
	for line := range strings.Lines(out) {
		if strings.HasPrefix(line, "@@ ") {
			b.WriteString(line[3:])
		}
	}
	return b.String()
}
