package replay

import (
	"errors"
	"iter"

	"fluxtrail/api"
	"fluxtrail/derive"
	"fluxtrail/derive/export"
)

// history keeps what a replay derives while it goes on: transitions in a compact form, ended
// incidents as the engine gave them. Both can be far more than memory should hold.
type history struct {
	transitions spill[compactTransition]
	incidents   spill[*derive.Incident]
	keep        bool // whether any output wants transitions
	filter      Filter

	refs  index[derive.Ref]
	texts index[string] // reasons and revisions

	count   int64 // of transitions
	total   int64 // of incidents
	byState map[string]int64
	err     error // the first error of writing
}

// compactTransition is a transition whose names are numbers.
type compactTransition struct {
	Object, Reason, Revision uint32
	Status                   derive.Status
	Ready                    byte
}

const (
	transitionsInMemory = 250_000 // about 8 MB
	incidentsInMemory   = 40_000  // about 20 MB
)

func newHistory(keepTransitions bool, f Filter) *history {
	return &history{
		transitions: spill[compactTransition]{limit: transitionsInMemory},
		incidents:   spill[*derive.Incident]{limit: incidentsInMemory},
		keep:        keepTransitions, filter: f, byState: map[string]int64{},
	}
}

func (h *history) close() {
	h.transitions.close()
	h.incidents.close()
}

// readError is what could not be read of the temporary files, nil for nothing.
func (h *history) readError() error { return errors.Join(h.transitions.err, h.incidents.err) }

// take stores what the engine has to hand over.
func (h *history) take(e *derive.Engine) {
	trans, ended := e.Take()
	for _, t := range trans {
		if t.At >= h.filter.Since.At && h.filter.object(t.Object) {
			h.transition(t)
		}
	}
	for _, i := range ended {
		if i.ResolvedAt >= h.filter.Since.At {
			h.incident(i)
		}
	}
}

func (h *history) transition(t derive.Transition) {
	h.count++
	if !h.keep {
		return
	}
	h.stored(h.transitions.add(t.At, compactTransition{
		h.refs.number(t.Object), h.texts.number(t.Reason), h.texts.number(t.Revision), t.Status, t.Ready[0],
	}))
}

// incident stores an incident that will not change any more.
func (h *history) incident(i *derive.Incident) {
	if !h.filter.incident(i) {
		return
	}
	h.total++
	h.byState[string(i.State())]++
	h.stored(h.incidents.add(i.OpenedAt, i))
}

func (h *history) stored(err error) {
	if h.err == nil {
		h.err = err
	}
}

var readyWords = map[byte]string{'T': "True", 'F': "False", 'U': "Unknown"}

// allTransitions yields the transitions by time.
func (h *history) allTransitions() iter.Seq[api.Transition] {
	return func(yield func(api.Transition) bool) {
		for at, c := range h.transitions.all() {
			t := api.Transition{
				At: export.Time(at), Ref: export.Ref(h.refs.list[c.Object]), Ready: readyWords[c.Ready], Status: c.Status.String(),
				Reason: export.Text(&h.texts.list[c.Reason]), Revision: export.Text(&h.texts.list[c.Revision]),
			}
			if !yield(t) {
				return
			}
		}
	}
}

// index gives values numbers.
type index[T comparable] struct {
	numbers map[T]uint32
	list    []T
}

func (x *index[T]) number(v T) uint32 {
	n, ok := x.numbers[v]
	if !ok {
		if x.numbers == nil {
			x.numbers = map[T]uint32{}
		}
		n = uint32(len(x.list))
		x.numbers[v] = n
		x.list = append(x.list, v)
	}
	return n
}
