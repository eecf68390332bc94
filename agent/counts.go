package agent

import (
	"fluxtrail/sinks"
	"fluxtrail/sinks/loki"
	"fluxtrail/sinks/prom"
)

// counters count what becomes of entries. The sink calls them while the job delivers.
func (l *lane) counters() loki.Counters {
	count := func(f func(*prom.Agent)) {
		l.counts.Lock()
		defer l.counts.Unlock()
		f(&l.agent)
	}
	return loki.Counters{
		Sent: func(entries, bytes int) {
			count(func(a *prom.Agent) { a.SentLines, a.SentBytes = a.SentLines+int64(entries), a.SentBytes+int64(bytes) })
			l.status.blocked.Store(nil)
		},
		Dropped: func(reason string, entries, bytes int) {
			count(func(a *prom.Agent) {
				a.DroppedLines[reason] += int64(entries)
				a.DroppedBytes[reason] += int64(bytes)
			})
			l.status.blocked.Store(nil)
		},
		Late: func(entries int) { count(func(a *prom.Agent) { a.LateLines += int64(entries) }) },
		Cut: func(bytes int) {
			count(func(a *prom.Agent) {
				a.CutLines++
				a.DroppedBytes["cut"] += int64(bytes)
			})
		},
		Retried: func(class sinks.Class) {
			count(func(a *prom.Agent) { a.Retries[string(class)]++ })
			l.status.blocked.CompareAndSwap(nil, &blocked{l.now(), string(class)})
		},
	}
}
