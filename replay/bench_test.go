package replay

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fluxtrail/api"
)

// writeLogs writes the logs of two controllers with a number of objects, each of which is
// reconciled in turn; each seventh attempt fails. It returns the directory and its size in bytes.
func writeLogs(tb testing.TB, objects, attempts int) (dir string, size int64) {
	tb.Helper()
	dir = tb.TempDir()
	for _, c := range []struct{ pod, controller, kind, group string }{
		{"kustomize-controller", "kustomization", "Kustomization", "kustomize.toolkit.fluxcd.io"},
		{"helm-controller", "helmrelease", "HelmRelease", "helm.toolkit.fluxcd.io"},
	} {
		var b strings.Builder
		at := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
		for n := range attempts {
			at = at.Add(37 * time.Millisecond)
			level, msg, end := "info", "Reconciliation finished in 1.5s, next run in 10m0s", `"revision":"main@sha1:0123"`
			if n%7 == 0 {
				level, msg, end = "error", "Reconciler error", fmt.Sprintf(`"error":"kustomize build failed: accumulating resources: file-%d.yaml"`, n%40)
			}
			object := n * 31 % objects
			fmt.Fprintf(&b, `%s stderr F {"level":"%s","ts":"%s","msg":"%s","controller":"%s","controllerGroup":"%s","controllerKind":"%s",`+
				`"%s":{"name":"app-%d","namespace":"team-%d"},"namespace":"team-%d","name":"app-%d","reconcileID":"c0f7d51b-5ba2-4e4c-8d46-%012d",%s}`+"\n",
				at.Format(time.RFC3339Nano), level, at.Format("2006-01-02T15:04:05.000Z"), msg, c.controller, c.group, c.kind,
				c.kind, object, object%40, object%40, object, n, end)
		}
		path := filepath.Join(dir, "flux-system_"+c.pod+"-6d4cf56db6-abcde_c7c1bf2e-0000-4000-8000-000000000001", "manager", "0.log")
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			tb.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
			tb.Fatal(err)
		}
		size += int64(b.Len())
	}
	return dir, size
}

// BenchmarkReplay is a whole replay, with all that a report in JSON needs, of few and of many
// objects.
func BenchmarkReplay(b *testing.B) {
	for _, objects := range []int{200, 20_000} {
		b.Run(fmt.Sprintf("objects=%d", objects), func(b *testing.B) {
			dir, size := writeLogs(b, objects, 40_000)
			b.SetBytes(size)
			b.ReportAllocs()
			for b.Loop() {
				err := Run(b.Context(), Options{Paths: []string{dir}, Transitions: true, Durations: true}, func(_ context.Context, rep *api.Report) error {
					if len(rep.Objects) != 2*objects {
						b.Errorf("%d objects", len(rep.Objects))
					}
					return nil
				})
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
