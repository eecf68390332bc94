package agent

import (
	"testing"
	"time"

	"fluxtrail/derive"
	"fluxtrail/tail"
)

// TestNewEvent shows what the agent prints of each step.
func TestNewEvent(t *testing.T) {
	t.Parallel()
	for state, want := range map[derive.State]string{
		derive.Pending:   "info incident opened pending",
		derive.Firing:    "error incident firing firing",
		derive.Resolved:  "info incident resolved resolved",
		derive.Closed:    "info incident closed closed",
		derive.Withdrawn: "info incident withdrawn withdrawn",
	} {
		e := newEvent(&derive.Announcement{At: int64(time.Minute), State: state, Incident: derive.Incident{ID: "one"}}, nil)
		if got := e.Level + " " + e.Msg + " " + e.State; got != want || e.ID != "one" || e.Time.UnixNano() != int64(time.Minute) {
			t.Errorf("got %s %+v, want %s", got, e, want)
		}
	}
}

// TestFilesKeepTheirNumbers forgets all files but those that an incident or an object names.
func TestFilesKeepTheirNumbers(t *testing.T) {
	t.Parallel()
	at := func(i int) tail.Place {
		p := tail.Place{Ino: uint64(i + 1)}
		p.Path = string(rune('A' + i))
		return p
	}
	var files fileTable
	for i := range maxFiles + 1 {
		if n := files.number(at(i), 0); n != int32(i) {
			t.Fatalf("file %d is number %d", i, n)
		}
	}
	object := &derive.Object{Shown: derive.OutcomeLine{File: 9}}
	files.forget([]derive.Seen{{Object: object}}, []*derive.Incident{{First: []derive.Evidence{{File: 7}}}})
	if n := files.number(at(9), 0); n != 9 {
		t.Errorf("file 9 is number %d", n)
	}
	if n := files.number(at(7), 0); n != 7 || files[7].Path != at(7).Path {
		t.Errorf("file 7 is number %d, %+v", n, files[7])
	}
	if n := files.number(at(maxFiles+1), 0); int(n) > maxFiles || n == 7 {
		t.Errorf("a new file is number %d", n)
	}
}
