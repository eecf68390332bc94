package derive

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestCopyIsApart settles copies of engines in random states, and adds more to them. The engine
// stays as it was, and the copy does what one does that was saved and restored.
func TestCopyIsApart(t *testing.T) {
	t.Parallel()
	for seed := range uint64(300) {
		s := play(t, Config{Announce: seed%2 == 0}, strings.Join(randomSteps(random(seed), 100), "\n"))
		before := saved(t, s.e)
		restored := New(s.e.cfg)
		if err := json.Unmarshal([]byte(before), restored); err != nil {
			t.Fatal(err)
		}
		c := s.e.Copy()
		for _, e := range []*Engine{c, restored} {
			e.errors = map[string]*ErrorGroup{}
		}
		for _, what := range []func(*Engine){func(*Engine) {}, func(e *Engine) { e.Advance(e.latest) }, (*Engine).Settle} {
			what(c)
			what(restored)
			c.errors, restored.errors = map[string]*ErrorGroup{}, map[string]*ErrorGroup{}
			if diff := cmp.Diff(saved(t, restored), saved(t, c)); diff != "" {
				t.Fatalf("seed %d (-restored +copied): %s", seed, diff)
			}
		}
		if diff := cmp.Diff(before, saved(t, s.e)); diff != "" {
			t.Fatalf("seed %d: the engine changed with its copy: %s", seed, diff)
		}
	}
}

func saved(t *testing.T, e *Engine) string {
	t.Helper()
	text, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
