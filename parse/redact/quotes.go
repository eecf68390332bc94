package redact

import "bytes"

func (t *text) singleQuote(i int) int {
	if i < len(t.b) && (t.b[i] == '\'' || t.b[i] == '`') {
		return 1
	}
	return 0
}

// foreignQuotes open and close strings in prose.
var foreignQuotes = [][2]string{
	{"“", "”"}, {"‘", "’"}, {"«", "»"}, {"「", "」"}, {"『", "』"}, {"‹", "›"}, {"»", "«"}, {"„", "“"},
	{"&quot;", "&quot;"}, {"&#34;", "&#34;"}, {"&#39;", "&#39;"}, {"`", "`"}, {"'", "'"},
}

// quoted finds a value in quotes.
func (t *text) quoted(p pairing, i int) (s span, ok bool) {
	if q := t.quoteAt(i); q > 0 {
		if q < p.quote && p.quote > 1 || i >= t.json && q == 1 && !t.structural(p) {
			return span{}, true // the string around the name ends here
		}
		if t.quoteAt(i+q) == q && t.quoteAt(i+2*q) == q { // three of them
			i += 2 * q
		}
		return span{from: i + q, to: t.unquote(i+q, q), quoted: true}, true
	}
	if i >= len(t.b) {
		return span{}, false
	}
	if c := t.b[i]; c < 0x80 && c != '&' && c != '\'' && c != '`' {
		return span{}, false
	}
	for _, pair := range foreignQuotes {
		if !t.hasPrefix(i, pair[0]) {
			continue
		}
		from := i + len(pair[0])
		if pair[0] == "`" && t.hasPrefix(from, "``") || t.done > i {
			return span{}, false
		}
		return span{from: from, to: t.until(pair[1], from), quoted: true}, true
	}
	return span{}, false
}

// structural reports whether the name is one of the JSON text itself, and not of a text
// in one of its strings.
func (t *text) structural(p pairing) bool { return p.quote == 1 }

// maxQuoted is how long a value may be in quotes that no language but prose has.
const maxQuoted = 256

// until returns where quote is next, or, if it is not near, where the word at i ends.
func (t *text) until(quote string, i int) int {
	end := min(t.lineEnd(i), i+maxQuoted)
	from := i
	if quote == "'" && t.noQuote.covers(i) {
		from = min(t.noQuote.to, end)
	}
	for j := from; j < end; {
		k := bytes.Index(t.b[j:end], []byte(quote))
		if k < 0 {
			t.steps += end - j
			break
		}
		t.steps += k
		j += k
		switch {
		case quote == "'" && j > i && t.hasPrefix(j, "''"): // how YAML and SQL escape it
			j++
		case j == i || t.b[j-1] != '\\' && !t.innerQuote(quote, j):
			return t.beforeBackslashes(i, j)
		}
		j += len(quote)
	}
	if quote == "'" {
		t.noQuote = reach{i, end}
	}
	return t.wordEnd(i)
}

// innerQuote reports whether the single quote at i is an apostrophe or part of a value:
// letters stand on both sides.
func (t *text) innerQuote(quote string, i int) bool {
	return quote == "'" && i > 0 && alnum(t.b[i-1]) && i+1 < len(t.b) && alnum(t.b[i+1])
}

func (t *text) beforeBackslashes(from, i int) int {
	for i > from && t.b[i-1] == '\\' {
		i--
	}
	return i
}
