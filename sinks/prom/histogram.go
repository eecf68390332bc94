package prom

import (
	"math"
	"slices"
	"sort"
)

// histogram counts spans of time in exponential buckets, eight for each power of two: Prometheus'
// native histogram of schema 3. Powers of four are bounds of such buckets too, so classic buckets
// are sums of native ones and need no counters of their own. The sum is in whole nanoseconds:
// exact, in whatever order and over however many restarts it was added up.
type histogram struct {
	Count     int64      `json:"count"`
	Sum       int64      `json:"sum"`
	Zero      int64      `json:"zero,omitempty"` // spans up to zeroThreshold
	Buckets   []bucket   `json:"buckets,omitempty"`
	Exemplars []exemplar `json:"exemplars,omitempty"` // at most one for each classic bucket, oldest first
}

// bucket is an index and its count. The upper bound of index i is 2^(i/8) seconds, inclusive.
type bucket [2]int64

const (
	schema        = 3
	perOctave     = 1 << schema
	zeroThreshold = 1.0 / 1024 // seconds; nothing that a controller does is faster
)

// fractions are the bounds within an octave, as math.Frexp gives them.
var fractions = func() (f [perOctave]float64) {
	for i := range f {
		f[i] = math.Exp2(float64(i)/perOctave - 1)
	}
	return f
}()

// bucketOf is the index of the bucket that a positive number of seconds falls into.
func bucketOf(seconds float64) int64 {
	frac, exp := math.Frexp(seconds)
	return int64(sort.SearchFloat64s(fractions[:], frac)) + int64(exp-1)*perOctave
}

// observe counts a span in nanoseconds, and keeps the exemplar, if it has an ID, as one of the
// latest keep.
func (h *histogram) observe(span int64, x exemplar, keep int) {
	span = max(span, 0)
	seconds := float64(span) / 1e9
	h.Count++
	h.Sum += span
	if seconds <= zeroThreshold {
		h.Zero++
	} else {
		h.increment(bucketOf(seconds))
	}
	if !x.none() {
		x.Value = seconds
		h.addExemplar(x, keep)
	}
}

func (h *histogram) increment(index int64) {
	i, found := slices.BinarySearchFunc(h.Buckets, index, func(b bucket, want int64) int { return int(b[0] - want) })
	if !found {
		h.Buckets = slices.Insert(h.Buckets, i, bucket{index})
	}
	h.Buckets[i][1]++
}

// addExemplar replaces the exemplar of the same classic bucket, else the oldest when there are
// enough.
func (h *histogram) addExemplar(x exemplar, keep int) {
	same := func(y exemplar) bool { return powerOf(y.Value) == powerOf(x.Value) }
	if i := slices.IndexFunc(h.Exemplars, same); i >= 0 {
		h.Exemplars = slices.Delete(h.Exemplars, i, i+1)
	} else if len(h.Exemplars) >= keep {
		h.Exemplars = slices.Delete(h.Exemplars, 0, 1)
	}
	h.Exemplars = append(h.Exemplars, x)
}

// powerOf is the exponent of the lowest power of four that is not below a number of seconds: its
// classic bucket.
func powerOf(seconds float64) int {
	if seconds <= zeroThreshold {
		return -2 * schema
	}
	return int(math.Ceil(float64(bucketOf(seconds)) / (2 * perOctave)))
}

// upTo counts the spans that are not longer than a power of four.
func (h *histogram) upTo(power int) uint64 {
	n := h.Zero
	for _, b := range h.Buckets {
		if b[0] > int64(power)*2*perOctave {
			break
		}
		n += b[1]
	}
	return uint64(n)
}

func (h *histogram) clone() *histogram {
	if h == nil {
		return nil
	}
	c := *h
	c.Buckets, c.Exemplars = slices.Clone(h.Buckets), slices.Clone(h.Exemplars)
	return &c
}
