package alerts

import (
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/promql/parser"
	"go.yaml.in/yaml/v3"
)

// Set is rule files, read and understood.
type Set struct {
	Names []string // of the files
	files map[string]*rulefmt.RuleGroups
	exprs []parser.Expr
	names map[string]bool // metrics that rules record
}

// promQL reads expressions.
func promQL() parser.Parser {
	return parser.NewParser(parser.Options{
		EnableExperimentalFunctions: true, ExperimentalDurationExpr: true, EnableExtendedRangeSelectors: true,
		EnableBinopFillModifiers: true,
	})
}

// Load reads rule files: Prometheus' own, and PrometheusRule objects. The error names everything
// that is wrong with them, by file and line.
func Load(paths []string) (*Set, error) {
	s := newSet()
	var errs []error
	for _, path := range paths {
		content, err := readFile(path)
		if err == nil {
			err = s.read(path, content)
		}
		errs = append(errs, err)
	}
	return s, errors.Join(errs...)
}

// someGroups begins the groups of a rule file.
var someGroups = regexp.MustCompile(`(?m)^groups:`)

// IsRules reports whether a path is a file of rules, with mistakes or without, and so no log.
func IsRules(path string) bool {
	switch filepath.Ext(path) {
	case ".yaml", ".yml", ".rules":
		content, err := readFile(path)
		if err != nil { // one that is too long is one all the same
			return someGroups.Match(content)
		}
		return someGroups.Match(bare(content))
	}
	return false
}

// readSet is a set of one file whose content is at hand.
func readSet(name string, content []byte) (*Set, error) {
	s := newSet()
	return s, s.read(name, content)
}

func newSet() *Set {
	return &Set{files: map[string]*rulefmt.RuleGroups{}, names: map[string]bool{"ALERTS": true, "ALERTS_FOR_STATE": true}}
}

func (s *Set) read(name string, content []byte) error {
	if s.files[name] != nil {
		return nil
	}
	content = bare(content)
	if err := beyond(name, content); err != nil {
		return err
	}
	groups, errs := rulefmt.Parse(content, false, model.UTF8Validation, promQL(), slog.New(slog.DiscardHandler))
	for i := range errs {
		errs[i] = fmt.Errorf("%s: %w", name, errs[i])
	}
	errs = slices.CompactFunc(errs, func(a, b error) bool { return a.Error() == b.Error() }) // each of two passes tells what is no YAML
	if len(errs) > 0 {
		return errors.Join(errs...)
	}
	if len(groups.Groups) == 0 {
		return fmt.Errorf("%s: has no rules: want a rule file with groups, or a PrometheusRule", name)
	}
	s.Names, s.files[name] = append(s.Names, name), groups
	for _, g := range groups.Groups {
		for _, r := range g.Rules {
			expr, err := promQL().ParseExpr(r.Expr)
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			if err := errors.Join(excess(expr, r.Expr), crowded(r, g.Labels)); err != nil {
				return fmt.Errorf("%s: group %q, rule %q: %w", name, g.Name, r.Alert+r.Record, err)
			}
			s.exprs = append(s.exprs, expr)
			if r.Record != "" {
				s.names[r.Record] = true
			}
		}
	}
	return nil
}

// bare takes the groups out of the spec of a PrometheusRule, or leaves a rule file as it is. Lines
// keep their numbers.
func bare(content []byte) []byte {
	var doc struct {
		Spec yaml.Node `yaml:"spec"`
	}
	if yaml.Unmarshal(content, &doc) != nil || doc.Spec.Kind != yaml.MappingNode || len(doc.Spec.Content) == 0 {
		return content
	}
	first := doc.Spec.Content[0]
	if doc.Spec.Style&yaml.FlowStyle != 0 {
		out, _ := yaml.Marshal(&doc.Spec)
		return out
	}
	lines := strings.Split(string(content), "\n")
	indent := strings.Repeat(" ", first.Column-1)
	out := make([]string, 0, len(lines))
	for i, line := range lines {
		rest, inside := strings.CutPrefix(line, indent)
		switch {
		case i < first.Line-1:
			rest = ""
		case !inside && strings.TrimSpace(line) != "":
			return []byte(strings.Join(out, "\n"))
		}
		out = append(out, rest)
	}
	return []byte(strings.Join(out, "\n"))
}

// loader gives files to package rules, without the texts of alerts.
type loader struct {
	*Set
	texts map[string][][]*texts // by file, group and rule
}

// Load implements rules.GroupLoader.
func (l loader) Load(name string, _ bool, _ model.ValidationScheme) (*rulefmt.RuleGroups, []error) {
	out := &rulefmt.RuleGroups{}
	for _, g := range l.files[name].Groups {
		lean, all := l.lean(g)
		out.Groups, l.texts[name] = append(out.Groups, lean), append(l.texts[name], all)
	}
	return out, nil
}

// Parse reads an expression for package rules.
func (l loader) Parse(expr string) (parser.Expr, error) { return promQL().ParseExpr(expr) }

// wants reports whether any rule may read a metric.
func (s *Set) wants(metric string) bool {
	return slices.ContainsFunc(s.exprs, func(e parser.Expr) bool { return reads(e, metric) })
}

// reads reports whether an expression may read a metric.
func reads(e parser.Expr, metric string) (found bool) {
	parser.Inspect(e, func(n parser.Node, _ []parser.Node) error {
		if v, ok := n.(*parser.VectorSelector); ok && !found {
			found = !slices.ContainsFunc(v.LabelMatchers, func(m *labels.Matcher) bool {
				return m.Name == model.MetricNameLabel && !m.Matches(metric)
			})
		}
		return nil
	})
	return found
}

// reread reports whether anything reads what rules make: an expression, or a query in a text.
func (s *Set) reread() bool {
	for name := range s.names {
		if s.wants(name) {
			return true
		}
	}
	for _, file := range s.files {
		for _, g := range file.Groups {
			for _, r := range g.Rules {
				for _, texts := range []map[string]string{r.Annotations, r.Labels, g.Labels} {
					for _, text := range texts {
						if strings.Contains(text, "query") {
							return true
						}
					}
				}
			}
		}
	}
	return false
}

// alone reports whether the result depends on nothing that rules make, nor on the time that the
// query is asked for in another way than by its step.
func (s *Set) alone(e parser.Expr) bool {
	for name := range s.names {
		if reads(e, name) {
			return false
		}
	}
	fixed := false
	parser.Inspect(e, func(n parser.Node, _ []parser.Node) error {
		switch n := n.(type) {
		case *parser.VectorSelector:
			fixed = fixed || n.StartOrEnd != 0
		case *parser.SubqueryExpr:
			fixed = fixed || n.StartOrEnd != 0
		case *parser.Call:
			fixed = fixed || n.Func.Name == "start" || n.Func.Name == "end" || n.Func.Name == "step" || n.Func.Name == "range"
		}
		return nil
	})
	return !fixed
}

// reach is how far back any rule looks, and whether one looks at a fixed time.
func (s *Set) reach() (longest time.Duration, fixed bool) {
	for _, e := range s.exprs {
		parser.Inspect(e, func(n parser.Node, path []parser.Node) error {
			back := time.Duration(0)
			for _, p := range append(slices.Clone(path), n) {
				switch p := p.(type) {
				case *parser.VectorSelector:
					back += p.OriginalOffset
					fixed = fixed || p.Timestamp != nil || p.StartOrEnd != 0
				case *parser.MatrixSelector:
					back += p.Range
				case *parser.SubqueryExpr:
					back += p.Range + p.OriginalOffset
					fixed = fixed || p.Timestamp != nil || p.StartOrEnd != 0
				}
			}
			longest = max(longest, back)
			return nil
		})
	}
	return longest, fixed
}

// ofDates are the functions of PromQL whose value comes back with the hour, the day, or the year.
var ofDates = []string{"minute", "hour", "day_of_week", "day_of_month", "day_of_year", "days_in_month", "month", "year"}

// dated reports whether what the rules say may depend on the time of day, or on the date.
func (s *Set) dated() (found bool) {
	for _, e := range s.exprs {
		parser.Inspect(e, func(n parser.Node, _ []parser.Node) error {
			call, ok := n.(*parser.Call)
			found = found || ok && slices.Contains(ofDates, call.Func.Name)
			return nil
		})
	}
	return found
}
