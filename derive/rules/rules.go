// Package rules is the pack of alerts about Flux: one row for each alert, with an expression for
// each signal that a cluster can have, and the forms in which rulers read them.
//
// In go the source of the signal and the form; out come rule files as bytes, the same ones for the
// same options. Command rules calls it, and replay evaluates what it renders. It also reads rules
// that somebody else wrote, and says what is wrong with them. It connects to nothing and has no
// clock. What a source cannot tell has no alert in its pack; Pack.Missing names those.
package rules

import (
	"fmt"
	"slices"
	"strings"
)

// Source is where the signal comes from that the rules read.
type Source string

// The sources of the signal.
const (
	Auto         Source = "auto"          // the first of the next four that a cluster has
	Ours         Source = "ours"          // fluxtrail's own metrics
	FluxOperator Source = "flux-operator" // flux_resource_info and the like of the Flux Operator
	KSM          Source = "ksm"           // gotk_resource_info of kube-state-metrics
	GOTK         Source = "gotk"          // gotk_reconcile_condition of the controllers up to Flux 2.4
	Loki         Source = "loki"          // the log lines that fluxtrail sends to Loki
)

// metrics are the sources that Prometheus has, the best one first.
var metrics = []Source{Ours, FluxOperator, KSM, GOTK}

// Sources are the names of all sources.
func Sources() []string {
	return []string{string(Auto), string(Ours), string(GOTK), string(KSM), string(FluxOperator), string(Loki)}
}

// Compat says whose names the pack keeps.
type Compat string

// CompatSeed has ReconciliationFailure as Flux's guide for Prometheus had it, in place of the two
// alerts that say the same.
const CompatSeed Compat = "seed"

// Options say which pack to make. The zero value of a field means its default.
type Options struct {
	Source   Source // default Auto
	Compat   Compat // default: names of our own
	Labels   map[string]string
	Runbooks string // URL below which each alert has its page; default: no links

	// NamespaceLabel is the label that has the object's namespace, exported_namespace by default.
	// It is namespace where the scrape honours labels, or behind federation.
	NamespaceLabel string
}

// Rule is one alert as a ruler evaluates it.
type Rule struct {
	Alert         string            `yaml:"alert"`
	Expr          string            `yaml:"expr"`
	For           string            `yaml:"for,omitempty"`
	KeepFiringFor string            `yaml:"keep_firing_for,omitempty"`
	Labels        map[string]string `yaml:"labels,omitempty"`
	Annotations   map[string]string `yaml:"annotations,omitempty"`
}

// Group is a group of rules that are evaluated together.
type Group struct {
	Name     string `yaml:"name"`
	Interval string `yaml:"interval,omitempty"`
	Rules    []Rule `yaml:"rules"`
}

// Pack is the rules for one source.
type Pack struct {
	Source  Source
	Groups  []Group
	Missing []string // alerts that the source has no signal for
}

// New makes the pack. The error names an option that cannot be used.
func New(opt Options) (Pack, error) {
	if opt.Source == "" {
		opt.Source = Auto
	}
	if !slices.Contains(Sources(), string(opt.Source)) {
		return Pack{}, fmt.Errorf("there is no source %q of the signal", opt.Source)
	}
	if opt.Compat != "" && opt.Compat != CompatSeed {
		return Pack{}, fmt.Errorf("there is no compatibility %q", opt.Compat)
	}
	p := Pack{Source: opt.Source}
	for _, row := range rowsFor(opt.Compat) {
		expr := row.expr(opt.Source)
		if expr == "" {
			p.Missing = append(p.Missing, row.name)
			continue
		}
		p.add(row, row.rule(expr, opt))
	}
	return p, nil
}

// rowsFor is the table with the names that compat wants.
func rowsFor(compat Compat) []row {
	if compat != CompatSeed {
		return alerts
	}
	rest := slices.DeleteFunc(slices.Clone(alerts), func(r row) bool {
		return r.name == failing || r.name == sourceFailing
	})
	return append([]row{seed}, rest...)
}

func (p *Pack) add(r row, rule Rule) {
	i := slices.IndexFunc(p.Groups, func(g Group) bool { return g.Name == r.group })
	if i < 0 {
		i = len(p.Groups)
		p.Groups = append(p.Groups, Group{Name: r.group, Interval: intervals[r.group]})
	}
	p.Groups[i].Rules = append(p.Groups[i].Rules, rule)
}

// rule is a row as a rule.
func (r row) rule(expr string, opt Options) Rule {
	labels := map[string]string{"severity": r.severity}
	for name, value := range opt.Labels {
		labels[name] = value
	}
	notes := map[string]string{}
	for name, text := range map[string]string{"summary": r.summary, "description": r.description} {
		if text != "" {
			notes[name] = text
		}
	}
	if opt.Runbooks != "" {
		notes["runbook_url"] = strings.TrimSuffix(opt.Runbooks, "/") + "/" + r.name
	}
	rule := Rule{
		Alert: r.name, Expr: expr, For: r.hold, KeepFiringFor: r.keep, Labels: labels, Annotations: notes,
	}
	if ns := opt.NamespaceLabel; ns != "" && ns != objectNamespace {
		rule.Expr = strings.ReplaceAll(rule.Expr, objectNamespace, ns)
		for name, text := range notes {
			notes[name] = strings.ReplaceAll(text, objectNamespace, ns)
		}
	}
	return rule
}

// objectNamespace is the label of the object's namespace, as Prometheus makes it of a scraped
// target's own label namespace.
const objectNamespace = "exported_namespace"
