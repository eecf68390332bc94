package agent

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fluxtrail/api"
	"fluxtrail/derive"
	"fluxtrail/tail"
)

// TestIncidentsAreToldOnce looks at an incident that opens, fires and ends, and at one that turns out to be none, more often than something happens
// and with a clock that goes back.
func TestIncidentsAreToldOnce(t *testing.T) {
	one, two := &derive.Incident{ID: "one"}, &derive.Incident{ID: "two"}
	told := tolds{}
	var got []string
	tell := func(events []api.Event) {
		for _, e := range events {
			got = append(got, e.ID+" "+e.Msg)
		}
	}
	for _, at := range []time.Duration{0, 2 * time.Minute, time.Second, 3 * time.Minute} {
		tell(told.open(derive.View{At: int64(at), Open: []*derive.Incident{one}}, time.Minute, nil))
	}
	two.OpenedAt = int64(3 * time.Minute)
	tell(told.open(derive.View{At: two.OpenedAt, Open: []*derive.Incident{one, two}}, time.Minute, nil))
	one.ResolvedAt = two.OpenedAt + 1
	tell(told.ended([]*derive.Incident{one}, time.Minute, nil))
	for range 2 {
		tell(told.open(derive.View{At: one.ResolvedAt}, time.Minute, nil))
	}
	want := []string{"one incident opened", "one incident firing", "two incident opened", "one incident resolved", "two incident withdrawn"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestFilesKeepTheirNumbers forgets all files but the one that an incident names.
func TestFilesKeepTheirNumbers(t *testing.T) {
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
	files.forget(map[int32]bool{7: true})
	if n := files.number(at(7), 0); n != 7 || files[7].Path != at(7).Path {
		t.Errorf("file 7 is number %d, %+v", n, files[7])
	}
	if n := files.number(at(maxFiles+1), 0); int(n) > maxFiles || n == 7 {
		t.Errorf("a new file is number %d", n)
	}
}
