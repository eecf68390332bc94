// Package redact takes secrets out of text: the one place that does so, called
// before a line reaches a sink, a page, a report or our own log.
//
// In goes a line of a log, whole or in part (JSON, the console encoder, klog,
// YAML, an error text), out comes the same line in which each secret is replaced
// by a placeholder that names its kind, such as <redacted:url-userinfo>. A line
// that is valid JSON stays valid JSON, and a line that was redacted is not changed
// by a second pass. Revisions, digests, commit ids and UUIDs are left alone.
//
// What counts as a secret is a table in rules.go. Each of its rules names cues, a
// few bytes that stand in or near the secret; a sieve finds the cues, and only
// where it does the rule's finder looks at the bytes around it. Three things need
// no cue: userinfo in URLs (url.go), long base64 (blob.go) and the user's own
// patterns. A line without any of these is returned as it is, without a copy.
//
// The package keeps no text, starts no goroutine, logs nothing and asks for no
// time. What may be lost: text that looks like a secret and is none. What may get
// through: a secret in plain words that nothing around it calls one, and the
// second half of a secret whose first half was on another line.
package redact

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
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
	sieve sieve
	rules []rule
	extra []extra

	// state
	counts map[string]uint64

	// reuse buffers, owned by Bytes and String
	line  line
	spans []span
	buf   []byte
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
}

// name is what a pattern may be called: it goes into placeholders and labels.
var name = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// New returns a Redactor with the built-in rules and the patterns in more. The error
// names each pattern that cannot be used.
func New(more []Pattern) (*Redactor, error) {
	r := &Redactor{rules: rules(), counts: map[string]uint64{}}
	r.sieve.init(r.rules)
	var errs []error
	for i, p := range more {
		re, err := regexp.Compile(p.Regexp)
		if err == nil && re.MatchString("") {
			err = errors.New("regexp matches the empty text")
		}
		if !name.MatchString(p.Name) {
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
	r.spans = r.spans[:0]
	r.line = line{text: text, json: len(text) > 0 && text[0] == '{'}
	r.followCues(&r.line)
	r.spans = userinfo(r.spans, text)
	r.spans = blobs(r.spans, text)
	r.matchExtra(text)
	if len(r.spans) == 0 {
		return text, 0
	}
	return r.replace(dst[:0], text)
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
			r.spans = keep(r.spans, text, span{from: from, to: to, kind: e.kind})
		}
	}
}

// keep adds s to spans unless it is empty or was redacted before.
func keep(spans []span, text []byte, s span) []span {
	if s.from >= s.to || redacted(text[s.from:s.to]) {
		return spans
	}
	return append(spans, s)
}

// replace writes text with each span replaced by its placeholder over dst. Spans that
// overlap become one, of the kind that starts first, or is longest of those.
func (r *Redactor) replace(dst, text []byte) ([]byte, int) {
	slices.SortStableFunc(r.spans, func(a, b span) int {
		if a.from != b.from {
			return a.from - b.from
		}
		return b.to - a.to
	})
	done, n := 0, 0
	for i := 0; i < len(r.spans); n++ {
		s := r.spans[i]
		for i++; i < len(r.spans) && r.spans[i].from < s.to; i++ {
			s.to = max(s.to, r.spans[i].to)
		}
		dst = append(dst, text[done:s.from]...)
		dst = appendPlaceholder(dst, s)
		done = s.to
		r.counts[s.kind]++
	}
	return append(dst, text[done:]...), n
}
