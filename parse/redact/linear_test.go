package redact

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// maxSteps is how many bytes may be looked at for each byte of a text in one pass, whatever the
// text.
const maxSteps = 100

// steps looks for secrets in text once and returns how many bytes were looked at.
func steps(r *Redactor, text string) int {
	before := r.allSteps()
	r.find([]byte(text))
	return r.allSteps() - before
}

// allSteps returns how many bytes r has looked at, and those that look into what is encoded.
func (r *Redactor) allSteps() int {
	if r == nil {
		return 0
	}
	return r.text.steps + r.inner.allSteps()
}

// allSteps takes the secrets out of text, and returns how many bytes were looked at in all
// passes: up to five over a text that has secrets, and four more over one that is written
// otherwise than it is meant.
func allSteps(r *Redactor, text string) int {
	before := r.allSteps()
	r.Bytes(nil, []byte(text))
	return r.allSteps() - before
}

// TestAllStepsLinear bounds the work of all passes for each anchor and tail, as the text grows.
// How many passes there are changes with the length, so it may be more than twice as much for a
// text of twice the length, but not for one of 16 times the length more than 16 times the bound.
func TestAllStepsLinear(t *testing.T) {
	t.Parallel()
	r, err := New(nil)
	if err != nil {
		t.Fatal(err)
	}
	worst, where := 0, ""
	for k, anchor := range anchorTexts() {
		for j := k % 23; j < len(tails); j += 23 {
			unit := anchor + tails[j]
			for _, size := range []int{1 << 10, 1 << 13} {
				n := allSteps(r, strings.Repeat(unit, size/len(unit)+1)) / size
				if n > 3*maxSteps {
					t.Errorf("%q: %d steps for each of %d bytes", unit, n, size)
				}
				if n > worst {
					worst, where = n, unit
				}
			}
		}
	}
	t.Logf("at most %d steps a byte: %q", worst, where)
}

// anchorTexts are all that the prefilter looks for.
func anchorTexts() []string {
	var all []string
	for _, r := range rules() {
		all = append(all, r.anchors...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// tails are what may follow an anchor: separators, and values that are open, nested,
// quoted, redacted, or go on for long.
var tails = []string{
	"", " ", "=", ":", ": ", " = ", `="`, `:"`, `\":\"`, `: '`, ":[", ": [", "={", `":{"`, `":[`, ": |\n ", ":\n  ", `:\n  `, ": >\\n   ",
	">", "%3D", " is ", " is '", ": <redacted:x>", "=<redacted:", "=<redacted:x>a", "=map[", ": &value.valueUnstructured{Value:[",
	"=a;", "=a,b", "=aB3dE6gH", "=0123456789abcdef", ": x-1.", " x/y-1.", `","value":"`, "=`", ": “", ": «x", `\`, `\\`, `\\\`, "=((((", "=))))",
	"=a&b", "%70", "%2525253D", `\u0070`, `\\\\u0061`, "&#112;", "&#", "&quot;", "\x1b[31m", `\x73\x73`, "\u200b", "+\u200b", "|", "+", ",a,b\n1,2,", "  a  b\n1  2  ", ") VALUES (1, '", " 1a2B3c4D5e6F", "「", "'''", ` """`,
	" for joe: ", " of ", " alpha beta gamma delta ", ":map[a:", " -p ", `","-p","`, ":70 61 73 73", `\u0000`, `\160\141`, "=70=61", " 0x70, 0x61, ", "\n  ", "–", "ｐ", " <<< ", "{{ . ",
	"//u:p@", "//u:p x@", "@", "@a:b", ".eyJ", "-----", "|", "...|x", " does not match sops", `\u003e`, `=\u0026`, "'", "\t",
}

// TestStepsLinear wants the work for a text of twice the length to be about twice as much,
// for every anchor, each with a quarter of the tails, repeated without end.
func TestStepsLinear(t *testing.T) {
	t.Parallel()
	r, err := New(nil)
	if err != nil {
		t.Fatal(err)
	}
	const size = 1 << 11
	worst, where := 0, ""
	for k, anchor := range anchorTexts() {
		for j := k % 4; j < len(tails); j += 4 {
			unit := anchor + tails[j]
			start := []string{"", `{"error":"`}[(k+j)%2]
			{
				text := start + strings.Repeat(unit, 2*size/len(unit)+1)
				once, twice := steps(r, text[:size]), steps(r, text[:2*size])
				if 2*twice > 5*once+4*maxLook || once > maxSteps*size {
					t.Errorf("%q after %q: %d steps for %d bytes, %d for twice as many", unit, start, once, size, twice)
				}
				if once > worst {
					worst, where = once, fmt.Sprintf("%q after %q", unit, start)
				}
			}
		}
	}
	t.Logf("at most %.1f steps a byte: %s", float64(worst)/size, where)
}

// TestStepsLinearFillers is the same for texts in which much stands between the anchors.
func TestStepsLinearFillers(t *testing.T) {
	t.Parallel()
	r, err := New(nil)
	if err != nil {
		t.Fatal(err)
	}
	const size = 1 << 13
	fillers := []string{" ", "a", "A1b", ".", "a.", "a-1.", "\\", "\"", "\\\"", "{", "[", "(", "'", "/", "//", "//a:b/", "@", "%40", "%2F%2F", ":", ",", ",a=", "\n", "\n ", "\\n", ")", "=", "<", "<redacted:x>", "é", "\\u00e9", "-"}
	for _, anchor := range []string{"token=", "secret: ", "password is ", `"secret":"`, "data:", "&sig=", "-----BEGIN A-----", "eyJ.eyJ", "https://u:", "x@", "byte of ...|", "Invalid value: \"", "input string "} {
		for _, filler := range fillers {
			for _, n := range []int{1, 20, 130, 600} {
				unit := anchor + strings.Repeat(filler, n/len(filler)+1)
				for _, start := range []string{"", `{`, `{"error":"`} {
					text := start + strings.Repeat(unit, 2*size/len(unit)+1)
					once, twice := steps(r, text[:size]), steps(r, text[:2*size])
					if 2*twice > 5*once+4*maxQuoted || once > maxSteps*size {
						t.Errorf("%.40q × %d after %q: %d steps for %d bytes, %d for twice as many", unit, len(unit), start, once, size, twice)
					}
				}
			}
		}
	}
}

// TestStepsLinearRuns is the same for a run of one thing without end, between an anchor and what
// gives the run its meaning. There the work is a few steps a byte, however often the text is gone
// over.
func TestStepsLinearRuns(t *testing.T) {
	t.Parallel()
	r, err := New(nil)
	if err != nil {
		t.Fatal(err)
	}
	const size, most = 1 << 13, 25
	runs := []string{" ", "a", "1", ".", "-", "\\", "\"", "'", "`", "{", "[", "(", ")", "/", ":", "=", "@", "%", "&", "<", ",", ";", "|", "+", "\n", "\t", "\\n", "%25", "a.", "a ", "é", "\u200b"}
	ends := []string{"", "u003d", "u0022", "\"", "'", "n", "x41", "1", "a", "@", "=", ":", "}", ">", "amp;", "3D", " <redacted:x>", "\n", "://u:p@"}
	worst, where := 0, ""
	for _, anchor := range []string{"", "Authorization: ", "token=", "secret: ", "password is ", `"secret":"`, "-p ", "&sig=", "https://u:", "eyJ", "data:\n", "-----BEGIN A-----"} {
		for _, run := range runs {
			for _, end := range ends {
				n := steps(r, anchor+strings.Repeat(run, size/len(run))+end)
				if n > most*size {
					t.Errorf("%q × %d after %q before %q: %d steps", run, size, anchor, end, n)
				}
				if n > worst {
					worst, where = n, fmt.Sprintf("%q after %q before %q", run, anchor, end)
				}
			}
		}
	}
	t.Logf("at most %.1f steps a byte: %s", float64(worst)/size, where)
}

// FuzzSteps bounds the work for any text, as it is and repeated.
func FuzzSteps(f *testing.F) {
	for i, anchor := range anchorTexts() {
		f.Add(anchor + tails[i%len(tails)])
	}
	r, err := New(nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, text := range []string{text, strings.Repeat(text, 1+1<<12/(1+len(text))), `{"error":"` + strings.Repeat(text, 1+1<<10/(1+len(text)))} {
			if n := steps(r, text); n > maxSteps*(len(text)+maxQuoted) {
				t.Errorf("%d steps for %d bytes of %.100q", n, len(text), text)
			}
			if n := allSteps(r, text); n > 10*maxSteps*(len(text)+maxQuoted) {
				t.Errorf("%d steps in all passes for %d bytes of %.100q", n, len(text), text)
			}
		}
	})
}
