package redact

import "bytes"

// trim takes the colon of a wrapped error off the end of a value, and the marks before it.
func (t *text) trim(from, to int) span {
	if to > from && t.b[to-1] == ':' {
		to--
		for to > from && closers[t.b[to-1]] {
			to--
		}
	}
	return span{from: from, to: to}
}

// closers end a word if nothing of it follows.
var closers = byteTable(`,;)]}>&`)

// wordEnd returns where the word at i ends: at a space, a quote, a line break, or at
// closing brackets, commas, semicolons and ampersands after which one of these or another
// pair follows. Other escaped characters belong to the word.
func (t *text) wordEnd(i int) int {
	if t.word.covers(i) {
		return t.word.to
	}
	t.word = reach{i, t.findWordEnd(i)}
	return t.word.to
}

func (t *text) findWordEnd(i int) int {
	for i < len(t.b) {
		j := i
		for j < len(t.b) && class[t.b[j]] != other {
			j++
		}
		if t.steps += j - i; j > i {
			i = j
			continue
		}
		for j < len(t.b) && closers[t.b[j]] {
			j++
		}
		t.steps += j - i
		if j == len(t.b) || t.ends(j) || j > i && t.pairFollows(j, t.b[j-1]) {
			return i
		}
		if n := t.placeholderAt(j); n > 0 {
			i = j + n
			continue
		}
		_, n := t.char(j)
		i = j + n
	}
	return len(t.b)
}

// ends reports whether the character at i is one that no word contains.
func (t *text) ends(i int) bool {
	if t.b[i] == '\'' && t.innerQuote("'", i) {
		return false
	}
	c, n := t.char(i)
	switch c {
	case '"', '\'', '`':
		return true
	case '&':
		return t.pairFollows(i+n, '&')
	case '<', '>':
		return n > 1 || c == '<' && t.placeholderAt(i) == 0
	case '\\':
		return i+n >= len(t.b)
	}
	return c <= ' '
}

// pairFollows reports whether a name and an equals sign or a colon stand at i, behind that mark. A
// name behind a semicolon may be words with spaces; behind an ampersand is a query, without colons.
func (t *text) pairFollows(i int, mark byte) bool {
	from := i
	for i < len(t.b) && i-from < 24 && (nameByte(t.b[i]) || (t.b[i] == ' ' && mark == ';' || t.b[i] == '.') && i > from) {
		i++
	}
	t.steps += i - from
	if name := t.b[from:i]; bytes.IndexByte(name, ' ') >= 0 && bytes.ContainsAny(name, "-_0123456789") {
		return false
	}
	return i > from && i < len(t.b) && (t.b[i] == '=' || t.b[i] == ':' && mark != '&')
}

// balanced returns where the bracket that opens at i is closed, or the string or text
// around it ends. Brackets in strings of the given quote do not count.
func (t *text) balanced(i, quote int) int {
	end := t.end(i)
	if quote == 1 && i >= t.json {
		end = len(t.b)
	}
	for depth := 0; i < end; {
		c, n := t.char(i)
		switch c {
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + n
			}
		case '"':
			switch {
			case n == quote:
				i = t.unquote(i+n, n)
				if t.quoteAt(i) != n { // the string is cut off
					return min(i, end)
				}
			case n < quote:
				return i
			}
		}
		i += n
	}
	return end
}

// inside returns what stands between the bracket at i and the one that closes it.
func (t *text) inside(i int) span {
	s := span{from: i + 1, to: t.balanced(i, 0), quoted: true}
	if s.from < s.to && (t.b[s.to-1] == ']' || t.b[s.to-1] == '}') {
		s.to--
	}
	return s
}
