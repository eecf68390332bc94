package redact

import (
	"encoding/binary"
	"encoding/hex"
	"unicode/utf8"
)

const (
	// maxHexed is how much of a hexadecimal text is decoded, minHexed how much there has to be. One of
	// wordLen + 2*stride - 1 digits is found wherever it starts.
	maxHexed, minHexed = 4096, minWord
)

// maybeHexed reports whether w may be eight of the hexadecimal digits of a text, of which the first
// one is the upper half of a character: whether every second digit is from 2 to 7, as for all
// characters of ASCII that are written. Of two places that are an odd number apart one is such a
// one. It costs next to nothing, and leaves out a digest in most cases.
func maybeHexed(w uint64) bool {
	const (
		octals, upperBits = 0x3030303030303030, 0xf8f8f8f8f8f8f8f8
		evens             = 0x00ff00ff00ff00ff
	)
	return w&(upperBits&evens) == octals&evens && (w>>1|w>>2)&(ones&evens) == ones&evens
}

// longHexed reports whether the eight bytes at i may be among minHexed hexadecimal digits or more:
// whether those before or those behind them are such digits, too.
func longHexed(b []byte, i int) bool {
	const more = minHexed - wordLen - (minHexed-wordLen)/2 // on one of the two sides
	return i >= more && hexedWord(b[i-more:]) || i+more+wordLen <= len(b) && hexedWord(b[i+more:])
}

// hexedWord reports whether b starts with eight hexadecimal digits.
func hexedWord(b []byte) bool {
	w := binary.LittleEndian.Uint64(b) | fold8
	return within(w, '0', '9')|within(w, 'a', 'f') == highs
}

// hexed finds a text around i that is written in hexadecimal digits and in which a secret is.
func hexed(t *text, i int) span {
	if t.hexed.covers(i) || t.inner == nil {
		return span{}
	}
	if i+wordLen > len(t.b) || !hexedWord(t.b[i:]) {
		return span{}
	}
	from, to := t.digitsAround(i)
	t.steps += to - from
	t.hexed = reach{from, to}
	if t.digestAt(from, to) {
		return span{}
	}
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

// hexAnchors are some names that tell of secrets in hexadecimal digits. Texts with letters beyond
// ASCII or short lines have few digits that maybeHexed knows.
func hexAnchors() (all []string) {
	for _, name := range []string{"passwor", "api_key", "clave", "senha", "contrase", "hasło", "密码", "パスワード"} {
		all = append(all, hex.EncodeToString([]byte(name)))
	}
	return all
}

// digitsAround returns where the hexadecimal digits around i begin and end.
func (t *text) digitsAround(i int) (from, to int) {
	from, to = i, i
	for from-wordLen >= t.done && i-from < maxHexed && hexedWord(t.b[from-wordLen:]) {
		from -= wordLen
	}
	for from > t.done && i-from < maxHexed && spelling[t.b[from-1]] == spellDigit {
		from--
	}
	for to+wordLen <= len(t.b) && hexedWord(t.b[to:]) {
		to += wordLen
	}
	for to < len(t.b) && spelling[t.b[to]] == spellDigit {
		to++
	}
	return from, to
}

// digestAt reports whether the digits from from to to are a digest that says so and has its length:
// sha1:DIGITS.
func (t *text) digestAt(from, to int) bool {
	switch to - from {
	case 40:
		return t.hasPrefix(from-len("sha1:"), "sha1:")
	case 64:
		return t.hasPrefix(from-len("sha256:"), "sha256:")
	}
	return false
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
		c := int(nibbles[b[i]])<<4 | int(nibbles[b[i+1]])
		switch {
		case (c >= 0x80 && c < 0xc0) != (rest > 0):
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
	return r.find(text) || r.text.masked && r.findUnmasked(text) > 0 || r.text.percent && r.findVeiled(text)
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
