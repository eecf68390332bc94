package redact

import (
	"bytes"
	"slices"
)

// message reports whether the text from i to end is what is said of a field, and not the
// field's value: what validation writes, or an error that wraps another.
func (t *text) message(i, end int) bool {
	return slices.ContainsFunc(messages, func(m string) bool { return t.hasFold(i, m) }) || bytes.Contains(t.b[i:max(i, end)], []byte(": "))
}

// sentence finds the value of a name that only a space follows.
func (t *text) sentence(p *pairing) {
	if at := t.verb(p.at); at > 0 {
		p.at, p.link = at, stated
		return
	}
	p.link = beside
	if p.means == password && t.besideUser(p.from) {
		p.link = stated
		return
	}
	for _, w := range []string{"of ", "to ", "as "} {
		if at := p.at + len(w); t.hasPrefix(p.at, w) && odd(t.b[at:t.wordEnd(at)]) {
			p.at = at
			return
		}
	}
	if at := t.afterOwner(p.at); at > 0 {
		p.at, p.link = at, told
		return
	}
	if t.hasPrefix(p.at, "value ") {
		p.at, p.link = t.skipSpace(p.at+len("value ")), told
		return
	}
	if p.means == password && (t.about(p.from, "machine ") || t.about(p.from, "default ")) && t.about(p.from, "login ") { // a line of .netrc
		p.link = assigned
		return
	}
	if p.means == password && t.variable(p) {
		p.link = assigned
		return
	}
	if p.from > 0 && t.b[p.from-1] == '-' || bytes.HasPrefix(t.b[p.from:p.to], []byte("-")) { // a flag of a command
		word := t.b[p.at:t.wordEnd(p.at)]
		if !bytes.HasPrefix(word, []byte("-")) && !slices.Contains(flagWords, string(word)) {
			p.link = assigned
		}
	}
}

// variable reports whether the name of p is one of a variable of the environment, after which one
// word stands alone.
func (t *text) variable(p *pairing) bool {
	named := *p
	named.sep = '='
	s := t.trim(p.at, t.wordEnd(p.at))
	value := t.b[s.from:s.to]
	return t.environment(named) && len(value) > 3 && !predicate(value) && (t.lastOfLine(s.to) || t.hasPrefix(s.to, " / "))
}

// besideUser reports whether the name at i comes after a user and "and": username joe and password.
func (t *text) besideUser(i int) bool {
	for _, w := range []string{"and ", "with ", "using ", "/ ", "& ", "und ", "y ", "et "} {
		if !t.hasPrefix(i-len(w), w) || i-len(w) < 2 {
			continue
		}
		to := i - len(w) - 1
		from := to
		for from > 0 && to-from < maxBefore && !endsURL(t.b[from-1]) {
			from--
		}
		t.steps += to - from
		return from > 0 && from < to && isOneOf(t.wordBefore(from), userWords)
	}
	return false
}

// userWords stand before the name of a user.
var userWords = []string{"user", "username", "login", "as", "account", "principal", "name", "benutzer", "usuario", "utilisateur"}

// afterOwner returns where the value starts after the words at i that say whose it is and a colon:
// for user joe: VALUE, or 0.
func (t *text) afterOwner(i int) int {
	if !t.hasPrefix(i, "for ") && !t.hasPrefix(i, "of ") && !t.hasPrefix(i, "für ") {
		return 0
	}
	from, spaces := i, 0
	for i < len(t.b) && i-from < maxBefore && spaces < 5 && t.newline(i) == 0 {
		if t.b[i] == ' ' {
			if spaces++; t.b[i-1] == ':' || t.hasPrefix(i-len(" is"), " is") {
				t.steps += i - from
				return i + 1
			}
		}
		i++
	}
	t.steps += i - from
	return 0
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

// judge returns the value of p if it is a secret, by what the name tells, how the two
// are joined and what the value looks like.
func (t *text) judge(p pairing, s span) span {
	value := t.b[s.from:s.to]
	if s.from >= s.to || constant(value) || p.sep == ':' && !s.quoted && s.from > p.to+1 && nextField(value) {
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

// nextField reports whether value is the name of the field after one that is empty, as Go prints
// structures: CAFile:[].
func nextField(value []byte) bool {
	k := bytes.IndexByte(value, ':')
	if k < 1 || class[value[0]] != upper || k+1 < len(value) && bytes.IndexByte([]byte("[{<"), value[k+1]) < 0 {
		return false
	}
	w := look(value[:k])
	return w.letters() == k
}

// open reports whether the value of p is a secret even if it does not look like one.
func (t *text) open(p pairing, s span, value []byte, w *parts) bool {
	switch {
	case p.link >= told && s.sure:
		return true
	case t.plainlyTold(p, s, value):
		return true
	case p.link == assigned && p.means == token:
		return (!w.nameLike() || t.environment(p)) && !t.counts(p, value)
	case p.link == assigned && p.means == object: // one word with a digit is no name, unless p refers to an object
		return !w.plain() || !p.refers && w.digits > 0 && w.symbols == 0
	case p.means != password:
		return false
	case p.link == stated:
		return s.quoted || !predicate(value)
	}
	return p.link == assigned || s.quoted && bytes.IndexByte(value, ' ') < 0 || odd(value) || t.lonely(p, s, value, w)
}

// lonely reports whether the value of a password in a sentence is one word with a digit, or one
// that ends its line: that the sentence says no more than the password.
func (t *text) lonely(p pairing, s span, value []byte, w *parts) bool {
	if w.size < 5 || w.letters() == 0 || isOneOf(value, oddTerms) || digest(value) {
		return false
	}
	if w.digits > 0 && value[0] != '/' {
		return true
	}
	return p.link == told && w.lowers > 0 && !predicate(value) && (s.to == len(t.b) || t.newline(s.to) > 0 || t.quoteAt(s.to) > 0 || t.b[s.to] == ',')
}

// plainlyTold reports whether a sentence tells the value without doubt: the shared secret
// "swordfish", or a value in base64 that is a text.
func (t *text) plainlyTold(p pairing, s span, value []byte) bool {
	if p.link == beside || p.link == stated && !predicate(value) {
		return p.means == token && s.quoted && bytes.IndexByte(value, ' ') < 0 &&
			(p.kind == "secret" || p.kind == "token" && slices.Contains(tokenWords, string(t.wordBefore(p.from))))
	}
	return p.means >= object && len(value) >= 12 && base64Text(value)
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
	case (p.kind == "authorization" || p.means == object && p.credentials) && (p.link == beside || p.quote == 0) && namedPassword(value):
		return true
	case digest(value), p.means == uncertain && p.link == beside:
		return false
	case p.means == uncertain && p.link == told:
		return w.size >= 12 && w.random() || hexadecimal(value, 32)
	case p.means == uncertain && userAndPassword(value):
		return true
	}
	return w.random() || hexadecimal(value, 16)
}

// namedPassword reports whether value is user:password, and the latter looks like one.
func namedPassword(value []byte) bool {
	k := bytes.IndexByte(value, ':')
	return k > 0 && !isPort(value[k+1:]) && !bytes.HasPrefix(value[k:], []byte("://")) && odd(value[k+1:])
}

// userBefore reports whether a user was named shortly before p, and what follows is no message:
// user: joe, password: swordfish.
func (t *text) userBefore(p *pairing) bool {
	s := t.trim(p.at, t.wordEnd(p.at))
	return s.from < s.to && t.about(p.from, "user: ", "username: ", "login: ", "user=", "username=", "login=") &&
		!t.message(s.from, s.to) && !predicate(t.b[s.from:s.to])
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
