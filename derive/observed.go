package derive

import "math"

// Observed is what was observed and was not given to an engine yet: observations and listings, each
// in the order of time. The zero value is empty. It belongs to one goroutine.
type Observed struct {
	Observations []Observation `json:"observations,omitempty"`
	Listings     []Listing     `json:"listings,omitempty"`
}

// Next is the time of the first of both; beyond all times where there is none.
func (w *Observed) Next() int64 {
	next := int64(math.MaxInt64)
	if len(w.Observations) > 0 {
		next = w.Observations[0].At
	}
	if len(w.Listings) > 0 {
		next = min(next, w.Listings[0].At)
	}
	return next
}

// Before hands over what was so before a time, in the order of time, and reports whether there was
// anything. At equal times an observation comes after a record, and a listing after both. What
// observe gets lies in the memory of all observations.
func (w *Observed) Before(t int64, observe func(*Observation), list func(Listing)) bool {
	there := false
	for next := w.Next(); next < t; next = w.Next() {
		there = true
		if len(w.Observations) > 0 && w.Observations[0].At == next {
			first := &w.Observations[0]
			w.Observations = w.Observations[1:]
			observe(first)
			continue
		}
		first := w.Listings[0]
		w.Listings = w.Listings[1:]
		list(first)
	}
	return there
}

// Rewind has what was observed later than now be observed now: the clock was ahead, and what comes
// next would wait for it.
func (w *Observed) Rewind(now int64) {
	for i := range w.Observations {
		notAfter(now, &w.Observations[i].At)
	}
	for i := range w.Listings {
		notAfter(now, &w.Listings[i].At)
	}
}
