package redact

import (
	"bytes"
	enc "encoding/base64"
	"slices"
)

// place is where the value of a name starts.
type place struct {
	at    int
	quote int  // length of the quote around the name (see quoteAt); 0: no quote
	sep   byte // ':' or '='
	gap   bool // there is space after sep
}

// place returns where the value of the name that ends at end starts, if it has one.
func (l *line) place(end int) (p place, ok bool) {
	p.quote = l.quoteAt(end)
	i := end + p.quote
	if p.quote > 0 {
		i = l.variable(i, p.quote)
	}
	i = l.spaces(i)
	if i >= len(l.text) || l.text[i] != ':' && l.text[i] != '=' {
		return p, false
	}
	p.sep = l.text[i]
	p.at = l.spaces(i + 1)
	p.gap = p.at > i+1
	return p, p.at < len(l.text)
}

// variable skips what stands between the name of an environment variable and its
// value in a pod: {"name":"TOKEN","value":"..."}.
func (l *line) variable(i, quote int) int {
	q := string(appendQuote(nil, quote))
	if between := "," + q + "value" + q; l.hasPrefix(i, between) {
		return i + len(between)
	}
	return i
}

// keyed finds the value of a name that ends in the cue, in JSON ("token":"v"), as a
// parameter (token=v), in a printed Go map (token:v), in YAML (token: v) and, if the
// value looks random, in a sentence (invalid token: v).
func keyed(l *line, at, end int) span { return l.value(at, end, l.bare) }

// guarded is keyed for names that have harmless values too: only those that look
// random are taken.
func guarded(l *line, at, end int) span {
	s := keyed(l, at, end)
	if !random(l.text[s.from:s.to]) {
		return span{}
	}
	return s
}

// dockerAuth is keyed for what Docker's configuration holds: user:password in base64, which need not look random.
func dockerAuth(l *line, at, end int) span {
	s := keyed(l, at, end)
	value := l.text[s.from:s.to]
	pair := make([]byte, enc.StdEncoding.DecodedLen(len(value)))
	n, err := enc.StdEncoding.Decode(pair, value)
	if !random(value) && (err != nil || bytes.IndexByte(pair[:n], ':') < 1) {
		return span{}
	}
	return s
}

// header is keyed for HTTP headers whose value is more than one word.
func header(l *line, at, end int) span { return l.value(at, end, l.credentials) }

// value finds the value of the name that stands from at to end. A value without
// quotes of a name without quotes is left to bare.
func (l *line) value(at, end int, bare func(at int, p place) span) span {
	p, ok := l.place(end)
	if !ok || l.inPath(at) {
		return span{}
	}
	q := l.quoteAt(p.at)
	switch {
	case q >= max(1, p.quote) && !(l.json && q == 1 && p.quote == 0):
		return span{from: p.at + q, to: l.unquote(p.at+q, q)}
	case q > 0: // the string around the name ends here
		return span{}
	case p.quote > 0:
		return l.unquoted(p)
	default:
		return bare(at, p)
	}
}

// unquoted finds a JSON value that is no string. Objects are left alone: what they
// hold has names of its own.
func (l *line) unquoted(p place) span {
	to := p.at
	switch l.text[p.at] {
	case '{':
		return span{}
	case '[':
		to = l.balanced(p.at, p.quote)
	default:
		for to < len(l.text) && (alnum(l.text[to]) || bytes.IndexByte([]byte("+-."), l.text[to]) >= 0) {
			to++
		}
	}
	if constant(l.text[p.at:to]) {
		return span{}
	}
	return span{from: p.at, to: to, quote: p.quote}
}

// bare finds a value without quotes, or in single ones.
func (l *line) bare(at int, p place) span {
	s := span{from: p.at, to: l.wordEnd(p.at)}
	switch word := l.text[s.from:s.to]; {
	case l.text[p.at] == '[': // the values of a header, as Go prints them
		return l.inside(p.at)
	case l.text[p.at] == '\'':
		return span{from: p.at + 1, to: l.until('\'', p.at+1)}
	case constant(word):
		return span{}
	case p.sep == '=' || !p.gap:
		return s
	case l.startsLine(at):
		s.to = l.lineEnd(p.at)
		return s
	case random(word):
		return s
	}
	return span{}
}

// credentials finds the value of an HTTP header, which goes on to the end of the line,
// or of the quotes that the header as a whole stands in.
func (l *line) credentials(at int, p place) span {
	word := l.text[p.at:l.wordEnd(p.at)]
	if l.text[p.at] == '[' || !scheme(word) && bytes.IndexByte(word, '=') < 0 {
		return l.bare(at, p)
	}
	s := span{from: p.at, to: l.lineEnd(p.at)}
	if i := l.nameStart(at); i > 0 && (l.text[i-1] == '"' || l.text[i-1] == '\'') {
		s.to = l.until(l.text[i-1], p.at)
	}
	return s
}

// until returns where the next quote c is, with the backslashes before it, or where the
// line ends that i is in.
func (l *line) until(c byte, i int) int {
	for end := l.end(i); i < end; {
		n := l.backslashes(i)
		if i+n < end && l.text[i+n] == c || l.newline(i) > 0 {
			return i
		}
		i += max(1, n)
	}
	return i
}

// schemed finds what follows the name of an authorization scheme, if it looks random:
// "bearer token" and "Basic authentication" do not.
func schemed(l *line, at, end int) span {
	to := end
	for to < len(l.text) && (class[l.text[to]] != other || bytes.IndexByte([]byte(".~"), l.text[to]) >= 0) {
		to++
	}
	to += padding(l.text[to:])
	if !l.boundary(at) || !random(l.text[end:to]) && !padded(l.text[end:to]) {
		return span{}
	}
	return span{from: end, to: to}
}

// padded reports whether word ends as base64 may.
func padded(word []byte) bool { return len(word) > 8 && bytes.HasSuffix(word, []byte("=")) }

// inPath reports whether the name around at is part of a path, as in the object
// Secret/apps/my-token, and not the name of a value. In URLs, userinfo takes over.
func (l *line) inPath(at int) bool {
	at = l.nameStart(at)
	return at > 0 && l.text[at-1] == '/'
}

// nameStart returns where the name around i starts.
func (l *line) nameStart(i int) int {
	from := i
	for from > l.done && (alnum(l.text[from-1]) || bytes.IndexByte([]byte("._-"), l.text[from-1]) >= 0) {
		from--
	}
	return min(l.start(from), i)
}

// startsLine reports whether nothing but indentation stands before the name around i,
// as is the case in YAML.
func (l *line) startsLine(i int) bool {
	i = l.nameStart(i)
	for i > 0 && bytes.IndexByte([]byte(" \t-"), l.text[i-1]) >= 0 {
		i--
	}
	return i == 0 || l.text[i-1] == '\n' || l.text[i-1] == 'n' && i > 1 && l.text[i-2] == '\\'
}

// balanced returns where the bracket that opens at i is closed, or the string or text
// around it ends. Brackets in strings of the given quote do not count.
func (l *line) balanced(i, quote int) int {
	end := len(l.text)
	if quote == 0 {
		end = l.end(i)
	}
	for depth := 0; i < end; i++ {
		switch l.text[i] {
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1
			}
		case '"', '\\':
			at, q := l.quoteAfter(i)
			switch {
			case q == 0:
				i += max(1, l.backslashes(i)) - 1
			case q > quote:
				i = at + q - 1
			case q == quote:
				i = l.unquote(at+q, q)
				if l.quoteAt(i) != q { // the string is cut off
					return i
				}
				i += q - 1
			default:
				return at
			}
		}
	}
	return end
}

// inside returns what stands between the bracket at i and the one that closes it.
func (l *line) inside(i int) span {
	s := span{from: i + 1, to: l.balanced(i, 0)}
	if s.from < s.to && (l.text[s.to-1] == ']' || l.text[s.to-1] == '}') {
		s.to--
	}
	return s
}

// constant reports whether word is a value that tells nothing.
func constant(word []byte) bool {
	return slices.Contains([]string{"", "true", "false", "null", "nil", "<nil>", "map[]", "{}", "[]"}, string(word))
}

// scheme reports whether word is the name of an HTTP authorization scheme.
func scheme(word []byte) bool {
	return slices.ContainsFunc([]string{"Bearer", "Basic", "Token", "Digest", "Negotiate", "NTLM", "ApiKey", "AWS4-HMAC-SHA256"},
		func(s string) bool { return bytes.EqualFold(word, []byte(s)) })
}

// random reports whether word looks like one that no person chose: letters and digits
// mixed, not short, and neither a path, a file name nor the start of a wrapped error.
func random(word []byte) bool {
	letters, digits := 0, 0
	for _, c := range word {
		switch class[c] {
		case lower, upper:
			letters++
		case digit:
			digits++
		}
	}
	switch {
	case len(word) < 8 || letters == 0 || digits == 0:
		return false
	case len(word) < 24 && bytes.IndexByte(word, '.') >= 0:
		return false
	}
	return !bytes.HasSuffix(word, []byte(":")) && !bytes.ContainsAny(word, "/(")
}
