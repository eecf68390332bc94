package report

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fluxtrail/api"
)

// TestVerdictsByUrgency holds the order of the table: what somebody has to look at first. Healthy
// objects are left out.
func TestVerdictsByUrgency(t *testing.T) {
	t.Parallel()
	r := compared()
	var got []string
	for _, row := range verdictTable(r.Objects, -1).Rows {
		got = append(got, row.Cells[0].Text+" "+row.Ref.Name)
	}
	want := []string{
		"✗ failing apps", "✗ failing cart", "✗ failing web", `✗ failing nasty"<b>|` + "`x`",
		"✗ condition-only flap", "✗ log-only flux-system", "? silent kube-prometheus-stack",
		"◷ waiting api", "◷ waiting infra", "‖ suspended jobs",
	}
	if len(got) != len(want) {
		t.Fatalf("%d rows: %q", len(got), got)
	}
	for i := range want {
		if verdict, _, _ := strings.Cut(want[i], " "); !strings.HasPrefix(got[i], verdict) {
			t.Errorf("row %d is %q, want %q", i, got[i], want[i])
		}
	}
	if few := verdictTable(r.Objects, 3); len(few.Rows) != 3 || few.More != len(want)-3 {
		t.Errorf("%d rows and %d more", len(few.Rows), few.More)
	}
	for _, name := range []string{"", "something new"} {
		if v := verdictOf(name); v.Name != "unknown" {
			t.Errorf("%q is shown as %s", name, v.Name)
		}
	}
}

// TestVerdictsShowOnlyWithEvidence looks for the section with and without anything beside the logs.
func TestVerdictsShowOnlyWithEvidence(t *testing.T) {
	t.Parallel()
	text := func(r *api.Report) string {
		var b bytes.Buffer
		if err := writeText(&b, r, Look{Sections: []string{verdictsSection, inputSection}}); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	if got := text(sample()); strings.Contains(got, "VERDICTS") {
		t.Error(got)
	}
	got := text(compared())
	for _, part := range []string{
		"VERDICTS  4 failing, 1 condition-only, 1 log-only, 1 silent, 2 waiting, 1 suspended; their clock is 3s ahead of the log's\n",
		"✗ condition-only  Kustomization/flux-system/flap\n  Ready is False although the log shows a success\n" +
			"  log       kc-0:manager/0.log:105\n  condition dump/kustomizations.yaml:41\n",
		"metrics/0.prom",
		"dump/cut.json",
	} {
		if !strings.Contains(got, part) {
			t.Errorf("%q is missing in\n%s", part, got)
		}
	}
	if strings.Contains(got, "\x1b") {
		t.Error("an error of a file is obeyed by the terminal")
	}
}

// TestAlarms are the verdicts that show where the status does not: only with a condition.
func TestAlarms(t *testing.T) {
	t.Parallel()
	with := &api.Condition{Ready: "False"}
	for _, c := range []struct {
		object api.Object
		want   string
	}{
		{api.Object{Status: "ready", Verdict: "condition-only", Condition: with}, "condition-only"},
		{api.Object{Status: "ready", Verdict: "condition-only"}, ""},
		{api.Object{Status: "progressing", Verdict: "stuck", Condition: with}, "stuck"},
		{api.Object{Status: "failing", Verdict: "log-only", Condition: with}, ""}, // its status shows
		{api.Object{Status: "waiting", Verdict: "waiting", Condition: with}, ""},
		{api.Object{Status: "ready", Verdict: "healthy", Condition: with}, ""},
	} {
		got := ""
		if v, ok := alarm(&c.object); ok {
			got = v.Name
		}
		if got != c.want {
			t.Errorf("%s and %s: %q, want %q", c.object.Status, c.object.Verdict, got, c.want)
		}
		if shown := shownStatus(&c.object).Name; shown != c.want && shown != c.object.Status {
			t.Errorf("%s and %s are shown as %s", c.object.Status, c.object.Verdict, shown)
		}
	}
}

// TestSourcesOfConditions holds what the table of the input says of each source.
func TestSourcesOfConditions(t *testing.T) {
	t.Parallel()
	r := compared()
	c := newClock(r.Window, nil)
	var got []string
	for i := range r.Input.Conditions {
		got = append(got, conditionCell(c, &r.Input.Conditions[i]).Text)
	}
	want := []string{
		"objects (YAML): 6 observations of 10:59:00",
		"metrics (exposition): 4 observations, taken to be of 10:58:30, the newest time in it: --conditions-at says when it was saved",
		"objects (JSON): tells of no Flux object",
		"not read to the end: unexpected end\ufffd[2J of JSON input",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	for i, want := range []bool{false, true, true, true} {
		if got := flawed(&r.Input.Conditions[i]); got != want {
			t.Errorf("%s is flawed: %v", r.Input.Conditions[i].Source, got)
		}
	}
}

// TestControllersByTheirMetrics has a row for each trouble, and one where there is none.
func TestControllersByTheirMetrics(t *testing.T) {
	t.Parallel()
	list := []api.Controller{
		{Name: "source-controller"},
		{Name: "helm-controller", Health: &api.Health{At: at("10:58:00"), Source: "metrics/1.prom"}},
		{Name: "kustomize-controller", Health: &api.Health{At: at("10:58:30"), Source: "metrics/0.prom",
			Troubles: []string{"its queue has 200 objects", "it was restarted at 10:50:00"}}},
	}
	var got []string
	for _, row := range healthTable(newClock(api.Window{From: at("10:00:00"), To: at("11:00:00")}, nil), list).Rows {
		got = append(got, row.Cells[0].Text+": "+row.Cells[1].Text)
	}
	want := []string{"helm-controller: nothing wrong", "kustomize-controller: its queue has 200 objects",
		"kustomize-controller: it was restarted at 10:50:00"}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}
