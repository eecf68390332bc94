package frame

import (
	"bytes"
	"html"
	"unicode/utf16"
	"unicode/utf8"
)

// simpleEscapes maps the byte behind a backslash to what the pair stands for; 0 where it is no
// such pair.
var simpleEscapes = [256]byte{
	'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t',
}

// unescape undoes the escapes of a JSON string's inside, in place: the result is never longer. An
// escape that JSON does not know stays as it stands.
func unescape(b []byte) []byte {
	w := bytes.IndexByte(b, '\\')
	if w < 0 {
		return b
	}
	for r := w; r < len(b); {
		c := b[r]
		if c != '\\' || r+1 == len(b) {
			b[w] = c
			w, r = w+1, r+1
			continue
		}
		if e := simpleEscapes[b[r+1]]; e != 0 {
			b[w] = e
			w, r = w+1, r+2
			continue
		}
		nr, nw := unescapeRune(b, r, w)
		r, w = nr, nw
	}
	return b[:w]
}

// unescapeRune handles the escape at r that is not a simple pair, and gives the new positions.
func unescapeRune(b []byte, r, w int) (nextRead, nextWrite int) {
	c, ok := hexRune(b[r:])
	if !ok {
		b[w], b[w+1] = b[r], b[r+1]
		return r + 2, w + 2
	}
	r += 6
	if utf16.IsSurrogate(c) {
		low, ok := hexRune(b[r:])
		c = utf16.DecodeRune(c, low)
		if ok && c != utf8.RuneError {
			r += 6
		}
	}
	return r, w + utf8.EncodeRune(b[w:w+utf8.UTFMax], c)
}

// hexRune reads `\u00b5`.
func hexRune(b []byte) (r rune, ok bool) {
	if len(b) < 6 || b[0] != '\\' || b[1] != 'u' {
		return 0, false
	}
	for _, c := range b[2:6] {
		r <<= 4
		switch {
		case '0' <= c && c <= '9':
			r |= rune(c - '0')
		case 'a' <= c && c <= 'f':
			r |= rune(c - 'a' + 10)
		case 'A' <= c && c <= 'F':
			r |= rune(c - 'A' + 10)
		default:
			return 0, false
		}
	}
	return r, true
}

// htmlObjects begin a JSON object that went through HTML.
var htmlObjects = [...][]byte{[]byte("{&quot;"), []byte("{&#34;"), []byte("{&#x22;")}

// inHTML reports whether a sample has objects that went through HTML, and none that did not.
func inHTML(sample []byte) bool {
	if bytes.Contains(sample, []byte(`{"`)) {
		return false
	}
	for _, begin := range htmlObjects {
		if bytes.Contains(sample, begin) {
			return true
		}
	}
	return false
}

// unescapeHTML is b without the references that HTML writes for quotes and angle brackets.
func unescapeHTML(b []byte) []byte { return []byte(html.UnescapeString(string(b))) }
