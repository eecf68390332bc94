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
	polled time.Time     // when the files were looked at last, zero for too long ago
	looked time.Time     // likewise, but never zeroed
	cost   time.Duration // of that
	stale  bool          // the files were looked at since the merger read them
	change uint64        // of the set of logs that the merger knows
	quiet  bool          // all logs were at their end when the merger read them
	stirs  uint64        // Follower.Stirs at that time
	passed int           // looks since then
	broken string        // what could not be looked at, "" for nothing
	unseen unseen
}

// look finds out what happened on the disk, and what was lost there.
func (l *lane) look() {
	in := &l.input
	now := l.now()
	if since := now.Sub(in.polled); since >= l.cfg.poll || since >= in.soonest() && in.follow.Stirred() {
		l.poll(now)
	}
	if in.stale && in.calm() {
		in.passed, in.stale = in.passed+1, false
	}
	if in.stale {
		if !l.cfg.once {
			in.merger.now = l.now().UnixNano()
		}
		if change := in.follow.Change(); change != in.change {
			in.merger.sync(in.follow.Live(), l.job)
			in.change = change
		}
		in.stirs, in.passed = in.follow.Stirs(), 0
		in.quiet = in.merger.read(l.job)
		in.stale = false
	}
	if l.saving.at.IsZero() {
		l.status.publish(l.view(l.now())) // the first batch may wait for long
	}
}

// readOn reports whether a log had no line for long and has to be read on at once, which the next
// look does then.
func (in *input) readOn() bool {
	in.stale = in.stale || in.merger.behind
	return in.merger.behind
}

// readEvery is how many looks at a quiet disk go with one try to read: at the usual four looks a
// second it is one in two seconds.
const readEvery = 8

// calm reports whether there is nothing to read, as far as the last look tells. To try to read each
// of a thousand logs takes longer than the look.
func (in *input) calm() bool {
	return in.quiet && in.follow.Stirs() == in.stirs && in.passed < readEvery-1
}

func (l *lane) poll(now time.Time) {
	in := &l.input
	err := in.follow.Poll(now)
	in.polled, in.looked, in.stale, in.cost = now, now, true, l.now().Sub(now)
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

// A new log is looked for at once, because it may be gone soon, but not so often that it takes more
// than a tenth of the time.
const (
	soonest    = 5 * time.Millisecond
	latest     = 50 * time.Millisecond // whatever the last look took
	watchEvery = 20 * time.Millisecond // while the lane waits for something else
)

// soonest is how long after the last look there may be another one for the sake of a new log.
func (in *input) soonest() time.Duration { return min(max(soonest, 10*in.cost), latest) }

// watch looks at the disk during a delivery, and shows how far the lane is behind and what it lost.
func (l *lane) watch() {
	if !l.lookOn() {
		return
	}
	l.countLoss()
	l.saveSeen(false)
	l.status.publish(l.view(l.now()))
	l.counts.publish(false, func(c prom.Agent) { l.job.publish(nil, c) })
}

// lookOn looks at the disk while the lane waits for something else, if it is time to: files that
// are rotated and deleted meanwhile have to be opened before they are gone.
func (l *lane) lookOn() bool {
	now, in := l.now(), &l.input
	if since := now.Sub(in.looked); since < l.cfg.poll && (since < in.soonest() || !in.follow.Stirred()) {
		return false
	}
	_ = in.follow.Poll(now) // the error comes again with the next look
	in.stale, in.polled, in.looked, in.cost = true, time.Time{}, now, l.now().Sub(now)
	return true
}

// countLoss counts and logs what files no longer had.
func (l *lane) countLoss() {
	losses := l.input.follow.Loss()
	for _, loss := range losses {
		l.counts.lost(loss)
	}
	for _, loss := range together(losses) {
		if loss.Reason == tail.LossVanished {
			l.input.unseen.add(loss)
		} else {
			l.tellLoss(&loss)
		}
	}
	for _, loss := range l.input.unseen.due(l.now()) {
		l.tellLoss(&loss)
	}
}

func (l *lane) tellLoss(loss *tail.Loss) {
	at := slog.LevelWarn
	if loss.Reason == tail.LossSkipped {
		at = slog.LevelInfo // as configured
	}
	text := "part of a log was not delivered"
	if loss.Perhaps() {
		text = "part of a log may not have been delivered"
	}
	about := []any{
		"source", loss.Source, "path", loss.Path, "reason", string(loss.Reason), "bytes", loss.Bytes, "at_least", loss.AtLeast,
	}
	if loss.Lines >= 0 {
		about = append(about, "lines", loss.Lines)
	}
	if loss.Logs > 0 {
		about = append(about, "logs", loss.Logs)
	}
	if !loss.From.IsZero() {
		about = append(about, "from", loss.From)
	}
	if !loss.To.IsZero() {
		about = append(about, "to", loss.To)
	}
	l.log.Log(context.Background(), at, text, about...)
}
