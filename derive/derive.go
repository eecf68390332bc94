// Package derive says what a controller's records mean: which object was reconciled with which outcome, which failures are one
// incident, what caused it, who waits for it, which promises were broken.
//
// In: Records of package parse, in time order over all sources, each with the place that it came from. Out: transitions and ended
// incidents, to be taken after each batch, and a View of everything at an instant. The lanes of cmd/fluxtrail call it; replay and the
// agent use the same Engine, so the same records give the same incidents.
//
// The unit is never the line but the attempt: one reconcile run of one object. Everything here is plain state in memory: no
// goroutine, no clock (time comes with the records, or with Advance), no logging, no I/O. What the logs do not tell is not guessed: it
// stays unknown, or the doc comment of the rule says what it infers and from what.
package derive

import (
	"strings"
	"time"

	"fluxtrail/derive/failure"
	"fluxtrail/parse"
)

// Config holds the rules. The zero value of a field means its default.
type Config struct {
	Hold  time.Duration // an incident is pending until it lasted this long, then firing; default 1m
	Keep  time.Duration // a success must hold this long to resolve an incident; a failure before is a flap; default 5m
	Grace time.Duration // a promised run may be this late, or half of what was promised if that is more; default 1m

	// Redact takes secrets out of a text before it is kept. Nil keeps texts as they are.
	Redact func(string) string
	// NoTransitions hands over no transitions: who does not read them saves their price.
	NoTransitions bool `mapstructure:"-"`
	// KeepRuns hands over every run by TakeRuns.
	KeepRuns bool `mapstructure:"-"`
	// KeepText keeps the (redacted) lines of an incident's evidence, not only their places.
	KeepText bool `mapstructure:"-"`
	// MinLevel leaves quieter lines out of evidence and errors; it never changes what is derived.
	MinLevel parse.Level
}

// Validate reports settings that make no sense.
func (c Config) Validate() error {
	for _, d := range []struct {
		name string
		v    time.Duration
	}{{"hold", c.Hold}, {"keep", c.Keep}, {"grace", c.Grace}} {
		if d.v < 0 {
			return &ConfigError{d.name, d.v}
		}
	}
	return nil
}

// ConfigError is a setting that makes no sense.
type ConfigError struct {
	Key   string
	Value time.Duration
}

func (e *ConfigError) Error() string {
	return e.Key + ": " + e.Value.String() + " is negative; give a duration such as 1m or 0s"
}

// Defaults of Config.
const (
	DefaultHold  = time.Minute
	DefaultKeep  = 5 * time.Minute
	DefaultGrace = time.Minute
)

// Ref names a Kubernetes object.
type Ref = parse.Ref

// Place is where a record came from: numbers that mean something to the caller, and the line itself, which is only looked at
// during the call.
type Place struct {
	Source int32 // index given to AddSource
	File   int32
	Line   int64
	Offset int64
	Text   []byte
	Pod    string // the pod that the line itself names (stern, logcli), where several share a log

	object *Object // found by Warm
}

// Engine is the state. It is owned by one goroutine. The zero value is not usable: call New.
type Engine struct {
	cfg  Config
	now  int64 // time of the latest record or Advance, in Unix nanoseconds
	told int64 // time of the latest record

	objects map[Ref]*Object
	sorted  []*Object // the same by Ref, as of the last call of inOrder
	warm    uint64
	hashed  map[uint64]*Object // the same by parse.Record.Hash, to be checked: hashes may collide
	failing []*Object          // objects with an open incident
	sources []*Pod             // by Place.Source, nil where the path names no pod
	pods    map[podKey]*Pod
	fresh   map[string]*ControllerCounts // since the last TakeCounts
	texts   *failure.Cache
	errors  map[string]*ErrorGroup

	settle queue // statuses that a following record may still change
	keep   queue // successes that must hold

	over queue // runs whose outcome may still be corrected; only with Config.KeepRuns

	transitions []Transition
	ended       []*Incident
	runs        []Run
}

// New makes an Engine.
func New(cfg Config) *Engine {
	def := func(d *time.Duration, v time.Duration) {
		if *d == 0 {
			*d = v
		}
	}
	def(&cfg.Hold, DefaultHold)
	def(&cfg.Keep, DefaultKeep)
	def(&cfg.Grace, DefaultGrace)
	return &Engine{
		cfg: cfg, objects: map[Ref]*Object{}, hashed: map[uint64]*Object{}, pods: map[podKey]*Pod{}, fresh: map[string]*ControllerCounts{}, texts: failure.NewCache(cfg.Redact),
		errors: map[string]*ErrorGroup{},
		settle: queue{of: func(o *Object) *deadline { return &o.settle }},
		keep:   queue{of: func(o *Object) *deadline { return &o.keep }},
		over:   queue{of: func(o *Object) *deadline { return &o.over }},
	}
}

// Config is the configuration with its defaults filled in.
func (e *Engine) Config() Config { return e.cfg }

// Add takes one record. Records come in time order; one that is older than its predecessors is taken at its word, but the engine's
// clock does not go back. One without a time gets that of the record before. Its strings are copied where they are kept.
func (e *Engine) Add(r *parse.Record, at Place) {
	if r.Time == 0 {
		r.Time = e.now
	}
	e.told = max(e.told, r.Time)
	e.advance(r.Time)
	p := e.pod(r, &at)
	p.line(r)
	if !r.Object() || r.Sign >= parse.Start { // a panic or throttling may name the object that was at work
		p.life(r)
		e.aboutNoObject(r, &at)
		return
	}
	o := at.object
	if o == nil {
		o = e.object(r, p)
	}
	o.add(e, r, &at)
}

// Warm finds the objects of a batch of records before they are added, and brings them into the processor's caches. With thousands of
// objects that means waiting for main memory; asking for a whole batch at once lets the processor wait for many of them at the same time,
// which halves the price of Add. It changes nothing else.
func (e *Engine) Warm(batch []parse.Record, at []Place) {
	for i := range batch {
		r := &batch[i]
		if o := e.hashed[r.Hash]; o.is(r) {
			at[i].object = o
			e.warm += uint64(len(o.Name)) + o.before.id + uint64(o.rhythm.n) + uint64(o.Counts.Other) + uint64(o.Since) + uint64(o.Between.Max)
		}
	}
}

// Now is the engine's time, in Unix nanoseconds.
func (e *Engine) Now() int64 { return e.now }

// Advance moves the clock to now: what only waited for time to pass is settled. A clock that was ahead for a while may go back, but not behind the
// latest record.
func (e *Engine) Advance(now int64) {
	e.now = min(e.now, max(now, e.told))
	e.advance(now)
}

func (e *Engine) advance(now int64) {
	if now <= e.now {
		return
	}
	e.now = now
	e.due(now)
}

// due does what only waited for time to pass.
func (e *Engine) due(now int64) {
	e.settle.due(now, func(o *Object) { o.settleNow(e) })
	e.keep.due(now, func(o *Object) { o.keepDue(e) })
	e.over.due(now, func(o *Object) { o.runOver(e) })
}

// Take hands over the transitions and the ended incidents since the last Take, in the order in which they became known. The slices are
// valid until the next Add or Advance.
func (e *Engine) Take() ([]Transition, []*Incident) {
	t, i := e.transitions, e.ended
	e.transitions, e.ended = e.transitions[:0], e.ended[:0]
	return t, i
}

func (e *Engine) object(r *parse.Record, p *Pod) *Object {
	o := e.hashed[r.Hash]
	if o.is(r) {
		return o
	}
	key := Ref{Kind: r.Kind, Namespace: r.Namespace, Name: r.Name}
	if o = e.objects[key]; o == nil {
		key = joined(key)
		o = &Object{Ref: key, Controller: controllerName(p, key.Kind), Status: Unknown, Ready: "Unknown"}
		e.objects[key] = o
	}
	e.hashed[r.Hash] = o
	return o
}

// joined is the same Ref in one piece of memory of its own. Flux's own kinds are constants and shared: equal ones are then the same.
func joined(r Ref) Ref {
	kind := parse.Kind(r.Kind)
	if kind == "" {
		kind = strings.Clone(r.Kind)
	}
	s := r.Namespace + r.Name
	return Ref{Kind: kind, Namespace: s[:len(r.Namespace)], Name: s[len(r.Namespace):]}
}

// is reports whether a record is about the object; nil is no object.
func (o *Object) is(r *parse.Record) bool {
	return o != nil && o.Name == r.Name && o.Namespace == r.Namespace && o.Kind == r.Kind
}

// aboutNoObject takes a line that belongs to no attempt.
func (e *Engine) aboutNoObject(r *parse.Record, at *Place) {
	switch r.Sign {
	case parse.MirrorEvent, parse.Event:
		e.event(r, at)
	case parse.Shutdown, parse.Start, parse.LeaseGot, parse.Throttled, parse.Panicked:
	default:
		e.countOther(r, Ref{})
	}
}

func controllerName(p *Pod, kind string) string {
	if c := parse.ControllerOf(kind); c != "" {
		return c
	}
	return p.Name
}
