package agent

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fluxtrail/e2e/env"
)

// TestMoreObjectsThanMemory has a controller name more failing objects than a small container has
// room for, each with a long error of its own, and wants the agent to live and to count the rest,
// and to start again.
func TestMoreObjectsThanMemory(t *testing.T) {
	const limit, objects = 128 << 20, 15_000
	pods := t.TempDir()
	writeFailing(t, pods, objects)
	procs := env.MemoryGroup(t, limit)
	a := env.StartAgent(t, env.Fluxtrail(t), pods, []string{"loki.enabled=false"}, env.InGroup(procs)...)
	env.Until(t, "all lines to be read", func() bool {
		return int(a.Sum(t, "fluxtrail_lines_total", `level="error"`)) == objects
	})
	known, excess := 0, int(a.Sum(t, "fluxtrail_controller_events_total", `event="too_many_objects"`))
	for _, line := range a.Told(t, "fewer objects than are known at most", 1) {
		_, _ = fmt.Sscanf(line[strings.Index(line, `"objects":`):], `"objects":%d`, &known)
	}
	if known == 0 || known+excess != objects {
		t.Errorf("%d objects are known and %d lines are counted as about more, of %d", known, excess, objects)
	}
	if status, body := a.Get(t, "/readyz"); status != 200 {
		t.Errorf("/readyz: %d %s", status, body)
	}
	rss, anonymous := a.Memory(t)
	a.Stop(t)
	a.Start(t)
	env.Until(t, "a few lines to be read after the restart", func() bool { return a.Sum(t, "fluxtrail_lines_total") > 0 })
	t.Logf("%d objects known: RSS %.1f MB, anonymous %.1f MB", known, rss, anonymous)
}

// writeFailing writes a log of helm-controller with one failure of each object.
func writeFailing(t *testing.T, pods string, objects int) {
	t.Helper()
	dir := filepath.Join(pods, "flux-system_helm-controller-6d4cf56db6-abcde_9927a129-abed-4903-86d0-078c4a605356", "manager")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(filepath.Join(dir, "0.log"))
	if err != nil {
		t.Fatal(err)
	}
	w, begin := bufio.NewWriter(f), time.Now().Add(-time.Minute)
	for i := range objects {
		at := begin.Add(time.Duration(i) * time.Millisecond).UTC().Format("2006-01-02T15:04:05.000Z")
		why := strings.Repeat(fmt.Sprintf("manifest %d is refused by the webhook of the team, ", i), 60)
		_, _ = fmt.Fprintf(w, `%s stderr F {"level":"error","ts":%q,"msg":"Reconciler error","controller":"helmrelease",`+
			`"controllerGroup":"helm.toolkit.fluxcd.io","controllerKind":"HelmRelease","HelmRelease":{"name":"app-%d","namespace":"shop"},`+
			`"namespace":"shop","name":"app-%d","reconcileID":"00000000-0000-4000-8000-%012x","error":"Helm install failed: %s"}`+"\n", at, at, i, i, i, why)
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}
