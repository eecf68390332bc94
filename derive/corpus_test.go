package derive

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"fluxtrail/fixtures"
	"fluxtrail/parse"
	"fluxtrail/parse/redact"
)

// TestNoFieldKeepsASecret has each sample of a secret in a string of a line that may say anything,
// another string for each sample: what the engine keeps of it has no half of the secret.
func TestNoFieldKeepsASecret(t *testing.T) {
	t.Parallel()
	secrets, err := redact.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	fields, found := slices.Sorted(maps.Keys(spoiled)), 0
	for i, s := range fixtures.Secrets() {
		name := fields[i%len(fields)]
		text := keptOf(t, secrets.String, s.Text, spoiled[name])
		found += strings.Count(text, "redacted:")
		for _, p := range s.Parts {
			if len(p) < 8 || strings.ContainsFunc(p, func(c rune) bool { return c <= ' ' || c > '~' || strings.ContainsRune(`"\<>&`, c) }) {
				continue
			}
			half := max(8, len(p)/2)
			if strings.Contains(text, p[:half]) || strings.Contains(text, p[len(p)-half:]) {
				t.Errorf("%q as %s, %s", s.Text, name, s.Name)
			}
		}
	}
	if found == 0 {
		t.Error("nothing was redacted")
	}
}

// keptOf is what an engine keeps and hands over of lines that say a text in a field.
func keptOf(t *testing.T, redacts func(string) string, said string, field func(*parse.Record) *string) string {
	t.Helper()
	e := New(Config{Redact: redacts, KeepAttempts: true, Announce: true})
	for i, m := range []parse.Meaning{parse.Failed, parse.WaitSource, parse.Event, parse.None} {
		r := parse.Record{
			Time: noon + int64(i)*1e9, Level: parse.LevelError, Kind: "HelmRelease", Namespace: "a", Name: "b",
			Msg: "Helm upgrade failed", Meaning: m, Error: "x", Message: "Helm upgrade failed: x",
		}
		if *field(&r) = said; m == parse.Event {
			*field(&r) = "Helm upgrade failed: " + said
		}
		e.Add(&r, Place{})
	}
	text, err := json.Marshal([]any{e, e.View(), e.TakeAnnouncements(), e.TakeAttempts()})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
