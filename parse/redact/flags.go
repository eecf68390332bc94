package redact

import "bytes"

// argument returns the word or the quoted text at or after i.
func (t *text) argument(i int) span {
	i = t.skipSpace(i)
	if s, ok := t.quoted(pairing{}, i); ok {
		return s
	}
	return t.trim(i, t.wordEnd(i))
}

// firstArgument is argument for one after which another one is looked at: it ends at a space, and
// is no longer than a name.
func (t *text) firstArgument(i int) span {
	i = t.skipSpace(i)
	if s, ok := t.quoted(pairing{}, i); ok {
		return s
	}
	to := i
	for to < len(t.b) && to-i < maxBefore && !endsURL(t.b[to]) && t.b[to] != '\\' {
		to++
	}
	t.steps += to - i
	return t.trim(i, to)
}

// sqlPassword finds the password that SQL is given: IDENTIFIED BY '...'.
func sqlPassword(t *text, _, end int) span { return t.argument(end) }

// secondArgument finds the password that a function gets after the user: auth("user", "...").
func secondArgument(t *text, _, end int) span {
	first, ok := t.quoted(pairing{}, end)
	if !ok || first.to-first.from > maxBefore {
		return span{}
	}
	i := first.to
	i = t.skipSpace(i + max(t.quoteAt(i), t.singleQuote(i)))
	if i >= len(t.b) || t.b[i] != ',' {
		return span{}
	}
	s, _ := t.quoted(pairing{}, t.skipSpace(i+1))
	return s
}

// directive finds the password that follows the word of a command or of a configuration file.
func directive(t *text, _, end int) span {
	s := t.argument(end)
	value := t.shown(s)
	if len(value) < 4 || !odd(value) && predicate(value) || constant(value) {
		return span{}
	}
	return s
}

// redisUser finds the password in a rule for a user of Redis: user app on >PASSWORD ~* +@all.
func redisUser(t *text, at, end int) span {
	if !t.about(at, "user ") || t.hasPrefix(end, "=") {
		return span{}
	}
	return directive(t, at, end)
}

// attachedPassword finds the password that the clients of MySQL take together with its
// flag: -pPASSWORD.
func attachedPassword(t *text, at, end int) span {
	window := t.b[end-1 : max(end, min(t.lineEnd(at), end+2*maxBefore))]
	t.steps += len(window)
	k := bytes.Index(window, []byte(" -p"))
	if k < 0 {
		k = bytes.Index(window, []byte(`"-p`)) // a list of arguments
	}
	if k < 0 {
		return span{}
	}
	from := end - 1 + k + len(" -p")
	if from >= len(t.b) || !alnum(t.b[from]) {
		return span{}
	}
	return t.trim(from, t.wordEnd(from))
}

// userFlag finds user:password after the flag of curl and others.
func userFlag(t *text, _, end int) span {
	s := t.argument(end)
	if k := bytes.IndexByte(t.b[s.from:min(len(t.b), s.to+1, s.from+maxQuoted)], ','); k > 0 && t.about(end, "lftp ") { // user,password
		return t.trim(s.from+k+1, t.wordEnd(s.from+k+1))
	}
	value := t.shown(s)
	k := bytes.IndexByte(value, ':')
	if k < 0 && t.hasPrefix(end-2, "U ") { // of Samba
		k = bytes.IndexByte(value, '%')
	}
	if k < 0 || k == len(value)-1 || bytes.HasPrefix(value[k:], []byte("://")) || isPort(value[k+1:]) || isPort(value[:k]) {
		return span{}
	}
	if t.common(value[:k]) && t.about(end, "map[") { // map[name:db-creds key:password]
		return span{}
	}
	return span{from: s.from, to: s.to}
}

// passwordFlag finds the password after -p, if it looks like one.
func passwordFlag(t *text, at, end int) span {
	s := span{}
	if t.b[at] != ' ' { // a flag in quotes, in a list
		s = t.nextInList(end - 1)
	} else if t.b[end-1] != ' ' {
		s = t.argument(end - 1)
	} else {
		s = t.argument(end)
	}
	value := t.shown(s)
	if !odd(value) && !(t.about(at, "login", "mysql", "sshpass", "psql", "redis", "ldap", "mongo", "auth") && len(value) > 3 && !numeral(value)) {
		return span{}
	}
	if bytes.IndexByte(value, '/') == 0 || bytes.HasPrefix(value, []byte("-")) {
		return span{}
	}
	return span{from: s.from, to: s.to}
}

// nextInList finds the text in quotes after the one whose closing quote is at i, in a list.
func (t *text) nextInList(i int) span {
	quote := t.quoteAt(i)
	i += max(quote, t.singleQuote(i))
	if t.hasPrefix(i, ",") {
		i++
	}
	i = t.skipSpace(i)
	if s, ok := t.quoted(pairing{name: name{quote: quote}}, i); ok {
		return s
	}
	return t.trim(i, t.wordEnd(i))
}
