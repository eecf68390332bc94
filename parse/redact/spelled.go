package redact

import (
	"bytes"
	"encoding/binary"
)

const (
	// spellStride is how far apart it is looked for bytes that are spelled, and spellLook at how much.
	// One of spellStride + spellLook - 1 bytes is found wherever it starts.
	spellStride, spellLook = 24, 8

	// minSpelled is how many bytes have to be spelled to be looked at, and minMasked how many for what
	// stands around them to be, too.
	minSpelled, minMasked = 8, 4
)

// The bytes that numbers are spelled with: digits, and marks before and between them.
const (
	spellDigit uint8 = 0b01
	spellMark  uint8 = 0b10
)

var spelling = spellTable()

func spellTable() (t [256]uint8) {
	for _, c := range []byte("0123456789abcdefABCDEF") {
		t[c] = spellDigit
	}
	for _, c := range []byte(`\xXu=&#;,: %[]{}()`) {
		t[c] = spellMark
	}
	return t
}

// spelled adds the texts whose bytes are written as numbers, one by one, and in which a secret is:
// \x70\x61, \160\141, =70=61, &#112;&#97;, 70:61, 0x70, 0x61, [112 97].
func (r *Redactor) spelled(t *text) {
	b := t.b
	if r.inner == nil {
		return
	}
	done := 0
	for i := nextSpelled(b, 0); i < len(b); i = nextSpelled(b, i+spellStride) {
		from, to := i, i
		for from > done && spelling[b[from-1]] != 0 {
			from--
		}
		marks := 0
		for to < len(b) && spelling[b[to]] != 0 {
			if spelling[b[to]] == spellMark {
				marks++
			}
			to++
		}
		t.steps += to - from
		if to-from >= 3*minSpelled && marks >= (to-i)/6 {
			r.spelledIn(t, from, to)
		}
		done = to
		i = after(i, to, spellStride)
	}
}

// nextSpelled returns the first place at or after i, and a number of strides from it, whose
// bytes are digits and marks, both. At the end it returns the length of b.
func nextSpelled(b []byte, i int) int {
	for ; i+spellLook <= len(b); i += spellStride {
		if i += skipSpelled(b[i:]); i+spellLook > len(b) {
			break
		}
		w := binary.LittleEndian.Uint64(b[i : i+spellLook])
		none := within(w|fold8, 'g', 't') | within(w, '-', '/')
		if within(w, '0', '9')&^spread(none) != 0 && !hexedWord(b[i:i+spellLook]) && digitsAndMarks(b[i:i+spellLook]) {
			return i
		}
	}
	return len(b)
}

// digitsAndMarks reports whether x consists of digits and marks, of both.
func digitsAndMarks(x []byte) bool {
	var seen uint8
	for _, c := range x {
		if spelling[c] == 0 {
			return false
		}
		seen |= spelling[c]
	}
	return seen == spellDigit|spellMark
}

// spelledIn looks for secrets in the numbers from from to to, in hexadecimal digits if nothing says
// otherwise, or else decimal.
func (r *Redactor) spelledIn(t *text, from, to int) {
	for _, base := range []int{16, 10} {
		found := false
		for i := from; i < to; {
			s := span{from: -1, kind: encoded}
			text := r.veiled[:0]
			for i < to {
				n := numberAt(t.b[:to], i, base)
				i = n.to
				if !n.ok || n.code < ' ' && !blank(n.code) && n.code != 0x1b {
					break
				}
				if s.from < 0 {
					s.from = n.from
				}
				s.to = n.to
				text = append(text, byte(n.code))
			}
			r.veiled = text
			t.steps += s.to - s.from
			t.masked = t.masked || len(text) >= minMasked && bytes.IndexByte([]byte(`\&%`), t.b[s.from]) >= 0
			if len(text) >= minSpelled && readable(text) && r.inner.finds(text) {
				r.keep(t.b, s)
				found = true
			}
		}
		if found {
			return
		}
	}
}

// spelledNumber is a byte that is written as a number. from is where its prefix starts.
type spelledNumber struct {
	from, to int
	code     int
	ok       bool
}

// numberAt reads the marks and the number after them at i. base is of those without a prefix.
func numberAt(b []byte, i, base int) spelledNumber {
	n := spelledNumber{from: i}
	mark := byte(0)
	for ; i < len(b) && spelling[b[i]] == spellMark; i++ {
		if mark = b[i]; bytes.IndexByte([]byte(";,: []{}()"), mark) >= 0 {
			n.from = i + 1
		}
	}
	if i+1 < len(b) && b[i] == '0' && b[i+1]|fold == 'x' {
		mark = 'x'
		i += 2
	}
	from := i
	for i < len(b) && spelling[b[i]] == spellDigit && i-from < 4 {
		i++
	}
	n.to = max(i, n.from+1)
	base, n.ok = baseOf(mark, i-from, base)
	for _, c := range b[from:i] {
		digit := hexValue(c)
		n.ok = n.ok && digit < base
		n.code = n.code*base + digit
	}
	n.ok = n.ok && n.code <= 0xff
	if mark == 'u' && n.code == '&' && i < len(b) && b[i] == '#' { // an ampersand that is escaped
		return numberAt(b, i, base)
	}
	return n
}

// baseOf returns the base of a number of so many digits behind a mark, and whether it may be of a
// byte. base is of those that no mark tells the base of.
func baseOf(mark byte, width, base int) (int, bool) {
	switch {
	case mark|fold == 'x' || mark == '=' || mark == '%':
		return 16, width == 2 || width == 1
	case mark == 'u':
		return 16, width == 4
	case mark == '#':
		return 10, width == 2 || width == 3
	case mark == '\\':
		return 8, width == 3
	case base == 16:
		return 16, width == 2
	}
	return base, width > 0 && width < 4
}
