// Package unit runs unit tests of rules, in the format of promtool.
//
// In go test files and the rule files that they name; out come the tests with what went wrong.
// Command rules calls it. Prometheus' own rule engine evaluates, at the times of the test. The
// package reads files only through the functions that it is given, and has no clock.
package unit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/rules"
	"go.yaml.in/yaml/v3"
)

// file is a file of tests.
type file struct {
	RuleFiles  []string       `yaml:"rule_files"`
	Interval   model.Duration `yaml:"evaluation_interval"`
	GroupOrder []string       `yaml:"group_eval_order"`
	Tests      []test         `yaml:"tests"`
	Fuzzy      bool           `yaml:"fuzzy_compare"`
}

type test struct {
	Name     string            `yaml:"name"`
	Interval model.Duration    `yaml:"interval"`
	Series   []input           `yaml:"input_series"`
	Alerts   []alertTest       `yaml:"alert_rule_test"`
	Exprs    []exprTest        `yaml:"promql_expr_test"`
	External map[string]string `yaml:"external_labels"`
	URL      string            `yaml:"external_url"`
	Start    string            `yaml:"start_timestamp"`
}

type input struct {
	Series string `yaml:"series"`
	Values string `yaml:"values"`
}

type alertTest struct {
	At     model.Duration `yaml:"eval_time"`
	Name   string         `yaml:"alertname"`
	Alerts []struct {
		Labels      map[string]string `yaml:"exp_labels"`
		Annotations map[string]string `yaml:"exp_annotations"`
	} `yaml:"exp_alerts"`
}

type exprTest struct {
	Expr    string         `yaml:"expr"`
	At      model.Duration `yaml:"eval_time"`
	Samples []struct {
		Labels string  `yaml:"labels"`
		Value  float64 `yaml:"value"`
	} `yaml:"exp_samples"`
}

// result is what became of one test.
type result struct {
	name  string
	wrong []string // nothing for a test that passed
}

// run runs the tests of a file. read gives the text of a file; rule files are named relative to the
// test file. The error says that there is nothing to run.
func run(ctx context.Context, name string, read func(string) ([]byte, error)) ([]result, error) {
	text, err := read(name)
	if err != nil {
		return nil, err
	}
	var f file
	dec := yaml.NewDecoder(bytes.NewReader(text))
	dec.KnownFields(true)
	if err := dec.Decode(&f); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: is no file of tests: %w", name, err)
	}
	if f.Interval == 0 {
		f.Interval = model.Duration(time.Minute)
	}
	if len(f.Tests) == 0 || len(f.RuleFiles) == 0 {
		return nil, fmt.Errorf("%s: has no tests, or names no rule_files", name)
	}
	load := loader{read: read}
	for _, r := range f.RuleFiles {
		if !path.IsAbs(r) {
			r = path.Join(path.Dir(name), r)
		}
		load.names = append(load.names, r)
	}
	var out []result
	for i, t := range f.Tests {
		if t.Name == "" {
			t.Name = fmt.Sprintf("test %d", i+1)
		}
		wrong, err := f.runTest(ctx, t, load)
		if err != nil {
			return out, fmt.Errorf("%s: %s: %w", name, t.Name, err)
		}
		out = append(out, result{t.Name, wrong})
	}
	return out, nil
}

// loader gives Prometheus the rule files.
type loader struct {
	names []string
	read  func(string) ([]byte, error)
}

// Load implements rules.GroupLoader.
func (l loader) Load(name string, ignore bool, scheme model.ValidationScheme) (*rulefmt.RuleGroups, []error) {
	text, err := l.read(name)
	if err != nil {
		return nil, []error{err}
	}
	groups, errs := rulefmt.Parse(text, ignore, scheme, promQL(), slog.New(slog.DiscardHandler))
	for i := range errs {
		errs[i] = fmt.Errorf("%s: %w", name, errs[i])
	}
	return groups, errs
}

// Parse implements rules.GroupLoader.
func (l loader) Parse(expr string) (parser.Expr, error) { return promQL().ParseExpr(expr) }

func promQL() parser.Parser { return parser.NewParser(parser.Options{}) }

// world is a test under way.
type world struct {
	*store
	engine *promql.Engine
	groups []*rules.Group
	wrong  []string
}

// runTest runs one test: rules are evaluated at each interval up to the last time that is asked
// about, and what is asked about a time is looked at after the last evaluation up to it.
func (f *file) runTest(ctx context.Context, t test, load loader) ([]string, error) {
	if t.Start != "" && t.Start != "0" {
		return nil, errors.New("start_timestamp: tests begin at zero here")
	}
	w := &world{store: newStore()}
	if err := w.load(t); err != nil {
		return nil, err
	}
	every := time.Duration(f.Interval)
	w.engine = promql.NewEngine(promql.EngineOpts{
		MaxSamples: 50_000_000, Timeout: time.Hour, EnableAtModifier: true, EnableNegativeOffset: true, Parser: promQL(),
		NoStepSubqueryIntervalFn: func(int64) int64 { return every.Milliseconds() },
	})
	if err := w.prepare(f, t, load); err != nil {
		return nil, err
	}
	last := time.Duration(0)
	for _, a := range t.Alerts {
		last = max(last, time.Duration(a.At))
	}
	for _, e := range t.Exprs {
		last = max(last, time.Duration(e.At))
	}
	for at := time.Duration(0); at <= last && ctx.Err() == nil; at += every {
		for _, g := range w.groups {
			g.Eval(ctx, time.Unix(0, int64(at)).UTC())
		}
		for _, a := range t.Alerts {
			if at <= time.Duration(a.At) && time.Duration(a.At) < at+every {
				w.alerts(a)
			}
		}
	}
	for _, e := range t.Exprs {
		w.expr(ctx, e)
	}
	return w.wrong, ctx.Err()
}

// load makes the series.
func (w *world) load(t test) error {
	every := time.Duration(t.Interval)
	if every == 0 {
		every = time.Minute
	}
	all := 0
	for _, in := range t.Series {
		text := in.Series + " " + in.Values
		if all += repeated(text); all > maxSamples {
			return fmt.Errorf("input_series %s: with it the test has more than %d samples, which none needs", in.Series, maxSamples)
		}
		l, values, err := promQL().ParseSeriesDesc(text)
		if err != nil {
			return fmt.Errorf("input_series %s: %w", in.Series, err)
		}
		for i, v := range values {
			switch {
			case v.Histogram != nil:
				return fmt.Errorf("input_series %s: histograms are not known here", in.Series)
			case !v.Omitted:
				w.add(l, (time.Duration(i) * every).Milliseconds(), v.Value)
			}
		}
	}
	return nil
}

// prepare has Prometheus load the rules.
func (w *world) prepare(f *file, t test, load loader) error {
	m := rules.NewManager(&rules.ManagerOptions{
		QueryFunc:  rules.EngineQueryFunc(w.engine, w),
		NotifyFunc: func(context.Context, string, ...*rules.Alert) {},
		Appendable: w, Queryable: w, GroupLoader: load, Parser: promQL(),
	})
	all, errs := m.LoadGroups(time.Duration(f.Interval), labels.FromMap(t.External), t.URL, nil, false, load.names...)
	if len(errs) > 0 {
		return errors.Join(errs...)
	}
	for _, g := range all {
		w.groups = append(w.groups, g)
		for _, a := range g.AlertingRules() {
			a.SetRestored(true) // or it would wait for ALERTS of before
		}
	}
	order := func(g *rules.Group) int {
		if i := slices.Index(f.GroupOrder, g.Name()); i >= 0 {
			return i
		}
		return len(f.GroupOrder)
	}
	slices.SortFunc(w.groups, func(a, b *rules.Group) int {
		if d := order(a) - order(b); d != 0 {
			return d
		}
		return strings.Compare(rules.GroupKey(a.File(), a.Name()), rules.GroupKey(b.File(), b.Name()))
	})
	return nil
}

// alerts compares what fires with what should.
func (w *world) alerts(t alertTest) {
	known := false
	var got, want []string
	for _, g := range w.groups {
		for _, r := range g.AlertingRules() {
			known = known || r.Name() == t.Name
			if r.Name() != t.Name {
				continue
			}
			for _, a := range r.ActiveAlerts() {
				if a.State == rules.StateFiring {
					got = append(got, shown(a.Labels, a.Annotations))
				}
			}
		}
	}
	for _, a := range t.Alerts {
		l := map[string]string{labels.AlertName: t.Name}
		for k, v := range a.Labels {
			l[k] = v
		}
		want = append(want, shown(labels.FromMap(l), labels.FromMap(a.Annotations)))
	}
	if !known {
		w.wrong = append(w.wrong, fmt.Sprintf("%s: no rule file has an alert %s", t.At, t.Name))
		return
	}
	w.compare(fmt.Sprintf("%s %s", t.At, t.Name), want, got)
}

func shown(l, notes labels.Labels) string { return l.String() + " " + notes.String() }

// compare notes what is missing and what is too much, in a fixed order.
func (w *world) compare(what string, want, got []string) {
	slices.Sort(want)
	slices.Sort(got)
	if slices.Equal(want, got) {
		return
	}
	text := what + ":"
	for _, s := range want {
		if !slices.Contains(got, s) {
			text += "\n  missing " + s
		}
	}
	for _, s := range got {
		if !slices.Contains(want, s) {
			text += "\n  not expected " + s
		}
	}
	w.wrong = append(w.wrong, text)
}

// expr compares the result of an expression.
func (w *world) expr(ctx context.Context, t exprTest) {
	got, err := rules.EngineQueryFunc(w.engine, w)(ctx, t.Expr, time.Unix(0, int64(t.At)).UTC())
	if err != nil {
		w.wrong = append(w.wrong, fmt.Sprintf("%s %s: %v", t.At, t.Expr, err))
		return
	}
	var have, want []string
	for _, s := range got {
		have = append(have, fmt.Sprintf("%s %v", s.Metric, rounded(s.F)))
	}
	for _, s := range t.Samples {
		l, err := promQL().ParseMetric(s.Labels)
		if s.Labels != "" && err != nil {
			w.wrong = append(w.wrong, fmt.Sprintf("%s %s: exp_samples: %v", t.At, t.Expr, err))
			return
		}
		want = append(want, fmt.Sprintf("%s %v", l, rounded(s.Value)))
	}
	w.compare(fmt.Sprintf("%s %s", t.At, t.Expr), want, have)
}

// rounded takes away what sums of floats have at their end.
func rounded(v float64) float64 {
	if v == 0 || math.IsInf(v, 0) || math.IsNaN(v) {
		return v
	}
	scale := math.Pow(10, 12-math.Ceil(math.Log10(math.Abs(v))))
	return math.Round(v*scale) / scale
}
