package parse

import (
	"reflect"
	"testing"
	"time"

	"fluxtrail/fixtures"
)

// FuzzParse feeds any line. Parsing never panics, leaves the text as it was, and a line that can be
// read by its layout says the same as when it is read key by key.
func FuzzParse(f *testing.F) {
	for _, line := range fixtures.Lines() {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		before := string(line)
		near := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC).UnixNano()
		var r, again Record
		Parse(line, near, &r)
		if string(line) != before {
			t.Fatalf("changed:\n%q\n%q", before, line)
		}
		sound(t, &r)
		Parse(line, near, &again)
		if !same(r, again) {
			t.Errorf("says first\n%+v\nthen\n%+v", r, again)
		}
		both(t, line)
	})
}

// same reports whether two records say the same.
func same(a, b Record) bool {
	a.spare, b.spare = nil, nil
	return reflect.DeepEqual(a, b)
}

// both holds the two ways of reading a JSON line against each other.
func both(t *testing.T, line []byte) {
	t.Helper()
	var fast, slow Record
	if !fast.fixedLayout(line) {
		if !same(fast, Record{}) {
			t.Errorf("touched by a layout that does not fit: %+v", fast)
		}
		return
	}
	slow.parseJSON(string(line))
	if !same(fast, slow) {
		t.Errorf("%s\nby layout %+v\nby key    %+v", line, fast, slow)
	}
}

// FuzzConsole feeds what is no JSON: console encoder, klog, panics and their traces. near is the
// year's only source.
func FuzzConsole(f *testing.F) {
	for _, line := range fixtures.Lines() {
		if len(line) > 0 && line[0] != '{' {
			f.Add(string(line), int64(1667815855887548000))
			f.Add(string(line), int64(0))
		}
	}
	f.Fuzz(func(t *testing.T, line string, near int64) {
		var r Record
		Parse([]byte(line), near, &r)
		sound(t, &r)
		switch {
		case r.Form == FormConsole && (r.Time == 0 || r.Level == LevelNone):
			t.Errorf("a console line without time or level: %+v", r)
		case r.Form == FormKlog && near == 0 && r.Time != 0:
			t.Errorf("a year out of nowhere: %+v", r)
		}
	})
}

// sound checks what holds of every record.
func sound(t *testing.T, r *Record) {
	t.Helper()
	if (r.Form == FormText) != (r.Bad != BadNone) {
		t.Errorf("form %d with %q", r.Form, r.Bad)
	}
	if r.Time != 0 && r.Form != FormKlog && (r.Time < 0 || r.Time > time.Date(2201, 1, 2, 0, 0, 0, 0, time.UTC).UnixNano()) {
		t.Errorf("time %d", r.Time)
	}
	if r.Took < 0 || r.Next < 0 {
		t.Errorf("took %d, next %d", r.Took, r.Next)
	}
	if r.Object() != (r.Hash != 0) {
		t.Errorf("hash %d of %s/%s", r.Hash, r.Kind, r.Name)
	}
	if r.Meaning.String() == "" || r.Level.String() == "" {
		t.Error("a sign or level without a name")
	}
}
