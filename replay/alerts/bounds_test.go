package alerts

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/prometheus/promql"
)

// TestRulesAreBounded refuses what would take all memory, or hours, with the place and the rule.
func TestRulesAreBounded(t *testing.T) {
	t.Parallel()
	group := func(rules string) string { return "groups:\n- name: g\n  rules:\n" + rules }
	join := func(times int, inner string) string {
		for range times {
			inner = `label_join(` + inner + `, "a", "", "a", "a")`
		}
		return inner
	}
	for name, c := range map[string]struct{ text, err string }{
		"long":          {group("  - {alert: A, expr: up}\n  - {alert: B, expr: '" + strings.Repeat("1+", maxExpr/2) + "1'}\n"), `r.yaml:5: group "g", rule "B": the expression has 16385 bytes`},
		"often":         {"groups:\n- name: g\n  interval: 1ms\n  rules: [{alert: A, expr: up}]\n", `r.yaml:3: group "g": interval 1ms: want 1s at least`},
		"many":          {group(strings.Repeat("  - {alert: A, expr: up}\n", maxRules+1)), "r.yaml: has 10001 rules"},
		"growth":        {group("  - {record: r, expr: '" + join(7, "up") + "'}\n"), `group "g", rule "r": the expression makes labels more than 100 times`},
		"replacement":   {group(`  - {alert: A, expr: 'label_replace(up, "a", "` + strings.Repeat("$1", 101) + `", "a", "(.*)")'}` + "\n"), `rule "A": the expression makes`},
		"some growth":   {group("  - {record: r, expr: '" + join(3, "up") + "'}\n"), ""},
		"of an object":  {"apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nspec:\n  groups:\n  - name: g\n    rules:\n    - {alert: B, expr: '" + strings.Repeat("1+", maxExpr/2) + "1'}\n", `r.yaml:7: group "g", rule "B"`},
		"as it was":     {group("  - {alert: A, expr: up, for: 5m}\n"), ""},
		"no interval":   {"groups:\n- name: g\n  interval: 0s\n  rules: [{alert: A, expr: up}]\n", ""},
		"one a second":  {"groups:\n- name: g\n  interval: 1s\n  rules: [{alert: A, expr: up}]\n", ""},
		"steps":         {group("  - {alert: A, expr: 'sum(max_over_time(up[100y:1ms])) > 0'}\n"), `rule "A": its subqueries evaluate an expression at 3153600000000 times`},
		"nested steps":  {group("  - {alert: A, expr: 'max_over_time(max_over_time(up[1d:1m])[1d:1m])'}\n"), "at 2073600 times"},
		"step computed": {group("  - {alert: A, expr: 'max_over_time(up[1d * 10:1s / 10])'}\n"), "at 8640000 times"},
		"some steps":    {group("  - {alert: A, expr: 'max_over_time(up[90d:1m]) + max_over_time(up[90d:])'}\n"), ""},
		"no expression": {group("  - {alert: A}\n"), "r.yaml: "},
	} {
		_, err := readSet("r.yaml", []byte(c.text))
		if (c.err == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), c.err) {
			t.Errorf("%s: want %q, got %.300v", name, c.err, err)
		}
	}
}

// keys is so many keys of a map, each with a value.
func keys(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "k%d: x, ", i)
	}
	return b.String()
}

// TestLongFile is told as a file of rules that is too long, or has too much in it, and not taken for
// a log.
func TestLongFile(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		strings.Repeat("#", maxFile):            "r.yaml: has more than 16 MiB",
		"- [" + strings.Repeat("a,", maxParts):  "r.yaml: has more than 500000 values",
		strings.Repeat("- a\n", maxParts):       "r.yaml: has more than 500000 values",
		"- a: {b: [{" + keys(maxKeys+1) + "}]}": "r.yaml:2: a map has more than 1000 keys",
	} {
		path := filepath.Join(t.TempDir(), "r.yaml")
		if err := os.WriteFile(path, []byte("groups:\n"+text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Load([]string{path}); !IsRules(path) || err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, %v: want %s", IsRules(path), err, want)
		}
		if _, err := LoadInhibit(path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("inhibit rules: %v: want %s", err, want)
		}
	}
}

// TestHopelessExpression gives an expression up that needs more samples at one time than a query may
// have, says so, and evaluates the others.
func TestHopelessExpression(t *testing.T) {
	t.Parallel()
	var e *evaluation
	got := evaluated(t, `groups: [{name: g, rules: [
		{alert: Absurd, expr: "sum_over_time(failing[2h:1s]) > 0"}, {alert: Failing, expr: "failing > 0"}]}]`,
		func(s *store) { failing(s, "a", 10, 20) }, func(of *evaluation) {
			e = of
			e.engine = promql.NewEngine(promql.EngineOpts{MaxSamples: 1000, Timeout: time.Hour, Parser: promQL()})
		})
	if fmt.Sprint(got) != "[Failing a 10 10 20 1]" {
		t.Error(got)
	}
	told := e.failures()
	if len(told) != 1 || told[0].Rule != "g/Absurd" || !strings.Contains(told[0].Error, "it is not evaluated any more") || len(e.hopeless) != 1 {
		t.Errorf("%+v, %v", told, e.hopeless)
	}
}

// TestLabelsOfRecordsAreBounded has a rule lengthen at each evaluation what it recorded before.
func TestLabelsOfRecordsAreBounded(t *testing.T) {
	t.Parallel()
	var e *evaluation
	evaluated(t, `groups: [{name: g, rules: [{record: r, expr: 'label_join(r or failing, "name", "", "name", "name")'}]}]`,
		func(s *store) { failing(s, "a", 10, 20) }, func(of *evaluation) { e = of })
	told := e.failures()
	if len(told) != 1 || !strings.Contains(told[0].Error, "more than 8192 bytes") {
		t.Errorf("%+v", told)
	}
	for _, x := range e.own.byName["r"].sorted() {
		if n := x.labels.ByteSize(); n > maxLabels {
			t.Errorf("a series with %d bytes of labels", n)
		}
	}
}

// TestLabelsAreBounded refuses alerts of so many labels, or so long ones, that their expression
// takes hours to read.
func TestLabelsAreBounded(t *testing.T) {
	t.Parallel()
	for rule, refused := range map[string]bool{
		"labels: {" + keys(maxNames) + "}":                                    false,
		"labels: {" + keys(maxNames+1) + "}":                                  true,
		"annotations: {" + keys(maxNames+1) + "}":                             true,
		"labels: {a: " + strings.Repeat("x", maxLabels) + "}":                 true,
		"annotations: {a: " + strings.Repeat("x", maxLabels) + "}":            false,
		"annotations: {a: " + strings.Repeat("x", maxText+1) + "}":            true,
		"annotations: {a: b}, labels: {a: " + strings.Repeat("x", 1000) + "}": false,
	} {
		_, err := readSet("r.yaml", []byte("groups: [{name: g, rules: [{alert: A, expr: up, "+rule+"}]}]"))
		if (err != nil) != refused || refused && !strings.Contains(err.Error(), `rule "A": `) {
			t.Errorf("%.30s: %.300v", rule, err)
		}
	}
}
