package redact_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"fluxtrail/fixtures"
)

// TestOtherValues has other secrets in the places of those of the samples: of the same letters and
// digits, or passwords that people choose. What knows the samples' own values alone would show
// here. One in fifty may leak: plain words in sentences, and texts in which only the right check
// sum or letters make the value what it is.
func TestOtherValues(t *testing.T) {
	t.Parallel()
	r, n, leaks := newRedactor(t), 0, []string{}
	for seed := range uint64(3) {
		rnd := rand.New(rand.NewPCG(seed, 99))
		for _, s := range fixtures.Secrets() {
			if strings.HasPrefix(s.Name, "encoded/") || strings.HasPrefix(s.Name, "notations/hex") || encodedParts(s.Parts) {
				continue // another value has to be encoded anew
			}
			n++
			text, parts := replaceParts(&s, func(part string) string { return otherValue(part, rnd) })
			if part := leak(r.String(text), parts); part != "" && !strings.Contains(strings.Join(s.Rest, "\n"), part) {
				leaks = append(leaks, s.Name+": "+text)
			}
		}
	}
	t.Logf("%d of %d leak", len(leaks), n)
	if n < 3000 || len(leaks) > n/50 {
		t.Errorf("%d of %d leak:\n%s", len(leaks), n, strings.Join(leaks, "\n"))
	}
}

func encodedParts(parts []string) bool {
	for _, p := range parts {
		if strings.ContainsAny(p, " \n") || strings.Contains(p, "-----") || strings.Contains(p, "H4sI") {
			return true
		}
	}
	return false
}

// replaceParts gives a sample other secrets.
func replaceParts(s *fixtures.Secret, other func(string) string) (text string, parts []string) {
	for i, rest := range s.Rest {
		text += rest
		if i < len(s.Parts) {
			parts = append(parts, other(s.Parts[i]))
			text += parts[i]
		}
	}
	return text, parts
}

// chosen are passwords of people.
var chosen = []string{
	"hunter2", "letmein123", "Summer2024", "qwerty99", "x7Kp2mQ9", "correcthorse", "monkey42", "Passw0rd", "dragon7x", "zaq12wsx", "kestrel", "fooBar99", "20241105", "s3cr3t!",
}

// otherValue is a password of people for a short word, and for anything else a value in which all but
// the beginning is another of the same kind, byte for byte.
func otherValue(part string, rnd *rand.Rand) string {
	if len(part) < 12 && strings.Trim(part, "0123456789") != "" && strings.IndexFunc(part, notAlphanumeric) < 0 {
		return chosen[rnd.IntN(len(chosen))]
	}
	alphabets := []string{"0123456789", "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
	if len(part) > 8 {
		alphabets = append([]string{"0123456789abcdef", "0123456789ABCDEF", "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"}, alphabets...)
	}
	b := []byte(part)
	for i := keptPrefix(part); i < len(b); i++ {
		if b[i] == '%' || b[i] == '\\' { // an escape
			i += 2
			continue
		}
		for k, letters := range alphabets {
			if strings.IndexByte(letters, b[i]) >= 0 && (len(alphabets) == 3 || k > 2 || strings.Trim(part, letters) == "") {
				b[i] = letters[rnd.IntN(len(letters))]
				break
			}
		}
	}
	return string(b)
}

func notAlphanumeric(r rune) bool {
	return (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
}

// keptPrefix is how much at the beginning of a value tells what it is: ghp_, AKIA, AGE-SECRET-KEY-,
// all but the signature of a JWT.
func keptPrefix(part string) int {
	switch {
	case strings.HasPrefix(part, "eyJ"):
		return strings.LastIndexByte(part, '.') + 1
	case len(part) < 16:
		return 0
	case len(part) >= 20:
		if i := strings.LastIndexAny(part[:20], "_-"); i > 0 {
			return i + 2
		}
	}
	return 4
}
