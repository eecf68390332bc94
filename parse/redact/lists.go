package redact

import "bytes"

// fieldNames stand beside the names of secrets in lists of names.
var fieldNames = []string{
	"user", "username", "email", "name", "host", "port", "url", "address", "database", "type", "id", "key", "value", "account", "login",
}

// member returns where the value starts if the name is a text of its own and the next one of a
// pair or a list is the value: ["password","..."], ('password', '...'), {password,"..."},
// "password" "...", s:8:"password";s:9:"...", ["password"]=> string(9) "...", or 0.
func (t *text) member(p *pairing, i int) int {
	if p.means < token || p.from == 0 {
		return 0
	}
	switch c := t.b[p.from-1]; {
	case p.quote > 0 && c != '"', p.single && c != '\'' && c != '`':
		return 0
	case p.quote == 0 && !p.single && c != '{' && c != '(':
		return 0
	}
	at := t.memberStart(i)
	if at == 0 {
		return 0
	}
	s, ok := t.quoted(*p, at)
	if !ok || s.to <= s.from {
		return 0
	}
	value := t.shown(s)
	if end := t.skipSpace(s.to + max(t.quoteAt(s.to), t.singleQuote(s.to))); t.hasPrefix(i, ",") && end < len(t.b) && t.b[end] == ':' {
		return 0 // a name again
	}
	if t.fieldName(value) || predicate(value) || bytes.ContainsAny(value, " ,:") {
		return 0
	}
	return at
}

// fieldName reports whether value is a name itself.
func (t *text) fieldName(value []byte) bool {
	if isOneOf(value, fieldNames) {
		return true
	}
	words := t.vocab.split(value[:min(len(value), maxLook)])
	return len(words) > 0 && t.vocab.find(words).means != harmless
}

// memberStart returns where the quote of the next member is after the mark at i, or 0.
func (t *text) memberStart(i int) int {
	from := i
	for _, mark := range []string{",", ";s:", "=> string(", " => string(", `=\u003e string(`, " . "} {
		if !t.hasPrefix(i, mark) {
			continue
		}
		i += len(mark)
		for ; i < len(t.b) && i-from < 24 && (class[t.b[i]] == digit || t.b[i] == ':' || t.b[i] == ')'); i++ {
		}
		break
	}
	at := t.skipSpace(i)
	if at == from || at > i && t.hasPrefix(i, "  ") || t.quoteAt(at) == 0 && t.singleQuote(at) == 0 {
		return 0
	}
	return at
}

// markup returns where the text starts that follows a name in XML: after the attributes of its
// own tag, or in the tag after it, as in <key>password</key><string>, <property
// name="password"><value>, or right behind a tag that has the name for an attribute, or 0.
func (t *text) markup(p *pairing, i int) int {
	end := min(t.end(i), i+maxBefore)
	switch {
	case p.quote == 0 && !p.single && t.hasPrefix(i, " ") && p.from > 0 && (t.tagStarts(p.from) || t.b[p.from-1] == ':' && t.tagNear(p.from)):
		if to := t.tagClose(i, end); to > 0 && bytes.IndexByte(t.b[i:to], '=') > 0 {
			p.sep = '>'
			return to
		}
	case t.tagMark(i, '>') > 0 && t.namesElement(p) && t.tagMark(i+t.tagMark(i, '>'), '<') == 0:
		p.sep = '>'
		return i + t.tagMark(i, '>')
	case t.tagMark(i, '<') > 0, t.tagMark(i, '>') > 0 && p.quote > 0, t.hasPrefix(i, "/>"):
		at := t.skipSpace(t.tagClose(i, end))
		n := t.tagMark(at, '<')
		if n == 0 || at+n >= len(t.b) || t.b[at+n] == '/' || t.b[at+n] == '!' {
			return 0
		}
		if to := t.tagClose(at, end); to > 0 {
			p.sep = '>'
			return to
		}
	}
	return 0
}

// namesElement reports whether p is the attribute of a tag that tells its name, as in
// <entry key="password">.
func (t *text) namesElement(p *pairing) bool {
	from := p.from - max(p.quote, 1)
	return (p.quote > 0 || p.single) && (t.hasPrefix(from-len(" key="), " key=") || t.hasPrefix(from-len(" name="), " name="))
}

// tagMark returns the length of the bracket c of a tag at i, raw or escaped, or 0.
func (t *text) tagMark(i int, c byte) int {
	if i >= len(t.b) || t.b[i] != c && t.b[i] != '\\' {
		return 0
	}
	if found, n := t.char(i); found == c {
		return n
	}
	return 0
}

// tagClose returns the place after the bracket that closes a tag after i and before end, or 0.
func (t *text) tagClose(i, end int) int {
	for i < end {
		if n := t.tagMark(i, '>'); n > 0 {
			return i + n
		}
		_, n := t.char(i)
		i += n
	}
	return 0
}

// tagNear reports whether a tag starts shortly before i.
func (t *text) tagNear(i int) bool {
	before := t.b[max(0, i-24):i]
	return bytes.IndexByte(before, '<') >= 0 || bytes.Contains(before, []byte(`\u003c`))
}
