package replay

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"fluxtrail/api"
	"fluxtrail/fixtures"
	"fluxtrail/sinks/report"
)

// TestNoFormTellsSecrets writes each sample secret into every part of a line that a report may
// show, and looks for it in every form of the report.
func TestNoFormTellsSecrets(t *testing.T) {
	t.Parallel()
	samples := fixtures.Secrets()
	harmless, parts := fixtures.Harmless(samples), map[string]string{}
	for _, s := range samples {
		for _, part := range s.Parts {
			if len(part) >= 6 && !strings.Contains(harmless, part) { // shorter ones are words of the page
				parts[part] = s.Name
			}
		}
	}
	for _, members := range []string{"error", "msg logger", "name namespace", "revision reconcileID controller", "controllerKind"} {
		t.Run(members, func(t *testing.T) {
			t.Parallel()
			var text strings.Builder
			for i, s := range samples {
				text.WriteString(secretLine(i, strings.Fields(members), s.Text))
			}
			path := filepath.Join(t.TempDir(), "manager.log")
			if err := os.WriteFile(path, []byte(text.String()), 0o600); err != nil {
				t.Fatal(err)
			}
			opt := Options{Paths: []string{path}, Transitions: true, Durations: true, EvidenceText: true}
			err := Run(t.Context(), opt, func(_ context.Context, rep *api.Report) error {
				for _, name := range report.FormNames() {
					tellsNothing(t, rep, name, parts)
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		})
	}
}

// drawn are the places and sizes in a drawing of a page, in millionths of its width: numbers of ours,
// which may have the digits of a secret by chance.
var drawn = regexp.MustCompile(` (?:[xy][12]?|dx|width|height|d)="[-MLHVhvz0-9. ]+"`)

// told returns where a text tells a secret, or -1. One of digits alone is not told by a longer number,
// such as a time, nor by the ID of an incident.
func told(text, part string) int {
	number := strings.Trim(part, "0123456789") == ""
	for from := 0; ; {
		k := strings.Index(text[from:], part)
		if k < 0 {
			return -1
		}
		at, to := from+k, from+k+len(part)
		longer := at > 0 && strings.IndexByte("0123456789.", text[at-1]) >= 0 || to < len(text) && text[to] >= '0' && text[to] <= '9'
		if !number || !longer && !inID(text, at, to) {
			return at
		}
		from = to
	}
}

// inID reports whether a part of a text stands in an ID, which has twelve hexadecimal digits.
func inID(text string, from, to int) bool {
	other := func(r rune) bool { return !strings.ContainsRune("0123456789abcdef", r) }
	from = strings.LastIndexFunc(text[:from], other) + 1
	if n := strings.IndexFunc(text[to:], other); n >= 0 {
		return to+n-from == 12
	}
	return len(text)-from == 12
}

// tellsNothing looks for the secrets, of which the map names the samples, in one form of a report.
func tellsNothing(t *testing.T, rep *api.Report, name string, parts map[string]string) {
	form, _ := report.FormNamed(name)
	var b bytes.Buffer
	if err := form.Write(&b, rep, report.Look{Sections: report.SectionNames(), Limit: -1}); err != nil {
		t.Error(err)
	}
	text := drawn.ReplaceAllString(b.String(), "")
	var each []string
	for part := range parts {
		each = append(each, part, "")
	}
	if strings.NewReplacer(each...).Replace(text) == text { // which looks for all at once
		return
	}
	for part, sample := range parts {
		if at := told(text, part); at >= 0 {
			t.Errorf("%s tells %q of %s: %.120s", name, part, sample, text[max(0, at-80):])
		}
	}
}

// TestTold wants numbers of a drawing, of times and of fractions passed over, and secrets found.
func TestTold(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		`<rect x="572312" y="1" width="572312" height="26"/><path d="M572312 0h12v28z"/>`: false,
		`{"at":1757231200,"seconds":0.572312}`:                                            false,
		`{"error":"pin 572312"}`:                                                          true,
		`<a href="#incident-0f96cf572312">`:                                               false,
		`<td title="572312">x</td>`:                                                       true,
		`pin a572312b, f572312`:                                                           true,
		`1757231200 and 572312.`:                                                          true,
	} {
		if got := told(drawn.ReplaceAllString(text, ""), "572312") >= 0; got != want {
			t.Errorf("%s: told %v, want %v", text, got, want)
		}
	}
	if told("1hunter22", "hunter2") < 0 {
		t.Error("a secret with letters is told inside a word, too")
	}
}

// secretLine is a controller's line about an object of its own that holds a text in some members.
func secretLine(i int, members []string, text string) string {
	name := fmt.Sprintf("app-%d", i)
	line := map[string]any{
		"level": "error", "ts": fmt.Sprintf("2026-11-20T10:%02d:%02d.000Z", i/60%60, i%60), "msg": "Reconciler error",
		"controller": "kustomization", "controllerGroup": "kustomize.toolkit.fluxcd.io", "controllerKind": "Kustomization",
		"namespace": "apps", "name": name, "reconcileID": fmt.Sprintf("c0f7d51b-5ba2-4e4c-8d46-%012d", i),
		"error": "kustomize build failed",
	}
	for _, member := range members {
		line[member] = text
	}
	b, _ := json.Marshal(line) // strings only
	return string(b) + "\n"
}
