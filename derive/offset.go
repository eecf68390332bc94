package derive

import (
	"cmp"
	"slices"
	"time"
)

// clocks are the latest times at which an object's log showed an outcome, and at which its Ready
// condition was written: what the clocks of both are compared by.
type clocks struct {
	ended   moments
	written moments
	last    int64 // transition that was seen last
}

// moments are the latest of some times, each with whether it was a success.
type moments struct {
	at   [48]int64
	good [48]bool
	n    int
}

func (m *moments) add(at int64, good bool) {
	i := m.n % len(m.at)
	m.at[i], m.good[i] = at, good
	m.n++
}

func (m *moments) len() int { return min(m.n, len(m.at)) }

// noteOutcome keeps when the log showed an outcome.
func (e *Engine) noteOutcome(o *Object, x outcome, at int64) {
	if !e.cfg.CompareClocks || x != succeeded && !x.isFailure() {
		return
	}
	if o.clocks == nil {
		o.clocks = &clocks{}
	}
	o.clocks.ended.add(at, x == succeeded)
}

// noteWritten keeps when a condition was written, as far as it was written anew.
func (e *Engine) noteWritten(o *Object, c Condition) {
	if !e.cfg.CompareClocks || c.Since == 0 || c.Status == "Unknown" {
		return
	}
	if o.clocks == nil {
		o.clocks = &clocks{}
	}
	if k := o.clocks; k.last != c.Since {
		k.last = c.Since
		k.written.add(c.Since, c.Status == "True")
	}
}

const (
	farthest  = 15 * time.Minute // beyond this clocks are not compared
	leastSeen = 5                // pairs that an offset must rest on
)

// ClockOffset is by how much the clock of the log is ahead of that of the conditions, as far as
// pairs of both tell steadily; 0 where they agree or nothing can be told. A condition has the time
// of its attempt's end in whole seconds. It needs Config.CompareClocks.
func (e *Engine) ClockOffset() time.Duration {
	count, all := map[int64]int{}, 0
	spans := map[int64][]int64{}
	for _, o := range e.inOrder() {
		if o.clocks == nil {
			continue
		}
		w, t := &o.clocks.written, &o.clocks.ended
		all += w.len()
		for i := range w.len() {
			for second, span := range o.clocks.spans(i, t) {
				count[second]++
				spans[second] = append(spans[second], span)
			}
		}
	}
	best, most := int64(0), count[0]+count[1]
	for _, second := range sortedKeys(count) {
		if n := count[second] + count[second+1]; n > most {
			best, most = second, n
		}
	}
	near := count[-1] + count[0] + count[1]
	if most < leastSeen || most*2 < all || most-near < max(3, all/4) || -5 < best && best < 5 {
		return 0
	}
	both := slices.Sorted(slices.Values(slices.Concat(spans[best], spans[best+1])))
	const cut = time.Second / 2 // on average, of times in whole seconds
	return (time.Duration(both[len(both)/2]) - cut).Round(time.Second / 10)
}

// spans are the times between one writing of the condition and the outcomes that are alike, by
// second. Each second is there once.
func (c *clocks) spans(i int, t *moments) map[int64]int64 {
	found := map[int64]int64{}
	for k := range t.len() {
		d := t.at[k] - c.written.at[i]
		if t.good[k] != c.written.good[i] || d > int64(farthest) || d < -int64(farthest) {
			continue
		}
		second := d / int64(time.Second)
		if d < 0 {
			second--
		}
		found[second] = d
	}
	return found
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K {
	var keys []K
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// Strangers reports whether there is evidence beside the log about objects of controllers that the
// log is of, and none of it is about an object that the log speaks of.
func (e *Engine) Strangers() bool {
	if !e.observed || e.acquainted() {
		return false
	}
	speak := map[string]bool{}
	for _, o := range e.objects {
		if o.logged() {
			speak[o.Controller] = true
		}
	}
	for _, o := range e.objects {
		if o.known != nil && speak[o.Controller] {
			return true
		}
	}
	return false
}
