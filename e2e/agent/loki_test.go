package agent

import (
	"os"
	"strings"
	"testing"
	"time"

	"fluxtrail/e2e/env"
)

// full reports whether the tests run at full length, which takes most of an hour.
func full() bool { return os.Getenv("FLUXTRAIL_E2E_FULL") == "1" }

// sized returns what the test uses by default, or at full length.
func sized[T any](short, long T) T {
	if full() {
		return long
	}
	return short
}

// held returns the lines that Loki holds of a cluster in [from, to), in steps that
// keep an answer small.
func held(t testing.TB, l *env.Loki, cluster string, from, to time.Time) lines {
	t.Helper()
	all := lines{}
	const step = 20 * time.Second
	for ; from.Before(to); from = from.Add(step) {
		end := from.Add(step)
		if end.After(to) {
			end = to
		}
		for _, e := range l.Entries(t, `{cluster="`+cluster+`"} | keep cluster`, from, end) {
			all.add([]byte(e.Line), e.Time)
		}
	}
	return all
}

// exactlyOnce fails the test unless Loki holds what was written and nothing else.
func exactlyOnce(t testing.TB, written, held lines) {
	t.Helper()
	lost, double, foreign := 0, 0, 0
	for h, w := range written {
		switch n := held[h].n; {
		case n < w.n:
			if lost += w.n - n; lost < 5 {
				t.Logf("lost: a line of %v", w.first)
			}
		case n > w.n:
			if double += n - w.n; double < 5 {
				t.Logf("double: a line of %v", w.first)
			}
		}
	}
	for h, c := range held {
		if written[h].n == 0 {
			foreign += c.n
		}
	}
	t.Logf("%d lines written, %d in Loki: %d lost, %d double, %d that nobody wrote", written.total(), held.total(), lost, double, foreign)
	if lost+double+foreign > 0 {
		t.Error("not exactly once")
	}
}

// shipLane picks the series of the lane that sends to Loki.
const shipLane = `lane="ship"`

// stuckAfter is how long nothing may happen while a test waits for the agent.
const stuckAfter = 90 * time.Second

// delivered waits until the agent has shipped so many lines, and then has nothing left.
// It may take as long as it takes, while there is progress.
func delivered(t testing.TB, a *env.AgentProcess, lines int) {
	t.Helper()
	clock := time.NewTicker(200 * time.Millisecond)
	defer clock.Stop()
	last, since := -1.0, time.Now()
	for now := range clock.C {
		sent := a.Sum(t, "fluxtrail_sent_lines_total", shipLane) + a.Sum(t, "fluxtrail_dropped_lines_total", shipLane)
		if int(sent) >= lines && done(t, a, "ship") {
			return
		}
		if sent != last {
			last, since = sent, now
		}
		if now.Sub(since) > stuckAfter {
			t.Fatalf("nothing was shipped for %v, after %v of %d lines\n%s\n%s", stuckAfter, sent, lines, losses(t, a), a.Log())
		}
	}
}

// done reports whether a lane is at the end of every file, by what it has saved.
func done(t testing.TB, a *env.AgentProcess, lane string) bool {
	t.Helper()
	files := 0
	for series, value := range a.Metrics(t) {
		if strings.HasPrefix(series, `fluxtrail_file_lag_bytes{`) && strings.Contains(series, `lane="`+lane+`"`) {
			if files++; value > 0 {
				return false
			}
		}
	}
	return files > 0
}

// pauseFor lets time pass: it is part of what the test is about.
func pauseFor(d time.Duration) { <-time.After(d) }
