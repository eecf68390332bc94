package redact

import "bytes"

// userinfo adds the user and password in URLs, //user:password@host, and in addresses without a
// scheme. The user alone, as in ssh://git@host, is no secret unless it looks like a token. What is
// %-encoded is left to findVeiled.
func (r *Redactor) userinfo(t *text) {
	floor := 0
	for i := 0; ; {
		k := bytes.IndexByte(t.b[i:], '@')
		if k < 0 {
			break
		}
		i += k + 1
		if i > floor {
			floor = r.address(t, floor, i-1)
		}
	}
	if k := bytes.IndexByte(t.b, '%'); k >= 0 {
		t.percent = true
		t.masked = t.masked || maskedPercent(t.b[k:])
	}
}

// cutURLs are the ends of schemes of URLs with a user: https, postgres, mongodb, amqp, ssh, and
// what follows. Those of images, docker and oci, end otherwise.
var cutURLs = []string{"s://", "p://", "b://", "l://", "h://", "v://", "t://", "e://"}

// cutUserinfo finds the user and the password of a URL that was cut off before its at sign came.
func cutUserinfo(t *text, _, from int) span {
	to := from
	for to < len(t.b) && to-from < maxQuoted && !endsURL(t.b[to]) && bytes.IndexByte([]byte("/?#@[]{},;$\\\xe2"), t.b[to]) < 0 {
		to++
	}
	t.steps += to - from
	info := bytes.TrimRight(t.b[from:to], ":.)")
	sep := bytes.IndexByte(info, ':')
	if sep < 0 || len(info)-sep < len(":word") || isPort(info[sep+1:]) {
		return span{}
	}
	if to == len(t.b) {
		return span{from: from, to: to}
	}
	cut := endsURL(t.b[to]) || t.quoteAt(to) > 0 || t.newline(to) > 0 || t.hasPrefix(to, "…")
	if word := info[sep+1:]; !cut || !odd(word) && look(word).uppers == 0 { // the name of a port
		return span{}
	}
	return span{from: from, to: from + len(info)}
}

// address looks at the word around the at sign at i, of which nothing before floor is
// looked at, and returns where the word ends.
func (r *Redactor) address(t *text, floor, i int) int {
	from := i
	for from > floor && (!endsURL(t.b[from-1]) || t.b[from-1] == '\'' && t.innerQuote("'", from-1)) {
		from--
	}
	if t.steps += i - from; checksum(t.b[i+1:]) && bytes.IndexByte(t.b[from:i], '/') < 0 {
		return i + 1 // a revision
	}
	to := i
	for to < len(t.b) && !endsURL(t.b[to]) {
		to++
	}
	t.steps += to - i
	if k := bytes.IndexByte(t.b[from:i], '/'); k > 0 {
		for _, at := range []int{from + bytes.LastIndexByte(t.b[from:to], '@'), i} { // the first one may be the password's
			if oracleAt(t.b[from:at], k, t.b[at+1:to]) {
				r.keep(t.b, span{from: from + k + 1, to: at, kind: "password"})
				return to
			}
		}
	}
	if r.urls(t, from, to) || checksum(t.b[i+1:to]) {
		return to
	}
	s := t.brokenURL(floor, from, i)
	if s.to == 0 {
		s = t.bareAddress(from, i, to)
	}
	if s.to == 0 {
		s = t.bareAddress(from, from+bytes.LastIndexByte(t.b[from:to], '@'), to)
	}
	s.kind = "url-userinfo"
	r.keep(t.b, s)
	return to
}

// urls adds the userinfo of each URL in the word from from to to, and reports whether
// there is a URL.
func (r *Redactor) urls(t *text, from, to int) (found bool) {
	if b := t.b[from:to]; !bytes.Contains(b, []byte("//")) && !bytes.Contains(b, []byte(`\/\/`)) {
		return false
	}
	for start, n := nextURL(t.b, from, to); n > 0; {
		end, next := nextURL(t.b, start, to)
		if next > 0 {
			end -= next
		} else {
			end = to
		}
		length := userinfoLen(t.b[start:end])
		r.keep(t.b, span{from: start, to: start + length, kind: "url-userinfo"})
		start, n, found = end+next, next, true
	}
	return found
}

// nextURL returns where the authority of the next URL between from and to starts, and the
// length of the slashes before it, or 0 and 0.
func nextURL(b []byte, from, to int) (start, n int) {
	for i := from; i < to; i++ {
		if inURL[b[i]] != startsSlash {
			continue
		}
		if n := slashes(b, i); n > 0 && i+n <= to {
			for n == len("//") && i+n < to && b[i+n] == '/' {
				i++
			}
			return i + n, n
		}
	}
	return 0, 0
}

// slashes returns the length of the two slashes at i, raw or escaped, or 0.
func slashes(b []byte, i int) int {
	for _, s := range []string{"//", `\/\/`} {
		if hasFold(b[i:], s) {
			return len(s)
		}
	}
	return 0
}

// What a byte is to a URL.
const (
	partOfURL   uint8 = iota
	startsSlash       // it may be the start of a slash, raw or escaped
	outsideURL        // it cannot be part of one
)

var inURL = urlTable()

func urlTable() (t [256]uint8) {
	for c := range ' ' + 1 {
		t[c] = outsideURL
	}
	for _, c := range []byte("\"'`<>") {
		t[c] = outsideURL
	}
	for _, c := range []byte(`/\`) {
		t[c] = startsSlash
	}
	return t
}

// endsURL reports whether c cannot be part of a URL.
func endsURL(c byte) bool { return inURL[c] == outsideURL }

// userinfoLen returns how much of url, which starts with its authority, is a user and
// password, or 0.
func userinfoLen(url []byte) int {
	host := url[:authorityLen(url)]
	if n := bytes.LastIndexByte(host, '@'); n >= 0 {
		if bytes.IndexByte(host[:n], ':') < 0 && (n < 12 || !random(host[:n]) && !hexadecimal(host[:n], 16)) {
			return 0
		}
		return n + pastHost(url[n:])
	}
	// A password with a slash in it makes the rest of it look like a path.
	at, sep := bytes.IndexByte(url, '@'), bytes.IndexByte(host, ':')
	if at < 0 || sep < 0 || isPort(host[sep+1:]) && (sep+1 < len(host) || !domain(url[at+1:])) || host[0] == '[' || digest(url[:at]) || checksum(url[at+1:]) {
		return 0
	}
	at += bytes.LastIndexByte(url[at:at+1+authorityLen(url[at+1:])], '@')
	return at + pastHost(url[at:])
}

// pastHost returns how far behind the at sign that b starts with the one is that ends the password,
// because what is between them is no host: p@ss/word@git.example. It returns 0 if that may be one.
func pastHost(b []byte) int {
	n := bytes.LastIndexByte(b, '@')
	if query := bytes.IndexByte(b[:n+1], '?'); n == 0 || checksum(b[n+1:]) || query > 0 && bytes.IndexByte(b[query:n], '=') > 0 {
		return 0
	}
	host := b[1 : 1+authorityLen(b[1:])]
	if _, port, _ := bytes.Cut(host, []byte(":")); !bytes.HasPrefix(host, []byte("[")) && !isPort(port) {
		return n
	}
	if bytes.ContainsAny(host, ".[") || !domain(b[n+1:]) {
		return 0
	}
	return n
}

// domain reports whether url starts with a host that has a port, or a dot in its name.
func domain(url []byte) bool {
	host, port, _ := bytes.Cut(bytes.TrimRight(url[:authorityLen(url)], ":.,;)"), []byte(":"))
	last := look(host[bytes.LastIndexByte(host, '.')+1:])
	return isPort(port) && (len(port) > 0 || last.size > 1 && last.size < len(host) && last.letters() == last.size)
}

// checksum reports whether b starts as the digest after a name: sha256:...
func checksum(b []byte) bool {
	i := len("sha")
	for i < len(b) && i < 6 && class[b[i]] == digit {
		i++
	}
	return hasFold(b, "sha") && i < len(b) && b[i] == ':'
}

func authorityLen(url []byte) int {
	for i, c := range url {
		if c == '/' || c == '?' || c == '#' {
			return i
		}
	}
	return len(url)
}

// isPort reports whether b is empty or a number.
func isPort(b []byte) bool {
	for _, c := range b {
		if class[c] != digit {
			return false
		}
	}
	return len(b) <= len("65535")
}

// maxBroken is how far before an at sign the URL may start that a space or a quote in its
// password has broken.
const maxBroken = 128

// brokenURL finds the userinfo of a URL in whose password is a space or a quote, before
// the at sign at i of the word that starts at from.
func (t *text) brokenURL(floor, from, i int) span {
	window := t.b[max(floor, from-maxBroken):i]
	t.steps += len(window)
	k := lastSlashes(window)
	if k < 0 || t.end(i-len(window)+k) < i { // or in another string of JSON
		return span{}
	}
	info := window[k+2:]
	sep := bytes.IndexByte(info, ':')
	if sep < 1 || bytes.ContainsAny(info[:sep], " \t\r\n\"'`/?#@") || bytes.IndexByte(info, '\n') >= 0 {
		return span{}
	}
	secret := info[sep+1:]
	spaces, quotes := bytes.IndexByte(secret, ' '), bytes.IndexAny(secret, "\"'`<>")
	cut := spaces
	if cut < 0 || quotes >= 0 && quotes < cut {
		cut = quotes
	}
	if cut < 1 || spaces >= 0 && quotes >= 0 || isPort(secret[:cut]) || bytes.ContainsAny(secret[:cut], "/?#,;:") || bytes.Count(secret, []byte(" ")) > 3 {
		return span{}
	}
	to := i
	return span{from: to - len(info), to: to}
}

// lastSlashes returns the place of the last two slashes in b, or -1.
func lastSlashes(b []byte) int {
	for i := bytes.LastIndexByte(b, '/'); i > 0; i = bytes.LastIndexByte(b[:i], '/') {
		if b[i-1] == '/' {
			return i - 1
		}
	}
	return -1
}

// bareAddress finds user and password in an address without a scheme, user:password@host,
// whose at sign is at i of the word from from to to.
func (t *text) bareAddress(from, i, to int) span {
	from = t.start(from)
	info, host := t.b[min(from, i):i], t.b[i:min(len(t.b), to)]
	if k := bytes.LastIndexAny(info, "=(,[{"); k >= 0 && k < len(info)-1 && bytes.IndexByte(info[k+1:], ':') >= 0 {
		info = info[k+1:]
	}
	sep := bytes.IndexByte(info, ':')
	host = host[min(1, len(host)):]
	if bytes.Contains(info, []byte("%2")) || sep > 0 && (info[sep-1] == ';' || bytes.IndexByte(info[:sep], '\\') >= 0) { // more may be encoded than the address
		return span{}
	}
	if sep < 1 || sep > maxBefore || len(info)-sep < 4 || len(host) == 0 || pinned(host) || mailbox(info, sep, host) {
		return span{}
	}
	if bytes.IndexByte(info[:sep], '/') >= 0 || !alnum(host[0]) && host[0] != '[' && host[0] != '(' && host[0] != '/' && host[0] != '$' {
		return span{}
	}
	return span{from: i - len(info), to: i}
}

// pinned reports whether host is no host but the digest of an image, or the version of a module of
// Go: k8s.io/client-go@v0.31.1.
func pinned(host []byte) bool {
	return checksum(host) || version(host[:min(len(host), len("v0.0"))])
}

// mailbox reports whether word:word@host is the address of a person, with a word before
// that tells what it is, rather than a user with a password.
func mailbox(info []byte, sep int, host []byte) bool {
	local := info[sep+1:]
	host = bytes.TrimRight(host, ":.,;)]}")
	return isOneOf(info[:sep], mailWords) && plain(local) && look(local).uppers+look(local).digits == 0 && bytes.IndexByte(host, ':') < 0 &&
		bytes.IndexByte(host, '/') < 0 && bytes.IndexByte(host, '(') < 0
}

// mailWords stand before the address of a person.
var mailWords = []string{
	"author", "from", "to", "cc", "mail", "mailto", "email", "e-mail", "owner", "contact", "maintainer", "sender", "committer", "recipient",
	"user", "username", "login", "account", "upn", "principal", "subject", "name", "reporter", "serviceaccount", "acct", "by", "as", "for",
}

// oracleAt reports whether info, with a slash at k, and host are an address of Oracle:
// user/password@//host, user/password@host:1521/service.
func oracleAt(info []byte, k int, host []byte) bool {
	if bytes.HasPrefix(host, []byte("//")) {
		return !bytes.Contains(info, []byte("//"))
	}
	port := bytes.IndexByte(host, ':')
	if port < 1 || bytes.ContainsAny(info[:k], ":@.") || bytes.Count(info, []byte("/")) > 1 {
		return false
	}
	end := bytes.IndexByte(host[port:], '/')
	return end > 1 && isPort(host[port+1:port+end])
}

// portText finds what net/url took for a port and quotes: invalid port ":pw@host" after
// host.
func portText(t *text, at, end int) span {
	s := quotedText(t, at, end)
	if s.from == s.to {
		i := t.skipSpace(end)
		if q := t.quoteAt(i); q > 0 && i < t.json {
			s = span{from: i + q, to: t.unquote(i+q, q)}
		}
	}
	if isPort(bytes.TrimPrefix(t.b[s.from:s.to], []byte(":"))) {
		return span{}
	}
	return s
}
