package redact

import "bytes"

// value finds the value of p, whether it is a secret or not.
func (t *text) value(p pairing) span {
	i := t.unwrap(p.at)
	switch c := t.b[min(i, len(t.b)-1)]; {
	case i >= len(t.b):
		return span{}
	case t.placeholderAt(i) > 0 && !t.wordGoesOn(i+t.placeholderAt(i)):
		return span{}
	case p.sep == '>':
		return t.angled(span{from: i, to: t.tagEnd(i), quoted: true})
	case p.means == uncertain && (t.newline(i) > 0 || c == '[' || t.hasPrefix(i, "map[")):
		return span{} // such values are one word
	case t.newline(i) > 0:
		return t.nextLine(p, i)
	}
	if s := t.pemAt(i); s.to > 0 {
		return s
	}
	if c, n := t.char(i); p.means != uncertain && (c == '|' || c == '>' && (p.sep == ':' || p.sep == 0)) {
		return t.block(p, i, n)
	}
	if s, ok := t.quoted(p, i); ok {
		return t.pastQuote(p, s)
	}
	return t.unquoted(p, i)
}

// pastQuote returns the value s of p with what goes on right behind its closing quote, because it
// has quotes in itself: "one"two".
func (t *text) pastQuote(p pairing, s span) span {
	i := s.to + t.quoteAt(s.to)
	if p.quote == 0 && p.link >= told && i > s.to && i < t.end(s.from) && alnum(t.b[i]) {
		s.to = t.wordEnd(i)
	}
	return s
}

// angled returns the text s after a tag, with what the next brackets hold if the tag was none but a
// name in brackets: <NAME> with value <...>.
func (t *text) angled(s span) span {
	n := t.tagMark(s.to, '<')
	if n == 0 && (t.b[s.from-1] == ' ' || t.hasPrefix(s.from, ": ")) { // <password> in a sentence
		return span{}
	}
	if n == 0 || t.placeholderAt(s.to) > 0 || !bytes.HasSuffix(t.b[s.from:s.to], []byte("value ")) {
		return s
	}
	s.to = t.wordEnd(s.to + n)
	return s
}

// placeholderAt returns the length of the placeholder at i, or 0.
func (t *text) placeholderAt(i int) int {
	if !t.hasPrefix(i, opening) {
		return 0
	}
	return placeholderLen(t.b[i:])
}

// placeholderLen returns the length of the placeholder that b starts with, or 0.
func placeholderLen(b []byte) int {
	if !bytes.HasPrefix(b, []byte(opening)) {
		return 0
	}
	window := b[:min(len(b), maxPlaceholder)]
	n := bytes.IndexByte(window, closing[0]) + 1
	if n == 0 || !placeholder(window[:n]) {
		return 0
	}
	return n
}

// wordGoesOn reports whether the word around i goes on there.
func (t *text) wordGoesOn(i int) bool {
	return i < len(t.b) && (alnum(t.b[i]) || t.hasPrefix(i, opening))
}

// valueNames are what the value of an object is called that holds nothing else.
var valueNames = []string{"value", "plaintext", "plain", "text", "content", "raw", "current", "default", "data"}

// afterTag returns the place behind the tag or the anchor of YAML at i: !!str VALUE, &name VALUE.
func (t *text) afterTag(i int) int {
	if i >= len(t.b) || t.b[i] != '!' && t.b[i] != '&' && t.b[i] != '\\' {
		return i
	}
	c, n := t.char(i)
	if c != '&' && !t.hasPrefix(i, "!!") && !t.hasPrefix(i, "!vault ") {
		return i
	}
	to := i + n
	for to < len(t.b) && to-i < maxAfter && (nameByte(t.b[to]) || t.b[to] == '!') {
		to++
	}
	if t.steps += to - i; to == i+n || !t.hasPrefix(to, " ") {
		return i
	}
	return to + 1
}

// unwrap returns where the value itself starts, after what stands around it: a tag or an anchor of
// YAML, a call, an object with one member.
func (t *text) unwrap(i int) int {
	i = t.afterTag(i)
	if at := max(t.constructed(i), t.announced(i)); at > 0 {
		return at
	}
	if i >= len(t.b) || t.b[i] != '{' && t.b[i] != '(' {
		return i
	}
	return t.onlyMemberOf(i)
}

// constructed returns where the quote is of a value that stands in a call or a conversion at i:
// string("..."), Secret("..."), or 0.
func (t *text) constructed(i int) int {
	from := i
	for i < len(t.b) && i-from < 24 && (alnum(t.b[i]) || t.b[i] == '_' || t.b[i] == '.') {
		i++
	}
	if t.steps += i - from; i == from || i+1 >= len(t.b) || t.b[i] != '(' || t.quoteAt(i+1) == 0 && t.singleQuote(i+1) == 0 {
		return 0
	}
	return i + 1
}

// announced returns where a value starts before which words stand at i that say that it is one, or
// 0: "password": value "...". Without quotes it looks like a secret.
func (t *text) announced(i int) int {
	for _, w := range []string{"value ", "got ", "string ", "must not be ", "cannot be ", "should not be "} {
		if at := i + len(w); t.hasPrefix(i, w) && (t.quoteAt(at) > 0 || t.singleQuote(at) > 0) {
			return at
		}
	}
	if at := i + len("value "); t.hasPrefix(i, "value ") {
		if word := t.b[at:t.wordEnd(at)]; odd(word) && look(word).digits > 0 {
			return at
		}
	}
	return 0
}

// onlyMemberOf returns where the value starts of the one member of the object at i, or i.
func (t *text) onlyMemberOf(i int) int {
	at := t.skipSpace(i + 1)
	q := max(t.quoteAt(at), t.singleQuote(at))
	at += q
	if t.hasPrefix(at, "$") {
		at++
	}
	for _, name := range valueNames {
		end := at + len(name)
		if !t.hasFold(at, name) {
			continue
		}
		end += max(t.quoteAt(end), t.singleQuote(end))
		if sep, n := t.separator(t.skipSpace(end)); sep == ':' || sep == '=' {
			return t.skipSpace(t.skipSpace(end) + n)
		}
	}
	if t.b[i] == '(' {
		return at - q
	}
	return t.typedMember(i, at, q)
}

// typedMember returns where the value starts of an object at i that tells more of it before, as do
// outputs of Terraform, {"sensitive":true,"type":"string","value":"..."}, or i. Its first name is
// at at, behind a quote of that length.
func (t *text) typedMember(i, at, quote int) int {
	const name = "value"
	window := t.b[min(at, len(t.b)):min(at+2*maxBefore, len(t.b))]
	t.steps += len(window)
	k := bytes.Index(window, []byte(name))
	if k < 0 || bytes.ContainsAny(window[:k], "{}[]") {
		return i
	}
	end := at + k + len(name)
	if q := t.quoteAt(end); q == 0 || q != quote || !t.hasPrefix(end+q, ":") {
		return i
	}
	return t.skipSpace(end + quote + 1)
}

// unquoted finds a value without quotes: a list, an object, a number of JSON, the rest
// of a line of YAML, or a word.
func (t *text) unquoted(p pairing, i int) span {
	if s, ok := t.literal(p, i); ok {
		return s
	}
	switch c := t.b[i]; {
	case c == '{', t.hasPrefix(i, "map[") && p.link < assigned, t.hasPrefix(i, "map[string]") && p.means == object, t.hasPrefix(i, "[{"), t.hasPrefix(i, "[map["):
		return span{} // what it holds has names of its own
	case c == '[' && p.quote > 0 && p.sep == ':':
		return t.list(span{from: i, to: t.balanced(i, p.quote), quote: p.quote})
	case c == '[' && p.link == assigned:
		return t.list(t.inside(i))
	case c == '[':
		i++
	case p.line && p.means > uncertain:
		return t.trimLine(i, t.valueLine(p, i))
	case t.hasPrefix(i, "map[") && p.link == assigned:
		return t.list(t.goMap(i + len("map")))
	}
	if p.quote > 0 {
		if s := t.number(p, i); s.to > i {
			return s
		}
	}
	return t.bareWord(p, i)
}

// valueLine returns where a value ends that takes the rest of its line.
func (t *text) valueLine(p pairing, i int) int {
	if p.sep == ':' {
		return t.plainEnd(p, i)
	}
	return t.lineEnd(i)
}

// bareWord finds a value that is one word, or a phrase.
func (t *text) bareWord(p pairing, i int) span {
	to := t.wordEnd(i)
	switch {
	case p.means == password && (p.link == told || p.link == beside && t.hasFold(p.to-len("phrase"), "phrase")):
		if end := t.phrase(i); end > to {
			return span{from: i, to: end, sure: true}
		}
	case p.sep == '=' && i == p.to+1:
		to = t.assignedEnd(p, i, to)
	case p.sep == '=':
		to = t.afterAngle(i, to)
	case p.means == password && t.printed(p, i):
		to = t.printedEnd(i, to)
	}
	return t.trim(i, to)
}

// afterAngle returns where the word goes on to that starts at i and ends at to, because an angle
// bracket is there that starts no tag.
func (t *text) afterAngle(i, to int) int {
	for range 3 {
		if to <= i || to-i > maxBefore || to >= len(t.b) || t.placeholderAt(to) > 0 {
			break
		}
		c, n := t.char(to)
		inside := to+n < t.end(i) && alnum(t.b[to+n])
		if c != '>' && (c != '<' || !inside) {
			break
		}
		if to += n; inside {
			to = t.wordEnd(to)
		}
	}
	return to
}

// literal finds the bytes of a value of Go, the document that a shell is given, a list of objects
// that hold passwords.
func (t *text) literal(p pairing, i int) (s span, ok bool) {
	switch c := t.b[i]; {
	case c == '{' && p.sep == '=' && p.means == password:
		return t.braced(i)
	case c != '[' && c != '<' && c != '\\':
		return span{}, false
	case c == '[' && p.means >= token && t.byteList(i):
		return t.list(t.inside(i)), true
	case t.hasPrefix(i, "[{") && p.means == password && p.quote > 0 && p.link == assigned:
		return span{from: i, to: t.balanced(i, p.quote), quote: p.quote, sure: true}, true
	}
	return span{}, false
}

// braced finds a value in the braces that ODBC takes for quotes.
func (t *text) braced(i int) (s span, ok bool) {
	window := t.b[i+1 : min(len(t.b), i+1+maxBefore)]
	k := bytes.IndexByte(bytes.ReplaceAll(window, []byte("}}"), []byte("--")), '}')
	if t.steps += len(window); k < 1 || bytes.ContainsAny(bytes.ReplaceAll(window[:k], []byte(`\u00`), nil), "\"{\\") {
		return span{}, false
	}
	end := i + 1 + k + 1
	if bytes.ContainsAny(window[:k], " '=:") && end < len(t.b) && t.b[end] != ';' {
		return span{}, false
	}
	return span{from: i + 1, to: i + 1 + k, quoted: true}, true
}

// byteList reports whether the list at i is one of bytes as Go prints them: [104 117 110].
func (t *text) byteList(i int) bool {
	numbers, from := 0, i
	for i++; i < len(t.b) && i-from < maxBefore && (class[t.b[i]] == digit || t.b[i] == ' '); i++ {
		if t.b[i] == ' ' {
			numbers++
		}
	}
	t.steps += i - from
	return numbers > 3
}

// list marks a list that is too long to be judged by its beginning, which is always
// taken for a secret: what was searched for its end is not searched again.
func (t *text) list(s span) span {
	s.sure = s.to-s.from > maxLook
	return s
}

// number finds a JSON value that is no string, whose placeholder needs quotes.
func (t *text) number(p pairing, i int) span {
	to := i
	if p.sep != ':' || i < t.json {
		return span{}
	}
	for to < len(t.b) && (alnum(t.b[to]) || bytes.IndexByte([]byte("+-."), t.b[to]) >= 0) {
		to++
	}
	t.steps += to - i
	if to < len(t.b) && bytes.IndexByte([]byte(",}] \t\r\n"), t.b[to]) < 0 {
		return span{}
	}
	return span{from: i, to: to, quote: p.quote}
}

// tagEnd returns where the text of a tag of XML ends: where it is closed, or another tag
// starts if it is not.
func (t *text) tagEnd(i int) int {
	end, first := t.end(i), -1
	for j := i; j < end && j-i < maxQuoted; {
		c, n := t.char(j)
		if e := t.entity(j, "lt;"); e > 0 {
			c, n = '<', e
		}
		if c == '<' && t.placeholderAt(j) == 0 {
			if t.hasPrefix(j+n, "/") {
				return j
			}
			if first < 0 {
				first = j
			}
		}
		j += n
	}
	if first >= 0 {
		return first
	}
	return t.wordEnd(i)
}
