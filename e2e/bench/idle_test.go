package bench

import (
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"fluxtrail/e2e/env"
)

// BenchmarkIdle has the agent follow a thousand logs in which nothing happens, and reports
// the part of a core that both lanes take for that. An operation is a minute.
func BenchmarkIdle(b *testing.B) {
	pods := b.TempDir()
	for i := range 1000 {
		dir := filepath.Join(pods, fmt.Sprintf("flux-system_source-controller-6d4cf56db6-%05d_c7c1bf2e-0000-4000-8000-%012d", i, i), "manager")
		if err := os.MkdirAll(dir, 0o755); err != nil {
			b.Fatal(err)
		}
		line := `2026-11-20T10:00:00.000000000Z stderr F {"level":"info","ts":"2026-11-20T10:00:00.000Z","msg":"x"}` + "\n"
		if err := os.WriteFile(filepath.Join(dir, "0.log"), []byte(line), 0o644); err != nil {
			b.Fatal(err)
		}
	}
	sink := countingSink(b, new(atomic.Int64))
	a := env.StartAgent(b, env.Fluxtrail(b), pods, []string{"loki.url=" + sink})
	env.Until(b, "all lines to be sent", func() bool { return a.Sum(b, "fluxtrail_sent_lines_total", `lane="ship"`) == 1000 })
	wait(20 * time.Second) // until the agent has found out that nothing happens
	cpu := func() float64 { return a.Sum(b, "process_cpu_seconds_total") }
	before, start := cpu(), time.Now()
	b.ResetTimer()
	for range b.N {
		wait(time.Minute)
	}
	b.ReportMetric(100*(cpu()-before)/time.Since(start).Seconds(), "%core")
	b.ReportMetric(a.RSS(b), "RSS-MB")
}

func wait(d time.Duration) { <-time.NewTimer(d).C }
