package check

import (
	"maps"
	"slices"
	"strings"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
)

// kept calls f for the selectors whose labels become those of the result: no aggregation is above
// them.
func kept(expr parser.Expr, f func(*parser.VectorSelector)) {
	switch e := expr.(type) {
	case *parser.VectorSelector:
		f(e)
	case *parser.MatrixSelector:
		kept(e.VectorSelector, f)
	case *parser.ParenExpr:
		kept(e.Expr, f)
	case *parser.UnaryExpr:
		kept(e.Expr, f)
	case *parser.SubqueryExpr:
		kept(e.Expr, f)
	case *parser.Call:
		if !strings.HasPrefix(e.Func.Name, "absent") {
			for _, arg := range e.Args {
				kept(arg, f)
			}
		}
	case *parser.BinaryExpr:
		kept(e.LHS, f)
		if e.Op == parser.LOR {
			kept(e.RHS, f)
		}
	}
}

// checkChurn finds alerts that take over labels which change while the object goes on failing.
func (c *checker) checkChurn(r *rule) {
	if !r.isAlert() {
		return
	}
	kept(r.parsed, func(s *parser.VectorSelector) {
		if f := familyOf(s); f != nil && f.info && r.hold > 0 {
			c.add(r, int(s.PosRange.Start), "churn", Warning,
				"takes over all labels of %s: with each new revision, reason or value of ready another series begins, and for starts again; two exporters make two alerts", f.name)
		}
	})
}

// changing are labels whose value changes while an object goes on failing.
var changing = []string{"revision", "reason", "ready", "ready_reason", "message", "uid"}

// checkChurning finds aggregations by labels that change, and labels of alerts that are made of
// what changes.
func (c *checker) checkChurning(r *rule) {
	if !r.isAlert() || r.hold == 0 {
		return
	}
	outermost(r.parsed, func(a *parser.AggregateExpr) {
		f := onlyFamily(a.Expr)
		if f == nil || !f.info || a.Without {
			return
		}
		for _, label := range a.Grouping {
			if slices.Contains(changing, label) && f.has(label) && !fixed(a.Expr, label) {
				c.add(r, int(a.PosRange.Start), "churn", Warning, "is by %s, which changes while an object goes on failing: then for starts again", label)
			}
		}
	})
	for _, name := range slices.Sorted(maps.Keys(r.labels)) {
		if strings.Contains(r.labels[name], "$value") || strings.Contains(r.labels[name], ".Value") {
			c.add(r, 0, "churn", Warning, "has the value in its label %s: with each new value another alert begins, and for starts again", name)
		}
	}
}

// outermost calls f for the aggregations whose labels become those of the result.
func outermost(expr parser.Expr, f func(*parser.AggregateExpr)) {
	switch e := unwrapped(expr).(type) {
	case *parser.AggregateExpr:
		f(e)
	case *parser.Call:
		for _, arg := range e.Args {
			outermost(arg, f)
		}
	case *parser.BinaryExpr:
		outermost(e.LHS, f)
		if e.Op == parser.LOR {
			outermost(e.RHS, f)
		}
	}
}

// fixed reports whether each selector fixes a label to one value.
func fixed(expr parser.Expr, label string) bool {
	return !slices.ContainsFunc(selectors(expr), func(s *parser.VectorSelector) bool {
		m := matcher(s, label)
		return m == nil || m.Type != labels.MatchEqual
	})
}

// checkDoubled finds counts and sums that two exporters of the same state double.
func (c *checker) checkDoubled(r *rule) {
	parser.Inspect(r.parsed, func(n parser.Node, _ []parser.Node) error {
		a, ok := n.(*parser.AggregateExpr)
		if !ok || a.Op != parser.COUNT && a.Op != parser.SUM {
			return nil
		}
		kept(a.Expr, func(s *parser.VectorSelector) {
			if f := familyOf(s); f != nil && f.info {
				c.add(r, int(a.PosRange.Start), "doubled", Warning,
					"counts series and not objects: where two exporters have %s each object counts twice; aggregate by object first", f.name)
			}
		})
		return nil
	})
}
