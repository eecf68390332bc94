package agent

import (
	"errors"
	"maps"
	"sync"

	"fluxtrail/api"
	"fluxtrail/sinks"
	"fluxtrail/sinks/loki"
	"fluxtrail/sinks/prom"
	"fluxtrail/tail"
)

// counts are what a lane did since its state began, over restarts. The sink counts while the job
// delivers, on another goroutine than the lane's, so every access is under the lock.
type counts struct {
	mu    sync.Mutex
	now   prom.Agent
	saved prom.Agent       // as of the last save; its maps are those of now
	base  map[string]int64 // redactions before this process
}

// restore goes on from saved counts.
func (c *counts) restore(lane string, saved prom.Agent, since int64) {
	c.base = saved.Redactions
	saved.Lane = lane
	if saved.Since == 0 {
		saved.Since = since
	}
	for _, m := range []*map[string]int64{&saved.Retries, &saved.DroppedLines, &saved.DroppedBytes, &saved.LostParts} {
		if *m == nil {
			*m = map[string]int64{}
		}
	}
	c.now, c.saved = saved, saved
}

// add counts something.
func (c *counts) add(f func(now *prom.Agent)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f(&c.now)
}

// sent counts lines that were delivered.
func (c *counts) sent(lines, bytes int64) {
	c.add(func(a *prom.Agent) { a.SentLines, a.SentBytes = a.SentLines+lines, a.SentBytes+bytes })
}

// dropped counts lines that will never be delivered.
func (c *counts) dropped(reason string, lines, bytes int64) {
	c.add(func(a *prom.Agent) {
		a.DroppedLines[reason] += lines
		a.DroppedBytes[reason] += bytes
	})
}

// lost counts what a file no longer had. Lines whose number is not known were one at least; where
// not even a byte is known to be lost, perhaps none.
func (c *counts) lost(loss tail.Loss) {
	lines := loss.Lines
	if lines < 0 {
		lines = min(1, loss.Bytes)
	}
	c.dropped(string(loss.Reason), lines, loss.Bytes)
	c.add(func(a *prom.Agent) { a.LostParts[string(loss.Reason)] += int64(max(1, loss.Logs)) })
}

// redacted takes over how many secrets this process took out, by kind.
func (c *counts) redacted(counts map[string]uint64) {
	c.add(func(a *prom.Agent) {
		a.Redactions = maps.Clone(c.base)
		if a.Redactions == nil {
			a.Redactions = map[string]int64{}
		}
		for kind, n := range counts {
			a.Redactions[kind] += int64(n)
		}
	})
}

// droppedLines are the lines that were dropped, by reason.
func (c *counts) droppedLines() map[string]int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return maps.Clone(c.now.DroppedLines)
}

// toSave are the counts as they are saved at a time, without what is found again on the disk.
func (c *counts) toSave(at int64) prom.Agent {
	c.mu.Lock()
	defer c.mu.Unlock()
	a := c.now
	a.SavedAt, a.Files, a.Unreadable = at, nil, 0
	return a
}

// publish shows the counts. Until the next checkpoint those of lines that were sent stay as they
// were saved: after a crash such lines are sent, and counted, again.
func (c *counts) publish(checkpoint bool, show func(prom.Agent)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if checkpoint {
		c.saved = c.now
	}
	a := c.saved
	a.Files, a.Unreadable = c.now.Files, c.now.Unreadable
	show(a)
}

// counters count what becomes of entries. The sink calls them while the job delivers.
func (l *lane) counters() loki.Counters {
	l.status.sinks.change("loki", func(*api.Sink) {}) // it got nothing yet
	return loki.Counters{
		Sent: func(entries, bytes int) {
			l.counts.sent(int64(entries), int64(bytes))
			l.status.step(l.name, delivering)
			l.status.blocked.Store(nil)
			l.status.sinks.note("loki", nil, l.now())
		},
		Dropped: func(reason string, entries, bytes int) {
			l.counts.dropped(reason, int64(entries), int64(bytes))
			l.status.step(l.name, delivering)
			l.status.blocked.Store(nil)
		},
		Late: func(entries int) { l.counts.add(func(a *prom.Agent) { a.LateLines += int64(entries) }) },
		Cut: func(bytes int) {
			l.counts.add(func(a *prom.Agent) {
				a.CutLines++
				a.DroppedBytes["cut"] += int64(bytes)
			})
		},
		Retried: func(class sinks.Class) {
			l.counts.add(func(a *prom.Agent) { a.Retries[string(class)]++ })
			l.status.step(l.name, delivering)
			l.status.blocked.CompareAndSwap(nil, &blocked{l.now(), string(class)})
			l.status.sinks.note("loki", errors.New(string(class)), l.now())
		},
	}
}
