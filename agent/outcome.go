package agent

import (
	"maps"
	"slices"
	"sync"
	"time"

	"fluxtrail/api"
)

// outcomes are what each sink got last, and why not. It is safe for concurrent use.
type outcomes struct {
	mu     sync.Mutex
	by     map[string]api.Sink
	redact func(string) string // takes the secrets out of an error; nil for not
}

// change changes what is known of a sink.
func (o *outcomes) change(sink string, f func(*api.Sink)) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.by == nil {
		o.by = map[string]api.Sink{}
	}
	s := o.by[sink]
	s.Name = sink
	f(&s)
	if o.redact != nil {
		s.Error = o.redact(s.Error)
	}
	o.by[sink] = s
}

// note takes what became of a delivery.
func (o *outcomes) note(sink string, err error, now time.Time) {
	o.change(sink, func(s *api.Sink) {
		if err == nil {
			s.DeliveredAt, s.Error = api.Time{Time: now}, ""
		} else {
			s.FailedAt, s.Error = api.Time{Time: now}, err.Error()
		}
	})
}

// all are the sinks by name.
func (o *outcomes) all() []api.Sink {
	o.mu.Lock()
	defer o.mu.Unlock()
	out := []api.Sink{}
	for _, name := range slices.Sorted(maps.Keys(o.by)) {
		out = append(out, o.by[name])
	}
	return out
}

// answers notes whether a sink can be reached that nothing was to be delivered to.
func (a *assembly) answers(sink string) func(error) {
	return func(err error) {
		a.status.sinks.change(sink, func(s *api.Sink) {
			if s.Error = ""; err != nil {
				s.FailedAt, s.Error = api.Time{Time: a.now()}, err.Error()
			}
		})
	}
}

// tried notes what became of a delivery to a sink, and counts those that failed.
func (a *assembly) tried(sink string) func(error) {
	a.status.sinks.change(sink, func(*api.Sink) {}) // it got nothing yet
	return func(err error) {
		a.status.sinks.note(sink, err, a.now())
		if err != nil {
			a.sinkFailed(sink)
		}
	}
}

// notePosted keeps what was posted, for the agents of other nodes.
func (s *status) notePosted(steps map[string]time.Time) { s.posted.Store(&steps) }
