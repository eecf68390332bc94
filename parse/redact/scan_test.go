package redact

import (
	"encoding/binary"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"fluxtrail/fixtures"
)

// TestScan holds the loops that pass over what is of no interest against what they mean, place by
// place, in texts of all lengths up to some steps of each, and beyond.
func TestScan(t *testing.T) {
	t.Parallel()
	filter := builtIn().filter
	for _, text := range scanned() {
		for i := range 3 {
			checkScan(t, filter, text[min(i, len(text)):])
		}
	}
}

// FuzzScan is TestScan for any text.
func FuzzScan(f *testing.F) {
	for _, text := range []string{ordinary, "\x00\u00e9\u200b\xef\xbc\xa1", strings.Repeat("41", 40), "password=\\x70\\x61\\x73"} {
		f.Add([]byte(text))
	}
	filter := builtIn().filter
	f.Fuzz(func(t *testing.T, text []byte) { checkScan(t, filter, text) })
}

// scanned are the samples of secrets, texts from alphabets that the loops look for, and one odd
// character at each place.
func scanned() (texts [][]byte) {
	for _, s := range fixtures.Secrets() {
		texts = append(texts, []byte(s.Text))
	}
	random := rand.New(rand.NewPCG(1, 2))
	for _, alphabet := range []string{
		"abcdefghijklmnopqrstuvwxyz", "pasword=", "aA0-\"", "AB1 :", "0123456789abcdef", "234567", `\x41,: `, "ghijt-./u1",
		"\x00\x1b\t\n ~\x7f\x80\xc2\xad\xe2\xef\xff", "AZ[@`a{z/09:", "é密 a", "sid=\"data",
	} {
		for size := range 130 {
			for range 3 {
				text := make([]byte, size)
				for i := range text {
					text[i] = alphabet[random.IntN(len(alphabet))]
				}
				texts = append(texts, text)
			}
		}
	}
	for _, odd := range []string{"\x00", "\x1b", "\x1f", "\t", "\u00ad", "\u200b", "\uff21", "\x7f"} {
		for before := range 40 {
			texts = append(texts, []byte(strings.Repeat("a", before)+odd+strings.Repeat("b", 40-before)))
		}
	}
	return texts
}

func checkScan(t *testing.T, filter *prefilter, b []byte) {
	t.Helper()
	for first := range 2 {
		compareStops(t, b, "anchors", stops(b, first, 2, filter.next), placesOf(b, first, 2, func(i int) bool {
			return i+3 <= len(b) && filter.seen[codesAt(b, i)] != 0 && filter.near(b, i)
		}))
	}
	compareStops(t, b, "random words", slices.DeleteFunc(stops(b, 0, stride, nextRandom), func(i int) bool { return !mayBeRandom(b, i) }),
		placesOf(b, 0, stride, func(i int) bool { return mayBeRandom(b, i) }))
	compareStops(t, b, "spelled bytes", stops(b, 0, spellStride, nextSpelled), placesOf(b, 0, spellStride, func(i int) bool {
		if i+spellLook > len(b) {
			return false
		}
		x := b[i : i+spellLook]
		return digitsAndMarks(x) && !hexedWord(x) && slices.ContainsFunc(x, func(c byte) bool { return class[c] == digit })
	}))
	if got, want := unusual(b), len(placesOf(b, 0, 1, func(i int) bool { return unusualAt(b, i) })) > 0; got != want {
		t.Errorf("unusual is %v for %q", got, b)
	}
}

// mayBeRandom reports whether the eight bytes at i may be of a random word, or of hexadecimal digits.
func mayBeRandom(b []byte, i int) bool {
	if i+wordLen > len(b) {
		return false
	}
	x, capitals, digits, others := b[i:i+wordLen], 0, 0, 0
	for _, c := range x {
		switch class[c] {
		case upper:
			capitals++
		case digit:
			digits++
		case other:
			others++
		}
	}
	return others == 0 && capitals > 0 && capitals+digits > 1 || maybeHexed(binary.LittleEndian.Uint64(x))
}

// stops are the places at which next stops, every step bytes.
func stops(b []byte, first, step int, next func([]byte, int) int) (places []int) {
	for i := next(b, first); i < len(b); i = next(b, i+step) {
		places = append(places, i)
	}
	return places
}

// placesOf are those of which is true, every step bytes.
func placesOf(b []byte, first, step int, is func(int) bool) (places []int) {
	for i := first; i < len(b); i += step {
		if is(i) {
			places = append(places, i)
		}
	}
	return places
}

func compareStops(t *testing.T, b []byte, what string, got, want []int) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s of %q: stops at %v, want %v", what, b, got, want)
	}
}
