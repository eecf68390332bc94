package derive

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestVerdictsOverRestarts saves and restores the engine after each step: every object is judged as
// without that.
func TestVerdictsOverRestarts(t *testing.T) {
	t.Parallel()
	for _, c := range verdictCases {
		whole := watch(t, c.steps)
		s := play(t, Config{}, "")
		for line := range strings.Lines(c.steps) {
			switch words := strings.Fields(line); {
			case len(words) > 2 && words[2] == "sees":
				s.e.Observe(observation(t, words))
			case len(words) > 2 && words[2] == "listed":
				s.e.ObserveAll(Listing{Source: "list.json", Kind: words[1], At: since(t, words[0])})
			default:
				s.more(line)
			}
			s.take(s.e)
			saved, err := json.Marshal(s.e)
			if err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal(saved, s.e); err != nil {
				t.Fatal(err)
			}
			again, err := json.Marshal(s.e)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(string(saved), string(again)); d != "" {
				t.Errorf("%s: restored as something else:\n%s", c.row, d)
			}
		}
		s.e.Settle()
		s.view()
		if d := cmp.Diff(judgements(whole), judgements(s)); d != "" {
			t.Errorf("%s (-without +with restarts):\n%s", c.row, d)
		}
	}
}

func judgements(s *script) (all []string) {
	for i := range s.Objects {
		o := &s.Objects[i]
		judged := o.Judge()
		text := fmt.Sprintf("%s %s %s: %s", o.Ref, o.Status, judged.Verdict, judged.Explanation)
		if judged.Condition != nil {
			text += fmt.Sprintf("; %+v", *judged.Condition)
		}
		all = append(all, text)
	}
	return all
}
