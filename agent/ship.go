package agent

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"strings"
	"time"
	"unsafe"

	"fluxtrail/api"
	"fluxtrail/derive"
	"fluxtrail/derive/failure"
	"fluxtrail/parse"
	"fluxtrail/sinks"
	"fluxtrail/sinks/loki"
	"fluxtrail/sinks/prom"
	"fluxtrail/tail"
)

// ship sends every line to Loki: as the controller wrote it but without secrets, in the streams that Flux's own dashboard asks for, with what the
// line says by itself beside it. It waits as long as Loki is down.
type ship struct {
	cfg   shipConfig
	sink  sinks.Sink[loki.Entry]
	texts *failure.Cache
	pods  podLookup
	slot  *prom.Slot
	log   *slog.Logger
	now   func() time.Time

	streams  []*[3]loki.Stream       // by source.index, then tail.Stream
	sources  []*source               // by source.index
	restored map[string]streamsSaved // of logs that are not followed, or not yet
	apps     []string                // label app, by source.index
	knows    func(log string) bool   // whether there are marks of a log

	batch shipment
}

// shipConfig is what the streams are made of.
type shipConfig struct {
	labels    []loki.Label // of all streams
	node      string
	namespace string // of logs whose path names none
	maxBytes  int
	maxLines  int
}

// podLookup finds a pod's metadata, false when there are none; nil knows no pod. It must not block.
type podLookup func(namespace, pod string) (api.PodMeta, bool)

// shipment is the entries that wait for delivery, with the memory that they point into.
type shipment struct {
	entries []loki.Entry
	text    []byte
	meta    []loki.Meta
	size    int
}

// streamsSaved is what makes the lines of a log that are read again the same entries to Loki: their label, whatever the API server tells by
// then, and the times of the last entries, by tail.Stream.
type streamsSaved struct {
	App  string   `json:"app"`
	Last [3]int64 `json:"last"`
}

// met begins the streams of a log. Logs that share a stream are read in the order of time, because Loki wants its streams in order, more or less.
func (s *ship) met(src *source) string {
	for int(src.index) >= len(s.streams) {
		s.streams, s.sources, s.apps = append(s.streams, nil), append(s.sources, nil), append(s.apps, "")
	}
	set := &[3]loki.Stream{}
	saved := s.restored[src.Name]
	app := cmp.Or(saved.App, s.app(src))
	for i := range set {
		labels, err := loki.Labels(s.labels(src.Namespace, app, tail.Stream(i)))
		if err != nil {
			s.log.Error("cannot use the labels of a log, using fewer", "source", src.Name, "err", err)
			labels, _ = loki.Labels(s.labels("", "unknown", tail.Stream(i)))
		}
		set[i] = loki.Stream{Labels: labels, Last: saved.Last[i]}
	}
	s.streams[src.index], s.sources[src.index], s.apps[src.index] = set, src, app
	delete(s.restored, src.Name)
	return set[tail.Stderr].Labels
}

// labels are those that Flux's logs dashboard selects by, and the configured ones. Without a word from the runtime a line counts as stderr, which
// is where Flux logs.
func (s *ship) labels(namespace, app string, stream tail.Stream) []loki.Label {
	if stream == tail.StreamNone {
		stream = tail.Stderr
	}
	return append([]loki.Label{
		{Name: "namespace", Value: cmp.Or(namespace, s.cfg.namespace)},
		{Name: "app", Value: app},
		{Name: "stream", Value: stream.String()},
	}, s.cfg.labels...)
}

// app is the pod's label app; without metadata, the controller that the pod's name tells, and for a file that is no pod's, its name.
func (s *ship) app(src *source) string {
	if s.pods != nil {
		if meta, ok := s.pods(src.Namespace, src.Pod); ok && meta.App != "" {
			return meta.App
		}
	}
	if src.Pod != "" {
		return cmp.Or(parse.ControllerOfPod(src.Pod), src.Pod)
	}
	name, _, _ := strings.Cut(filepath.Base(src.Name), ".")
	return cmp.Or(parse.ControllerOfPod(name), name, "unknown")
}

// left forgets a log that is gone and was delivered to its end. One that has marks is only not followed for now: what its next lines need is kept.
func (s *ship) left(src *source) {
	if s.knows(src.Name) {
		s.restored[src.Name] = s.saving(src.index)
	}
	s.streams[src.index], s.sources[src.index] = nil, nil
}

func (s *ship) saving(index int32) streamsSaved {
	set := s.streams[index]
	return streamsSaved{s.apps[index], [3]int64{set[0].Last, set[1].Last, set[2].Last}}
}

func (s *ship) add(h *head) bool {
	b := &s.batch
	stream := &s.streams[h.src.index][h.line.Stream]
	start := len(b.text)
	b.text = append(b.text, h.text...)
	line := b.text[start:len(b.text):len(b.text)]
	at := h.rec.Time
	if at == 0 { // no time at all, in this line or before
		at = cmp.Or(stream.Last, s.now().UnixNano())
	}
	b.entries = append(b.entries, loki.Entry{Stream: stream, Time: stream.Stamp(at), Line: line, Meta: s.meta(h)})
	b.size += len(h.text)
	return len(b.entries) >= s.cfg.maxLines || len(b.text) >= s.cfg.maxBytes
}

// meta is the structured metadata of a line. Of the names the line's own JSON has revision alone, with the same value.
func (s *ship) meta(h *head) []loki.Meta {
	b, rec := &s.batch, &h.rec
	start := len(b.meta)
	add := func(name, value string) {
		if value != "" {
			b.meta = append(b.meta, loki.Meta{Name: name, Value: value})
		}
	}
	add("pod", cmp.Or(h.src.Pod, h.line.Pod))
	add("node", s.cfg.node)
	add("container", h.src.Container)
	if rec.Object() {
		add("object_kind", b.keep(rec.Kind))
		add("object_namespace", b.keep(rec.Namespace))
		add("object_name", b.keep(rec.Name))
	}
	add("revision", b.keep(rec.Revision))
	add("reconcile_id", b.keep(rec.ID))
	said := derive.Summarize(rec, s.texts)
	add("outcome", said.Outcome)
	add("reason", said.Reason)
	add("fingerprint", said.Fingerprint)
	return b.meta[start:len(b.meta):len(b.meta)]
}

// keep copies a part of a line, which is gone with the next, into the batch. When the batch's memory has to move, what was handed out before
// keeps the old.
func (b *shipment) keep(part string) string {
	start := len(b.text)
	b.text = append(b.text, part...)
	return unsafe.String(unsafe.SliceData(b.text[start:]), len(part))
}

// maxKept is how much memory a batch keeps for the next: one huge line is no reason to hold on to as much for ever.
const maxKept = 4 << 20

func (b *shipment) reset() {
	clear(b.entries)
	clear(b.meta)
	b.entries, b.meta, b.size = b.entries[:0], b.meta[:0], 0
	if b.text = b.text[:0]; cap(b.text) > maxKept {
		b.text = nil
	}
}

// deliver returns when Loki has the batch. What Loki refuses for good was counted and logged entry by entry: the batch is done.
func (s *ship) deliver(ctx context.Context, _ time.Time, _ bool) (bool, error) {
	if len(s.batch.entries) == 0 {
		return false, nil
	}
	err := s.sink.Send(ctx, s.batch.entries)
	if err != nil && !sinks.IsPermanent(err) {
		return false, err
	}
	s.batch.reset()
	return true, nil
}

func (s *ship) save() (packed, error) {
	all := map[string]streamsSaved{}
	for name, saved := range s.restored {
		if s.knows(name) {
			all[name] = saved
		}
	}
	for i, set := range s.streams {
		if set != nil {
			all[s.sources[i].Name] = s.saving(int32(i))
		}
	}
	return pack(func(w io.Writer) error { return json.NewEncoder(w).Encode(all) })
}

func (s *ship) restore(state json.RawMessage) error {
	s.restored = map[string]streamsSaved{}
	if err := json.Unmarshal(state, &s.restored); err != nil {
		return fmt.Errorf("streams: %w", err)
	}
	return nil
}

func (s *ship) saved(_ packed, agent prom.Agent) { s.slot.Publish(nil, agent) }
