package replay

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fluxtrail/api"
	"fluxtrail/conditions"
	"fluxtrail/derive"
)

// changes are the transitions of the demo's objects that end an attempt.
func changes(t *testing.T, opt Options) (all []api.Transition, rep *api.Report) {
	t.Helper()
	opt.Paths, opt.Transitions = []string{demo}, true
	err := Run(t.Context(), opt, func(_ context.Context, r *api.Report) error {
		for tr := range r.Transitions {
			if tr.Ready != "Unknown" {
				all = append(all, tr)
			}
		}
		rep = r
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all, rep
}

// observed are observations that follow the log: each change was seen a moment after its condition
// was written.
func observed(all []api.Transition, written, seen time.Duration) conditions.Source {
	return func(context.Context, int64, int64) (*conditions.Evidence, error) {
		e := &conditions.Evidence{Inputs: []conditions.Input{{Name: "recorder", Form: "test", Objects: len(all)}}}
		for _, tr := range all {
			if tr.Status == "deleted" || tr.Status == "suspended" || tr.Status == "silent" {
				continue
			}
			at := tr.At.Time
			o := derive.Observation{Ref: derive.Ref(tr.Ref), Source: "recorder", Family: "object", At: at.Add(seen).UnixNano() + 15e6}
			c := derive.Condition{Type: "Ready", Status: tr.Ready, Since: at.Truncate(time.Second).Add(written).UnixNano()}
			if tr.Reason != nil {
				c.Reason = *tr.Reason
			}
			o.Conditions = []derive.Condition{c}
			e.Observations = append(e.Observations, o)
		}
		e.Sort()
		return e, nil
	}
}

// TestClocksThatDiffer lets the conditions have another clock than the log, or their observer
// another one than the controllers. The report says so, and is otherwise the same.
func TestClocksThatDiffer(t *testing.T) {
	t.Parallel()
	all, _ := changes(t, Options{})
	_, same := changes(t, Options{Evidence: []conditions.Source{observed(all, 0, 0)}})
	if len(same.Input.ConditionNotes) > 0 {
		t.Errorf("without any difference: %q", same.Input.ConditionNotes)
	}
	for _, c := range []struct {
		written, seen time.Duration
		want          string
	}{
		{5 * time.Minute, 5 * time.Minute, "the clock of the conditions is 5m0"},
		{-5 * time.Minute, -5 * time.Minute, "behind the log's: corrected"},
		{0, 5 * time.Minute, "ahead of the controllers': corrected"},
		{0, -90 * time.Second, "behind the controllers': corrected"},
	} {
		_, rep := changes(t, Options{Evidence: []conditions.Source{observed(all, c.written, c.seen)}})
		if notes := strings.Join(rep.Input.ConditionNotes, "\n"); !strings.Contains(notes, c.want) {
			t.Errorf("%s, %s: got notes %q, want %q", c.written, c.seen, notes, c.want)
		}
		if d := cmp.Diff(verdictsOf(same), verdictsOf(rep)); d != "" {
			t.Errorf("%s, %s: (-same clock +other)\n%s", c.written, c.seen, d)
		}
	}
}

func verdictsOf(rep *api.Report) map[string]string {
	out := map[string]string{}
	for i := range rep.Objects {
		out[rep.Objects[i].Ref.String()] = rep.Objects[i].Verdict
	}
	return out
}

// TestAnotherCluster gives conditions of objects that the log does not know: that is told, and
// nothing is taken to be deleted.
func TestAnotherCluster(t *testing.T) {
	t.Parallel()
	stranger := func(context.Context, int64, int64) (*conditions.Evidence, error) {
		at := time.Date(2026, 11, 20, 10, 24, 0, 0, time.UTC).UnixNano()
		e := &conditions.Evidence{}
		e.Observations = []derive.Observation{{
			Ref: derive.Ref{Kind: "Kustomization", Namespace: "prod", Name: "other"}, Source: "x", Family: "object", At: at,
			Conditions: []derive.Condition{{Type: "Ready", Status: "True"}},
		}}
		e.Listings = []derive.Listing{{Source: "x", Kind: "Kustomization", At: at}}
		return e, nil
	}
	_, rep := changes(t, Options{Evidence: []conditions.Source{stranger}})
	if len(rep.Input.ConditionNotes) != 1 || !strings.Contains(rep.Input.ConditionNotes[0], "another cluster") {
		t.Errorf("got %q", rep.Input.ConditionNotes)
	}
	for ref, verdict := range verdictsOf(rep) {
		if strings.HasPrefix(ref, "Kustomization") && verdict == "deleted" {
			t.Errorf("%s is taken to be deleted", ref)
		}
	}
}

// TestHealthOfProcesses: the newest of each controller counts, and of one with several processes
// each of them.
func TestHealthOfProcesses(t *testing.T) {
	t.Parallel()
	e := &evidence{}
	at := func(minutes int64) int64 { return minutes * 60e9 }
	e.Health = []conditions.Health{
		{Controller: "kustomize-controller", Instance: "a", At: at(20), Troubles: []string{"x"}},
		{Controller: "kustomize-controller", Instance: "b", At: at(19), Troubles: []string{"y"}},
		{Controller: "kustomize-controller", Instance: "c", At: at(2), Troubles: []string{"gone"}},
		{Controller: "helm-controller", At: at(1), Troubles: []string{"old"}},
		{Controller: "helm-controller", At: at(5), Troubles: []string{"new"}},
		{Controller: "source-controller", Instance: "a", At: at(3), Troubles: []string{"alone"}},
		{Controller: "source-controller", Instance: "a", At: at(30), Troubles: []string{"too late"}},
	}
	got := map[string]string{}
	for _, c := range e.health(nil, at(25), nil) {
		got[c.Name] = strings.Join(c.Health.Troubles, "; ")
	}
	want := map[string]string{"kustomize-controller": "a: x; b: y", "helm-controller": "new", "source-controller": "alone"}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}
