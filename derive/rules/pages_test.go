package rules

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const pagesDir = "../../docs/alerts"

// TestPages holds that each alert has a page with all sections, whose head says what the alert is;
// make rules writes the head.
func TestPages(t *testing.T) {
	t.Parallel()
	var index strings.Builder
	for _, r := range alerts {
		path := filepath.Join(pagesDir, r.name+".md")
		text, err := os.ReadFile(path)
		if err != nil {
			t.Errorf("%s has no page: %v", r.name, err)
			continue
		}
		between(t, path, text, "alert", head(r))
		for i, section := range []string{"# " + r.name, "## Meaning", "## Impact", "## Diagnosis", "## Mitigation"} {
			_, rest, found := strings.Cut("\n"+string(text), "\n"+section+"\n")
			body, _, _ := strings.Cut(rest, "\n## ")
			if !found || len(strings.TrimSpace(body)) < 20 {
				t.Errorf("%s: %q is missing or empty", path, section)
			}
			if i == 3 && !strings.Contains(body, "```sh\n") {
				t.Errorf("%s: the diagnosis has no command", path)
			}
		}
		fmt.Fprintf(&index, "| [%s](%s.md) | %s | %s | %s |\n", r.name, r.name, r.severity, r.hold, r.summary)
	}
	readme := filepath.Join(pagesDir, "README.md")
	text, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	between(t, readme, text, "alerts", "| alert | severity | after | what it says |\n|---|---|---|---|\n"+index.String())
	found, _ := filepath.Glob(filepath.Join(pagesDir, "Flux*.md"))
	for _, path := range found {
		if name := strings.TrimSuffix(filepath.Base(path), ".md"); !slices.Contains(alertNames(), name) {
			t.Errorf("%s is about no alert", path)
		}
	}
}

// head says of an alert what the pack says.
func head(r row) string {
	var with []string
	for _, source := range Sources() {
		if r.expr(Source(source)) != "" && source != string(Auto) {
			with = append(with, source)
		}
	}
	hold, keep := "at once", ""
	if r.hold != "" {
		hold = "after " + r.hold
	}
	if r.keep != "" {
		keep = ", and for " + r.keep + " longer than it lasts"
	}
	return fmt.Sprintf("%s\n\nSeverity **%s**, %s%s. Signals: %s.\n", r.summary, r.severity, hold, keep, strings.Join(with, ", "))
}

// between compares what stands between two marks of a page, or writes it.
func between(t *testing.T, path string, text []byte, mark, want string) {
	t.Helper()
	before, rest, ok := bytes.Cut(text, []byte("<!-- "+mark+" -->\n"))
	got, after, ends := bytes.Cut(rest, []byte("<!-- end -->"))
	switch {
	case !ok || !ends:
		t.Errorf("%s has no place for %s", path, mark)
	case string(got) == want:
	case *update:
		whole := slices.Concat(before, []byte("<!-- "+mark+" -->\n"+want+"<!-- end -->"), after)
		if err := os.WriteFile(path, whole, 0o644); err != nil {
			t.Fatal(err)
		}
	default:
		t.Errorf("%s is stale: run make rules", path)
	}
}
