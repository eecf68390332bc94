package prom

import (
	"fmt"

	"fluxtrail/derive"
)

// validate reports what no State saves: nothing in the place of an object, an object or a counter
// twice, counters below zero, and histograms that do not add up, which Prometheus would refuse. It
// is checked once, when it is loaded.
func (s *saved) validate() error {
	for family, list := range s.Counts {
		there := map[labels]bool{}
		for _, c := range list {
			if c.N < 0 || there[c.Labels] {
				return fmt.Errorf("%s%q is %d, or stands there twice", family, c.Labels, c.N)
			}
			there[c.Labels] = true
		}
	}
	for name, k := range s.Kinds {
		if k == nil || !k.Took.sound() {
			return fmt.Errorf("the durations of %s do not add up", name)
		}
	}
	there := map[derive.Ref]bool{}
	for i, o := range s.Objects {
		if o == nil || there[o.Ref] {
			return fmt.Errorf("object %d is none, or stands there twice", i)
		}
		there[o.Ref] = true
		if err := o.validate(); err != nil {
			return err
		}
	}
	if s.Others != nil {
		return s.Others.validate()
	}
	return nil
}

func (o *object) validate() error {
	if o.Failures < 0 || !o.Took.sound() || !o.Recovered.sound() {
		return fmt.Errorf("the counts of %s do not add up", o.Ref)
	}
	for reason, n := range o.Opened {
		if n < 0 {
			return fmt.Errorf("%s: %d incidents with reason %s", o.Ref, n, reason)
		}
	}
	return nil
}

// sound reports whether the buckets, whose indices go up, have what is counted; nil is.
func (h *histogram) sound() bool {
	if h == nil {
		return true
	}
	rest := h.Count - h.Zero
	for i, b := range h.Buckets {
		if b[1] < 0 || b[1] > rest || i > 0 && b[0] <= h.Buckets[i-1][0] {
			return false
		}
		rest -= b[1]
	}
	return h.Zero >= 0 && rest == 0
}
