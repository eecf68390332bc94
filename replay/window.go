package replay

import (
	"context"
	"fmt"
	"time"

	"fluxtrail/derive"
	"fluxtrail/parse"
)

// Instant is a point in time: a time, one that depends on the end of the log, or, as the zero
// value, none.
type Instant struct {
	At     int64         // Unix nanoseconds
	Before time.Duration // before the log's end
	Clock  time.Time     // the latest such time of day, in its zone, that the log reaches
}

// relative reports whether the instant depends on the end of the log.
func (i Instant) relative() bool { return i.Before > 0 || !i.Clock.IsZero() }

// absolute is the instant when the log ends at end.
func (i Instant) absolute(end int64) Instant {
	switch {
	case i.Before > 0:
		return Instant{At: end - int64(i.Before)}
	case i.Clock.IsZero():
		return i
	}
	last := time.Unix(0, end).In(i.Clock.Location())
	hour, minute, second := i.Clock.Clock()
	at := time.Date(last.Year(), last.Month(), last.Day(), hour, minute, second, 0, last.Location())
	if at.After(last) {
		at = at.AddDate(0, 0, -1)
	}
	return Instant{At: at.UnixNano()}
}

// Settle turns instants that depend on the log's end into times, for a log that ends now, and opens
// the window so long before where it has no beginning.
func (f *Filter) Settle(now time.Time, span time.Duration) {
	end := now.UnixNano()
	f.Since, f.Until = f.Since.absolute(end), f.Until.absolute(end)
	if f.Until.At == 0 {
		f.Until.At = end
	}
	if f.Since.At == 0 {
		f.Since.At = f.Until.At - int64(span)
	}
}

// relative reports whether the window depends on the end of the log.
func (f *Filter) relative() bool { return f.Since.relative() || f.Until.relative() }

// settle turns instants that depend on the log's end into times. That takes a look at all records
// first.
func (f *Filter) settle(ctx context.Context, in reading) error {
	stats, err := in.look(ctx)
	if err != nil {
		return err
	}
	end := lastRecord(stats)
	f.Since, f.Until = f.Since.absolute(end), f.Until.absolute(end)
	return nil
}

// look reads everything to know what the files hold. A reading that stops at a file out of order
// has not seen the end: it is done again.
func (in reading) look(ctx context.Context) ([]fileStats, error) {
	in.tick = func(int64) {}
	for {
		stats, disordered, err := in.merge(ctx, func(*parse.Record, derive.Place) {})
		if err != nil || len(disordered) == 0 {
			return stats, err
		}
		in.again(disordered)
	}
}

// checkWindow refuses a window in which nothing can be: it would look like an all-clear.
func checkWindow(f Filter, stats []fileStats) error {
	from, to := firstRecord(stats), lastRecord(stats)
	show := func(t int64) string { return derive.Instant(t).UTC().Format(time.RFC3339) }
	switch since, until := f.Since.At, f.Until.At; {
	case since != 0 && until != 0 && since > until:
		return fmt.Errorf("--since is later than --until: %s, %s", show(since), show(until))
	case to == 0:
		return nil
	case since > to:
		return fmt.Errorf("--since %s is after the end of the log, %s", show(since), show(to))
	case until != 0 && until < from:
		return fmt.Errorf("--until %s is before the beginning of the log, %s", show(until), show(from))
	}
	return nil
}

// firstRecord is the time of the earliest record in all files.
func firstRecord(stats []fileStats) (first int64) {
	for _, st := range stats {
		if !st.apart && st.first != 0 && (first == 0 || st.first < first) {
			first = st.first
		}
	}
	return first
}

// lastRecord is the time of the latest record in all files.
func lastRecord(stats []fileStats) (last int64) {
	for _, st := range stats {
		if !st.apart {
			last = max(last, st.last)
		}
	}
	return last
}

// windower begins the report's window when the first record of it comes: what was before only
// serves to know the state at its beginning.
type windower struct{ from int64 }

func (w *windower) cross(e *derive.Engine, t int64) {
	if w.from != 0 && t >= w.from {
		e.Advance(w.from)
		e.BeginWindow()
		w.from = 0
	}
}
