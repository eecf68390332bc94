package redact

import "bytes"

// newlineBefore reports whether i is the start of the text, or a line break, a quote or a colon
// stands before it: that a command of a protocol may start there.
func (t *text) newlineBefore(i int) bool {
	if i == 0 {
		return true
	}
	for n := 0; n < 8 && i > 1 && t.b[i-1] == ' ' && t.b[i-2] != ':' && t.b[i-2] != ';'; n++ {
		i--
	}
	switch t.b[i-1] {
	case '\n', '\r', '"', '\'', '`':
		return true
	case ' ':
		return i > 1 && (t.b[i-2] == ':' || t.b[i-2] == ';')
	case 'n', 'r':
		return i > 1 && t.b[i-2] == '\\'
	}
	return false
}

// authPlain finds what a client of mail answers when it is asked who it is.
func authPlain(t *text, _, end int) span {
	s := t.argument(end)
	if value := t.shown(s); len(value) < 8 || predicate(value) || t.b[s.from] == '\\' {
		return span{}
	}
	return s
}

// base64Text reports whether word is the base64 of a text.
func base64Text(word []byte) bool {
	if len(word) < 8 || len(word) > maxQuoted {
		return false
	}
	_, ok := decode(word)
	return ok
}

// imapLogin finds the second argument of the command LOGIN, which has a tag before it.
func imapLogin(t *text, at, end int) span {
	tag := at
	for tag > 0 && at-tag < 8 && alnum(t.b[tag-1]) {
		tag--
	}
	if !t.hasPrefix(at, " LOGIN ") || tag == at || class[t.b[at-1]] != digit {
		return span{}
	}
	user := t.firstArgument(end)
	if user.from == user.to {
		return span{}
	}
	i := user.to
	if user.quoted {
		i += max(t.quoteAt(i), t.singleQuote(i))
	}
	return t.argument(i)
}

// authCommand finds the arguments of Redis' command AUTH: a password, or a user and a password.
func authCommand(t *text, at, end int) span {
	if !t.hasPrefix(at, "AUTH ") || !t.newlineBefore(at) && !t.about(at, "hello 3") && !t.hasFold(at-len("redis "), "redis ") {
		return span{}
	}
	first := t.firstArgument(end)
	value := t.shown(first)
	if first.from == first.to || isOneOf(value, authWords) {
		return span{}
	}
	i := first.to
	if first.quoted {
		i += max(t.quoteAt(i), t.singleQuote(i))
	}
	if second := t.argument(i); second.from < second.to && second.from == i+1 && odd(t.b[second.from:second.to]) {
		return second
	}
	if !odd(value) && predicate(value) || placeholder(value) {
		return span{}
	}
	return first
}

// authWords may follow AUTH without being a user or a password.
var authWords = []string{"plain", "login", "cram-md5", "xoauth2", "failed", "is", "command", "called", "error"}

// digestAnswer finds what a client answers in HTTP's scheme Digest.
func digestAnswer(t *text, at, end int) span {
	s, ok := t.quoted(pairing{}, end)
	if !ok || !hexadecimal(t.b[s.from:s.to], 32) || !t.about(at, "nonce", "digest") {
		return span{}
	}
	return s
}

// pgpass finds the last of the five fields of a line of .pgpass: host:port:database:user:password.
func pgpass(t *text, at, _ int) span {
	from := at
	for from > t.done && at-from < maxBefore && !endsURL(t.b[from-1]) {
		from--
	}
	if t.steps += at - from; from < at && t.b[from] == '\\' {
		from++
	}
	to := t.wordEnd(from)
	fields, i := 0, from
	for ; i < to && i-from < maxQuoted && fields < 4; i++ {
		if t.b[i] == ':' && t.b[i-min(1, i)] != '\\' {
			fields++
		}
	}
	t.steps += i - from
	if fields < 4 || i >= to || bytes.Contains(t.b[from:i], []byte("//")) || bytes.IndexByte(t.b[from:i], '@') >= 0 {
		return span{}
	}
	return t.trim(i, to)
}

// loginArgument finds the password that a sentence names beside a user: login robot/..., login as
// robot with ....
func loginArgument(t *text, _, end int) span {
	i := end
	for n := 0; n < 6 && i < len(t.b) && i-end < maxBefore; n++ {
		s := t.trim(i, t.wordEnd(i))
		word, slash := t.b[s.from:s.to], false
		if k := bytes.LastIndexByte(word, '/'); k > 0 && bytes.IndexByte(word, ':') < 0 {
			s.from += k + 1
			word, slash = word[k+1:], true
		}
		if t.loginWord(i, word) || slash && numbered(word) {
			return s
		}
		if s.to >= len(t.b) || t.b[s.to] != ' ' {
			break
		}
		i = s.to + 1
	}
	return span{}
}

// loginWord reports whether word, of the argument that starts at i, is the password of a login.
func (t *text) loginWord(i int, word []byte) bool {
	w := look(word)
	switch {
	case passwordish(word), w.lowers > 0 && w.uppers > 0 && w.digits > 0 && w.symbols == 0 && random(word) && w.size < maxLook:
		return true
	case t.hasPrefix(i-len("with "), "with "):
		return odd(word) && w.digits > 0 && !bytes.ContainsAny(word, "/.:=") || t.foreign(word) && t.lastOfLine(i+len(word))
	}
	return namedPassword(word) && !bytes.ContainsAny(word, "/.=@[({&") && class[word[0]] == lower
}

// robotToken finds what stands behind the name of a robot, if it looks like a secret: robot:...,
// robot$name / ....
func robotToken(t *text, _, end int) span {
	if t.b[end-1] == '$' {
		end = t.nameEnd(end)
		for end < len(t.b) && bytes.IndexByte([]byte(" +/:,"), t.b[end]) >= 0 {
			if end++; t.b[end-1] == '+' {
				end = t.nameEnd(end)
			}
		}
	}
	s := t.trim(end, t.wordEnd(end))
	if k := bytes.IndexByte(t.shown(s), '@'); k >= 0 {
		s.to = s.from + k
	}
	if value := t.shown(s); len(value) < 10 || !random(value) {
		return span{}
	}
	return s
}

// templateArguments finds the texts that an expression of a template has where it is about a
// secret: executing "x" at <printf "%s:%s" "user" "...">.
func templateArguments(t *text, _, end int) span {
	to := min(t.lineEnd(end), end+maxQuoted)
	if end < t.looked {
		return span{}
	}
	t.looked = to
	window := t.b[end:max(end, to)]
	t.steps += 2 * len(window)
	if k := max(bytes.Index(window, []byte(">: error")), bytes.Index(window, []byte(`\u003e: error`))); k >= 0 {
		to = end + k
	}
	topic := t.secretTopic(end, end)
	sure := bytes.Contains(window, []byte(":%s@")) || bytes.HasPrefix(window, []byte("htpasswd"))
	var found []span
	for i := end; i < to; i++ {
		s, ok := span{}, false
		if t.quoteAt(i) > 0 {
			s, ok = t.quoted(pairing{}, i)
		}
		if !ok || s.to <= i || s.to > to { // or the string around it ends here
			continue
		}
		if i = s.to; (sure && s.to-s.from > 3 || topic && odd(t.b[s.from:s.to])) && !bytes.ContainsAny(t.b[s.from:s.to], " /%") {
			s.kind = "secret"
			found = append(found, s)
		}
		i += max(0, t.quoteAt(i)-1)
	}
	return t.several(found)
}

// thirdArgument finds the password that a function gets after an address and a user.
func thirdArgument(t *text, _, end int) span {
	i := end
	for n := range 3 {
		s, ok := t.quoted(pairing{}, i)
		if !ok || s.to-s.from > maxQuoted {
			return span{}
		}
		if n == 2 {
			return s
		}
		i = t.skipSpace(s.to + max(t.quoteAt(s.to), t.singleQuote(s.to)))
		if i >= len(t.b) || t.b[i] != ',' {
			return span{}
		}
		i = t.skipSpace(i + 1)
	}
	return span{}
}
