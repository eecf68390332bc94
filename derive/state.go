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

// UnmarshalJSON is Load from memory.
func (e *Engine) UnmarshalJSON(b []byte) error { return e.Load(json.NewDecoder(bytes.NewReader(b))) }

// Load restores an engine that New made from what Save wrote, which dec comes to next. It reads it
// in small pieces, so that it takes no more memory than the engine. An error says that the state is
// not usable; the engine is then empty.
func (e *Engine) Load(dec *json.Decoder) error {
	*e = *New(e.cfg)
	var s state
	if err := s.read(dec); err != nil {
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

func (s *state) read(dec *json.Decoder) error {
	texts := texts{}
	return ReadMembers(dec, func(name string) error {
		switch name {
		case "objects":
			return readElements(dec, &s.Objects, func(o *savedObject) { texts.shareObject(o.Object) })
		case "errors":
			return readElements(dec, &s.Errors, func(g **savedGroup) { texts.shareGroup(*g) })
		case "pods":
			return readElements(dec, &s.Pods, func(**Pod) {})
		case "version":
			return dec.Decode(&s.Version)
		case "now":
			return dec.Decode(&s.Now)
		case "latest":
			return dec.Decode(&s.Latest)
		}
		return dec.Decode(&json.RawMessage{})
	})
}

// ReadMembers reads the JSON object that dec comes to next, calling read for each member, which has
// to decode its value.
func ReadMembers(dec *json.Decoder, read func(name string) error) error {
	begin, err := dec.Token()
	if err == nil && begin != json.Delim('{') {
		err = fmt.Errorf("%v where an object is wanted", begin)
	}
	for err == nil && dec.More() {
		var name json.Token
		if name, err = dec.Token(); err == nil {
			err = read(name.(string))
		}
	}
	if err == nil {
		_, err = dec.Token()
	}
	return err
}

// readElements reads the list that dec comes to next, or null, into list, and has read look at each
// element.
func readElements[T any](dec *json.Decoder, list *[]T, read func(*T)) error {
	begin, err := dec.Token()
	if err != nil || begin == nil {
		return err
	}
	if begin != json.Delim('[') {
		return fmt.Errorf("%v where a list is wanted", begin)
	}
	for dec.More() {
		var x T
		if err := dec.Decode(&x); err != nil {
			return err
		}
		read(&x)
		*list = append(*list, x)
	}
	_, err = dec.Token()
	return err
}

// texts are those of a saved state. An engine has an error's text once, the state each time.
type texts map[string]string

func (t texts) share(s *string) {
	if same, ok := t[*s]; ok {
		*s = same
	} else {
		t[*s] = *s
	}
}

func (t texts) shareObject(o *Object) {
	if o == nil {
		return // is refused later
	}
	t.share(&o.Message)
	t.share(&o.Pod)
	if i := o.Incident; i != nil {
		t.share(&i.ErrorFirst)
		t.share(&i.ErrorLast)
		for _, list := range [...][]Evidence{i.First, i.Latest} {
			for n := range list {
				t.share(&list[n].Pod)
				t.share(&list[n].Text)
			}
		}
	}
}

func (t texts) shareGroup(g *savedGroup) {
	if g != nil && g.ErrorGroup != nil {
		t.share(&g.Example)
	}
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
