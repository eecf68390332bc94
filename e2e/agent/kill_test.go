// Package agent tests `fluxtrail run` as a user runs it: a process of its own that
// reads files and talks to a real Loki and a real Prometheus.
//
// By default the tests are short. FLUXTRAIL_E2E_FULL=1 makes them as long as it takes
// to believe them.
package agent

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fluxtrail/e2e/env"
)

// TestKillLosesAndDoublesNothing kills the agent at random moments while lines are
// written and files rotated. A second agent, which is never killed, reads the same
// files: the counters of both have to be equal in the end.
func TestKillLosesAndDoublesNothing(t *testing.T) {
	bin, l, pods := env.Fluxtrail(t), env.StartLoki(t, env.Generous...), t.TempDir()
	a := env.StartAgent(t, bin, pods, []string{"loki.url=" + l.URL, "agent.cluster=kill"})
	reference := env.StartAgent(t, bin, pods, []string{"loki.enabled=false"})
	begin, feed := time.Now(), startFeed(t, pods, 2000)
	rounds := sized(8, 100)
	for range rounds {
		pauseFor(time.Duration(rand.IntN(2000)) * time.Millisecond)
		a.Kill()
		a.Start(t)
	}
	written := feed.end(t)
	delivered(t, a, written.total())
	exactlyOnce(t, written, held(t, l, "kill", begin.Add(-time.Minute), time.Now().Add(time.Minute)))
	t.Logf("%d times killed in %v", rounds, time.Since(begin).Round(time.Second))

	if bad, _ := filepath.Glob(filepath.Join(a.State, "*.bad*")); len(bad) > 0 {
		t.Errorf("state that could not be loaded: %q", bad)
	}
	if n := a.Sum(t, "fluxtrail_checkpoint_failures_total"); n != 0 {
		t.Errorf("%v times the state could not be saved or loaded", n)
	}
	env.Until(t, "both to have read everything", func() bool { return done(t, a, "trail") && done(t, reference, "trail") })
	sameCounters(t, a, reference)
}

// settleWithin is how long runs may take to be over by time alone, and to be saved.
const settleWithin = 20 * time.Second

// sameCounters waits for two agents that have read the same to have counted the same.
func sameCounters(t *testing.T, a, reference *env.AgentProcess) {
	t.Helper()
	clock := time.NewTicker(500 * time.Millisecond)
	defer clock.Stop()
	begin := time.Now()
	for now := range clock.C {
		diff, n := differences(counters(t, a), counters(t, reference))
		if len(diff) == 0 {
			t.Logf("%d counters are equal, %v after everything was read", n, now.Sub(begin).Round(time.Second))
			return
		}
		if now.Sub(begin) > settleWithin {
			t.Fatalf("other than if never killed:\n%s", strings.Join(diff, "\n"))
		}
	}
}

// differences returns a line for each series that is not the same in both, and how many
// series there are.
func differences(got, want map[string]float64) (diff []string, n int) {
	all := maps.Clone(want)
	maps.Copy(all, got)
	for series := range all {
		if got[series] != want[series] {
			diff = append(diff, fmt.Sprintf("%s: %v, never killed: %v", series, got[series], want[series]))
		}
	}
	return diff, len(all)
}

// counters are what the trail lane counts, as it stands on /metrics.
func counters(t *testing.T, a *env.AgentProcess) map[string]float64 {
	t.Helper()
	out := map[string]float64{}
	for series, value := range a.Metrics(t) {
		name, _, _ := strings.Cut(series, "{")
		counts := strings.HasSuffix(name, "_total") || strings.HasSuffix(name, "_count") || strings.HasSuffix(name, "_bucket")
		if strings.HasPrefix(name, "fluxtrail_") && counts && !strings.Contains(series, "lane=") {
			out[series] = value
		}
	}
	return out
}
