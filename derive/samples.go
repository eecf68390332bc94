package derive

import "slices"

// maxSamples bounds what one object keeps. Up to this many runs the quantiles are exact; beyond, every second sample is
// dropped and every second new one skipped, which keeps an even spread over time.
const maxSamples = 512

// Samples collects spans of time, in nanoseconds. Count and Max are exact; quantiles rest on at least 256 evenly spread samples.
type Samples struct {
	Count int64
	Max   int64
	every int64
	at    []int64
	took  []int64
}

// Add notes a span and when it was observed.
func (s *Samples) Add(at, took int64) {
	s.every = max(s.every, 1)
	if s.Count%s.every == 0 {
		if len(s.took) == maxSamples {
			s.thin()
		}
		if s.Count%s.every == 0 {
			s.at, s.took = append(s.at, at), append(s.took, took)
		}
	}
	s.Count++
	s.Max = max(s.Max, took)
}

func (s *Samples) thin() {
	for i := range maxSamples / 2 {
		s.at[i], s.took[i] = s.at[2*i], s.took[2*i]
	}
	s.at, s.took = s.at[:maxSamples/2], s.took[:maxSamples/2]
	s.every *= 2
}

// Each yields the kept samples with the number of observations that each stands for.
func (s *Samples) Each(f func(at, took, weight int64)) {
	for i := range s.took {
		f(s.at[i], s.took[i], s.every)
	}
}

// Weighted is a sample that stands for Weight observations.
type Weighted struct{ Value, Weight int64 }

// Quantile is the smallest value that at least a share q of the observations does not exceed. It sorts its argument.
func Quantile(w []Weighted, q float64) int64 {
	slices.SortFunc(w, func(a, b Weighted) int { return int(min(max(a.Value-b.Value, -1), 1)) })
	var total, sum int64
	for _, x := range w {
		total += x.Weight
	}
	for _, x := range w {
		sum += x.Weight
		if float64(sum) >= q*float64(total) {
			return x.Value
		}
	}
	return 0
}
