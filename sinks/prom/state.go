package prom

import (
	"strings"
	"time"

	"fluxtrail/derive"
)

// State is everything that is counted. It belongs to one goroutine, the trail lane's. It is saved and loaded as JSON (json.Marshal and
// json.Unmarshal into a State of New), and a loaded State goes on exactly where the saved one stopped. The zero value is not usable.
//
// Its clock is that of the records and Views, so that the same input gives the same state whenever it is read.
type State struct {
	cfg    Config
	now    int64
	counts map[string]group // by family
	kinds  map[string]*kind

	objects map[derive.Ref]*object
	rest    *object // what the objects have in common for which there is no room
	wide    int     // objects with a duration histogram of their own

	open  map[derive.Ref]uint64 // incidents that were counted as opened, by the Observe that saw them last
	round uint64                // number of the latest Observe
}

// kind is the durations of one kind of object.
type kind struct {
	Since int64     `json:"since"`
	Took  histogram `json:"took"`
}

// New makes an empty State.
func New(cfg Config) *State {
	s := &State{cfg: cfg.withDefaults()}
	s.clear()
	return s
}

func (s *State) clear() {
	*s = State{cfg: s.cfg, counts: map[string]group{}, kinds: map[string]*kind{}, objects: map[derive.Ref]*object{}, rest: &object{Ref: overflowRef},
		open: map[derive.Ref]uint64{}}
}

// Add counts runs that are over. It keeps nothing of the slice.
func (s *State) Add(runs []derive.Run) {
	for i := range runs {
		s.run(&runs[i])
	}
}

func (s *State) run(r *derive.Run) {
	s.now = max(s.now, r.At)
	failed := r.Outcome == "failed" || r.Outcome == "stalled"
	x := exemplar{}
	if failed || r.Took > 0 {
		x = newExemplar(r)
	}
	c := s.count(attemptsFamily, labels{r.Controller, r.Object.Kind, r.Outcome, r.Reason}, r.At, 1)
	o := s.object(r.Object, r.At)
	o.Last = max(o.Last, r.At)
	if failed {
		o.Failures++
		o.Failure.replace(x.bare())
		c.Last.replace(x)
		s.spill(o, failuresFamily)
	}
	if r.Took > 0 {
		k := s.kind(r.Object.Kind, r.At)
		k.Took.observe(r.Took, x, durationQuads.count())
		s.durations(o).observe(r.Took, x.bare(), 1)
	}
}

// replace takes a newer exemplar, unless it is none.
func (x *exemplar) replace(y exemplar) {
	if y.ID != "" {
		*x = y
	}
}

// Unparsed counts lines that were not understood, by the reason that package parse or tail gives, at a time in Unix nanoseconds. The lane
// calls it, because a View has their sum only.
func (s *State) Unparsed(at int64, reason string, n int64) {
	s.now = max(s.now, at)
	if n > 0 {
		s.count(unparsedFamily, labels{reason}, at, n)
	}
}

// Incidents counts incidents that ended, and those among them that no Observe saw open.
func (s *State) Incidents(ended []*derive.Incident) {
	for _, i := range ended {
		s.now = max(s.now, i.ResolvedAt)
		s.opened(i)
		delete(s.open, cleanRef(i.Object))
		state := derive.Closed
		if i.ClosedReason == "" {
			state = derive.Resolved
			s.recovered(i)
		}
		s.count(endedFamily, labels{i.Object.Kind, state, i.Reason}, i.ResolvedAt, 1)
	}
}

// opened counts an incident, once.
func (s *State) opened(i *derive.Incident) {
	if _, counted := s.open[cleanRef(i.Object)]; counted {
		return
	}
	o := s.object(i.Object, i.OpenedAt)
	o.Opened++
	s.spill(o, openedFamily)
}

func (s *State) recovered(i *derive.Incident) {
	o := s.object(i.Object, i.ResolvedAt)
	if o.Recovered == nil {
		o.Recovered = &histogram{}
	}
	o.Recovered.observe(i.ResolvedAt-i.OpenedAt, exemplar{}, 0)
	s.spill(o, recoveryFamily)
}

// Observe takes over what the View shows: gauges, and incidents that are open now. Then it lets go of objects that are idle. It keeps nothing of the View.
func (s *State) Observe(v derive.View) {
	s.now = v.At
	s.round++
	for _, i := range v.Open {
		s.opened(i)
		s.open[cleanRef(i.Object)] = s.round
	}
	s.withdraw()
	s.see(v.Objects)
	s.expire()
}

// withdraw counts open incidents that are gone without having ended: waits that turned out to be too short to be called one.
func (s *State) withdraw() {
	for ref, seen := range s.open {
		if seen != s.round {
			delete(s.open, ref)
			s.count(endedFamily, labels{ref.Kind, "withdrawn", ""}, s.now, 1)
		}
	}
}

// see sets the gauges of all objects anew.
func (s *State) see(seen []derive.Seen) {
	for _, o := range s.objects {
		o.Gauges = gauges{}
	}
	s.rest.Gauges = gauges{}
	for i := range seen {
		s.gauge(&seen[i])
	}
}

func (s *State) gauge(seen *derive.Seen) {
	ref := cleanRef(seen.Ref)
	o := s.objects[ref]
	if seen.Status == derive.Deleted {
		if o != nil {
			o.Deleted = true
		}
		return
	}
	sign := max(seen.Since, seen.Promise.Due) // an object that is not due yet is not idle
	if o == nil {
		if s.idle(sign, s.cfg.TTL) {
			return
		}
		o = s.object(ref, sign)
	}
	o.Deleted = false
	o.Last = max(o.Last, sign)
	o.Gauges.fold(seen, s.open[ref] == s.round)
}

func (s *State) idle(since int64, ttl time.Duration) bool { return s.now-since > int64(ttl) }

// expire lets go of the series of objects that are gone. When such an object comes back its counters begin at zero, and their created
// timestamps say so.
func (s *State) expire() {
	for ref, o := range s.objects {
		ttl := s.cfg.TTL
		if o.Deleted {
			ttl = min(ttl, DeletedTTL)
		}
		if !s.idle(o.Last, ttl) {
			continue
		}
		if o.Took != nil {
			s.wide--
		}
		delete(s.objects, ref)
	}
}

// object finds or admits an object. The one of the overflow series is returned when there is no room.
func (s *State) object(ref derive.Ref, at int64) *object {
	ref = cleanRef(ref)
	if o := s.objects[ref]; o != nil {
		return o
	}
	if len(s.objects) >= s.cfg.Objects {
		s.rest.begin(at)
		return s.rest
	}
	o := &object{Ref: ref, Since: at, Last: at}
	s.objects[ref] = o
	return o
}

// durations is the object's histogram, or that of the overflow series.
func (s *State) durations(o *object) *histogram {
	if o.Took == nil && o != s.rest {
		if s.wide >= s.cfg.Durations {
			s.rest.begin(o.Last)
			o = s.rest
		} else {
			s.wide++
		}
	}
	if o.Took == nil {
		o.Took = &histogram{}
	}
	s.spill(o, objectDurationFamily)
	return o.Took
}

func (s *State) kind(name string, at int64) *kind {
	k := s.kinds[name]
	if k != nil {
		return k
	}
	name = clean(name)
	if s.kinds[name] == nil && len(s.kinds) >= s.cfg.Series {
		name = overflow
		s.count(overflowFamily, labels{durationFamily}, at, 1)
	}
	if k = s.kinds[name]; k == nil {
		k = &kind{Since: at}
		s.kinds[strings.Clone(name)] = k
	}
	return k
}

// spill counts that something went to the overflow series of a family by object.
func (s *State) spill(o *object, family string) {
	if o == s.rest {
		s.count(overflowFamily, labels{family}, s.now, 1)
	}
}
