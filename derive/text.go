package derive

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"fluxtrail/parse"
)

// text is what one error text of one kind of object says. Texts repeat at every retry, so the answer is kept.
type text struct {
	said        string // redacted
	reason      string
	fingerprint string
	culprit     Ref
	block       Ref  // another Flux object that the text holds responsible
	vague       bool // says that something failed, neither what nor why: "retries exhausted", "release is in a failed state"
	bare        bool // says what failed, not why
}

// mute reports whether a text leaves open why something failed.
func (t *text) mute() bool { return t != nil && (t.vague || t.bare) }

// saying is a text as a kind of object says it: its meaning depends on both.
type saying struct{ kind, said string }

// maxTexts and maxSaid bound the memory for known texts, by number and bytes. Beyond they are forgotten, all at once, and worked out again when they
// come back.
const (
	maxTexts = 4096
	maxSaid  = 8 << 20
)

// maxText is how much is kept of an error text or a line of evidence. Texts of megabytes exist: Helm's errors may hold all that it rendered.
const maxText = 16 << 10

// brief is what is kept of a text: a redacted copy, of its beginning if it is too long. What is left out is redacted, too, as far as a secret at the
// edge may reach.
func (e *Engine) brief(s []byte) string {
	if len(s) <= maxText {
		return e.cfg.Redact(string(s))
	}
	red := e.cfg.Redact(string(s[:min(len(s), 2*maxText)]))
	if len(s) > 2*maxText { // a secret may stand at the edge
		red = red[:max(0, len(red)-maxText/4)]
	}
	return clip(red, len(s))
}

// kept is a copy of the text as it is, or what brief keeps of it.
func (e *Engine) kept(s string) string {
	if len(s) > maxText {
		return e.brief([]byte(s))
	}
	return strings.Clone(s)
}

// clip is the beginning of a text that was of so many bytes, with a note, in at most maxText bytes.
func clip(s string, size int) string {
	if size <= maxText {
		return s
	}
	n := min(maxText-64, len(s))
	for n > 0 && n < len(s) && !utf8.RuneStart(s[n]) {
		n--
	}
	return fmt.Sprintf("%s … [cut: %d bytes in all]", s[:n], size)
}

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
func (o *Object) explain(e *Engine, a *attempt, r *parse.Record) *text {
	t := e.text(o.Kind, failureText(a, r))
	d := &o.detail
	near := d.said != "" && abs(r.Time-d.at) <= int64(detailFor)
	switch {
	case near && t.mute():
		return e.because(e.text(o.Kind, d.said), d.reason)
	case near && r.Error != "" && strings.HasSuffix(d.said, r.Error):
		return e.because(t, d.reason)
	case a.action != 0 && t.reason == unclassified && !t.vague:
		return e.because(t, a.action.reason())
	}
	return t
}

// because is the text with another reason, "" for its own.
func (e *Engine) because(t *text, reason string) *text {
	if reason == "" || reason == t.reason {
		return t
	}
	key := saying{reason, t.said}
	if c := e.texts[key]; c != nil {
		return c
	}
	c := *t
	c.reason, c.fingerprint = reason, fingerprint(reason, t.said)
	e.texts[key] = &c
	return &c
}

// unsaidText stands for what helm-controller before 0.37 does not say. See unsaid.
const unsaidText = "the run ended without a next one: values are missing or the chart cannot be loaded, this helm-controller does not log which"

// failureText is what a failing record says. helm-controller's "release is in a failed state" says nothing about why; the action that led there
// is at least a hint. A message that ends with its error says more than the error.
func failureText(a *attempt, r *parse.Record) string {
	switch {
	case r.Sign == parse.FailedState && a.action != 0:
		return r.Msg + " after '" + a.action.String() + "'"
	case r.Sign == parse.Finished:
		return unsaidText
	case r.Sign == parse.FailedState || strings.HasSuffix(r.Msg, r.Error):
		return r.Msg
	}
	return r.Error
}

func (e *Engine) text(kind, said string) *text {
	if len(said) > maxText {
		said = e.brief([]byte(said))
	}
	key := saying{kind, said}
	if t := e.texts[key]; t != nil {
		return t
	}
	if e.said += len(said); len(e.texts) >= maxTexts || e.said > maxSaid {
		clear(e.texts)
		e.said = len(said)
	}
	key.said = strings.Clone(said)
	red := e.cfg.Redact(key.said)
	c := classify(kind, red)
	t := &text{said: red, reason: c.reason, vague: c.vague, bare: c.bare, culprit: culprit(red), block: blocker(red)}
	t.fingerprint = fingerprint(t.reason, red)
	e.texts[key] = t
	return t
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
	t := e.because(e.text(o.Kind, said), o.detail.reason)
	if o.counted.mute() {
		o.recount(e, t, r)
	}
	i.learn(t, t.reason, "")
	i.witness(e, r, at)
	o.Message, o.Reason = t.said, t.reason
}

// eventReason is the reason of an event: the mirror has it as such, the event recorder's own line of a Warning as its error.
func eventReason(r *parse.Record) string {
	if r.About != "" && r.Level == parse.LevelError {
		return r.Error
	}
	return r.Reason
}

func abs(n int64) int64 {
	if n < 0 {
		return -n
	}
	return n
}
