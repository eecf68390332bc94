package api_test

import (
	"encoding/json"
	"strings"
	"testing"

	"fluxtrail/api"
)

func TestEscape(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"plain":               `"plain"`,
		"Größe “x”, 🙂":        `"Größe “x”, 🙂"`,
		"red \x1b[31m\tx":     `"red \u001b[31m\tx"`,
		"csi \u009b31m":       `"csi \u009b31m"`,
		"del \x7f":            `"del \u007f"`,
		"\u202egnp.exe\u2069": `"\u202egnp.exe\u2069"`,
		"mark \u061c\u200f":   `"mark \u061c\u200f"`,
		"a\u2028b\u2029":      `"a\u2028b\u2029"`,
		"app\u200b \ufeff":    `"app\u200b \ufeff"`,
		"tag \U000e0041":      `"tag \udb40\udc41"`,
		"⚠\ufe0f \u3164":      "\"⚠\ufe0f \\u3164\"",
	} {
		b, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		got := string(api.Escape(b))
		if got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
		var back string
		if err := json.Unmarshal([]byte(got), &back); err != nil || back != text {
			t.Errorf("%s: read again as %q, %v", got, back, err)
		}
	}
	for n := range 20 { // wherever it stands
		long := []byte(strings.Repeat("a", n) + "\u009b" + strings.Repeat("b", 19-n))
		if got, want := string(api.Escape(long)), strings.Replace(string(long), "\u009b", `\u009b`, 1); got != want {
			t.Errorf("at %d: %s", n, got)
		}
		del := []byte(strings.Repeat("a", n) + "\x7f" + strings.Repeat("b", 19-n))
		if got := string(api.Escape(del)); !strings.Contains(got, `\u007f`) {
			t.Errorf("at %d: %q", n, got)
		}
	}
	pretty := "{\n  \"a\": \"\u202e\"\n}\n"
	if got := string(api.Escape([]byte(pretty))); !strings.HasPrefix(got, "{\n  \"a\": \"\\u202e\"") {
		t.Error(got)
	}
}

func BenchmarkEscape(b *testing.B) {
	text := []byte(strings.Repeat(`{"at":"2026-11-20T10:00:00.000Z","kind":"Kustomization","name":"app"},`, 100))
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		api.Escape(text)
	}
}

func TestShown(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                                   "",
		"plain, with ünïcode\tand\na line":   "plain, with ünïcode\tand\na line",
		"red \x1b[31m and wipe \x1b[2J":      "red \uFFFD[31m and wipe \uFFFD[2J",
		"back\rto the start, bell \a":        "backto the start, bell \uFFFD",
		"other \u009b31m control":            "other \uFFFD31m control",
		"turned \u202egnp.exe\u2066 x\u200f": "turned \uFFFDgnp.exe\uFFFD x\uFFFD",
		"separated\u2028twice\u2029":         "separated\uFFFDtwice\uFFFD",
		"no UTF-8 \xff\xfe, NUL \x00":        "no UTF-8 \uFFFD, NUL \uFFFD",
		"two\u200bnames, so\u00adft":         "two\uFFFDnames, so\uFFFDft",
		"hidden \U000e0068\U000e0069\u2061":  "hidden \uFFFD\uFFFD\uFFFD",
		"blank \u115f\u3164\uffa0\u034f":     "blank \uFFFD\uFFFD\uFFFD\uFFFD",
		"bytes in signs 🙂\U000e0101\ufe01":   "bytes in signs 🙂\uFFFD\uFFFD",
		"a warning ⚠\ufe0f, 漢字, עברית, é":    "a warning ⚠\ufe0f, 漢字, עברית, é",
	} {
		if got := api.Shown(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
