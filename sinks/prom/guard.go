package prom

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"fluxtrail/derive"
)

// labels are the values of a counter's labels, in the order of its family; what is beyond the family's labels does not count.
type labels [4]string

// group is the counters of one family.
type group map[labels]*counter

// counter is one series that only grows.
type counter struct {
	N     int64    `json:"n"`
	Since int64    `json:"since"` // when it began
	Last  exemplar `json:"last,omitzero"`
}

// count adds to a counter and returns it. Beyond the limit it is the one whose labels all say overflow.
func (s *State) count(family string, l labels, at, n int64) *counter {
	g := s.counts[family]
	c := g[l]
	if c == nil {
		c = s.admit(family, l, at, min(n, 1))
	}
	c.N += n
	return c
}

// admit finds or begins a series. updates is how many updates of it are counted if there is no room: a series that is shown from zero on is none.
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
		l = labels{overflow, overflow, overflow, overflow}
		s.count(overflowFamily, labels{family}, at, updates)
	}
	if g[l] == nil {
		g[l] = &counter{Since: at}
	}
	return g[l]
}

// podKey is how a pod is known again in the next View.
type podKey struct{ Controller, Name string }

// podCounts are a pod's numbers as the latest View had them, so that only what is new is counted.
type podCounts struct {
	n     [9]int64
	round uint64
}

// exact is a text that JSON brings back as it was, and that no other text becomes. Names of pods are read from paths.
func exact(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return strconv.QuoteToASCII(s)
}

// podCounters says where the numbers of a pod go.
var podCounters = [9]struct {
	family string
	label  string
	of     func(*derive.Pod) int64
}{
	{linesFamily, "info", func(p *derive.Pod) int64 { return p.Info }},
	{linesFamily, "error", func(p *derive.Pod) int64 { return p.Error }},
	{linesFamily, "debug", func(p *derive.Pod) int64 { return p.Debug }},
	{linesFamily, "other", func(p *derive.Pod) int64 { return p.Other }},
	{eventsFamily, "restart", func(p *derive.Pod) int64 { return p.Restarts }},
	{eventsFamily, "panic", func(p *derive.Pod) int64 { return p.Panics }},
	{eventsFamily, "throttled", func(p *derive.Pod) int64 { return p.Throttled }},
	{eventsFamily, "leader", func(p *derive.Pod) int64 { return p.Leases }},
	{eventsFamily, "notification_failed", func(p *derive.Pod) int64 { return p.Unsent }},
}

func (s *State) pod(p *derive.Pod, was *podCounts) {
	for i, c := range podCounters {
		n := c.of(p)
		delta := n - was.n[i]
		if delta < 0 {
			delta = n
		}
		was.n[i] = n
		s.count(c.family, labels{p.Controller, c.label}, s.now, delta)
	}
}

// hear counts what the pods' logs got since the View before. A number that went back is that of a pod that the engine began to count
// anew, and counts in full. Pods are forgotten together with the engine's; their controller's counters stay.
func (s *State) hear(pods []*derive.Pod) {
	for _, p := range pods {
		key := podKey{exact(p.Controller), exact(p.Name)}
		if s.pods[key] == nil {
			s.pods[key] = &podCounts{}
		}
		s.pods[key].round = s.round
		s.pod(p, s.pods[key])
	}
	for key, p := range s.pods {
		if p.round != s.round {
			delete(s.pods, key)
		}
	}
}
