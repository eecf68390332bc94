package derive

import (
	"strings"

	"fluxtrail/derive/failure"
	"fluxtrail/parse"
)

// ErrorGroup is one kind of error over all objects: the texts with one fingerprint.
type ErrorGroup struct {
	Fingerprint string
	Reason      string
	Example     string // the first text, redacted
	Count       int64
	Objects     map[Ref]bool // zero Ref: said by a controller about itself
	First, Last int64
}

// maxGroups bounds the number of fingerprints. Errors beyond are counted under Overflow.
const maxGroups = 10_000

// Overflow is the fingerprint under which errors are counted when there are too many different ones.
const Overflow = "overflow"

// count counts the error of a failed run.
func (o *Object) count(e *Engine, t *failure.Text, r *parse.Record) {
	o.counted = nil
	if r.Level >= e.cfg.MinLevel {
		o.counted = t
		e.count(t, o.Ref, r)
	}
}

// recount moves the error of the latest failed run, whose text did not say why, to a text that does.
func (o *Object) recount(e *Engine, t *failure.Text, r *parse.Record) {
	if o.Incident.ErrorFirst == o.counted.Text {
		o.Incident.ErrorFirst = ""
	}
	if g := e.errors[o.counted.Fingerprint]; g != nil && r.Level >= e.cfg.MinLevel {
		if g.Count--; g.Count == 0 {
			delete(e.errors, o.counted.Fingerprint)
		}
		o.count(e, t, r)
	}
}

// count counts an error: once for each failed run, once for each other error line.
func (e *Engine) count(t *failure.Text, o Ref, r *parse.Record) {
	if r.Level < e.cfg.MinLevel {
		return
	}
	g := e.errors[t.Fingerprint]
	if g == nil {
		g = e.group(t, r)
	}
	g.Count++
	g.Last = max(g.Last, r.Time)
	if o != (Ref{}) && !g.Objects[o] {
		g.Objects[o] = true
	}
}

func (e *Engine) group(t *failure.Text, r *parse.Record) *ErrorGroup {
	key, example := t.Fingerprint, t.Text
	if len(e.errors) >= maxGroups {
		key, example = Overflow, "more different errors than are told apart"
		if g := e.errors[key]; g != nil {
			return g
		}
	}
	g := &ErrorGroup{Fingerprint: key, Reason: t.Reason, Example: example, Objects: map[Ref]bool{}, First: r.Time}
	e.errors[key] = g
	return g
}

// countOther counts an error line that is no attempt's outcome: a failed notification, a lost lease,
// a status that could not be written.
func (e *Engine) countOther(r *parse.Record, o Ref) {
	if t, ok := errorText(r, e.texts); ok {
		e.count(&t, o, r)
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
