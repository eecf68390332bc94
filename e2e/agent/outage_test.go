package agent

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fluxtrail/e2e/env"
)

// smallRSS is what the agent may use, whatever Loki does.
const smallRSS = 128 // MB

// TestLokiDown stops Loki while lines are written, rotated and deleted, and starts it
// again.
func TestLokiDown(t *testing.T) {
	l, pods := env.StartLoki(t, env.Generous...), t.TempDir()
	settings := []string{"loki.url=" + l.URL, "agent.cluster=down"}
	if !full() {
		settings = append(settings, "loki.retry_max=2s")
	}
	a := env.StartAgent(t, env.Fluxtrail(t), pods, settings)
	begin, feed := time.Now(), startFeed(t, pods, 2000)
	pauseFor(5 * time.Second)
	before := a.RSS(t)
	l.Stop(t)
	down := sized(20*time.Second, 10*time.Minute)
	during := watch(t, a, down)
	behind := a.Sum(t, "fluxtrail_file_lag_bytes", shipLane)
	if behind == 0 {
		t.Error("while Loki is down the metrics say that nothing waits")
	}
	l.Start(t)
	up := time.Now()
	pauseFor(5 * time.Second)
	written := feed.end(t)
	delivered(t, a, written.total())
	took, after := time.Since(up), a.RSS(t)
	exactlyOnce(t, written, held(t, l, "down", begin.Add(-time.Minute), time.Now().Add(time.Minute)))
	t.Logf("Loki down for %v: RSS %.1f MB before, at most %.1f MB meanwhile, %.1f MB after; %.1f MB were left to send when Loki was back, delivered after %v",
		down, before, during, after, behind/1e6, took.Round(time.Second))
	if during > smallRSS || after > smallRSS {
		t.Errorf("RSS over %d MB", smallRSS)
	}
}

// watch returns the highest RSS within d.
func watch(t *testing.T, a *env.AgentProcess, d time.Duration) (peak float64) {
	t.Helper()
	clock := time.NewTicker(500 * time.Millisecond)
	defer clock.Stop()
	for end := time.Now().Add(d); time.Now().Before(end); <-clock.C {
		peak = max(peak, a.RSS(t))
	}
	return peak
}

// TestLokiFaults puts a proxy before Loki that answers as overloaded and broken servers
// do, and gives the agent lines that Loki itself refuses among others that it takes.
func TestLokiFaults(t *testing.T) {
	l, pods := env.StartLoki(t, env.Generous...), t.TempDir()
	p := startProxy(t, l.URL)
	a := env.StartAgent(t, env.Fluxtrail(t), pods, []string{
		"loki.url=" + p.URL, "agent.cluster=faults", "loki.http.timeout=1s", "loki.retry_max=1s",
	})
	begin, feed := time.Now(), startFeed(t, pods, 2000)
	peak := 0.0
	for _, f := range faults {
		p.hits.Store(0)
		p.fault.Store(&f)
		peak = max(peak, watch(t, a, sized(3*time.Second, time.Minute)))
		p.fault.Store(nil)
		if p.hits.Load() == 0 {
			t.Errorf("%s: nothing was sent meanwhile", f.name)
		}
		peak = max(peak, watch(t, a, time.Second))
	}
	good, bad := refusedAmongOthers(t, pods)
	written := feed.end(t)
	for h, c := range good {
		written[h] = c
	}
	delivered(t, a, written.total()+bad)
	exactlyOnce(t, written, held(t, l, "faults", begin.Add(-time.Minute), time.Now().Add(time.Minute)))
	metrics := a.Metrics(t)
	if n := metrics[`fluxtrail_dropped_lines_total{lane="ship",reason="too_far_in_future"}`]; int(n) != bad {
		t.Errorf("%v lines counted as refused, want %d", n, bad)
	}
	if n := a.Sum(t, "fluxtrail_dropped_lines_total", shipLane); int(n) != bad {
		t.Errorf("%v lines dropped, want %d", n, bad)
	}
	for series, value := range metrics {
		if strings.HasPrefix(series, "fluxtrail_retries_total") {
			t.Log(series, value)
		}
	}
	t.Logf("RSS at most %.1f MB", peak)
	if peak > smallRSS {
		t.Errorf("RSS over %d MB", smallRSS)
	}
}

// refusedAmongOthers writes a log of which Loki refuses every tenth line, because its
// time is years ahead. It returns the lines that it takes, and how many it refuses.
func refusedAmongOthers(t *testing.T, pods string) (good lines, bad int) {
	t.Helper()
	path := filepath.Join(pods, "flux-system_notification-controller-6d4cf56db6-abcde_c7c1bf2e-0000-4000-8000-000000000001", "manager", "0.log")
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	now, i := time.Now(), 0
	good = lines{}
	for _, records := range bodies(t, 1<<20) {
		for _, record := range records[:100] {
			at := now.Add(time.Duration(i) * time.Millisecond)
			if i++; i%10 == 0 {
				at = at.AddDate(10, 0, 0)
				bad++
			} else {
				good.add(stamp(record, at), at)
			}
			text.WriteString(now.UTC().Format("2006-01-02T15:04:05.000000000Z") + " stderr F ")
			text.Write(append(stamp(record, at), '\n'))
		}
	}
	if err := os.WriteFile(path, text.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	return good, bad
}
