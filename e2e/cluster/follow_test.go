package cluster

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fluxtrail/e2e/env"
)

// TestFollow keeps a view up to date while a log grows and the API server goes away, and ends with
// the report.
func TestFollow(t *testing.T) {
	bin, api, kubelet, cluster := start(t)
	path := filepath.Join(t.TempDir(), "view")
	view, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer view.Close()
	cmd := exec.Command(bin, append([]string{"replay", "--follow"}, cluster...)...)
	cmd.Stdout, cmd.Stderr = view, view
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Process.Kill() //nolint:errcheck // it has ended
	t.Cleanup(func() {
		if all, _ := os.ReadFile(path); t.Failed() {
			t.Logf("views of %d bytes, the end: %s", len(all), all[max(0, len(all)-6000):])
		}
	})
	shows := func(text string) func() bool {
		return func() bool {
			all, _ := os.ReadFile(path)
			return strings.Contains(string(all), text)
		}
	}
	env.Until(t, "a view", shows("Ctrl-C ends with the report"))
	pod := kubelet.pods[slices.IndexFunc(kubelet.pods, func(p recorded) bool { return strings.HasPrefix(p.name, "kustomize") })]
	log, err := os.OpenFile(filepath.Join(pod.dir, pod.runs[len(pod.runs)-1]), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now().UTC().Format(time.RFC3339Nano)
	fmt.Fprintf(log, `%s stderr F {"level":"error","ts":%q,"msg":"Reconciliation failed after 1s, next try in 1m0s","controller":"kustomization",`+
		`"controllerGroup":"kustomize.toolkit.fluxcd.io","controllerKind":"Kustomization","Kustomization":{"name":"brand-new","namespace":"team-a"},`+
		`"namespace":"team-a","name":"brand-new","reconcileID":"c0f7d51b-5ba2-4e4c-8d46-000000000001","error":"no such file brand-new.yaml"}`+"\n", now, now)
	if err := log.Close(); err != nil {
		t.Fatal(err)
	}
	env.Until(t, "a new line", shows("Kustomization/team-a/brand-new Reconciliation failed"))
	api.Kill()
	env.Until(t, "that the server is away", shows("cannot look again, trying on"))
	before, _ := os.ReadFile(path)
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
	all, _ := os.ReadFile(path)
	last := string(all[len(before):])
	if !strings.Contains(last, "brand-new") || strings.Contains(last, "Ctrl-C ends") {
		t.Errorf("the end is %s", last)
	}
}
