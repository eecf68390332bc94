package report

import (
	"io"
	"strings"
	"testing"

	"fluxtrail/api"
)

func markdownOf(r *api.Report, opt Look) func(io.Writer) error {
	return func(w io.Writer) error { return writeMarkdown(w, r, opt) }
}

func TestWriteMarkdown(t *testing.T) {
	golden(t, "sample.md", markdownOf(sample(), Look{}))
	golden(t, "empty.md", markdownOf(&api.Report{}, Look{}))
}

func TestCodeSpanCannotBeLeft(t *testing.T) {
	for in, want := range map[string]string{
		"":             "",
		"plain":        "`plain`",
		"a `b` c":      "``a `b` c``",
		"`x":           "`` `x ``",
		"two\n\nlines": "`two ⏎ lines`",
		"``` fence":    "```` ``` fence ````",
	} {
		if got := codeSpan(in); got != want {
			t.Errorf("codeSpan(%q) = %s, want %s", in, got, want)
		}
	}
}

// No backslash that escapes a pipe can be taken for one that is escaped itself.
func TestMarkdownCell(t *testing.T) {
	for in, want := range map[string]string{
		"a|b":            "`a\\|b`",
		`a\|![i](x) \\|`: "`a\\ \\|![i](x) \\\\ \\|`",
		`\||\`:           "`\\ \\|\\|\\`",
	} {
		if got := markdownCell(cell{Text: in, Log: true}); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}

// A table row has as many unescaped pipes as its head, or the log text has broken out of its cell.
func TestMarkdownTablesHold(t *testing.T) {
	want := 0
	for line := range strings.Lines(string(written(t, markdownOf(sample(), Look{})))) {
		if !strings.HasPrefix(line, "|") {
			want = 0
			continue
		}
		got := strings.Count(line, "|") - strings.Count(line, `\|`)
		if want == 0 {
			want = got
		}
		if got != want {
			t.Errorf("%d cells instead of %d: %s", got-1, want-1, line)
		}
	}
}
