// Package derive says what a controller's records mean: which object was reconciled with which
// outcome, which failures are one incident, what caused it, who waits for it, which promised
// attempts did not come.
//
// In: Records of package parse, in the order of time over all sources, each with the place that it
// came from. Out: transitions, attempts, counts, announcements and ended incidents, to be taken
// after each batch, and a View of everything at an instant. Replay and the agent's trail lane call
// it; the same records give both the same incidents.
//
// The unit is never the line but the attempt: one reconcile run of one object. Everything here is
// plain state in memory: no goroutine, no clock (time comes with the records, or with Advance), no
// logging, no I/O. What the logs do not tell is not guessed: it stays unknown, or the comment of
// the rule says what it infers and from what.
package derive

import (
	"math"
	"slices"
	"time"

	"fluxtrail/derive/failure"
	"fluxtrail/parse"
)

// Config holds the rules. The zero value of a field means its default.
type Config struct {
	Hold  time.Duration // an incident is pending until it lasted this long, then firing; default 1m
	Keep  time.Duration // a success must hold this long to resolve an incident; a failure before is a flap; default 5m
	Grace time.Duration // a promised attempt may be this late, or half of what was promised if that is more; default 1m

	// Redact takes secrets out of a text before it is kept. Nil keeps texts as they are.
	Redact func(string) string
	// NoTransitions hands over no transitions.
	NoTransitions bool `mapstructure:"-"`
	// NoDurations only counts attempts that were timed, and keeps no spans.
	NoDurations bool `mapstructure:"-"`
	// OpenEvidence keeps the evidence of an incident only until it ends.
	OpenEvidence bool `mapstructure:"-"`
	// KeepAttempts hands over every attempt by TakeAttempts.
	KeepAttempts bool `mapstructure:"-"`
	// Announce hands over the steps of incidents by TakeAnnouncements.
	Announce bool `mapstructure:"-"`
	// KeepText keeps the (redacted) lines of an incident's evidence, not only their places.
	KeepText bool `mapstructure:"-"`
	// RoughClocks says that the times of observations were corrected by an offset: they do not show
	// within a second when Ready changed, which the log does.
	RoughClocks bool `mapstructure:"-"`
	// CompareClocks keeps what ClockOffset needs.
	CompareClocks bool `mapstructure:"-"`
	// MaxObjects bounds the objects that are known at once; default MostObjects. Lines about more are
	// counted as PodCounts.Excess.
	MaxObjects int `mapstructure:"-"`
	// MaxText bounds the bytes of all lines that KeepText keeps; default MostText. Of lines beyond it
	// only the place is kept.
	MaxText int `mapstructure:"-"`
	// MinLevel leaves quieter lines out of evidence and errors; it never changes what is derived.
	MinLevel parse.Level
}

// Defaults of Config.
const (
	DefaultHold  = time.Minute
	DefaultKeep  = 5 * time.Minute
	DefaultGrace = time.Minute

	MostObjects = 50_000
	MostText    = 64 << 20
)

// Validate reports settings that make no sense.
func (c Config) Validate() error {
	for _, d := range []struct {
		name string
		v    time.Duration
	}{{"hold", c.Hold}, {"keep", c.Keep}, {"grace", c.Grace}} {
		if d.v < 0 {
			return &configError{d.name, d.v}
		}
	}
	return nil
}

// configError is a setting that makes no sense.
type configError struct {
	Key   string
	Value time.Duration
}

func (e *configError) Error() string {
	return e.Key + ": " + e.Value.String() + " is negative; give a duration such as 1m or 0s"
}

func (c Config) withDefaults() Config {
	for _, d := range []struct {
		set *time.Duration
		to  time.Duration
	}{{&c.Hold, DefaultHold}, {&c.Keep, DefaultKeep}, {&c.Grace, DefaultGrace}} {
		if *d.set == 0 {
			*d.set = d.to
		}
	}
	if c.MaxText == 0 {
		c.MaxText = MostText
	}
	if c.MaxObjects == 0 {
		c.MaxObjects = MostObjects
	}
	return c
}

// Ref names a Kubernetes object.
type Ref = parse.Ref

// Place is where a record came from: numbers that mean something to the caller, and the line
// itself, which is only read during the call.
type Place struct {
	Source int32 // index given to AddSource
	File   int32
	Line   int64
	Offset int64
	Text   []byte
	Pod    string // the pod that the line itself names (stern, logcli), where several share a log

	object *Object // set by Find
}

// Engine is the state. It is owned by one goroutine. The zero value is not usable: call New.
type Engine struct {
	cfg    Config
	now    int64 // time of the latest record or Advance, in Unix nanoseconds
	latest int64 // time of the latest record

	objects  map[Ref]*Object
	admitted uint32             // objects so far
	sorted   []*Object          // the same by Ref, as of the last call of inOrder
	hashed   map[uint64]*Object // the same by parse.Record.Hash, to be checked: hashes may collide
	failing  []*Object          // objects with an open incident
	running  []*Object          // Kustomizations in progress, and some that were
	sources  []*Pod             // by Place.Source, nil where the path names no pod
	pods     map[podKey]*Pod
	fresh    map[string]*ControllerCounts // since the last TakeCounts
	texts    *failure.Cache
	errors   map[string]*ErrorGroup

	textBytes int // of the evidence of open incidents, and of some that ended
	refused   int // lines for whose text there was no room

	observed bool  // there is evidence beside the logs
	found    int64 // what Find read, so that it is read

	settle   queue // statuses that a following record may still change
	healing  queue // successes that must hold
	over     queue // attempts whose outcome may still be corrected; only with Config.KeepAttempts
	opening  queue // incidents to be announced; only with Config.Announce
	firing   queue // pending incidents
	silence  queue // promises; only without Config.NoTransitions
	unlogged queue // conditions that the log may still show
	retry    queue // failing objects that should be tried again

	heads *[8]int64 // of these queues, in the order of queues(): see queue.head

	transitions   []Transition
	ended         []*Incident
	lists         [][]Evidence // of ended incidents, to be used again; only with Config.OpenEvidence
	attempts      []Attempt
	spare         []*Attempt // to be used again
	announcements []Announcement
	silences      []SilenceStep
}

// New makes an Engine.
func New(cfg Config) *Engine {
	e := &Engine{
		cfg: cfg.withDefaults(), texts: failure.NewCache(cfg.Redact),
		objects: map[Ref]*Object{}, hashed: map[uint64]*Object{}, pods: map[podKey]*Pod{},
		fresh: map[string]*ControllerCounts{}, errors: map[string]*ErrorGroup{},
		settle:   queue{of: func(o *Object) *deadline { return &o.Settle }, run: (*Engine).settleDue},
		healing:  queue{of: func(o *Object) *deadline { return &o.Heal }, run: (*Engine).healed},
		over:     queue{of: func(o *Object) *deadline { return &o.Over }, run: (*Engine).attemptFinal},
		opening:  queue{of: func(o *Object) *deadline { return &o.opening }, run: (*Engine).announceOpening},
		firing:   queue{of: func(o *Object) *deadline { return &o.firing }, run: (*Engine).fire},
		silence:  queue{of: func(o *Object) *deadline { return &o.silence }, run: (*Engine).fallSilent},
		unlogged: queue{of: func(o *Object) *deadline { return &o.unlogged }, run: (*Engine).tellUnlogged},
		retry:    queue{of: func(o *Object) *deadline { return &o.retry }, run: (*Engine).retryDue},
	}
	e.heads = new([8]int64)
	for i, q := range e.queues() {
		e.heads[i], q.head = math.MaxInt64, &e.heads[i]
	}
	return e
}

// queues are all queues; of deadlines at the same instant, those of the first come first.
func (e *Engine) queues() [8]*queue {
	return [...]*queue{&e.settle, &e.healing, &e.over, &e.opening, &e.firing, &e.silence, &e.unlogged, &e.retry}
}

// Config is the configuration with its defaults filled in.
func (e *Engine) Config() Config { return e.cfg }

// Now is the engine's time, in Unix nanoseconds.
func (e *Engine) Now() int64 { return e.now }

// Add takes one record. Records come in the order of time; one that is older than its predecessors
// is taken at its word, but the engine's clock does not go back. One without a time gets the
// engine's. Its strings are copied where they are kept.
func (e *Engine) Add(r *parse.Record, at Place) {
	if r.Time == 0 {
		r.Time = e.now
	}
	e.latest = max(e.latest, r.Time)
	if r.Time > e.now {
		e.advance(r.Time)
	}
	p := e.pod(r, &at)
	p.line(r)
	if r.Object() && r.Meaning < parse.Start { // a panic or throttling may name the object that was at work
		o := at.object
		if o == nil {
			o = e.object(r, p)
		}
		if o != nil {
			if o.Pod != p.Name {
				o.Pod = p.Name
			}
			e.add(o, r, &at)
		} else {
			p.excess()
		}
	} else {
		p.life(r)
		if r.Meaning == parse.Start || r.Meaning == parse.Shutdown {
			e.interruptAll(p)
		}
		e.aboutNoObject(r, &at)
	}
	e.advance(e.now) // a line may find a deadline that has passed
}

// Find notes in the places of a batch of records which objects they are about, as far as those are
// known, and changes nothing else. It is for who adds many records one after the other. With
// thousands of objects, the one that a line is about is seldom in the processor's caches, and the
// line waits for main memory several times. Here the processor waits for many objects at a time.
func (e *Engine) Find(batch []parse.Record, at []Place) {
	for i := range batch {
		o := e.hashed[batch[i].Hash]
		if !o.is(&batch[i]) {
			continue
		}
		at[i].object = o
		e.found = o.touch()
		if x := o.Incident; x != nil {
			e.found = x.OpenedAt
		}
	}
}

// Advance moves the clock to now: what only waited for time to pass is done. A clock that was ahead
// for a while may go back, but not behind the latest record.
func (e *Engine) Advance(now int64) {
	if now < e.now {
		was := e.now
		e.now = max(now, e.latest)
		e.unfire()
		if e.now < was {
			e.unsilence()
		}
	}
	e.advance(max(now, e.now))
}

// advance moves the clock on from deadline to deadline. Whether time passes in one step or in many
// makes no difference.
func (e *Engine) advance(now int64) {
	for q, at := e.nextDeadline(now); q != nil; q, at = e.nextDeadline(now) { // seldom
		e.now = max(e.now, at)
		q.take(e)
	}
	e.now = now
}

// nextDeadline is the queue with the earliest deadline that is not later than now, nil if there is
// none.
func (e *Engine) nextDeadline(now int64) (q *queue, at int64) {
	for {
		at = slices.Min(e.heads[:])
		if at > now || at == math.MaxInt64 {
			return nil, at
		}
		q = e.queues()[slices.Index(e.heads[:], at)]
		if due, ok := q.next(now); ok && due == at {
			return q, at
		}
	}
}

// Take hands over the transitions and the ended incidents since the last Take, in the order in
// which they became known. The slices are valid until the next Add or Advance.
func (e *Engine) Take() ([]Transition, []*Incident) {
	t, i := e.transitions, e.ended
	e.transitions, e.ended = e.transitions[:0], e.ended[:0]
	return t, i
}

// object finds the object that a record is about, or admits a new one; nil when there are too many.
// Anything can stand in the place of its names: what is a secret is taken out.
func (e *Engine) object(r *parse.Record, p *Pod) *Object {
	o := e.hashed[r.Hash]
	if o.is(r) {
		return o
	}
	ref := Ref{Kind: r.Kind, Namespace: r.Namespace, Name: r.Name}
	if ref, o = e.lookUp(ref); o == nil {
		controller := parse.ControllerOf(ref.Kind)
		if controller == "" {
			controller = p.Name
		}
		if o = e.newObject(ref, controller); o == nil {
			return nil
		}
	}
	if o.is(r) { // else its name was redacted: there may be any number of such names
		e.hashed[r.Hash] = o
	}
	return o
}

// lookUp finds the object that a line names, nil if it is not known. It is known by its name
// without secrets.
func (e *Engine) lookUp(ref Ref) (Ref, *Object) {
	if o := e.objects[ref]; o != nil {
		return ref, o
	}
	ref = e.texts.Ref(ref)
	return ref, e.objects[ref]
}

// aboutNoObject takes a line that belongs to no attempt.
func (e *Engine) aboutNoObject(r *parse.Record, at *Place) {
	switch r.Meaning {
	case parse.MirrorEvent:
		e.event(r, at)
		e.recorded(r, at)
	case parse.Event:
		e.event(r, at)
		e.delivered(r)
	case parse.NotifyFailed:
		e.undelivered(r, at)
	case parse.Shutdown, parse.Start, parse.LeaseGot, parse.Throttled, parse.Panicked:
	default:
		e.countOther(r, Ref{})
	}
}
