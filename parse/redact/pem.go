package redact

import "bytes"

const pemStart, pemEnd = "-----BEGIN", "-----END"

// pem finds a block of PEM or of armored PGP, with line breaks raw or escaped. A block
// that is cut off ends where its text does.
func pem(t *text, from, end int) span {
	at := t.label(end)
	if at == end {
		return span{}
	}
	for at < len(t.b) {
		if t.hasPrefix(at, pemEnd) {
			return span{from: from, to: t.label(at + len(pemEnd))}
		}
		c, n := t.char(at)
		if class[c] == other && bytes.IndexByte([]byte("= \t\r\n:,.()|>\\%"), c) < 0 {
			break
		}
		at += n
	}
	return span{from: from, to: min(at, len(t.b))}
}

// pemAt returns the block that starts at i, which need not look like a secret, or nothing.
func (t *text) pemAt(i int) span {
	if !t.hasPrefix(i, pemStart) {
		return span{}
	}
	s := pem(t, i, i+len(pemStart))
	s.kind, s.sure = "pem", true
	return s
}

// label returns the place after the capitals at i and the five dashes after them, or i.
func (t *text) label(i int) int {
	to := i
	for to < len(t.b) && to-i < maxBefore && (class[t.b[to]] == upper || class[t.b[to]] == digit || t.b[to] == ' ' || t.b[to] == '+') {
		to++
	}
	if !t.hasPrefix(to, "-----") {
		return i
	}
	return to + len("-----")
}
