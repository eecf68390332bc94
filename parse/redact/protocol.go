package redact

import "bytes"

// base64Text reports whether word is the base64 of a text.
func base64Text(word []byte) bool {
	if len(word) < 8 || len(word) > maxQuoted {
		return false
	}
	_, ok := decode(word)
	return ok
}

// pgpass finds the last of the five fields of a line of .pgpass: host:port:database:user:password.
func pgpass(t *text, at, _ int) span {
	from := at
	for from > t.done && at-from < maxBefore && !endsURL(t.b[from-1]) && t.b[from-1] != '\\' {
		from--
	}
	t.steps += at - from
	from = min(t.start(from), at)
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
		return odd(word) && w.digits > 0 && !bytes.ContainsAny(word, "/.:={") || t.foreign(word) && t.lastOfLine(i+len(word))
	}
	return namedPassword(word) && !bytes.ContainsAny(word, "/.=@[({&") && class[word[0]] == lower
}

// promptAnswer finds the base64 that answers a question of SMTP in base64.
func promptAnswer(t *text, _, end int) span {
	to := min(t.end(end), end+context)
	t.steps += to - end
	for i := end; i < to; i++ {
		from := t.start(i)
		for i = from; i < to && class[t.b[i]] != other; i++ {
		}
		if base64Text(t.b[from:i]) {
			return span{from: from, to: i + padding(t.b[i:])}
		}
	}
	return span{}
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
	sure := bytes.Contains(window, []byte(":%s@")) || bytes.HasPrefix(window, []byte("htpasswd")) ||
		bytes.HasPrefix(window, []byte("b64")) || bytes.Contains(window, []byte(`" | b64`))
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
