package agent

import (
	"cmp"
	"unsafe"

	"fluxtrail/derive"
	"fluxtrail/sinks/loki"
)

// shipment is the entries that wait for delivery, with the memory that they point into.
type shipment struct {
	entries []loki.Entry
	text    []byte
	meta    []loki.Meta
}

// add makes an entry of a line.
func (s *ship) add(x *lookahead) bool {
	b := &s.batch
	streams := s.streams[x.index]
	if x.before == nil { // its first in the batch
		streams.before = streams.save()
	}
	stream := &streams.by[x.Line.Stream]
	start := len(b.text)
	b.text = append(b.text, s.sink.Fit(x.text)...)
	line := b.text[start:len(b.text):len(b.text)]
	at := x.rec.Time
	if at == 0 { // no time at all, in this line or before
		at = cmp.Or(stream.Last, s.now().UnixNano())
	}
	if !x.Line.Again { // else it keeps its time, so that Loki has it once
		at = stream.Stamp(at)
	}
	b.entries = append(b.entries, loki.Entry{Stream: stream, Time: at, Line: line, Meta: s.meta(x)})
	return len(b.entries) >= s.cfg.maxLines || len(b.text) >= s.cfg.maxBytes
}

// meta is the structured metadata of a line. Of these names the line's own JSON has revision alone,
// with the same value.
func (s *ship) meta(x *lookahead) []loki.Meta {
	b, rec := &s.batch, &x.rec
	start := len(b.meta)
	add := func(name, value string) {
		if value != "" {
			b.meta = append(b.meta, loki.Meta{Name: name, Value: value})
		}
	}
	add("pod", cmp.Or(x.Source.Pod, x.Line.Pod))
	add("node", s.cfg.node)
	add("container", x.Source.Container)
	if rec.Object() {
		add("object_kind", b.keep(rec.Kind))
		add("object_namespace", b.keep(rec.Namespace))
		add("object_name", b.keep(rec.Name))
	}
	add("revision", b.keep(rec.Revision))
	add("reconcile_id", b.keep(rec.ID))
	sum := derive.Summarize(rec, s.texts)
	add("outcome", sum.Outcome)
	add("reason", sum.Reason)
	add("fingerprint", sum.Fingerprint)
	return b.meta[start:len(b.meta):len(b.meta)]
}

// keep copies a part of a line, which is gone with the next, into the batch, without an allocation
// for each. When the batch's memory has to grow, what was handed out before keeps the old memory,
// and nothing is written to it again.
func (b *shipment) keep(part string) string {
	start := len(b.text)
	b.text = append(b.text, part...)
	return unsafe.String(unsafe.SliceData(b.text[start:]), len(part))
}

// maxKept is how much memory a batch keeps for the next: one huge line is no reason to hold on to
// as much for ever.
const maxKept = 4 << 20

func (b *shipment) reset() {
	clear(b.entries)
	clear(b.meta)
	b.entries, b.meta = b.entries[:0], b.meta[:0]
	if b.text = b.text[:0]; cap(b.text) > maxKept {
		b.text = nil
	}
}
