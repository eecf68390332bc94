package report

import (
	"fmt"
	"strings"
	"unicode"

	"fluxtrail/api"
)

// visible makes log text safe to show. Control characters could move a terminal's cursor or fake
// output, and direction overrides could make text read other than it is. Line breaks and tabs
// stay.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r == '\r':
			return -1
		case api.Obeyed(r):
			return unicode.ReplacementChar
		}
		return r
	}, strings.TrimSpace(s))
}

// oneLine is visible text with its line breaks shown as a sign.
func oneLine(s string) string {
	s = visible(s)
	if !strings.ContainsAny(s, "\n\t") {
		return s
	}
	lines := strings.FieldsFunc(s, func(r rune) bool { return r == '\n' })
	for i, l := range lines {
		lines[i] = strings.Join(strings.Fields(l), " ")
	}
	return strings.Join(lines, " ⏎ ")
}

// shorten cuts text to n characters and tells how much is missing.
func shorten(s string, n int) string {
	if len(s) <= n {
		return s
	}
	runes := []rune(s)
	if len(runes) <= n {
		return s
	}
	return fmt.Sprintf("%s… (%s more characters)", string(runes[:n]), count(len(runes)-n))
}

// withoutDigits makes texts equal that differ only in a duration or a temporary path: a reader
// needs one of them.
func withoutDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return -1
		}
		return r
	}, s)
}
