package derive

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// moved plays steps in one engine and, from the step "moves" on, in another, which takes over the
// open incidents either at once or, with the step "adopts", later. It returns what came of the
// incidents, by both engines: ID, state, and how it went.
func moved(t *testing.T, steps string) (before, after []string) {
	t.Helper()
	first, second, late := cutAt(steps)
	old := play(t, Config{Announce: true}, first)
	old.view()
	text, err := json.Marshal(old.Open)
	if err != nil {
		t.Fatal(err)
	}
	now := play(t, Config{Announce: true}, second)
	adopt(t, now.e, text)
	now.more(late)
	now.e.Advance(now.e.now)
	old.e.HandOver([]Ref{{Kind: "Kustomization", Namespace: "apps", Name: "a"}}, now.e.now)
	return incidents(old), incidents(now)
}

func cutAt(steps string) (first, second, late string) {
	first, second, _ = strings.Cut(steps, "moves\n")
	second, late, _ = strings.Cut(second, "adopts\n")
	return first, second, late
}

func adopt(t *testing.T, e *Engine, text []byte) {
	t.Helper()
	var open []*Incident
	if err := json.Unmarshal(text, &open); err != nil {
		t.Fatal(err)
	}
	for _, i := range open {
		e.Adopt(i)
	}
}

// incidents are those that ended, those that are open, and what was announced.
func incidents(s *script) (out []string) {
	s.view()
	for _, i := range append(s.ended, s.Open...) {
		out = append(out, fmt.Sprintf("%s %s at %ds: %d failed, %d flaps, %s", IncidentID(i)[:4], i.State(), (i.OpenedAt-noon)/1e9, i.Attempts, i.Flaps, i.ErrorLast))
	}
	for _, a := range s.e.TakeAnnouncements() {
		out = append(out, string(a.State))
	}
	return out
}

// TestHandOver moves a controller in the middle of an incident. The incident goes on, whether the
// other engine knows of it before or after it read of the object.
func TestHandOver(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, steps, before, after string }{
		{"goes on", "0s a fails\n90s a fails\nmoves\nadopts\n120s a fails\n", "X handed_over at 0s: 2 failed, pending firing handed_over", "X firing at 0s: 3 failed, "},
		{"known later", "0s a fails\n90s a fails\nmoves\n120s a fails\n150s a fails\nadopts\n", "X handed_over at 0s: 2 failed, pending firing handed_over", "X firing at 0s: 4 failed, pending withdrawn"},
		{"known in time, before anybody was told", "0s a fails\n90s a fails\nmoves\n120s a fails\nadopts\n", "X handed_over at 0s: 2 failed, pending firing handed_over", "X firing at 0s: 3 failed, "},
		{"recovers", "0s a fails\n90s a fails\nmoves\nadopts\n120s a ok\n500s now\n", "X handed_over at 0s: 2 failed, pending firing handed_over", "X resolved at 0s: 2 failed, resolved"},
		{"recovered before it was known", "0s a fails\n90s a fails\nmoves\n120s a ok\n130s now\nadopts\n500s now\n", "X handed_over at 0s: 2 failed, pending firing handed_over", "X resolved at 0s: 2 failed, resolved"},
		{"heals", "0s a fails\n90s a ok\nmoves\nadopts\n500s now\n", "X handed_over at 0s: 1 failed, pending firing handed_over", "X resolved at 0s: 1 failed, resolved"},
		{"heals, and fails there", "0s a fails\n90s a ok\n95s now\nmoves\n120s a fails\nadopts\n", "X handed_over at 0s: 1 failed, pending firing handed_over", "X firing at 0s: 2 failed, "},
		{"fires there", "0s a fails\n9s now\nmoves\nadopts\n99s now\n", "X handed_over at 0s: 1 failed, pending handed_over", "X firing at 0s: 1 failed, firing"},
		{"was suspended meanwhile", "0s a fails\n90s a fails\nmoves\n120s a is-suspended\n150s now\nadopts\n", "X handed_over at 0s: 2 failed, pending firing handed_over", "X closed at 0s: 2 failed, closed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			before, after := moved(t, c.steps)
			short := func(lines []string) string {
				s := strings.ReplaceAll(strings.Join(lines, " "), " 0 flaps, kustomize build failed: x", "")
				s = strings.ReplaceAll(s, " 1 flaps, kustomize build failed: x", "")
				_, rest, _ := strings.Cut(s, " ")
				return "X " + rest
			}
			if d := cmp.Diff(strings.TrimSpace(c.before), strings.TrimSpace(short(before))); d != "" {
				t.Error(d)
			}
			if d := cmp.Diff(strings.TrimSpace(c.after), strings.TrimSpace(short(after))); d != "" {
				t.Error(d)
			}
			if before[0][:4] != after[0][:4] {
				t.Errorf("%s goes on as %s", before[0], after[0])
			}
		})
	}
}

// TestHandOverForgets has nothing of an object left where it was.
func TestHandOverForgets(t *testing.T) {
	t.Parallel()
	for seed := range uint64(50) {
		s := play(t, Config{Announce: true}, strings.Join(randomSteps(random(seed), 60), "\n"))
		s.view()
		var all []Ref
		for _, o := range s.View.Objects {
			all = append(all, o.Ref)
		}
		s.e.HandOver(all, s.e.now)
		s.more("100h now")
		if s.view(); len(s.View.Objects)+len(s.Open) != 0 {
			t.Fatalf("seed %d: %v %v", seed, s.View.Objects, s.Open)
		}
		saved, err := json.Marshal(s.e)
		if err != nil || !strings.HasPrefix(string(saved), `{"objects":[]`) {
			t.Fatalf("seed %d: %s %v", seed, saved, err)
		}
	}
}
