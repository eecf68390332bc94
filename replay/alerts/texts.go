package alerts

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/rules"
	"github.com/prometheus/prometheus/template"
)

// texts are what an alert says, as its rule has it. Prometheus expands all of it for each active
// alert at each evaluation, which was a third of the time that a day of many objects took. What is
// shown is what was so when the alert became active or fired: it is expanded then.
type texts struct {
	expr   string // as the file has it
	labels map[string]string
	notes  map[string]string
}

// lean parts the rules of a group from their texts. Labels without a template go into the
// expression, which is evaluated for many times at once; those with one stay, because they make an
// alert another one. A rule that reads what rules make is left as it is.
func (s *Set) lean(g rulefmt.RuleGroup) (rulefmt.RuleGroup, []*texts) {
	all := make([]*texts, len(g.Rules))
	g.Rules = slices.Clone(g.Rules)
	for i := range g.Rules {
		r := &g.Rules[i]
		expr, err := promQL().ParseExpr(r.Expr)
		if err != nil || r.Alert == "" || expr.Type() != parser.ValueTypeVector || !s.alone(expr) {
			continue
		}
		t := &texts{expr: r.Expr, notes: r.Annotations, labels: maps.Clone(g.Labels)}
		if t.labels == nil {
			t.labels = map[string]string{}
		}
		maps.Copy(t.labels, r.Labels)
		all[i], r.Annotations, r.Labels = t, nil, map[string]string{}
		text := expr.String()
		for _, name := range slices.Sorted(maps.Keys(t.labels)) {
			value := t.labels[name]
			if strings.Contains(value, "{{") || g.Labels[name] != "" || !model.LegacyValidation.IsValidLabelName(name) {
				r.Labels[name] = value
				continue
			}
			text = fmt.Sprintf(`label_replace(%s, %q, %q, "", "")`, text, name, strings.ReplaceAll(value, "$", "$$"))
		}
		r.Expr = text
	}
	return g, all
}

// expand puts the texts of a rule into alerts that have just become active, or fired. The group of
// the rule may look back by an offset.
func (e *evaluation) expand(
	ctx context.Context, rule *rules.AlertingRule, at time.Time, offset time.Duration, lives []*life,
) {
	t := e.texts[rule]
	if t == nil || len(t.notes) == 0 || len(lives) == 0 {
		return
	}
	found, err := e.once(ctx, t.expr, at.Add(-offset))
	if err != nil {
		return // the rule has failed, and that is told
	}
	of := map[uint64]*life{}
	for _, l := range lives {
		of[labels.FromMap(l.labels).Hash()] = l
	}
	for _, s := range found {
		put := t.expander(ctx, rule.Name(), s, at, e.once)
		b := labels.NewBuilder(s.Metric)
		b.Del(model.MetricNameLabel)
		for name, value := range t.labels {
			if strings.Contains(value, "{{") {
				value = put(value)
			}
			b.Set(name, value)
		}
		b.Set(model.AlertNameLabel, rule.Name())
		if l := of[b.Labels().Hash()]; l != nil {
			l.notes = map[string]string{}
			for name, text := range t.notes {
				l.notes[name] = put(text)
			}
		}
	}
}

// defined are the variables that texts have.
const defined = "{{$labels := .Labels}}{{$externalLabels := .ExternalLabels}}{{$externalURL := .ExternalURL}}{{$value := .Value}}"

// expander expands texts about a sample as Prometheus does.
func (t *texts) expander(ctx context.Context, name string, s promql.Sample, at time.Time, query rules.QueryFunc) func(string) string {
	data := template.AlertTemplateData(s.Metric.Map(), map[string]string{}, "", s)
	return func(text string) string {
		x := template.NewTemplateExpander(ctx, defined+text, "__alert_"+name, data, model.TimeFromUnixNano(at.UnixNano()),
			template.QueryFunc(query), &url.URL{}, nil)
		out, err := x.Expand()
		if err != nil {
			return fmt.Sprintf("<error expanding template: %s>", err)
		}
		return out
	}
}
