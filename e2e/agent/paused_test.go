package agent

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fluxtrail/e2e/env"
)

// TestPaused stops the agent as a node without any processor time to give would, for less time than
// the oldest rotation is kept, and for more. What it could not see is lost, whole files of it, and
// each of them is counted; nothing else is.
func TestPaused(t *testing.T) {
	l, pods := env.StartLoki(t, env.Generous...), t.TempDir()
	a := env.StartAgent(t, env.Fluxtrail(t), pods, []string{"loki.url=" + l.URL, "agent.cluster=paused"})
	begin, feed := time.Now(), startFeed(t, pods, 2000)
	for _, long := range sized([]int{2, 10}, []int{1, 2, 3, 5, 10, 20, 60}) {
		pauseFor(3 * time.Second)
		a.Pause(t)
		pauseFor(time.Duration(long) * time.Second)
		a.Resume(t)
	}
	pauseFor(3 * time.Second)
	written := feed.end(t)
	pauseFor(2 * time.Second) // for the last lines to be seen
	env.Until(t, "both lanes to have read everything", func() bool { return done(t, a, "ship") && done(t, a, "trail") })
	lost, all := lostFiles(t, written, held(t, l, "paused", begin.Add(-time.Minute), time.Now().Add(time.Minute)))
	t.Logf("%d of %d files were lost", lost, all)
	if lost == 0 {
		t.Error("nothing was lost, although the agent slept while all files were replaced")
	}
	for _, lane := range []string{shipLane, `lane="trail"`} {
		n := a.Sum(t, "fluxtrail_lost_parts_total", lane)
		vanished := a.Sum(t, "fluxtrail_lost_parts_total", lane, `reason="vanished"`)
		if n != vanished || lane == shipLane && int(n) != lost {
			t.Errorf("%s counts %v lost, %v vanished\n%s", lane, n, vanished, losses(t, a))
		}
	}
	if !a.Said(t, `"reason":"vanished"`) {
		t.Error("the log does not tell of it")
	}
}

// TestDownWhileRotated kills the agent, and starts it when all files that it knew have been replaced.
// Nobody can know what came and went meanwhile: each log in which lines are missing is told of, and
// counted.
func TestDownWhileRotated(t *testing.T) {
	l, pods := env.StartLoki(t, env.Generous...), t.TempDir()
	a := env.StartAgent(t, env.Fluxtrail(t), pods, []string{"loki.url=" + l.URL, "agent.cluster=rotated"})
	begin, feed := time.Now(), startFeed(t, pods, 2000)
	for range sized(1, 5) {
		pauseFor(3 * time.Second)
		a.Kill()
		pauseFor(10 * time.Second)
		a.Start(t)
	}
	pauseFor(3 * time.Second)
	written := feed.end(t)
	pauseFor(2 * time.Second) // for the last lines to be seen
	env.Until(t, "both lanes to have read everything", func() bool { return done(t, a, "ship") && done(t, a, "trail") })
	loki := held(t, l, "rotated", begin.Add(-time.Minute), time.Now().Add(time.Minute))
	missing := map[int]int{}
	for h, w := range written {
		if n := w.n - loki[h].n; n > 0 {
			missing[w.file%maxLogs] += n
		}
	}
	if len(missing) != len(feed.logs) {
		t.Errorf("lines are missing in %d logs, want all %d", len(missing), len(feed.logs))
	}
	told := strings.Join(a.Told(t, "part of a log", 1000), "\n")
	for i, log := range feed.logs {
		if n := missing[i]; n > 0 && !strings.Contains(told, log.path) {
			t.Errorf("%d lines are missing in %s, and nothing tells of it\n%s", n, log.path, losses(t, a))
		}
	}
	for _, lane := range []string{shipLane, `lane="trail"`} {
		if n := a.Sum(t, "fluxtrail_lost_parts_total", lane); int(n) < sized(1, 5)*len(feed.logs) {
			t.Errorf("%s counts %v parts\n%s", lane, n, losses(t, a))
		}
	}
}

// lostFiles returns how many files were lost whole, of how many. It fails the test for one that was
// lost in part, and for lines that Loki has twice.
func lostFiles(t *testing.T, written, held lines) (lost, all int) {
	t.Helper()
	missing, lines := map[int]int{}, map[int]int{}
	for h, w := range written {
		lines[w.file] += w.n
		if n := w.n - held[h].n; n > 0 {
			missing[w.file] += n
		} else if n < 0 {
			t.Errorf("double: a line of %v", w.first)
		}
	}
	for file, n := range missing {
		if n != lines[file] {
			t.Errorf("%d of the %d lines of a file were lost", n, lines[file])
		}
	}
	return len(missing), len(lines)
}

// losses is what the agent counts and tells of what it did not deliver, and of what waits.
func losses(t testing.TB, a *env.AgentProcess) string {
	t.Helper()
	var out []string
	for series, value := range a.Metrics(t) {
		name, _, _ := strings.Cut(series, "{")
		counts := slices.Contains([]string{"fluxtrail_dropped_lines_total", "fluxtrail_lost_parts_total", "fluxtrail_file_lag_bytes"}, name)
		if counts && value > 0 {
			out = append(out, fmt.Sprint(series, " ", value))
		}
	}
	slices.Sort(out)
	return strings.Join(append(out, a.Told(t, "part of a log", 20)...), "\n")
}
