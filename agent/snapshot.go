package agent

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"sync"

	"fluxtrail/agent/web"
	"fluxtrail/api"
	"fluxtrail/derive"
	"fluxtrail/derive/export"
	"fluxtrail/sinks/prom"
)

// snapshot is what the trail lane saved.
type snapshot struct {
	now  shown // as it is
	last lastState
}

// shown gives what requests are answered with. It is safe for concurrent use.
type shown func() (*web.Snapshot, error)

// showing is a snapshot that is made already.
func showing(s *web.Snapshot) shown { return func() (*web.Snapshot, error) { return s, nil } }

// lastState is the state as the last record left it: the whole of it, or, where it is large, what
// requests are answered with.
type lastState struct {
	state packed
	shown shown
}

func (l lastState) none() bool { return l.state == nil && l.shown == nil }

// maxLookBack is the size of a compressed state up to which a request may restore an engine of it:
// that takes some forty times as much memory. Of a larger one the lane makes the answers itself
// when it saves, which then is seldom.
const maxLookBack = 512 << 10

// lookBack restores the state as replay would tell it: as if the logs ended with their last record.
// The work is done by the server's goroutine, and the lane goes on meanwhile.
func (s *snapshot) lookBack(ctx context.Context, rules derive.Config) (*web.Snapshot, error) {
	if s.last.shown != nil {
		return s.last.shown()
	}
	state := trailState{Engine: derive.New(rules)}
	if err := s.last.state.decode(ctx, &state); err != nil {
		return nil, fmt.Errorf("read the state: %w", err)
	}
	return state.showLast()
}

// showLast makes what requests are answered with that ask for the state as of the last record. The
// engine is settled after that.
func (s *trailState) showLast() (*web.Snapshot, error) {
	s.Engine.Advance(s.Latest) // back from the wall's clock
	s.Engine.Settle()
	_, ended := s.Engine.Take()
	s.Ended = slices.Concat(s.Ended, ended)
	return s.show()
}

// show makes what requests are answered with.
func (s *trailState) show() (*web.Snapshot, error) {
	path := func(file int32) string { return s.Files[file].Path }
	return webSnapshot(export.New(s.Engine.View(), s.Engine.Config(), path), s.Ended)
}

// untilDone is a reader that fails when the context is done.
type untilDone struct {
	ctx context.Context
	io.Reader
}

func (r untilDone) Read(b []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.Reader.Read(b)
}

// webSnapshot puts a view on shelves. Incidents are the open ones and the latest of those that
// ended; those that opened at the same instant stand in the order in which they ended, as in
// replay's report.
func webSnapshot(x *export.Exporter, ended []*derive.Incident) (*web.Snapshot, error) {
	all := slices.Concat(ended, x.View.Open)
	slices.SortStableFunc(all, func(a, b *derive.Incident) int { return cmp.Compare(a.OpenedAt, b.OpenedAt) })
	s := &web.Snapshot{
		At: export.Time(x.View.At), Statuses: map[string]int{}, Objects: &web.Shelf{}, Incidents: &web.Shelf{},
	}
	for i := range x.View.Objects {
		o := x.Object(&x.View.Objects[i])
		s.Statuses[o.Status]++
		if err := s.Objects.Add(web.Entry{Ref: o.Ref, Status: o.Status}, &o, nil); err != nil {
			return nil, err
		}
	}
	for _, from := range all {
		i := x.Incident(from)
		e := web.Entry{Ref: i.Ref, Status: i.State, From: i.OpenedAt.UnixNano()}
		if !i.ResolvedAt.IsZero() {
			e.To = i.ResolvedAt.UnixNano()
		}
		if err := s.Incidents.Add(e, &i, texts(i.Evidence)); err != nil {
			return nil, err
		}
	}
	s.Objects.End()
	s.Incidents.End()
	return s, nil
}

// texts are the lines of evidence, which the JSON leaves out.
func texts(evidence []api.Evidence) []string {
	out := make([]string, len(evidence))
	for i := range evidence {
		out[i] = evidence[i].Text
	}
	return out
}

// keepLast keeps the state for requests that ask for it as the last record left it.
func (t *trail) keepLast(state packed) {
	if len(state) <= maxLookBack {
		t.last = lastState{state: state}
		return
	}
	back := t.trailState
	back.Engine = t.Engine.Copy()
	shown, err := back.showLast()
	if err != nil {
		t.log.Error("cannot show what was known at the last record", "err", err)
		return
	}
	t.last = lastState{shown: showing(shown)}
}

// publish shows the metrics and the snapshot. The snapshot as of the last record is kept beside the
// current one: it is what replay would tell.
func (t *trail) publish(state packed, agent prom.Agent) {
	t.slot.Publish(t.Counts, agent)
	if t.episodes != nil {
		t.status.episodes.Store(t.episodes)
		t.status.share.Store(t.shared)
	}
	if state == nil {
		return
	}
	if t.ended { // the lane changes nothing any more: the first request makes what it is answered with
		show := sync.OnceValues(t.show)
		t.status.snapshot.Store(&snapshot{now: show, last: lastState{shown: show}})
		return
	}
	if len(state) > maxLookBack { // what is made here takes as much memory as the engine does
		defer t.status.memory.spare()()
	}
	if t.fresh || t.told || t.last.none() {
		t.keepLast(state)
	}
	t.fresh, t.told = false, false
	now, err := t.show()
	if err != nil {
		t.log.Error("cannot show what is known", "err", err)
		return
	}
	t.status.snapshot.Store(&snapshot{now: showing(now), last: t.last})
}
