package redact

import "bytes"

// The classes of bytes that base64, plain or URL-safe, is written with. They share a
// bit that other lacks, so that all of a word can be tested at once, and letters and
// digits have a bit each, so that they can be counted.
const (
	other  uint8 = 0
	symbol uint8 = 0b1000
	upper  uint8 = 0b1001
	lower  uint8 = 0b1010
	digit  uint8 = 0b1100
)

var class = classes()

func classes() (t [256]uint8) {
	for c := range t {
		switch {
		case 'a' <= c && c <= 'z':
			t[c] = lower
		case 'A' <= c && c <= 'Z':
			t[c] = upper
		case '0' <= c && c <= '9':
			t[c] = digit
		case c == '+' || c == '/' || c == '-' || c == '_':
			t[c] = symbol
		}
	}
	return t
}

const (
	// minBlob is the shortest run that is taken for base64: 30 bytes of secret, and
	// just what a secret key of AWS has.
	minBlob = 40
	// A run of minBlob bytes holds an aligned word whole if words are this far apart.
	wordLen, stride = 8, 32

	// In random base64, 24 of 39 neighbours are of different class, 16 of 40 bytes are
	// capitals and 6 digits; in the base64 of a text hardly fewer. In names and paths
	// it is some 10 of 39, 7 and 1; digests have letters of one case only.
	minTurns, minLetters, minDigits, minCapitals = 10, 4, 1, 12
)

// blobs adds the runs of base64 in text to spans.
func blobs(spans []span, text []byte) []span {
	l := line{text: text}
	for i := 0; i+wordLen <= len(text); i += stride {
		b := text[i : i+wordLen]
		if class[b[0]]&class[b[1]]&class[b[2]]&class[b[3]]&class[b[4]]&class[b[5]]&class[b[6]]&class[b[7]] == 0 {
			continue
		}
		from, to := run(text, i)
		if base64(text[from:to]) && !l.fingerprint(from) {
			spans = keep(spans, text, span{from: l.start(from), to: to + padding(text[to:]), kind: "base64"})
		}
		i = (to - 1) / stride * stride
	}
	return spans
}

// run returns the bounds of the base64 characters around i.
func run(text []byte, i int) (from, to int) {
	for from = i; from > 0 && class[text[from-1]] != other; from-- {
	}
	for to = i; to < len(text) && class[text[to]] != other; to++ {
	}
	return from, to
}

func padding(text []byte) int {
	n := 0
	for n < 2 && n < len(text) && text[n] == '=' {
		n++
	}
	return n
}

// base64 reports whether minBlob bytes in a row of b look like base64.
func base64(b []byte) bool {
	if len(b) < minBlob || count(b, upper) < minLetters {
		return false
	}
	turns := 0
	for i := 1; i < len(b); i++ {
		turns += turn(b[i-1], b[i])
		if i >= minBlob {
			turns -= turn(b[i-minBlob], b[i-minBlob+1])
		}
		if i >= minBlob-1 && turns >= minTurns && mixed(b[i+1-minBlob:i+1]) {
			return true
		}
	}
	return false
}

// mixed reports whether b has letters of both cases, and more capitals and digits than
// words that are strung together.
func mixed(b []byte) bool {
	capitals, digits := count(b, upper), count(b, digit)
	return capitals >= minLetters && count(b, lower) >= minLetters &&
		digits >= minDigits && capitals+digits >= minCapitals
}

// count returns how many bytes of b are of class c: upper, lower or digit.
func count(b []byte, c uint8) int {
	c &^= symbol
	n := 0
	for i := range b {
		n += int(class[b[i]] & c)
	}
	return n / int(c)
}

// turn is 1 if a and b are letters or digits of different classes.
func turn(a, b byte) int {
	if class[a] != class[b] && alnum(a) && alnum(b) {
		return 1
	}
	return 0
}

// fingerprint reports whether a base64 text at i is the fingerprint of a public key or
// a checksum, which OpenSSH and npm write as SHA256:BASE64 and sha512-BASE64.
func (l *line) fingerprint(i int) bool {
	i -= len("SHA256:")
	return i >= 0 && l.boundary(i) && bytes.EqualFold(l.text[i:i+3], []byte("SHA")) && class[l.text[i+3]] == digit
}
