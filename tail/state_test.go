package tail

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// someMarks have a value in every field.
var someMarks = Marks{Version: MarksVersion, Sources: []SourceMark{{
	Name: "flux-system/web/manager/1",
	Files: []FileMark{{
		Path: "/var/log/pods/x/0.log", Dev: 2049, Ino: 1<<63 + 1, Head: Hash{1024, 1<<64 - 1}, Offset: 7, Edge: Hash{7, 1},
		Lines: 3, Size: 9, Format: "cri", Done: true,
	}},
	Pending: []PendingMark{{Stream: "stdout", File: 0, Offset: 5}},
	Last:    1,
}}}

// writes is a state for SaveState; nil gives nil.
func writes(state json.RawMessage) func(io.Writer) error {
	if state == nil {
		return nil
	}
	return func(w io.Writer) error {
		_, err := w.Write(state)
		return err
	}
}

func TestStateRoundTrip(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ship.json")
	if marks, state, err := LoadState(path); marks.Version != 0 || state != nil || err != nil {
		t.Fatal("first start:", marks, state, err)
	}
	for _, want := range []json.RawMessage{nil, json.RawMessage(`{"n":1}`), json.RawMessage(`"` + strings.Repeat("<µ>", 100000) + `"`)} {
		if err := SaveState(path, someMarks, writes(want)); err != nil {
			t.Fatal(err)
		}
		marks, state, err := LoadState(path)
		if err != nil {
			t.Fatal(err)
		}
		var a, b any
		_, _ = json.Unmarshal(want, &a), json.Unmarshal(state, &b)
		if diff := cmp.Diff(someMarks, marks) + cmp.Diff(a, b); diff != "" {
			t.Error(diff)
		}
	}
	if names := dirNames(t, filepath.Dir(path)); len(names) != 1 {
		t.Error(names)
	}
}

// TestStateUnusable starts by policy from any state file that is not what was saved, and keeps it.
func TestStateUnusable(t *testing.T) {
	dir := t.TempDir()
	good := filepath.Join(dir, "good")
	if err := SaveState(good, someMarks, writes(json.RawMessage(`{"n":1}`))); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	flipped := bytes.Replace(whole, []byte(`"offset":7`), []byte(`"offset":8`), 1)
	for name, tt := range map[string]struct {
		data []byte
		want error
	}{
		"empty":         {nil, ErrStateCorrupt},
		"zeros":         {make([]byte, len(whole)), ErrStateCorrupt},
		"half":          {whole[:len(whole)/2], ErrStateCorrupt},
		"a bit flipped": {flipped, ErrStateCorrupt},
		"random":        {[]byte("\x93\x02µ{"), ErrStateCorrupt},
		"other JSON":    {[]byte(`{}`), ErrStateCorrupt},
		"newer":         {[]byte(`{"schema":99,"sha256":"","body":null}`), ErrStateNewer},
	} {
		path := filepath.Join(dir, "ship.json")
		if err := os.WriteFile(path, tt.data, 0o600); err != nil {
			t.Fatal(err)
		}
		marks, state, err := LoadState(path)
		var stateErr *StateError
		if !errors.Is(err, tt.want) || !errors.As(err, &stateErr) || marks.Version != 0 || state != nil {
			t.Fatalf("%s: %v %v", name, marks, err)
		}
		if kept, err := os.ReadFile(stateErr.Kept); err != nil || !bytes.Equal(kept, tt.data) {
			t.Errorf("%s: kept %q: %v", name, kept, err)
		}
		if marks, _, err := LoadState(path); marks.Version != 0 || err != nil {
			t.Errorf("%s: second start: %v", name, err)
		}
	}
}

func TestStateKeepsFew(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "ship.json")
	for range 2 * maxKept {
		if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, _, err := LoadState(path); !errors.Is(err, ErrStateCorrupt) {
			t.Fatal(err)
		}
	}
	if names := dirNames(t, dir); len(names) != maxKept {
		t.Error(names)
	}
}

// TestStateCrash covers a kill between the write and the rename, and a directory in the place of the file.
func TestStateCrash(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "ship.json")
	if err := SaveState(path, someMarks, nil); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path+".tmp", []byte(`{"schema":1,`), 0o600); err != nil {
		t.Fatal(err)
	}
	if marks, _, err := LoadState(path); err != nil || marks.Version != MarksVersion {
		t.Error(marks, err)
	}
	if err := SaveState(path, someMarks, nil); err != nil {
		t.Error(err)
	}
	folder := filepath.Join(dir, "folder.json")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	if _, _, err := LoadState(folder); !errors.Is(err, ErrStateCorrupt) {
		t.Error(err)
	}
	if err := SaveState(folder, someMarks, nil); err != nil {
		t.Error(err)
	}
}

func TestSaveStateFails(t *testing.T) {
	dir := t.TempDir()
	if err := SaveState(filepath.Join(dir, "none", "ship.json"), someMarks, nil); err == nil || !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
	broken := errors.New("cannot be encoded")
	if err := SaveState(filepath.Join(dir, "ship.json"), someMarks, func(io.Writer) error { return broken }); !errors.Is(err, broken) {
		t.Error(err)
	}
	if names := dirNames(t, dir); len(names) != 0 {
		t.Error(names)
	}
}

func TestLock(t *testing.T) {
	dir := t.TempDir()
	first, err := Lock(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Lock(dir); err == nil || !strings.Contains(err.Error(), "in use by another process") {
		t.Error(err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	second, err := Lock(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := second.Close(); err != nil {
		t.Error(err)
	}
	if _, err := Lock(filepath.Join(dir, "none")); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}

func dirNames(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}
