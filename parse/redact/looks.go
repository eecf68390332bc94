package redact

import (
	"bytes"
	"strings"
)

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

func alnum(c byte) bool { return class[c]&^symbol != 0 }

// turn reports whether a and b are a letter and a digit, or a small letter and a capital.
func turn(a, b uint8) bool {
	letterOrDigit := a&^symbol != 0 && b&^symbol != 0
	return a != b && letterOrDigit && (a != upper || b != lower)
}

// maxLook is how much of a value is looked at to tell what it is.
const maxLook = 48

// shape is what the characters of a word tell of it.
type shape struct {
	size                   int
	lowers, uppers, digits int
	symbols                int // whatever is no letter and no digit
	turns                  int // a letter beside a digit, or a capital after a small letter
	tail                   int // digits at the end
}

func look(word []byte) (s shape) {
	word = word[:min(len(word), maxLook)]
	last := other
	for _, c := range word {
		last = s.see(class[c], last)
	}
	s.size = len(word)
	return s
}

// see counts a byte of class k after one of class last, and returns k.
func (s *shape) see(k, last uint8) uint8 {
	s.tail++
	switch k {
	case lower:
		s.lowers++
		s.tail = 0
	case upper:
		s.uppers++
		s.tail = 0
	case digit:
		s.digits++
	default:
		s.symbols++
		s.tail = 0
	}
	if k != last && turn(last, k) {
		s.turns++
	}
	return k
}

func (s *shape) letters() int { return s.lowers + s.uppers }

// constant reports whether a value tells nothing: it is empty, the number of an error, a constant
// of some language, a reference to a variable, or was masked by who wrote it.
func constant(word []byte) bool {
	switch {
	case len(word) == 0:
		return true
	case word[0] == '$', word[0] == '{':
		return reference(word) || bytes.HasPrefix(word, []byte("$(")) || bytes.HasPrefix(word, []byte("{{")) || len(word) == 2
	case len(word) > maxLook:
		return false
	case len(word) == len("0xc000123456") && bytes.HasPrefix(word, []byte("0xc00")): // an address in Go's memory
		return true
	case word[0] == '*', word[0] == 0xe2, len(word) > 2 && bytes.IndexByte([]byte("xX.-_"), word[0]) >= 0:
		if len(bytes.Trim(word, "*•xX.-_")) == 0 {
			return true
		}
	}
	return len(word) <= 12 && isOneOf(word, constants) || bytes.HasPrefix(word, []byte("AADSTS")) && numeral(word[len("AADSTS"):])
}

// reference reports whether word refers to a variable, and has no value in case that it is not set.
func reference(word []byte) bool {
	if name := look(word[1:]); word[0] == '$' && name.uppers > 2 && bytes.IndexByte(word, '_') > 1 && len(bytes.Trim(word[1:], "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789")) == 0 {
		return true
	}
	return bytes.HasPrefix(word, []byte("${")) && !bytes.Contains(word, []byte(":-")) && !bytes.Contains(word, []byte(":="))
}

var constants = []string{
	"true", "false", "null", "nil", "<nil>", "none", "<none>", "undefined", "yes", "no", "map[]", "[]",
	"redacted", "[redacted]", "<redacted>", "<hidden>", "<masked>", "<secret>", "(hidden)", "%s", "%v", "%q", "!!null",
}

// random reports whether word looks like one that no person chose: no short one, with
// letters and digits, or letters of both cases, that are mixed otherwise than in words,
// names, paths, versions and digests.
func random(word []byte) bool {
	w := parse(word)
	return w.random() && !digest(word)
}

func (w *parts) random() bool {
	return w.size >= 8 && w.letters() > 0 && (w.digits > 0 || w.lowers > 0 && w.uppers > 0) && !w.plain()
}

// odd reports whether word is one that may be a password in a sentence: it has a digit
// beside its letters, or a capital or a symbol inside, and is no known term.
func odd(word []byte) bool {
	w := parse(word)
	switch {
	case w.size < 5:
		return false
	case w.size >= 6 && w.digits == w.size: // a date, a number that somebody likes
		return true
	}
	open := bytes.IndexByte([]byte("_-+~@"), word[len(word)-1]) >= 0 // no name ends so
	mixed := w.uppers > 0 && w.lowers > 2 && w.digits > 1 && bytes.IndexByte(word, '/') < 0
	return w.letters() > 0 && (w.digits > 0 && w.symbols == 0 || open || mixed || !w.plain()) && !isOneOf(word, oddTerms) && !digest(word)
}

// isOneOf reports whether word is one of list, which is in lower case.
func isOneOf(word []byte, list []string) bool {
	for _, s := range list {
		if len(s) == len(word) && hasFold(word, s) {
			return true
		}
	}
	return false
}

// oddTerms are words with digits that stand in errors about passwords and tokens.
var oddTerms = []string{
	"oauth2", "x509v3", "base64", "sha256", "sha512", "utf-8", "http2", "tls1.2", "tls1.3", "aes256", "ed25519", "rsa2048", "rsa4096",
	"hs256", "rs256", "es256", "pbkdf2", "argon2", "argon2id", "level1", "ntlmv2", "oidc2", "float64", "float32", "int64", "int32", "uint64", "uint32", "uint8",
}

// plain reports whether all parts of word are those of ordinary words, numbers and
// names: "canary-2", "sops-age-2026", "apps/podinfo", "v1.2.3", "KustomizeController".
func plain(word []byte) bool {
	w := parse(word)
	return w.plain()
}

// parts is what the parts of a word are, between marks such as hyphens, and what its
// characters are.
type parts struct {
	shape
	words, numbers int
	suffixes       int // parts such as Kubernetes appends to names
	odd            int
	longest        int // of the suffixes
}

// separators are what words, names and paths are divided by.
var separators = byteTable("-._/:,+@~")

// byteTable tells which bytes are among marks.
func byteTable(marks string) (t [256]bool) {
	for _, c := range []byte(marks) {
		t[c] = true
	}
	return t
}

// parse tells the parts of word.
func parse(word []byte) (w parts) {
	word = word[:min(len(word), maxLook)]
	var s shape
	from, last := 0, other
	for i, c := range word {
		if !separators[c] {
			last = s.see(class[c], last)
			continue
		}
		if i > from {
			w.add(&s, word[from:i])
		}
		w.symbols++
		s, from, last = shape{}, i+1, other
	}
	if from < len(word) {
		w.add(&s, word[from:])
	}
	w.size = len(word)
	return w
}

// add counts a part, which has the shape s.
func (w *parts) add(s *shape, part []byte) {
	s.size = len(part)
	w.lowers, w.uppers, w.digits = w.lowers+s.lowers, w.uppers+s.uppers, w.digits+s.digits
	w.symbols, w.turns = w.symbols+s.symbols, w.turns+s.turns
	switch {
	case s.word():
		w.words++
	case s.number() && numeral(part):
		w.numbers++
	case s.size <= 10 && s.uppers == 0 && s.symbols == 0:
		w.suffixes++
		w.longest = max(w.longest, s.size)
	default:
		w.odd++
	}
}

// plain is the function of that name. A part that is random makes a name if it is no
// longer than what Kubernetes appends and a word stands beside it, as in
// "regcred-2f8d9a1b".
func (w *parts) plain() bool {
	return w.odd == 0 && (w.suffixes == 0 || w.words > 0 && w.uppers == 0)
}

// nameLike reports whether the word is the name of an object or the value of a label: small
// letters, in several ordinary parts.
func (w *parts) nameLike() bool {
	return w.plain() && w.symbols > 0 && w.uppers == 0 && w.longest <= 5
}

// word reports whether a part consists of letters as words do, perhaps with a number at
// the end, or of words strung together with a capital each.
func (s *shape) word() bool {
	letters, turns := s.letters(), s.turns
	if s.tail > 0 {
		turns--
	}
	switch {
	case s.digits != s.tail || s.tail > 4 || s.symbols > 0 || letters == 0:
		return false
	case s.lowers == 0:
		return letters <= 12
	}
	return turns*4 <= letters && (s.uppers <= turns+1 || s.uppers <= 5 && turns <= 1)
}

// number reports whether a part may be a number with a unit.
func (s *shape) number() bool { return s.digits > 0 && s.letters() <= 3 && s.symbols == 0 }

// numeral reports whether part is a number, a version, a size or a duration.
func numeral(part []byte) bool {
	part = bytes.TrimPrefix(part, []byte("v"))
	for _, c := range part {
		if class[c] != digit && strings.IndexByte("hmsunKMGTiB", c) < 0 {
			return false
		}
	}
	return len(part) > 0 && class[part[0]] == digit
}

// digest reports whether word is a checksum, fingerprint or revision that says so
// itself: sha256:..., main@sha1:..., SHA256:... .
func digest(word []byte) bool {
	i := bytes.LastIndexByte(word[:min(len(word), maxLook)], ':')
	if i < 0 {
		return false
	}
	name := word[bytes.LastIndexByte(word[:i], '@')+1 : i]
	return hasFold(name, "sha") && len(name) <= len("sha3-256") || hasFold(name, "md5") || hasFold(name, "h1") && len(name) == 2
}

// hexadecimal reports whether word consists of at least that many hexadecimal digits, with
// letters among them.
func hexadecimal(word []byte, least int) bool {
	letters := 0
	if len(word) < least || len(word) > 2*maxLook {
		return false
	}
	for _, c := range word {
		if hexValue(c) < 0 {
			return false
		}
		if class[c] != digit {
			letters++
		}
	}
	return letters > 0 && letters < len(word)
}
