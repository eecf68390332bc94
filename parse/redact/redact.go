// Package redact takes secrets out of text: the one place that does so, called before a
// line reaches a sink, a page, a report or our own log.
//
// In goes a line of a log, whole or in part (JSON, the console encoder, klog, YAML, an
// error text). Out comes the same line in which each secret is replaced by a placeholder
// that names its kind, such as <redacted:url-userinfo>. A line that is valid JSON stays
// valid JSON. Revisions, digests, commit ids, UUIDs and names of objects are left alone.
//
// What counts as a secret is a table in rules.go. Each of its rules has anchors, a few
// bytes that stand in or before the secret. A prefilter finds the anchors, and only where
// it does the rule's finder looks at the bytes around them. Most anchors are parts of names
// that tell of secrets (names.go); the finder for those (pair.go, value.go) decides by what
// the name means, by how name and value are joined, and by what the value looks like
// (looks.go). Three things need no anchor: userinfo in URLs (url.go), long random words
// and base64 (encoded.go), and the user's own patterns. A line without any of these is
// returned as it is, without a copy.
//
// A text may be written otherwise than it is meant: with escapes of letters, entities,
// invisible characters (masked.go), %-encoded (veiled.go) or in hexadecimal digits
// (hexed.go). Where there is a sign of it, what it means is looked at, too, and if there
// is a secret in that, what comes out is what was meant, or one placeholder for the word.
//
// The time is linear in the length of the text, whatever the text: see type text. What passes
// over ordinary text looks at 16 bytes at once where the processor is an amd64 (scan_amd64.s),
// and at eight elsewhere or with the build tag purego.
//
// The package keeps no text, starts no goroutine, logs nothing and asks for no time. What
// may be lost: text that looks like a secret and is none. What may get through: a short
// secret in plain words that nothing around it calls one, and the second half of a secret
// whose first half was on another line, unless it is base64.
package redact

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"sync"
	"unsafe"
)

// Pattern is a shape of secret that the user adds. Name becomes the kind in the
// placeholder. Regexp has RE2 syntax; its first group, or the whole match if it has
// no group, is what is replaced. Each pattern is run on every line, which costs far
// more than all built-in rules together, and it is the pattern's duty to keep clear
// of JSON quotes.
type Pattern struct {
	Name   string
	Regexp string
}

// Redactor replaces secrets and counts them. It is owned by one goroutine: no
// method may run at the same time as another.
type Redactor struct {
	// configuration, immutable after New
	filter *prefilter
	rules  []rule
	extra  []extra

	// state
	counts map[string]uint64

	// reuse buffers, owned by Bytes and String
	text   text
	spans  []span
	buf    []byte
	spare  []byte
	found  []span // in a text that has masks, as it stands
	plain  []byte // the text without masks
	unmask []byte // the same before the last step
	veiled []byte
	inner  *Redactor // looks into what is encoded; nil in that of its own
}

// extra is a Pattern that was compiled.
type extra struct {
	kind string
	re   *regexp.Regexp
}

// span is a part of the text, from the first byte to before the second, that is to
// be replaced. quote is the number of bytes of a quote (see quoteAt) that is to be
// put on both sides of the placeholder, because the text replaced was a JSON value
// without quotes.
type span struct {
	from, to int
	kind     string
	quote    int
	quoted   bool // it stood in quotes
	weak     bool // another one in the same place knows better what it is
	sure     bool // it need not look like a secret
}

// kindName is what a pattern may be called: it goes into placeholders and labels.
var kindName = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// knowledge is what all Redactors know. It is only read: a process has several of them, and the
// prefilter is large.
type knowledge struct {
	rules  []rule
	filter *prefilter // of the anchors of the rules
	vocab  vocabulary // its buffers are of no use
}

var builtIn = sync.OnceValue(func() knowledge {
	table := rules()
	return knowledge{rules: table, filter: newPrefilter(table), vocab: newVocabulary()}
})

// New returns a Redactor with the built-in rules and the patterns in more. The error
// names each pattern that cannot be used.
func New(more []Pattern) (*Redactor, error) {
	r := newRedactor(depth)
	var errs []error
	for i, p := range more {
		re, err := regexp.Compile(p.Regexp)
		if err == nil && re.MatchString("") {
			err = errors.New("regexp matches the empty text")
		}
		if !kindName.MatchString(p.Name) {
			err = errors.Join(fmt.Errorf("name %q: want lower-case letters, digits and single hyphens", p.Name), err)
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("patterns[%d]: %w", i, err))
			continue
		}
		r.extra = append(r.extra, extra{kind: p.Name, re: re})
	}
	return r, errors.Join(errs...)
}

// depth is how often a text may be encoded in another one.
const depth = 2

// newRedactor returns a Redactor that looks into texts which are encoded that many times.
func newRedactor(depth int) *Redactor {
	known := builtIn()
	r := &Redactor{rules: known.rules, filter: known.filter, counts: map[string]uint64{}, text: text{vocab: known.vocab}}
	if depth > 0 {
		r.inner = newRedactor(depth - 1)
		r.text.inner = r.inner
	}
	return r
}

// Counts returns how many secrets were replaced, by kind, since New. The map is the
// caller's.
func (r *Redactor) Counts() map[string]uint64 {
	m := make(map[string]uint64, len(r.counts))
	for k, n := range r.counts {
		m[k] = n
	}
	return m
}

// Bytes replaces the secrets in text and returns how many there were. Without any,
// out is text itself and nothing is allocated. Otherwise out is written over dst,
// which may be nil and must not overlap text, and grown as needed. Text is never
// written to.
func (r *Redactor) Bytes(dst, text []byte) (out []byte, n int) {
	if !r.find(text) && !r.text.masked && !r.text.percent {
		return text, 0
	}
	return r.redact(dst[:0], text)
}

// redact replaces the secrets in text, in which find has just found some, or masks.
func (r *Redactor) redact(dst, text []byte) (out []byte, n int) {
	out = text
	for pass := range 2 * maxPasses {
		if pass > 0 {
			r.find(out)
		}
		source := r.meant(out)
		if len(r.spans) == 0 && (!r.text.percent || !r.findVeiled(source)) {
			break
		}
		if n > 0 && len(source) > 0 && &source[0] == &out[0] {
			r.spare = append(r.spare[:0], source...)
			source = r.spare
		}
		more := 0
		out, more = r.replace(dst[:0], source)
		dst = out
		n += more
	}
	return out, n
}

// readable counts the secrets that were found without decoding anything.
func (r *Redactor) readable() (n int) {
	for _, s := range r.spans {
		if s.kind != encoded {
			n++
		}
	}
	return n
}

// encoded is the kind of texts in which a secret is when they are decoded.
const encoded = "encoded"

// meant returns text as it is meant if there are more secrets in that than in text itself, which
// then are those found, and else text.
func (r *Redactor) meant(text []byte) []byte {
	if !r.text.masked {
		return text
	}
	r.found = append(r.found[:0], r.spans...)
	found, before := r.readable(), r.text.signs
	if meant := r.findUnmasked(text); meant > 0 && (meant >= found || before.unusual) {
		return r.plain
	}
	r.text.reset(text)
	r.text.signs = before
	r.spans = append(r.spans[:0], r.found...)
	return text
}

// findUnmasked looks for secrets in text as it is meant, which is in plain then, and returns how
// many there are.
func (r *Redactor) findUnmasked(text []byte) int {
	r.plain = appendUnmasked(r.plain[:0], text, r.text.json)
	r.text.steps += len(text)
	for size, n := len(text), 1; n < maxMasks && len(r.plain) < size; n++ {
		size = len(r.plain)
		r.unmask = append(r.unmask[:0], r.plain...)
		r.plain = appendUnmasked(r.plain[:0], r.unmask, r.text.json)
		r.text.steps += size
	}
	if !r.find(r.plain) && r.text.percent {
		r.findVeiled(r.plain)
	}
	r.text.masked = true
	return len(r.spans)
}

// maxMasks is how often masks are taken off, because there may be masks in masks.
const maxMasks = 4

// maxPasses is half of how often a line with secrets is looked at again, because a placeholder may
// have brought together what stood apart. The last pass finds nothing in practice.
const maxPasses = 4

// find looks for secrets in b, and reports whether there are any.
func (r *Redactor) find(b []byte) bool {
	r.spans = r.spans[:0]
	r.text.reset(b)
	r.text.unusual = unusual(b)
	r.text.masked = r.text.unusual
	r.followAnchors(&r.text)
	r.userinfo(&r.text)
	r.randomWords(&r.text)
	r.spelled(&r.text)
	r.matchExtra(b)
	return len(r.spans) > 0
}

// String is Bytes for a string. Without secrets it returns s and allocates nothing.
func (r *Redactor) String(s string) string {
	// The bytes of a string may be read this way as long as nobody writes to them,
	// which Bytes promises.
	text := unsafe.Slice(unsafe.StringData(s), len(s))
	out, n := r.Bytes(r.buf, text)
	if n == 0 {
		return s
	}
	r.buf = out
	return string(out)
}

func (r *Redactor) matchExtra(text []byte) {
	for _, e := range r.extra {
		for _, m := range e.re.FindAllSubmatchIndex(text, -1) {
			from, to := m[0], m[1]
			if len(m) > 2 && m[2] >= 0 {
				from, to = m[2], m[3]
			}
			r.keep(text, span{from: from, to: to, kind: e.kind})
		}
	}
}

// keep adds s to the spans unless it is empty or a placeholder.
func (r *Redactor) keep(b []byte, s span) {
	if s.from < s.to && !placeholder(b[s.from:s.to]) {
		r.spans = append(r.spans, s)
	}
}

const (
	opening = "<redacted:"
	closing = ">"

	maxPlaceholder = 64
)

// placeholder reports whether b is a placeholder, as a whole or without its end.
func placeholder(b []byte) bool {
	b, ok := bytes.CutPrefix(b, []byte(opening))
	b = bytes.TrimSuffix(b, []byte(closing))
	if !ok || len(b) == 0 || len(b) > maxPlaceholder-len(opening)-len(closing) {
		return false
	}
	for _, c := range b {
		if class[c] != lower && class[c] != digit && c != '-' {
			return false
		}
	}
	return true
}

func appendPlaceholder(dst []byte, s span) []byte {
	dst = appendQuote(dst, s.quote)
	dst = append(dst, opening...)
	dst = append(dst, s.kind...)
	dst = append(dst, closing...)
	return appendQuote(dst, s.quote)
}

func appendQuote(dst []byte, quote int) []byte {
	if quote == 0 {
		return dst
	}
	for range quote - 1 {
		dst = append(dst, '\\')
	}
	return append(dst, '"')
}

// order compares two answers of which no comes first.
func order(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// replace writes text with each span replaced by its placeholder over dst. Spans that
// overlap become one, of the kind that starts first, or is longest of those.
func (r *Redactor) replace(dst, text []byte) ([]byte, int) {
	for i, s := range r.spans {
		r.spans[i].from, r.spans[i].to = r.text.whole(s.from, s.to)
	}
	slices.SortStableFunc(r.spans, func(a, b span) int {
		if a.from != b.from {
			return a.from - b.from
		}
		if a.to != b.to {
			return b.to - a.to
		}
		return order(a.weak, b.weak)
	})
	done, n := 0, 0
	for i := 0; i < len(r.spans); n++ {
		s := r.spans[i]
		for i++; i < len(r.spans) && r.spans[i].from < s.to; i++ {
			s.to = max(s.to, r.spans[i].to)
			if s.weak && !r.spans[i].weak {
				s.kind, s.weak = r.spans[i].kind, false
			}
		}
		dst = append(dst, text[done:s.from]...)
		dst = appendPlaceholder(dst, s)
		done = s.to
		r.counts[s.kind]++
	}
	return append(dst, text[done:]...), n
}
