package derive

import (
	"strings"
	"time"

	"fluxtrail/parse"
)

// text is what one error text of one kind of object says. Texts repeat at every retry, so the answer is kept.
type text struct {
	said        string // redacted
	reason      string
	fingerprint string
	culprit     Ref
	block       Ref  // another Flux object that the text holds responsible
	vague       bool // says that, not why: "retries exhausted", "release is in a failed state"
}

// saying is a text as a kind of object says it: its meaning depends on both.
type saying struct{ kind, said string }

// maxTexts bounds the memory for known texts. Beyond it they are forgotten, all at once, and worked out again when they come back.
const maxTexts = 4096

// detail is an explanation that came by another line than the failure itself: an event, mirrored or dispatched.
type detail struct {
	at     int64
	said   string
	reason string
}

// detailFor is how far an explanation and the failure that it explains may be apart.
const detailFor = 5 * time.Second

// explain finds out what a failing record says.
func (o *Object) explain(e *Engine, a *attempt, r *parse.Record) *text {
	t := e.text(o.Kind, failureText(a, r))
	if t.vague && o.detail.said != "" && abs(r.Time-o.detail.at) <= int64(detailFor) {
		better := e.text(o.Kind, o.detail.said)
		if o.detail.reason != "" {
			c := *better
			c.reason = o.detail.reason
			better = &c
		}
		return better
	}
	return t
}

// failureText is what a failing record says. helm-controller's "release is in a failed state" says nothing about why; the action that led there
// is at least a hint.
func failureText(a *attempt, r *parse.Record) string {
	switch {
	case r.Sign == parse.FailedState && a.action != 0:
		return r.Msg + " after '" + a.action.String() + "'"
	case r.Sign == parse.FailedState || r.Error == "":
		return r.Msg
	}
	return r.Error
}

func (e *Engine) text(kind, said string) *text {
	key := saying{kind, said}
	if t := e.texts[key]; t != nil {
		return t
	}
	if len(e.texts) >= maxTexts {
		clear(e.texts)
	}
	key.said = strings.Clone(said)
	red := e.cfg.Redact(key.said)
	c := classify(kind, red)
	t := &text{said: red, reason: c.reason, vague: c.vague, culprit: culprit(red), block: blocker(red)}
	t.fingerprint = fingerprint(t.reason, red)
	e.texts[key] = t
	return t
}

// hint keeps the explanation of a Warning line for the failure that follows it in the same run.
func (o *Object) hint(e *Engine, r *parse.Record) {
	o.detail = detail{r.Time, strings.Clone(r.Msg), strings.Clone(r.Error)}
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
	o.detail = detail{r.Time, strings.Clone(said), ""}
	i := o.Incident
	if i == nil || i.Healing != 0 || i.waitOnly || abs(r.Time-o.ended) > int64(detailFor) {
		return
	}
	t := e.text(o.Kind, said)
	if strings.HasPrefix(i.ErrorFirst, "release is in a failed state") {
		i.ErrorFirst = t.said
	}
	i.learn(t, t.reason, "")
	i.witness(e, r, at)
	o.Message, o.Reason = t.said, t.reason
}

func abs(n int64) int64 {
	if n < 0 {
		return -n
	}
	return n
}
