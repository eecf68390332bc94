package report

import (
	"io"
	"regexp"
	"strings"
	"testing"

	"fluxtrail/api"
)

func textOf(r *api.Report, opt Look) func(io.Writer) error {
	return func(w io.Writer) error { return writeText(w, r, opt) }
}

func TestWriteText(t *testing.T) {
	golden(t, "first.txt", textOf(sample(), Look{Width: 100}))
	golden(t, "sample.txt", textOf(sample(), Look{Sections: SectionNames(), Width: 100}))
	golden(t, "narrow.txt", textOf(sample(), Look{Sections: SectionNames(), Width: 60, Limit: 2}))
	golden(t, "empty.txt", textOf(&api.Report{}, Look{Sections: SectionNames()}))
}

// copied are lines that are not broken, because people copy what stands in them.
var copied = regexp.MustCompile(`^  (log|attempt|next)? +\S+:\d+$|reconcileID|^pods/\S+$|^  (next)? +(flux|kubectl) -n `)

func TestTextKeepsToTheWidth(t *testing.T) {
	for _, width := range []int{60, 80, 100, 200} {
		for n, line := range strings.Split(string(written(t, textOf(sample(), Look{Sections: SectionNames(),
			Width: width, Limit: -1}))), "\n") {
			if columns(line) > width && !copied.MatchString(line) {
				t.Errorf("width %d: line %d has %d columns: %s", width, n+1, columns(line), line)
			}
		}
	}
}

func TestTextIsSafeForATerminal(t *testing.T) {
	text := string(written(t, textOf(sample(), Look{})))
	if i := strings.IndexFunc(text, func(r rune) bool { return r < ' ' && r != '\n' || r == '\u202e' }); i >= 0 {
		t.Errorf("control character %q in the text", text[i:i+10])
	}
	if colored := string(written(t, textOf(sample(), Look{Color: true}))); strings.Contains(colored,
		"\x1b[31mred") {
		t.Error("a colour of the log got through")
	}
}
