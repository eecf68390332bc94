package agent

import (
	"bytes"
	"encoding/json"
	"io"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fluxtrail/sinks/loki"
)

// TestRestsAreShared has one of several lanes give memory back, and then none for a while.
func TestRestsAreShared(t *testing.T) {
	t.Parallel()
	var last lastTime
	now := time.Unix(1800000000, 0)
	due := func(after time.Duration) bool { return last.due(now.Add(after), restEvery) }
	if !due(0) || due(0) || due(restEvery-time.Second) || !due(restEvery) {
		t.Error("not once in restEvery")
	}
	if !due(-24*time.Hour) || due(-24*time.Hour) || !due(-24*time.Hour+restEvery) {
		t.Error("not after the clock was set back")
	}
}

// TestShipRests lets go of the memory of a batch after a while without lines, and not before.
func TestShipRests(t *testing.T) {
	t.Parallel()
	s := &ship{sink: &recorder{}, batch: shipment{entries: make([]loki.Entry, 0, 8), text: make([]byte, 0, 8)}}
	for n := range 2 * restAfter {
		if n == restAfter/2 {
			s.rest(false)
		}
		if kept := s.batch.text != nil; kept != (n < restAfter/2+restAfter-1) {
			t.Errorf("after %d deliveries of nothing: kept is %v", n, kept)
		}
		s.rest(true)
	}
}

// TestMergerRests keeps the line that was read ahead, and of logs at their end nothing.
func TestMergerRests(t *testing.T) {
	t.Parallel()
	full, empty := &lookahead{text: []byte("x")}, &lookahead{text: []byte("y")}
	full.Full = true
	m := &merger{logs: map[string]*lookahead{"full": full, "empty": empty}}
	if m.rest(); string(full.text) != "x" || empty.text != nil {
		t.Errorf("%q and %q are kept", full.text, empty.text)
	}
}

// TestWriteList writes what json.Marshal does, but for space.
func TestWriteList(t *testing.T) {
	t.Parallel()
	for _, list := range [][]savedLine{nil, {{Near: 1}}, {{Near: 1}, {Near: 2, Full: true}}} {
		var b bytes.Buffer
		err := writeWith(&b, struct{ A int }{1}, member{"list", func(w io.Writer) error { return writeList(w, list) }})
		var got struct {
			A    int
			List []savedLine
		}
		if err != nil || json.Unmarshal(b.Bytes(), &got) != nil || got.A != 1 || len(got.List) != len(list) {
			t.Fatalf("%v: %s", err, b.Bytes())
		}
		for i := range list {
			if diff := cmp.Diff(list[i], got.List[i]); diff != "" {
				t.Error(diff)
			}
		}
	}
}
