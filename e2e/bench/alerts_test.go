package bench

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fluxtrail/e2e/env"
)

// BenchmarkAlerts replays a day of a large fleet with the whole pack of rules: 5,000 objects that
// are reconciled every ten minutes, of which one in fifty fails for an hour at a time.
func BenchmarkAlerts(b *testing.B) {
	dir := os.Getenv("FLUXTRAIL_BENCH_DAY")
	if dir == "" {
		dir = b.TempDir()
	}
	if there, _ := os.ReadDir(dir); len(there) == 0 {
		writeDay(b, dir, 5000)
	}
	replay(b, sizeOf(b, dir), env.Fluxtrail(b), "replay", "--alerts", "--output", "json", dir)
}

// controllers are whose logs a day has, with the lines that they write.
var controllers = []struct{ controller, kind, group, done, failed string }{
	{
		"kustomize-controller", "Kustomization", "kustomize.toolkit.fluxcd.io",
		"Reconciliation finished in %dms, next run in 10m0s", `Reconciliation failed after %dms, next try in 10m0s","error":"kustomize build failed: accumulating resources`,
	},
	{
		"helm-controller", "HelmRelease", "helm.toolkit.fluxcd.io",
		"release in-sync with desired state", `Reconciler error","error":"terminal error: exceeded maximum retries: cannot remediate failed release`,
	},
	{
		"source-controller", "GitRepository", "source.toolkit.fluxcd.io",
		"no changes since last reconcilation: observed revision 'main@sha1:0123456789012345678901234567890123456789'",
		`Reconciler error","error":"failed to checkout and determine revision: unable to clone: context deadline exceeded`,
	},
}

// writeDay writes a day of logs in the kubelet's layout.
func writeDay(b *testing.B, dir string, objects int) {
	b.Helper()
	const every = 10 * time.Minute
	begin := time.Date(2026, time.November, 1, 0, 0, 0, 0, time.UTC)
	for c, of := range controllers {
		path := filepath.Join(dir, fmt.Sprintf("flux-system_%s-6d4cf56db6-abcde_%032x", of.controller, c+1), "manager")
		if err := os.MkdirAll(path, 0o755); err != nil {
			b.Fatal(err)
		}
		file, err := os.Create(filepath.Join(path, "0.log"))
		if err != nil {
			b.Fatal(err)
		}
		out, random, mine := bufio.NewWriterSize(file, 1<<20), rand.New(rand.NewPCG(1, uint64(c))), objects/len(controllers)
		for round := range int(24 * time.Hour / every) {
			for i := range mine {
				at := begin.Add(time.Duration(round)*every + every*time.Duration(i)/time.Duration(mine))
				level, text := "info", of.done
				if hour := at.Hour(); (i+7*hour)%50 == 0 {
					level, text = "error", of.failed
				}
				if text == controllers[0].done || text == controllers[0].failed {
					text = fmt.Sprintf(text, 300+random.IntN(2000))
				}
				stamp := at.Format("2006-01-02T15:04:05.000")
				fmt.Fprintf(out, `%s000000Z stderr F {"level":%q,"ts":"%sZ","msg":"%s","controller":%q,"controllerGroup":%q,"controllerKind":%q,`+
					`%q:{"name":"app-%05d","namespace":"team-%d"},"namespace":"team-%d","name":"app-%05d","reconcileID":"%08x-0000-4000-8000-%012x"}`+"\n",
					stamp, level, stamp, text, strings.ToLower(of.kind), of.group, of.kind, of.kind, i, i%40, i%40, i, round, i)
			}
		}
		if err := out.Flush(); err != nil {
			b.Fatal(err)
		}
		if err := file.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
