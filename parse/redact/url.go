package redact

import "bytes"

// userinfo adds the user and password in URLs, //user:password@host, also with
// separators, or as a whole, %-encoded, and in addresses without a scheme. The user
// alone, as in ssh://git@host, is no secret unless it looks like a token.
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
	r.keep(t.b, t.cutUserinfo())
	k := bytes.IndexByte(t.b, '%')
	if k < 0 {
		return
	}
	t.percent = true
	t.masked = t.masked || maskedPercent(t.b[k:])
	for _, at := range encodedAts {
		if bytes.Contains(t.b[k:], []byte(at)) {
			r.encodedUserinfo(t, at)
		}
	}
}

// cutUserinfo finds the user and the password in a URL with which a text ends before its at sign
// comes, because it was cut off.
func (t *text) cutUserinfo() span {
	from, to := len(t.b), len(t.b)
	for from > 0 && to-from < maxQuoted && !endsURL(t.b[from-1]) {
		from--
	}
	t.steps += to - from
	k := bytes.LastIndex(t.b[from:], []byte("//"))
	if k < 0 {
		return span{}
	}
	from += k + len("//")
	info := t.b[from:]
	sep := bytes.IndexByte(info, ':')
	if sep < 0 || bytes.ContainsAny(info, "/?#@[]{},;$\\…") || len(info)-sep < 5 || isPort(bytes.TrimRight(info[sep+1:], ":.)")) {
		return span{}
	}
	return span{from: from, to: to, kind: "url-userinfo"}
}

// encodedAts are the at sign as it is %-encoded, once and twice.
var encodedAts = []string{"%40", "%2540"}

// encodedUserinfo is userinfo for URLs whose at sign is encoded so.
func (r *Redactor) encodedUserinfo(t *text, at string) {
	for i, floor := 0, 0; ; {
		k := bytes.Index(t.b[i:], []byte(at))
		if k < 0 {
			return
		}
		i += k + 1
		if i > floor {
			floor = r.address(t, floor, i-1)
		}
	}
}

// address looks at the word around the at sign at i, of which nothing before floor is
// looked at, and returns where the word ends.
func (r *Redactor) address(t *text, floor, i int) int {
	from := i
	for from > floor && !endsURL(t.b[from-1]) {
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
	if more(t.b[from:to], t.b[i] == '%') { // left to findVeiled
		return to
	}
	if k := bytes.IndexByte(t.b[from:i], '/'); k > 0 && oracleAt(t.b[from:i], k, t.b[i+1:to]) {
		r.keep(t.b, span{from: from + k + 1, to: i, kind: "password"})
		return to
	}
	if r.urls(t, from, to) || checksum(t.b[i+1:to]) {
		return to
	}
	s := t.brokenURL(floor, from, i)
	if s.to == 0 {
		s = t.bareAddress(from, i, to)
	}
	s.kind = "url-userinfo"
	r.keep(t.b, s)
	return to
}

// more reports whether a word with an at sign is a text that was %-encoded as a whole, with spaces
// or quotes, and not only a URL. encoded tells that its at sign is.
func more(word []byte, encoded bool) bool {
	if bytes.IndexByte(word, '%') < 0 {
		return false
	}
	least := 1
	if !encoded && !bytes.Contains(word, []byte("%2F%2F")) {
		least = 4
	}
	if !encoded && bytes.Contains(word, []byte("//")) {
		return false
	}
	n := 0
	for _, mark := range []string{"%20", "%22", "%27", "%2520", "%2522", "%2527"} {
		n += bytes.Count(word, []byte(mark))
	}
	return n >= least
}

// urls adds the userinfo of each URL in the word from from to to, and reports whether
// there is a URL.
func (r *Redactor) urls(t *text, from, to int) (found bool) {
	for start, n := nextURL(t.b, from, to); n > 0; {
		end, next := nextURL(t.b, start, to)
		if next > 0 {
			end -= next
		} else {
			end = to
		}
		length := userinfoLen(t.b[start:end], n > len("//"))
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

// slashes returns the length of the two slashes at i, raw, escaped or %-encoded, or 0.
func slashes(b []byte, i int) int {
	if i+1 >= len(b) {
		return 0
	}
	encoded := ""
	switch b[i] {
	case '/':
		encoded = "//"
	case '\\':
		encoded = `\/\/`
	case '%':
		if encoded = "%2f%2f"; hasFold(b[i:], "%25") {
			encoded = "%252f%252f"
		}
	}
	if b[i+1] != encoded[1] || !hasFold(b[i:], encoded) {
		return 0
	}
	return len(encoded)
}

// What a byte is to a URL.
const (
	partOfURL   uint8 = iota
	startsSlash       // it may be the start of a slash, raw, escaped or %-encoded
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
	for _, c := range []byte(`/\%`) {
		t[c] = startsSlash
	}
	return t
}

// endsURL reports whether c cannot be part of a URL.
func endsURL(c byte) bool { return inURL[c] == outsideURL }

// userinfoLen returns how much of url, which starts with its authority, is a user and
// password, or 0. encoded tells that the slashes of the URL are %-encoded.
func userinfoLen(url []byte, encoded bool) int {
	host := url[:authorityLen(url, encoded)]
	if n := lastAt(host); n >= 0 {
		if colon(host[:n]) < 0 && (n < 12 || !random(host[:n]) && !hexadecimal(host[:n], 16)) {
			return 0
		}
		return n
	}
	// A password with a slash in it makes the rest of it look like a path.
	at, sep := bytes.IndexByte(url, '@'), colon(host)
	if at < 0 || sep < 0 || isPort(host[sep+1:]) || host[0] == '[' || digest(url[:at]) || checksum(url[at+1:]) {
		return 0
	}
	return at
}

// checksum reports whether b starts as the digest after a name: sha256:...
func checksum(b []byte) bool {
	i := len("sha")
	for i < len(b) && i < 6 && class[b[i]] == digit {
		i++
	}
	return hasFold(b, "sha") && i < len(b) && b[i] == ':'
}

func authorityLen(url []byte, encoded bool) int {
	for i, c := range url {
		if c == '/' || c == '?' || c == '#' || encoded && (hasFold(url[i:], "%2f") || hasFold(url[i:], "%3f") || hasFold(url[i:], "%252f")) {
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
	return max(bytes.LastIndex(b, []byte(encodedAts[0])), bytes.LastIndex(b, []byte(encodedAts[1])))
}

// colon returns the place of the first colon in b, raw or %-encoded, or -1.
func colon(b []byte) int {
	for i := range b {
		if b[i] == ':' || b[i] == '%' && (hasFold(b[i:], "%3a") || hasFold(b[i:], "%253a")) {
			return i
		}
	}
	return -1
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
	if k < 0 {
		return span{}
	}
	info := window[k+2:]
	sep := colon(info)
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
	if k := bytes.LastIndexAny(info, "=(,[{"); k >= 0 && k < len(info)-1 && colon(info[k+1:]) >= 0 {
		info = info[k+1:]
	}
	sep := colon(info)
	size := 1
	if bytes.HasPrefix(host, []byte("%40")) {
		size = 3
	}
	host = host[min(size, len(host)):]
	if sep < 1 || sep > maxBefore || len(info)-sep < 4 || len(host) == 0 || checksum(host) || mailbox(info, sep, host) {
		return span{}
	}
	if bytes.IndexByte(info[:sep], '/') >= 0 || !alnum(host[0]) && host[0] != '[' && host[0] != '(' && host[0] != '/' && host[0] != '$' {
		return span{}
	}
	return span{from: i - len(info), to: i}
}

// mailbox reports whether word:word@host is the address of a person, with a word before
// that tells what it is, rather than a user with a password.
func mailbox(info []byte, sep int, host []byte) bool {
	local := info[sep+1:]
	host = bytes.TrimRight(host, ":.,;)]}")
	return isOneOf(info[:sep], mailWords) && plain(local) && look(local).uppers == 0 && bytes.IndexByte(host, ':') < 0 &&
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

// slashPassword finds the user and password that Oracle writes as user/password@host.
func slashPassword(t *text, _, end int) span {
	end = t.skipSpace(end)
	window := t.b[end:min(t.end(end), end+maxLook)]
	slash, at := bytes.IndexByte(window, '/'), bytes.LastIndexByte(window, '@')
	if k := bytes.IndexByte(window, ' '); k >= 0 {
		at = bytes.LastIndexByte(window[:k], '@')
	}
	if slash < 1 || at < slash {
		return span{}
	}
	return span{from: end, to: end + at}
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
