package agent

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"fluxtrail/agent/resident"
	"fluxtrail/agent/web"
	"fluxtrail/api"
	"fluxtrail/derive"
	"fluxtrail/kube"
)

// status is what the lanes publish and the server reads. Each entry is an atomic pointer to a value
// that is not written to again: the lane publishes the next one, and neither waits for the other.
type status struct {
	names    []string                      // of the lanes that run; set before they start
	lanes    [2]atomic.Pointer[laneStatus] // by names
	steps    [2]atomic.Pointer[step]       // by names
	snapshot atomic.Pointer[snapshot]
	blocked  atomic.Pointer[blocked]
	episodes atomic.Pointer[episodes] // what Alertmanager is told of
	share    atomic.Pointer[share]    // what the agents of other nodes are told
	peers    atomic.Pointer[peers]    // what they tell, nil where that is not known yet
	posted   atomic.Pointer[map[string]time.Time]
	sharing  sharing
	sinks    outcomes
	rests    rests
	program  resident.Program
	memory   *memory                        // nil where nobody looks after it
	standing func() (kube.Standing, string) // nil where there is none to lead

	now    func() time.Time
	poll   time.Duration // at least so often a lane takes a step
	events *outbox       // nil where events are printed at once
	rules  derive.Config // of the engine that reads snapshots, without Redact: they were redacted
}

// laneStatus is what others may know of a lane.
type laneStatus struct {
	api.Lane
	targets []api.Target
	blind   time.Time // since when there are logs and none can be read, zero for not
	why     string    // of that
}

// blocked is why the ship lane does not get its batch delivered.
type blocked struct {
	since time.Time
	class string
}

// step is what a lane began to do, and when. One that is done is followed by the next, so that a
// step which is old tells of a lane that hangs.
type step struct {
	at    time.Time
	doing string
}

// lanePatience is how long a step of a lane may take before the agent is not ready. A batch takes
// less than a second.
const lanePatience = time.Minute

// step shows what a lane begins to do.
func (s *status) step(name, doing string) {
	if i := slices.Index(s.names, name); i >= 0 {
		s.steps[i].Store(&step{s.now(), doing})
	}
}

// hangs says what a lane has been doing for too long, "" for nothing. A lane that waits for Loki
// does not hang: see blocked.
func (s *status) hangs(name string) string {
	at := s.steps[max(0, slices.Index(s.names, name))].Load()
	if at == nil || s.now().Sub(at.at) <= lanePatience+s.poll || at.doing == delivering && s.blocked.Load() != nil {
		return ""
	}
	return fmt.Sprintf("the lane hangs: %s since %s", at.doing, at.at.UTC().Format(time.RFC3339))
}

// running names the lanes that have not returned, with what they do.
func (s *status) running() []string {
	var out []string
	for i, name := range s.names {
		if l := s.lane(name); l != nil && !l.Running {
			continue
		}
		if at := s.steps[i].Load(); at != nil {
			name += " (" + at.doing + ")"
		}
		out = append(out, name)
	}
	return out
}

// blindPatience is how long there may be pods of Flux whose logs are not found or cannot be read,
// until the agent is not ready: a pod that is scheduled has no log yet.
const blindPatience = time.Minute

// lokiPatience is how long Loki may be unreachable before the agent is not ready.
const lokiPatience = time.Minute

// publish shows a lane as it is now.
func (s *status) publish(l *laneStatus) {
	for i, name := range s.names {
		if name == l.Name {
			s.lanes[i].Store(l)
		}
	}
}

// end shows that a lane has returned.
func (s *status) end(name string) {
	l := laneStatus{Lane: api.Lane{Name: name}}
	if last := s.lane(name); last != nil {
		l = *last
	}
	l.Running = false
	s.publish(&l)
}

// lane is what the lane published last, nil for nothing.
func (s *status) lane(name string) *laneStatus {
	for i, n := range s.names {
		if n == name {
			return s.lanes[i].Load()
		}
	}
	return nil
}

// Unready implements web.Agent.
func (s *status) Unready() []string {
	var why []string
	for _, name := range s.names {
		switch l := s.lane(name); {
		case l == nil:
			why = append(why, name+": has not looked at the files yet")
		case !l.Running:
			why = append(why, name+": the lane is not running")
		case s.hangs(name) != "":
			why = append(why, name+": "+s.hangs(name))
		case !l.blind.IsZero() && s.now().Sub(l.blind) > blindPatience:
			why = append(why, fmt.Sprintf("%s: no log of Flux on this node was read since %s: %s", name, l.blind.UTC().Format(time.RFC3339), l.why))
		case l.Trouble != "":
			why = append(why, name+": "+l.Trouble)
		}
	}
	if since := s.events.waiting(); !since.IsZero() && s.now().Sub(since) > lanePatience {
		why = append(why, "trail: nobody reads the events on standard output since "+since.UTC().Format(time.RFC3339))
	}
	if b := s.blocked.Load(); b != nil && s.now().Sub(b.since) > lokiPatience {
		at := b.since.UTC().Format(time.RFC3339)
		why = append(why, fmt.Sprintf("ship: nothing was delivered to Loki since %s (%s)", at, b.class))
	}
	return why
}

// Lanes implements web.Agent.
func (s *status) Lanes() []api.Lane {
	out := make([]api.Lane, len(s.names))
	for i, name := range s.names {
		if l := s.lane(name); l != nil {
			out[i] = l.Lane
		} else {
			out[i] = api.Lane{Name: name, Dropped: map[string]int64{}, Unread: []api.Unread{}}
		}
	}
	return out
}

// Leader implements web.Agent.
func (s *status) Leader() *api.Leader {
	if s.standing == nil {
		return nil
	}
	standing, node := s.standing()
	return &api.Leader{Standing: string(standing), Node: node}
}

// Sinks implements web.Agent.
func (s *status) Sinks() []api.Sink { return s.sinks.all() }

// Targets implements web.Agent.
func (s *status) Targets() map[string][]api.Target {
	out := map[string][]api.Target{}
	for _, name := range s.names {
		out[name] = []api.Target{}
		if l := s.lane(name); l != nil {
			out[name] = l.targets
		}
	}
	return out
}

// Snapshot implements web.Agent.
func (s *status) Snapshot(ctx context.Context, last bool) (*web.Snapshot, error) {
	saved := s.snapshot.Load()
	switch {
	case saved != nil:
	case len(s.names) > 0 && !slices.Contains(s.names, "trail"):
		return nil, web.ErrShipOnly
	default:
		return nil, nil
	}
	if last {
		return saved.lookBack(ctx, s.rules)
	}
	return saved.now()
}
