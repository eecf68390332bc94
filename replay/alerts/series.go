package alerts

import (
	"math"
	"sort"

	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/value"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
)

// series is the samples of one series. Samples at equal distances that have one value are one run,
// so that what does not change takes no memory.
type series struct {
	labels labels.Labels
	runs   []run
	open   bool  // the last run goes on with every scrape
	seen   int64 // time of the step that it was in last
}

// run is samples of one value from one time to another. Times are in milliseconds.
type run struct {
	from, to int64
	step     int64 // 0 for a single sample
	value    float64
}

// forever ends a run that goes on.
const forever = math.MaxInt64

func stale() float64 { return math.Float64frombits(value.StaleNaN) }

func same(a, b float64) bool { return math.Float64bits(a) == math.Float64bits(b) }

// set says that from the scrape at t on the series has a value.
func (s *series) set(t int64, v float64, step int64) {
	if n := len(s.runs); s.open {
		last := &s.runs[n-1]
		if same(last.value, v) {
			return
		}
		last.to = t - step
	}
	s.runs = append(s.runs, run{t, forever, step, v})
	s.open = true
}

// end says that the scrape at t no longer has the series.
func (s *series) end(t, step int64) {
	if !s.open {
		return
	}
	s.runs[len(s.runs)-1].to = t - step
	s.runs = append(s.runs, run{t, t, 0, stale()})
	s.open = false
}

// add appends a single sample. Of two at one time the later one counts.
func (s *series) add(t int64, v float64) {
	n := len(s.runs)
	if n == 0 {
		s.runs = append(s.runs, run{t, t, 0, v})
		return
	}
	last := &s.runs[n-1]
	switch {
	case t <= last.to && last.from == last.to:
		last.value = v
	case t <= last.to:
		last.to -= last.step
		s.runs = append(s.runs, run{t, t, 0, v})
	case same(last.value, v) && (last.step == 0 || t-last.to == last.step):
		last.step, last.to = t-last.to, t
	default:
		s.runs = append(s.runs, run{t, t, 0, v})
	}
}

// prune forgets what was before a time.
func (s *series) prune(before int64) {
	n := sort.Search(len(s.runs), func(i int) bool { return s.runs[i].to >= before })
	if n > 0 {
		s.runs = append(s.runs[:0:0], s.runs[n:]...)
	}
}

// within reports whether there may be samples in a span of time.
func (s *series) within(from, to int64) bool {
	n := len(s.runs)
	return n > 0 && s.runs[0].from <= to && s.runs[n-1].to >= from
}

// samples iterates over the samples up to a time. samples[int64] implements chunkenc.Iterator; T is
// there because go vet takes any Seek(int64) for that of package io.
type samples[T ~int64] struct {
	runs  []run
	until int64
	i     int // run
	t     int64
	apart int64 // see visible
	begun bool
	ended bool
}

// Next moves on by one sample.
func (it *samples[T]) Next() chunkenc.ValueType {
	switch {
	case it.ended:
		return chunkenc.ValNone
	case !it.begun:
		it.begun = true
		return it.at(0)
	}
	r := &it.runs[it.i]
	if end := min(r.to, it.until); r.step > 0 && it.t+r.step <= end {
		it.t += r.step
		if far := it.apart/r.step*r.step - r.step; far > 0 {
			it.t += min(far, (end-it.t)/r.step*r.step)
		}
		return chunkenc.ValFloat
	}
	return it.at(it.i + 1)
}

// at moves to the first sample of a run.
func (it *samples[T]) at(i int) chunkenc.ValueType {
	if i >= len(it.runs) || it.runs[i].from > it.until {
		it.ended = true
		return chunkenc.ValNone
	}
	it.i, it.t = i, it.runs[i].from
	return chunkenc.ValFloat
}

// Seek moves to the first sample that is not before t, unless it is there or further on already.
func (it *samples[T]) Seek(to T) chunkenc.ValueType {
	if it.ended {
		return chunkenc.ValNone
	}
	t := int64(to)
	if it.begun && it.t >= t {
		return chunkenc.ValFloat
	}
	rest := it.runs[it.i:]
	i := it.i + sort.Search(len(rest), func(i int) bool { return rest[i].to >= t })
	it.begun = true
	if it.at(i) == chunkenc.ValNone {
		return chunkenc.ValNone
	}
	r := &it.runs[i]
	if it.t < t {
		it.t += (t - it.t + r.step - 1) / r.step * r.step
	}
	if it.t > min(r.to, it.until) {
		return it.at(i + 1)
	}
	return chunkenc.ValFloat
}

// At is the current sample.
func (it *samples[T]) At() (int64, float64) { return it.t, it.runs[it.i].value }

// AtT is the time of the current sample.
func (it *samples[T]) AtT() int64 { return it.t }

// AtST is when the counter began, which is not known to a scrape in the text format.
func (it *samples[T]) AtST() int64 { return 0 }

// AtHistogram is never asked for: all samples are floats.
func (it *samples[T]) AtHistogram(*histogram.Histogram) (int64, *histogram.Histogram) { return 0, nil }

// AtFloatHistogram is never asked for, either.
func (it *samples[T]) AtFloatHistogram(*histogram.FloatHistogram) (int64, *histogram.FloatHistogram) {
	return 0, nil
}

// Err is nil: there is nothing to fail.
func (it *samples[T]) Err() error { return nil }
