package cluster

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"fluxtrail/e2e/env"
)

// kubelet gives recorded logs to the API server, as a kubelet does: of each container the newest
// file, and the newest of the container before.
type kubelet struct {
	root string // in the kubelet's layout
	port string
	pods []recorded

	breakOff atomic.Int64 // bytes after which a log breaks off, 0 for never
}

// recorded is a pod of which there are logs.
type recorded struct {
	namespace, name, uid, dir string
	runs                      []string // names of files, oldest first
}

// app is the name of the pod's Deployment.
func (p recorded) app() string {
	set := p.name[:strings.LastIndex(p.name, "-")]
	return set[:strings.LastIndex(set, "-")]
}

// startKubelet serves the newest files of a pod log tree, and leaves out what a kubelet would not
// give: rotated files, and containers before the last but one. What is left is a tree of its own.
func startKubelet(t *testing.T, tree string) *kubelet {
	t.Helper()
	k := &kubelet{root: t.TempDir()}
	dirs, err := filepath.Glob(filepath.Join(tree, "*"))
	if err != nil || len(dirs) == 0 {
		t.Fatal(dirs, err)
	}
	for _, dir := range dirs {
		parts := strings.Split(filepath.Base(dir), "_")
		p := recorded{parts[0], parts[1], parts[2], filepath.Join(k.root, filepath.Base(dir), "manager"), nil}
		files, _ := filepath.Glob(filepath.Join(dir, "manager", "*.log"))
		slices.Sort(files)
		for _, file := range files[max(0, len(files)-2):] {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.MkdirAll(p.dir, 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(p.dir, filepath.Base(file)), text, 0o600); err != nil {
				t.Fatal(err)
			}
			p.runs = append(p.runs, filepath.Base(file))
		}
		k.pods = append(k.pods, p)
	}
	s := httptest.NewTLSServer(k)
	t.Cleanup(s.Close)
	_, k.port, _ = net.SplitHostPort(s.Listener.Addr().String())
	return k
}

// ServeHTTP answers /containerLogs/NAMESPACE/POD/CONTAINER.
func (k *kubelet) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := strings.Split(strings.TrimPrefix(r.URL.Path, "/containerLogs/"), "/")
	i := slices.IndexFunc(k.pods, func(p recorded) bool { return p.namespace == path[0] && p.name == path[1] })
	if i < 0 {
		http.Error(w, "no such pod", http.StatusNotFound)
		return
	}
	if path[2] != "manager" {
		return
	}
	run := len(k.pods[i].runs) - 1
	if r.FormValue("previous") == "true" {
		if run--; run < 0 {
			http.Error(w, "previous terminated container not found", http.StatusBadRequest)
			return
		}
	}
	file, err := os.Open(filepath.Join(k.pods[i].dir, k.pods[i].runs[run]))
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	defer file.Close()
	since, _ := time.Parse(time.RFC3339, r.FormValue("sinceTime"))
	limit, sent, stamp := k.breakOff.Load(), int64(0), ""
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<24)
	if r.FormValue("tailLines") == "1" {
		for lines.Scan() {
			stamp, _, _ = strings.Cut(lines.Text(), " ")
		}
		fmt.Fprintf(w, "%s the last\n", stamp)
		return
	}
	for lines.Scan() {
		var rest string
		stamp, rest, _ = strings.Cut(lines.Text(), " ")
		_, text, _ := strings.Cut(rest, " F ")
		if at, err := time.Parse(time.RFC3339Nano, stamp); err == nil && at.Before(since) {
			continue
		}
		if r.FormValue("timestamps") == "true" {
			text = stamp + " " + text
		}
		n, _ := fmt.Fprintln(w, text)
		if sent += int64(n); limit > 0 && sent > limit {
			panic(http.ErrAbortHandler)
		}
	}
}

// objects are the node and the pods, as the API server knows them.
func (k *kubelet) apply(t *testing.T, api *env.Kube) {
	t.Helper()
	var b strings.Builder
	b.WriteString("apiVersion: v1\nkind: Node\nmetadata: {name: n1}\n")
	for _, p := range k.pods {
		fmt.Fprintf(&b, "---\napiVersion: v1\nkind: Pod\nmetadata: {name: %s, namespace: %s, labels: {app: %s, app.kubernetes.io/part-of: flux}}\n"+
			"spec: {nodeName: n1, containers: [{name: manager, image: 'x:v1'}, {name: proxy, image: proxy}]}\n", p.name, p.namespace, p.app())
	}
	api.Kubectl(t, b.String(), "apply", "-f", "-")
	api.Kubectl(t, "", "patch", "node", "n1", "--subresource=status", "--type=merge", "-p", fmt.Sprintf(
		`{"status":{"addresses":[{"type":"InternalIP","address":"127.0.0.1"}],"daemonEndpoints":{"kubeletEndpoint":{"Port":%s}}}}`, k.port))
	for _, p := range k.pods {
		last := ""
		if len(p.runs) > 1 {
			last = `"terminated":{"exitCode":1}`
		}
		api.Kubectl(t, "", "-n", p.namespace, "patch", "pod", p.name, "--subresource=status", "--type=merge", "-p", fmt.Sprintf(
			`{"status":{"phase":"Running","containerStatuses":[{"name":"manager","image":"x","imageID":"x","containerID":"containerd://1","ready":true,"restartCount":%s,`+
				`"state":{"running":{}},"lastState":{%s}}]}}`, strings.TrimSuffix(p.runs[len(p.runs)-1], ".log"), last))
	}
}

// deployments creates the Deployments of the pods, by which tools find them.
func (k *kubelet) deployments(t *testing.T, api *env.Kube) {
	t.Helper()
	var b strings.Builder
	for _, p := range k.pods {
		fmt.Fprintf(&b, "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: %s, namespace: %s, labels: {app.kubernetes.io/part-of: flux}}\n"+
			"spec: {selector: {matchLabels: {app: %[1]s}}, template: {metadata: {labels: {app: %[1]s}}, spec: {containers: [{name: manager, image: 'x:v1'}]}}}\n", p.app(), p.namespace)
	}
	api.Kubectl(t, b.String(), "apply", "-f", "-")
}
