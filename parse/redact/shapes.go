package redact

import (
	"bytes"
	"strings"
)

// token returns a rule for tokens that can be told by how they start: prefix, and then
// at least min bytes of the alphabet.
func token(kind, prefix string, min int, alphabet func(byte) bool) rule {
	find := func(l *line, at, end int) span {
		to := end
		for to < len(l.text) && alphabet(l.text[to]) {
			to++
		}
		if to-end < min || !l.hasPrefix(at, prefix) {
			return span{}
		}
		return span{from: l.start(at), to: to}
	}
	return rule{kind: kind, find: find, cues: []string{strings.ToLower(prefix)}}
}

// whole narrows a rule to what is not the middle of a word.
func whole(r rule) rule {
	find := r.find
	r.find = func(l *line, at, end int) span {
		if !l.boundary(at) {
			return span{}
		}
		return find(l, at, end)
	}
	return r
}

func wordByte(c byte) bool     { return alnum(c) || c == '_' }
func wordDashByte(c byte) bool { return alnum(c) || c == '_' || c == '-' }
func capitalByte(c byte) bool  { return class[c] == upper || class[c] == digit }

// after returns a rule for secrets that follow text, in lower case, to the end of the
// path segments they consist of.
func after(kind, text string, min int) rule {
	find := func(l *line, _, end int) span {
		to := end
		for to < len(l.text) && (class[l.text[to]] != other || l.text[to] == ':') {
			to++
		}
		if to-end < min {
			return span{}
		}
		return span{from: end, to: to}
	}
	return rule{kind: kind, find: find, cues: []string{text}}
}

// jwt finds a JSON Web Token around the dot between its first two parts, both of which
// start with the encoding of {".
func jwt(l *line, at, end int) span {
	from := at
	for from > l.done && wordDashByte(l.text[from-1]) {
		from--
	}
	from = min(l.start(from), at)
	k := bytes.Index(l.text[from:at], []byte("eyJ"))
	if k < 0 || !bytes.HasPrefix(l.text[at:], []byte(".eyJ")) {
		return span{}
	}
	to := end
	for to < len(l.text) && (wordDashByte(l.text[to]) || l.text[to] == '.') {
		to++
	}
	return span{from: from + k, to: to}
}

// pem finds a block of PEM or of armored PGP, with line breaks raw or escaped. A block
// that is cut off ends where its text does.
func pem(l *line, from, end int) span {
	at := l.label(end)
	if at == end {
		return span{}
	}
	for at < len(l.text) {
		switch c := l.text[at]; {
		case l.hasPrefix(at, "-----END"):
			return span{from: from, to: l.label(at + len("-----END"))}
		case l.newline(at) > 0:
			at += l.newline(at)
		case c == '\\' && at+1 < len(l.text) && bytes.IndexByte([]byte("rt/"), l.text[at+1]) >= 0:
			at += 2
		case class[c] != other || bytes.IndexByte([]byte("= \t\r:,.()"), c) >= 0:
			at++
		default:
			return span{from: from, to: at}
		}
	}
	return span{from: from, to: at}
}

// label returns the place after the capitals at i and the five dashes after them, or i.
func (l *line) label(i int) int {
	to := i
	for to < len(l.text) && (capitalByte(l.text[to]) || l.text[to] == ' ') {
		to++
	}
	if !l.hasPrefix(to, "-----") {
		return i
	}
	return to + len("-----")
}

// sops finds what SOPS could not decrypt because it was plain text already: "Input
// string VALUE does not match sops' data format".
func sops(l *line, _, end int) span {
	const words = " does not match sops"
	if l.sops < end {
		k := bytes.Index(l.text[end:], []byte(words))
		if k < 0 {
			k = len(l.text)
		}
		l.sops = end + k
	}
	if l.sops >= l.end(end) {
		return span{}
	}
	return span{from: end, to: l.sops}
}

// quoted finds the text in the quotes after the cue, as in net/http's "invalid header
// field value "Bearer ..." for key Authorization".
func quoted(l *line, _, end int) span {
	i := l.spaces(end)
	q := l.quoteAt(i)
	if q == 0 || l.json && q == 1 {
		return span{}
	}
	return span{from: i + q, to: l.unquote(i+q, q)}
}

// fragment finds the piece of an object that the API server quotes between bars when it
// cannot decode it: "error found in #10 byte of ...|PIECE|...".
func fragment(l *line, _, end int) span {
	limit := l.end(end)
	k := bytes.Index(l.text[end:limit], []byte("|..."))
	if k < 0 {
		k = limit - end
	}
	return span{from: end, to: end + k}
}
