package agent

import (
	"slices"
	"testing"
	"time"

	"fluxtrail/e2e/env"
)

// TestLineIsSoonQueryable writes 10,000 lines per second and asks Loki over and over for
// the newest. A line can be queried, at the latest, when a newer one of its log can; so
// the figures include the time between two questions.
func TestLineIsSoonQueryable(t *testing.T) {
	const rate = 10_000
	l, pods := env.StartLoki(t, env.Generous...), t.TempDir()
	a := env.StartAgent(t, env.Fluxtrail(t), pods, []string{"loki.url=" + l.URL, "agent.cluster=soon"})
	begin, feed := time.Now(), startFeed(t, pods, rate)
	pauseFor(3 * time.Second) // the first lines also wait for the logs to be found
	seen, late := time.Now(), []time.Duration(nil)
	for end := seen.Add(sized(10*time.Second, time.Minute)); time.Now().Before(end); {
		newest := l.Newest(t, `{cluster="soon", app="kustomize-controller"}`, begin)
		now := time.Now()
		for ; seen.Before(newest); seen = seen.Add(time.Millisecond) {
			late = append(late, now.Sub(seen))
		}
	}
	written := feed.end(t)
	if len(late) == 0 {
		t.Fatal("no line could be queried")
	}
	slices.Sort(late)
	t.Logf("line to query at %d lines/s: p50 %v, p99 %v, at most %v; RSS %.1f MB", written.total()/int(time.Since(begin).Seconds()),
		late[len(late)/2].Round(time.Millisecond), late[len(late)*99/100].Round(time.Millisecond), late[len(late)-1].Round(time.Millisecond), a.RSS(t))
}
