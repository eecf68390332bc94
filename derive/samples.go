package derive

import (
	"math"
	"slices"
)

// maxSamples bounds what one object keeps. Up to this many attempts the quantiles are exact;
// beyond, every second sample is dropped and every second new one skipped, which keeps an even
// spread over time.
const maxSamples = 256

// Samples collects spans of time. Count and Max (in nanoseconds) are exact; quantiles rest on at
// least 128 evenly spread samples.
type Samples struct {
	Count int64
	Max   int64
	every int64
	kept  []sample
}

// sample is small because there are many: a time in seconds, a span in seconds.
type sample struct {
	at   uint32
	took float32
}

// Add takes a span and when it was observed, both in nanoseconds.
func (s *Samples) Add(at, took int64) {
	s.every = max(s.every, 1)
	if s.Count%s.every == 0 && len(s.kept) == maxSamples {
		s.thin()
	}
	if s.Count%s.every == 0 {
		s.kept = append(s.kept, sample{uint32(at / 1e9), float32(float64(took) / 1e9)})
	}
	s.Count++
	s.Max = max(s.Max, took)
}

func (s *Samples) thin() {
	for i := range maxSamples / 2 {
		s.kept[i] = s.kept[2*i]
	}
	s.kept = s.kept[:maxSamples/2]
	s.every *= 2
}

// maxSpread bounds what is sorted for the quantiles over many objects: beyond, every second span
// stands for two, and so on.
const maxSpread = 1 << 16

// Spread is a set of spans of which quantiles are asked, over one object or many. It can be reused
// after Reset.
type Spread struct {
	Count int64
	Max   float64 // seconds
	mid   uint32
	seen  int
	every int
	spans []weighted
}

// weighted is a span with what belongs to it, packed so that plain numbers can be sorted: the bits
// of a float32 of seconds (which sort like the numbers as long as none is negative), whether it was
// in the late half, and for how many observations it stands.
type weighted uint64

func (w weighted) took() float64 { return float64(math.Float32frombits(uint32(w >> 32))) }
func (w weighted) late() bool    { return w>>31&1 == 1 }
func (w weighted) weight() int64 { return int64(w & (1<<31 - 1)) }

// Reset empties the set; mid, in Unix nanoseconds, divides it into an early and a late half.
func (s *Spread) Reset(mid int64) {
	*s = Spread{mid: uint32(mid / 1e9), every: 1, spans: s.spans[:0]}
}

// Add takes all samples of an object.
func (s *Spread) Add(from *Samples) {
	s.Count += from.Count
	s.every = max(s.every, 1)
	s.Max = max(s.Max, float64(from.Max)/1e9)
	for _, x := range from.kept {
		s.seen++
		if s.seen%s.every != 0 {
			continue
		}
		if len(s.spans) == maxSpread {
			s.thin()
		}
		w := weighted(math.Float32bits(x.took))<<32 | weighted(from.every*int64(s.every))
		if x.at >= s.mid {
			w |= 1 << 31
		}
		s.spans = append(s.spans, w)
	}
}

func (s *Spread) thin() {
	for i := range maxSpread / 2 {
		s.spans[i] = s.spans[2*i] + s.spans[2*i]&(1<<31-1) // twice the weight
	}
	s.spans = s.spans[:maxSpread/2]
	s.every *= 2
}

// Quantiles of a Spread, in seconds: medians and 95th percentile of the whole, medians of the
// halves; 0 for what is empty. A quantile is the smallest span that at least its share of the
// observations does not exceed.
type Quantiles struct{ P50, P95, Early, Late float64 }

// Quantiles sorts the spans and reads them off.
func (s *Spread) Quantiles() Quantiles {
	slices.Sort(s.spans)
	var all, late int64
	for _, w := range s.spans {
		all += w.weight()
		if w.late() {
			late += w.weight()
		}
	}
	early := all - late
	var q Quantiles
	var sum, sumLate int64
	for _, w := range s.spans {
		was, wasLate := sum, sumLate
		sum += w.weight()
		if w.late() {
			sumLate += w.weight()
		}
		passes(&q.P50, w, was, sum, all, 50)
		passes(&q.P95, w, was, sum, all, 95)
		passes(&q.Early, w, was-wasLate, sum-sumLate, early, 50)
		passes(&q.Late, w, wasLate, sumLate, late, 50)
	}
	return q
}

// passes sets q when the running sum goes from below to above the percentage of the total.
func passes(q *float64, w weighted, was, now, total, percent int64) {
	if was*100 < total*percent && now*100 >= total*percent {
		*q = w.took()
	}
}
