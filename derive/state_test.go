package derive

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"fluxtrail/parse"
)

// records are the demo's lines in the order of time, with their places.
func records(t testing.TB) []line {
	paths, err := filepath.Glob("../fixtures/demo/pods/*/manager/*.log")
	if err != nil || len(paths) == 0 {
		t.Fatal("no demo logs", err)
	}
	var all []line
	for i, path := range paths {
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		for sc := bufio.NewScanner(f); sc.Scan(); {
			if _, text, ok := strings.Cut(sc.Text(), " F "); ok {
				l := line{text: text, at: Place{Source: int32(i), Line: int64(len(all))}}
				parse.Parse([]byte(text), 0, &l.rec)
				all = append(all, l)
			}
		}
		f.Close()
	}
	slices.SortStableFunc(all, func(a, b line) int { return int(a.rec.Time - b.rec.Time) })
	return all
}

type line struct {
	text string
	rec  parse.Record
	at   Place
}

// An engine that is saved and restored at any line comes to the same end as one that ran through.
func TestSaveRestore(t *testing.T) {
	t.Parallel()
	lines := records(t)
	cfg := Config{KeepAttempts: true}
	run := func(cut int) (trans []Transition, ended []Incident, runs []Attempt, state []byte) {
		e := New(cfg)
		for i := range lines {
			e.Add(&lines[i].rec, lines[i].at)
			ts, is := e.Take()
			trans = append(trans, ts...)
			for _, i := range is {
				c := *i
				c.affected = nil
				ended = append(ended, c)
			}
			runs = append(runs, e.TakeAttempts()...)
			if i == cut {
				saved, err := json.Marshal(e)
				if err != nil {
					t.Fatal(err)
				}
				e = New(cfg)
				if err := json.Unmarshal(saved, e); err != nil {
					t.Fatal(err)
				}
				again, _ := json.Marshal(e)
				if string(again) != string(saved) {
					t.Fatalf("cut at %d: state differs after a round trip:\n%s", cut, cmp.Diff(string(saved), string(again)))
				}
			}
		}
		state, _ = json.Marshal(e)
		return
	}
	trans, ended, runs, state := run(-1)
	if len(trans) == 0 || len(ended) == 0 || len(runs) == 0 {
		t.Fatalf("the demo shows too little: %d transitions, %d ended incidents, %d runs", len(trans), len(ended), len(runs))
	}
	for cut := 0; cut < len(lines); cut += 7 {
		tr, en, ru, st := run(cut)
		if d := cmp.Diff(trans, tr, cmpopts.IgnoreFields(Transition{}, "Number")) + cmp.Diff(ended, en, cmp.AllowUnexported(Incident{})) + cmp.Diff(runs, ru) + cmp.Diff(string(state), string(st)); d != "" {
			t.Fatalf("cut at %d: %s", cut, d)
		}
	}
}

func TestRestoreRefuses(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{``, `{`, `{"version":99}`, `[]`} {
		e := New(Config{})
		if err := e.UnmarshalJSON([]byte(bad)); err == nil {
			t.Errorf("%q was taken for a state", bad)
		}
	}
}
