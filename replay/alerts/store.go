package alerts

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
	"github.com/prometheus/prometheus/util/annotations"
)

// store holds series in memory, as runs of what a scrape repeats. It belongs to one goroutine.
type store struct {
	byKey  map[string]*series
	byName map[string]*family
	until  int64 // time of the latest scrape, in milliseconds
	key    []byte
	deaf   bool // nobody reads what rules make
}

// family is the series of one name.
type family struct {
	all      []*series
	unsorted bool
}

func newStore() *store { return &store{byKey: map[string]*series{}, byName: map[string]*family{}} }

// find finds or begins the series of a name with labels.
func (s *store) find(name string, names, values []string) *series {
	k := append(append(s.key[:0], name...), 0xff)
	for i := range names {
		k = append(append(append(append(k, names[i]...), 0xff), values[i]...), 0xff)
	}
	s.key = k
	x := s.byKey[string(k)]
	if x == nil {
		b := labels.NewScratchBuilder(len(names) + 1)
		b.Add(model.MetricNameLabel, strings.Clone(name))
		for i := range names {
			if values[i] != "" {
				b.Add(strings.Clone(names[i]), strings.Clone(values[i]))
			}
		}
		b.Sort()
		x = s.begin(string(k), b.Labels())
	}
	return x
}

// of is the series with these labels.
func (s *store) of(l labels.Labels) *series {
	k := string(l.Bytes(s.key[:0]))
	if x := s.byKey[k]; x != nil {
		return x
	}
	return s.begin(k, l)
}

func (s *store) begin(key string, l labels.Labels) *series {
	x := &series{labels: l}
	s.byKey[key] = x
	f := s.byName[l.Get(model.MetricNameLabel)]
	if f == nil {
		f = &family{}
		s.byName[l.Get(model.MetricNameLabel)] = f
	}
	f.all, f.unsorted = append(f.all, x), true
	return x
}

// prune forgets what was before a time.
func (s *store) prune(before int64) {
	for key, x := range s.byKey {
		if x.prune(before); len(x.runs) == 0 {
			delete(s.byKey, key)
		}
	}
	for name, f := range s.byName {
		f.all = slices.DeleteFunc(f.all, func(x *series) bool { return len(x.runs) == 0 })
		if len(f.all) == 0 {
			delete(s.byName, name)
		}
	}
}

// sorted are the series in the order of their labels.
func (f *family) sorted() []*series {
	if f.unsorted {
		slices.SortFunc(f.all, func(a, b *series) int { return labels.Compare(a.labels, b.labels) })
		f.unsorted = false
	}
	return f.all
}

// stores are what a rule can read. They implement storage.Queryable.
type stores []*store

// Querier reads a span of time.
func (q stores) Querier(from, to int64) (storage.Querier, error) { return &querier{q, from, to}, nil }

type querier struct {
	stores   []*store
	from, to int64
}

// Select gives the series that match and have samples, in the order of their labels.
func (q *querier) Select(_ context.Context, _ bool, hints *storage.SelectHints, by ...*labels.Matcher) storage.SeriesSet {
	from, to, apart := q.from, q.to, int64(0)
	if hints != nil {
		from, to, apart = hints.Start, hints.End, thinned(hints)
	}
	found := &seriesSet{at: -1}
	for _, s := range q.stores {
		for _, f := range s.matching(by) {
			for _, x := range f.sorted() {
				if x.within(from, to) && matches(x.labels, by) {
					found.all = append(found.all, visible{x, min(to, s.until), apart})
				}
			}
		}
	}
	slices.SortStableFunc(found.all, func(a, b visible) int { return labels.Compare(a.of.labels, b.of.labels) })
	return found
}

// thinned is how far apart samples of one value may be for a function over a range that only asks
// which values there were, and in which order; 0 for any other. A window that reaches into a run
// has its first sample, its last one, or lies within: there, samples half a window apart are
// enough.
func thinned(h *storage.SelectHints) int64 {
	switch h.Func {
	case "max_over_time", "min_over_time", "last_over_time", "present_over_time", "absent_over_time", "changes", "resets":
		return h.Range / 2
	}
	return 0
}

// matching are the families whose name matches, in the order of their names.
func (s *store) matching(by []*labels.Matcher) (all []*family) {
	for _, m := range by {
		if m.Name == model.MetricNameLabel && m.Type == labels.MatchEqual {
			if f := s.byName[m.Value]; f != nil {
				all = append(all, f)
			}
			return all
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.byName)) {
		all = append(all, s.byName[name])
	}
	return all
}

func matches(l labels.Labels, by []*labels.Matcher) bool {
	for _, m := range by {
		if !m.Matches(l.Get(m.Name)) {
			return false
		}
	}
	return true
}

// LabelValues is not used by queries.
func (q *querier) LabelValues(context.Context, string, *storage.LabelHints, ...*labels.Matcher) (
	[]string, annotations.Annotations, error,
) {
	return nil, nil, nil
}

// LabelNames is not used by queries.
func (q *querier) LabelNames(context.Context, *storage.LabelHints, ...*labels.Matcher) (
	[]string, annotations.Annotations, error,
) {
	return nil, nil, nil
}

// Close does nothing.
func (q *querier) Close() error { return nil }

// visible is a series as far as a query may see it.
type visible struct {
	of    *series
	until int64
	apart int64 // samples within a run may be as far apart, 0 for all of them
}

// Labels are those of the series.
func (v visible) Labels() labels.Labels { return v.of.labels }

// Iterator begins before the first sample.
func (v visible) Iterator(it chunkenc.Iterator) chunkenc.Iterator {
	again, ok := it.(*samples[int64])
	if !ok {
		again = &samples[int64]{}
	}
	*again = samples[int64]{runs: v.of.runs, until: v.until, apart: v.apart}
	return again
}

type seriesSet struct {
	all []visible
	at  int
}

// Next moves to the next series.
func (s *seriesSet) Next() bool { s.at++; return s.at < len(s.all) }

// At is the current series.
func (s *seriesSet) At() storage.Series { return s.all[s.at] }

// Err is nil.
func (s *seriesSet) Err() error { return nil }

// Warnings are none.
func (s *seriesSet) Warnings() annotations.Annotations { return nil }

// appender takes the samples that rules make.
type appender struct {
	storage.Appender // nil: the methods below are all that rules use
	to               *store
}

// Append takes one sample.
func (a appender) Append(_ storage.SeriesRef, l labels.Labels, t int64, v float64) (storage.SeriesRef, error) {
	if n := l.ByteSize(); n > maxLabels {
		return 0, fmt.Errorf("the labels of a series have more than %d bytes", maxLabels)
	}
	if !a.to.deaf {
		a.to.of(l).add(t, v)
		a.to.until = max(a.to.until, t)
	}
	return 0, nil
}

// SetOptions has no options to set.
func (a appender) SetOptions(*storage.AppendOptions) {}

// Commit has nothing left to do.
func (a appender) Commit() error { return nil }

// Rollback is never called by rules.
func (a appender) Rollback() error { return nil }

// Appender implements storage.Appendable.
func (s *store) Appender(context.Context) storage.Appender { return appender{to: s} }

// byLabels orders alerts.
func byLabels(a, b map[string]string) int {
	for _, k := range union(a, b) {
		if c := cmp.Compare(a[k], b[k]); c != 0 {
			return c
		}
	}
	return 0
}

func union(a, b map[string]string) []string {
	var keys []string
	for k := range a {
		keys = append(keys, k)
	}
	for k := range b {
		if _, both := a[k]; !both {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	return keys
}
