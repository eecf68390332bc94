package redact

import (
	"bytes"
	"slices"
)

// link is how a name and its value are joined.
type link int

const (
	apart    link = iota
	beside        // a sentence: invalid token VALUE
	told          // a sentence: invalid token: VALUE
	stated        // a sentence: the token is VALUE
	assigned      // token=VALUE, "token":"VALUE", --token VALUE, a line of YAML
)

// pairing is a name and where its value starts.
type pairing struct {
	name
	link   link
	at     int
	sep    byte
	line   bool // the value ends with the line
	single bool // the name has single quotes
}

// pair finds the value of a name that tells of a secret.
func pair(t *text, at, end int) span {
	n, ok := t.nextName(at, end)
	if !ok {
		return span{}
	}
	p := t.pairing(n)
	if p.link == apart {
		return t.valueBefore(n)
	}
	return t.judge(p, t.value(p))
}

// pairing finds where the value of n starts, and how it is joined to it.
func (t *text) pairing(n name) pairing {
	p := pairing{name: n}
	i := t.afterName(&p)
	if at := max(t.valueWord(i), t.nextArgument(&p, i), t.formValue(&p, i)); at > 0 {
		p.at, p.link = at, assigned
		return p
	}
	gap := t.skipSpace(i)
	sep, size := t.separator(gap)
	if gap >= len(t.b) || gap >= t.end(n.from) && sep == 0 {
		return p
	}
	p.sep, p.at = sep, t.skipSpace(gap+size)
	switch {
	case p.at >= len(t.b):
	case sep == '>':
		if t.tagStarts(n.from) {
			p.link = assigned
		}
	case sep == ':':
		p.link = t.colon(&p, p.at > gap+size)
	case sep != 0:
		p.link = assigned
	case gap > i && p.quote == 0 && !p.single:
		t.sentence(&p)
	}
	return p
}

// afterName returns the place after the quote and bracket that close around the name.
func (t *text) afterName(p *pairing) int {
	i := p.to
	if p.quote = t.quoteAt(i); p.quote > 0 {
		i += p.quote
	} else if n := t.singleQuote(i); n > 0 {
		p.single = true
		i += n
	}
	if i < len(t.b) && t.b[i] == ']' {
		i++
	}
	return i
}

// separator returns what joins name and value at i, as one character, and its length; a
// colon or equals sign may be escaped for a URL.
func (t *text) separator(i int) (sep byte, n int) {
	if i >= len(t.b) {
		return 0, 0
	}
	switch c, n := t.char(i); {
	case c == ':' && t.hasPrefix(i, "://"), c == ':' && t.hasPrefix(i, "::"):
		return 0, 0
	case c == ':' && t.hasPrefix(i, ":="):
		return '=', 2
	case c == '=':
		if i+n < len(t.b) {
			if next, more := t.char(i + n); next == '>' || next == '=' {
				n += more
			}
		}
		return '=', n
	case c == ':', c == '>':
		return c, n
	case c == '-' && i+n < len(t.b):
		if next, more := t.char(i + n); next == '>' {
			return '=', n + more
		}
	case t.hasFold(i, "%3d"):
		return '=', 3
	case t.hasFold(i, "%3a"):
		return '=', 3
	}
	if n := t.entity(i, "gt;"); n > 0 {
		return '>', n
	}
	return 0, 0
}

// entity returns the length of the entity at i if it is an ampersand, as JSON may escape it, with
// this name, or 0.
func (t *text) entity(i int, name string) int {
	if i >= len(t.b) || t.b[i] != '&' && t.b[i] != '\\' {
		return 0
	}
	if c, n := t.char(i); c == '&' && t.hasPrefix(i+n, name) {
		return n + len(name)
	}
	return 0
}

// tagStarts reports whether a tag of XML starts with the name at i.
func (t *text) tagStarts(i int) bool {
	if i > 0 && t.b[i-1] == '<' {
		return true
	}
	return t.hasFold(i-6, `\u003c`) || t.hasPrefix(i-4, "&lt;") || t.hasFold(i-9, `\u0026lt;`)
}

// valueWord returns where the value starts if i is between the name and the value of a
// variable: {"name":"TOKEN","value":"..."}, {Name:TOKEN Value:...}, or 0.
func (t *text) valueWord(i int) int {
	const word = "value"
	from := i
	for i < len(t.b) && i-from < 48 {
		c, n := t.char(i)
		if c != ' ' && c != ',' && c != '\n' && c != '"' && c != '\'' && c != ';' {
			break
		}
		i += n
	}
	spaced := i > from && i < len(t.b) && len(bytes.TrimLeft(t.b[from:i], " ")) == 0
	if i == from || !t.hasFold(i, word) || spaced && !t.hasPrefix(i, "Value:") && !t.hasPrefix(i, "value=") {
		return 0
	}
	i += len(word)
	i += t.quoteAt(i)
	i = t.skipSpace(i)
	if sep, n := t.separator(i); sep == ':' || sep == '=' {
		return t.skipSpace(i + n)
	}
	return 0
}

// nextArgument returns where the value starts if the name is a flag in a list of arguments,
// ["--token","..."], or 0.
func (t *text) nextArgument(p *pairing, i int) int {
	if p.quote == 0 && !p.single || p.from >= len(t.b) || t.b[p.from] != '-' {
		return 0
	}
	at := t.skipSpace(i)
	if at < len(t.b) && t.b[at] == ',' {
		at = t.skipSpace(at + 1)
	}
	if at > i && (t.quoteAt(at) == p.quote && p.quote > 0 || p.single && t.singleQuote(at) > 0) {
		return at
	}
	return 0
}

// formValue returns where the value starts of a field of a form, after its name and an
// empty line: name="password"\r\n\r\n..., or 0.
func (t *text) formValue(p *pairing, i int) int {
	n := t.newline(i)
	if p.quote == 0 || n == 0 {
		return 0
	}
	i = t.skipSpace(i + n)
	if n = t.newline(i); n > 0 {
		return t.skipSpace(i + n)
	}
	return 0
}

// valueBefore finds the value of a variable whose name comes after it:
// {"value":"...","name":"TOKEN"}.
func (t *text) valueBefore(n name) span {
	const window = 256
	from := max(t.done, n.from-window)
	before := t.b[from:n.from]
	if t.steps += len(before); !bytes.Contains(bytes.ToLower(before[max(0, len(before)-32):]), []byte("name")) {
		return span{}
	}
	k := bytes.LastIndex(before, []byte("value"))
	if k < 0 {
		return span{}
	}
	p := pairing{name: n, link: assigned}
	i := from + k + len("value")
	p.quote = t.quoteAt(i)
	i = t.skipSpace(i + p.quote)
	sep, size := t.separator(i)
	if sep != ':' && sep != '=' {
		return span{}
	}
	p.sep, p.at = sep, t.skipSpace(i+size)
	s := t.value(p)
	if s.to > n.from {
		return span{}
	}
	return t.judge(p, s)
}

// colon tells what a colon between name and value means.
func (t *text) colon(p *pairing, gap bool) link {
	switch before := t.before(p.from); {
	case before == '/': // a path, as in the object Secret/apps/my-token: configured
		return apart
	case p.quote > 0 || !gap:
		return assigned
	case p.single && (t.singleQuote(p.at) > 0 || t.quoteAt(p.at) > 0 || t.inList(p.from-1)):
		return assigned
	case t.startsLine(p) && !t.message(p.at, t.lineEnd(p.at)):
		p.line = true
		return assigned
	case t.inList(p.from):
		return assigned
	}
	return told
}

// inList reports whether the name at i stands in brackets, as the first name or after a
// comma.
func (t *text) inList(i int) bool {
	switch t.before(i) {
	case '{', '(', '[':
		return true
	case ',':
		window := t.b[max(0, i-maxBefore):i]
		k := bytes.LastIndexAny(window, "{}()[]\"")
		return k >= 0 && bytes.IndexByte([]byte("{(["), window[k]) >= 0
	}
	return false
}

// before returns the character before i, without spaces after a mark of punctuation.
func (t *text) before(i int) byte {
	for n := 0; i > 0 && t.b[i-1] == ' ' && n < 4; n++ {
		i--
	}
	if i <= 0 {
		return 0
	}
	return t.b[i-1]
}

// startsLine reports whether nothing but indentation stands before the name in its line,
// in a text of several lines, which makes name: value a line of YAML and not the start of
// a message.
func (t *text) startsLine(p *pairing) bool {
	i := p.from - t.indentation(p.from)
	switch {
	case i == 0 || t.b[i-1] == '"':
		return t.newline(t.lineEnd(p.at)) > 0
	case t.b[i-1] == '\n' || t.b[i-1] == '\r':
		return true
	}
	return (t.b[i-1] == 'n' || t.b[i-1] == 'r') && i > 1 && t.b[i-2] == '\\'
}

// message reports whether the text from i to end is what is said of a field, and not the
// field's value: what validation writes, or an error that wraps another.
func (t *text) message(i, end int) bool {
	return slices.ContainsFunc(messages, func(m string) bool { return t.hasFold(i, m) }) || bytes.Contains(t.b[i:max(i, end)], []byte(": "))
}

var messages = []string{
	"required value", "invalid value", "unsupported value", "duplicate value", "forbidden", "invalid type", "must ", "is required",
	"is not", "does not", "cannot ", "not found", "expected ", "too long", "authentication failed", "permission denied",
}

// sentence finds the value of a name that only a space follows.
func (t *text) sentence(p *pairing) {
	if at := t.verb(p.at); at > 0 {
		p.at, p.link = at, stated
		return
	}
	p.link = beside
	if p.from > 0 && t.b[p.from-1] == '-' || bytes.HasPrefix(t.b[p.from:p.to], []byte("-")) { // a flag of a command
		word := t.b[p.at:t.wordEnd(p.at)]
		if !bytes.HasPrefix(word, []byte("-")) && !slices.Contains(flagWords, string(word)) {
			p.link = assigned
		}
	}
}

// flagWords are what a sentence about a flag goes on with.
var flagWords = []string{
	"flag", "is", "must", "and", "or", "option", "argument", "parameter", "cannot", "not", "has", "was", "in", "to", "for", "requires",
	"required", "with", "can", "should", "as", "from", "if", "are", "were", "given", "missing", "instead", "via", "on", "flags", "needs",
}

// verb returns where the value starts if the words at i are those between a name and
// its value: "is", "lautet", or 0.
func (t *text) verb(i int) int {
	for _, v := range verbs {
		if !t.hasFold(i, v) {
			continue
		}
		if end := i + len(v); end < len(t.b) && (t.b[end] == ' ' || t.b[end] == ':') {
			return t.skipSpace(end + 1)
		}
	}
	return 0
}

var verbs = []string{
	"is", "was", "are", "were", "being", "equals", "set to", "is set to", "was set to", "to be", "ist", "lautet", "war", "lautete",
	"es", "era", "est", "était", "\u00e8", "has value", "value is", "changed to",
}

// judge returns the value of p if it is a secret, by what the name tells, how the two
// are joined and what the value looks like.
func (t *text) judge(p pairing, s span) span {
	value := t.b[s.from:s.to]
	if s.from >= s.to || constant(value) {
		return span{}
	}
	t.steps += min(len(value), maxLook)
	w := parse(value)
	s.kind = p.kind
	if t.open(p, s, value, &w) || looksSecret(p, value, &w) {
		return s
	}
	return span{}
}

// open reports whether the value of p is a secret even if it does not look like one.
func (t *text) open(p pairing, s span, value []byte, w *parts) bool {
	switch {
	case p.link >= told && s.sure:
		return true
	case p.link == assigned && p.means == token:
		return !w.nameLike() && !t.counts(p, value)
	case p.link == assigned && p.means == object: // one word with a digit is no name, unless p refers to an object
		return !w.plain() || !p.refers && w.digits > 0 && w.symbols == 0
	case p.means != password:
		return false
	case p.link == stated:
		return s.quoted || !predicate(value)
	}
	return p.link == assigned || s.quoted && bytes.IndexByte(value, ' ') < 0 || odd(value)
}

// looksSecret reports whether the value alone looks like a secret, as values of doubtful
// names have to.
func looksSecret(p pairing, value []byte, w *parts) bool {
	switch {
	case p.kind == "pin":
		return p.link != beside && numeral(value)
	case digest(value), p.means == uncertain && p.link == beside:
		return false
	case p.means == uncertain && p.link == told:
		return w.size >= 12 && w.random() || hexadecimal(value, 32)
	case p.means == uncertain && userAndPassword(value):
		return true
	}
	return w.random() || hexadecimal(value, 16)
}

// counts reports whether value is a number of tokens and no token.
func (t *text) counts(p pairing, value []byte) bool {
	return len(value) < 7 && numeral(value) && p.to > p.from && t.b[p.to-1]|fold == 's'
}

// predicate reports whether word is what a sentence may say of a password that it does
// not tell: "wrong", "required", "not", "too".
func predicate(word []byte) bool {
	s := look(word)
	if s.digits > 0 || s.symbols > 0 || s.uppers > 0 && s.uppers < s.size && s.turns > 0 {
		return false
	}
	for _, end := range []string{"ed", "ing", "able", "ible", "ary", "ent", "ant", "ory", "ive"} {
		if bytes.HasSuffix(word, []byte(end)) {
			return true
		}
	}
	return len(word) < 4 || isOneOf(word, predicates)
}

var predicates = []string{
	"wrong", "invalid", "incorrect", "missing", "empty", "weak", "unset", "correct", "valid", "unknown", "null", "stored", "from", "only",
	"never", "always", "already", "still", "also", "different", "same", "given", "present", "absent", "hidden", "about", "unauthorized",
	"forbidden", "what", "that", "this", "here", "there", "with", "without", "within", "more", "less", "longer", "shorter", "short", "long",
	"stale", "secret", "default", "plaintext", "plain", "encoded", "base64", "likely", "probably", "possibly", "when", "where", "which",
	"then", "than", "needed", "over", "under", "your", "mandatory", "optional", "blank", "falsch", "leer", "ungültig", "abgelaufen",
	"incorrecta", "incorrecto", "inválida", "obligatorio", "incorrect", "invalide", "expiré", "faux", "requis", "nicht", "kein", "user",
}
