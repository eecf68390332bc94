package redact

import "bytes"

// userinfo adds to spans the user and password in URLs, //user:password@host, also
// with separators, or as a whole, %-encoded. The user alone, as in ssh://git@host, is
// no secret unless it looks like a token.
func userinfo(spans []span, text []byte) []span {
	if !mayHoldUserinfo(text) {
		return spans
	}
	for i := 0; i < len(text); {
		n := slashes(text, i)
		if n == 0 || slashes(text, i+1) > 0 {
			i++
			continue
		}
		from, to := i+n, i+n
		for to < len(text) && !endsURL(text[to]) && slashes(text, to) == 0 {
			to++
		}
		length := userinfoLen(text[from:to], n > len("//"))
		spans = keep(spans, text, span{from: from, to: from + length, kind: "url-userinfo"})
		i = to
	}
	return spans
}

// mayHoldUserinfo reports whether there is an at sign in text with two slashes before
// it in the same word, or an encoded one. It looks at few bytes of most lines.
func mayHoldUserinfo(text []byte) bool {
	for i, floor := 0, 0; ; i++ {
		k := bytes.IndexByte(text[i:], '@')
		if k < 0 {
			return bytes.Contains(text, []byte("%40"))
		}
		i += k
		for j := i - 1; j > floor && !endsURL(text[j]); j-- {
			if text[j] == '/' && text[j-1] == '/' || text[j] == '%' {
				return true
			}
		}
		floor = i
	}
}

// slashes returns the length of the two slashes at i, raw or %-encoded, or 0.
func slashes(text []byte, i int) int {
	switch {
	case i >= len(text):
		return 0
	case text[i] == '/' && bytes.HasPrefix(text[i:], []byte("//")):
		return len("//")
	case text[i] == '%' && hasEscape(text[i:], "%2F%2F"):
		return len("%2F%2F")
	}
	return 0
}

// endsURL reports whether c cannot be part of a URL.
func endsURL(c byte) bool { return c <= ' ' || c == '"' || c == '\'' || c == '`' }

// userinfoLen returns how much of url, which starts with its authority, is a user and
// password, or 0. encoded tells that the slashes of the URL are %-encoded.
func userinfoLen(url []byte, encoded bool) int {
	host := url[:authorityLen(url, encoded)]
	if n := lastAt(host); n >= 0 {
		if colon(host[:n]) < 0 && (n < 16 || !random(host[:n])) {
			return 0
		}
		return n
	}
	// A password with a slash in it makes the rest of it look like a path.
	at, sep := bytes.IndexByte(url, '@'), colon(host)
	if at < 0 || sep < 0 || isPort(host[sep+1:]) || host[0] == '[' {
		return 0
	}
	return at
}

func authorityLen(url []byte, encoded bool) int {
	for i, c := range url {
		if c == '/' || c == '?' || c == '#' || encoded && (hasEscape(url[i:], "%2F") || hasEscape(url[i:], "%3F")) {
			return i
		}
	}
	return len(url)
}

// lastAt returns the place of the last at sign, or of the last encoded one if there is
// no other, or -1.
func lastAt(b []byte) int {
	if i := bytes.LastIndexByte(b, '@'); i >= 0 {
		return i
	}
	return bytes.LastIndex(b, []byte("%40"))
}

// colon returns the place of the first colon in b, raw or %-encoded, or -1.
func colon(b []byte) int {
	for i := range b {
		if b[i] == ':' || hasEscape(b[i:], "%3A") {
			return i
		}
	}
	return -1
}

func hasEscape(b []byte, escape string) bool {
	return len(b) >= len(escape) && bytes.EqualFold(b[:len(escape)], []byte(escape))
}

// isPort reports whether b is empty or a number.
func isPort(b []byte) bool {
	for _, c := range b {
		if class[c] != digit {
			return false
		}
	}
	return true
}
