package unit

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"fluxtrail/deploy/rules"
)

// The pack passes its own tests.
func TestPack(t *testing.T) {
	t.Parallel()
	names, err := fs.Glob(rules.Files, "tests/*.yaml")
	if err != nil || len(names) < 5 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			results, err := run(t.Context(), name, rules.Files.ReadFile)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range results {
				for _, wrong := range r.wrong {
					t.Errorf("%s: %s", r.name, wrong)
				}
			}
		})
	}
}

const ruleFile = `
groups:
- name: a
  rules:
  - {record: twice, expr: x * 2}
  - {alert: High, expr: twice > 3, for: 2m, labels: {severity: page}, annotations: {summary: "{{ $value }}"}}
`

func TestRun(t *testing.T) {
	t.Parallel()
	const head = "rule_files: [rules.yaml]\nevaluation_interval: 1m\ntests:\n- interval: 1m\n  input_series: [{series: 'x{a=\"b\"}', values: '1 2x10'}]\n"
	for name, c := range map[string]struct{ text, want string }{
		"fires":      {head + "  alert_rule_test: [{eval_time: 2m, alertname: High, exp_alerts: []}, {eval_time: 3m, alertname: High, exp_alerts: [{exp_labels: {a: b, severity: page}, exp_annotations: {summary: '4'}}]}]\n", ""},
		"too soon":   {head + "  alert_rule_test: [{eval_time: 2m, alertname: High, exp_alerts: [{exp_labels: {a: b, severity: page}, exp_annotations: {summary: '4'}}]}]\n", "2m High:\n  missing {a=\"b\", alertname=\"High\", severity=\"page\"} {summary=\"4\"}"},
		"unexpected": {head + "  alert_rule_test: [{eval_time: 5m, alertname: High}]\n", "not expected {a=\"b\""},
		"no alert":   {head + "  alert_rule_test: [{eval_time: 5m, alertname: Low}]\n", "no rule file has an alert Low"},
		"recorded":   {head + "  promql_expr_test: [{expr: twice, eval_time: 4m, exp_samples: [{labels: 'twice{a=\"b\"}', value: 4}]}]\n", ""},
		"other":      {head + "  promql_expr_test: [{expr: twice, eval_time: 4m, exp_samples: [{labels: 'twice{a=\"b\"}', value: 5}]}]\n", "not expected {__name__=\"twice\", a=\"b\"} 4"},
		"bad key":    {head + "  alert_rule: []\n", "error: tests.yaml: is no file of tests"},
		"bad series": {strings.Replace(head, "1 2x10", "1 +", 1), "error: tests.yaml: test 1: input_series"},
		"no rules":   {strings.Replace(head, "rules.yaml", "none.yaml", 1), "error: tests.yaml: test 1: none.yaml"},
		"nothing":    {"rule_files: [rules.yaml]\n", "error: tests.yaml: has no tests"},
	} {
		files := map[string]string{"tests.yaml": c.text, "rules.yaml": ruleFile}
		results, err := run(t.Context(), "tests.yaml", func(name string) ([]byte, error) {
			if text, ok := files[name]; ok {
				return []byte(text), nil
			}
			return nil, fmt.Errorf("%s: is not there", name)
		})
		got := ""
		if err != nil {
			got = "error: " + err.Error()
		} else {
			got = strings.Join(results[0].wrong, "\n")
		}
		if c.want == "" && got != "" || !strings.Contains(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
