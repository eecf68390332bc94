package agent

import (
	"fmt"
	"slices"
	"time"

	"fluxtrail/api"
	"fluxtrail/derive/export"
	"fluxtrail/sinks/prom"
	"fluxtrail/tail"
)

// view is what others may know of the lane. What the metrics show of files goes into the counts.
func (l *lane) view(now time.Time) *laneStatus {
	v := &laneStatus{Lane: api.Lane{
		Name: l.name, Running: true, At: api.Time{Time: now}, Trouble: l.saving.trouble,
		Dropped: l.counts.droppedLines(), Unread: []api.Unread{},
	}}
	for _, p := range l.input.follow.Problems() {
		v.Unread = append(v.Unread, api.Unread{Path: p.Path, Error: p.Error()})
	}
	lives := l.input.follow.Live()
	v.targets = make([]api.Target, 0, len(lives))
	files := make([]prom.FileLag, 0, len(lives))
	for _, live := range lives {
		t, since := l.target(live)
		v.targets = append(v.targets, t)
		v.LagBytes += t.LagBytes
		files = append(files, prom.FileLag{Path: t.Path, Bytes: t.LagBytes, WaitingSince: since})
	}
	v.Targets = len(v.targets)
	v.blind, v.why = l.sight(v, now)
	l.counts.add(func(a *prom.Agent) {
		a.Unreadable, a.Files = int64(len(v.Unread)), files
		v.SavedAt = export.Time(a.SavedAt)
	})
	return v
}

// sight is since when no log can be read although there are some, or should be, and why.
func (l *lane) sight(v *laneStatus, now time.Time) (since time.Time, why string) {
	reads := slices.ContainsFunc(v.targets, func(t api.Target) bool { return t.Error == "" })
	switch {
	case reads || len(v.Unread)+len(v.targets) == 0 && l.fluxPods() == 0:
		l.blind = time.Time{}
		return time.Time{}, ""
	case len(v.Unread) > 0:
		why = v.Unread[0].Error
	case len(v.targets) > 0:
		why = v.targets[0].Error
	default:
		why = fmt.Sprintf("the API server knows of %d pods of Flux here, and tail.include leads to no log of them", l.fluxPods())
	}
	if l.blind.IsZero() {
		l.blind = now
	}
	return l.blind, why
}

// target describes a log, and since when its oldest byte waits, in Unix nanoseconds: 0 for none.
func (l *lane) target(live *tail.Live) (api.Target, int64) {
	src, at, stat, lag := live.Source(), live.Place(), live.Stat(), live.Lag()
	ahead := l.input.merger.lag(src.Name)
	if lag.Bytes += ahead.Bytes; !ahead.Since.IsZero() { // what was read is older than what was not
		lag.Since = ahead.Since
	}
	t := api.Target{
		Namespace: src.Namespace, Pod: src.Pod, Container: src.Container, Path: at.Path, Format: stat.Format,
		Lines: stat.Lines, Bytes: stat.Bytes, Offset: live.Line().Offset, LagBytes: lag.Bytes,
	}
	if l.pods != nil {
		t.PodMeta, _ = l.pods(src.Namespace, src.Pod)
	}
	if n := len(src.Files); t.Path == "" && n > 0 {
		t.Path = src.Files[n-1].Path
	}
	if stat.Err != nil {
		t.Error = stat.Err.Error()
	}
	if lag.Since.IsZero() {
		return t, 0
	}
	t.WaitingSince = lag.Since.UTC().Format(time.RFC3339)
	return t, lag.Since.UnixNano()
}
