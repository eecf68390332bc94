package env

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fluxtrail/e2e/corpus"
)

// pod is a controller as the node sees it: a name, and lines on standard error.
const pod = `apiVersion: v1
kind: Pod
metadata: {name: %[1]s, namespace: flux-system, labels: {app: kustomize-controller}}
spec:
  nodeName: %[2]s
  hostNetwork: true
  automountServiceAccountToken: false
  terminationGracePeriodSeconds: 1
  containers:
  - {name: manager, image: "localhost/writer:e2e", imagePullPolicy: Never, args: ["-rate", "200", "/lines"]}
`

// TestNodeRotatesPodLogs has a pod write for 20 seconds, several times as long as the kubelet takes
// to look at the size of its log again: it compresses a log when it rotates the next one.
func TestNodeRotatesPodLogs(t *testing.T) {
	k := StartKube(t)
	n := StartNode(t, k)
	dir := t.TempDir()
	if _, err := corpus.Write(dir, corpus.Config{From: "../../fixtures/demo/pods", Bytes: 6 << 20, Objects: 20, Seed: 1}); err != nil {
		t.Fatal(err)
	}
	logs, _ := filepath.Glob(filepath.Join(dir, "*_kustomize-controller*", "manager", "0.log"))
	n.Image(t, "writer", map[string]string{"/writer": Go(t, "./image/writer"), "/lines": logs[0]}, "/writer")
	k.Kubectl(t, "", "create", "namespace", "flux-system")
	k.Kubectl(t, fmt.Sprintf(pod, "kustomize-controller-0", n.Name), "apply", "-f", "-")
	Until(t, "a rotated and compressed log", func() bool {
		gz, _ := filepath.Glob(filepath.Join(n.Logs, "flux-system_kustomize-controller-0_*", "manager", "0.log.*.gz"))
		return len(gz) > 0
	})
	links, _ := filepath.Glob(filepath.Join(n.Links, "kustomize-controller-0_flux-system_manager-*.log"))
	if len(links) != 1 {
		t.Errorf("legacy links: %q", links)
	}
	rotated, _ := filepath.Glob(filepath.Join(n.Logs, "*", "manager", "0.log.*[0-9]"))
	text, err := os.ReadFile(rotated[0])
	if err != nil || !strings.Contains(string(text), ` stderr F {"level":`) {
		t.Fatalf("%v in %.300q", err, text)
	}
}
