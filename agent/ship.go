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

	"fluxtrail/api"
	"fluxtrail/derive/failure"
	"fluxtrail/parse"
	"fluxtrail/sinks"
	"fluxtrail/sinks/loki"
	"fluxtrail/sinks/prom"
	"fluxtrail/tail"
)

// ship sends every line to Loki: as the controller wrote it but without secrets, in the streams
// that Flux's own dashboard asks for, with what the line says by itself beside it. It waits as long
// as Loki is down.
type ship struct {
	cfg   shipConfig
	sink  pusher
	texts *failure.Cache
	pods  podLookup
	slot  *prom.Slot
	log   *slog.Logger
	now   func() time.Time

	streams []*logStreams           // by source.index, nil for a log that is gone
	resting map[string]savedStreams // of logs that are not followed, or not yet, by name
	marked  func(log string) bool   // whether there are marks of a log
	batch   shipment
	quiet   int          // deliveries of nothing in a row
	waiting loki.Waiting // what the sink keeps
}

// pusher delivers entries to Loki, and keeps what a stream of it does not take: see loki.Sink.
type pusher interface {
	Push(context.Context, []loki.Entry) (loki.Waiting, error)
	Fit(line []byte) []byte
	Rest()
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

// logStreams are the streams that the lines of a log go to.
type logStreams struct {
	log string
	app string
	by  [3]loki.Stream // by tail.Stream

	before savedStreams // as they were before the lines that wait
}

// savedStreams make the lines of a log that are read again the same entries to Loki: their label,
// whatever the API server tells by then, and the times of the last entries, by tail.Stream.
type savedStreams struct {
	App  string   `json:"app"`
	Last [3]int64 `json:"last"`
}

func (s *logStreams) save() savedStreams {
	return savedStreams{s.app, [3]int64{s.by[0].Last, s.by[1].Last, s.by[2].Last}}
}

// addLog begins the streams of a log.
func (s *ship) addLog(src source) {
	for int(src.index) >= len(s.streams) {
		s.streams = append(s.streams, nil)
	}
	saved := s.resting[src.Name]
	delete(s.resting, src.Name)
	streams := &logStreams{log: src.Name, app: cmp.Or(saved.App, s.app(src))}
	for i := range streams.by {
		labels, err := loki.Labels(s.labels(src.Namespace, streams.app, tail.Stream(i)))
		if err != nil {
			s.log.Error("cannot use the labels of a log, using fewer", "source", src.Name, "err", err)
			labels, _ = loki.Labels(s.labels("", "unknown", tail.Stream(i)))
		}
		streams.by[i] = loki.Stream{Labels: labels, Last: saved.Last[i]}
	}
	s.streams[src.index] = streams
}

// group is the stream: Loki wants the lines of one in the order of time, more or less.
func (s *ship) group(src source) string { return s.streams[src.index].by[tail.Stderr].Labels }

// removeLog forgets a log that is gone and was delivered to its end. One that has marks is only not
// followed for now: what its next lines need is kept.
func (s *ship) removeLog(src source) {
	if s.marked(src.Name) {
		s.resting[src.Name] = s.streams[src.index].save()
	}
	s.streams[src.index] = nil
}

// labels are those that Flux's logs dashboard selects by, and the configured ones. A line of which
// the runtime tells no stream counts as stderr, which is where Flux logs.
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

// app is the pod's label app; without metadata, the controller in the pod's name; for a file that
// is no pod's, its name.
func (s *ship) app(src source) string {
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

// deliver gives the batch to Loki, and again what Loki did not take before, when its time has come.
// What Loki refuses for good was counted and logged entry by entry: the batch is done.
func (s *ship) deliver(ctx context.Context, now time.Time, idle bool) (bool, error) {
	s.rest(idle)
	if len(s.batch.entries) == 0 && (s.undelivered() == 0 || now.Before(s.waiting.Next)) {
		return false, nil
	}
	waiting, err := s.sink.Push(ctx, s.batch.entries)
	if err != nil && !sinks.IsPermanent(err) {
		return false, err
	}
	changed := len(s.batch.entries) > 0 || waiting.Bytes != s.waiting.Bytes
	s.waiting = waiting
	s.batch.reset()
	return changed, nil
}

// rest lets go of the memory of the last batch when nothing came for a while.
func (s *ship) rest(idle bool) {
	if s.quiet++; !idle {
		s.quiet = 0
	}
	if s.quiet == restAfter-1 && len(s.batch.entries) == 0 {
		s.batch = shipment{}
		s.sink.Rest()
	}
}

func (s *ship) undelivered() int { return s.waiting.Bytes }

func (s *ship) waits(index int32) bool {
	return len(s.waiting.Streams) > 0 && s.refused(s.streams[index])
}

// refused reports whether Loki did not take what is there of a log.
func (s *ship) refused(streams *logStreams) bool {
	for i := range streams.by {
		if s.waiting.Streams[streams.by[i].Labels] {
			return true
		}
	}
	return false
}

// end has nothing to do: what is over was delivered.
func (s *ship) end() {}

func (s *ship) save() (packed, error) {
	all := map[string]savedStreams{}
	for name, saved := range s.resting {
		if s.marked(name) {
			all[name] = saved
		}
	}
	for _, streams := range s.streams {
		switch {
		case streams == nil:
		case s.refused(streams):
			all[streams.log] = streams.before
		default:
			all[streams.log] = streams.save()
		}
	}
	return pack(func(w io.Writer) error { return json.NewEncoder(w).Encode(all) }, 0)
}

func (s *ship) restore(state io.Reader) error {
	s.resting = map[string]savedStreams{}
	if err := json.NewDecoder(state).Decode(&s.resting); err != nil {
		return fmt.Errorf("streams: %w", err)
	}
	return nil
}

func (s *ship) publish(_ packed, agent prom.Agent) { s.slot.Publish(nil, agent) }
