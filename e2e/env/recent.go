package env

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// recorded is the day of the recorded logs in fixtures/demo.
const recorded = "2026-11-20"

// Recent is a copy of a directory of recorded logs in which that day is yesterday, of which from is
// the start: metrics forget objects of which nothing was heard for a week.
func Recent(t testing.TB, dir string) (recent string, from time.Time) {
	t.Helper()
	from = time.Now().UTC().Truncate(24 * time.Hour).Add(-24 * time.Hour)
	recent = t.TempDir()
	if err := os.CopyFS(recent, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	logs, err := filepath.Glob(filepath.Join(recent, "*", "*", "*.log"))
	if err != nil || len(logs) == 0 {
		t.Fatal(logs, err)
	}
	for _, path := range logs {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(strings.ReplaceAll(string(text), recorded, from.Format(time.DateOnly))), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return recent, from
}
