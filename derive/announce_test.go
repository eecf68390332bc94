package derive

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// told are announcements as text: time since the start, object, state, and what was known then.
func told(announcements []Announcement) string {
	var words []string
	for _, a := range announcements {
		words = append(words, fmt.Sprintf("%v %s %s %d", time.Duration(a.At-noon), a.Incident.Object.Name, a.State, a.Incident.Attempts))
	}
	return strings.Join(words, "\n")
}

// TestAnnouncements shows which steps are announced, in which order, with which number of failed
// attempts.
func TestAnnouncements(t *testing.T) {
	t.Parallel()
	for _, x := range []struct{ name, steps, want string }{
		{"nothing before the explanation", "0s a fails\n1.999s now", ""},
		{"opened", "0s a fails\n2s now", "0s a pending 1"},
		{"opened with what the attempt's other lines said", "0s a fails id=1\n1s a fails id=1\n1.5s a fails id=2\n9s a fails", "0s a pending 2"},
		{"firing", "0s a fails\n30s a fails\n60s now", "0s a pending 1\n1m0s a firing 2"},
		{"resolved when the success has held", "0s a fails\n90s a ok\n6m30s now", "0s a pending 1\n1m0s a firing 1\n1m30s a resolved 1"},
		{"a success before the hold does not fire", "0s a fails\n30s a ok\n10m now", "0s a pending 1\n30s a resolved 1"},
		{"a flap after the hold fires at once", "0s a fails\n30s a ok\n3m a fails", "0s a pending 1\n3m0s a firing 2"},
		{"a flap within the hold fires in time", "0s a fails\n10s a ok\n20s a fails\n3m now", "0s a pending 1\n1m0s a firing 2"},
		{"closed within a moment", "0s a fails\n1s a is-deleted", "0s a pending 1\n1s a closed 1"},
		{"suspended", "0s a fails\n90s a is-suspended\n9m now", "0s a pending 1\n1m0s a firing 1\n1m30s a closed 1"},
		{"a short wait is none", "0s a waits\n4s a ok\n9m now", ""},
		{"a short wait that went on to something else is none", "0s a waits\n4s a works\n9s now\n9m now", ""},
		{"a long wait", "0s a waits\n5s now", "0s a pending 0"},
		{"a long wait that fires", "0s a waits\n60s now", "0s a pending 0\n1m0s a firing 0"},
		{"a short wait, then a failure", "0s a waits\n1s a works id=x\n4s a fails id=x\n9s now", "4s a pending 1"},
		{"a wait that goes on after a pause", "0s a waits\n1s a works\n20s a waits\n21s now", "0s a pending 0"},
		{"two at once, by name", "0s b fails\n0s a fails\n2m now", "0s a pending 1\n0s b pending 1\n1m0s a firing 1\n1m0s b firing 1"},
		{"each incident anew", "0s a fails\n10s a ok\n20m a fails\n21m now", "0s a pending 1\n10s a resolved 1\n20m0s a pending 1\n21m0s a firing 1"},
		{"a clock that was ahead fires once", "0s a fails\n5m now\n30s now\n10m now", "0s a pending 1\n1m0s a firing 1"},
		{"lines in one moment", "0s a fails\n0s a ok\n20m now", "0s a pending 1\n0s a resolved 1"},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			s := play(t, Config{Announce: true}, x.steps)
			if d := cmp.Diff(x.want, told(s.e.TakeAnnouncements())); d != "" {
				t.Error(d)
			}
			if more := s.e.TakeAnnouncements(); len(more) > 0 {
				t.Errorf("handed over twice: %s", told(more))
			}
		})
	}
}

// TestAnnouncedOnce restarts at every step of random histories: the announcements are the same, one
// by one.
func TestAnnouncedOnce(t *testing.T) {
	t.Parallel()
	n := 0
	for seed := range uint64(25) {
		steps := randomSteps(random(seed), 80)
		history := func(restart bool) []Announcement {
			s := play(t, Config{Announce: true}, "")
			var all []Announcement
			for _, step := range append(steps, "100h now") {
				s.more(step)
				all = append(all, s.e.TakeAnnouncements()...)
				if restart {
					s.e = again(t, s.e)
				}
			}
			return all
		}
		want := history(false)
		n += len(want)
		ignore := cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".affected" }, cmp.Ignore())
		compare := cmp.Options{cmp.AllowUnexported(Incident{}), ignore}
		if d := cmp.Diff(want, history(true), compare); d != "" {
			t.Fatalf("seed %d, with restarts: %s", seed, d)
		}
	}
	if n < 200 {
		t.Errorf("too little happened: %d announcements", n)
	}
}

// TestTimePasses lets the clock go on in small steps between two lines: what is announced, and
// when, is as if it had made one step.
func TestTimePasses(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20) {
		steps := randomSteps(random(seed), 60)
		history := func(tick time.Duration) (string, string) {
			s := play(t, Config{Announce: true}, "")
			for _, step := range append(steps, "3h now") {
				at, err := time.ParseDuration(strings.Fields(step)[0])
				if err != nil {
					t.Fatal(err)
				}
				for tick > 0 && s.e.now != 0 && s.e.now+int64(tick) < noon+int64(at) {
					s.e.Advance(s.e.now + int64(tick))
				}
				s.more(step)
			}
			return told(s.e.TakeAnnouncements()), s.view().String()
		}
		want, view := history(0)
		got, small := history(9001 * time.Millisecond)
		if d := cmp.Diff(want, got) + cmp.Diff(view, small); d != "" {
			t.Fatalf("seed %d (-one step +many): %s", seed, d)
		}
	}
}

// TestAnnounceNow announces what would only be announced a moment later, and only that.
func TestAnnounceNow(t *testing.T) {
	t.Parallel()
	s := play(t, Config{Announce: true}, "0s old fails\n10s b fails\n10s a fails\n10s waiting waits")
	s.e.AnnounceNow()
	if d := cmp.Diff("0s old pending 1\n10s a pending 1\n10s b pending 1", told(s.e.TakeAnnouncements())); d != "" {
		t.Error(d)
	}
	s.more("1m now")
	if d := cmp.Diff("10s waiting pending 0\n1m0s old firing 1", told(s.e.TakeAnnouncements())); d != "" {
		t.Error(d)
	}
}

// TestAnnouncementIsACopy holds what was known then, whatever comes later.
func TestAnnouncementIsACopy(t *testing.T) {
	t.Parallel()
	s := play(t, Config{Announce: true}, "0s a fails\n3s now")
	was := s.e.TakeAnnouncements()[0].Incident
	evidence := len(was.Evidence())
	s.more("4s a fails error=build_failed:_other\n5s a fails\n6s a fails\n7s a fails")
	if was.Attempts != 1 || len(was.Evidence()) != evidence || was.ErrorLast != "kustomize build failed: x" || was.ID == "" || was.Announced != Pending {
		t.Errorf("%+v", was)
	}
}

// TestSilentWithoutAnnounce has the states all the same.
func TestSilentWithoutAnnounce(t *testing.T) {
	t.Parallel()
	s := play(t, Config{}, "0s a fails\n61s now")
	i := s.view().Open[0]
	if len(s.e.TakeAnnouncements()) > 0 || i.State() != Firing || i.FiredAt != noon+int64(time.Minute) || i.Announced != "" {
		t.Errorf("%+v", i)
	}
}
