package prom

import (
	"bytes"
	"os"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fluxtrail/api"
	"fluxtrail/sinks/report"
)

// TestBackfilledSeriesJoin compares what the agent exposes with what a replay writes for the same
// families: type, names of labels, and bounds of buckets have to be the same, or backfilled and
// scraped series are two.
func TestBackfilledSeriesJoin(t *testing.T) {
	t.Parallel()
	agent, err := os.ReadFile("testdata/sample.openmetrics")
	if err != nil {
		t.Fatal(err)
	}
	var replay bytes.Buffer
	form, _ := report.FormNamed("openmetrics")
	if err := form.Write(&replay, recovered(), report.Look{}); err != nil {
		t.Fatal(err)
	}
	for _, family := range []string{"fluxtrail_incidents", "fluxtrail_incident_recovery_seconds", "fluxtrail_incident_open",
		"fluxtrail_object_ready", "fluxtrail_object_status"} {
		got, want := shape(replay.Bytes(), family), shape(agent, family)
		if len(want) < 2 {
			t.Errorf("%s: the agent's sample has %q", family, want)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-agent +replay): %s", family, diff)
		}
	}
}

// recovered is a report with an object that failed and recovered.
func recovered() *api.Report {
	at := func(minute int) api.Time { return api.Time{Time: time.Date(2026, 11, 20, 10, minute, 0, 0, time.UTC)} }
	ref := api.Ref{Kind: "Kustomization", Namespace: "flux-system", Name: "infra"}
	return &api.Report{
		Window: api.Window{From: at(0), To: at(30)}, Objects: []api.Object{{Ref: ref, Status: "ready", Ready: "True"}},
		Transitions: slices.Values([]api.Transition{{At: at(0), Ref: ref, Ready: "True", Status: "ready"}}),
		Incidents: slices.Values([]api.Incident{{ID: "1", Ref: ref, State: "resolved", OpenedAt: at(5), ResolvedAt: at(15),
			Reason: "HealthCheckFailed", ReasonFirst: "BuildFailed"}}),
	}
}

var (
	series = regexp.MustCompile(`(?m)^([a-z_]+)\{([^}]*)\}`)
	label  = regexp.MustCompile(`([a-z_]+)="([^"]*)"`)
)

// shape is a family's type, and the names of its series with those of their labels; le has its
// value. Times of creation are left out: promtool takes a zero at the beginning instead.
func shape(text []byte, family string) []string {
	kind := regexp.MustCompile(`(?m)^# TYPE ` + family + ` ([a-z]+)$`).FindSubmatch(text)
	if kind == nil {
		return nil
	}
	out := []string{"type " + string(kind[1])}
	suffixes := regexp.MustCompile(`^` + family + `(_total|_bucket|_sum|_count)?$`)
	for _, m := range series.FindAllSubmatch(text, -1) {
		if !suffixes.Match(m[1]) {
			continue
		}
		s := string(m[1])
		for _, l := range label.FindAllSubmatch(m[2], -1) {
			if s += " " + string(l[1]); string(l[1]) == "le" {
				s += "=" + string(l[2])
			}
		}
		out = append(out, s)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
