package redact

import (
	"encoding/binary"
	"unicode/utf8"
)

// wideOrInvisible is unmask for characters that are twice as wide as those of ASCII, or that take
// no room.
func wideOrInvisible(b []byte, i int) (c rune, shown bool, n int) {
	c, n = utf8.DecodeRune(b[i:])
	switch {
	case invisible(c):
		return 0, false, n
	case c == 0x3000:
		return ' ', true, n
	case c > wide && c < wide+0x7f:
		return c - wide, true, n
	}
	return 0, false, 0
}

// wide is what the characters of twice the width are beyond those of ASCII.
const wide = 0xfee0

// unusual reports whether b has characters that are not seen, or letters and digits of twice the
// width.
func unusual(b []byte) bool {
	const four = 4 * wordLen
	if len(b) < four {
		return unusualIn(b, 0, len(b))
	}
	for i := 0; i < len(b); i += four {
		i = min(i, len(b)-four) // the last ones twice
		x := b[i : i+four]
		v, w := binary.LittleEndian.Uint64(x), binary.LittleEndian.Uint64(x[8:])
		y, z := binary.LittleEndian.Uint64(x[16:]), binary.LittleEndian.Uint64(x[24:])
		seen := v | (v - spaces) | w | (w - spaces) | y | (y - spaces) | z | (z - spaces)
		if seen&highs != 0 && unusualIn(b, i, i+four) {
			return true
		}
	}
	return false
}

// spaces are those from which on the bytes of a word are to be seen.
const spaces = ' ' * ones

// unusualIn is unusual for the characters that start from from to to.
func unusualIn(b []byte, from, to int) bool {
	for i := from; i < to; i++ {
		switch c := b[i]; {
		case c < ' ' && !blank(int(c)):
			return true
		case c == 0xc2 || c == 0xe2 || c == 0xef:
			if c, shown, n := wideOrInvisible(b, i); n > 0 && (!shown || alnum(byte(c))) {
				return true
			}
		}
	}
	return false
}

// invisible reports whether a character takes no room, or tells in which direction to write.
func invisible(r rune) bool {
	return r >= 0x200b && r <= 0x200f || r >= 0x202a && r <= 0x202e || r >= 0x2060 && r <= 0x2069 || r == 0xfeff || r == 0xad
}
