package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"

	"fluxtrail/api"
	"fluxtrail/derive"
)

// story is what the trail lane saved. Who asks restores an engine of it, and so pays for the answer where it is asked for, on the server's side; the
// lane goes on meanwhile.
type story struct {
	now  packed // as it is
	last packed // as the last record left it
}

// chapter is a restored story, as report's builder makes its parts.
type chapter struct {
	builder
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
	c := &chapter{ended: state.Ended, latest: state.Latest}
	c.view, c.cfg, c.evidence = e.View(), e.Config(), true
	for _, f := range state.Files {
		c.files = append(c.files, api.File{Path: f.Path})
	}
	return c, nil
}

// incidents are the open ones and the latest of those that ended, by opening. Those that opened at the same instant stand in the order in which
// they ended, as in replay's ledger.
func (c *chapter) incidents() []api.Incident {
	all := slices.Concat(c.ended, c.view.Open)
	slices.SortStableFunc(all, func(a, b *derive.Incident) int { return cmp.Compare(a.OpenedAt, b.OpenedAt) })
	out := make([]api.Incident, len(all))
	for i, x := range all {
		out[i] = c.incident(x)
	}
	return out
}
