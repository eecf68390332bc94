package report

import (
	"encoding/json"
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
		"3 more alerts that are over",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
	if strings.Contains(text, "… Gone") {
		t.Error("an alert that never fired stands among those that did")
	}
}

func TestAlertsOnThePage(t *testing.T) {
	r := sample()
	r.Alerts = sampleAlerts()
	r.Alerts.List = append(r.Alerts.List, api.Alert{
		Name: "Signal", Labels: map[string]string{"alertname": "Signal"}, State: "firing", ActiveAt: at("10:30:00"), FiredAt: at("10:30:00"),
	})
	var b strings.Builder
	if err := writeHTML(&b, r, htmlOptions{}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`<section id="alerts"`, `<title>Failing Kustomization/flux-system/infra pending from 10:20:30 to 10:30:30</title>`,
		`<title>Failing Kustomization/flux-system/infra firing from 10:30:30 to the end of the log</title>`,
		`x="508333" y="22" width="491667" height="6"`, `<div class="lane">`, `<title>Signal firing from 10:30:00`,
		`<a href="#incident-1nc1">1nc1</a>`, `<a href="#incident-b">Kustomization/flux-system/web</a>`,
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %s", want)
		}
	}
	r.Alerts = nil
	b.Reset()
	if err := writeHTML(&b, r, htmlOptions{}); err != nil || strings.Contains(b.String(), `class="alert`) || strings.Contains(b.String(), `id="alerts"`) {
		t.Error("a page without alerts speaks of them", err)
	}
}

func TestAlertsForAlertmanager(t *testing.T) {
	r := sample()
	r.Alerts = sampleAlerts()
	var b strings.Builder
	if err := writeAlertmanager(&b, r, Look{}); err != nil {
		t.Fatal(err)
	}
	var got []struct{ StartsAt, EndsAt string }
	if err := json.Unmarshal([]byte(b.String()), &got); err != nil || len(got) != 2 || got[0].StartsAt != "2026-10-07T10:30:30.000Z" ||
		got[0].EndsAt != "2026-10-07T11:04:00.000Z" || got[1].EndsAt != "2026-10-07T10:40:00.000Z" {
		t.Errorf("%v %v", got, err)
	}
	r.Alerts = nil
	b.Reset()
	if err := writeAlertmanager(&b, r, Look{}); err != nil || strings.TrimSpace(b.String()) != "[\n]" {
		t.Error(b.String(), err)
	}
}

func TestAlertsAsSeries(t *testing.T) {
	r := sample()
	r.Alerts = sampleAlerts()
	text := string(written(t, openMetricsOf(r, openMetricsOptions{})))
	for _, want := range []string{
		`ALERTS{alertname="Failing",alertstate="pending",exported_namespace="flux-system",kind="Kustomization",name="infra",severity="page"} 1 1791368430.000`,
		`ALERTS{alertname="Late",alertstate="pending",`,
		"name=\"nasty\\\"<b>|`x`\"",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s", want)
		}
	}
}
