package parse

import "strings"

// pair is a key of a JSON object with a string for its value.
type pair struct {
	key, value string
	raw        string // the value as it is written, with its quotes
	size       int    // of all, with the comma in front; 0 for none
}

// pairAt reads the pair that s begins with: a comma, a key without escapes, and a string with none
// but the escapes of one letter. Another pair, or the end of the object and of s, must follow.
// Where s begins with anything else, or is no JSON, that is for gjson to judge.
func (r *Record) pairAt(s string) (p pair) {
	const comma, colon = `,"`, `":"`
	if !strings.HasPrefix(s, comma) {
		return pair{}
	}
	k := strings.IndexByte(s[len(comma):], '"') + len(comma)
	if k < len(comma) || !strings.HasPrefix(s[k:], colon) {
		return pair{}
	}
	from := k + len(colon)
	to := stringEnd(s, from)
	if to < 0 || to+1 == len(s) || s[to+1] != ',' && (s[to+1] != '}' || to+2 != len(s)) {
		return pair{}
	}
	p = pair{key: s[len(comma):k], value: s[from:to], raw: s[from-1 : to+1], size: to + 1}
	if strings.IndexByte(p.key, '\\') >= 0 {
		return pair{}
	}
	if strings.IndexByte(p.value, '\\') >= 0 {
		ok := false
		if p.value, ok = r.unescape(p.value); !ok {
			return pair{}
		}
	}
	return p
}

// stringEnd is where the quote stands that ends the JSON string from i on, -1 where none does.
func stringEnd(s string, i int) int {
	for at := i; ; at++ {
		n := strings.IndexByte(s[at:], '"')
		if n < 0 {
			return -1
		}
		at += n
		back := at
		for back > i && s[back-1] == '\\' {
			back--
		}
		if (at-back)%2 == 0 {
			return at
		}
	}
}

// escapes are those of one letter, by that letter.
var escapes = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// maxSpare is how much memory a Record keeps for its next line. Most texts of errors fit.
const maxSpare = 2 << 10

// unescape is the text of a JSON string without its quotes. ok is false for one that has other
// escapes, or bytes that JSON allows in no string.
func (r *Record) unescape(s string) (text string, ok bool) {
	b := r.spare[len(r.spare):]
	if cap(b) < len(s) {
		b = make([]byte, 0, len(s))
		if len(s) <= maxSpare {
			r.spare = b
		}
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c < ' ':
			return "", false
		case c == '\\':
			if i++; i == len(s) || escapes[s[i]] == 0 {
				return "", false
			}
			c = escapes[s[i]]
		}
		b = append(b, c)
	}
	if len(s) <= maxSpare {
		r.spare = r.spare[:len(r.spare)+len(b)]
	}
	return str(b), true
}
