package agent

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"

	"fluxtrail/api"
	"fluxtrail/derive"
	"fluxtrail/derive/export"
)

// story is what the trail lane saved. Who asks restores an engine of it, and so pays for the answer where it is asked for, on the server's side; the
// lane goes on meanwhile.
type story struct {
	now  packed // as it is
	last packed // as the last record left it
}

// chapter is a restored story, as report's builder makes its parts.
type chapter struct {
	*export.Exporter
	ended  []*derive.Incident
	latest int64
}

// read restores the story as it is now, or, when the logs are taken to be over with their last record, as replay would tell it.
func (s *story) read(cfg derive.Config, over bool) (*chapter, error) {
	state := trailState{Engine: derive.New(cfg)}
	text := s.now
	if over {
		text = s.last
	}
	if err := json.NewDecoder(text.unpack()).Decode(&state); err != nil {
		return nil, fmt.Errorf("read the state: %w", err)
	}
	e := state.Engine
	if over {
		e.Advance(state.Latest) // back from the wall's clock
		e.Settle()
		_, ended := e.Take()
		state.Ended = append(state.Ended, ended...)
	}
	path := func(file int32) string { return state.Files[file].Path }
	return &chapter{export.New(e.View(), e.Config(), path), state.Ended, state.Latest}, nil
}

// incidents are the open ones and the latest of those that ended, by opening. Those that opened at the same instant stand in the order in which
// they ended, as in replay's ledger.
func (c *chapter) incidents() []api.Incident {
	all := slices.Concat(c.ended, c.View.Open)
	slices.SortStableFunc(all, func(a, b *derive.Incident) int { return cmp.Compare(a.OpenedAt, b.OpenedAt) })
	out := make([]api.Incident, len(all))
	for i, x := range all {
		out[i] = c.Incident(x)
	}
	return out
}

// objects are all objects by kind, namespace and name.
func (c *chapter) objects() []api.Object {
	out := make([]api.Object, len(c.View.Objects))
	for i := range c.View.Objects {
		out[i] = c.Object(&c.View.Objects[i])
	}
	return out
}
