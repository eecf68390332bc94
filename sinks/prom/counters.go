package prom

import (
	"strings"

	"fluxtrail/derive"
)

// labels are the values of a counter's labels, in the order of its family; what is beyond the
// family's labels does not count.
type labels [4]string

// group is the counters of one family.
type group map[labels]*counter

// counter is one series that only grows.
type counter struct {
	N     int64    `json:"n"`
	Since int64    `json:"since"` // when it began
	Last  exemplar `json:"last,omitzero"`
}

// count adds to a counter and returns it. Beyond the limit it is the one whose labels all say
// overflow.
func (s *State) count(family string, l labels, at, n int64) *counter {
	g := s.counts[family]
	c := g[l]
	if c == nil {
		c = s.admit(family, l, at, min(n, 1))
	}
	c.N += n
	return c
}

// admit finds or begins a series. updates is how many updates are counted as overflow if there is
// no room: a series that begins at zero is no update.
func (s *State) admit(family string, l labels, at, updates int64) *counter {
	g := s.counts[family]
	if g == nil {
		g = group{}
		s.counts[family] = g
	}
	for i := range l {
		l[i] = strings.Clone(clean(l[i]))
	}
	if g[l] == nil && len(g) >= s.cfg.Series && family != overflowFamily {
		l = labels{overflowLabel, overflowLabel, overflowLabel, overflowLabel}
		s.count(overflowFamily, labels{family}, at, updates)
	}
	if g[l] == nil {
		g[l] = &counter{Since: at}
	}
	return g[l]
}

// podCounters says which counter each number of a controller's pods goes to.
var podCounters = [...]struct {
	family string
	label  string
	of     func(*derive.PodCounts) int64
}{
	{linesFamily, "info", func(n *derive.PodCounts) int64 { return n.Info }},
	{linesFamily, "error", func(n *derive.PodCounts) int64 { return n.Error }},
	{linesFamily, "debug", func(n *derive.PodCounts) int64 { return n.Debug }},
	{linesFamily, "other", func(n *derive.PodCounts) int64 { return n.Other }},
	{eventsFamily, "restart", func(n *derive.PodCounts) int64 { return n.Restarts }},
	{eventsFamily, "panic", func(n *derive.PodCounts) int64 { return n.Panics }},
	{eventsFamily, "throttled", func(n *derive.PodCounts) int64 { return n.Throttled }},
	{eventsFamily, "leader", func(n *derive.PodCounts) int64 { return n.Leases }},
	{eventsFamily, "notification_failed", func(n *derive.PodCounts) int64 { return n.Unsent }},
	{eventsFamily, "too_many_objects", func(n *derive.PodCounts) int64 { return n.Excess }},
}

// Lines counts what the controllers wrote since the last call. A controller with zeros gets its
// series, too: Prometheus sees a counter's first increase only if it saw zero before.
func (s *State) Lines(counts []derive.ControllerCounts) {
	for i := range counts {
		for _, c := range podCounters {
			s.count(c.family, labels{counts[i].Controller, c.label}, counts[i].Since, c.of(&counts[i].PodCounts))
		}
	}
}
