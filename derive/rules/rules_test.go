package rules

import (
	"flag"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/promql/parser"
	"go.yaml.in/yaml/v3"
)

var update = flag.Bool("update", false, "write the files in deploy/rules anew")

// TestDeploy holds the files in deploy/rules to what would be rendered; make rules writes them.
func TestDeploy(t *testing.T) {
	t.Parallel()
	const dir = "../../deploy/rules"
	want := map[string]bool{}
	file := func(name string, source Source, form Format, target Target) {
		text, err := mustPack(t, Options{Source: source}).Render(form, target)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, name)
		want[path] = true
		if *update {
			_ = os.MkdirAll(dir, 0o755)
			if err := os.WriteFile(path, text, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if got, _ := os.ReadFile(path); string(got) != string(text) {
			t.Errorf("%s is stale: run make rules", path)
		}
	}
	for _, source := range append([]Source{Auto}, metrics...) {
		file("prometheus-"+string(source)+".yaml", source, Prometheus, Target{})
		file("prometheusrule-"+string(source)+".yaml", source, PrometheusRule, Target{})
	}
	file("vmrule-auto.yaml", Auto, VMRule, Target{})
	file("grafana-auto.yaml", Auto, Grafana, Target{})
	file("grafana-loki.yaml", Loki, Grafana, Target{})
	file("loki.yaml", Loki, LokiRules, Target{})
	file("alertmanager-inhibit.yaml", Auto, Alertmanager, Target{})
	found, _ := filepath.Glob(filepath.Join(dir, "*.yaml"))
	for _, path := range found {
		if !want[path] && filepath.Base(path) != "kustomization.yaml" {
			t.Errorf("nothing renders %s", path)
		}
	}
}

// mustPack is a pack of options that can be used.
func mustPack(t *testing.T, opt Options) Pack {
	t.Helper()
	p, err := New(opt)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// parsed is what Prometheus makes of a rule file.
func parsed(t *testing.T, text []byte) *rulefmt.RuleGroups {
	t.Helper()
	groups, errs := rulefmt.Parse(text, false, model.UTF8Validation, parser.NewParser(parser.Options{}), slog.New(slog.DiscardHandler))
	for _, err := range errs {
		t.Error(err)
	}
	if groups == nil || t.Failed() {
		t.Fatalf("%s", text)
	}
	return groups
}

// metricOptions are the packs that Prometheus evaluates.
func metricOptions() map[string]Options {
	all := map[string]Options{}
	for _, source := range append([]Source{Auto}, metrics...) {
		for _, compat := range []Compat{"", CompatSeed} {
			for _, ns := range []string{"", "namespace"} {
				name := strings.Join([]string{string(source), string(compat), ns}, "/")
				all[name] = Options{Source: source, Compat: compat, NamespaceLabel: ns, Runbooks: "https://example.com/alerts"}
			}
		}
	}
	return all
}

func TestPrometheusReadsThePack(t *testing.T) {
	t.Parallel()
	for name, opt := range metricOptions() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := mustPack(t, opt)
			text, err := p.Render(Prometheus, Target{})
			if err != nil {
				t.Fatal(err)
			}
			parsed(t, text)
			for _, form := range []Format{PrometheusRule, VMRule} {
				checkResource(t, p, form)
			}
			if strings.Contains(string(text), objectNamespace) && opt.NamespaceLabel != "" {
				t.Errorf("%s is left in\n%s", objectNamespace, text)
			}
		})
	}
}

// checkResource holds that the groups in an object of an operator are those of the rule file.
func checkResource(t *testing.T, p Pack, form Format) {
	t.Helper()
	text, err := p.Render(form, Target{Labels: map[string]string{"release": "kube-prometheus-stack"}})
	if err != nil {
		t.Fatal(err)
	}
	var object struct {
		Kind     string
		Metadata struct {
			Name, Namespace string
			Labels          map[string]string
		}
		Spec yaml.Node
	}
	if err := yaml.Unmarshal(text, &object); err != nil {
		t.Fatal(err)
	}
	if !strings.EqualFold(object.Kind, string(form)) || object.Metadata.Name != "flux-alerts" ||
		object.Metadata.Namespace != "flux-system" || object.Metadata.Labels["release"] == "" {
		t.Errorf("%+v", object)
	}
	spec, _ := yaml.Marshal(&object.Spec)
	parsed(t, spec)
}

// The expressions keep the conventions by which alerts live through commits, retries and doubled
// exporters.
func TestExpressionsKeepIdentity(t *testing.T) {
	t.Parallel()
	for name, opt := range metricOptions() {
		for _, g := range mustPack(t, opt).Groups {
			for _, r := range g.Rules {
				expr, err := parser.NewParser(parser.Options{}).ParseExpr(r.Expr)
				if err != nil {
					t.Fatalf("%s %s: %v\n%s", name, r.Alert, err, r.Expr)
				}
				parser.Inspect(expr, func(n parser.Node, _ []parser.Node) error {
					if a, ok := n.(*parser.AggregateExpr); ok {
						for _, label := range a.Grouping {
							if label == "revision" || label == "reason" && r.Alert != "FluxtrailDropping" || a.Without {
								t.Errorf("%s %s: aggregates by %v", name, r.Alert, a.Grouping)
							}
						}
					}
					return nil
				})
			}
		}
	}
}

// TestConventions holds the rows to the conventions of monitoring mixins.
func TestConventions(t *testing.T) {
	t.Parallel()
	camel := regexp.MustCompile(`^([A-Z]+[a-z0-9]+)+$`)
	sentence := regexp.MustCompile(`^[A-Z].*\.$`)
	seen := map[string]bool{}
	for _, r := range alerts {
		if !camel.MatchString(r.name) || !strings.HasPrefix(r.name, "Flux") || seen[r.name] {
			t.Errorf("%s: the name is not CamelCase, has not Flux first, or is there twice", r.name)
		}
		seen[r.name] = true
		if !slices.Contains([]string{"critical", "warning", "info"}, r.severity) {
			t.Errorf("%s: severity %q", r.name, r.severity)
		}
		if !sentence.MatchString(r.summary) || strings.Contains(r.summary, "{{") {
			t.Errorf("%s: the summary is no plain sentence: %s", r.name, r.summary)
		}
		if !strings.Contains(r.description, "{{") {
			t.Errorf("%s: the description has no template", r.name)
		}
		if r.hold != "" && r.patience() == 0 {
			t.Errorf("%s: for %q", r.name, r.hold)
		}
		if r.exprs[Ours] == "" {
			t.Errorf("%s: our own metrics have nothing for it", r.name)
		}
	}
}

// The alert of Flux's guide is as it was there.
func TestSeed(t *testing.T) {
	t.Parallel()
	for _, source := range append([]Source{Auto}, metrics...) {
		p := mustPack(t, Options{Source: source, Compat: CompatSeed})
		r := p.Groups[0].Rules[0]
		if r.Alert != "ReconciliationFailure" || r.For != "10m" || r.KeepFiringFor != "" || len(r.Labels) != 1 || r.Labels["severity"] != "page" ||
			len(r.Annotations) != 1 || r.Annotations["summary"] != "{{ $labels.kind }} {{ $labels.exported_namespace }}/{{ $labels.name }} "+
			"reconciliation has been failing for more than ten minutes." {
			t.Errorf("%s: %+v", source, r)
		}
		for _, g := range p.Groups {
			for _, r := range g.Rules {
				if r.Alert == failing || r.Alert == sourceFailing {
					t.Errorf("%s: %s says the same", source, r.Alert)
				}
			}
		}
	}
}

func TestEveryPackTellsThatItIsDeaf(t *testing.T) {
	t.Parallel()
	for _, source := range append([]Source{Auto, Loki}, metrics...) {
		found := false
		for _, g := range mustPack(t, Options{Source: source}).Groups {
			for _, r := range g.Rules {
				found = found || r.Alert == signalMissing && strings.Contains(r.Expr, "absent")
			}
		}
		if !found {
			t.Errorf("%s has no %s", source, signalMissing)
		}
	}
}

// What a form cannot have is an error, and all else renders the same each time.
func TestForms(t *testing.T) {
	t.Parallel()
	for _, source := range Sources() {
		p := mustPack(t, Options{Source: Source(source)})
		for _, form := range Formats() {
			one, err := p.Render(Format(form), Target{})
			logs := source == string(Loki)
			bad := logs && (form == "prometheus" || form == "prometheusrule" || form == "vmrule") || !logs && form == "loki"
			if bad != (err != nil) {
				t.Errorf("%s as %s: %v", source, form, err)
			}
			two, _ := p.Render(Format(form), Target{})
			var content map[string]any
			if err := yaml.Unmarshal(one, &content); err != nil || string(one) != string(two) {
				t.Errorf("%s as %s: %v, or not the same twice", source, form, err)
			}
		}
	}
	if _, err := mustPack(t, Options{}).Render("excel", Target{}); err == nil {
		t.Error("a form that does not exist")
	}
	for _, opt := range []Options{{Source: "x"}, {Compat: "x"}} {
		if _, err := New(opt); err == nil {
			t.Errorf("%+v", opt)
		}
	}
}

// Every alert that an inhibit rule names exists.
func TestInhibitRules(t *testing.T) {
	t.Parallel()
	names := regexp.MustCompile(`Flux\w+`)
	for _, r := range inhibitRules(objectNamespace) {
		for _, m := range slices.Concat(r.Source, r.Target) {
			for _, name := range names.FindAllString(m, -1) {
				if !slices.Contains(alertNames(), name) {
					t.Errorf("%s: there is no %s", m, name)
				}
			}
		}
		if len(r.Equal) == 0 {
			t.Errorf("%v inhibits whatever the cluster is", r.Source)
		}
	}
}

// Grafana takes UIDs of 40 characters, and each must be another.
func TestGrafana(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	for _, source := range Sources() {
		for _, name := range append(alertNames(), seed.name) {
			uid := grafanaUID(name, Source(source))
			if len(uid) > 40 || seen[uid] != "" {
				t.Errorf("%s of %s and %s", uid, source+name, seen[uid])
			}
			seen[uid] = source + name
		}
	}
	text, _ := mustPack(t, Options{Source: Ours, Labels: map[string]string{"team": "$x"}}).Render(Grafana, Target{})
	if !strings.Contains(string(text), "$$x") || strings.Contains(string(text), "{{ $value |") {
		t.Errorf("%s", text)
	}
}

// alertNames are the names of all alerts of the pack.
func alertNames() []string {
	var names []string
	for _, r := range alerts {
		names = append(names, r.name)
	}
	return names
}
