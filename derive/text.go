package derive

import (
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"fluxtrail/derive/failure"
	"fluxtrail/parse"
)

// detail is an explanation that came by another line than the failure itself: an event, mirrored or dispatched.
type detail struct {
	at     int64
	said   string
	reason string
}

// detailFor is how far an explanation and the failure that it explains may be apart.
const detailFor = 5 * time.Second

// explain finds out what a failing record says. An event of the same moment may say it better, or give the text the reason that Flux
// has for it; without one, the action that helm-controller ran tells the reason of an error of Helm.
func (o *Object) explain(e *Engine, a *attempt, r *parse.Record) *failure.Text {
	t := e.texts.Read(o.Kind, failureText(a, r))
	d := &o.detail
	near := d.said != "" && abs(r.Time-d.at) <= int64(detailFor)
	switch {
	case near && vague(t):
		return e.texts.WithReason(e.texts.Read(o.Kind, d.said), d.reason)
	case near && r.Error != "" && strings.HasSuffix(d.said, r.Error):
		return e.texts.WithReason(t, d.reason)
	case a.action != 0 && t.Reason == failure.Unclassified && t.Detail != failure.SaysNothing:
		return e.texts.WithReason(t, a.action.reason())
	}
	return t
}

// failureText is what a failing record says. helm-controller's "release is in a failed state" says nothing about why; the action that led there
// is at least a hint. A message that ends with its error says more than the error.
func failureText(a *attempt, r *parse.Record) string {
	switch {
	case r.Sign == parse.FailedState && a.action != 0:
		return r.Msg + " after '" + a.action.String() + "'"
	case r.Sign == parse.Finished:
		return failure.NoNextRun
	case r.Sign == parse.FailedState || strings.HasSuffix(r.Msg, r.Error):
		return r.Msg
	}
	return r.Error
}

// hint keeps the explanation of a Warning line for the failure that follows it in the same run.
func (o *Object) hint(e *Engine, r *parse.Record) {
	o.detail = detail{r.Time, e.kept(r.Msg), e.kept(r.Error)}
}

// event takes an event that another line reports: controller-runtime's mirror at debug level, or notification-controller's dispatch. Events
// change no state; for helm-controller since 0.37 they are the only lines that carry Helm's own error.
func (e *Engine) event(r *parse.Record, at *Place) {
	said := r.Msg
	if r.Sign == parse.Event && r.Message != "" {
		said = r.Message
	}
	o := e.objects[involved(r)]
	if o == nil || o.Kind != "HelmRelease" || !strings.HasPrefix(said, "Helm ") || !strings.Contains(said, " failed") {
		return
	}
	said, _, _ = strings.Cut(said, "\n\nLast Helm logs:")
	o.detail = detail{r.Time, e.kept(said), strings.Clone(eventReason(r))}
	i := o.Incident
	if i == nil || i.Healing != 0 || i.waitOnly || abs(r.Time-o.ended) > int64(detailFor) {
		return
	}
	t := e.texts.WithReason(e.texts.Read(o.Kind, said), o.detail.reason)
	if vague(o.counted) {
		o.recount(e, t, r)
	}
	i.learn(t, t.Reason, "")
	i.witness(e, r, at)
	o.Message, o.Reason = t.Text, t.Reason
}

// eventReason is the reason of an event: the mirror has it as such, the event recorder's own line of a Warning as its error.
func eventReason(r *parse.Record) string {
	if r.About != "" && r.Level == parse.LevelError {
		return r.Error
	}
	return r.Reason
}

// involved reads the object that an event is about.
func involved(r *parse.Record) Ref {
	if r.Involved == "" {
		return Ref{Kind: r.About, Namespace: r.Namespace, Name: r.Name}
	}
	v := gjson.GetMany(r.Involved, "kind", "namespace", "name")
	return Ref{Kind: v[0].String(), Namespace: v[1].String(), Name: v[2].String()}
}

// kept is a copy of a text as it is, or an excerpt if it is too long.
func (e *Engine) kept(s string) string {
	if len(s) > failure.MaxText {
		return e.texts.Excerpt([]byte(s))
	}
	return strings.Clone(s)
}

// vague reports whether a text leaves open why something failed; nil is no text.
func vague(t *failure.Text) bool { return t != nil && t.Detail != failure.SaysWhy }

func abs(n int64) int64 {
	if n < 0 {
		return -n
	}
	return n
}
