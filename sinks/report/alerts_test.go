package report

import (
	"strings"
	"testing"

	"fluxtrail/api"
)

// sampleAlerts is what rules would have done in the hour of the sample.
func sampleAlerts() *api.Alerts {
	labels := func(name, severity string, r api.Ref) map[string]string {
		return map[string]string{
			"alertname": name, "severity": severity, "kind": r.Kind, "exported_namespace": r.Namespace, "name": r.Name,
		}
	}
	failing := api.Alert{
		Name: "Failing", Labels: labels("Failing", "page", ksInfra), Annotations: map[string]string{"summary": "It fails."},
		State: "firing", ActiveAt: at("10:20:30"), FiredAt: at("10:30:30"), NotifiedAt: at("10:30:30"), Value: new(1.0),
		Incident: ptr("1nc1"),
	}
	waiting := api.Alert{
		Name: "Waiting", Labels: labels("Waiting", "info", ksWeb), State: "resolved", ActiveAt: at("10:21:00"),
		FiredAt: at("10:31:00"), ResolvedAt: at("10:40:00"), InhibitedBy: []string{"Failing Kustomization/flux-system/infra"},
	}
	late := api.Alert{
		Name: "Late", Labels: labels("Late", "warning", ksNasty), State: "pending", ActiveAt: at("10:59:00"),
	}
	gone := api.Alert{Name: "Gone", Labels: labels("Gone", "page", ksAPI), State: "canceled", ActiveAt: at("10:10:00"), ResolvedAt: at("10:11:00")}
	return &api.Alerts{
		Rules: []string{"rules.yaml"},
		Grid:  api.AlertGrid{Scrape: 30, Evaluation: []float64{60}, Chosen: "scraped every 30s", From: at("10:00:00"), To: at("11:00:00")},
		List:  []api.Alert{gone, failing, waiting, late}, Omitted: 3,
		Downtimes: []api.Gap{{From: at("10:02:00"), To: at("10:06:00")}},
		Silent: []api.Unalerted{
			{Incident: "a", Ref: ksFlap, OpenedAt: at("10:05:00"), ResolvedAt: at("10:07:00")},
			{Incident: "b", Ref: ksWeb, OpenedAt: at("10:25:00"), Root: &ksInfra},
		},
		Failed:    []api.RuleError{{Rule: "g/Odd", Error: "found duplicate series", First: at("10:01:00"), Times: 9}},
		Unsampled: []string{"kube_pod_info"},
		Changes: &api.AlertChanges{
			Old: []string{"old.yaml"}, Gone: []api.Alert{waiting}, Moved: []api.AlertMoved{{Old: failing, New: failing}}, Same: 2,
		},
	}
}

func TestAlertsInText(t *testing.T) {
	r := sample()
	r.Alerts = sampleAlerts()
	var b strings.Builder
	if err := writeText(&b, r, Look{Sections: []string{alertsSection}, Width: 140}); err != nil {
		t.Fatal(err)
	}
	text := strings.Join(strings.Fields(b.String()), " ")
	for _, want := range []string{
		"would have paged you once, first at 10:30:30: Failing Kustomization/flux-system/infra; 1 suppressed by inhibition; " +
			"would have stayed silent about 1 incident, and told of 1 by the root cause only",
		"✗ Failing Kustomization/flux-system/infra 10:20:30 10:30:30 firing",
		"inhibited by Failing Kustomization/flux-system/infra",
		"… Late Kustomization/team-a/nasty\"<b>|`x` 10:59:00 – pending",
		"Kustomization/flux-system/flap 10:05:00 10:07:00 2m nothing",
		"gone Waiting Kustomization/flux-system/web 10:31:00 – 10:40:00 –",
		"g/Odd failed 9 times since 10:01:00: found duplicate series",
		"a rule reads kube_pod_info",
		"10:02:00 – 10:06:00: the agent counts as down",
		"3 more alerts that went away",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
	if strings.Contains(text, "… Gone") {
		t.Error("an alert that never fired stands among those that did")
	}
}
