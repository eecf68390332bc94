package alerts

import (
	"strings"
	"testing"
	"time"
)

func TestRead(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, err string }{
		"file": {"groups:\n- name: a\n  rules:\n  - alert: A\n    expr: up == 0\n", ""},
		"object": {"apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata: {name: x}\nspec:\n  groups:\n  - name: a\n" +
			"    rules:\n    - alert: A\n      expr: |\n        up\n          == 0\n", ""},
		"object with more": {"kind: PrometheusRule\nspec:\n    groups:\n    - name: a\n      rules:\n      - {alert: A, expr: up}\nstatus: {}\n", ""},
		"flow":             {`{"kind": "PrometheusRule", "spec": {"groups": [{"name": "a", "rules": [{"alert": "A", "expr": "up"}]}]}}`, ""},
		"bad expression":   {"kind: PrometheusRule\nspec:\n  groups:\n  - name: a\n    rules:\n    - alert: A\n      expr: up ==\n", "7:11: group \"a\", rule 1"},
		"bad key":          {"groups:\n- name: a\n  rule: []\n", "line 3: field rule not found"},
		"nothing":          {"a: b\n", "field a not found"},
		"empty":            {"", "has no rules"},
	} {
		set, err := readSet("r.yaml", []byte(c.text))
		switch {
		case c.err == "" && (err != nil || len(set.exprs) != 1):
			t.Errorf("%s: %v", name, err)
		case c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err) || !strings.HasPrefix(err.Error(), "r.yaml: ")):
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestLoadTellsOfEveryFile(t *testing.T) {
	t.Parallel()
	_, err := Load([]string{"nowhere/a.yaml", "nowhere/b.yaml"})
	if err == nil || !strings.Contains(err.Error(), "a.yaml") || !strings.Contains(err.Error(), "b.yaml") {
		t.Error(err)
	}
}

func TestReachAndWants(t *testing.T) {
	t.Parallel()
	set, err := readSet("r", []byte(`groups: [{name: g, rules: [
		{alert: A, expr: 'max_over_time(rate(a_total[5m])[1h:1m]) > 0 or b offset 3h'},
		{alert: B, expr: '{__name__=~"c_.+"} > 0'}]}]`))
	if err != nil {
		t.Fatal(err)
	}
	if back, fixed := set.reach(); back != 3*time.Hour || fixed {
		t.Error(back, fixed)
	}
	for metric, want := range map[string]bool{"a_total": true, "b": true, "c_x": true, "d": false} {
		if set.wants(metric) != want {
			t.Error(metric)
		}
	}
}

func TestPack(t *testing.T) {
	t.Parallel()
	set, inhibit, err := Pack()
	if err != nil || len(set.exprs) < 15 || len(inhibit) == 0 {
		t.Fatal(err, len(set.exprs), len(inhibit))
	}
}
