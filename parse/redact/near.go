package redact

import (
	"bytes"
	"slices"
)

const (
	// nearBefore and nearAfter are how far from a name of secrets a word is looked for that a machine
	// made.
	nearBefore, nearAfter = 64, 96
)

// near adds to more the words around a name that tells of a secret, but not of this one, that no
// person wrote: it is more likely that the secret stands there than that something else looks so.
func (t *text) near(n name) {
	if t.nears++; t.nears > 16+len(t.b)/nearAfter {
		return
	}
	if n.means >= token {
		t.quotedNear(n)
	}
	from, to := max(0, n.from-nearBefore), min(t.lineEnd(n.to), n.to+nearAfter)
	t.steps += 2 * (to - from)
	if n.means >= object {
		t.spoken(n, max(from, t.done), to)
	}
	for i := from; i < to; {
		for i < to && class[t.b[i]] == other {
			i++
		}
		start := i
		for i < len(t.b) && i-start < 2*maxLook && class[t.b[i]] != other {
			i++
		}
		t.steps += i - start
		if start == from && from > 0 && class[t.b[from-1]] != other { // a word's end only
			continue
		}
		start = t.start(start)
		if start >= i || !machineMade(t.b[start:i]) && !nearlyKey(n, t.b[start:i], start > n.to) ||
			t.fingerprint(start) || t.inPlaceholder(start) || t.reference(start) || t.ofID(start) {
			continue
		}
		i += padding(t.b[i:])
		t.more = append(t.more, span{from: start, to: i, kind: "secret", weak: true})
	}
}

// quotedNear adds to more the word in quotes, or the list of such, after what is said of a name and
// a colon: passwords do not match: "...". Of a password it may be the last word: is too weak: ... .
func (t *text) quotedNear(n name) {
	window := t.b[n.to:max(n.to, min(t.lineEnd(n.to), n.to+nearBefore))]
	t.steps += len(window)
	k := bytes.Index(window, []byte(": "))
	if k < 1 || t.before(n.from) == '/' || t.isValue(n) && bytes.Count(window[:k], []byte(" ")) == 1 { // in the name of an object
		return
	}
	i := n.to + k + len(": ")
	if i >= t.json && (t.quoteAt(i) == 1 || t.hasPrefix(i, "[\"")) { // not in a string of JSON
		return
	}
	s, ok := t.quoted(pairing{}, i)
	if !ok && n.means == password {
		s, ok = t.lastWord(window[:k], i)
	}
	value := t.shown(s)
	if !ok || len(value) < 4 || len(value) > maxLook || predicate(value) || errorCode(value) || bytes.ContainsAny(value, ":/") {
		return
	}
	s.kind = n.kind
	if both := t.further(s); both.to > s.to || bytes.IndexByte(value, ' ') < 0 { // no sentence, or two that are compared
		t.more = append(t.more, both)
	}
}

// lastWord returns the word at i that ends a sentence about a password and a colon, if it may be
// the password. before is the sentence.
func (t *text) lastWord(before []byte, i int) (s span, ok bool) {
	s = t.trim(i, t.wordEnd(i))
	value := t.shown(s)
	w := look(value)
	return s, w.lowers > 0 && w.digits > 0 && odd(value) && t.lastOfLine(s.to) && !isOneOf(before[bytes.LastIndexByte(before, ' ')+1:], ownerWords)
}

// isValue reports whether n is the value of a field, name: "db-password", or in a list of its own.
func (t *text) isValue(n name) bool {
	q := t.quoteAt(n.to)
	return q > 0 && n.from > q && t.before(n.from-q) == ':' || t.hasPrefix(n.to, "]") && t.hasPrefix(n.from-len(" ["), " [")
}

// errorCode reports whether value is one of OAuth's, or is made as these are: invalid_grant.
func errorCode(value []byte) bool {
	words := bytes.Split(value, []byte("_"))
	return len(words) > 1 && look(value).lowers == len(value)-len(words)+1 && slices.ContainsFunc(words, predicate)
}

// machineMade reports whether word is a mix of capitals, small letters and digits as no name and no
// term is: without as many small letters in a row as a word has, with vowels.
func machineMade(word []byte) bool {
	w := look(word)
	if w.size < 10 || w.lowers == 0 || w.uppers == 0 || w.digits == 0 || w.turns < 2 {
		return false
	}
	most, row, vowels := 3, 0, 0
	if w.turns > 2 {
		most = 4 + w.size/24
	}
	for _, c := range word[:w.size] {
		if class[c] != lower {
			row, vowels = 0, 0
			continue
		}
		row++
		if bytes.IndexByte([]byte("aeiouy"), c) >= 0 {
			vowels++
		}
		if row > most && (vowels > 1 || row > 7 || most == 3) {
			return false
		}
	}
	return bytes.IndexByte(word, '/') < 0 && !bytes.HasPrefix(word, []byte("0x")) // a number
}

// spoken adds to more the words between from and to around the name n that are passwords by their
// marks, or stand in quotes alone and are no names.
func (t *text) spoken(n name, from, to int) {
	for i := from; i < to; i++ {
		i = t.start(i)
		start := i
		for i < to && !endsURL(t.b[i]) && (t.b[i] != '\\' || t.hasPrefix(i, `\u0026`)) {
			i++
		}
		word := bytes.TrimRight(t.b[start:i], ".,:;)]}")
		word = bytes.TrimLeft(word, "([{")
		end := start + bytes.Index(t.b[start:i], word) + len(word)
		if i == to && i < len(t.b) && !endsURL(t.b[i]) { // it goes on
			break
		}
		whole := start == 0 || start > from || endsURL(t.b[start-1])
		alone := (i <= n.from || start >= n.to) && t.alone(n, start, i, word)
		if whole && (alone || passwordish(word) || pairOf(word, t.hasPrefix(start-len("for "), "for "))) && !placeholder(word) && !bytes.Contains(word, []byte("&#3")) {
			t.more = append(t.more, span{from: end - len(word), to: end, kind: "secret", weak: true})
		}
	}
}

// alone reports whether word, in what stands from from to to, is told by what is around it to be
// what n is the name of.
func (t *text) alone(n name, from, to int, word []byte) bool {
	return n.means >= token && (t.aloneInQuotes(from, to) || t.meantBy(n, from, to, word))
}

// ownerWords stand before the name of whose secret it is, or of where it is asked for.
var ownerWords = []string{"user", "username", "account", "role", "database", "login", "app", "application", "tenant", "identifier",
	"host", "server", "node", "pod", "cluster", "namespace", "instance", "version", "status", "code"}

// aloneInQuotes reports whether what stands from from to to is all that its quotes hold, and no
// name, path or pattern.
func (t *text) aloneInQuotes(from, to int) bool {
	if from == 0 || to >= len(t.b) || t.b[from-1] != '"' && t.singleQuote(from-1) == 0 || t.quoteAt(to) == 0 && t.singleQuote(to) == 0 {
		return false
	}
	k := t.beforeBackslashes(max(0, from-9), from-1)
	if slices.Contains(ownerWords, string(t.wordBefore(k))) {
		return false
	}
	if k > 0 && (t.b[k-1] == '=' || alnum(t.b[k-1]) || t.hasPrefix(k-2, `":`) || t.hasPrefix(k-3, `": `)) {
		return false // the value of another name, or a quote that closes
	}
	word := t.b[from:to]
	return odd(word) && !bytes.ContainsAny(word, "/:{}[]()^<>=") && word[0] != '.' && !hexadecimal(word, 7)
}

// meantBy reports whether word, in what stands from from to to, is said to be no valid n, or is in
// parentheses behind the name of a password.
func (t *text) meantBy(n name, from, to int, word []byte) bool {
	said := to < n.from && n.from-to < 24 && t.hasPrefix(to, " is not a valid ")
	if !said && (n.means != password || from < n.to || !t.hasPrefix(from, "(") || len(word) >= to-from-1 || slices.Contains(ownerWords, string(t.wordBefore(from)))) {
		return false
	}
	w := look(word)
	return w.lowers > 0 && w.digits > 0 && odd(word) && !bytes.ContainsAny(word, "/:=.")
}

// pairOf reports whether word is user:password, and the latter is no name, unless a user is
// expected there.
func pairOf(word []byte, expected bool) bool {
	k := bytes.IndexByte(word, ':')
	return k > 0 && class[word[0]] == lower && !bytes.ContainsAny(word, "/.=@[]{}()<>\"'\\$") && !digest(word) && !hexadecimal(word[k+1:], 8) &&
		(expected || !plain(word[k+1:])) && namedPassword(word)
}

// nearlyKey reports whether word may be the key or the code of which n is the name. behind tells
// that it stands behind n.
func nearlyKey(n name, word []byte, behind bool) bool {
	if n.kind == "pin" && len(word) >= 6 && len(word) <= 8 {
		return numeral(word)
	}
	if bytes.HasPrefix(word, []byte("0x")) {
		return hexadecimal(word[len("0x"):], 32)
	}
	return n.means >= object && lowMade(word) || n.means >= token && keyLike(word, behind)
}

// lowMade reports whether word is a long mix of small letters and digits, and no hexadecimal ones.
func lowMade(word []byte) bool {
	w := look(word)
	return w.size >= 20 && w.lowers+w.digits == w.size && w.digits >= 3 && w.turns >= 5 && !hexadecimal(word, 20) && !bytes.HasPrefix(word, []byte("age1"))
}

// keyLike reports whether word consists of hexadecimal digits, and of as many as keys of vendors do
// and neither commits nor digests. behind tells that it stands behind the name of a key.
func keyLike(word []byte, behind bool) bool {
	n := len(word)
	return (n == 32 || behind && n >= 20 && n != 40 && n != 64 && n != 128) && hexadecimal(word, n)
}

// inPlaceholder reports whether the word at i is part of a placeholder.
func (t *text) inPlaceholder(i int) bool {
	return i > 0 && t.b[i-1] == ':' && t.hasPrefix(i-len(opening), opening)
}

// ofID reports whether the word at i is the value of a name that ends in ID, trace_id=VALUE, or is
// published.
func (t *text) ofID(i int) bool {
	name, mark := t.nameBefore(i)
	return t.published(i) || mark && slices.ContainsFunc([]string{"_id", "-id", "Id", "ID"}, func(end string) bool { return bytes.HasSuffix(name, []byte(end)) })
}

// published reports whether the word at i is the number or the checksum of a certificate, or the ID
// by which S3 tells a request.
func (t *text) published(i int) bool {
	name, _ := t.nameBefore(i)
	return slices.ContainsFunc(publicNames, func(end string) bool { return len(name) >= len(end) && hasFold(name[len(name)-len(end):], end) })
}

// publicNames are what stands before words that are published.
var publicNames = []string{"serial", "serial number", "thumbprint", "fingerprint", "hostid", "host id", "amz-id-2", "txt record"}

// nameBefore returns the end of what stands before the marks before the word at i, and whether
// an equals sign or a colon is one of these.
func (t *text) nameBefore(i int) (name []byte, mark bool) {
	before := bytes.TrimRight(t.b[max(0, i-24):i], "\"'\\ ")
	name = bytes.TrimRight(before, "=:\"'\\ ")
	return name, len(name) < len(before)
}

// reference reports whether the word at i is part of the name of an object, a path or an address.
func (t *text) reference(i int) bool {
	return i > 0 && (t.b[i-1] == '@' || t.b[i-1] == '.') && i > 1 && alnum(t.b[i-2])
}
