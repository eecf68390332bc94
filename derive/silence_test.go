package derive

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
)

// inOrderOfTime are the transitions of a script in the order of time, one word each.
func inOrderOfTime(s *script) string {
	list := slices.Clone(s.view().transitions)
	slices.SortStableFunc(list, func(a, b Transition) int {
		return cmp.Or(cmp.Compare(a.At, b.At), a.Object.Compare(b.Object))
	})
	var words []string
	for _, t := range list {
		words = append(words, fmt.Sprintf("%s:%v:%s:%s", t.Object.Name, time.Duration(t.At-noon), t.Status, t.Ready))
	}
	return strings.Join(words, " ")
}

// An object is silent from the last instant at which its promise could be kept until it is heard
// of.
func TestSilentTransitions(t *testing.T) {
	t.Parallel()
	for _, x := range []struct{ name, steps, want string }{
		{"not yet", "0s a ok next=10m\n15m now", "a:0s:ready:True"},
		{"from the grace on", "0s a ok next=10m\n15m0.001s now", "a:0s:ready:True a:15m0s:silent:True"},
		{"at the same time however late it is noticed", "0s a ok next=1m\n9h now", "a:0s:ready:True a:2m0s:silent:True"},
		{"noticed by a line of another object", "0s a ok next=1m\n1m b ok\n2m1s b ok", "a:0s:ready:True b:1m0s:ready:True a:2m0s:silent:True"},
		{"kept at the last instant", "0s a ok next=1m\n2m a ok", "a:0s:ready:True"},
		{"and back", "0s a ok next=1m\n3m a ok", "a:0s:ready:True a:2m0s:silent:True a:3m0s:ready:True"},
		{"back by any line", "0s a ok next=1m\n3m a says", "a:0s:ready:True a:2m0s:silent:True a:3m0s:ready:True"},
		{"back to what it says", "0s a ok next=1m\n3m a fails", "a:0s:ready:True a:2m0s:silent:True a:3m0s:failing:False"},
		{"back, then on", "0s a ok next=1m\n3m a works id=1\n3m9s a ok id=1",
			"a:0s:ready:True a:2m0s:silent:True a:3m0s:ready:True a:3m0s:progressing:Unknown a:3m9s:ready:True"},
		{"failing, silent, failing", "0s a fails next=1m\n3m a fails", "a:0s:failing:False a:2m0s:silent:False a:3m0s:failing:False"},
		{"twice", "0s a ok next=1m\n3m a ok next=1m\n6m now", "a:0s:ready:True a:2m0s:silent:True a:3m0s:ready:True a:5m0s:silent:True"},
		{"a sooner promise counts", "0s a ok next=1h\n1m a fails next=1m\n4m now", "a:0s:ready:True a:1m0s:failing:False a:3m0s:silent:False"},
		{"a later promise counts", "0s a fails next=1m\n1m a ok next=1h\n1h now", "a:0s:failing:False a:1m0s:ready:True"},
		{"a promise that is taken back", "0s a ok next=1m\n1m a errs\n1h now", "a:0s:ready:True a:1m0s:failing:False"},
		{"suspended while silent", "0s a ok next=1m\n3m a is-suspended\n1h now", "a:0s:ready:True a:2m0s:silent:True a:3m0s:suspended:True"},
		{"deleted while silent", "0s a ok next=1m\n3m a is-deleted\n1h now", "a:0s:ready:True a:2m0s:silent:True a:3m0s:deleted:True"},
		{"at the beginning of a window", "0s a ok next=1m\n5m window", "a:0s:ready:True a:2m0s:silent:True a:5m0s:silent:True"},
		{"a line that comes late", "0s a ok next=1m\n5m b ok\n1m a ok next=1h", "a:0s:ready:True a:2m0s:silent:True a:2m0s:ready:True b:5m0s:ready:True"},
		{"a clock that was ahead", "0s a ok next=1m\n5m now\n30s now\n3m now",
			"a:0s:ready:True a:2m0s:silent:True a:2m0s:ready:True a:2m0s:silent:True"},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			if got := inOrderOfTime(play(t, Config{}, x.steps)); got != x.want {
				t.Errorf("%s, want\n%s", got, x.want)
			}
		})
	}
}

// An engine that hands over no transitions keeps no silences either.
func TestNoSilentTransitions(t *testing.T) {
	t.Parallel()
	s := play(t, Config{NoTransitions: true}, "0s a ok next=1m\n5m now")
	if got := inOrderOfTime(s); got != "" || s.Objects[0].SilentAt != 0 || s.Objects[0].Status != Silent {
		t.Errorf("%q, %+v", got, s.Objects[0])
	}
}

// Whatever happens: the latest transition of an object is its status in the view, whether time
// passes in few steps or many, and after a restart.
func TestTransitionsAgreeWithView(t *testing.T) {
	t.Parallel()
	silences := 0
	for seed := range uint64(100) {
		steps := timelySteps(random(seed), 120)
		few := play(t, Config{}, strings.Join(steps, "\n"))
		many := play(t, Config{}, "")
		for n, step := range steps {
			at, _, _ := strings.Cut(step, " ")
			many.more(at + " now\n" + step)
			if n == len(steps)/2 {
				many = restarted(t, many)
			}
			latestAgree(t, many)
		}
		if diff := gocmp.Diff(inOrderOfTime(few), inOrderOfTime(many)); diff != "" {
			t.Fatalf("seed %d:\n%s", seed, diff)
		}
		silences += strings.Count(inOrderOfTime(few), ":silent:")
	}
	if silences < 500 {
		t.Errorf("too little happened: %d silences", silences)
	}
}

// timelySteps are random steps of which none is older than the one before.
func timelySteps(rnd *rand.Rand, n int) []string {
	var latest time.Duration
	return slices.DeleteFunc(randomSteps(rnd, n), func(step string) bool {
		word, _, _ := strings.Cut(step, " ")
		at, _ := time.ParseDuration(word)
		late := at < latest
		latest = max(latest, at)
		return late
	})
}

func restarted(t *testing.T, s *script) *script {
	t.Helper()
	s.view()
	saved, err := json.Marshal(s.e)
	if err != nil {
		t.Fatal(err)
	}
	next := &script{t: t, e: New(Config{}), n: s.n, replayed: s.replayed}
	if err := json.Unmarshal(saved, next.e); err != nil {
		t.Fatal(err)
	}
	return next
}

func latestAgree(t *testing.T, s *script) {
	t.Helper()
	latest := map[Ref]Transition{}
	for _, x := range s.view().transitions {
		if x.At >= latest[x.Object].At {
			latest[x.Object] = x
		}
	}
	for _, o := range s.Objects {
		if x, ok := latest[o.Ref]; ok && (x.Status != o.Status || x.Ready != o.Ready) {
			t.Fatalf("%s is %s %s, its latest transition %+v", o.Ref, o.Status, o.Ready, x)
		}
	}
}
