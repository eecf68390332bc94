// Package failure reads error texts: which reason Flux would give it, under which fingerprint
// its occurrences are counted together, which object it is really about, which other Flux object
// it holds responsible.
//
// In: the kind of the object that failed, and the text of the error. Out: a Text. Package derive
// calls it for each failed attempt and each error line, the agent for each line that it ships.
// It is pure: the same kind and text always give the same Text. A Cache keeps what was read,
// because controllers repeat an error at every retry; it belongs to one goroutine.
//
// Every text that it keeps or returns was redacted. Of a very long text only the beginning is
// kept, with a note of how long it was.
package failure

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"fluxtrail/parse"
)

// Text is what one error text of one kind of object means. It is never changed.
type Text struct {
	Text        string // redacted
	Reason      string
	Fingerprint string
	Culprit     parse.Ref // the object that the error is really about, zero when it names none
	Blocker     parse.Ref // the Flux object that the text holds responsible, zero when it names none
	Detail      Detail

	kind string
}

// Detail is how much a text explains.
type Detail uint8

// The levels of Detail, most first.
const (
	SaysWhy     Detail = iota
	SaysWhat           // what failed, not why: "release is in a failed state after 'upgrade'"
	SaysNothing        // neither: "retries exhausted"
)

// NoNextRun stands for the error that helm-controller before 0.37 does not log when values are
// missing or a chart cannot be loaded.
const NoNextRun = "the run ended without a next one: values are missing or the chart cannot be loaded, " +
	"this helm-controller does not log which"

// key is what a Text depends on. reason is empty where the text decides the reason.
type key struct{ kind, text, reason string }

// maxTexts and maxTextBytes bound the memory of a Cache. Beyond them everything is forgotten, and
// read again when it comes back. maxRevisions does the same for revisions.
const (
	maxTexts     = 4096
	maxTextBytes = 2 << 20
	maxRevisions = 4096
)

// Cache reads texts and keeps the results. Make one with NewCache; it is not safe for concurrent
// use.
type Cache struct {
	redact    func(string) string
	texts     map[key]*Text
	bytes     int // of the texts, as they came and redacted
	revisions map[string]Revision
}

// NewCache makes an empty Cache. redact takes secrets out of a text before it is kept; nil keeps
// texts as they are.
func NewCache(redact func(string) string) *Cache {
	if redact == nil {
		redact = func(s string) string { return s }
	}
	return &Cache{redact: redact, texts: map[key]*Text{}, revisions: map[string]Revision{}}
}

// Read finds out what the text means when an object of the kind fails with it. kind may be empty
// for an error that is about no object. The argument is not kept.
func (c *Cache) Read(kind, text string) *Text {
	if len(text) > MaxText {
		text = c.Excerpt([]byte(text))
	}
	k := key{kind: kind, text: text}
	if t := c.texts[k]; t != nil {
		return t
	}
	k.text = strings.Clone(text)
	return c.add(k, read(kind, strings.TrimSpace(c.redact(k.text))))
}

// WithReason is the Text with another reason, and so with another fingerprint. An empty reason
// leaves the Text as it is.
func (c *Cache) WithReason(t *Text, reason string) *Text {
	if reason == "" || reason == t.Reason {
		return t
	}
	k := key{t.kind, t.Text, reason}
	if known := c.texts[k]; known != nil {
		return known
	}
	other := *t
	other.Reason, other.Fingerprint = reason, fingerprint(reason, t.Text)
	return c.add(k, &other)
}

func (c *Cache) add(k key, t *Text) *Text {
	size := len(k.text) + len(t.Text)
	if c.bytes += size; len(c.texts) >= maxTexts || c.bytes > maxTextBytes {
		clear(c.texts)
		c.bytes = size
	}
	c.texts[k] = t
	return t
}

// Ref is a name without secrets.
func (c *Cache) Ref(r parse.Ref) parse.Ref {
	part := func(s string) string { return strings.ToValidUTF8(c.redact(s), "\uFFFD") } // as JSON has it
	return parse.Ref{Kind: part(r.Kind), Namespace: part(r.Namespace), Name: part(r.Name)}
}

// read is Cache.Read without the cache, for a redacted text.
func read(kind, text string) *Text {
	c := classify(kind, text)
	return &Text{
		Text: text, Reason: c.reason, Detail: c.detail, Fingerprint: fingerprint(c.reason, text),
		Culprit: culprit(text), Blocker: blocker(text), kind: kind,
	}
}

// MaxText is how many bytes are kept of an error text or a line of evidence. Texts of megabytes
// exist: an error of Helm may hold all that it rendered.
const MaxText = 16 << 10

// Excerpt is a redacted copy of a text, or of its beginning if it is longer than MaxText. The text
// behind the cut is redacted, too, as far as a secret across the cut may reach.
func (c *Cache) Excerpt(text []byte) string {
	if len(text) <= MaxText {
		return c.redact(string(text))
	}
	red := c.redact(string(text[:min(len(text), 2*MaxText)]))
	if len(text) > 2*MaxText { // a secret may stand at this cut
		red = red[:max(0, len(red)-MaxText/4)]
	}
	return clip(red, len(text))
}

// clip is the beginning of a text in at most MaxText bytes. size is how long the text was before
// it was redacted; a text that was cut says so.
func clip(s string, size int) string {
	if size <= MaxText {
		return s
	}
	return fmt.Sprintf("%s … [cut: %d bytes in all]", Shortened(s, MaxText-64), size)
}

// Shortened is the beginning of a text in at most n bytes, without a part of a character.
func Shortened(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
