package files

import (
	"path/filepath"
	"strings"
	"testing"

	"fluxtrail/conditions"
	"fluxtrail/conditions/conditionstest"
	"fluxtrail/derive"
)

// TestStories reads all that was recorded beside the stories: transitions, dumps of kubectl and
// metrics of controllers. Where two of them tell of one object at one time they say the same.
func TestStories(t *testing.T) {
	t.Parallel()
	stories, err := filepath.Glob("../../../shared/data/stories/*")
	if err != nil || len(stories) == 0 {
		t.Skip("the recorded stories are not here")
	}
	for _, story := range stories {
		t.Run(filepath.Base(story), func(t *testing.T) {
			t.Parallel()
			truth := read(t, filepath.Join(story, "conditions.jsonl"))
			compared := 0
			for _, other := range []string{"dumps", "metrics"} {
				found, err := filepath.Glob(filepath.Join(story, other))
				if err != nil || len(found) == 0 {
					continue
				}
				e := read(t, found...)
				for i := range e.Observations {
					compared += compare(t, truth, &e.Observations[i])
				}
			}
			t.Logf("%d transitions, %d other observations agree", len(truth.Observations), compared)
		})
	}
}

func read(t *testing.T, paths ...string) *conditions.Evidence {
	t.Helper()
	e, err := Read(paths, Options{Redact: redactor(t)})
	if err != nil {
		t.Fatal(err)
	}
	conditionstest.Check(t, e.Observations)
	for _, f := range e.Inputs {
		if f.Err != nil || f.Objects == 0 && !strings.Contains(f.Name, "metrics") {
			t.Errorf("%s: %d objects, %v", f.Name, f.Objects, f.Err)
		}
	}
	return e
}

// settled is how long the state has to be the same around a sample or dump, whose times are exact
// to some seconds only.
const settled = 5e9

// compare looks the object up in the transitions. It returns 1 when they tell what it does.
func compare(t *testing.T, truth *conditions.Evidence, o *derive.Observation) int {
	t.Helper()
	before, after := derive.Observation{}, derive.Observation{}
	for _, r := range truth.Observations {
		if r.Ref == o.Ref && r.At <= o.At {
			before = r
		}
		if r.Ref == o.Ref && r.At > o.At && after.At == 0 {
			after = r
		}
	}
	steady := before.At != 0 && o.At-before.At > settled && (after.At == 0 || after.At-o.At > settled)
	// Controllers before Flux 2.5 leave their metric as it was while a run goes on.
	if !steady || o.Ready() == "" || before.Ready() == "Unknown" {
		return 0
	}
	if o.Ready() != before.Ready() || o.Deleted != before.Deleted {
		t.Errorf("%s\nbut the transitions say\n%s", conditionstest.Describe(o), conditionstest.Describe(&before))
		return 0
	}
	return 1
}
