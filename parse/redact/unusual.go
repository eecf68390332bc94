package redact

import "unicode/utf8"

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
	for i := skipUsual(b); i < len(b); i += 1 + skipUsual(b[i+1:]) {
		if unusualAt(b, i) {
			return true
		}
	}
	return false
}

// unusualAt is unusual for the character at i.
func unusualAt(b []byte, i int) bool {
	switch c := b[i]; {
	case c < ' ':
		return !blank(int(c))
	case c == 0xc2 || c == 0xe2 || c == 0xef:
		c, shown, n := wideOrInvisible(b, i)
		return n > 0 && (!shown || alnum(byte(c)))
	}
	return false
}

// invisible reports whether a character takes no room, or tells in which direction to write.
func invisible(r rune) bool {
	return r >= 0x200b && r <= 0x200f || r >= 0x202a && r <= 0x202e || r >= 0x2060 && r <= 0x2069 || r == 0xfeff || r == 0xad
}
