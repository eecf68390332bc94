// Package alerts tests alerts from end to end: the agent and a real Alertmanager that notifies, and
// the rules of the pack in promtool and amtool of Debian.
package alerts

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"sigs.k8s.io/yaml"

	"fluxtrail/e2e/env"
)

// notified are the notifications that Alertmanager sent.
type notified struct {
	mu  sync.Mutex
	all []string
}

func (n *notified) ServeHTTP(_ http.ResponseWriter, r *http.Request) {
	var body struct {
		Alerts []struct {
			Status      string
			Labels      map[string]string
			Annotations map[string]string
		}
	}
	_ = json.NewDecoder(r.Body).Decode(&body)
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, a := range body.Alerts {
		n.all = append(n.all, a.Status+" "+a.Labels["alertname"]+" "+a.Labels["kind"]+"/"+a.Labels["exported_namespace"]+"/"+a.Labels["name"])
	}
}

func (n *notified) String() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return strings.Join(n.all, "\n")
}

// line is a line of kustomize-controller about an object, in CRI framing, some time ago.
func line(name, what string, ago time.Duration) string {
	at := time.Now().Add(-ago).UTC()
	level, text := "info", `"msg":"Reconciliation finished in 400ms, next run in 10m0s"`
	if what != "" {
		level, text = "error", `"msg":"Reconciliation failed after 467ms, next try in 10m0s","error":"`+what+`"`
	}
	return fmt.Sprintf(`%s stderr F {"level":"%s","ts":"%s",%s,"controller":"kustomization","controllerGroup":"kustomize.toolkit.fluxcd.io",`+
		`"controllerKind":"Kustomization","Kustomization":{"name":"%s","namespace":"apps"},"namespace":"apps","name":"%s",`+
		`"reconcileID":"a0000000-0000-4000-8000-%012d"}`+"\n",
		at.Format(time.RFC3339Nano), level, at.Format("2006-01-02T15:04:05.000Z"), text, name, name, at.UnixNano()%1e12)
}

// write appends lines to the log of a pod.
func write(t *testing.T, pods string, lines ...string) {
	t.Helper()
	dir := filepath.Join(pods, "flux-system_kustomize-controller-6f-abcde_0a1b2c3d-0000-4000-8000-000000000001", "manager")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(filepath.Join(dir, "0.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, l := range lines {
		if _, err := f.WriteString(l); err != nil {
			t.Fatal(err)
		}
	}
}

// amtool asks Alertmanager with its own tool.
func amtool(t *testing.T, am *env.Alertmanager, args ...string) string {
	t.Helper()
	bin := env.Installed(t, "prometheus-alertmanager", "amtool")
	out, err := exec.Command(bin, append([]string{"--alertmanager.url=" + am.URL}, args...)...).CombinedOutput()
	if err != nil {
		t.Fatalf("amtool %v: %v\n%s", args, err, out)
	}
	return string(out)
}

// TestAlertmanagerIsToldOnce has an object fail and recover, and kills the agent in between: one
// notification each. What depends on it, and what failed for a moment only, has none.
func TestAlertmanagerIsToldOnce(t *testing.T) {
	hook := &notified{}
	server := httptest.NewServer(hook)
	t.Cleanup(server.Close)
	am := env.StartAlertmanager(t, "route: {receiver: hook, group_by: [alertname, cluster], group_wait: 1s, group_interval: 1s, repeat_interval: 1h}\n"+
		"receivers:\n- name: hook\n  webhook_configs: [{url: '"+server.URL+"', send_resolved: true}]\n")
	pods := t.TempDir()
	write(t, pods,
		line("infra", "kustomize build failed: accumulating resources, token=ghp_0123456789abcdefghijABCDEFGHIJ012345", 20*time.Minute),
		line("infra", "kustomize build failed: accumulating resources", 11*time.Minute),
		line("short", "kustomize build failed: a typo", 3*time.Minute))
	a := env.StartAgent(t, env.Fluxtrail(t), pods, []string{
		"loki.enabled=false", "agent.cluster=prod", "incidents.keep=2s", "alertmanager.resend=2s",
		`alertmanager.urls=["` + am.URL + `", "http://127.0.0.1:1"]`,
	})
	firing := "firing FluxReconciliationFailing Kustomization/apps/infra"
	env.Until(t, "the notification", func() bool { return hook.String() == firing })
	if out := amtool(t, am, "alert", "query", "-o", "extended", `alertname="FluxReconciliationFailing"`, `root="Kustomization/apps/infra"`); strings.Count(out, "infra") == 0 || strings.Contains(out, "ghp_") {
		t.Errorf("amtool shows:\n%s", out)
	}

	a.Kill()
	write(t, pods, line("infra", "", time.Second), line("short", "", time.Second))
	a.Start(t)
	want := firing + "\nresolved FluxReconciliationFailing Kustomization/apps/infra"
	env.Until(t, "the end", func() bool { return hook.String() == want })

	a.Kill()
	a.Start(t)
	begin := time.Now()
	env.Until(t, "a while", func() bool { return time.Since(begin) > 5*time.Second })
	if got := hook.String(); got != want {
		t.Errorf("notified of\n%s\nwant\n%s", got, want)
	}
	if got := am.Alerts(t); len(got) != 0 {
		t.Errorf("still there: %+v", got)
	}
}

// TestPackInPromtool has promtool of Debian, and that of today, check what rules print makes and run
// the unit tests of the pack; vmalert reads it, too. The objects of operators have the same groups.
func TestPackInPromtool(t *testing.T) {
	promtool, bin, dir := env.Installed(t, "prometheus", "promtool"), env.Fluxtrail(t), t.TempDir()
	files, err := filepath.Glob("../../deploy/rules/prometheus-*.yaml")
	if err != nil || len(files) < 5 {
		t.Fatal(files, err)
	}
	run := func(bin string, args ...string) string {
		t.Helper()
		out, err := exec.Command(bin, args...).CombinedOutput()
		if err != nil {
			t.Errorf("%s %v: %v\n%s", bin, args, err, out)
		}
		return string(out)
	}
	for _, source := range []string{"auto", "ours", "gotk", "ksm", "flux-operator"} {
		for _, more := range [][]string{nil, {"--compat", "seed"}, {"--namespace-label", "namespace"}} {
			printed := func(form string) []byte {
				return []byte(run(bin, append([]string{"rules", "print", "--source", source, "--format", form, "--label", "team=x", "--runbooks", "https://example.com/r"}, more...)...))
			}
			text := printed("prometheus")
			file := filepath.Join(dir, fmt.Sprintf("%s-%d.yaml", source, len(files)))
			if err := os.WriteFile(file, text, 0o644); err != nil {
				t.Fatal(err)
			}
			files = append(files, file)
			for _, form := range []string{"prometheusrule", "vmrule"} {
				var want, got map[string]any
				if err := errors.Join(yaml.Unmarshal(text, &want), yaml.Unmarshal(printed(form), &got)); err != nil {
					t.Fatal(err)
				}
				if spec, _ := got["spec"].(map[string]any); !reflect.DeepEqual(spec, want) {
					t.Errorf("%s of %s has other groups", form, source)
				}
			}
		}
	}
	run(promtool, append([]string{"check", "rules"}, files...)...)
	tests, err := filepath.Glob("../../deploy/rules/tests/*.yaml")
	if err != nil || len(tests) == 0 {
		t.Fatal(tests, err)
	}
	run(promtool, append([]string{"test", "rules"}, tests...)...)
	t.Run("today", func(t *testing.T) {
		promtool := env.Built(t, "rules", "promtool")
		run(promtool, append([]string{"check", "rules", "--lint-fatal"}, files...)...)
		run(promtool, append([]string{"test", "rules"}, tests...)...)
		for _, file := range files {
			run(env.Built(t, "rules", "vmalert"), "-dryRun", "-rule="+file)
		}
	})

	rules, err := os.ReadFile("../../deploy/rules/alertmanager-inhibit.yaml")
	if err != nil {
		t.Fatal(err)
	}
	config := filepath.Join(t.TempDir(), "alertmanager.yml")
	if err := os.WriteFile(config, append(rules, env.Discard...), 0o644); err != nil {
		t.Fatal(err)
	}
	run(env.Installed(t, "prometheus-alertmanager", "amtool"), "check-config", config)
}

// TestRulesAndAgentAreOne has both Prometheus, by the rules of the pack over the agent's metrics, and
// the agent itself tell Alertmanager of the same failure: there it is one alert.
func TestRulesAndAgentAreOne(t *testing.T) {
	am := env.StartAlertmanager(t, env.Discard)
	pods := t.TempDir()
	write(t, pods, line("infra", "kustomize build failed: accumulating resources", 20*time.Minute), line("infra", "kustomize build failed: accumulating resources", 11*time.Minute))
	a := env.StartAgent(t, env.Fluxtrail(t), pods, []string{
		"loki.enabled=false", "agent.cluster=prod", `alertmanager.urls=["` + am.URL + `"]`, `alertmanager.labels=[{name: team, value: x}]`, "alertmanager.resend=2s",
	})
	out, err := exec.Command(env.Fluxtrail(t), "rules", "print", "--source", "ours", "--label", "team=x").Output()
	if err != nil {
		t.Fatal(err)
	}
	rules := filepath.Join(t.TempDir(), "rules.yaml")
	quick := strings.NewReplacer("for: 10m\n", "for: 2s\n").Replace(string(out)) // labels do not depend on it
	if err := os.WriteFile(rules, []byte(quick), 0o644); err != nil {
		t.Fatal(err)
	}
	p := env.StartPrometheus(t, "global: {scrape_interval: 1s, evaluation_interval: 1s, external_labels: {cluster: prod}}\n"+
		"rule_files: ['"+rules+"']\n"+
		"alerting: {alertmanagers: [{static_configs: [{targets: ['"+strings.TrimPrefix(am.URL, "http://")+"']}]}]}\n"+
		"scrape_configs: [{job_name: fluxtrail, static_configs: [{targets: ['"+strings.TrimPrefix(a.URL, "http://")+"']}]}]\n")
	env.Until(t, "the rule to fire", func() bool {
		return len(p.Query(t, `ALERTS{alertname="FluxReconciliationFailing",alertstate="firing"}`, time.Now())) == 1
	})
	failing := func() (found []env.Alert) {
		for _, alert := range am.Alerts(t) {
			if alert.Labels["alertname"] == "FluxReconciliationFailing" {
				found = append(found, alert)
			}
		}
		return found
	}
	byRule, byAgent := false, false
	env.Until(t, "both to have told", func() bool { // who told last wrote the annotations
		for _, alert := range failing() {
			byAgent = byAgent || alert.Annotations["incident"] != ""
			byRule = byRule || alert.Annotations["incident"] == ""
		}
		return byRule && byAgent
	})
	env.Until(t, "the agent to notice", func() bool { return a.Said(t, "a ruler tells Alertmanager of the same alerts") })
	if got := failing(); len(got) != 1 || got[0].Labels["root"] != "Kustomization/apps/infra" {
		t.Errorf("%d alerts: %+v", len(got), got)
	}
}

// TestLokiEvaluatesThePack has a real Loki evaluate each rule for its ruler over lines that the agent
// sent: every expression is one, and those about failing find the object by the labels of the pack.
func TestLokiEvaluatesThePack(t *testing.T) {
	l, pods := env.StartLoki(t, env.Generous...), t.TempDir()
	write(t, pods, line("infra", "kustomize build failed: accumulating resources", 5*time.Minute),
		line("mended", "kustomize build failed: accumulating resources", 5*time.Minute), line("mended", "", 4*time.Minute))
	a := env.StartAgent(t, env.Fluxtrail(t), pods, []string{"loki.url=" + l.URL, "agent.cluster=prod"})
	env.Until(t, "all lines to be sent", func() bool { return a.Sum(t, "fluxtrail_sent_lines_total", `lane="ship"`) == 3 })
	text, err := os.ReadFile("../../deploy/rules/loki.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Groups []struct {
			Rules []struct{ Alert, Expr string }
		}
	}
	if err := yaml.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	rules := 0
	for _, g := range file.Groups {
		for _, r := range g.Rules {
			rules++
			got := query(t, l.URL, r.Expr)
			if r.Alert != "FluxReconciliationFailing" {
				continue
			}
			env.Until(t, "the line to be found", func() bool { got = query(t, l.URL, r.Expr); return len(got) > 0 })
			want := `{"cluster":"prod","exported_namespace":"apps","kind":"Kustomization","name":"infra"}`
			if labels, _ := json.Marshal(got[0].Metric); len(got) != 1 || string(labels) != want {
				t.Errorf("%s: %+v, want %s", r.Alert, got, want)
			}
		}
	}
	if rules < 8 {
		t.Errorf("%d rules", rules)
	}
}

// TestLokiRulerTellsOnce has the ruler of a real Loki evaluate the rules of the pack over lines that
// the agent sends, and tell a real Alertmanager: of one object that fails and recovers there is one
// notification each, and of one that recovered none.
func TestLokiRulerTellsOnce(t *testing.T) {
	hook := &notified{}
	server := httptest.NewServer(hook)
	t.Cleanup(server.Close)
	am := env.StartAlertmanager(t, "route: {receiver: hook, group_by: [alertname, cluster], group_wait: 1s, group_interval: 1s, repeat_interval: 1h}\n"+
		"receivers:\n- name: hook\n  webhook_configs: [{url: '"+server.URL+"', send_resolved: true}]\n")
	bin := env.Fluxtrail(t)
	out, err := exec.Command(bin, "rules", "print", "--source", "loki").Output()
	if err != nil {
		t.Fatal(err)
	}
	text := string(out)
	for slow, quick := range map[string]string{"for: 10m\n": "for: 2s\n", "keep_firing_for: 5m\n": "keep_firing_for: 1s\n"} {
		text = strings.Replace(text, slow, quick, 1) // those of the first alert
	}
	l, pods := env.StartRuler(t, text, am.URL), t.TempDir()
	write(t, pods, line("infra", "kustomize build failed: accumulating resources", time.Minute),
		line("mended", "kustomize build failed: accumulating resources", time.Minute), line("mended", "", 30*time.Second))
	env.StartAgent(t, bin, pods, []string{"loki.url=" + l.URL, "agent.cluster=prod"})
	firing := "firing FluxReconciliationFailing Kustomization/apps/infra"
	env.Until(t, "the notification", func() bool { return hook.String() == firing })
	if got := l.Rules(t); got["FluxReconciliationFailing"] != "ok" || len(got) < 8 {
		t.Errorf("the ruler has %v", got)
	}
	for rule, health := range l.Rules(t) {
		if health != "ok" && health != "unknown" { // those of longer intervals were not evaluated yet
			t.Errorf("%s: %s", rule, health)
		}
	}
	write(t, pods, line("infra", "", 0))
	want := firing + "\nresolved FluxReconciliationFailing Kustomization/apps/infra"
	env.Until(t, "the end", func() bool { return hook.String() == want })
	begin := time.Now()
	env.Until(t, "a while", func() bool { return time.Since(begin) > 3*time.Second })
	if got := hook.String(); got != want {
		t.Errorf("notified of\n%s\nwant\n%s", got, want)
	}
}

// query asks Loki as its ruler does.
func query(t *testing.T, base, expr string) []struct{ Metric map[string]string } {
	t.Helper()
	res, err := http.Get(base + "/loki/api/v1/query?query=" + url.QueryEscape(expr))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d %s %v", expr, res.StatusCode, text, err)
	}
	var answer struct {
		Data struct {
			Result []struct{ Metric map[string]string }
		}
	}
	if err := json.Unmarshal(text, &answer); err != nil {
		t.Fatal(err)
	}
	return answer.Data.Result
}
