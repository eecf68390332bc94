package rules

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Format is a form of rule files.
type Format string

// The forms.
const (
	Prometheus     Format = "prometheus"     // a rule file of Prometheus, Mimir, Thanos or vmalert
	PrometheusRule Format = "prometheusrule" // an object of the Prometheus Operator
	VMRule         Format = "vmrule"         // an object of the VictoriaMetrics Operator
	LokiRules      Format = "loki"           // a rule file of Loki's ruler
	Grafana        Format = "grafana"        // a file for the provisioning of Grafana's own rules
	Alertmanager   Format = "alertmanager"   // inhibit rules for Alertmanager's configuration
)

// Formats are the names of all forms.
func Formats() []string {
	return []string{
		string(Prometheus), string(PrometheusRule), string(VMRule), string(LokiRules), string(Grafana), string(Alertmanager),
	}
}

// Target says where rendered rules go, as far as their form names it. The zero value of a field
// means its default.
type Target struct {
	Name           string            // of an object, default flux-alerts
	Namespace      string            // of an object, default flux-system
	Labels         map[string]string // of an object
	DatasourceUID  string            // of Grafana, default prometheus, or loki
	Folder         string            // of Grafana, default Flux
	NamespaceLabel string            // as in Options
}

func (t Target) withDefaults(source Source) Target {
	def := func(field *string, value string) {
		if *field == "" {
			*field = value
		}
	}
	def(&t.Name, "flux-alerts")
	def(&t.Namespace, "flux-system")
	def(&t.Folder, "Flux")
	def(&t.NamespaceLabel, objectNamespace)
	def(&t.DatasourceUID, "prometheus")
	if source == Loki && t.DatasourceUID == "prometheus" {
		t.DatasourceUID = "loki"
	}
	return t
}

// Render writes the pack in a form. The error says that the form cannot have the source's rules.
func (p Pack) Render(form Format, t Target) ([]byte, error) {
	t = t.withDefaults(p.Source)
	switch {
	case form == LokiRules && p.Source != Loki:
		return nil, fmt.Errorf("the format loki has rules on log lines, and the source %s has metrics: use the source loki", p.Source)
	case p.Source == Loki && form != LokiRules && form != Grafana && form != Alertmanager:
		return nil, fmt.Errorf("the source loki has rules in LogQL, which %s cannot have: use the format loki or grafana", form)
	}
	switch form {
	case Prometheus, LokiRules:
		return p.document(map[string]any{"groups": p.groups()})
	case PrometheusRule:
		return p.document(p.resource("monitoring.coreos.com/v1", "PrometheusRule", t))
	case VMRule:
		return p.document(p.resource("operator.victoriametrics.com/v1beta1", "VMRule", t))
	case Grafana:
		return p.document(p.grafana(t))
	case Alertmanager:
		return p.document(map[string]any{"inhibit_rules": inhibitRules(t.NamespaceLabel)})
	}
	return nil, fmt.Errorf("there is no format %q", form)
}

// document is YAML with a head that says what it is.
func (p Pack) document(content any) ([]byte, error) {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# Alerts about Flux for the signal %s, made by `fluxtrail rules print`.\n", p.Source)
	if len(p.Missing) > 0 {
		fmt.Fprintf(&b, "# The signal has nothing for %s.\n", strings.Join(p.Missing, ", "))
	}
	enc := yaml.NewEncoder(&b)
	enc.SetIndent(2)
	err := enc.Encode(content)
	return b.Bytes(), err
}

// groups are the groups with expressions of several lines as blocks.
func (p Pack) groups() []Group {
	out := slices.Clone(p.Groups)
	for i := range out {
		out[i].Rules = slices.Clone(out[i].Rules)
		for j := range out[i].Rules {
			if r := &out[i].Rules[j]; strings.Contains(r.Expr, "\n") {
				r.Expr += "\n"
			}
		}
	}
	return out
}

func (p Pack) resource(version, kind string, t Target) any {
	type meta struct {
		Name      string            `yaml:"name"`
		Namespace string            `yaml:"namespace"`
		Labels    map[string]string `yaml:"labels,omitempty"`
	}
	type spec struct {
		Groups []Group `yaml:"groups"`
	}
	return struct {
		APIVersion string `yaml:"apiVersion"`
		Kind       string `yaml:"kind"`
		Metadata   meta   `yaml:"metadata"`
		Spec       spec   `yaml:"spec"`
	}{version, kind, meta{t.Name, t.Namespace, t.Labels}, spec{p.groups()}}
}

// inhibit is a rule of Alertmanager: while an alert of Source fires, those of Target that have the
// same labels are not told.
type inhibit struct {
	Source []string `yaml:"source_matchers"`
	Target []string `yaml:"target_matchers"`
	Equal  []string `yaml:"equal,omitempty"`
}

func inhibitRules(namespaceLabel string) []inhibit {
	object := []string{"cluster", namespaceLabel, "kind", "name"}
	is := func(names ...string) []string { return []string{`alertname=~"` + strings.Join(names, "|") + `"`} }
	return []inhibit{
		{is(signalMissing), []string{`alertname=~"Flux.+"`, `alertname!="` + signalMissing + `"`}, []string{"cluster"}},
		{is(manyFail), is(failing, sourceFailing, accessFailing), []string{"cluster"}},
		{is(controllerDown), is(silent), []string{"cluster", "kind"}},
		{is(stalled), is(failing, sourceFailing, notReady), object},
		{is(accessFailing), is(failing, sourceFailing), object},
		{is(failing, sourceFailing), is(notReady), object},
		{is(failing, sourceFailing), is(blocked), []string{"cluster", "root"}},
	}
}

// grafana is the file for Grafana's provisioning: each rule has its query, and a threshold of zero,
// because an expression that is there is an alert whatever its value.
func (p Pack) grafana(t Target) any {
	var groups []map[string]any
	for _, g := range p.Groups {
		interval := g.Interval
		if interval == "" {
			interval = "1m"
		}
		var rules []map[string]any
		for _, r := range g.Rules {
			rules = append(rules, grafanaRule(r, t, p.Source))
		}
		groups = append(groups, map[string]any{
			"orgId": 1, "name": g.Name, "folder": t.Folder, "interval": interval, "rules": rules,
		})
	}
	return map[string]any{"apiVersion": 1, "groups": groups}
}

func grafanaRule(r Rule, t Target, source Source) map[string]any {
	query := map[string]any{"refId": "A", "expr": r.Expr, "instant": true, "range": false}
	if source == Loki {
		query = map[string]any{"refId": "A", "expr": r.Expr, "queryType": "instant"}
	}
	hold := r.For
	if hold == "" {
		hold = "0s"
	}
	out := map[string]any{
		"uid": grafanaUID(r.Alert, source), "title": r.Alert, "condition": "B", "for": hold,
		"noDataState": "OK", "execErrState": "Error",
		"labels": grafanaLabels(r.Labels), "annotations": grafanaTexts(r.Annotations),
		"data": []map[string]any{
			{
				"refId": "A", "datasourceUid": t.DatasourceUID, "relativeTimeRange": map[string]int{"from": 600, "to": 0},
				"model": query,
			},
			{
				"refId": "B", "datasourceUid": "__expr__", "relativeTimeRange": map[string]int{"from": 0, "to": 0},
				"model": map[string]any{"refId": "B", "type": "math", "expression": "is_number($A) || is_inf($A) || is_nan($A)"},
			},
		},
	}
	if r.KeepFiringFor != "" {
		out["keepFiringFor"] = r.KeepFiringFor
	}
	return out
}

// grafanaUID is at most 40 characters long, which is what Grafana takes.
func grafanaUID(alert string, source Source) string {
	uid := strings.ToLower(alert) + "-" + strings.ReplaceAll(string(source), "flux-operator", "fo")
	return uid[:min(len(uid), 40)]
}

// grafanaLabels hides dollars from Grafana, which puts variables of its environment into labels.
func grafanaLabels(labels map[string]string) map[string]string {
	out := maps.Clone(labels)
	for name, value := range out {
		out[name] = strings.ReplaceAll(value, "$", "$$")
	}
	return out
}

// grafanaTexts has the value where Grafana has it: $value is a text about all queries there.
func grafanaTexts(notes map[string]string) map[string]string {
	out := maps.Clone(notes)
	for name, text := range out {
		out[name] = strings.ReplaceAll(text, "$value", "$values.A.Value")
	}
	return out
}
