package report

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fluxtrail/api"
)

// compared is the sample with what a dump of the API and a controller's metrics told besides.
func compared() *api.Report {
	r := sample()
	r.Input.Conditions = []api.ConditionInput{
		{Source: "dump/kustomizations.yaml", Form: "objects (YAML)", At: at("10:59:00"), Objects: 6, Others: 2},
		{Source: "metrics/0.prom", Form: "metrics (exposition)", At: at("10:58:30"), Guessed: true, Objects: 4},
		{Source: "dump/empty.json", Form: "objects (JSON)"},
		{Source: "dump/cut.json", Form: "objects (JSON)", Error: ptr("unexpected end\x1b[2J of JSON input")},
	}
	r.Input.ConditionNotes = []string{"their clock is 3s ahead of the log's"}
	said := func(ref api.Ref, verdict, why string, c *api.Condition) {
		for i := range r.Objects {
			if o := &r.Objects[i]; o.Ref == ref {
				o.Verdict, o.Explanation, o.Condition = verdict, why, c
				o.Line = &api.Evidence{Pod: "kc-0", File: "kc-0/manager/0.log", Line: int64(100 + i), ReconcileID: "443c"}
			}
		}
	}
	said(ksFlap, "condition-only", "Ready is False although the log shows a success", &api.Condition{
		Ready: "False", Reason: "HealthCheckFailed", Message: "timeout \u202ewaiting\nfor Deployment/apps/web",
		Since: at("10:57:00"), At: at("10:59:00"), Source: "dump/kustomizations.yaml:41",
	})
	said(gitFlux, "log-only", "the log shows a failure that the condition does not have", &api.Condition{
		Ready: "True", At: at("10:58:30"), Source: "metrics/0.prom:7",
	})
	said(ksWeb, "failing", "both say so", nil)
	for i := range r.Objects {
		switch o := &r.Objects[i]; o.Ref {
		case ksWeb:
			o.Chain = []api.Ref{ksInfra, gitApps, {Kind: "Secret", Name: "elsewhere"}}
		case ksInfra:
			o.Chain = []api.Ref{gitApps}
		}
	}
	return r
}

func storyOf(t *testing.T, ref api.Ref, look Look) string {
	t.Helper()
	s := Story(compared(), ref)
	if s == nil {
		t.Fatalf("there is no story of %v", ref)
	}
	var b bytes.Buffer
	if err := WriteStory(&b, s, false, look); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestStoryTellsBothSides reads the story of an object that the log and the condition see
// differently: its sentences, and nothing that a terminal would obey.
func TestStoryTellsBothSides(t *testing.T) {
	t.Parallel()
	want := `✗ condition-only  Kustomization/flux-system/flap
  Ready is False although the log shows a success

EVIDENCE
`
	got := storyOf(t, ksFlap, Look{})
	if !strings.HasPrefix(got, want) {
		t.Errorf("it begins with\n%s", got)
	}
	for _, part := range []string{
		"  log       kc-0:manager/0.log:105\n",
		"  condition Ready False, HealthCheckFailed, since 10:57:00, observed at 10:59:00\n",
		"dump/kustomizations.yaml:41\n",
		"  Nothing else is known to hold it up.\n",
		"  Nothing is known to wait for it.\n",
		"it begins to fail: kustomize build failed: kustomization.yaml is empty\n",
		"it has recovered\n",
		"  flux -n flux-system get kustomizations flap\n",
	} {
		if !strings.Contains(got, part) {
			t.Errorf("%q is missing in\n%s", part, got)
		}
	}
	if strings.ContainsAny(got, "\u202e\x1b") {
		t.Error("the terminal would obey the log")
	}
}

// TestStoryFollowsTheChain reads both ends of a chain of objects that hold each other up.
func TestStoryFollowsTheChain(t *testing.T) {
	t.Parallel()
	s := Story(compared(), ksWeb)
	var chain, blocks []string
	for _, l := range s.Chain {
		chain = append(chain, l.Ref.Name+" "+l.Verdict)
	}
	if d := cmp.Diff([]string{"infra waiting", "apps failing", "elsewhere "}, chain); d != "" {
		t.Error(d)
	}
	if !strings.HasPrefix(s.Chain[1].Message, "failed to checkout") || s.Chain[1].Since != at("10:13:02") {
		t.Errorf("%+v", s.Chain[1])
	}
	for _, l := range Story(compared(), gitApps).Blocks {
		blocks = append(blocks, l.Ref.Name)
	}
	if d := cmp.Diff([]string{"infra", "web"}, blocks); d != "" {
		t.Error(d)
	}
	got := storyOf(t, ksWeb, Look{Limit: 2})
	for _, part := range []string{
		"  ◷ Kustomization/flux-system/infra  waiting since 10:14:12\n",
		"  ✗ GitRepository/flux-system/apps  failing since 10:13:02\n",
		"…and 1 more (--all)\n",
		"not asked for: --conditions reads what kubectl printed, or metrics\n",
		"change before (--all)\n",
	} {
		if !strings.Contains(got, part) {
			t.Errorf("%q is missing in\n%s", part, got)
		}
	}
	if got := storyOf(t, ksWeb, Look{Limit: -1}); !strings.Contains(got, "  · Secret/elsewhere  not in this log\n") {
		t.Error(got)
	}
	if Story(compared(), api.Ref{Kind: "Kustomization", Name: "web"}) != nil {
		t.Error("there is a story of an object that there is not")
	}
}

// TestStoryLeavesOutWhatChangedNothing holds that a run from ready over progressing to ready is no
// news, and that one which changed the reason is.
func TestStoryLeavesOutWhatChangedNothing(t *testing.T) {
	t.Parallel()
	r := &api.Report{Window: api.Window{From: at("10:00:00"), To: at("11:00:00")}, Objects: []api.Object{{Ref: ksWeb}}}
	r.Transitions = func(yield func(api.Transition) bool) {
		for i, step := range []struct{ status, reason string }{
			{"ready", "Succeeded"}, {"progressing", ""}, {"ready", "Succeeded"}, {"progressing", ""}, {"ready", "Succeeded"},
			{"failing", "BuildFailed"}, {"progressing", ""}, {"failing", "HealthCheckFailed"}, {"failing", "HealthCheckFailed"},
		} {
			other := api.Transition{At: at("10:00:30"), Ref: ksAPI, Status: "deleted"}
			if !yield(other) || !yield(api.Transition{At: api.Time{Time: at("10:00:00").Add(time.Duration(i) * time.Second)}, Ref: ksWeb, Status: step.status, Reason: &step.reason}) {
				return
			}
		}
	}
	var got []string
	for _, m := range Story(r, ksWeb).Timeline {
		got = append(got, m.Status+" "+*m.Reason)
	}
	want := []string{"ready Succeeded", "failing BuildFailed", "progressing ", "failing HealthCheckFailed"}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// TestStoryAsJSON has the schema's name and the same chain; what people read stays as the log has
// it, since JSON has its own escapes.
func TestStoryAsJSON(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := WriteStory(&b, Story(compared(), ksWeb), true, Look{}); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Schema string
		Object struct{ Name, Verdict string }
		Chain  []struct{ Name, Verdict string }
		Blocks []any
		Input  struct{ Conditions []any }
	}
	if err := json.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if got.Schema != api.StorySchema || got.Object.Name != "web" || len(got.Chain) != 3 || got.Blocks == nil || len(got.Input.Conditions) != 4 {
		t.Errorf("%+v", got)
	}
}
