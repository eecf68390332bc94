package tail

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fluxtrail/tail/discover"
)

// sleepyWorld follows many logs that were written long ago, until those sleep that may.
func sleepyWorld(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	names := []string{"."}
	for i := range manyLives + 10 {
		names = append(names, fmt.Sprintf("%03d.log", i))
		w.append(names[i+1], "old\n")
	}
	w.step("touch", append([]string{"2001"}, names...))
	w.start()
	for range 2 * discover.CalmAfter {
		w.poll()
		w.read()
	}
	w.got = nil
	if n := w.f.sleepers.count; n != len(w.f.all) {
		alarms := w.f.sleepers.alarms
		if st, err := w.f.files.Path(w.dir); err == nil && !alarms.Tell(w.dir, st.Dev) {
			t.Skip("no alarms are set in this file system")
		}
		t.Fatalf("%d of %d logs sleep", n, len(w.f.all))
	}
	return w
}

// TestSleep has whatever may happen to one of many logs found by the next Poll, and nothing else
// looked at.
func TestSleep(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		do   func(w *world)
		want []string
	}{
		"line":      {func(w *world) { w.append("007.log", "new\n") }, []string{"new"}},
		"half":      {func(w *world) { w.append("007.log", "new"); w.poll(); w.read(); w.append("007.log", "est\n") }, []string{"newest"}},
		"cut short": {func(w *world) { w.step("trunc", []string{"007.log", "0"}); w.append("007.log", "new\n") }, []string{"new"}},
		"rotated": {func(w *world) {
			w.step("mv", []string{"007.log", "007.log.1"})
			w.append("007.log.1", "last\n")
			w.append("007.log", "new\n")
		}, []string{"last"}},
		"deleted":        {func(w *world) { w.append("007.log", "last\n"); w.step("rm", []string{"007.log"}) }, []string{"last"}},
		"written anew":   {func(w *world) { w.check(os.WriteFile(w.path("007.log"), []byte("new\n"), 0o600)) }, []string{"new"}},
		"another's name": {func(w *world) { w.append("new", "new\n"); w.step("mv", []string{"new", "007.log"}) }, []string{"new"}},
		"touched":        {func(w *world) { w.step("touch", []string{"2002", "007.log"}) }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := sleepyWorld(t)
			tt.do(w)
			w.poll()
			if n := len(w.f.all) - w.f.sleepers.count; n == 0 || n > 2 {
				t.Errorf("%d logs are awake", n)
			}
			w.read()
			if diff := cmp.Diff(tt.want, w.got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
			w.settle(20 * step)
			if len(w.lost) > 0 {
				t.Errorf("lost %+v", w.lost)
			}
		})
	}
}

// TestSleepLightly finds what the system does not tell of at the next scan.
func TestSleepLightly(t *testing.T) {
	t.Parallel()
	w := sleepyWorld(t)
	for _, l := range w.f.all {
		w.f.sleepers.alarms.Clear(l.alarm)
	}
	w.append("007.log", "new\n")
	w.settle(3*scanEvery + step)
	if diff := cmp.Diff([]string{"new"}, w.got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// TestSleepLag has a log that slept be as late as its line is.
func TestSleepLag(t *testing.T) {
	t.Parallel()
	w := sleepyWorld(t)
	before := w.now
	w.append("007.log", "new\n")
	w.poll()
	if lag := w.f.Lag(); lag.Bytes != 4 || lag.Since.Before(before) {
		t.Errorf("%+v, at %v", lag, w.now)
	}
}

// TestSleepKeepsItsPlace has a log that slept know the bytes before its position as before, also
// those that it read before it slept.
func TestSleepKeepsItsPlace(t *testing.T) {
	t.Parallel()
	w := sleepyWorld(t)
	f := w.f.byName[w.path("007.log")].newest()
	if f.recent != nil {
		t.Error("a log that sleeps holds bytes")
	}
	w.append("007.log", "new\n")
	w.poll()
	w.read()
	if got := string(f.recent); got != "old\nnew\n" {
		t.Errorf("it knows %q", got)
	}
}

// TestNoAlarms has no log sleep where nothing tells, and finds all that is written as ever.
func TestNoAlarms(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.cfg.Watch = false
	for i := range manyLives + 1 {
		w.append(fmt.Sprintf("%03d.log", i), "old\n")
	}
	old, err := filepath.Glob(w.dir + "/*")
	w.check(err)
	for i, path := range old {
		old[i] = w.short(path)
	}
	w.step("touch", slices.Concat([]string{"2001", "."}, old))
	w.start()
	for range 2 * discover.CalmAfter {
		w.poll()
		w.read()
	}
	w.got = nil
	w.append("007.log", "new\n")
	for range discover.SeldomEvery {
		w.poll()
		w.read()
	}
	if w.f.sleepers.count > 0 || !slices.Equal(w.got, []string{"new"}) {
		t.Errorf("%d sleep, got %q", w.f.sleepers.count, w.got)
	}
}
