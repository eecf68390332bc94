package redact

import (
	"encoding/hex"
	"unicode/utf8"
)

const (
	// maxHexed is how much of a hexadecimal text is decoded, minHexed how much there has to be. One of
	// wordLen + 2*stride - 1 digits is found wherever it starts.
	maxHexed, minHexed = 4096, minWord

	// octals are the upper bits of eight digits from 0 to 7, and upperBits masks them. Of the
	// hexadecimal digits of a text in ASCII every second one is such a digit.
	octals, upperBits = 0x3030303030303030, 0xf8f8f8f8f8f8f8f8
	evens             = 0x00ff00ff00ff00ff // every second byte of a word
)

// maybeHexed reports whether w may be eight of the hexadecimal digits of a text, of which the first
// one is the upper half of a character: whether every second digit is from 2 to 7, as for all
// characters that are written. Of two places that are an odd number apart one is such a one.
func maybeHexed(w uint64) bool {
	return w&(upperBits&evens) == octals&evens && (w>>1|w>>2)&(ones&evens) == ones&evens
}

// hexed finds a text around i that is written in hexadecimal digits and in which a secret is.
func (r *Redactor) hexed(t *text, i int) span {
	if t.hexed.covers(i) || t.inner == nil {
		return span{}
	}
	from, to := i, i
	for to < len(t.b) && to-i < wordLen && spelling[t.b[to]] == spellDigit {
		to++
	}
	if to-i < wordLen {
		return span{}
	}
	for from > t.done && i-from < maxHexed && spelling[t.b[from-1]] == spellDigit {
		from--
	}
	for to < len(t.b) && spelling[t.b[to]] == spellDigit {
		to++
	}
	t.steps += to - from
	t.hexed = reach{from, to}
	for from = t.start(from); to-from >= minHexed; from++ {
		if text := dehexed(t.b[from:min(to, from+maxHexed)]); text != nil {
			if !t.inner.finds(text) {
				break
			}
			return span{from: from, to: to, kind: "hex"}
		}
		if from > t.hexed.from {
			break
		}
	}
	return span{}
}

// dehexed returns the text that the digits b stand for, if they start as one does. If it consists
// of digits again, what these stand for is returned.
func dehexed(b []byte) (text []byte) {
	const start = 2 * 24
	for range 3 {
		if len(b) < 2*wordLen || !startsReadable(b[:min(len(b)&^1, start)]) {
			return text
		}
		text = make([]byte, len(b)/2)
		n, _ := hex.Decode(text, b[:len(b)&^1])
		text = text[:n]
		b = text
	}
	return text
}

// startsReadable reports whether the digits b stand for characters that are written, as far as
// their first bytes tell.
func startsReadable(b []byte) bool {
	rest := 0 // bytes that are missing of a letter
	for i := 0; i+1 < len(b); i += 2 {
		c := hexByte(b[i:])
		switch {
		case c < 0, (c >= 0x80 && c < 0xc0) != (rest > 0):
			return false
		case c < ' ' && !blank(c) && c != 0x1b, c == 0x7f, c >= 0xf8:
			return false
		case rest > 0:
			rest--
		case c >= 0xf0:
			rest = 3
		case c >= 0xe0:
			rest = 2
		case c >= 0xc0:
			rest = 1
		}
	}
	return true
}

// finds reports whether there is a secret in text, as it is or as it is meant.
func (r *Redactor) finds(text []byte) bool {
	return r.find(text) || r.text.masked && r.findUnmasked(text) > 0
}

// readable reports whether b consists of characters that are written, but for the last one, which
// may be cut off.
func readable(b []byte) bool {
	for len(b) > 0 {
		c, n := utf8.DecodeRune(b)
		switch {
		case c == utf8.RuneError && n == 1 && len(b) >= utf8.UTFMax:
			return false
		case c < ' ' && c != '\n' && c != '\t' && c != '\r' && c != 0x1b || c == 0x7f:
			return false
		}
		b = b[n:]
	}
	return true
}
