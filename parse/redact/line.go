package redact

import "bytes"

// line is one text under examination.
type line struct {
	text []byte
	json bool // the text is a JSON object: an unescaped quote ends a string
	done int  // no cue before this place is looked at any more

	// memory of searches that would otherwise be made again for each cue, which
	// makes a line of cues only take time in the square of its length
	str  [2]int // the JSON string that end was asked for last
	sops int    // where the words of SOPS were last found
}

const (
	opening = "<redacted:"
	closing = ">"
)

// redacted reports whether text holds a placeholder, which makes it one that an earlier
// pass has seen.
func redacted(text []byte) bool {
	return bytes.Contains(text, []byte(opening))
}

func appendPlaceholder(dst []byte, s span) []byte {
	dst = appendQuote(dst, s.quote)
	dst = append(dst, opening...)
	dst = append(dst, s.kind...)
	dst = append(dst, closing...)
	return appendQuote(dst, s.quote)
}

func appendQuote(dst []byte, quote int) []byte {
	if quote == 0 {
		return dst
	}
	for range quote - 1 {
		dst = append(dst, '\\')
	}
	return append(dst, '"')
}

// quoteAt returns the length of the quote at i: 1 for " and, inside JSON strings that
// hold JSON, 2 for \" and 4 for \\\" and so on. It returns 0 if there is no quote.
func (l *line) quoteAt(i int) int {
	if at, n := l.quoteAfter(i); at == i {
		return n
	}
	return 0
}

// quoteAfter returns place and length of the quote after the backslashes at i; length 0
// if there is none. Of an odd number of bytes like \\" only the last is the quote, the
// others are escaped backslashes before it, and so on for longer quotes.
func (l *line) quoteAfter(i int) (at, n int) {
	b := l.backslashes(i)
	if i+b >= len(l.text) || l.text[i+b] != '"' {
		return i, 0
	}
	n = quoteLen(b)
	return i + b + 1 - n, n
}

// quoteLen returns the length of a quote before which are b backslashes: the largest
// power of two that divides b+1.
func quoteLen(b int) int { return (b + 1) & -(b + 1) }

func (l *line) backslashes(i int) (n int) {
	for i+n < len(l.text) && l.text[i+n] == '\\' {
		n++
	}
	return n
}

// unquote returns where the string that starts at i ends, which is where its closing
// quote of the given length starts. A string that is cut off ends with the text, or
// with the string around it.
func (l *line) unquote(i, quote int) int {
	for j := i; ; j++ {
		k := bytes.IndexByte(l.text[j:], '"')
		if k < 0 {
			return len(l.text)
		}
		j += k
		n := 0
		for j-n > i && l.text[j-n-1] == '\\' {
			n++
		}
		if q := quoteLen(n); q <= quote {
			return j + 1 - q
		}
	}
}

// end returns where the outermost JSON string around i ends, or the text if it is not
// JSON: nothing that starts at i may be replaced beyond.
func (l *line) end(i int) int {
	if !l.json {
		return len(l.text)
	}
	if i < l.str[0] || i > l.str[1] {
		l.str = [2]int{i, l.unquote(i, 1)}
	}
	return l.str[1]
}

// newline returns the length of the line break at i: of a raw one, or of one that is
// escaped, once or more, in a JSON string. It returns 0 if there is none.
func (l *line) newline(i int) int {
	if i >= len(l.text) {
		return 0
	}
	if l.text[i] == '\n' {
		return 1
	}
	if n := l.backslashes(i); n > 0 && i+n < len(l.text) && l.text[i+n] == 'n' {
		return n + 1
	}
	return 0
}

// lineEnd returns where the line around i ends, in the sense of newline and end.
func (l *line) lineEnd(i int) int {
	end := l.end(i)
	for i < end && l.newline(i) == 0 {
		i += max(1, l.backslashes(i))
	}
	return min(i, end)
}

// wordEnd returns where the word at i ends: at a space, a quote, an ampersand, a line
// break, or at closing brackets, commas and semicolons after which one of these
// follows. Other escaped characters belong to the word.
func (l *line) wordEnd(i int) int {
	for i < len(l.text) {
		j := i
		for j < len(l.text) && bytes.IndexByte([]byte(`,;)]}>`), l.text[j]) >= 0 {
			j++
		}
		if j == len(l.text) || l.ends(j) {
			return i
		}
		i = j + max(1, l.backslashes(j))
	}
	return len(l.text)
}

// ends reports whether the byte at i is one that no word contains.
func (l *line) ends(i int) bool {
	switch c := l.text[i]; c {
	case '"', '\'', '`', '&':
		return true
	case '\\':
		n := l.backslashes(i)
		return i+n == len(l.text) || bytes.IndexByte([]byte(`"nrt`), l.text[i+n]) >= 0
	default:
		return c <= ' '
	}
}

// spaces returns the first place at or after i that holds no space or tab.
func (l *line) spaces(i int) int {
	for i < len(l.text) && (l.text[i] == ' ' || l.text[i] == '\t') {
		i++
	}
	return i
}

// start returns the first place at or after i where a replacement may start without
// tearing an escape such as \n or \u00e9 apart.
func (l *line) start(i int) int {
	if i > 0 && l.text[i-1] == '\\' && !l.hasPrefix(i, "u") {
		return min(i+1, len(l.text))
	}
	for k := 1; k <= 5 && k <= i; k++ {
		if l.hasPrefix(i-k, `\u`) {
			return min(i-k+6, len(l.text))
		}
	}
	return i
}

// boundary reports whether no letter or digit touches i from the left, so that what
// starts there is not the middle of a word. The letter of an escape is none.
func (l *line) boundary(i int) bool {
	return i == 0 || !alnum(l.text[i-1]) || l.start(i-1) == i
}

// hasPrefix reports whether prefix stands at i.
func (l *line) hasPrefix(i int, prefix string) bool {
	return i >= 0 && i <= len(l.text) && bytes.HasPrefix(l.text[i:], []byte(prefix))
}

func alnum(c byte) bool { return class[c]&^symbol != 0 }
