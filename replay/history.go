package replay

import (
	"encoding/binary"
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

	objects []transitioned // by number
	texts   index          // reasons and revisions

	count   int64 // of transitions
	total   int64 // of incidents
	byState map[string]int64
	err     error // the first error of writing
}

// compactTransition is a transition whose names are numbers.
type compactTransition struct {
	object, reason, revision uint32
	status                   derive.Status
	ready                    byte
}

const compactSize = 3*4 + 2

// pack, unpack and packedSize make it a packed value.
func (c *compactTransition) pack(b []byte) []byte {
	b = binary.LittleEndian.AppendUint32(b, c.object)
	b = binary.LittleEndian.AppendUint32(b, c.reason)
	b = binary.LittleEndian.AppendUint32(b, c.revision)
	return append(b, byte(c.status), c.ready)
}

func (c *compactTransition) unpack(b []byte) {
	c.object = binary.LittleEndian.Uint32(b)
	c.reason = binary.LittleEndian.Uint32(b[4:])
	c.revision = binary.LittleEndian.Uint32(b[8:])
	c.status, c.ready = derive.Status(b[12]), b[13]
}

func (c *compactTransition) packedSize() int { return compactSize }

// transitioned is an object with the texts of its latest transition: those of the next are often
// the same.
type transitioned struct {
	ref              derive.Ref
	reason, revision numbered
}

const (
	transitionsInMemory = 60_000 // about 2 MB
	incidentsInMemory   = 40_000 // about 20 MB
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
	for int(t.Number) >= len(h.objects) {
		h.objects = append(h.objects, transitioned{})
	}
	o := &h.objects[t.Number]
	o.ref = t.Object
	h.stored(h.transitions.add(t.At, compactTransition{
		t.Number, o.reason.set(&h.texts, t.Reason), o.revision.set(&h.texts, t.Revision), t.Status, t.Ready[0],
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

// readyWord is the state of a Ready condition by its first letter.
func readyWord(letter byte) string {
	switch letter {
	case 'T':
		return "True"
	case 'F':
		return "False"
	}
	return "Unknown"
}

// allTransitions yields the transitions by time.
func (h *history) allTransitions() iter.Seq[api.Transition] {
	return func(yield func(api.Transition) bool) {
		for at, c := range h.transitions.all() {
			t := api.Transition{
				At: export.Time(at), Ref: export.Ref(h.objects[c.object].ref), Ready: readyWord(c.ready), Status: c.status.String(),
				Reason: export.Text(&h.texts.list[c.reason]), Revision: export.Text(&h.texts.list[c.revision]),
			}
			if !yield(t) {
				return
			}
		}
	}
}

// index gives texts numbers.
type index struct {
	numbers map[string]uint32
	list    []string
}

func (x *index) number(s string) uint32 {
	n, ok := x.numbers[s]
	if !ok {
		if x.numbers == nil {
			x.numbers = map[string]uint32{}
		}
		n = uint32(len(x.list))
		x.numbers[s] = n
		x.list = append(x.list, s)
	}
	return n
}

// numbered is a text with its number; the zero value has none yet.
type numbered struct {
	text   string
	number uint32
	known  bool
}

// set changes the text and returns its number.
func (n *numbered) set(x *index, text string) uint32 {
	if !n.known || n.text != text {
		*n = numbered{text, x.number(text), true}
	}
	return n.number
}
