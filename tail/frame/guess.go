package frame

import (
	"bytes"
	"unicode/utf8"
)

// Guess says what a file looks like of which no line was understood, "" when it looks like nothing
// that is known. sample is the beginning of its text.
func Guess(sample []byte) string {
	head := bytes.ToLower(bytes.TrimLeft(sample[:min(len(sample), 4096)], "\ufeff \t\r\n"))
	first, _, _ := bytes.Cut(head, newline)
	for _, g := range guesses {
		if g.fits(head, first) {
			return g.what
		}
	}
	return ""
}

// guesses are tried in this order.
var guesses = []struct {
	what string
	fits func(head, first []byte) bool
}{
	{"an HTML page, of a login perhaps", func(head, _ []byte) bool {
		return bytes.HasPrefix(head, []byte("<!doctype html")) || bytes.Contains(head, []byte("<html"))
	}},
	{"XML", func(head, _ []byte) bool { return bytes.HasPrefix(head, []byte("<?xml")) }},
	{"an error of Loki or of a proxy before it", func(head, _ []byte) bool {
		return bytes.Contains(head, []byte(`"status":"error"`)) || bytes.HasPrefix(head, []byte("parse error")) ||
			bytes.HasPrefix(head, []byte("too many outstanding requests"))
	}},
	{"a Kubernetes object: conditions, not logs", func(head, first []byte) bool {
		return bytes.Contains(head, []byte("apiversion:")) || bytes.Contains(head, []byte(`"apiversion":`))
	}},
	{"metrics of Prometheus", func(_, first []byte) bool {
		return bytes.HasPrefix(first, []byte("# help ")) || bytes.HasPrefix(first, []byte("# type "))
	}},
	{"a binary file", func(head, _ []byte) bool {
		return bytes.IndexByte(head, 0) >= 0 || !utf8.Valid(head[:max(0, len(head)-4)])
	}},
	{"a table without a column of lines", func(_, first []byte) bool { return bytes.Count(first, []byte{','}) >= 2 && first[0] != '{' }},
	{"Markdown or a readme", func(_, first []byte) bool { return bytes.HasPrefix(first, []byte("# ")) }},
}
