package api

import (
	"fmt"
	"unicode"
	"unicode/utf8"
)

// Escape writes what a terminal would obey in JSON text as JSON's escapes: control characters above
// ASCII's, which encoding/json leaves as they are, and marks that change the direction in which
// text is read. The value is the same. The result is the argument where there is nothing to escape.
func Escape(text []byte) []byte {
	for i := 0; i < len(text); {
		if c := text[i]; c < utf8.RuneSelf && c != 0x7f {
			i++
			continue
		}
		r, n := utf8.DecodeRune(text[i:])
		if Obeyed(r) {
			return escapeFrom(text, i)
		}
		i += n
	}
	return text
}

func escapeFrom(text []byte, i int) []byte {
	out := append(make([]byte, 0, len(text)+16), text[:i]...)
	for i < len(text) {
		r, n := utf8.DecodeRune(text[i:])
		if Obeyed(r) && r >= 0x7f {
			out = fmt.Appendf(out, `\u%04x`, r)
		} else {
			out = append(out, text[i:i+n]...)
		}
		i += n
	}
	return out
}

// Obeyed reports whether a terminal may do something else with a character than show it: control
// characters, line breaks and tabs among them, and marks of direction.
func Obeyed(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) }
