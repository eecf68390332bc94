package replay

import (
	"iter"

	"fluxtrail/api"
	"fluxtrail/derive"
	"fluxtrail/derive/export"
)

// ledger keeps what a replay derives while it goes on: transitions in a compact form, ended incidents as the engine gave them. Both can be
// far more than memory should hold.
type ledger struct {
	transitions archive[move]
	incidents   archive[*derive.Incident]
	keep        bool // whether any output wants transitions
	filter      Filter

	refs  index[derive.Ref]
	words index[string] // reasons and revisions

	count   int64
	total   int64
	byState map[string]int64
	err     error // the first error of an archive
}

// move is a transition whose names are numbers.
type move struct {
	Object, Reason, Revision uint32
	Status                   derive.Status
	Ready                    byte
}

const (
	movesInMemory     = 250_000 // about 8 MB
	incidentsInMemory = 40_000  // about 20 MB
)

func newLedger(keepTransitions bool, f Filter) *ledger {
	return &ledger{
		transitions: archive[move]{limit: movesInMemory}, incidents: archive[*derive.Incident]{limit: incidentsInMemory},
		keep: keepTransitions, filter: f, byState: map[string]int64{},
	}
}

func (l *ledger) close() {
	l.transitions.close()
	l.incidents.close()
}

// take stores what the engine has to hand over.
func (l *ledger) take(e *derive.Engine) {
	trans, ended := e.Take()
	for _, t := range trans {
		if t.At >= l.filter.Since.At && l.filter.object(t.Object) {
			l.transition(t)
		}
	}
	for _, i := range ended {
		if i.ResolvedAt >= l.filter.Since.At {
			l.incident(i)
		}
	}
}

func (l *ledger) transition(t derive.Transition) {
	l.count++
	if !l.keep {
		return
	}
	l.note(l.transitions.add(t.At, move{l.refs.number(t.Object), l.words.number(t.Reason), l.words.number(t.Revision), t.Status, t.Ready[0]}))
}

// incident stores an incident that will not change any more.
func (l *ledger) incident(i *derive.Incident) {
	if !l.filter.incident(i) {
		return
	}
	l.total++
	l.byState[string(i.State())]++
	l.note(l.incidents.add(i.OpenedAt, i))
}

func (l *ledger) note(err error) {
	if l.err == nil {
		l.err = err
	}
}

var readyWords = map[byte]string{'T': "True", 'F': "False", 'U': "Unknown"}

func (l *ledger) allTransitions() iter.Seq[api.Transition] {
	return func(yield func(api.Transition) bool) {
		for at, m := range l.transitions.all() {
			t := api.Transition{At: export.Time(at), Ref: export.Ref(l.refs.list[m.Object]), Ready: readyWords[m.Ready], Status: m.Status.String(),
				Reason: export.Text(&l.words.list[m.Reason]), Revision: export.Text(&l.words.list[m.Revision])}
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
