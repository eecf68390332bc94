package derive

import (
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"fluxtrail/fixtures"
	"fluxtrail/parse"
)

// marked stands for a secret: what Config.Redact takes out.
const marked = "kq7vz3xw"

// TestNothingIsKeptUnredacted has a secret in each string that a record may have, and in each name of
// an object wherever a line tells it, of all cases: what the engine keeps and hands over has none.
func TestNothingIsKeptUnredacted(t *testing.T) {
	t.Parallel()
	for _, c := range fixtures.Cases("derive") {
		t.Run(c.Name(), func(t *testing.T) {
			t.Parallel()
			for name, field := range spoiled {
				spoil(t, &c, name, func(l *entry) {
					if s := field(&l.rec); *s != "" {
						*s += "-" + marked
					}
				})
			}
			spoil(t, &c, "pod", func(l *entry) { l.at.Source, l.at.Pod = math.MaxInt32, "kustomize-controller-"+marked })
		})
	}
}

// spoiled are the strings of a record that can say anything.
var spoiled = map[string]func(*parse.Record) *string{
	"logger":    func(r *parse.Record) *string { return &r.Logger },
	"message":   func(r *parse.Record) *string { return &r.Msg },
	"namespace": func(r *parse.Record) *string { return &r.Namespace },
	"name":      func(r *parse.Record) *string { return &r.Name },
	"id":        func(r *parse.Record) *string { return &r.ID },
	"revision":  func(r *parse.Record) *string { return &r.Revision },
	"error":     func(r *parse.Record) *string { return &r.Error },
	"reason":    func(r *parse.Record) *string { return &r.Reason },
	"text":      func(r *parse.Record) *string { return &r.Message },
	"about":     func(r *parse.Record) *string { return &r.About },
}

// TestNoNameIsKeptUnredacted has a secret in the names of objects, wherever a line tells them.
func TestNoNameIsKeptUnredacted(t *testing.T) {
	t.Parallel()
	for _, c := range fixtures.Cases("derive") {
		t.Run(c.Name(), func(t *testing.T) {
			t.Parallel()
			names := map[string]bool{}
			for _, l := range input(New(Config{}), &c) {
				if l.rec.Object() {
					names[l.rec.Name] = true
				}
			}
			for i := range c.Files {
				text := string(c.Files[i].Data)
				for name := range names {
					text = strings.ReplaceAll(text, name, name+"-"+marked)
				}
				c.Files[i].Data = []byte(text)
			}
			spoil(t, &c, "names", func(*entry) {})
		})
	}
}

// spoil derives a case whose records were changed, and looks for the secret in all that comes out.
func spoil(t *testing.T, c *fixtures.Case, name string, change func(*entry)) {
	t.Helper()
	cfg, now := settings(t, c.Section("config"))
	cfg.Redact = func(s string) string { return strings.ReplaceAll(s, marked, "REDACTED") }
	cfg.KeepAttempts, cfg.Announce, cfg.KeepText = true, true, true
	e := New(cfg)
	var out []any
	take := func() {
		transitions, ended := e.Take()
		for _, x := range []any{transitions, ended, e.TakeAttempts(), e.TakeAnnouncements(), e.TakeSilences(), e.TakeCounts(), e} {
			text, err := json.Marshal(x)
			if err != nil {
				t.Fatal(err)
			}
			if at := strings.Index(string(text), marked); at >= 0 {
				out = append(out, string(text[max(0, at-200):at+len(marked)]))
			}
		}
	}
	for _, l := range input(e, c) {
		change(&l)
		l.at.Text = append(l.at.Text, marked...)
		e.Add(&l.rec, l.at)
		take()
	}
	e.Advance(max(now, e.Now()))
	v, err := json.Marshal(e.View())
	if err != nil {
		t.Fatal(err)
	}
	if take(); len(out) > 0 {
		t.Errorf("%s: kept %d times, first in …%s", name, len(out), out[0])
	}
	if at := strings.Index(string(v), marked); at >= 0 {
		t.Errorf("%s: shown in …%s", name, v[max(0, at-200):at+len(marked)])
	}
}

// TestNamesWithSecretsAreFew reads of one object under many names that differ in a secret: it stays
// one object with one revision, and nothing is remembered of each name.
func TestNamesWithSecretsAreFew(t *testing.T) {
	t.Parallel()
	secret := regexp.MustCompile(marked + "[0-9]+")
	e := New(Config{Redact: func(s string) string { return secret.ReplaceAllString(s, "REDACTED") }})
	for i := range 100 {
		name := fmt.Sprint("app-", marked, i)
		e.Add(&parse.Record{
			Time: noon, Meaning: parse.Failed, Level: parse.LevelError, Kind: "Kustomization", Namespace: "a", Name: name, Error: "x",
			Revision: fmt.Sprint("main/", marked, i), Hash: uint64(i + 1), Reason: strings.Repeat("x", maxWord-1) + "ä",
		}, Place{})
	}
	v := e.View()
	if len(v.Objects) != 1 || v.Objects[0].Name != "app-REDACTED" || len(e.hashed) > 1 {
		t.Fatalf("%d objects, %d hashes", len(v.Objects), len(e.hashed))
	}
	if o := v.Objects[0]; o.NextRev != 1 || !utf8.ValidString(o.Reason) {
		t.Errorf("%d revisions, reason %q", o.NextRev, o.Reason)
	}
}
