package check

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"fluxtrail/derive/rules"
)

// wanted is what the file says of each rule.
func wanted(t *testing.T, text []byte) map[string][]string {
	t.Helper()
	var file struct {
		Groups []struct {
			Rules []struct{ Alert, Record, Want string }
		}
	}
	if err := yaml.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	want := map[string][]string{}
	for _, g := range file.Groups {
		for _, r := range g.Rules {
			want[r.Alert+r.Record] = strings.Fields(r.Want)
		}
	}
	return want
}

// found are the checks by rule, without what is said of all rules together.
func found(r Report) map[string][]string {
	got := map[string][]string{}
	for _, f := range r.Findings {
		if f.Check != "no-absent" {
			got[f.Rule] = append(got[f.Rule], f.Check)
		}
	}
	return got
}

// TestPublicRules finds every fault in the rules that people run, and in more of the same classes,
// and accuses none that is good.
func TestPublicRules(t *testing.T) {
	t.Parallel()
	public := 0
	for _, name := range examples {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		r := Check([]File{{Name: name, Text: text}}, Options{})
		got, want := found(r), wanted(t, text)
		for name, checks := range want {
			have := slices.Clone(got[name])
			slices.Sort(have)
			slices.Sort(checks)
			if d := cmp.Diff(checks, slices.Compact(have), cmp.Transformer("nil", func(s []string) string { return strings.Join(s, " ") })); d != "" {
				t.Errorf("%s (-want +got):\n%s", name, d)
			}
			if numbered.MatchString(name) {
				public++
			}
		}
		if t.Failed() {
			for _, f := range r.Findings {
				t.Logf("%s:%d %s %s %s: %s\n   %s", f.File, f.Line, f.Level, f.Check, f.Rule, f.Message, f.Corrected)
			}
		}
	}
	if public < 30 {
		t.Errorf("%d rules that are public", public)
	}
}

// examples are rules with what is wrong with them.
var examples = []string{"testdata/public.yaml", "testdata/more.yaml"}

// numbered are the names of rules that were found in public.
var numbered = regexp.MustCompile(`^(P\d\d|flux:stuck)`)

// What is proposed in place of a rule has no fault, whatever the rule had.
func TestCorrections(t *testing.T) {
	t.Parallel()
	for _, name := range examples {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range Check([]File{{Name: name, Text: text}}, Options{}).Findings {
			if f.Line < 1 || f.File != name || f.Message == "" {
				t.Errorf("%+v", f)
			}
			if f.Level == Error && f.Corrected == "" && f.Check != "logfmt" && f.Rule != "PNoSuch" && f.Rule != "MHistogram" {
				t.Errorf("%s: %s has no correction", f.Rule, f.Check)
			}
			if f.Corrected != "" {
				checkCorrected(t, f)
			}
		}
	}
}

// The manual has a row for each check.
func TestManualHasEveryCheck(t *testing.T) {
	t.Parallel()
	manual, err := os.ReadFile("../../../docs/alerts/README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range examples {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range Check([]File{{Name: name, Text: text}}, Options{}).Findings {
			if !strings.Contains(string(manual), "| `"+f.Check+"` | "+string(f.Level)+" |") {
				t.Errorf("%s, %s: not in the manual", f.Check, f.Level)
			}
		}
	}
}

func checkCorrected(t *testing.T, f Finding) {
	t.Helper()
	rule, err := yaml.Marshal(map[string]any{"groups": []any{map[string]any{"rules": []any{
		map[string]string{"alert": "A", "for": "15m", "expr": f.Corrected},
	}}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, again := range Check([]File{{Name: "corrected.yaml", Text: rule}}, Options{}).Findings {
		if again.Level != Info {
			t.Errorf("%s %s: corrected to %s: %s", f.Rule, f.Check, f.Corrected, again.Message)
		}
	}
}

// The alert of Flux's guide is dead in different ways in different versions.
func TestVersions(t *testing.T) {
	t.Parallel()
	const seed = `groups: [{name: a, rules: [{alert: A, for: 10m, expr: 'max(gotk_reconcile_condition{status="False",type="Ready"}) by (exported_namespace, name, kind) + on(exported_namespace, name, kind) (max(gotk_reconcile_condition{status="Deleted"}) by (exported_namespace, name, kind)) * 2 == 1'}]}]`
	const helm = `groups: [{name: a, rules: [{alert: A, for: 10m, expr: 'max by (exported_namespace, name, kind) (gotk_reconcile_condition{status="False",type="Ready",kind="HelmRelease"}) == 1'}]}]`
	for _, c := range []struct{ text, flux, want, in string }{
		{seed, "2.0", "", ""},
		{seed, "v2.1.2", "empty-join", "gotk_reconcile_condition"},
		{seed, "2.4", "empty-join", "gotk_suspend_status"},
		{seed, "2.6", "dead-metric", "gotk_resource_info"},
		{helm, "2.1", "", ""},
		{helm, "2.2", "dead-metric", ""},
	} {
		v, err := ParseVersion(c.flux)
		if err != nil {
			t.Fatal(err)
		}
		r := Check([]File{{Name: "a.yaml", Text: []byte(c.text)}}, Options{Flux: v})
		got := strings.Join(found(r)["A"], " ")
		if got != c.want || c.want != "" && !strings.Contains(r.Findings[0].Corrected, c.in) {
			t.Errorf("%s: %q, want %q: %+v", c.flux, got, c.want, r.Findings)
		}
	}
	for _, bad := range []string{"", "2", "two", "2.6.1.2", "flux2.6"} {
		if _, err := ParseVersion(bad); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}

// The pack itself has none of the faults, in the versions that have its signal.
func TestPack(t *testing.T) {
	t.Parallel()
	for _, source := range []rules.Source{rules.Auto, rules.Ours, rules.FluxOperator, rules.KSM, rules.GOTK, rules.Loki} {
		for _, form := range []rules.Format{rules.Prometheus, rules.PrometheusRule, rules.LokiRules, rules.Grafana} {
			p, err := rules.New(rules.Options{Source: source})
			if err != nil {
				t.Fatal(err)
			}
			text, err := p.Render(form, rules.Target{})
			if err != nil {
				continue
			}
			opt := Options{}
			if source == rules.GOTK {
				opt.Flux = 204
			}
			r := Check([]File{{Name: "pack.yaml", Text: text}}, opt)
			if r.Rules == 0 {
				t.Errorf("%s as %s: no rules", source, form)
			}
			for _, f := range r.Findings {
				t.Errorf("%s as %s: %+v", source, form, f)
			}
		}
	}
}

// Rules are found wherever they stand, with their lines, and bad files do not hide good ones.
func TestPlaces(t *testing.T) {
	t.Parallel()
	const expr = `gotk_suspend_status == 1`
	for name, c := range map[string]struct {
		text, want string
		line       int
	}{
		"rule file":       {"groups:\n- name: a\n  rules:\n  - alert: A\n    expr: " + expr + "\n", "dead-metric", 5},
		"block":           {"groups:\n- name: a\n  rules:\n  - alert: A\n    expr: |\n      up == 1\n      or\n      " + expr + "\n      unless up\n", "", 0},
		"block dead":      {"groups:\n- name: a\n  rules:\n  - alert: A\n    expr: |\n      max by (name) (\n        gotk_suspend_status\n      ) == 1\n", "dead-metric", 7},
		"PrometheusRule":  {"apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nspec:\n  groups:\n  - rules:\n    - alert: A\n      expr: " + expr + "\n", "dead-metric", 7},
		"second document": {"kind: Namespace\n---\nspec: {groups: [{rules: [{alert: A, expr: '" + expr + "'}]}]}\n", "dead-metric", 3},
		"ConfigMap":       {"kind: ConfigMap\ndata:\n  rules.yaml: |\n    groups:\n    - rules:\n      - alert: A\n        expr: " + expr + "\n", "dead-metric", 7},
		"Helm values":     {"additionalPrometheusRulesMap:\n  flux:\n    groups:\n    - rules:\n      - alert: A\n        expr: " + expr + "\n", "dead-metric", 6},
		"Grafana rules":   {`{"groups":[{"rules":[{"title":"A","condition":"B","for":"5m","data":[{"refId":"A","model":{"expr":"` + expr + `"}}]}]}]}`, "dead-metric", 1},
		"dashboard":       {`{"panels":[{"title":"A","targets":[{"expr":"sum(rate(gotk_reconcile_condition{status=\"False\"}[$__rate_interval]))"}]}]}`, "dead-metric", 1},
		"variable":        {`{"panels":[{"title":"A","targets":[{"expr":"topk($n, flux_resource_info)"}]}]}`, "", 0},
		"not ours":        {"groups: [{rules: [{alert: A, expr: 'up == 0'}]}]", "", 0},
		"template":        {"groups:\n- rules:\n  {{- if .x }}\n  - alert: A\n", "yaml", 3},
		"nothing":         {"a: b\n", "no-rules", 1},
		"bad PromQL":      {"groups: [{rules: [{alert: A, expr: 'sum(flux_resource_info'}]}]", "syntax", 1},
	} {
		r := Check([]File{{Name: "a", Text: []byte(c.text)}}, Options{})
		var got []string
		line := 0
		for _, f := range r.Findings {
			if f.Level == Error {
				got, line = append(got, f.Check), f.Line
			}
		}
		if strings.Join(got, " ") != c.want || c.want != "" && line != c.line {
			t.Errorf("%s: %v in line %d, want %s in %d: %+v", name, got, line, c.want, c.line, r.Findings)
		}
	}
	r := Check([]File{
		{Name: "bad", Text: []byte("{{")},
		{Name: "good", Text: []byte("groups: [{rules: [{alert: A, expr: gotk_suspend_status}]}]")},
	}, Options{})
	if r.Rules != 1 || len(r.Findings) < 2 {
		t.Errorf("%+v", r)
	}
}

// A panel may be about anything: it is not corrected to an alert.
func TestPanel(t *testing.T) {
	t.Parallel()
	const panel = `{"panels":[{"title":"All","targets":[{"expr":"count(gotk_reconcile_condition{type=\"Ready\",status=\"True\"})"}]}]}`
	r := Check([]File{{Name: "board.json", Text: []byte(panel)}}, Options{})
	if len(r.Findings) != 1 || r.Findings[0].Check != "dead-metric" || r.Findings[0].Corrected != "" || r.Findings[0].Rule != "All" {
		t.Errorf("%+v", r.Findings)
	}
}

// Rules that record each other, or themselves, have no end and are no reason to hang.
func TestRing(t *testing.T) {
	t.Parallel()
	const ring = `groups: [{rules: [{record: a, expr: 'b or gotk_suspend_status'}, {record: b, expr: 'a + b'}, {alert: A, expr: 'a > 0'}]}]`
	if r := Check([]File{{Name: "ring.yaml", Text: []byte(ring)}}, Options{}); r.Rules != 3 {
		t.Errorf("%+v", r)
	}
}

// TestNothingIsObeyed has names that a terminal would obey, and looks for them in both forms.
func TestNothingIsObeyed(t *testing.T) {
	t.Parallel()
	const evil = "\u202eX\u009b\x1b[2J"
	r := Check([]File{{Name: "f" + evil, Text: []byte(`{"groups":[{"name":"a","rules":[{"alert":"\u202eX\u009b\u001b[2J","expr":"gotk_suspend_status"}]}]}`)}}, Options{})
	for _, form := range []string{"text", "json"} {
		var b strings.Builder
		if err := r.Write(&b, form); err != nil || len(r.Findings) == 0 {
			t.Fatal(err, r)
		}
		if strings.ContainsAny(b.String(), "\u202e\u009b\x1b") {
			t.Errorf("%s: %q", form, b.String())
		}
	}
}

// TestLongExpressions wants an expression that the parser would take minutes for to be a finding, and
// the rule beside it to be checked.
func TestLongExpressions(t *testing.T) {
	t.Parallel()
	text := "groups: [{rules: [{alert: A, expr: '" + strings.Repeat("-", 500_000) + "x'}, {alert: B, expr: gotk_suspend_status}]}]"
	r := Check([]File{{Name: "a", Text: []byte(text)}}, Options{})
	if r.Rules != 2 || len(r.Findings) < 2 || r.Findings[0].Check != "syntax" || !strings.Contains(r.Findings[0].Message, "500001 bytes") {
		t.Errorf("%.500v", r)
	}
}

func FuzzCheck(f *testing.F) {
	text, err := os.ReadFile("testdata/public.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add([]byte(`{"panels":[{"title":"A","targets":[{"expr":"sum(rate(gotk_reconcile_condition[$__rate_interval]))"}]}]}`))
	f.Add([]byte("data:\n  a: |\n    groups:\n    - rules:\n      - expr: 'gotk_suspend_status'\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		r := Check([]File{{Name: "f", Text: text}}, Options{})
		for _, f := range r.Findings {
			if f.Line < 0 || f.Message == "" || f.Check == "" {
				t.Errorf("%+v", f)
			}
		}
	})
}

// endless is an input without an end.
type endless struct{}

func (endless) Read(b []byte) (int, error) { return len(b), nil }

// TestReadEnds refuses what has no end, on standard input as in a file.
func TestReadEnds(t *testing.T) {
	t.Parallel()
	if _, err := Read([]string{"-"}, endless{}); err == nil || !strings.Contains(err.Error(), "more than 64 MiB") {
		t.Error(err)
	}
	if _, err := os.Stat("/dev/zero"); err != nil {
		t.Skip(err)
	}
	if _, err := Read([]string{"/dev/zero"}, nil); err == nil || !strings.Contains(err.Error(), "more than 64 MiB") {
		t.Error(err)
	}
}
