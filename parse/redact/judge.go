package redact

import (
	"bytes"
	"slices"
)

// message reports whether the text from i to end is what is said of a field, and not the
// field's value: what validation writes, or an error that wraps another.
func (t *text) message(i, end int) bool {
	return slices.ContainsFunc(messages, func(m string) bool { return t.hasFold(i, m) }) || bytes.Contains(t.b[i:min(max(i, end), i+maxQuoted)], []byte(": "))
}

// judge returns the value of p if it is a secret, by what the name tells, how the two
// are joined and what the value looks like.
func (t *text) judge(p pairing, s span) span {
	value := t.shown(s)
	if s.from >= s.to || constant(value) || p.link == beside && p.means == token && t.keyName(p, s, value) {
		return span{}
	}
	if !s.quoted && s.from > p.to && t.b[s.from-1] == ' ' && t.nextPair(p, s, value) {
		return span{}
	}
	if (p.link == told && s.quoted || p.line) && t.spokenOf(value) || p.link < assigned && (digest(value) || version(value)) {
		return span{}
	}
	t.steps += min(len(value), maxLook) + len(value)/8
	w := parse(value)
	if s.kind == "" {
		s.kind = p.kind
	}
	if t.open(p, s, value, &w) || looksSecret(p, value, &w) {
		return s
	}
	return span{}
}

// version reports whether value is a version as tags have them: v1.2.3.
func version(value []byte) bool {
	return value[0] == 'v' && bytes.IndexByte(value, '.') > 0 && len(bytes.Trim(value[1:], ".0123456789")) == 0
}

// spokenOf reports whether value is a sentence: a word that such have comes first, a point last.
func (t *text) spokenOf(value []byte) bool {
	first, _, more := bytes.Cut(value, []byte(" "))
	return more && class[value[0]] == upper && value[len(value)-1] == '.' && t.common(first)
}

// keyName reports whether s is the name of a key that is missing or the like, or the fingerprint or
// the number of one.
func (t *text) keyName(p pairing, s span, value []byte) bool {
	if s.quoted && plain(value) {
		end := s.to + max(t.quoteAt(s.to), t.singleQuote(s.to))
		for _, said := range []string{" not found", " is missing", " missing", " does not exist"} {
			if t.hasPrefix(end, said) {
				return true
			}
		}
	}
	id := bytes.TrimPrefix(value, []byte("0x"))
	known := len(id) == 40 || len(id) == 16 && t.about(p.to, "gpg", "pgp", "rsa key")
	return t.vocab.terms[string(value)].means != harmless || known && look(id).lowers == 0 && hexadecimal(id, 16)
}

// shown returns the beginning of a value by which it is told what it is.
func (t *text) shown(s span) []byte { return t.b[s.from:min(s.to, s.from+maxQuoted)] }

// open reports whether the value of p is a secret even if it does not look like one.
func (t *text) open(p pairing, s span, value []byte, w *parts) bool {
	switch {
	case p.link != apart && s.sure, p.link == told && p.means >= token && t.changes(s):
		return true
	case t.plainlyTold(p, s, value), t.signsWith(p, s, value), p.kind == "signature" && t.inQuery(p) && w.size >= 16:
		return true
	case p.kind == "authorization":
		return t.openPair(p, value)
	case p.means == token:
		return t.openToken(p, s, value, w)
	case p.means == object:
		return t.openObject(p, s, value, w)
	}
	return p.means == password && t.openPassword(p, s, value, w)
}

// openPair is open for a user and a password: basic auth flux:letmein, NEO4J_AUTH=neo4j/letmein,
// or a password alone: REDIS_AUTH=let#me#in.
func (t *text) openPair(p pairing, value []byte) bool {
	k := bytes.IndexByte(value, ':')
	if p.link == assigned && t.environment(p) && odd(value) {
		return true
	}
	return p.sep == '=' && bytes.HasPrefix(value, []byte("neo4j/")) || k > 0 && t.hasFold(p.from-len("basic "), "basic") && (t.foreign(value[k+1:]) || t.wordsOf(value[k+1:]) > 2)
}

// changes reports whether an arrow to what came instead follows s.
func (t *text) changes(s span) bool {
	i := s.to + max(t.quoteAt(s.to), t.singleQuote(s.to))
	return t.hasPrefix(i, " -> ") || t.hasPrefix(i, " => ") || t.hasPrefix(i, ` -\u003e `) || t.hasPrefix(i, " → ")
}

// openObject is open for a secret, or the name of an object that has it. One word with a digit is
// no name, unless p refers to an object, nor is what has capitals and a digit.
func (t *text) openObject(p pairing, s span, value []byte, w *parts) bool {
	if p.link != assigned {
		return p.link == stated && s.quoted && diceware(value)
	}
	return t.inQuery(p) || !w.plain() || !p.refers && w.digits > 0 && (w.symbols == 0 || w.uppers > 0 && w.lowers > 0)
}

// inQuery reports whether p is a parameter of a URL.
func (t *text) inQuery(p pairing) bool {
	return p.from > 0 && (t.b[p.from-1] == '?' || t.b[p.from-1] == '&' || t.hasPrefix(p.from-len(`\u0026`), `\u0026`))
}

// openPassword is open for what a person may have made.
func (t *text) openPassword(p pairing, s span, value []byte, w *parts) bool {
	if p.link == stated {
		return s.quoted || !predicate(value)
	}
	return p.link == assigned || s.quoted && bytes.IndexByte(value, ' ') < 0 || odd(value) && !predicate(value) || t.lonely(p, s, value, w) ||
		t.chosen(p, s, value)
}

// chosen reports whether the value of a password in a sentence is a word that somebody chose: one
// that is not the sentence's own, with which it ends or of which it goes on to say something.
func (t *text) chosen(p pairing, s span, value []byte) bool {
	if t.wordsOf(value) > 2 {
		return true
	}
	if !t.foreign(value) || p.link == beside && t.before(p.from) == '/' { // the name of an object
		return false
	}
	return p.link == beside || t.lastOfLine(s.to) || t.hasPrefix(s.to, " (") ||
		t.hasPrefix(s.to, " ") && (t.verb(s.to+1) > 0 || t.hasPrefix(t.nameEnd(s.to+1), ": "))
}

// openToken is open for what a machine made.
func (t *text) openToken(p pairing, s span, value []byte, w *parts) bool {
	switch p.link {
	case assigned:
		named := w.nameLike() && (w.letters() > 0 || w.digits < 10) && (w.digits == 0 || bytes.ContainsAny(value, "/."))
		return (!named || t.environment(p) || t.holds(p, value)) && !t.counts(p, value)
	case beside:
		open := p.kind == "secret" || t.environment(p) || w.symbols == 0 && t.judged(s.to)
		return numbered(value) || p.kind == "token" && diceware(value) || open && odd(value) && w.digits > 0
	case told:
		return t.toldToken(p, s, value, w)
	}
	return p.link == stated && numbered(value)
}

// toldToken is openToken for a value after a colon in a sentence.
func (t *text) toldToken(p pairing, s span, value []byte, w *parts) bool {
	switch {
	case numbered(value), t.hasFold(p.from, "x-") && odd(value) && w.digits > 0:
		return true
	case s.quoted && t.spelledOut(p):
		return bytes.IndexByte(value, ' ') < 0
	}
	return (p.kind == "secret" || bytes.Contains(value, []byte("secret"))) && t.lonely(p, s, value, w)
}

// numbered reports whether value is a word with a number behind it, as people choose for passwords:
// hunter22. Terms are no such words.
func numbered(value []byte) bool {
	s := look(value)
	if s.size >= 8 && s.digits == s.size {
		return true
	}
	return s.size >= 6 && s.symbols == 0 && s.tail >= 2 && s.digits == s.tail && !isOneOf(value, oddTerms)
}

// holds reports whether the name of p is one of what holds the secret itself, and not of what
// refers to it: a name in quotes or of several words, or of a secret that no object is called by.
func (t *text) holds(p pairing, value []byte) bool {
	if bytes.IndexByte(value, '/') >= 0 || bytes.IndexByte(value, '.') >= 0 && look(value).digits == 0 || p.at > 0 && t.b[p.at-1] == '(' {
		return false
	}
	return p.quote > 0 || p.single || t.inQuery(p) || p.kind == "secret" || t.spelledOut(p) || bytes.Contains(value, []byte("secret"))
}

// spelledOut reports whether the name of p has several words, as one of a variable or a field.
func (t *text) spelledOut(p pairing) bool {
	return bytes.ContainsAny(t.b[p.from:p.to], "-_") || t.camel(p.from, p.to)
}

// camel reports whether a name has a capital after a small letter.
func (t *text) camel(from, to int) bool {
	for i := from + 1; i < to; i++ {
		if class[t.b[i]] == upper && class[t.b[i-1]] == lower {
			return true
		}
	}
	return false
}

// lonely reports whether the value of a password in a sentence is one word with a digit, or one
// that ends its line: that the sentence says no more than the password.
func (t *text) lonely(p pairing, s span, value []byte, w *parts) bool {
	if w.size < 5 || w.letters() == 0 && (w.digits < 6 || w.symbols > 0) || isOneOf(value, oddTerms) || digest(value) {
		return false
	}
	if w.digits > 0 && value[0] != '/' && p.means == password {
		return true
	}
	return p.link == told && w.lowers > 0 && !predicate(value) && (s.to == len(t.b) || t.newline(s.to) > 0 || t.quoteAt(s.to) > 0 || t.b[s.to] == ',')
}

// plainlyTold reports whether a sentence tells the value without doubt: the shared secret
// "swordfish", or a value in base64 that is a text.
func (t *text) plainlyTold(p pairing, s span, value []byte) bool {
	if p.means >= token && (serial(value) || p.link == beside && t.subject(p, s)) {
		return true
	}
	if p.link == beside || p.link == stated && !predicate(value) {
		return p.means == token && s.quoted && bytes.IndexByte(value, ' ') < 0 &&
			(p.kind != "token" || t.spelledOut(p) || slices.Contains(tokenWords, string(t.wordBefore(p.from))))
	}
	return p.means >= object && len(value) >= 12 && base64Text(bytes.TrimLeft(value, "+-"))
}

// signsWith reports whether the value is the key or the secret that an error about a signature
// tells, in quotes or last.
func (t *text) signsWith(p pairing, s span, value []byte) bool {
	last := t.lastOfLine(s.to) && t.foreign(value)
	switch {
	case p.means == object && (p.link == told || p.link == beside && t.lastOfLine(s.to)):
		return (last || odd(value) || diceware(value)) && t.about(p.from, "hmac", "signature", "sha256=")
	case p.means != uncertain || p.link != beside || !t.hasFold(p.from, "key"):
		return false
	}
	return (last || s.quoted && !bytes.ContainsAny(value, " ./:")) && t.about(p.from, "hmac") || (len(value) == 32 || len(value) == 64) && hexadecimal(value, 32)
}

// tokenWords stand before a token that is one of no grammar.
var tokenWords = []string{"receiver", "webhook", "access", "auth", "api", "bearer", "refresh", "bot", "personal", "deploy", "provider", "runner", "join"}

// environment reports whether the name is one of a variable of the environment, JWT_SECRET, which
// has the value itself and not the name of an object that has it.
func (t *text) environment(p pairing) bool {
	marks := 0
	for _, c := range t.b[p.from:p.to] {
		if c == '_' {
			marks++
		} else if class[c] != upper && class[c] != digit {
			return false
		}
	}
	return marks > 0 && (p.sep == '=' || p.sep == 0)
}

// looksSecret reports whether the value alone looks like a secret, as values of doubtful
// names have to.
func looksSecret(p pairing, value []byte, w *parts) bool {
	switch {
	case p.kind == "pin":
		return (p.link != beside || w.digits >= 5) && numeral(value)
	case pairBeside(p, value):
		return true
	case p.means == uncertain:
		return uncertainSecret(p, value, w)
	}
	return !digest(value) && (w.random() || hexadecimal(value, 16))
}

// uncertainSecret is looksSecret for a doubtful name.
func uncertainSecret(p pairing, value []byte, w *parts) bool {
	switch {
	case p.kind == "signature" && p.link == beside:
		return hexadecimal(value[bytes.IndexByte(value, '=')+1:], 32)
	case digest(value), p.link == beside:
		return false
	case p.link == told:
		return w.size >= 12 && w.random() || hexadecimal(value, 32)
	case p.kind == "secret" && p.link == assigned && len(value) > 5 && numeral(value), serial(value): // a salt, a license
		return true
	}
	return userAndPassword(value) || w.random() || hexadecimal(value, 16)
}

// pairBeside reports whether value is a user and a password beside a name that tells of both.
func pairBeside(p pairing, value []byte) bool {
	if p.kind != "authorization" && !p.credentials || p.link != beside && p.quote > 0 {
		return false
	}
	return namedPassword(value) || (p.credentials || p.link == assigned) && userAndCode(value)
}

// userAndCode reports whether value is a user and, after a colon, words with a number.
func userAndCode(value []byte) bool {
	k := bytes.IndexByte(value, ':')
	return k > 0 && !bytes.ContainsAny(value, "/.=@") && look(value[k+1:]).digits > 0 && look(value[k+1:]).lowers > 3
}

// namedPassword reports whether value is user:password, and the latter looks like one.
func namedPassword(value []byte) bool {
	k := bytes.IndexByte(value, ':')
	return k > 0 && !isPort(value[k+1:]) && !bytes.HasPrefix(value[k:], []byte("://")) && odd(value[k+1:])
}

// counts reports whether value is a number of tokens and no token.
func (t *text) counts(p pairing, value []byte) bool {
	return len(value) < 7 && numeral(value) && p.to > p.from && t.b[p.to-1]|fold == 's'
}

// predicate reports whether word is what a sentence may say of a password that it does
// not tell: "wrong", "required", "not", "too".
func predicate(word []byte) bool {
	word = bytes.TrimRight(word, "!.")
	if isOneOf(word, predicates) {
		return true
	}
	s := look(word)
	if s.digits > 0 || s.symbols > 0 || s.uppers > 0 && s.uppers < s.size && s.turns > 0 {
		return false
	}
	for _, end := range []string{"ed", "ing", "able", "ible", "ary", "ent", "ant", "ory", "ive"} {
		if bytes.HasSuffix(word, []byte(end)) {
			return true
		}
	}
	return len(word) < 4
}
