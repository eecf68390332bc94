package redact

import (
	"bytes"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// mask is the kind of the rule for masks, which finds no secrets itself.
const mask = "mask"

// maskedAnchors stand where a letter is written otherwise than as itself, which no encoder does:
// \u0070assword, \x73\x73, &#112;, or where something invisible stands, which parts a name.
var maskedAnchors = []string{
	`\u004`, `\u005`, `\u006`, `\u007`, `\u003a`, `\u002f`, `\u200`, `\u202`, `\u206`, `\ufeff`, `\u00ad`, `\u001b[`, `\x1b[`, `\u0000`, `\u0008`, `\x00`,
	"&#34;", "&#39;", "&#58;", "&#61;", "&#x22;", "&quot;", "u0026quot;", "&lt;", "&gt;", "&amp;", "u0026amp;", `\u201c`, `\u2018`, `\u00ab`, `\u0022`, `\u0027`,
	`\\\\u003c`, `\\\\u003e`, `\\\\u0026`, `\u00e`, `\u00f`, "&#x6", "&#x7", "&#10", "&#11", "u0026#",
}

// escapedPairs are two letters in names of secrets, as bytes that are escaped one by one.
var escapedPairs = []string{`\x73\x73`, `\x53\x53`, `\x6f\x6b`, `\x4f\x4b`, `\x63\x72`, `\x43\x52`, `\163\163`, `\123\123`, `\157\153`, `\143\162`}

// maskAnchors are all anchors of masks, those of pairs as they stand in up to two strings of JSON.
func maskAnchors() []string {
	all := maskedAnchors
	for _, name := range nameAnchors {
		if quoted := strconv.QuoteToASCII(name); strings.Contains(quoted, `\u`) {
			all = append(all, strings.Trim(quoted, `"`))
		}
	}
	for _, pair := range escapedPairs {
		for range 3 {
			all = append(all, pair)
			pair = strings.ReplaceAll(pair, `\`, `\\`)
		}
	}
	return all
}

// masked remembers that the text is to be looked at without its masks, too.
func masked(t *text, _, _ int) span {
	t.masked = true
	if t.escapes++; t.escapes >= minEscapes {
		t.percent = true
	}
	return span{}
}

// maskedPercent reports whether a letter or digit of b is %-encoded, which no encoder does, or
// a percent sign is.
func maskedPercent(b []byte) bool {
	for {
		k := bytes.IndexByte(b, '%')
		if k < 0 || k+3 > len(b) {
			return false
		}
		if c := hexByte(b[k+1:]); c >= 0 && alnum(byte(c)) || c == '%' {
			return true
		}
		b = b[k+1:]
	}
}

// hexByte returns what the two hexadecimal digits say that b starts with, or -1.
func hexByte(b []byte) int {
	if len(b) < 2 || hexValue(b[0]) < 0 || hexValue(b[1]) < 0 {
		return -1
	}
	return hexValue(b[0])<<4 | hexValue(b[1])
}

// appendUnmasked appends b as it is meant: what is written otherwise as itself, without what is
// invisible. From json on b is JSON and stays so: line breaks, tabs, backslashes and quotes come
// out as JSON escapes them.
func appendUnmasked(dst, b []byte, json int) []byte {
	for i := 0; i < len(b); {
		c, shown, n := unmask(b, i, len(dst) > 0 && alnum(dst[len(dst)-1]))
		if n == 0 {
			n = max(1, backslashes(b[i:])) // all of a row, because the first one tells of all
			dst = append(dst, b[i:i+n]...)
			i += n
			continue
		}
		if k := strings.IndexRune("\"\\\n\r\t", c); k >= 0 && shown && i >= json {
			dst, c = append(dst, '\\'), rune(`"\nrt`[k])
		}
		if shown {
			dst = utf8.AppendRune(dst, c)
		}
		i += n
	}
	return dst
}

// unmask returns the character that is masked at i, whether it is one to be seen, and the length of
// the mask, 0 if there is none. inside tells that a letter or digit stands before i.
func unmask(b []byte, i int, inside bool) (c rune, shown bool, n int) {
	switch b[i] {
	case '\\':
		return unescaped(b, i, inside)
	case '%':
		return unpercented(b, i)
	case '&':
		return entity(b, i+1, 1)
	case 0x1b:
		return 0, false, max(1, colorLen(b, i+1, 1))
	case 0xc2, 0xe2, 0xe3, 0xef:
		return wideOrInvisible(b, i)
	case '\n', '\r', '\t':
		return 0, false, 0
	}
	return 0, false, masking(1, b[i] < ' ')
}

// plainMark reports whether a character may stand for itself wherever a mask of it stood.
func plainMark(c int) bool {
	return c >= ' ' && c < 0x7f || blank(c) || c > 0xa0 && c <= 0xffff && !utf16.IsSurrogate(rune(c)) && unicode.IsPrint(rune(c))
}

// blank reports whether c parts lines or columns.
func blank(c int) bool { return c == '\n' || c == '\r' || c == '\t' }

// unescaped is unmask for the backslashes at i, which count once however many they are.
func unescaped(b []byte, i int, inside bool) (c rune, shown bool, n int) {
	n = backslashes(b[i:])
	rest := b[i+n:]
	switch {
	case len(rest) >= 5 && rest[0] == 'u':
		return unicodeEscape(b, i, n+5)
	case len(rest) >= 3 && rest[0] == 'x':
		if hexByte(rest[1:]) == 0x1b {
			return 0, false, colorLen(b, i+n+3, n+3)
		}
		return escapedBytes(b, i)
	case len(rest) >= 3 && rest[0] >= '0' && rest[0] <= '3':
		return escapedBytes(b, i)
	case len(rest) >= 2 && (rest[0] == '"' || rest[0] == '\'') && inside && alnum(rest[1]):
		return 0, false, n + 1
	}
	return 0, false, 0
}

// backslashes counts those that b starts with.
func backslashes(b []byte) (n int) {
	for n < len(b) && b[n] == '\\' {
		n++
	}
	return n
}

// escapedBytes is unescaped for the bytes of one character, each written as \xe2 or as \342.
func escapedBytes(b []byte, i int) (c rune, shown bool, n int) {
	var all [utf8.UTFMax]byte
	size, from := 0, i
	for size < len(all) && !utf8.FullRune(all[:size]) {
		code, n := escapedByte(b[i:])
		if code < 0 {
			return 0, false, 0
		}
		all[size] = byte(code)
		size++
		i += n
	}
	c, _ = utf8.DecodeRune(all[:size])
	return c, true, masking(i-from, c != utf8.RuneError && plainMark(int(c)))
}

// escapedByte returns the byte whose escape b starts with, or -1, and the length of the escape.
func escapedByte(b []byte) (code, n int) {
	for n < len(b) && b[n] == '\\' {
		n++
	}
	if n == 0 || len(b) < n+3 {
		return -1, 0
	}
	if b[n] == 'x' {
		return hexByte(b[n+1:]), n + 3
	}
	octal, err := strconv.ParseUint(string(b[n:n+3]), 8, 8)
	if err != nil {
		return -1, 0
	}
	return int(octal), n + 3
}

// unicodeEscape is unescaped for \uXXXX, whose length with all backslashes is n.
func unicodeEscape(b []byte, i, n int) (c rune, shown bool, size int) {
	code, err := strconv.ParseUint(string(b[i+n-4:i+n]), 16, 16)
	switch {
	case err != nil:
		return 0, false, 0
	case code == '&':
		if c, shown, size = entity(b, i+n, n); size > 0 {
			return c, shown, size
		}
	case code == 0x1b:
		return 0, false, colorLen(b, i+n, n)
	case invisible(rune(code)), code < ' ' && !blank(int(code)):
		return 0, false, n
	}
	return rune(code), true, masking(n, plainMark(int(code)))
}

// masking is n if there is a mask, and else 0.
func masking(n int, is bool) int {
	if !is {
		return 0
	}
	return n
}

// unpercented is unmask for the percent sign at i, whose own encoding counts once.
func unpercented(b []byte, i int) (c rune, shown bool, n int) {
	at := i + 1
	for at+2 < len(b) && b[at] == '2' && b[at+1] == '5' && hexByte(b[at:]) == '%' && hexByte(b[at+2:]) >= 0 {
		at += 2
	}
	code := hexByte(b[at:])
	if code >= 0 && alnum(byte(code)) {
		return rune(code), true, at + 2 - i
	}
	if at > i+3 { // more than twice: what is left is encoded once
		return '%', true, at - i
	}
	return 0, false, 0
}

// entity is unmask for an entity such as &quot; or &#112; of which what follows the ampersand is at
// i, n bytes after its start.
func entity(b []byte, i, n int) (c rune, shown bool, size int) {
	for name, c := range map[string]rune{"quot;": '"', "apos;": '\'', "lt;": '<', "gt;": '>', "amp;": '&'} {
		if bytes.HasPrefix(b[i:], []byte(name)) {
			return c, true, n + len(name)
		}
	}
	if i+2 >= len(b) || b[i] != '#' {
		return 0, false, 0
	}
	digits, base := b[i+1:min(len(b), i+8)], 10
	if digits[0] == 'x' || digits[0] == 'X' {
		digits, base = digits[1:], 16
	}
	k := bytes.IndexByte(digits, ';')
	if k < 1 {
		return 0, false, 0
	}
	code, err := strconv.ParseUint(string(digits[:k]), base, 16)
	skipped := i + 1 + len(b[i+1:min(len(b), i+8)]) - len(digits) + k + 1
	if err == nil && invisible(rune(code)) {
		return 0, false, n + skipped - i
	}
	return rune(code), true, masking(n+skipped-i, err == nil && plainMark(int(code)))
}

// colorLen returns the length of a sequence that colours text, whose bracket is at i, n bytes after
// its start, or 0.
func colorLen(b []byte, i, n int) int {
	from := i
	if i >= len(b) || b[i] != '[' {
		return 0
	}
	for i++; i < len(b) && i-from < 16 && (class[b[i]] == digit || b[i] == ';'); i++ {
	}
	if i >= len(b) || class[b[i]]&^symbol == 0 {
		return 0
	}
	return n + i + 1 - from
}
