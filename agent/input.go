package agent

import (
	"context"
	"log/slog"
	"time"

	"fluxtrail/sinks/prom"
	"fluxtrail/tail"
)

// input is what a lane reads from.
type input struct {
	follow *tail.Follower
	merger *merger
	polled time.Time // when the files were looked at last
	stale  bool      // the files were looked at since the merger read them
	change uint64    // of the set of logs that the merger knows
	broken string    // what could not be looked at, "" for nothing
}

// look finds out what happened on the disk, and what was lost there.
func (l *lane) look() {
	in := &l.input
	if now := l.now(); now.Sub(in.polled) >= l.cfg.poll {
		l.poll(now)
	}
	if in.stale {
		if !l.cfg.once {
			in.merger.now = l.now().UnixNano()
		}
		if change := in.follow.Change(); change != in.change {
			in.merger.sync(in.follow.Live(), l.job)
			in.change = change
		}
		in.merger.read(l.job)
		in.stale = false
	}
	if l.saving.at.IsZero() {
		l.status.publish(l.view(l.now())) // the first batch may wait for long
	}
}

func (l *lane) poll(now time.Time) {
	in := &l.input
	err := in.follow.Poll(now)
	in.polled, in.stale = now, true
	text := ""
	if err != nil {
		text = err.Error()
	}
	if text != in.broken && err != nil {
		l.log.Warn("cannot read all logs", "err", err)
	}
	if text != in.broken {
		l.saving.dirty = true // the metrics and the status page tell as soon as the log does
	}
	in.broken = text
	l.countLoss()
}

// watch looks at the disk during a delivery, and shows how far the lane is behind and what it lost.
func (l *lane) watch() {
	now := l.now()
	_ = l.input.follow.Poll(now) // the error comes again with the next look
	l.input.stale, l.input.polled = true, time.Time{}
	l.countLoss()
	l.status.publish(l.view(now))
	l.counts.publish(false, func(c prom.Agent) { l.job.publish(nil, c) })
}

// countLoss counts and logs what files no longer had.
func (l *lane) countLoss() {
	for _, loss := range l.input.follow.Loss() {
		l.counts.lost(loss)
		at := slog.LevelWarn
		if loss.Reason == tail.LossSkipped {
			at = slog.LevelInfo // as configured
		}
		l.log.Log(context.Background(), at, "part of a log was not delivered",
			"source", loss.Source, "path", loss.Path, "reason", string(loss.Reason), "bytes", loss.Bytes, "lines", loss.Lines,
			"at_least", loss.AtLeast, "from", loss.From, "to", loss.To)
	}
}
