package derive

import (
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"fluxtrail/derive/failure"
	"fluxtrail/parse"
)

// explanation is what another line than the failure itself said about it: an event, mirrored or
// dispatched.
type explanation struct {
	At     int64  `json:"at"`
	Text   string `json:"text,omitzero"`
	Reason string `json:"reason,omitzero"`
}

// explainedWithin is how far an explanation and the failure that it explains may be apart.
const explainedWithin = 5 * time.Second

// explain finds out what a failing record says. An event of the same moment may say it better, or
// give the text the reason that Flux has for it. Without one, the action that helm-controller ran
// tells the reason of an error of Helm.
func (e *Engine) explain(o *Object, a *attempt, r *parse.Record) *failure.Text {
	t := e.texts.Read(o.Kind, failureText(a, r))
	if r.Reason != "" && (r.Meaning == parse.Stalled || r.Meaning == parse.Failed) {
		return e.texts.WithReason(t, e.word(r.Reason))
	}
	x := &o.Explanation
	near := x.Text != "" && abs(r.Time-x.At) <= int64(explainedWithin)
	switch {
	case near && unexplained(t):
		return e.texts.WithReason(e.texts.Read(o.Kind, x.Text), x.Reason)
	case near && r.Error != "" && strings.HasSuffix(x.Text, e.kept(r.Error)):
		return e.texts.WithReason(t, x.Reason)
	case a.Action != 0 && t.Reason == failure.Unclassified && t.Detail != failure.SaysNothing:
		return e.texts.WithReason(t, a.Action.reason())
	}
	return t
}

// unexplained reports whether a text leaves open why something failed.
func unexplained(t *failure.Text) bool { return t.Detail != failure.SaysWhy }

// failureText is what a failing record says. helm-controller's "release is in a failed state" does
// not say why; the action that led there says at least where. A message that ends with its error
// says more than the error.
func failureText(a *attempt, r *parse.Record) string {
	switch {
	case r.Meaning == parse.FailedState && a.Action != 0:
		return r.Msg + " after '" + a.Action.String() + "'"
	case r.Meaning == parse.Finished:
		return failure.NoNextRun
	case r.Meaning == parse.FailedState || strings.HasSuffix(r.Msg, r.Error):
		return r.Msg
	}
	return r.Error
}

// warn keeps the explanation of a Warning line for the failure that follows it in the same attempt.
// source-controller's warnings are about something that the attempt does not fail of, and are
// counted as errors of their own.
func (e *Engine) warn(o *Object, a *attempt, r *parse.Record, at *Place) {
	switch {
	case o.Controller == "source-controller":
		o.Explanation = explanation{r.Time, e.kept(r.Msg), e.kept(r.Error)}
		e.countOther(r, o.Ref)
	case a == &o.Current && a.Outcome == none:
		e.pendFailure(o, r, at)
	default:
		o.Explanation = explanation{r.Time, e.kept(r.Msg), e.kept(r.Error)}
	}
}

// event takes an event that another line reports: controller-runtime's mirror at debug level, or
// notification-controller's dispatch. Events change no status. For helm-controller since 0.37 they
// are the only lines that carry Helm's own error.
func (e *Engine) event(r *parse.Record, at *Place) {
	text := r.Msg
	if r.Meaning == parse.Event && r.Message != "" {
		text = r.Message
	}
	if !strings.HasPrefix(text, "Helm ") || !strings.Contains(text, " failed") {
		return
	}
	_, o := e.lookUp(involved(r))
	if o == nil || o.Kind != "HelmRelease" {
		return
	}
	text, _, _ = strings.Cut(text, "\n\nLast Helm logs:")
	o.Explanation = explanation{r.Time, e.kept(text), e.word(eventReason(r))}
	i := o.Incident
	if i == nil || i.Healing != 0 || i.WaitOnly || abs(r.Time-o.Ended) > int64(explainedWithin) {
		return
	}
	t := e.texts.WithReason(e.texts.Read(o.Kind, text), o.Explanation.Reason)
	if o.Unexplained.Text != "" {
		e.recountFailure(o, t, r)
	}
	i.learn(t, t.Reason, "")
	e.addEvidence(i, r, at)
	o.Message, o.Reason = t.Text, t.Reason
}

// eventReason is the reason of an event: the mirror has it as such, the event recorder's own line
// of a Warning as its error.
func eventReason(r *parse.Record) string {
	if r.About != "" && r.Level == parse.LevelError {
		return r.Error
	}
	return r.Reason
}

// involved is the object that an event is about.
func involved(r *parse.Record) Ref {
	if r.Involved == "" {
		return Ref{Kind: r.About, Namespace: r.Namespace, Name: r.Name}
	}
	v := gjson.GetMany(r.Involved, "kind", "namespace", "name")
	return Ref{Kind: v[0].String(), Namespace: v[1].String(), Name: v[2].String()}
}

// kept is a text as it is kept.
func (e *Engine) kept(s string) string { return e.texts.Excerpt([]byte(s)) }

// maxWord is how many bytes are kept of a reason that a line gives.
const maxWord = 64

// word is a reason as it is kept: a word, or the beginning of whatever stands in its place.
func (e *Engine) word(s string) string { return failure.Shortened(e.kept(s), maxWord) }

func abs(n int64) int64 {
	if n < 0 {
		return -n
	}
	return n
}
