package tail

import (
	"encoding/json"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fluxtrail/tail/checkpoint"
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
}

// TestStateNewer keeps marks that a newer version wrote.
func TestStateNewer(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ship.json")
	if err := SaveState(path, Marks{Version: MarksVersion + 1}, nil); err != nil {
		t.Fatal(err)
	}
	if marks, _, err := LoadState(path); !errors.Is(err, checkpoint.ErrNewer) || marks.Version != 0 {
		t.Error(marks, err)
	}
}
