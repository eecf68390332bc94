package report

import (
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// columns is how many terminal cells s takes. It does not depend on the locale, as the width in the
// common table libraries does, so that the same report gives the same bytes everywhere.
func columns(s string) int {
	n := 0
	for _, r := range s {
		n += cells(r)
	}
	return n
}

func cells(r rune) int {
	if r < 0x300 {
		return 1
	}
	if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// cut is the beginning of s that fits n terminal cells, at least one character.
func cut(s string, n int) string {
	used := 0
	for i, r := range s {
		if used += cells(r); used > n && i > 0 {
			return s[:i]
		}
	}
	return s
}

// wrap breaks s into lines of at most n cells, at spaces where there are any.
func wrap(s string, n int) []string {
	var lines []string
	line, used := "", 0
	for _, word := range strings.Fields(s) {
		w := columns(word)
		if line != "" && used+1+w <= n {
			line, used = line+" "+word, used+1+w
			continue
		}
		if line != "" { // it may have no width
			lines = append(lines, line)
		}
		for columns(word) > n {
			head := cut(word, n)
			lines, word = append(lines, head), word[len(head):]
		}
		line, used = word, columns(word)
	}
	return append(lines, line)
}

// breakName breaks a name into lines of at most n cells: at a space, behind a slash, or behind
// another sign within a part, whichever of these there is first. So the parts stay whole as long as
// they fit.
func breakName(s string, n int) []string {
	var lines []string
	for columns(s) > n {
		fits := cut(s, n)
		for _, signs := range []string{" ", "/", "-."} {
			if i := strings.LastIndexAny(fits, signs); i > len("└") { // not behind the sign alone
				fits = fits[:i+1]
				break
			}
		}
		lines, s = append(lines, strings.TrimRight(fits, " ")), s[len(fits):]
	}
	if s != "" || len(lines) == 0 {
		lines = append(lines, s)
	}
	return lines
}
