package prom

import (
	"encoding/json"
	"fmt"
	"slices"
)

// version is that of the saved form.
const version = 2

// saved is a State as JSON: maps as lists in a fixed order, so that equal States are equal bytes.
type saved struct {
	Version int                       `json:"version"`
	Now     int64                     `json:"now"`
	Counts  map[string][]savedCounter `json:"counts"` // by family
	Kinds   map[string]*kind          `json:"kinds"`
	Objects []*object                 `json:"objects"`
	Others  *object                   `json:"others"`
}

type savedCounter struct {
	Labels labels `json:"labels"`
	counter
}

// sorted is the family's counters, copied, by their labels.
func (g group) sorted() []savedCounter {
	out := make([]savedCounter, 0, len(g))
	for l, c := range g {
		out = append(out, savedCounter{l, *c})
	}
	slices.SortFunc(out, func(a, b savedCounter) int { return slices.Compare(a.Labels[:], b.Labels[:]) })
	return out
}

// MarshalJSON renders everything but the Config.
func (s *State) MarshalJSON() ([]byte, error) {
	out := saved{Version: version, Now: s.now, Counts: map[string][]savedCounter{}, Kinds: s.kinds, Others: s.others}
	for family, g := range s.counts {
		out.Counts[family] = g.sorted()
	}
	for _, o := range s.objects {
		out.Objects = append(out.Objects, o)
	}
	slices.SortFunc(out.Objects, func(a, b *object) int { return a.Ref.Compare(b.Ref) })
	return json.Marshal(out)
}

// UnmarshalJSON replaces everything but the Config. What is saved is kept even where it exceeds the
// limits of a Config that became stricter, because no counter may go back. On an error the State is
// empty.
func (s *State) UnmarshalJSON(data []byte) error {
	s.clear()
	var in saved
	if err := json.Unmarshal(data, &in); err != nil {
		return fmt.Errorf("read saved metrics: %w", err)
	}
	if in.Version != version {
		return fmt.Errorf("read saved metrics: version %d is not known, only %d; counters begin anew", in.Version, version)
	}
	if err := in.validate(); err != nil {
		return fmt.Errorf("read saved metrics: %w", err)
	}
	s.now = in.Now
	for family, list := range in.Counts {
		s.counts[family] = group{}
		for _, c := range list {
			s.counts[family][c.Labels] = &c.counter
		}
	}
	for name, k := range in.Kinds {
		s.kinds[name] = k
	}
	s.restore(in.Objects)
	if in.Others != nil {
		s.others = in.Others
	}
	return nil
}

func (s *State) restore(objects []*object) {
	for _, o := range objects {
		s.objects[o.Ref] = o
		if o.Took != nil {
			s.withHistogram++
		}
	}
}
