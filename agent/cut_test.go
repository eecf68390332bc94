package agent

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// cutRun reads logs to their end, and has a batch delivered for each few lines. With cut every batch
// is of a new process, which goes on at what the one before has saved. It returns what was counted
// and printed in the end.
func cutRun(t *testing.T, pods string, lines int, cut bool) (counts, told string) {
	t.Helper()
	dir, clock, out := t.TempDir(), time.Date(2026, 11, 27, 0, 0, 0, 0, time.UTC), &bytes.Buffer{}
	start := func() *lane {
		a := newAssembly(testOptions(dir, pods), stateDir(dir), nil, func() time.Time { return clock })
		l, _ := derived(t, a)
		l.job.(*trail).out = out
		if err := l.load(); err != nil {
			t.Fatal(err)
		}
		return l
	}
	for l, ended := start(), false; ; {
		for n, empty := 0, 0; n < lines && !ended; {
			clock = clock.Add(time.Second)
			l.look()
			if x := l.input.merger.next(); x != nil {
				l.job.add(x)
				l.input.merger.taken()
				n++
			} else if empty++; empty == 5 {
				ended = true
			}
		}
		if _, err := l.deliver(t.Context(), false); err != nil {
			t.Fatal(err)
		}
		if ended {
			l.job.end()
			counts, err := json.Marshal(l.job.(*trail).Counts)
			if err != nil {
				t.Fatal(err)
			}
			return string(counts), out.String()
		}
		l.checkpoint(true)
		if cut {
			if err := l.input.follow.Close(); err != nil {
				t.Error(err)
			}
			l = start()
		}
	}
}

// TestCutAtEveryLine has a new process go on after each line: nothing is counted twice, and nothing
// is missed.
func TestCutAtEveryLine(t *testing.T) {
	stories, _ := filepath.Glob("../../shared/data/stories/*/pods")
	for _, pods := range append([]string{demoPods}, stories...) {
		t.Run(filepath.Base(filepath.Dir(pods)), func(t *testing.T) {
			t.Parallel()
			lines := 1
			if os.Getenv("FLUXTRAIL_E2E_FULL") == "" {
				lines = 7
			}
			wantCounts, wantTold := cutRun(t, pods, lines, false)
			counts, told := cutRun(t, pods, lines, true)
			if diff := cmp.Diff(wantCounts, counts); diff != "" {
				t.Errorf("counted (-in one go +cut): %s", diff)
			}
			if diff := cmp.Diff(wantTold, told); diff != "" {
				t.Errorf("printed (-in one go +cut): %s", diff)
			}
		})
	}
}
