package loki

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/grafana/loki/pkg/push"
	"golang.org/x/time/rate"

	"fluxtrail/sinks"
)

// stream is what is known of one stream of Loki.
type stream struct {
	labels  string
	oldest  int64         // Loki said that it takes nothing older; ns since 1970
	doubt   bool          // Loki may have what is sent next
	lost    time.Time     // when the last request may have got lost that the doubt is about
	limiter *rate.Limiter // nil: no limit
	entries []push.Entry  // that were not delivered yet
	buffer  []push.Entry  // for those of the next batch
	owned   bool          // entries are copies

	policy   sinks.Policy
	tries    sinks.Tries // to deliver
	strikes  int         // entries given up for no known reason since Loki last accepted one
	refusals int         // of the first entry, when it stood alone, for no known reason
}

// stream returns what is known of the stream with the labels.
func (s *Sink) stream(labels string) *stream {
	st := s.streams[labels]
	if st == nil {
		if len(s.streams) >= s.many {
			s.forgetIdle(time.Now())
		}
		st = &stream{labels: labels, policy: s.policy}
		st.policy.Log = s.log.With("stream", labels)
		if s.cfg.StreamRate > 0 {
			st.limiter = rate.NewLimiter(rate.Limit(s.cfg.StreamRate), s.cfg.StreamBurst)
		}
		s.streams[labels] = st
	}
	return st
}

// manyStreams is how many streams are kept before idle ones are forgotten: pods come and go, and
// where the labels name them, each has a stream.
const manyStreams = 1024

// forgetIdle forgets the streams of which nothing is known that matters.
func (s *Sink) forgetIdle(now time.Time) {
	maps.DeleteFunc(s.streams, func(_ string, st *stream) bool { return st.idle(now) })
	s.many = max(manyStreams, 2*len(s.streams)) // so that it costs little per stream
}

// idle reports whether a stream is like a new one, but for what Loki may tell again.
func (st *stream) idle(now time.Time) bool {
	return len(st.entries) == 0 && !st.doubt && st.strikes == 0 && !st.tries.Failing() &&
		(st.limiter == nil || st.limiter.TokensAt(now) >= float64(st.limiter.Burst()))
}

// own copies the entries: they point into memory of the caller.
func (st *stream) own() {
	if st.owned {
		return
	}
	entries := make([]push.Entry, len(st.entries))
	for i, e := range st.entries {
		e.Line = strings.Clone(e.Line)
		e.StructuredMetadata = slices.Clone(e.StructuredMetadata)
		for j := range e.StructuredMetadata {
			m := &e.StructuredMetadata[j]
			m.Name, m.Value = strings.Clone(m.Name), strings.Clone(m.Value)
		}
		entries[i] = e
	}
	st.clear()
	st.entries, st.owned = entries, true
}

// clear drops the references to the batch, and keeps the buffer where it is one.
func (st *stream) clear() {
	clear(st.buffer[:cap(st.buffer)])
	st.entries, st.owned = st.buffer[:0], false
}

// settled says that the first n entries need no more attention.
func (st *stream) settled(n int) { st.entries, st.refusals = st.entries[n:], 0 }
