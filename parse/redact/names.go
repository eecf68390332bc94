package redact

import (
	"bytes"
	"slices"
	"unicode"
	"unicode/utf8"
)

// meaning is what a name tells of the value that it has.
type meaning int

const (
	harmless  meaning = iota
	uncertain         // the value may be a secret: key, auth, session
	object            // a secret, or the name of an object that holds one: secret, credentials
	token             // a secret that a machine made
	password          // a secret that a person may have made
)

// term is a word of names that tells of secrets.
type term struct {
	means       meaning
	kind        string
	credentials bool // a user and a password
	refers      bool // the value may be the name of an object that holds the secret
}

// vocabulary is what names are compared with. It has a buffer, and belongs to one
// goroutine as the Redactor does.
type vocabulary struct {
	terms  map[string]term
	common map[string]bool // commonWords
	before map[string]bool // keyWords
	buf    []byte
	word   [16]byte // answer of wordBefore
}

func newVocabulary() vocabulary {
	v := vocabulary{terms: nameTerms(), common: commonWords(), before: map[string]bool{}}
	for _, w := range keyWords {
		v.before[w] = true
	}
	return v
}

// name is a name in the text: of a variable, a field, a header, a flag.
type name struct {
	from, to int
	quote    int // length of the quote after it, see quoteAt; 0: none
	term
}

const (
	maxBefore = 64 // bytes of a name before the anchor
	maxAfter  = 40 // and after it
)

// nameByte reports whether c may be part of a name. Letters beyond ASCII are.
func nameByte(c byte) bool { return alnum(c) || c == '_' || c == '-' || c >= 0x80 }

// nameAround finds the name around an anchor.
func (t *text) nameAround(at, end int) (from, to int) {
	from, to = at, end
	for from > 0 && at-from < maxBefore && (nameByte(t.b[from-1]) || t.b[from-1] == '.') {
		from--
	}
	for to < len(t.b) && to-end < maxAfter {
		switch c := t.b[to]; {
		case c >= 0xe2 && (t.wideMark(to) > 0 || t.widePoint(to)):
		case nameByte(c), c == '.' && to+1 < len(t.b) && alnum(t.b[to+1]):
			to++
			continue
		}
		break
	}
	t.steps += to - from
	return min(afterWide(t.b, t.start(from), at), at), to
}

// widePoints are marks of punctuation that East Asian scripts write without a space.
var widePoints = []string{"，", "：", "。", "、", "；", "（", "）", "「", "」", "【", "】", "＝", "“", "”", "《", "》", "『", "』"}

// widePoint reports whether one of them is at i.
func (t *text) widePoint(i int) bool {
	return slices.ContainsFunc(widePoints, func(p string) bool { return t.hasPrefix(i, p) })
}

// afterWide returns the place after the last of these marks between from and to, or from.
func afterWide(b []byte, from, to int) int {
	if from >= to || bytes.IndexFunc(b[from:to], func(r rune) bool { return r >= 0x2000 }) < 0 {
		return from
	}
	for _, mark := range widePoints {
		if k := bytes.LastIndex(b[from:to], []byte(mark)); k >= 0 {
			from += k + len(mark)
		}
	}
	return from
}

// nextName returns the name around an anchor, and whether it tells of a secret. Each
// name is looked at once, at the first of its anchors.
func (t *text) nextName(at, end int) (n name, ok bool) {
	if at < t.named {
		return n, false
	}
	for at < end && !nameByte(t.b[at]) { // the name begins behind a mark
		at++
	}
	for end > at && (t.b[end-1] == '=' || t.b[end-1] == ':' || t.b[end-1] == ' ') { // and ends before one
		end--
	}
	n.from, n.to = t.nameAround(at, end)
	t.named = n.to
	n.term = t.meaning(n.from, n.to)
	return n, n.means != harmless
}

// meaning tells what the name from from to to means, by its last words.
func (t *text) meaning(from, to int) term {
	words := t.vocab.split(t.b[from:to])
	whole := t.vocab.find(words)
	if whole.means >= token {
		return whole
	}
	for w := lastWord(words); len(w) < len(words) && (numeral(w) || suffix(w) || slices.Contains(besides, string(w))); w = lastWord(words) {
		words = words[:len(words)-len(w)-1]
	}
	for len(words) > 0 && class[words[len(words)-1]] == digit {
		words = words[:len(words)-1]
	}
	if found := t.vocab.find(words); found.kind == "api-key" {
		return t.key(words, from)
	} else if found.means == object && slices.Contains(secretWords, string(t.wordBefore(from))) {
		return term{means: token, kind: "secret"}
	} else if found.means != harmless {
		found.refers = len(lastWord(words)) < len(words)
		return found
	}
	last := lastWord(words)
	for _, j := range joined {
		if bytes.HasSuffix(last, []byte(j.end)) && !isOneOf(last, noPass) {
			return j.term
		}
	}
	if bytes.HasPrefix(last, []byte("passw")) && len(last) < len("password")+2 && look(last).lowers == len(last) { // misspelt
		return term{means: password, kind: "password"}
	}
	return whole
}

// suffix reports whether word is one that Kubernetes appends to a name.
func suffix(word []byte) bool {
	w := look(word)
	return w.size == 5 && w.digits > 0 && w.lowers+w.digits == w.size && !bytes.ContainsAny(word, "aeiou")
}

// secretWords stand before secret and tell that it is no object of Kubernetes.
var secretWords = []string{"client", "shared", "app", "consumer", "webhook", "signing", "hmac", "jwt", "oauth", "api", "radius", "tacacs", "ipsec", "vpn", "chap",
	"cookie", "session",
}

// publicWords stand before key and make it one that may be known.
var publicWords = []string{"public", "host", "object", "cache", "map", "label", "sort", "partition", "foreign", "metric", "pub", "secret_ref"}

// key tells what kind of key a name is that ends in the word: an API key is a secret, a
// public key is none, of others the value has to tell.
func (t *text) key(words []byte, from int) term {
	before := bytes.TrimSuffix(words[:len(words)-len(lastWord(words))], []byte("_"))
	which := lastWord(before)
	if len(which) == 0 {
		which = t.wordBefore(from)
	}
	switch {
	case string(which) == "api":
		return term{means: token, kind: "api-key"}
	case t.vocab.before[string(which)], t.hasFold(from, "x-"):
		return term{means: token, kind: "secret"}
	case slices.Contains(publicWords, string(which)):
		return term{}
	}
	return term{means: uncertain, kind: "secret"}
}

// wordBefore returns the word before the space before i, in lower case. It is valid until the
// next call.
func (t *text) wordBefore(i int) []byte {
	if i == 0 || t.b[i-1] != ' ' {
		return nil
	}
	n := 0
	for i -= 2; i >= n && n < len(t.vocab.word) && alnum(t.b[i-n]); n++ {
	}
	word := t.vocab.word[:n]
	for k, c := range t.b[i-n+1 : i+1] {
		word[k] = c | fold
	}
	return word
}

// find returns the longest term that the words end in.
func (v *vocabulary) find(words []byte) (found term) {
	for from, n := len(words), 0; from > 0 && n < 3; n++ {
		from = bytes.LastIndexByte(words[:from-1], '_') + 1
		if t, ok := v.terms[string(words[from:])]; ok {
			found = t
		}
	}
	return found
}

// lastWord returns the last of words.
func lastWord(words []byte) []byte { return words[bytes.LastIndexByte(words, '_')+1:] }

// split returns the words of a name in lower case, joined by "_": db-Password,
// DB_PASSWORD and dbPassword are the same. The result is valid until the next call.
func (v *vocabulary) split(name []byte) []byte {
	b := v.buf[:0]
	for i := 0; i < len(name); i++ {
		c := name[i]
		switch {
		case c >= 0x80:
			r, n := utf8.DecodeRune(name[i:])
			b = utf8.AppendRune(b, unicode.ToLower(r))
			i += n - 1
		case c == '_' || c == '-' || c == '.' || c == ' ':
			b = append(b, '_')
		case class[c] == upper:
			if i > 0 && startsWord(name, i) {
				b = append(b, '_')
			}
			b = append(b, c|fold)
		default:
			b = append(b, c)
		}
	}
	v.buf = b
	for len(b) > 0 && b[0] == '_' {
		b = b[1:]
	}
	for len(b) > 0 && b[len(b)-1] == '_' {
		b = b[:len(b)-1]
	}
	return b
}

// startsWord reports whether the capital at i, not the first byte of name, starts a word.
func startsWord(name []byte, i int) bool {
	switch class[name[i-1]] {
	case lower, digit:
		return true
	case upper:
		return i+1 < len(name) && class[name[i+1]] == lower
	}
	return false
}
