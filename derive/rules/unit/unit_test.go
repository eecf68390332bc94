package unit

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
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
		"endless":    {strings.Replace(head, "1 2x10", "0x99999999", 1), "error: tests.yaml: test 1: input_series x{a=\"b\"}: with it the test has more than 1000000"},
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

// TestRunAllTellsNothingThatATerminalObeys has escapes in the names of a file and of a test.
func TestRunAllTellsNothingThatATerminalObeys(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	tests := "rule_files: [r.yaml]\ntests:\n- name: \"a\\e[31m\\u202e\"\n  interval: 1m\n  promql_expr_test:\n" +
		"  - {expr: vector(1), eval_time: 1m, exp_samples: [{labels: '{}', value: 2}]}\n"
	name := filepath.Join(dir, "t\x1b[2J.yaml")
	for path, text := range map[string]string{name: tests, filepath.Join(dir, "r.yaml"): "groups: []\n"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var out strings.Builder
	failed, err := RunAll(t.Context(), []string{name, name + "x"}, &out)
	if text := out.String(); err == nil || !failed || strings.ContainsAny(text, "\x1b\u202e") || strings.Count(text, "FAIL") < 2 {
		t.Errorf("%t, %v: %q", failed, err, text)
	}
}

// TestRepeated counts what the notation of series repeats, where it is no part of a label.
func TestRepeated(t *testing.T) {
	t.Parallel()
	for series, want := range map[string]int{
		`up 1 2 3`: 0, `up 0x5`: 5, `up 1+1x10 _x3 2-1x4`: 17, `up{a="web-x999999999"} 1x2`: 2, `up{a='\'x9'} 1`: 0,
		`up 1 x 7`: 7, `up 1x99999999999999999999999`: maxSamples + 1, `up 1x999999 1x999999 1x999999`: maxSamples + 1,
	} {
		if got := repeated(series); got != want {
			t.Errorf("%s: %d, want %d", series, got, want)
		}
	}
}

// TestFilesAreBounded reads a device that has no end.
func TestFilesAreBounded(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("/dev/zero"); err != nil {
		t.Skip(err)
	}
	if _, err := readFile("/dev/zero"); err == nil || !strings.Contains(err.Error(), "more than 16 MiB") {
		t.Error(err)
	}
}
