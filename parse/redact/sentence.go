package redact

import (
	"bytes"
	"slices"
)

// sentence finds the value of a name that only a space follows.
func (t *text) sentence(p *pairing) {
	if at := t.verb(p.at); at > 0 {
		p.at, p.link = at, stated
		t.afterVerdict(p)
		return
	}
	p.link = beside
	t.afterUser(p)
	if p.means == password {
		t.passwordBeside(p)
	}
	if p.link != beside {
		return
	}
	for _, w := range []string{"of ", "to ", "as "} {
		if at := p.at + len(w); t.hasPrefix(p.at, w) && t.chosenWord(t.trim(at, t.wordEnd(at))) {
			p.at = at
			return
		}
	}
	if at := p.at + len("from "); t.hasPrefix(p.at, "from ") && t.hasPrefix(t.wordEnd(at), " to ") && odd(t.b[at:t.wordEnd(at)]) {
		p.at = at
		return
	}
	if at := t.afterOwner(p.at); at > 0 {
		p.at, p.link = at, told
		if t.hasPrefix(at-len(" is "), " is ") {
			p.link = stated
		}
		return
	}
	for _, w := range []string{"value ", "value: "} {
		if t.hasPrefix(p.at, w) {
			p.at, p.link = t.skipSpace(p.at+len(w)), told
			return
		}
	}
	if t.inStructure(p) {
		p.link = assigned
	}
	if p.from > 0 && t.b[p.from-1] == '-' || bytes.HasPrefix(t.b[p.from:p.to], []byte("-")) { // a flag of a command
		word := t.b[p.at:t.wordEnd(p.at)]
		if !bytes.HasPrefix(word, []byte("-")) && !slices.Contains(flagWords, string(word)) {
			p.link = assigned
		}
	}
}

// afterUser goes on behind a user and a slash: basic auth flux / VALUE, basic auth (flux/VALUE).
func (t *text) afterUser(p *pairing) {
	at := t.wordEnd(p.at)
	if (p.credentials || p.kind == "authorization") && t.hasPrefix(at, " / ") {
		p.at, p.term = at+len(" / "), term{means: password, kind: "password"}
	} else if k := bytes.IndexByte(t.b[p.at:at], '/'); k > 1 && p.kind == "authorization" && t.b[p.at] == '(' && t.hasPrefix(t.trim(p.at, at).to, ")") {
		p.at, p.term, p.link = p.at+k+1, term{means: password, kind: "password"}, told
	}
}

// inStructure reports whether p is the name of a variable in a structure that Go has printed:
// {DB_PASSWORD VALUE nil}.
func (t *text) inStructure(p *pairing) bool {
	return t.before(p.from) == '{' && !t.hasPrefix(p.from-len("${"), "${") && t.environment(*p)
}

// passwordBeside is sentence for a password that is named with its user, or in a line of a file, or
// after what is wrong with it.
func (t *text) passwordBeside(p *pairing) {
	switch t.afterVerdict(p); {
	case p.link == told:
	case t.about(p.from, "machine ", "default ") && t.about(p.from, "login "): // a line of .netrc
		p.link = assigned
	}
}

// afterVerdict goes on behind what a sentence says of a secret before a colon: is wrong: VALUE.
func (t *text) afterVerdict(p *pairing) {
	word := t.b[p.at:t.wordEnd(p.at)]
	end := p.at + len(word)
	word, colon := bytes.CutSuffix(word, []byte(":"))
	if !colon && t.hasPrefix(end, " : ") { // in French
		end, colon = end+len(" :"), true
	}
	if colon && len(word) > 3 && predicate(word) && t.hasPrefix(end, " ") {
		p.at, p.link = end+1, told
	}
}

// userWords stand before the name of a user.
var userWords = []string{"user", "username", "login", "as", "account", "principal", "name", "benutzer", "usuario", "utilisateur"}

// afterOwner returns where the value starts after the words at i that say whose it is and a colon:
// for user joe: VALUE, or 0.
func (t *text) afterOwner(i int) int {
	if !t.hasFold(i, "for ") && !t.hasPrefix(i, "of ") && !t.hasPrefix(i, "für ") {
		return 0
	}
	from, spaces := i, 0
	for i < len(t.b) && i-from < maxBefore && spaces < 5 && t.newline(i) == 0 {
		if t.b[i] == ' ' {
			if spaces++; t.b[i-1] == ':' || t.hasPrefix(i-len(" is"), " is") || t.hasPrefix(i-len(" ="), " =") {
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

// subject reports whether the word at s stands beside a name as the secret of which the sentence
// says something: shared secret swordfish is wrong.
func (t *text) subject(p pairing, s span) bool {
	if p.means == token && p.kind != "secret" && string(t.wordBefore(p.from)) != "secret" && !t.hasFold(p.from, "x-") {
		return false
	}
	value := t.shown(s)
	w := look(value)
	if w.size < 4 || w.lowers == 0 || predicate(value) || t.common(value) {
		return false
	}
	return t.judged(s.to)
}

// judged reports whether the sentence goes on at i with what it says of the word before.
func (t *text) judged(i int) bool {
	next := i + 1
	return t.hasPrefix(i, " ") && slices.ContainsFunc(judgements, func(j string) bool {
		return t.hasPrefix(next, j) && (next+len(j) >= len(t.b) || !alnum(t.b[next+len(j)]))
	})
}

// judgements are what a sentence goes on with after the secret that it is about.
var judgements = []string{"is", "was", "did", "does", "has", "wrong", "invalid", "rejected", "denied", "expired", "incorrect", "mismatch", "refused", "not", "gives", "gave"}

// nouns are what a sentence says something of that has the name of a secret before it.
var nouns = []string{
	"key", "keys", "value", "file", "name", "data", "field", "token", "tokens", "secret", "secrets", "hash", "string", "header", "store",
	"manager", "provider", "endpoint", "server", "service", "request", "response", "length", "size", "format", "type", "user", "client",
	"auth", "login", "password", "credentials", "object", "path", "volume", "mount", "source", "backend", "cookie", "page", "flow",
	"grant", "scope", "audience", "issuer", "check", "input", "argument", "option", "flag", "sync", "here", "also", "that", "which",
	"there", "this", "reference", "policy", "review", "exchange", "refresh", "method", "ring", "pair", "usage",
	"cache", "vault", "change", "history", "db", "database", "element", "column", "attempt", "property", "parameter", "attribute", "entry",
	"record", "rule", "rules", "line", "part", "setting", "settings", "variable", "env", "annotation", "label", "ref", "status", "state",
}

// phrase returns the end of a line that at i is a passphrase of several plain words, or i.
func (t *text) phrase(i int) int {
	end, words := min(t.lineEnd(i), i+2*maxBefore+1), 0
	t.steps += end - i
	if k := bytes.IndexAny(t.b[i:end], "\"'\\,;:"); k >= 0 {
		end = i + k
	}
	if end-i > 2*maxBefore {
		return i
	}
	nounsFound := 0
	for _, word := range bytes.Split(t.b[i:end], []byte(" ")) {
		w := look(word)
		if w.size < 3 || w.lowers != w.size || isOneOf(word, plainWords) {
			return i
		}
		if isOneOf(word, nouns) {
			nounsFound++
		} else if predicate(word) && string(word) != "correct" {
			return i
		}
		words++
	}
	if nounsFound*3 > words { // a sentence about it
		return i
	}
	if t.steps += end - i; words < 4 {
		return i
	}
	return end
}

// plainWords stand in sentences and in no passphrase.
var plainWords = []string{"the", "for", "and", "not", "error", "failed", "cannot", "unable", "with", "from", "because", "was", "are", "could", "found", "such", "had", "will",
	"must", "should", "would", "may", "does", "did", "has"}

// serial reports whether value consists of three groups of capitals and digits or more, all of the
// same length, as licenses do.
func serial(value []byte) bool {
	groups := bytes.Split(value, []byte("-"))
	for _, g := range groups {
		w := look(g)
		if w.size < 4 || w.size != len(groups[0]) || w.uppers+w.digits != w.size {
			return false
		}
	}
	return len(groups) >= 3
}

// passwordish reports whether word has letters, a digit and marks that passwords have to have and
// names cannot.
func passwordish(word []byte) bool {
	w := look(word)
	if w.size < 6 || w.letters() == 0 || w.digits == 0 || bytes.IndexByte([]byte("$-%#@*"), word[0]) >= 0 || bytes.ContainsAny(word, "/:=.<>{}()[]\\,;\"'") {
		return false
	}
	marks := 0
	for _, mark := range []byte("!&?#$^*~@") {
		if bytes.IndexByte(word, mark) >= 0 {
			marks++
		}
	}
	return marks >= 2 || bytes.ContainsAny(word, "!&?") && word[len(word)-1] != '?'
}
