// Package doctor has fluxtrail doctor look at a real API server, Prometheus and agent into which
// each fault was put that it knows.
package doctor

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"fluxtrail/e2e/env"
)

type finding struct{ Check, Severity, Object, Text, Remedy string }

// diagnose runs the command and returns what it found, and its exit code.
func diagnose(t *testing.T, bin string, args ...string) ([]finding, int) {
	t.Helper()
	cmd := exec.Command(bin, append([]string{"doctor", "-o", "json"}, args...)...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	code := 0
	if exit := (*exec.ExitError)(nil); errors.As(cmd.Run(), &exit) {
		code = exit.ExitCode()
	}
	var d struct{ Findings []finding }
	if err := json.Unmarshal(stdout.Bytes(), &d); err != nil {
		t.Fatalf("%v: %s%s", err, stdout.String(), stderr.String())
	}
	return d.Findings, code
}

// want holds that there is a finding of that check and severity with these words.
func want(t *testing.T, found []finding, check, severity, object string, words ...string) {
	t.Helper()
	for _, f := range found {
		all := f.Check == check && f.Severity == severity && f.Object == object
		for _, w := range words {
			all = all && strings.Contains(f.Text+" "+f.Remedy, w)
		}
		if all {
			return
		}
	}
	t.Errorf("no %s of %s about %q with %q in\n%s", severity, check, object, words, show(found))
}

func show(found []finding) string {
	var b strings.Builder
	for _, f := range found {
		fmt.Fprintf(&b, "%+v\n", f)
	}
	return b.String()
}

// operator is a definition as that of Prometheus Operator, as far as the server looks at it.
func operator(kind, plural, version string) string {
	return fmt.Sprintf(`---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: %[2]s.monitoring.coreos.com}
spec:
  group: monitoring.coreos.com
  names: {kind: %[1]s, plural: %[2]s}
  scope: Namespaced
  versions:
  - name: %[3]s
    served: true
    storage: true
    schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
`, kind, plural, version)
}

func TestCluster(t *testing.T) {
	bin, kube := env.Fluxtrail(t), env.StartKube(t)
	found, _ := diagnose(t, bin, "--cluster", "--kubeconfig", kube.Config(t, env.Agent)) // which has no rights yet
	for _, check := range []string{"daemonset", "pods", "monitors", "network-policies", "flux-version"} {
		want(t, found, check, "skipped", "", "forbidden")
	}
	login := []string{"--cluster", "--kubeconfig", kube.Config(t, env.Admin)}
	found, code := diagnose(t, bin, login...)
	want(t, found, "daemonset", "error", "", "no DaemonSet")
	want(t, found, "pods", "skipped", "", "no pods")
	want(t, found, "monitors", "ok", "", "no Prometheus Operator")
	want(t, found, "flux-version", "error", "", "no pod of a Flux controller")
	want(t, found, "targets", "skipped", "", "--prometheus")
	if code != 3 {
		t.Errorf("exit code %d", code)
	}
	kube.Kubectl(t, operator("Prometheus", "prometheuses", "v1")+operator("ServiceMonitor", "servicemonitors", "v1")+
		operator("PodMonitor", "podmonitors", "v1")+operator("PrometheusRule", "prometheusrules", "v1"), "apply", "-f", "-")
	env.Until(t, "the kinds to be served", func() bool {
		return strings.Contains(kube.Kubectl(t, "", "api-resources", "--api-group=monitoring.coreos.com"), "prometheusrules")
	})
	faults, err := os.ReadFile("testdata/faults.yaml")
	if err != nil {
		t.Fatal(err)
	}
	kube.Kubectl(t, string(faults), "apply", "-f", "-")
	status := func(kind, name, patch string) {
		kube.Kubectl(t, "", "-n", "monitoring", "patch", kind, name, "--subresource=status", "--type=merge", "-p", patch)
	}
	status("daemonset", "fluxtrail", `{"status":{"desiredNumberScheduled":3,"currentNumberScheduled":1,"numberReady":0,"numberMisscheduled":0}}`)
	status("pod", "fluxtrail-a", `{"status":{"containerStatuses":[{"name":"fluxtrail","image":"x","imageID":"","ready":false,"restartCount":0,"state":{"waiting":{"reason":"CreateContainerConfigError","message":"secret \"loki\" not found"}}}]}}`)
	status("pod", "fluxtrail-b", `{"status":{"conditions":[{"type":"PodScheduled","status":"False","message":"0/3 nodes are available: insufficient memory"}]}}`)
	status("pod", "fluxtrail-c", `{"status":{"containerStatuses":[{"name":"fluxtrail","image":"x","imageID":"","ready":false,"restartCount":4,"state":{},"lastState":{"terminated":{"exitCode":137,"reason":"OOMKilled"}}}]}}`)

	found, _ = diagnose(t, bin, login...)
	want(t, found, "daemonset", "error", "DaemonSet/monitoring/fluxtrail", "1 of 3 nodes", "violates PodSecurity", "enforce=privileged")
	want(t, found, "pods", "error", "Pod/monitoring/fluxtrail-a", "CreateContainerConfigError", `secret "loki" not found`)
	want(t, found, "pods", "error", "Pod/monitoring/fluxtrail-b", "insufficient memory")
	want(t, found, "pods", "error", "Pod/monitoring/fluxtrail-c", "OOMKilled", "memory limit")
	want(t, found, "monitors", "error", "ServiceMonitor/monitoring/fluxtrail", "release=kps")
	want(t, found, "monitors", "error", "PrometheusRule/flux-system/flux-alerts", "own namespace only")
	want(t, found, "monitors", "error", "ServiceMonitor/monitoring/fluxtrail", "two monitors")
	want(t, found, "network-policies", "warning", "Pod/monitoring/fluxtrail-a", "NetworkPolicy/monitoring/shut")
	const ours = "DaemonSet/monitoring/fluxtrail"
	want(t, found, "settings", "error", ours, "maxSurge 1")
	want(t, found, "settings", "error", ours, "may not read logs", "DAC_READ_SEARCH")
	want(t, found, "settings", "error", ours, "cannot write there")
	want(t, found, "settings", "warning", ours, "stops every rollout")
	want(t, found, "settings", "error", "ConfigMap/monitoring/fluxtrail", "password in clear")
	want(t, found, "scrapes", "error", "ServiceMonitor/monitoring/flux-controllers-with-services", "http-prom", "it has http", "targetPort")
	want(t, found, "scrapes", "error", "Pod/flux-system/source-controller-a", "PodMonitor/monitoring/flux-controllers-pods", "flux-by-target-port")
	want(t, found, "scrapes", "error", "PodMonitor/monitoring/flux-controllers-pods", "exported_controller")
	want(t, found, "scrapes", "warning", "PodMonitor/monitoring/flux-controllers-pods", "go_goroutines")
	want(t, found, "scrapes", "error", "PodMonitor/monitoring/flux-nowhere", "selects nothing")
	want(t, found, "scrapes", "warning", "Pod/flux-system/kustomize-controller-a", "no monitor scrapes it")
	sameInFiles(t, bin, kube, found)
	want(t, found, "flux-version", "warning", "", "v2.6.4, v2.7.0")
}

// sameInFiles saves what there is as kubectl does, and demands the same findings from the files.
func sameInFiles(t *testing.T, bin string, kube *env.Kube, want []finding) {
	t.Helper()
	dir := t.TempDir()
	for _, kind := range []string{"namespaces", "pods", "services", "events", "configmaps", "daemonsets.apps", "networkpolicies.networking.k8s.io",
		"prometheuses.monitoring.coreos.com", "servicemonitors.monitoring.coreos.com", "podmonitors.monitoring.coreos.com", "prometheusrules.monitoring.coreos.com"} {
		if err := os.WriteFile(filepath.Join(dir, kind+".yaml"), []byte(kube.Kubectl(t, "", "get", kind, "-A", "-o", "yaml")), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got, _ := diagnose(t, bin, dir)
	if len(got) > 0 && got[0].Check == "files" {
		got = got[1:]
	}
	if show(got) != show(want) {
		t.Errorf("files say\n%s\nthe cluster says\n%s", show(got), show(want))
	}
}

func TestPrometheus(t *testing.T) {
	bin := env.Fluxtrail(t)
	logs := t.TempDir()
	agent := env.StartAgent(t, bin, logs, []string{"loki.enabled=false"})
	rules := filepath.Join(t.TempDir(), "rules.yaml")
	err := os.WriteFile(rules, []byte(`groups:
- name: flux
  rules:
  - {alert: FluxDead, expr: 'max(gotk_reconcile_condition{type="Ready",status="False"}) == 1', for: 10m}
  - {alert: FluxAlive, expr: 'sum(fluxtrail_incident_open) > 0', for: 10m}
  - {alert: FluxAbsent, expr: 'absent(gotk_resource_info)', for: 10m}
`), 0o600)
	if err != nil {
		t.Fatal(err)
	}
	address := strings.TrimPrefix(agent.URL, "http://")
	scrape := func(job, target string) string {
		return fmt.Sprintf("- job_name: %s\n  scrape_interval: 1s\n  static_configs:\n  - targets: [%q]\n", job, target)
	}
	prometheus := env.StartPrometheus(t, "rule_files: ["+rules+"]\nscrape_configs:\n"+
		scrape("fluxtrail", address)+scrape("fluxtrail-again", address)+scrape("flux-system/gone", "127.0.0.1:1"))
	var found []finding
	env.Until(t, "the first scrapes", func() bool {
		found, _ = diagnose(t, bin, "--prometheus", prometheus.URL, "--agent", agent.URL)
		return strings.Contains(show(found), "the scrape fails")
	})
	want(t, found, "targets", "error", "http://127.0.0.1:1/metrics", "refused")
	want(t, found, "targets", "error", agent.URL+"/metrics", "fluxtrail, fluxtrail-again")
	want(t, found, "families", "error", "", "none of the metrics")
	want(t, found, "rules", "error", "FluxDead", "gotk_reconcile_condition", "cannot fire")
	want(t, found, "alertmanagers", "error", "", "reach nobody")
	want(t, found, "agent", "ok", "", "is ready")
	for _, f := range found {
		if f.Check == "rules" && f.Object != "FluxDead" {
			t.Errorf("accused: %+v", f)
		}
	}
}
