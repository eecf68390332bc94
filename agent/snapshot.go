package agent

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"

	"fluxtrail/agent/web"
	"fluxtrail/api"
	"fluxtrail/derive"
	"fluxtrail/derive/export"
)

// snapshot is what the trail lane saved. A request restores an engine from it, so that the work of
// an answer is done by the server's goroutine and the lane goes on meanwhile.
type snapshot struct {
	now  packed // as it is
	last packed // as the last record left it
}

// read restores the state as it is now or, with last, as replay would tell it: as if the logs ended
// with their last record.
func (s *snapshot) read(ctx context.Context, rules derive.Config, last bool) (*web.Snapshot, error) {
	state := trailState{Engine: derive.New(rules)}
	text := s.now
	if last {
		text = s.last
	}
	if err := text.decode(ctx, &state); err != nil {
		return nil, fmt.Errorf("read the state: %w", err)
	}
	e := state.Engine
	if last {
		e.Advance(state.Latest) // back from the wall's clock
		e.Settle()
		_, ended := e.Take()
		state.Ended = append(state.Ended, ended...)
	}
	path := func(file int32) string { return state.Files[file].Path }
	return webSnapshot(export.New(e.View(), e.Config(), path), state.Ended), nil
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

// webSnapshot gives the parts of a view one at a time. Incidents are the open ones and the latest
// of those that ended; those that opened at the same instant stand in the order in which they
// ended, as in replay's report.
func webSnapshot(x *export.Exporter, ended []*derive.Incident) *web.Snapshot {
	all := slices.Concat(ended, x.View.Open)
	slices.SortStableFunc(all, func(a, b *derive.Incident) int { return cmp.Compare(a.OpenedAt, b.OpenedAt) })
	s := &web.Snapshot{At: export.Time(x.View.At), Statuses: map[string]int{}}
	for i := range x.View.Objects {
		s.Statuses[x.View.Objects[i].Status.String()]++
	}
	s.Objects = func(yield func(*api.Object) bool) {
		for i := range x.View.Objects {
			if o := x.Object(&x.View.Objects[i]); !yield(&o) {
				return
			}
		}
	}
	s.Incidents = func(yield func(*api.Incident) bool) {
		for _, i := range all {
			if i := x.Incident(i); !yield(&i) {
				return
			}
		}
	}
	return s
}
