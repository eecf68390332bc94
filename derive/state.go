package derive

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
)

// stateVersion changes with every change of what a saved state means.
const stateVersion = 4

// state is an Engine as it is saved: what future records can depend on.
type state struct {
	Objects []savedObject `json:"objects"` // by Ref
	engineState
}

// engineState is what there is beside the objects.
type engineState struct {
	Version int           `json:"version"`
	Now     int64         `json:"now"`
	Latest  int64         `json:"latest"`
	Errors  []*savedGroup `json:"errors"`
	Pods    []*Pod        `json:"pods"`
}

// Save writes the engine as JSON, in small pieces, so that it takes no memory however many objects
// there are. What the Take methods have not handed over yet is not part of it: take it first.
// Errors are those of w.
func (e *Engine) Save(w io.Writer) error {
	s := saver{w: w, enc: json.NewEncoder(w)}
	s.enc.SetEscapeHTML(false)
	s.print("{")
	saveAll(&s, "objects", e.inOrder(), func(o *Object) any { return savedObject{o, o.known.save()} })
	s.print(`,"version":%d,"now":%d,"latest":%d,`, stateVersion, e.now, e.latest)
	saveAll(&s, "errors", e.sortedErrors(), func(g *ErrorGroup) any { return g.save() })
	s.print(",")
	saveAll(&s, "pods", e.sortedPods(), func(p *Pod) any { return p })
	s.print("}")
	return s.err
}

// saver writes JSON in pieces, until the first error.
type saver struct {
	w   io.Writer
	enc *json.Encoder
	err error
}

func (s *saver) print(format string, args ...any) {
	if s.err == nil {
		_, s.err = fmt.Fprintf(s.w, format, args...)
	}
}

// saveAll writes a list as a member of an object, each of its elements by itself.
func saveAll[T any](s *saver, name string, all []T, saved func(T) any) {
	s.print("%q:[", name)
	for i, x := range all {
		if i > 0 {
			s.print(",")
		}
		if s.err == nil {
			s.err = s.enc.Encode(saved(x))
		}
	}
	s.print("]")
}

// MarshalJSON is Save into memory.
func (e *Engine) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	err := e.Save(&b)
	return b.Bytes(), err
}

// UnmarshalJSON restores an engine that New made. An error says that the state is not usable; the
// engine is then empty.
func (e *Engine) UnmarshalJSON(b []byte) error {
	*e = *New(e.cfg)
	var s state
	if err := json.Unmarshal(b, &s); err != nil {
		return fmt.Errorf("state of incidents: %w", err)
	}
	if s.Version != stateVersion {
		return fmt.Errorf("state of incidents has version %d, this program reads %d", s.Version, stateVersion)
	}
	if err := s.validate(); err != nil {
		return fmt.Errorf("state of incidents: %w", err)
	}
	e.now, e.latest = s.Now, s.Latest
	for _, o := range s.Objects {
		if e.objects[o.Ref] != nil {
			continue // names that are no text may be one in JSON
		}
		if o.Known != nil {
			o.known, e.observed = o.Known.restore(), true
		}
		e.restore(o.Object)
	}
	e.textBytes = e.countText()
	for _, saved := range s.Errors {
		g := saved.restore()
		e.errors[g.Fingerprint] = g
	}
	for _, p := range s.Pods {
		e.attachPod(podKey{p.Controller, p.Name}, p)
		p.fresh.Since = e.now
	}
	return nil
}

// restore takes an object of a saved state into the engine.
func (e *Engine) restore(o *Object) {
	o.Ref = joined(o.Ref)
	e.admit(o)
	for _, q := range e.queues() {
		q.restore(o)
	}
	e.listRunning(o)
	e.awaitSilence(o)
	if o.known != nil && o.known.differs != 0 {
		e.unlogged.set(o, o.known.differs+int64(unloggedAfter))
	}
	e.lookAgain(o)
	if o.Incident != nil {
		e.failing = append(e.failing, o)
		o.failingAt = int32(len(e.failing))
		e.scheduleAnnouncements(o)
	}
}
