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
	pretty := "{\n  \"a\": \"\u202e\"\n}\n"
	if got := string(api.Escape([]byte(pretty))); !strings.HasPrefix(got, "{\n  \"a\": \"\\u202e\"") {
		t.Error(got)
	}
}
