package redact_test

import (
	"bytes"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestOrdinaryTexts wants no change in texts about secrets that hold none, one a line.
func TestOrdinaryTexts(t *testing.T) {
	t.Parallel()
	file, err := os.ReadFile("testdata/ordinary.txt")
	if err != nil {
		t.Fatal(err)
	}
	r := newRedactor(t)
	for line := range bytes.Lines(file) {
		text := strings.TrimSuffix(string(line), "\n")
		for _, w := range wrappings {
			wrapped := w.wrap(text)
			if got := r.String(wrapped); got != wrapped {
				t.Errorf("%s: %s\n  %s", w.name, wrapped, got)
			}
		}
	}
}

// recorded are the directories with logs that controllers and people really wrote.
var recorded = []string{
	"../../fixtures/cases", "../../fixtures/demo", "../../fixtures/derive", "../../fixtures/parse", "../../fixtures/real-lines",
	"../../../shared/data/stories", "../../../shared/data/real-lines", "../../../shared/data/field-cases",
}

// TestRecordedLogs counts the words of all recorded logs that are redacted, and lists
// them. Those that are secrets indeed, and so marked in trueSecrets, do not count.
func TestRecordedLogs(t *testing.T) {
	t.Parallel()
	r, words, wrong := newRedactor(t), 0, map[string]int{}
	for _, root := range recorded {
		if _, err := os.Stat(root); err != nil {
			t.Log("not here:", root)
			continue
		}
		eachLine(t, root, func(line string) {
			for _, text := range []string{line, withoutFraming(line)} {
				words += len(strings.Fields(text))
				for _, w := range lost(text, r.String(text)) {
					wrong[w]++
				}
			}
		})
	}
	n := 0
	for _, w := range slices.Sorted(maps.Keys(wrong)) {
		if !slices.ContainsFunc(trueSecrets, func(s string) bool { return strings.Contains(w, s) }) {
			n += wrong[w]
			t.Logf("%d × %s", wrong[w], w)
		}
	}
	t.Logf("%d of %d words", n, words)
	if words == 0 || n*1000 > words {
		t.Error("more than 0.1 % of the words are redacted")
	}
}

// trueSecrets stand in published logs.
var trueSecrets = []string{"/hook/ce8a6fd3e89c1282", "sig=DvKeAZ1JoXkxvqbzKr"}

// lost returns the words of text that are not in got, each with what replaced it.
func lost(text, got string) (words []string) {
	if text == got {
		return nil
	}
	before, after := strings.Fields(text), strings.Fields(got)
	for i, j := 0, 0; i < len(before); i++ {
		if j < len(after) && before[i] == after[j] {
			j++
			continue
		}
		words = append(words, before[i])
		if j < len(after) && strings.Contains(after[j], "<redacted:") && (i+1 == len(before) || j+1 == len(after) || before[i+1] == after[j+1]) {
			words[len(words)-1] += " -> " + after[j]
			j++
		}
	}
	return words
}

// eachLine calls f with each line of the text files below root.
func eachLine(t *testing.T, root string, f func(line string)) {
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(path, ".gz") {
			return err
		}
		text, err := os.ReadFile(path)
		for line := range bytes.Lines(text) {
			f(strings.TrimSuffix(string(line), "\n"))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// withoutFraming cuts "TIME stderr F " off.
func withoutFraming(line string) string {
	if i := strings.Index(line, " F {"); i > 0 {
		return line[i+len(" F "):]
	}
	return line
}
