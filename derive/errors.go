package derive

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"fluxtrail/derive/failure"
	"fluxtrail/parse"
)

// ErrorGroup is one kind of error over all objects: the texts with one fingerprint.
type ErrorGroup struct {
	Fingerprint string `json:"fingerprint"`
	Reason      string `json:"reason,omitzero"`
	Example     string `json:"example,omitzero"` // the first text, redacted
	Count       int64  `json:"count"`
	First       int64  `json:"first"`
	Last        int64  `json:"last"`
	Objects     RefSet `json:"objects,omitzero"` // empty for what controllers say about themselves
}

// RefSet is a set of objects. As JSON it is a list in the order of Ref.Compare.
type RefSet map[Ref]bool

// MarshalJSON renders the list.
func (s RefSet) MarshalJSON() ([]byte, error) { return json.Marshal(s.sorted()) }

func (s RefSet) sorted() []Ref { return slices.SortedFunc(maps.Keys(s), Ref.Compare) }

// savedGroup is an ErrorGroup as it is saved. It has the list itself, because encoding/json takes
// long to check what a MarshalJSON makes.
type savedGroup struct {
	*ErrorGroup
	Objects []Ref `json:"objects,omitzero"`
}

func (g *ErrorGroup) save() *savedGroup { return &savedGroup{g, g.Objects.sorted()} }

// restore is the inverse of save.
func (s *savedGroup) restore() *ErrorGroup {
	s.ErrorGroup.Objects = RefSet{}
	for _, r := range s.Objects {
		s.ErrorGroup.Objects[r] = true
	}
	return s.ErrorGroup
}

// maxGroups bounds the number of fingerprints. Errors beyond are counted under overflow.
const maxGroups = 10_000

// overflow is the fingerprint under which errors are counted when there are too many different
// ones.
const overflow = "overflow"

// unexplainedError is the counted error of an object's latest failed attempt while its text does
// not say why. Text is empty otherwise.
type unexplainedError struct {
	Text        string `json:"text"`
	Fingerprint string `json:"fingerprint"`
}

// countFailure counts the error of a failed attempt.
func (e *Engine) countFailure(o *Object, t *failure.Text, r *parse.Record) {
	o.Unexplained = unexplainedError{}
	if r.Level < e.cfg.MinLevel {
		return
	}
	if unexplained(t) {
		o.Unexplained = unexplainedError{t.Text, t.Fingerprint}
	}
	if g := e.countError(t, r); o.counted != g {
		o.counted = g // what follows is slow, and mostly the same error follows
		g.Objects[o.Ref] = true
	}
}

// recountFailure moves the error of the latest failed attempt, whose text did not say why, to a
// text that does.
func (e *Engine) recountFailure(o *Object, t *failure.Text, r *parse.Record) {
	if o.Incident.ErrorFirst == o.Unexplained.Text {
		o.Incident.ErrorFirst = ""
	}
	if g := e.errors[o.Unexplained.Fingerprint]; g != nil && r.Level >= e.cfg.MinLevel {
		if g.Count--; g.Count == 0 {
			delete(e.errors, g.Fingerprint)
		}
		e.countFailure(o, t, r)
	}
}

// countOther counts an error line that is no attempt's outcome: a failed notification, a lost
// lease, a status that could not be written.
func (e *Engine) countOther(r *parse.Record, o Ref) {
	t, ok := errorText(r, e.texts)
	if !ok || r.Level < e.cfg.MinLevel {
		return
	}
	if g := e.countError(&t, r); o != (Ref{}) {
		g.Objects[o] = true
	}
}

// errorText is what such a line says; ok is false for a line that is no error.
func errorText(r *parse.Record, texts *failure.Cache) (t failure.Text, ok bool) {
	if r.Level != parse.LevelError {
		return t, false
	}
	text := r.Msg
	if r.Error != "" && r.Error != r.Msg {
		text += ": " + r.Error
	}
	if text = strings.TrimSpace(text); text == "" {
		return t, false
	}
	t = *texts.Read("", text)
	if t.Reason == failure.Unclassified {
		t.Reason = "Other"
	}
	return t, true
}

// countError counts an error: once for each failed attempt, once for each other error line.
func (e *Engine) countError(t *failure.Text, r *parse.Record) *ErrorGroup {
	g := e.errors[t.Fingerprint]
	if g == nil {
		g = e.errorGroup(t, r)
	}
	g.Count++
	g.Last = max(g.Last, r.Time)
	return g
}

// errorGroup begins a group, or finds the one for errors that are too many.
func (e *Engine) errorGroup(t *failure.Text, r *parse.Record) *ErrorGroup {
	key, example := t.Fingerprint, t.Text
	if len(e.errors) >= maxGroups {
		key, example = overflow, "more different errors than are told apart"
		if g := e.errors[key]; g != nil {
			return g
		}
	}
	g := &ErrorGroup{Fingerprint: key, Reason: t.Reason, Example: example, Objects: RefSet{}, First: r.Time}
	e.errors[key] = g
	return g
}

// sortedErrors are all groups, the most frequent first.
func (e *Engine) sortedErrors() []*ErrorGroup {
	return slices.SortedFunc(maps.Values(e.errors), func(a, b *ErrorGroup) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.First, b.First),
			cmp.Compare(a.Fingerprint, b.Fingerprint))
	})
}
