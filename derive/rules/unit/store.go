package unit

import (
	"context"
	"slices"
	"sort"

	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
	"github.com/prometheus/prometheus/tsdb/chunks"
	"github.com/prometheus/prometheus/util/annotations"
)

// sample is a float at a time in milliseconds.
type sample struct {
	t int64
	v float64
}

// T is the time.
func (s sample) T() int64 { return s.t }

// ST is the time when a counter began: none.
func (s sample) ST() int64 { return 0 }

// F is the value.
func (s sample) F() float64 { return s.v }

// H is no histogram.
func (s sample) H() *histogram.Histogram { return nil }

// FH is no histogram.
func (s sample) FH() *histogram.FloatHistogram { return nil }

// Type is that of floats.
func (s sample) Type() chunkenc.ValueType { return chunkenc.ValFloat }

// Copy is the sample itself.
func (s sample) Copy() chunks.Sample { return s }

// store is the series of one test, those that rules make included. It is not that of package
// replay/alerts, which lies above this one and keeps a day of what a scrape repeats as runs: a test
// has a few samples, each given by itself, and a list of them is simpler.
type store struct {
	series map[uint64]*series
}

type series struct {
	labels  labels.Labels
	samples []chunks.Sample
}

func newStore() *store { return &store{series: map[uint64]*series{}} }

func (s *store) add(l labels.Labels, t int64, v float64) {
	of := s.series[l.Hash()]
	if of == nil {
		of = &series{labels: l}
		s.series[l.Hash()] = of
	}
	if n := len(of.samples); n > 0 && of.samples[n-1].T() == t {
		of.samples = of.samples[:n-1]
	}
	of.samples = append(of.samples, sample{t, v})
}

// Querier implements storage.Queryable.
func (s *store) Querier(from, to int64) (storage.Querier, error) { return querier{s, from, to}, nil }

type querier struct {
	store    *store
	from, to int64
}

// Select gives the series that all matchers fit, in the order of their labels.
func (q querier) Select(_ context.Context, _ bool, _ *storage.SelectHints, by ...*labels.Matcher) storage.SeriesSet {
	var found []storage.Series
	for _, s := range q.store.series {
		if slices.ContainsFunc(by, func(m *labels.Matcher) bool { return !m.Matches(s.labels.Get(m.Name)) }) {
			continue
		}
		first := sort.Search(len(s.samples), func(i int) bool { return s.samples[i].T() >= q.from })
		last := sort.Search(len(s.samples), func(i int) bool { return s.samples[i].T() > q.to })
		if first < last {
			found = append(found, storage.NewListSeries(s.labels, s.samples[first:last]))
		}
	}
	slices.SortFunc(found, func(a, b storage.Series) int { return labels.Compare(a.Labels(), b.Labels()) })
	return &set{all: found, at: -1}
}

// LabelValues is asked by nobody who evaluates rules.
func (q querier) LabelValues(context.Context, string, *storage.LabelHints, ...*labels.Matcher) ([]string, annotations.Annotations, error) {
	return nil, nil, nil
}

// LabelNames is asked by nobody who evaluates rules.
func (q querier) LabelNames(context.Context, *storage.LabelHints, ...*labels.Matcher) ([]string, annotations.Annotations, error) {
	return nil, nil, nil
}

// Close has nothing to close.
func (q querier) Close() error { return nil }

type set struct {
	all []storage.Series
	at  int
}

// Next implements storage.SeriesSet.
func (s *set) Next() bool { s.at++; return s.at < len(s.all) }

// At implements storage.SeriesSet.
func (s *set) At() storage.Series { return s.all[s.at] }

// Err implements storage.SeriesSet.
func (s *set) Err() error { return nil }

// Warnings implements storage.SeriesSet.
func (s *set) Warnings() annotations.Annotations { return nil }

// Appender implements storage.Appendable.
func (s *store) Appender(context.Context) storage.Appender { return appender{to: s} }

// appender takes what rules record.
type appender struct {
	storage.Appender // nil: rules use the methods below alone
	to               *store
}

// Append takes one sample.
func (a appender) Append(_ storage.SeriesRef, l labels.Labels, t int64, v float64) (storage.SeriesRef, error) {
	a.to.add(l, t, v)
	return 0, nil
}

// SetOptions has no options to set.
func (a appender) SetOptions(*storage.AppendOptions) {}

// Commit has nothing left to do.
func (a appender) Commit() error { return nil }

// Rollback is never called by rules.
func (a appender) Rollback() error { return nil }
