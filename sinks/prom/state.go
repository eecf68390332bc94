package prom

import (
	"strings"
	"time"

	"fluxtrail/derive"
)

// State is everything that is counted. It belongs to one goroutine, the trail lane's. It is saved
// and loaded as JSON (json.Marshal and json.Unmarshal into a State of New), and a loaded State goes
// on exactly where the saved one stopped. The zero value is not usable.
//
// Its clock is that of the records and Views, so that the same input gives the same state whenever
// it is read.
type State struct {
	cfg    Config
	now    int64
	counts map[string]group // by family
	kinds  map[string]*kind

	objects       map[derive.Ref]*object
	others        *object // what the objects have in common for which there is no room
	withHistogram int     // objects with a duration histogram of their own
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
	*s = State{cfg: s.cfg, counts: map[string]group{}, kinds: map[string]*kind{}, objects: map[derive.Ref]*object{},
		others: &object{Ref: overflowRef}}
}

// Add counts attempts that are over. It keeps nothing of the slice.
func (s *State) Add(attempts []derive.Attempt) {
	for i := range attempts {
		s.attempt(&attempts[i])
	}
}

func (s *State) attempt(a *derive.Attempt) {
	s.now = max(s.now, a.At)
	failed := a.Outcome == "failed" || a.Outcome == "stalled"
	x := exemplar{}
	if failed || a.Took > 0 {
		x = newExemplar(a)
	}
	c := s.count(attemptsFamily, labels{a.Controller, a.Object.Kind, a.Outcome, a.Reason}, a.At, 1)
	o := s.object(a.Object, a.At)
	o.Last = max(o.Last, a.At)
	if failed {
		o.Failures++
		o.Failure.replace(x.withoutObject())
		c.Last.replace(x)
		s.countOverflow(o, failuresFamily)
	}
	if a.Took > 0 {
		k := s.kind(a.Object.Kind, a.At)
		k.Took.observe(a.Took, x, durationBounds.count())
		s.durations(o).observe(a.Took, x.withoutObject(), 1)
	}
}

// Unparsed counts lines that were not understood, by the reason that package parse or tail gives,
// at a time in Unix nanoseconds. The lane calls it, because the engine counts only their sum.
func (s *State) Unparsed(at int64, reason string, n int64) {
	s.now = max(s.now, at)
	if n > 0 {
		s.count(unparsedFamily, labels{reason}, at, n)
	}
}

// Untrusted counts lines that were not believed, by the reason that the lane gives, at a time in
// Unix nanoseconds.
func (s *State) Untrusted(at int64, reason string, n int64) {
	s.now = max(s.now, at)
	if n > 0 {
		s.count(untrustedFamily, labels{reason}, at, n)
	}
}

// Incidents counts the steps of incidents. It keeps nothing of the slice.
func (s *State) Incidents(announcements []derive.Announcement) {
	for i := range announcements {
		s.incident(&announcements[i])
	}
}

func (s *State) incident(a *derive.Announcement) {
	s.now = max(s.now, a.At)
	switch i := &a.Incident; a.State {
	case derive.Pending:
		o := s.object(i.Object, a.At)
		o.open(i.ReasonFirst)
		s.countOverflow(o, openedFamily)
	case derive.Resolved:
		o := s.object(i.Object, a.At)
		if !derive.Instant(i.OpenedAt).IsZero() {
			o.recover(i.ResolvedAt - i.OpenedAt)
		}
		s.countOverflow(o, recoveryFamily)
		s.count(endedFamily, labels{i.Object.Kind, string(a.State), i.Reason}, a.At, 1)
	case derive.Closed, derive.Withdrawn, derive.Handed:
		s.count(endedFamily, labels{i.Object.Kind, string(a.State), i.Reason}, a.At, 1)
	}
}

// Observe takes over the gauges that the View shows. Then it forgets objects that are idle. It
// keeps nothing of the View.
func (s *State) Observe(v derive.View) {
	s.now = v.At
	for _, o := range s.objects {
		o.Gauges = gauges{}
	}
	s.others.Gauges = gauges{}
	for i := range v.Objects {
		s.observe(&v.Objects[i])
	}
	s.expire()
}

func (s *State) observe(seen *derive.Seen) {
	ref, o := seen.Ref, s.objects[seen.Ref]
	if o == nil {
		ref = cleanRef(seen.Ref)
		o = s.objects[ref]
	}
	if seen.Status == derive.Deleted {
		if o != nil {
			o.Deleted = true
		}
		return
	}
	life := max(seen.Since, seen.Promise.Due) // an object that is not due yet is not idle
	if o == nil {
		if s.idle(life, s.cfg.TTL) {
			return
		}
		o = s.object(ref, life)
	}
	o.Deleted = false
	o.Last = max(o.Last, life)
	o.Gauges.add(seen)
}

func (s *State) idle(since int64, ttl time.Duration) bool { return s.now-since > int64(ttl) }

// expire removes the series of objects that are gone. When such an object comes back its counters
// begin at zero, and their created timestamps say so.
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
			s.withHistogram--
		}
		delete(s.objects, ref)
	}
}

// object finds or admits an object. Without room it is the one of the overflow series.
func (s *State) object(ref derive.Ref, at int64) *object {
	if o := s.objects[ref]; o != nil { // its names are clean
		return o
	}
	ref = cleanRef(ref)
	if o := s.objects[ref]; o != nil {
		return o
	}
	if len(s.objects) >= s.cfg.Objects {
		s.others.begin(at)
		return s.others
	}
	o := &object{Ref: ref, Since: at, Last: at}
	s.objects[ref] = o
	return o
}

// durations is the object's histogram, or that of the overflow series.
func (s *State) durations(o *object) *histogram {
	if o.Took == nil && o != s.others {
		if s.withHistogram >= s.cfg.Durations {
			s.others.begin(o.Last)
			o = s.others
		} else {
			s.withHistogram++
		}
	}
	if o.Took == nil {
		o.Took = &histogram{}
	}
	s.countOverflow(o, objectDurationFamily)
	return o.Took
}

func (s *State) kind(name string, at int64) *kind {
	k := s.kinds[name]
	if k != nil {
		return k
	}
	name = clean(name)
	if s.kinds[name] == nil && len(s.kinds) >= s.cfg.Series {
		name = overflowLabel
		s.count(overflowFamily, labels{durationFamily}, at, 1)
	}
	if k = s.kinds[name]; k == nil {
		k = &kind{Since: at}
		s.kinds[strings.Clone(name)] = k
	}
	return k
}

// countOverflow counts an update of the overflow series of a family by object.
func (s *State) countOverflow(o *object, family string) {
	if o == s.others {
		s.count(overflowFamily, labels{family}, s.now, 1)
	}
}
