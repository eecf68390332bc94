package derive

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestRewind has a clock that is two hours ahead be set back to right, which is a minute after the
// beginning. What follows goes by the clock that is right, as after a restart.
func TestRewind(t *testing.T) {
	t.Parallel()
	for _, x := range []struct{ name, steps, want string }{
		{"a promise is kept in time", "2h a ok next=10m\n1m rewind\n2m b ok\n16m now", "a ready b ready"},
		{"a promise is broken", "2h a ok next=10m\n1m rewind\n16m0.001s now", "a silent"},
		{"what is promised later", "2h a ok next=1m\n1m rewind\n2m a ok next=10m\n17m now", "a ready"},
		{"a promise of before", "0s a ok next=10m\n2h b ok\n1m rewind\n2m now", "a ready b ready"},
		{"a silence is over", "0s a ok next=10m\n2h b ok\n2h1m now\n1m rewind", "a ready b ready"},
		{"another object fails", "2h a ok\n1m rewind\n1m b fails\n1m59s now", "a ready b failing | b pending 1m0s.. runs=1 flaps=0"},
		{"what fails fires in time", "2h a fails\n1m rewind\n2m now", "a failing | a firing 1m0s.. runs=1 flaps=0"},
		{"and not before", "2h a fails\n3h now\n1m rewind\n1m59.999s now", "a failing | a pending 1m0s.. runs=1 flaps=0"},
		{"what fired by that clock alone", "30s a fails\n2h b ok\n1m rewind\n1m29s now", "a failing b ready | a pending 30s.. runs=1 flaps=0"},
		{"what failed before keeps its time", "0s a fails\n2h a fails\n1m rewind", "a failing | a firing 0s.. runs=2 flaps=0"},
		{"a success holds", "0s a fails\n2h a ok\n1m rewind\n5m59s now", "a ready | a firing 0s.. runs=1 flaps=0"},
		{"a success has held", "0s a fails\n2h a ok\n1m rewind\n6m now", "a ready | a resolved 0s..1m0s runs=1 flaps=0"},
		{"all of it was ahead", "2h a fails\n2h1m a ok\n1m rewind\n6m now", "a ready | a resolved 1m0s..1m0s runs=1 flaps=0"},
		{"an attempt under way", "2h a works id=x\n1m rewind\n1m2s now", "a progressing"},
		{"an outcome under way", "2h a ok\n1m rewind\n6m now", "a ready"},
		{"a release that may fail yet", "2h a finished kind=HelmRelease\n1m rewind\n1m2s now", "a ready"},
		{"a failure that is tried no more", "2h a errs\n2h a errs\n2h a errs\n2h a errs\n1m rewind\n30m b ok\n59m now", "a deleted b silent | a closed 1m0s..3m12s runs=4 flaps=0 gone"},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			for _, restarts := range []bool{false, true} {
				s := play(t, Config{Announce: true, KeepAttempts: true}, "")
				for step := range strings.Lines(x.steps) {
					if strings.Contains(step, "rewind") {
						s.e.TakeAttempts()
					}
					if s.more(step); restarts {
						s = restarted(t, s)
					}
				}
				if diff := cmp.Diff(x.want, s.brief()); diff != "" {
					t.Errorf("restarts: %v\n%s", restarts, diff)
				}
				for _, a := range s.e.TakeAttempts() {
					if a.At > s.e.now {
						t.Errorf("an attempt at %v", time.Duration(a.At-noon))
					}
				}
			}
		})
	}
}

// TestRewindAnnounces tells that an incident which was opened by a clock that was ahead is none, and
// that it opens now.
func TestRewindAnnounces(t *testing.T) {
	t.Parallel()
	s := play(t, Config{Announce: true}, "0s old fails\n2h a fails\n2h2s now\n1m rewind\n1m1s a fails\n9m now")
	want := "0s old pending 1\n1m0s old firing 1\n2h0m0s a pending 1\n1m0s a withdrawn 1\n1m0s a pending 2\n2m0s a firing 2"
	if d := cmp.Diff(want, told(s.e.TakeAnnouncements())); d != "" {
		t.Error(d)
	}
}

// TestRewindSilences tells when objects are silent and when they are heard again.
func TestRewindSilences(t *testing.T) {
	t.Parallel()
	s := play(t, Config{Announce: true}, "0s old ok next=10m\n2h a ok next=10m\n1m rewind\n20m now")
	var got []string
	for _, x := range s.e.TakeSilences() {
		got = append(got, fmt.Sprint(time.Duration(x.At-noon), " ", x.Object.Name, " ", x.Silent))
	}
	if d := cmp.Diff("15m0s old true, 15m0s old false, 15m0s old true, 16m0s a true", strings.Join(got, ", ")); d != "" {
		t.Error(d)
	}
}

// TestRewindIsNow has nothing in a state that is later than now, but for what is still to come.
func TestRewindIsNow(t *testing.T) {
	t.Parallel()
	s := play(t, Config{Announce: true, KeepAttempts: true}, "2h b errs\n2h b errs\n2h b errs\n2h b errs\n2h a ok\n2h a works\n2h c fails\n2h1m c ok")
	for _, words := range []string{"2h a sees ready=False reason=BuildFailed message=x", "2h b sees ready=Unknown", "2h c sees ready=False reason=x message=y"} {
		s.e.Observe(observation(t, strings.Fields(words)))
	}
	s.more("1m rewind")
	for _, o := range s.e.Objects() {
		saved, err := json.Marshal(savedObject{o, o.known.save()})
		if err != nil {
			t.Fatal(err)
		}
		for _, when := range regexp.MustCompile(`"(\w+)":([0-9]{19})`).FindAllStringSubmatch(string(saved), -1) {
			at, err := strconv.ParseInt(when[2], 10, 64)
			if late := time.Duration(at - s.e.now); err != nil || late > 20*time.Minute && when[1] != "at" { // of lines
				t.Errorf("%s: %s is %v ahead", o.Name, when[1], late)
			}
		}
	}
	s.more("1m30s now\n7m now")
	if got := s.brief(); got != "a failing b failing c ready | c resolved 1m0s..1m0s runs=1 flaps=0 | a firing 1m0s.. runs=0 flaps=0 | b firing 1m0s.. runs=4 flaps=0" {
		t.Error(got)
	}
	if n := len(s.e.TakeAttempts()); n != 7 {
		t.Errorf("%d of 7 attempts were told", n)
	}
}

// TestRewindObserved has what was observed by a clock that was ahead hold up nothing.
func TestRewindObserved(t *testing.T) {
	t.Parallel()
	w := Observed{
		Observations: []Observation{{At: 1}, {At: 50}, {At: 60}, {At: 3}},
		Listings:     []Listing{{At: 60}, {At: 3}},
	}
	w.Rewind(3)
	n := 0
	w.Before(4, func(*Observation) { n++ }, func(Listing) { n++ })
	if n != 6 {
		t.Errorf("%d of 6", n)
	}
}
