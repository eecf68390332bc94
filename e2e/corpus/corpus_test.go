package corpus

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

func TestWriteIsRepeatableAndValid(t *testing.T) {
	cfg := Config{From: "../../fixtures/demo/pods", Bytes: 1 << 20, Objects: 50, Seed: 1}
	var first [][]byte
	for round := range 2 {
		dir := t.TempDir()
		n, err := Write(dir, cfg)
		if err != nil {
			t.Fatal(err)
		}
		logs, _ := filepath.Glob(filepath.Join(dir, "*", "manager", "0.log"))
		if len(logs) != 3 {
			t.Fatalf("one log for each of three controllers, got %q", logs)
		}
		var texts [][]byte
		for _, log := range logs {
			text, err := os.ReadFile(log)
			if err != nil {
				t.Fatal(err)
			}
			texts = append(texts, text)
			n -= check(t, text)
		}
		if n != 0 {
			t.Errorf("number of lines is off by %d", n)
		}
		if round == 0 {
			first = texts
		} else if !bytes.Equal(bytes.Join(first, nil), bytes.Join(texts, nil)) {
			t.Error("the same seed gave other bytes")
		}
	}
}

// check returns the number of lines, each of which has to be a record of an
// object of ours, not earlier than the line before.
func check(t *testing.T, text []byte) (lines int) {
	t.Helper()
	last := ""
	for line := range bytes.Lines(text) {
		lines++
		fields := bytes.SplitN(bytes.TrimSpace(line), []byte(" "), 4)
		var r struct{ TS, Namespace, Name, ReconcileID string }
		if err := json.Unmarshal(fields[3], &r); err != nil {
			t.Fatalf("%v in %s", err, line)
		}
		if r.TS < last || r.Namespace[:5] != "team-" || r.Name[:4] != "app-" || len(r.ReconcileID) != 36 {
			t.Fatalf("%+v in %s", r, line)
		}
		last = r.TS
	}
	return lines
}
