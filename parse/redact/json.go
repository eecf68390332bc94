package redact

import (
	"bytes"
	"encoding/json"
)

// isString reports whether b is one string of JSON, perhaps with spaces around it.
func isString(b []byte) bool {
	i := jsonStart(b)
	if i+1 >= len(b) || b[i] != '"' {
		return false
	}
	for i++; i < len(b); i++ {
		switch b[i] {
		case '\\':
			i++
		case '"':
			return jsonStart(b[i+1:]) == len(b)-i-1
		}
	}
	return false
}

// startsJSON reports whether b starts as an object of JSON, or is a list of it as a whole.
func startsJSON(b []byte) bool {
	i := jsonStart(b)
	if i >= len(b) || b[i] != '{' && b[i] != '[' {
		return false
	}
	next := i + 1 + jsonStart(b[i+1:])
	if next >= len(b) {
		return false
	}
	if b[i] == '[' { // words in brackets are no JSON if something follows
		return bytes.HasSuffix(bytes.TrimRight(b, " \r\n\t"), []byte("]")) && json.Valid(b)
	}
	return b[next] == '"' || b[next] == '}'
}

// jsonStart returns the first place in b at which no space is as JSON has them.
func jsonStart(b []byte) (i int) {
	for i < len(b) && (b[i] == ' ' || blank(int(b[i]))) {
		i++
	}
	return i
}

// whole returns the bounds from and to, moved apart so far that no escape of JSON is torn.
func (t *text) whole(from, to int) (int, int) {
	if at, _ := t.escapeAround(from); at >= 0 {
		from = at
	}
	if _, end := t.escapeAround(to); end > 0 {
		to = end
	}
	return from, to
}

// escapeAround returns the bounds of the escape of JSON that i is inside of, or -1 and 0.
func (t *text) escapeAround(i int) (from, to int) {
	const long = len(`\u0000`)
	if i <= t.json || i >= len(t.b) {
		return -1, 0
	}
	for k := 1; k < long && i-k >= t.json; k++ {
		if t.b[i-k] != '\\' {
			continue
		}
		from, to = i-k, i-k+2
		if t.hasPrefix(from, `\u`) {
			to = min(from+long, len(t.b))
		}
		if to > i && t.backslashesBefore(from)%2 == 0 {
			return from, to
		}
	}
	return -1, 0
}

// backslashesBefore counts the backslashes right before i.
func (t *text) backslashesBefore(i int) (n int) {
	for i-n > t.json && t.b[i-n-1] == '\\' {
		n++
	}
	t.steps += n
	return n
}
