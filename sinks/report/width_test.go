package report

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestColumns(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]int{"": 0, "abc": 3, "naïve": 5, "e\u0301": 1, "日本語": 6, "✗ ■ · – … → └": 13, "a\u200bb": 2} {
		if got := columns(s); got != want {
			t.Errorf("%q: %d, want %d", s, got, want)
		}
	}
}

func TestWrap(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in   string
		n    int
		want []string
	}{
		{"", 10, []string{""}},
		{"one two three", 7, []string{"one two", "three"}},
		{"  one \n two  ", 20, []string{"one two"}},
		{"https://example.com/long", 10, []string{"https://ex", "ample.com/", "long"}},
		{"see https://example.com", 10, []string{"see", "https://ex", "ample.com"}},
		{"日本語 x", 4, []string{"日本", "語 x"}},
	} {
		if diff := cmp.Diff(c.want, wrap(c.in, c.n)); diff != "" {
			t.Errorf("%q at %d: %s", c.in, c.n, diff)
		}
	}
}

func TestBreakName(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in   string
		n    int
		want []string
	}{
		{"Kustomization/flux-system/infra", 40, []string{"Kustomization/flux-system/infra"}},
		{"Kustomization/flux-system/infra", 30, []string{"Kustomization/flux-system/", "infra"}},
		{"Kustomization/flux-system/infra", 20, []string{"Kustomization/", "flux-system/infra"}},
		{"Kustomization/flux-system/infra", 10, []string{"Kustomizat", "ion/flux-", "system/", "infra"}},
		{"abcdefghij", 4, []string{"abcd", "efgh", "ij"}},
		{"one two ← three", 9, []string{"one two", "← three"}},
		{"日本語", 1, []string{"日", "本", "語"}},
	} {
		if diff := cmp.Diff(c.want, breakName(c.in, c.n)); diff != "" {
			t.Errorf("%q at %d: %s", c.in, c.n, diff)
		}
	}
}

// FuzzLines wants that wrapping loses no character, and that no line is wider than asked for unless
// it is one character.
func FuzzLines(f *testing.F) {
	f.Add("Kustomization/flux-system/infra ← GitRepository/flux-system/apps", 12)
	f.Add("日本語 🚀 e\u0301", 2)
	f.Add("語\u032a x", 1)
	f.Fuzz(func(t *testing.T, s string, n int) {
		n = max(1, n%200)
		s = oneLine(s)
		for name, lines := range map[string][]string{"wrap": wrap(s, n), "breakName": breakName(s, n)} {
			without := func(s string) string { return strings.Join(strings.Fields(s), "") }
			if got := strings.Join(lines, ""); without(got) != without(s) {
				t.Errorf("%s: %q became %q", name, s, got)
			}
			for _, l := range lines {
				if columns(l) > max(2, n) {
					t.Errorf("%s: %q has %d columns, not %d", name, l, columns(l), n)
				}
			}
		}
	})
}

func TestVisible(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"  a\r\nb\tc \n":     "a\nb\tc",
		"\x1b[31mred":        "\uFFFD[31mred",
		"\u202egnirts":       "\uFFFDgnirts",
		"bad\xffbyte":        "bad\uFFFDbyte",
		"nul\x00 del\x7f":    "nul\uFFFD del\uFFFD",
		"日本語 🚀 keep \u00a0x": "日本語 🚀 keep \u00a0x",
	} {
		if got := visible(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]string{"a\n\n  b\tc\n": "a ⏎ b c", "one": "one", "\n": ""} {
		if got := oneLine(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestShorten(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in   string
		n    int
		want string
	}{{"abc", 3, "abc"}, {"日本語", 3, "日本語"}, {"日本語x", 3, "日本語… (1 more characters)"}, {strings.Repeat("a", 2000), 1, "a… (1,999 more characters)"}} {
		if got := shorten(c.in, c.n); got != c.want {
			t.Errorf("%s, want %s", got, c.want)
		}
	}
}
