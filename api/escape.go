package api

import (
	"encoding/binary"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Escape writes the characters in JSON text that Obeyed names as JSON's escapes, those of ASCII
// besides, which encoding/json escapes itself. The value is the same. The result is the argument
// where there is nothing to escape.
func Escape(text []byte) []byte {
	for i := ascii(text, 0); i < len(text); {
		r, n := utf8.DecodeRune(text[i:])
		if r >= 0x7f && Obeyed(r) {
			return escapeFrom(text, i)
		}
		i = ascii(text, i+n)
	}
	return text
}

// ascii is where the first byte from i on stands that is DEL or no ASCII. It looks at eight at a
// time: nearly all text has none.
func ascii(text []byte, i int) int {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	for ; len(text)-i >= 8; i += 8 {
		v := binary.LittleEndian.Uint64(text[i:])
		if (v|(v+ones))&tops != 0 { // one more than DEL has the top bit
			break
		}
	}
	for i < len(text) && text[i] < 0x7f {
		i++
	}
	return i
}

func escapeFrom(text []byte, i int) []byte {
	out := append(make([]byte, 0, len(text)+16), text[:i]...)
	for i < len(text) {
		r, n := utf8.DecodeRune(text[i:])
		if r >= 0x7f && Obeyed(r) {
			for _, unit := range utf16.AppendRune(nil, r) {
				out = fmt.Appendf(out, `\u%04x`, unit)
			}
		} else {
			out = append(out, text[i:i+n]...)
		}
		i += n
	}
	return out
}

// Shown makes text safe for a terminal and its reader: a sign stands for each character that Obeyed
// names, and for what is no UTF-8. Line breaks and tabs stay.
func Shown(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || !Obeyed(r):
			return r
		case r == '\r':
			return -1
		}
		return unicode.ReplacementChar
	}, strings.ToValidUTF8(text, "\uFFFD"))
}

// OneLine is text made safe by Shown, with a sign for each line break and a space for tabs: a name
// in it begins no line of its own.
func OneLine(text string) string {
	text = Shown(text)
	if !strings.ContainsAny(text, "\n\t") {
		return text
	}
	lines := strings.FieldsFunc(text, func(r rune) bool { return r == '\n' })
	for i, l := range lines {
		lines[i] = strings.Join(strings.Fields(l), " ")
	}
	return strings.Join(lines, " ⏎ ")
}

// Alike reports whether two texts differ in digits only, as those of a duration or of a temporary
// path: a reader needs one of them.
func Alike(a, b string) bool {
	noDigit := func(r rune) rune {
		if r >= '0' && r <= '9' {
			return -1
		}
		return r
	}
	return strings.Map(noDigit, a) == strings.Map(noDigit, b)
}

// Obeyed reports whether a character does something else than to be seen: control characters, line
// breaks of all kinds and tabs among them, which a terminal obeys; marks of direction; and what
// nobody sees, so that two names look like one, or a text has a second one hidden in it. The two
// signs for how the character before them is drawn, as text or as a picture, are none of these.
func Obeyed(r rune) bool {
	const asText, asPicture = '\ufe0e', '\ufe0f'
	switch {
	case r < utf8.RuneSelf:
		return r < ' ' || r == 0x7f
	case r == asText || r == asPicture:
		return false
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp,
		unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}
