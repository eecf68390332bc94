// Package kube tells what the API server knows of Flux's objects, as observations.
//
// In goes a connection; out come observations in the order of time: all objects at first, then
// each change, and that an object is gone. What is the same as before is not told again. The
// agent, or a command that runs for a while, calls Run beside its lanes and hands the observations
// to its engine.
//
// Nothing is written to the cluster. A kind that may not be read is reported, and the others go
// on; an API server that does not answer leaves what was told as it is. Of an object only a hash
// is kept. What changes back and forth between two looks, while the server is away, is never
// known.
package kube

import (
	"context"
	"encoding/json"
	"hash/maphash"
	"slices"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"fluxtrail/conditions"
	"fluxtrail/derive"
	"fluxtrail/kube"
)

// sourceName is the source of all observations of this package.
const sourceName = "kube"

// Config says whether the agent asks the API server for the conditions of Flux's objects.
type Config struct{ Enabled bool }

// Options says what is asked for, and who gets the answers. The functions are not called at the
// same time, and should not block for long.
type Options struct {
	Namespace string              // "" means all
	Kinds     func(string) bool   // kinds that are asked for, nil for all
	Redact    func(string) string // takes the secrets out of a text
	Now       func() time.Time

	Observe func([]derive.Observation)
	List    func(derive.Listing)         // all objects of a kind were observed
	Report  func(kind string, err error) // a kind cannot be read, or, with nil, can be again
}

// Source watches all kinds of Flux's objects. Its goroutines are those of package kube.
type Source struct {
	opt     Options
	objects *kube.Objects[*derive.Observation]
	reader  *conditions.Reader

	hash   maphash.Seed
	known  map[string]map[derive.Ref]uint64 // by kind: what was told last
	failed map[string]bool                  // kinds that cannot be read
	at     int64                            // of the latest observation
}

// New returns a Source that has not asked for anything yet.
func New(c *kube.Client, opt Options) *Source {
	s := &Source{
		opt: opt, reader: conditions.NewReader(opt.Redact), hash: maphash.MakeSeed(),
		known: map[string]map[derive.Ref]uint64{}, failed: map[string]bool{},
	}
	s.objects = kube.NewObjects(c, opt.Namespace, opt.Kinds, handler{s})
	return s
}

// Run observes until ctx is done; it always returns nil.
func (s *Source) Run(ctx context.Context) error { return s.objects.Run(ctx) }

// Wait blocks until every kind was listed, or reported as one that cannot be, or ctx is done.
func (s *Source) Wait(ctx context.Context) { s.objects.Wait(ctx) }

// handler keeps the methods that package kube calls out of Source.
type handler struct{ *Source }

// Distill implements [kube.Handler]. The time is that of the change, which is not known yet.
func (h handler) Distill(_ kube.Kind, o *unstructured.Unstructured) *derive.Observation {
	seen := h.reader.Object(o.Object, sourceName, 0)
	return &seen
}

// Replace implements [kube.Handler].
func (h handler) Replace(kind kube.Kind, all []*derive.Observation) {
	at := h.now()
	known, there := h.of(kind), map[derive.Ref]bool{}
	var changes []*derive.Observation
	for _, o := range all {
		there[o.Ref] = true
		if h.changed(known, o) {
			changes = append(changes, o)
		}
	}
	for ref := range known {
		if !there[ref] {
			delete(known, ref)
			changes = append(changes, &derive.Observation{Ref: ref, Source: sourceName, Deleted: true})
		}
	}
	slices.SortFunc(changes, func(a, b *derive.Observation) int { return a.Ref.Compare(b.Ref) })
	h.tell(at, changes...)
	h.opt.List(derive.Listing{Source: sourceName, Kind: kind.Name, Namespace: h.opt.Namespace, At: at})
}

// Put implements [kube.Handler].
func (h handler) Put(kind kube.Kind, o *derive.Observation) {
	if h.changed(h.of(kind), o) {
		h.tell(h.now(), o)
	}
}

// Drop implements [kube.Handler].
func (h handler) Drop(kind kube.Kind, o *derive.Observation) {
	delete(h.of(kind), o.Ref)
	o.Deleted = true
	h.tell(h.now(), o)
}

// Report implements [kube.Handler]. It passes on what begins and what ends.
func (h handler) Report(kind kube.Kind, err error) {
	if failed := err != nil; failed != h.failed[kind.Name] {
		h.failed[kind.Name] = failed
		h.opt.Report(kind.Name, err)
	}
}

func (s *Source) of(kind kube.Kind) map[derive.Ref]uint64 {
	if s.known[kind.Name] == nil {
		s.known[kind.Name] = map[derive.Ref]uint64{}
	}
	return s.known[kind.Name]
}

// changed reports whether an observation says something new, and notes it.
func (s *Source) changed(known map[derive.Ref]uint64, o *derive.Observation) bool {
	text, err := json.Marshal(o)
	if err != nil { // has no values that JSON does not know
		return true
	}
	hash := maphash.Bytes(s.hash, text)
	if before, ok := known[o.Ref]; ok && before == hash {
		return false
	}
	known[o.Ref] = hash
	return true
}

// now is the time of what is told next. It does not go back, although the clock may.
func (s *Source) now() int64 {
	s.at = max(s.at, s.opt.Now().UnixNano())
	return s.at
}

// batch is how many observations are handed on at once. Ten thousand would be megabytes.
const batch = 256

// tell hands on what was observed at one time.
func (s *Source) tell(at int64, all ...*derive.Observation) {
	for part := range slices.Chunk(all, batch) {
		observations := make([]derive.Observation, len(part))
		for i, o := range part {
			o.At = at
			observations[i] = *o
		}
		s.opt.Observe(observations)
	}
}
