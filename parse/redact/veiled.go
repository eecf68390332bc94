package redact

import (
	"bytes"
	"slices"
	"strings"
)

// findVeiled adds the words that hide a secret because they are %-encoded as a whole, spaces and
// quotes too, or because each character is escaped, and reports whether there are any. Those that
// are left when all else was replaced are meant.
func (r *Redactor) findVeiled(b []byte) bool {
	r.spans = r.spans[:0]
	r.findWords(b, '%', endsVeiled, decodePercent)
	if r.text.pluses && len(r.spans) == 0 {
		r.findWords(b, '+', endsVeiled, decodePercent)
	}
	if r.text.escapes >= minEscapes && len(r.spans) == 0 {
		r.findWords(b, '\\', endsEscaped, decodeEscapes)
	}
	return len(r.spans) > 0
}

// plusAnchors are the anchors of all rules in which a space is, as queries have them.
func plusAnchors(all []rule) (anchors []string) {
	for _, r := range all {
		for _, a := range r.anchors {
			if strings.Contains(a, " ") {
				anchors = append(anchors, strings.ReplaceAll(a, " ", "+"))
			}
		}
	}
	slices.Sort(anchors)
	return slices.Compact(anchors)
}

// plused remembers that plus signs stand in the text as spaces do.
func plused(t *text, _, _ int) span {
	t.pluses, t.percent = true, true
	return span{}
}

// findWords adds the words around the byte mark in which a secret is when they are decoded. ends
// tells which bytes part words.
func (r *Redactor) findWords(b []byte, mark byte, ends func(byte) bool, decode func([]byte) []byte) {
	for i := 0; i < len(b); {
		k := bytes.IndexByte(b[i:], mark)
		if k < 0 {
			break
		}
		from, to := i+k, i+k
		for from > i && !ends(b[from-1]) {
			from--
		}
		if k := bytes.LastIndex(b[i:from], []byte(opening)); k >= 0 && placeholder(b[i+k:from]) { // it goes on before it
			for from = i + k; from > i && !ends(b[from-1]); from-- {
			}
		}
		for to < len(b) {
			n := placeholderLen(b[to:])
			if n == 0 && ends(b[to]) {
				break
			}
			to += max(n, 1)
		}
		from = min(afterEscape(b, from), to)
		if r.veils(b[from:to], decode, mark == '\\') {
			r.spans = append(r.spans, span{from: from, to: to, kind: encoded})
		}
		i = max(to, i+k+1)
	}
}

// afterEscape returns the place after the rest of an escape at i, such as u0026 behind a backslash.
func afterEscape(b []byte, i int) int {
	switch {
	case i == 0 || b[i-1] != '\\' || i >= len(b):
		return i
	case b[i] == 'u':
		return i + len("u0026")
	}
	return i + 1
}

// endsVeiled reports whether c cannot be part of such a word.
func endsVeiled(c byte) bool { return endsURL(c) || c == '\\' }

// veils reports whether a secret is found in word when it is decoded, once or up to three times: in
// each of what comes out, because a plus sign of one is a space in the next.
func (r *Redactor) veils(word []byte, decode func([]byte) []byte, once bool) bool {
	if r.inner == nil {
		return false
	}
	text, found := append(r.veiled[:0], word...), false
	for n := 0; n < 3 && !found; n++ {
		size, spaces := len(text), n == 0 && bytes.IndexByte(text, '+') >= 0
		if text = decode(text); len(text) == size && !spaces {
			break
		}
		r.text.steps += size
		if found = r.inner.finds(text); once {
			break
		}
	}
	r.veiled = text
	return found
}

// decodePercent decodes b in place, as in a query, where a plus sign is a space.
func decodePercent(b []byte) []byte {
	out := b[:0]
	for i := 0; i < len(b); i++ {
		c := b[i]
		switch c {
		case '+':
			c = ' '
		case '%':
			if code := hexByte(b[i+1:]); code >= 0 {
				c = byte(code)
				i += 2
			}
		}
		out = append(out, c)
	}
	return out
}

// minEscapes is how many letters of a text are escaped at least if all are.
const minEscapes = 8

// endsEscaped reports whether c cannot be part of a word whose characters are escaped.
func endsEscaped(c byte) bool { return c <= ' ' || c == '"' || c == '\'' || c == '`' }

// decodeEscapes decodes the escapes \uXXXX in b in place, once.
func decodeEscapes(b []byte) []byte {
	out := b[:0]
	for i := 0; i < len(b); i++ {
		if b[i] == '\\' && i+5 < len(b) && b[i+1] == 'u' {
			if hi, lo := hexByte(b[i+2:]), hexByte(b[i+4:]); hi == 0 && lo >= 0 && lo < 0x80 {
				out = append(out, byte(lo))
				i += 5
				continue
			}
		}
		out = append(out, b[i])
	}
	return out
}
