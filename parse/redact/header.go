package redact

import "bytes"

// jwt finds a JSON Web Token around the dot between its first two parts, both of which
// start with the encoding of {".
func jwt(t *text, at, end int) span {
	const maxPart = 2048
	from := at
	for from > t.done && at-from < maxPart && class[t.b[from-1]] != other && t.b[from-1] != '/' && t.b[from-1] != '+' {
		from--
	}
	t.steps += at - from
	from = min(t.start(from), at)
	k := bytes.Index(t.b[from:at], []byte("eyJ"))
	if k < 0 || !t.hasPrefix(at, ".eyJ") {
		return span{}
	}
	to := end
	for to < len(t.b) && (class[t.b[to]] != other && t.b[to] != '/' && t.b[to] != '+' || t.b[to] == '.') {
		to++
	}
	t.steps += to - end
	return span{from: from + k, to: to}
}

// schemes of authorization, as anchors.
var schemes = []string{"bearer ", "basic ", "geniekey ", "apikey ", "splunk ", "digest ", "negotiate ", "ntlm ", "auth plain ", "auth login "}

// scheme finds what follows the name of an authorization scheme, if it looks random:
// "bearer token" and "Basic authentication" do not.
func scheme(t *text, at, end int) span {
	to := end
	for to < len(t.b) && (class[t.b[to]] != other || bytes.IndexByte([]byte(".~"), t.b[to]) >= 0) {
		to++
	}
	to += padding(t.b[to:])
	t.steps += to - end
	word := t.b[end:to]
	if !t.boundary(at) || at > 0 && t.b[at-1] == '-' || !random(word) && !hexadecimal(word, 16) && !(len(word) > 8 && word[len(word)-1] == '=') && !userAndPassword(word) {
		return span{}
	}
	return span{from: end, to: to}
}

// header finds the value of an HTTP header, which may be several words and goes on to the
// end of the line, or of the quotes that the header as a whole stands in.
func header(t *text, at, end int) span {
	n := name{term: term{means: password, kind: ""}}
	n.from, n.to = t.nameAround(at, end)
	if n.to != end && !bytes.Equal(t.b[end:n.to], []byte("s")) {
		return span{}
	}
	t.named = max(t.named, n.to)
	p := t.pairing(n)
	if p.link < told || p.at >= len(t.b) {
		return span{}
	}
	s := t.value(p)
	if s.quoted || p.quote > 0 || s.from >= s.to {
		return t.judge(p, s)
	}
	word := t.b[s.from:s.to]
	if !isScheme(word) && bytes.IndexByte(word, '=') < 0 {
		first, _, more := bytes.Cut(word, []byte(" ")) // of a line of YAML
		if t.unknownScheme(first, s.from+len(first)) {
			s.to = t.wordEnd(s.from + len(first) + 1)
			return s
		}
		if more && !isScheme(first) && !odd(first) {
			return span{}
		}
		return t.judge(p, s)
	}
	s.to = t.lineEnd(s.from)
	return t.inQuotesOf(n, s)
}

// unknownScheme reports whether word, which ends at i, is one of letters after which another one
// looks like what proves who somebody is.
func (t *text) unknownScheme(word []byte, i int) bool {
	w := look(word)
	return w.letters() == w.size && t.hasPrefix(i, " ") && random(t.b[i+1:t.wordEnd(i+1)])
}

// inQuotesOf returns s without what stands behind the quote that closes the one before the name n.
func (t *text) inQuotesOf(n name, s span) span {
	switch before := t.before(n.from); {
	case n.from == 0 || t.b[n.from-1] != before:
	case before == '"':
		s.to = min(s.to, t.unquote(s.from, n.from-t.beforeBackslashes(0, n.from-1)))
	case before == '\'':
		if k := bytes.IndexByte(t.b[s.from:s.to], '\''); k >= 0 {
			s.to = t.beforeBackslashes(s.from, s.from+k)
		}
	}
	return s
}

// isScheme reports whether word is the name of an HTTP authorization scheme.
func isScheme(word []byte) bool {
	return isOneOf(word, schemeNames)
}

var schemeNames = []string{"bearer", "basic", "token", "digest", "negotiate", "ntlm", "apikey", "aws4-hmac-sha256", "geniekey", "splunk"}
