package agent

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fluxtrail/e2e/env"
)

const pod = `apiVersion: v1
kind: Pod
metadata: {name: kustomize-controller-6d4cf56db6-node1, namespace: flux-system, labels: {app: kustomize-controller}}
spec:
  nodeName: %s
  hostNetwork: true
  automountServiceAccountToken: false
  terminationGracePeriodSeconds: 1
  containers:
  - {name: manager, image: "localhost/writer:e2e", imagePullPolicy: Never, args: ["-rate", "2000", "/lines"]}
`

// TestNode has a real container write recorded lines, and a real kubelet rotate, pack
// and delete its logs.
func TestNode(t *testing.T) {
	k := env.StartKube(t)
	n := env.StartNode(t, k)
	l := env.StartLoki(t, env.Generous...)
	begin := time.Now()
	path, written := nodeLines(t, sized(30_000, 240_000))
	n.Image(t, "writer", map[string]string{"/writer": env.Go(t, "./image/writer"), "/lines": path}, "/writer")
	a := env.StartAgent(t, env.Fluxtrail(t), n.Logs, []string{"loki.url=" + l.URL, "agent.cluster=node"})
	k.Kubectl(t, "", "create", "namespace", "flux-system")
	k.Kubectl(t, fmt.Sprintf(pod, n.Name), "apply", "-f", "-")
	delivered(t, a, written.total())
	rotated, _ := filepath.Glob(filepath.Join(n.Logs, "flux-system_kustomize-controller-*", "manager", "0.log.*"))
	if !strings.HasSuffix(strings.Join(rotated, "\n"), ".gz") && len(rotated) < 2 {
		t.Errorf("the kubelet did not rotate: %q", rotated)
	}
	t.Logf("in the end %d rotated files were there", len(rotated))
	exactlyOnce(t, written, held(t, l, "node", begin.Add(-time.Minute), begin.Add(10*time.Minute)))
}

// nodeLines writes a file of n lines for the writer, in the order of time from now on.
func nodeLines(t *testing.T, n int) (path string, written lines) {
	t.Helper()
	recorded := bodies(t, 6<<20)
	var records [][]byte
	for key, value := range recorded {
		if strings.Contains(key, "kustomize-controller") {
			records = value
		}
	}
	begin, written := time.Now(), lines{}
	var text bytes.Buffer
	for i := range n {
		at := begin.Add(time.Duration(i) * time.Second / 2000)
		body := renumber(stamp(records[i%len(records)], at), i/len(records))
		written.add(body, at)
		text.WriteString(at.UTC().Format("2006-01-02T15:04:05.000000000Z") + " stderr F ")
		text.Write(append(body, '\n'))
	}
	path = filepath.Join(t.TempDir(), "lines")
	if err := os.WriteFile(path, text.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	return path, written
}
