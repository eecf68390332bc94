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
	if !ok || t.hasPrefix(n.from-len(opening), opening) {
		return span{}
	}
	if t.hasPrefix(n.to, "+") && (n.from == 0 || t.b[n.from-1] == '+' || t.b[n.from-1] == ' ') {
		t.pluses, t.percent = true, true
	}
	if t.crowded(n.from) {
		return span{from: t.crowd.from, to: t.crowd.to}
	}
	p := t.pairing(n)
	s := span{}
	if p.link != apart {
		s = t.judge(p, t.value(p))
	}
	if s.from >= s.to && p.link < assigned {
		s = t.valueBefore(n)
	}
	if s.from >= s.to {
		t.near(n)
	}
	if s.from < s.to && s.from > n.from && p.means >= token {
		s = t.further(s)
	}
	return s
}

const (
	// crowd is how many names may stand in a string as close as crowdGap bytes on average.
	crowd, crowdGap = 1024, 24
)

// crowded reports whether so many names stand so close together before i, in one string, that
// nobody wrote them as names: from the first of them on the string is replaced as a whole.
func (t *text) crowded(i int) bool {
	if t.names == 0 || i > t.crowd.to {
		t.names, t.crowd = 0, reach{i, t.end(i)}
	}
	t.names++
	return t.names > crowd && i-t.crowd.from < t.names*crowdGap
}

// pairing finds where the value of n starts, and how it is joined to it.
func (t *text) pairing(n name) pairing {
	p := pairing{name: n}
	i := t.afterName(&p)
	if at := max(t.valueWord(i), t.mapValue(&p, i), t.nextArgument(&p, i), t.member(&p, i), t.markup(&p, i)); at > 0 {
		p.at, p.link, p.line = at, assigned, t.newline(i) > 0
		return p
	}
	if slices.ContainsFunc(wideQuotes, func(q string) bool { return t.hasPrefix(i, q) }) {
		p.at, p.link = i, beside
		return p
	}
	gap := t.skipSpace(i)
	sep, size := t.separator(gap)
	if gap >= len(t.b) || gap >= t.end(n.from) && sep == 0 {
		return p
	}
	if p.means == password && t.b[gap] == '(' && (t.singleQuote(gap+1) > 0 || t.quoteAt(gap+1) > 0) { // PASSWORD('...')
		p.at, p.link = gap+1, assigned
		return p
	}
	p.sep, p.at = sep, t.skipSpace(gap+size)
	if p.at < len(t.b) {
		t.joined(&p, gap > i, p.at > gap+size)
	}
	return p
}

// wideQuotes stand right behind a name.
var wideQuotes = []string{"「", "『", "“", "«", "‘"}

// joined tells how name and value are joined by the mark between them, of which before and after
// tell whether there is a gap there.
func (t *text) joined(p *pairing, before, after bool) {
	switch {
	case p.sep == '>':
		if t.tagStarts(p.from) && !t.hasPrefix(p.from-len(":<"), ":<") { // as in <user>:<password>@host
			p.link = assigned
		}
	case p.sep == ':':
		t.afterColon(p, after)
	case p.sep != 0:
		p.link = assigned
		p.line = p.sep == '=' && p.means >= object && (before && after && t.startsLine(p) || !before && !after && t.settings(p))
	case before && p.quote == 0 && !p.single:
		t.sentence(p)
	}
}

// settings reports whether p is a line of a file of settings, NAME=VALUE, as the next line is.
func (t *text) settings(p *pairing) bool {
	end := t.lineEnd(p.at)
	n := t.newline(end)
	return n > 0 && t.startsLine(p) && t.pairFollows(t.skipSpace(end+n), '&')
}

// afterColon finds the value of a name that a colon follows, and perhaps a gap.
func (t *text) afterColon(p *pairing, gap bool) {
	if at := t.verb(p.at); gap && p.means >= object && at > 0 {
		p.link, p.at = stated, at
		return
	}
	p.link = t.colon(p, gap)
	if p.means < password && p.quote > 0 && t.hasPrefix(p.to+p.quote, " : ") && alnum(t.b[p.at]) {
		p.link = told // what a sentence says of what it quotes
	}
}

// afterName returns the place after the quote and bracket that close around the name.
func (t *text) afterName(p *pairing) int {
	i := p.to
	if p.quote = t.quoteAt(i); p.quote > 0 {
		i += p.quote
	} else if n := t.singleQuote(i); n > 0 {
		p.single = true
		i += n
	} else if t.hasPrefix(i, "**") {
		i += 2
	}
	if i < len(t.b) && (t.b[i] == ']' || t.hasPrefix(i, "): value ") || t.hasPrefix(i, ") = ") || t.hasPrefix(i, "} ") && t.hasPrefix(p.from-len("${"), "${")) {
		i++
	}
	if t.hasPrefix(i, " (hex)") || t.hasPrefix(i, " (base64)") {
		i += bytes.IndexByte(t.b[i:], ')') + 1
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
	case c == '=':
		if i+n < len(t.b) {
			if next, more := t.char(i + n); next == '>' || next == '=' {
				n += more
			}
		}
		return '=', n
	case t.hasPrefix(i, ":="):
		return '=', 2
	case t.hasPrefix(i, ":: "): // LDIF
		return ':', 2
	case c >= 0x80 && t.wideMark(i) > 0:
		return ':', t.wideMark(i)
	case c == ':', c == '>':
		return c, n
	case c == '-' && i+n < len(t.b):
		if next, more := t.char(i + n); next == '>' {
			return '=', n + more
		}
	case c == '%' && t.encodedMark(i) > 0:
		return '=', t.encodedMark(i)
	}
	for _, arrow := range []string{"→", "⇒", "➜", `\u2192`, "!="} {
		if t.hasPrefix(i, arrow) {
			return '=', len(arrow)
		}
	}
	if n := t.entity(i, "gt;"); n > 0 {
		return '>', n
	}
	return 0, 0
}

// tagStarts reports whether a tag of XML starts with the name at i.
func (t *text) tagStarts(i int) bool {
	if i > 0 && t.b[i-1] == '<' {
		return true
	}
	return t.hasFold(i-6, `\u003c`) || t.hasPrefix(i-4, "&lt;") || t.hasFold(i-9, `\u0026lt;`)
}

// colon tells what a colon between name and value means.
func (t *text) colon(p *pairing, gap bool) link {
	quoted := t.singleQuote(p.at) > 0 || t.quoteAt(p.at) > 0
	before := t.before(t.annotation(p))
	switch {
	case before == '/' && quoted && (p.single || bytes.Contains(t.b[p.from:p.to], []byte("stringData."))), gap && t.identifier(p):
		return assigned // where in a document a value is, as in '/auth/password': 'x' is too short
	case before == '/', t.pointsTo(p, gap): // a path, as in the object Secret/apps/my-token: configured
		return apart
	case gap && (t.isValue(p.name) || t.typeOf(p)):
		return told
	case p.quote > 0 || !gap || quoted && (p.single || bytes.IndexByte(t.b[p.from:p.to], '.') >= 0) || t.inList(p.from):
		return assigned
	case t.startsLine(p) && !t.message(p.at, t.lineEnd(p.at)):
		p.line = true
		return assigned
	}
	return told
}

// pointsTo reports whether what follows the colon behind p is no value: the rest of an ARN, what is
// said of a field, or what Kubernetes calls a key that a Secret does not have.
func (t *text) pointsTo(p *pairing, gap bool) bool {
	const missing = "non-existent secret "
	return t.hasPrefix(p.from-1, ":") && t.about(p.from, "arn:aws") || t.hasPrefix(p.from-len(missing), missing) ||
		gap && t.hasPrefix(p.to, "]") && t.message(p.at, t.lineEnd(p.at))
}

// annotation makes the name of p that of an annotation if its domain and a slash stand before it,
// as in vault.example/token, and returns where the name starts.
func (t *text) annotation(p *pairing) int {
	if p.from == 0 || t.b[p.from-1] != '/' {
		return p.from
	}
	from, _ := t.nameAround(p.from-1, p.from-1)
	if t.before(from) != '/' && bytes.IndexByte(t.b[from:p.from], '.') > 0 {
		p.from = from
	}
	return p.from
}

// identifier reports whether the name of p is no word of a sentence but a variable or a header,
// and a single word follows that does not say what is wrong with it: X-Auth-Token: swordfish.
func (t *text) identifier(p *pairing) bool {
	if p.means < token || t.before(p.from) == '/' {
		return false
	}
	marks, capitals := 0, 0
	for _, c := range t.b[p.from:p.to] {
		switch {
		case c == '_':
			marks, capitals = marks+1, capitals+1
		case c == '-':
			marks++
		case class[c] == upper:
			capitals++
		}
	}
	if t.hasFold(p.from, "x-") {
		capitals++
	} else if t.camel(p.from, p.to) {
		marks++
	}
	s := t.trim(p.at, t.wordEnd(p.at))
	value := t.shown(s)
	return marks > 0 && capitals > 0 && len(value) > 3 && !predicate(value) && !t.message(s.from, s.to) && (t.lastOfLine(s.to) || t.judged(s.to))
}

// typeOf reports whether p is a type of credentials that says something of itself, as Azure's do:
// EnvironmentCredential: missing environment variable AZURE_TENANT_ID.
func (t *text) typeOf(p *pairing) bool {
	return p.credentials && class[t.b[p.from]] == upper && t.camel(p.from, p.to) && t.hasPrefix(t.wordEnd(p.at), " ")
}

// lastOfLine reports whether at i a line ends, or what stands around the last word of a sentence.
func (t *text) lastOfLine(i int) bool {
	if i >= len(t.b) || t.newline(i) > 0 {
		return true
	}
	c, _ := t.char(i)
	return c == ':' || c == '"' || c == '\'' || c == '`' || c == ','
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
	from := p.from
	if from > 0 && (p.single && t.b[from-1] == '\'') {
		from--
	}
	i := from - t.indentation(from)
	switch {
	case i == 0 || t.b[i-1] == '"', t.before(from) == ':':
		return t.newline(t.lineEnd(p.at)) > 0
	case t.b[i-1] == '\n' || t.b[i-1] == '\r':
		return true
	}
	return (t.b[i-1] == 'n' || t.b[i-1] == 'r') && i > 1 && t.b[i-2] == '\\'
}

var messages = []string{
	"required value", "invalid value", "unsupported value", "duplicate value", "forbidden", "invalid type", "must ", "is required",
	"is not", "does not", "cannot ", "not found", "expected ", "too long", "authentication failed", "permission denied",
}

// flagWords are what a sentence about a flag goes on with.
var flagWords = []string{
	"flag", "is", "must", "and", "or", "option", "argument", "parameter", "cannot", "not", "has", "was", "in", "to", "for", "requires",
	"required", "with", "can", "should", "as", "from", "if", "are", "were", "given", "missing", "instead", "via", "on", "flags", "needs",
}

// verbs stand between a name and its value, longer ones first.
var verbs = []string{
	"has the literal value", "contains the value", "has literal value", "was changed from", "holds the value",
	"with the value", "has the value", "changed from", "overridden with", "replaced with", "resolved to", "resolves to", "evaluated to", "evaluates to", "rendered as", "decoded to",
	"starts with", "begins with", "ends with", "rotated from", "rejected value", "(currently", "changed to", "reset to", "rotated to", "updated to", "was set to", "with value",
	"has value", "is set to", "provided", "value is", "differs", "lautete", "equals", "lautet", "set to", "being", "to be",
	"était", "(now", "(was", "were", "are", "era", "est", "ist", "war", "was", "es", "is", "è",
}

var predicates = []string{
	"wrong", "invalid", "incorrect", "missing", "empty", "weak", "unset", "correct", "valid", "unknown", "null", "stored", "from", "only",
	"never", "always", "already", "still", "also", "different", "same", "given", "present", "absent", "hidden", "about", "unauthorized",
	"forbidden", "what", "that", "this", "here", "there", "with", "without", "within", "more", "less", "longer", "shorter", "short", "long",
	"stale", "secret", "default", "plaintext", "plain", "encoded", "base64", "likely", "probably", "possibly", "when", "where", "which",
	"then", "than", "needed", "ready", "last", "over", "under", "your", "mandatory", "optional", "blank", "falsch", "leer", "ungültig", "abgelaufen",
	"authentication", "timeout", "policy", "reset", "prompt",
	"file", "field", "manager", "store", "rotation", "expiry", "length", "login", "auth", "incorrecta", "incorrecto", "inválida", "obligatorio",
	"incorrect", "invalide", "expiré", "faux", "requis", "nicht", "kein", "user",
}
