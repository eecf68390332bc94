package redact

import (
	"bytes"
	enc "encoding/base64"
	"encoding/binary"
	"slices"
	"unicode/utf8"
)

const (
	// minWord is the shortest word without a telling name that may be random.
	minWord = 22
	// minHiding is the shortest word that may be the base64 of a text with a secret.
	minHiding = 19
	// A run of 20 bytes holds an aligned word whole if words are so far apart, which is odd.
	wordLen, stride = 8, 13

	ones  = 0x0101010101010101
	highs = 0x80 * ones
)

// within returns a word whose high bits tell which bytes of w, if all are ASCII, are from
// from to to.
func within(w uint64, from, to byte) uint64 {
	return (w + uint64(0x80-from)*ones) &^ (w + uint64(0x7f-to)*ones) & highs
}

// spread returns all bits if w has any, and else none.
func spread(w uint64) uint64 { return uint64(int64(w|-w) >> 63) }

// randomWords adds the words of base64 and of random letters and digits, and texts in hexadecimal
// digits.
func (r *Redactor) randomWords(t *text) {
	b := t.b
	for i := nextRandom(b, 0); i < len(b); i = nextRandom(b, i+stride) {
		w := binary.LittleEndian.Uint64(b[i:])
		capitals := within(w, 'A', 'Z')
		if capitals == 0 || capitals&(capitals-1) == 0 && within(w, 'a', 'z') == 0 {
			if maybeHexed(w) && longHexed(b, i) {
				if s := hexed(t, i); s.to > 0 {
					r.keep(b, s)
				}
				i = after(i, t.hexed.to, stride)
			}
			continue
		}
		x := b[i : i+wordLen]
		if class[x[0]]&class[x[1]]&class[x[2]]&class[x[3]]&class[x[4]]&class[x[5]]&class[x[6]]&class[x[7]] == 0 {
			continue
		}
		from, to := run(b, i)
		t.steps += to - from
		s := r.randomWord(t, from, to)
		if s.kind = "base64"; s.to == 0 && to-from >= minHexed {
			s = hexed(t, to-minHexed)
		}
		if s.to > 0 {
			r.keep(b, s)
			to = max(to, s.to)
		}
		i = after(i, to, stride)
	}
}

// nextRandom returns the first place at or after i, and a number of strides from it, whose eight
// bytes have two capitals, or a capital and a digit, which nearly no ordinary word has, or may be
// hexadecimal digits. At the end it returns the length of b.
func nextRandom(b []byte, i int) int {
	for ; i+wordLen <= len(b); i += stride {
		if i += skipRandom(b[i:]); i+wordLen > len(b) {
			break
		}
		w := binary.LittleEndian.Uint64(b[i : i+wordLen])
		capitals := w &^ (w << 1) & (ones << 6) // and some marks
		if capitals&(capitals-1)|within(w, '0', '9')&spread(capitals) != 0 || maybeHexed(w) {
			return i
		}
	}
	return len(b)
}

// after returns the last place before to that is a number of strides from i, but i at least.
func after(i, to, stride int) int { return i + max(0, to-1-i)/stride*stride }

// run returns the bounds of the base64 characters around i.
func run(b []byte, i int) (from, to int) {
	for from = i; from > 0 && class[b[from-1]] != other; from-- {
	}
	for to = i; to < len(b) && class[b[to]] != other; to++ {
	}
	return from, to
}

// randomWord returns the word from from to to if it is a secret.
func (r *Redactor) randomWord(t *text, from, to int) span {
	from = t.start(from)
	if t.hasPrefix(from, "//") { // of a URL
		from += len("//")
	}
	if to-from < minHiding || t.fingerprint(from) {
		return span{}
	}
	word := t.b[from:to]
	if path := bytes.TrimRight(word, "/"); hexadecimal(path[bytes.LastIndexByte(path, '/')+1:], 32) { // an issuer of tokens
		return span{}
	}
	if (to-from < minWord || !base64(word) && !base32(word)) && !r.hides(word) || t.published(from) {
		return span{}
	}
	to += padding(t.b[to:])
	to = t.wrapped(from, to)
	if t.hasPrefix(from, "eyJ") { // the other parts of an encrypted token
		for to < len(t.b) && (class[t.b[to]] != other || t.b[to] == '.') {
			to++
		}
		t.steps += to - from
	}
	return span{from: from, to: to}
}

// minWrapped is how long the lines are at least into which base64 is parted.
const minWrapped = 40

// wrapped returns where the lines of base64 end that go on after the one from from to to.
func (t *text) wrapped(from, to int) int {
	size := to - from
	for n := t.newline(to); n > 0 && size >= minWrapped; n = t.newline(to) {
		next := t.skipSpace(to + n)
		end := next
		for end < len(t.b) && end-next <= size && class[t.b[end]] != other {
			end++
		}
		t.steps += end - next
		end += padding(t.b[end:])
		goesOn := end < len(t.b) && t.newline(end) == 0 && max(t.quoteAt(end), t.singleQuote(end)) == 0
		if end == next || end-next > size || goesOn && (alnum(t.b[end]) || plain(bytes.TrimRight(t.b[next:end], "="))) {
			break
		}
		size, to = end-next, end
	}
	return to
}

func padding(b []byte) int {
	n := 0
	for n < 2 && n < len(b) && b[n] == '=' {
		n++
	}
	return n
}

const (
	// window is how much of a word has to look random.
	window = 40
	// In random base64, 24 of 39 neighbours are of different class, 16 of 40 bytes are
	// capitals and 6 digits, in 5 numbers; in the base64 of a text hardly fewer. In names and
	// paths it is some 10 of 39, 7 and 1; digests have letters of one case only. Five slashes
	// are in one of 2,000 such windows, and in many a path.
	minTurns, minLetters, minNumbers, minCapitals, maxSlashes = 10, 4, 1, 12, 4
)

// base64 reports whether a part of b looks like base64: window bytes in a row of a long
// word, or all of a short one, of which more is asked.
func base64(b []byte) bool {
	if len(b) < window {
		return shortBase64(b)
	}
	var n counts
	for i := range b {
		n = count(n, b, i, 1)
		if i >= window {
			n = count(n, b, i-window, -1)
		}
		if i >= window-1 && n.random() {
			return true
		}
	}
	return false
}

// base32 reports whether b consists of the characters of base32, as seeds of NATS and of one-time
// passwords do: capitals and digits but 0, 1, 8 and 9. Long tokens of robots have these as well.
func base32(b []byte) bool {
	const long = 48
	digits, letters := 0, 0
	for _, c := range b[:min(len(b), maxHexed)] {
		switch {
		case '2' <= c && c <= '7', len(b) >= long && class[c] == digit:
			digits++
		case class[c] != upper:
			return false
		case c > 'F':
			letters++
		}
	}
	return len(b) >= 26 && digits > 0 && letters > 0
}

// counts are of the bytes of a word. A turn is between two neighbours of different class, and a
// number is digits in a row.
type counts struct{ capitals, smalls, numbers, digits, turns, slashes int }

// random reports whether a window looks like base64.
func (n counts) random() bool {
	return n.turns >= minTurns && n.capitals >= minLetters && n.smalls >= minLetters && n.numbers >= minNumbers &&
		n.capitals+n.numbers >= minCapitals && n.slashes <= maxSlashes
}

// count adds the byte at i to n, or takes it off.
func count(n counts, b []byte, i, sign int) counts {
	turn := i > 0 && class[b[i-1]] != class[b[i]]
	switch class[b[i]] {
	case upper:
		n.capitals += sign
	case lower:
		n.smalls += sign
	case digit:
		n.digits += sign
		if turn || i == 0 {
			n.numbers += sign
		}
	}
	if b[i] == '/' {
		n.slashes += sign
	}
	if turn && alnum(b[i-1]) && alnum(b[i]) {
		n.turns += sign
	}
	return n
}

// shortBase64 is base64 for words shorter than the window.
func shortBase64(b []byte) bool {
	var n counts
	for i := range b {
		n = count(n, b, i, 1)
	}
	return n.capitals >= 3 && n.smalls >= 3 && n.digits >= 2 && 5*n.turns >= 2*len(b) &&
		10*(n.capitals+n.digits) >= 3*len(b) && !plain(b)
}

// hides reports whether word is the base64 of a text in which is a secret, or of a user
// and a password.
func (r *Redactor) hides(word []byte) bool {
	if r.inner == nil || len(word) > 4*window && (len(word) > maxHexed || !inUTF16(word)) {
		return false
	}
	text, ok := decode(word)
	return ok && (userAndPassword(word) || r.inner.find(text))
}

// decode returns the text that word is the base64 of, if it is one.
func decode(word []byte) ([]byte, bool) {
	coding := enc.RawStdEncoding
	if bytes.ContainsAny(word, "-_") {
		coding = enc.RawURLEncoding
	}
	text := make([]byte, coding.DecodedLen(len(word)))
	n, err := coding.Decode(text, bytes.TrimRight(word, "="))
	if err != nil || n < 4 {
		return nil, false
	}
	n = fromUTF16(text[:n])
	if !utf8.Valid(text[:n]) || !readable(text[:n]) {
		return nil, false
	}
	return text[:n], true
}

// inUTF16 reports whether word starts as the base64 of a text in UTF-16 does.
func inUTF16(word []byte) bool {
	var start [24]byte
	n, err := enc.RawStdEncoding.Decode(start[:], word[:min(len(word), 32)])
	return err == nil && fromUTF16(start[:n]) < n
}

// fromUTF16 makes text ASCII in place if it is UTF-16, as PowerShell encodes what it runs, and
// returns its new length.
func fromUTF16(text []byte) int {
	for i, c := range text {
		if (c == 0) != (i%2 == 1) {
			return len(text)
		}
	}
	n := len(text) / 2
	for i := range n {
		text[i] = text[2*i]
	}
	return n
}

// userAndPassword reports whether word is the base64 of user:password.
func userAndPassword(word []byte) bool {
	if len(word) > maxLook || len(word) < 8 {
		return false
	}
	text, ok := decode(word)
	k := bytes.IndexByte(text, ':')
	return ok && k > 0 && k < len(text)-2 && bytes.IndexByte(text, ' ') < 0
}

// fingerprint reports whether a base64 text at i is the fingerprint of a public key or a
// checksum, which OpenSSH and npm write as SHA256:BASE64 and sha512-BASE64, or such a key itself.
func (t *text) fingerprint(i int) bool {
	if t.hasPrefix(i, "AAAA") && slices.ContainsFunc(publicKeys, func(start string) bool { return t.hasPrefix(i, start) }) {
		return true
	}
	if t.hasFold(i, "sha") && i+7 < len(t.b) && class[t.b[i+3]] == digit && t.b[i+6] == '-' {
		return true
	}
	i -= len("SHA256:")
	return i >= 0 && t.boundary(i) && t.hasFold(i, "sha") && class[t.b[i+3]] == digit
}

// publicKeys are how public keys of OpenSSH start, which have their length and type in base64.
var publicKeys = []string{"AAAAC3NzaC1lZDI1NTE5AAAA", "AAAAB3NzaC1yc2EAAAA", "AAAAE2VjZHNhLXNoYTItbmlzdHA"}
