package replay

import (
	"fmt"
	"slices"
	"time"

	"fluxtrail/derive"
)

// skewed is an offset of clocks that is worth correcting and telling.
const skewed = 5 * time.Second

// settleWatch corrects the times of observations that followed the changes of conditions at a
// steady distance: whoever observed them has another clock than the controllers. Sources that only
// looked now and then have no such distance.
func (e *evidence) settleWatch() {
	latest := map[derive.Ref]int64{}
	var spans []int64
	for i := range e.Observations {
		o := &e.Observations[i]
		at := o.Transition()
		if before, ok := latest[o.Ref]; ok && at != 0 && at != before {
			spans = append(spans, o.At-at)
		}
		if at != 0 {
			latest[o.Ref] = at
		}
	}
	if len(spans) < 8 {
		return
	}
	slices.Sort(spans)
	middle := spans[len(spans)/2]
	near := 0
	for _, s := range spans {
		if d := s - middle; -2e9 < d && d < 2e9 {
			near++
		}
	}
	off := time.Duration(middle - 5e8).Round(time.Second / 10)
	if near*10 < len(spans)*8 || -skewed < off && off < skewed {
		return
	}
	for i := range e.Observations {
		e.Observations[i].At -= int64(off)
	}
	for i := range e.Listings {
		e.Listings[i].At -= int64(off)
	}
	e.Sort()
	e.watched = true
	e.notes = append(e.notes, fmt.Sprintf("the clock of what observed the conditions is %s the controllers': corrected", apart(off)))
}

// shift corrects the times of all evidence by what the log's clock is ahead of it.
func (e *evidence) shift(by time.Duration) {
	for i := range e.Observations {
		e.Observations[i].Shift(by)
	}
	for i := range e.Listings {
		e.Listings[i].At += int64(by)
	}
	e.moved = true
	e.Sort()
	e.notes = append(e.notes, fmt.Sprintf("the clock of the conditions is %s the log's: corrected", apart(-by)))
}

// measure takes what a reading of the log learned about the evidence.
func (e *evidence) measure(engine *derive.Engine) {
	e.offset = engine.ClockOffset()
	if engine.Strangers() {
		e.notes = append(e.notes, "the conditions tell of no object that the log speaks of: they are of another cluster or of another time")
	}
}

// apart says how one clock stands to another.
func apart(ahead time.Duration) string {
	if ahead < 0 {
		return (-ahead).String() + " behind"
	}
	return ahead.String() + " ahead of"
}
