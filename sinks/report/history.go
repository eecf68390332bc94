package report

import (
	"cmp"
	"math"
	"slices"

	"fluxtrail/api"
)

// history is the report turned by object: Prometheus wants one series after the other, the report
// comes by time.
type history struct{ objects []objectHistory }

type objectHistory struct {
	ref       api.Ref
	states    []state
	seen      [16]bool // by status
	incidents []incidentSpan
}

// state is small because there are as many as transitions.
type state struct {
	at     int64 // Unix milliseconds
	status uint8
	ready  int8 // 1 True, 0 False, -1 Unknown
}

type incidentSpan struct {
	from, to int64 // to is the end of time for an open one
	reason   string
	resolved bool // in a time that is known
}

func newHistory(r *api.Report) *history {
	h := &history{make([]objectHistory, len(r.Objects))}
	index := make(map[api.Ref]*objectHistory, len(r.Objects))
	for i := range r.Objects {
		h.objects[i].ref = r.Objects[i].Ref
		index[r.Objects[i].Ref] = &h.objects[i]
	}
	at := func(t api.Time) int64 { // what has no time was there from the beginning
		if t.IsZero() {
			return r.Window.From.UnixMilli()
		}
		return t.UnixMilli()
	}
	for t := range each(r.Transitions) {
		if o := index[t.Ref]; o != nil {
			o.add(t, at(t.At))
		}
	}
	for i := range each(r.Incidents) {
		if o := index[i.Ref]; o != nil {
			end := int64(forever)
			if !isOpen(&i) {
				end = at(i.ResolvedAt)
			}
			known := !i.OpenedAt.IsZero() && !i.ResolvedAt.IsZero()
			o.incidents = append(o.incidents, incidentSpan{at(i.OpenedAt), end, cmp.Or(i.ReasonFirst, i.Reason), known && i.State == "resolved"})
		}
	}
	return h
}

func (o *objectHistory) add(t api.Transition, at int64) {
	s := state{at, uint8(statusIndex(t.Status)), -1}
	switch t.Ready {
	case "True":
		s.ready = 1
	case "False":
		s.ready = 0
	}
	o.seen[s.status] = true
	if n := len(o.states); n > 0 && o.states[n-1].at >= s.at {
		s.at = o.states[n-1].at
		o.states[n-1] = s
		return
	}
	o.states = append(o.states, s)
}

// series is how many series the history yields.
func (h *history) series() int64 {
	n := 0
	for i := range h.objects {
		o := &h.objects[i]
		n++
		for _, seen := range o.seen {
			if seen {
				n++
			}
		}
		if len(o.incidents) > 0 {
			n += 1 + recoveryCount + 3 + len(o.reasons())
		}
	}
	return int64(n)
}

// ready leaves gaps where the condition is Unknown, and after a deletion.
func (o *objectHistory) ready() []change {
	var list []change
	for _, s := range o.states {
		gone := s.ready < 0 || statuses[s.status].Name == "deleted"
		list = put(list, change{at: s.at, value: math.Max(0, float64(s.ready)), gap: gone})
	}
	return list
}

// in is 1 while the object is in the status, 0 after; the series starts when the status is first
// seen.
func (o *objectHistory) in(status int) []change {
	var list []change
	for _, s := range o.states {
		switch is := int(s.status) == status; {
		case is:
			list = put(list, value(s.at, 1))
		case len(list) > 0 && list[len(list)-1].value == 1:
			list = put(list, value(s.at, 0))
		}
	}
	return list
}

// open counts open incidents at each moment.
func (o *objectHistory) open(start int64) []change {
	type step struct {
		at int64
		by float64
	}
	var steps []step
	for _, i := range o.incidents {
		steps = append(steps, step{i.from, 1})
		if i.to != math.MaxInt64 {
			steps = append(steps, step{i.to, -1})
		}
	}
	slices.SortStableFunc(steps, func(a, b step) int { return cmp.Compare(a.at, b.at) })
	list, n := []change{value(start, 0)}, 0.0
	for _, s := range steps {
		n += s.by
		list = put(list, value(s.at, n))
	}
	return list
}
