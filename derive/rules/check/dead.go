package check

import (
	"fmt"
	"slices"
	"strings"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
)

// cause is why an expression has never a result, and where that stands.
type cause struct {
	pos   int
	check string
	text  string
	gone  bool // it was there in an earlier version
}

// dead is the reason why an expression has never a result, nil for one that can have some.
func (c *checker) dead(expr parser.Expr) *cause {
	switch e := expr.(type) {
	case *parser.VectorSelector:
		return c.deadSelector(e)
	case *parser.MatrixSelector:
		return c.dead(e.VectorSelector)
	case *parser.SubqueryExpr:
		return c.dead(e.Expr)
	case *parser.ParenExpr:
		return c.dead(e.Expr)
	case *parser.StepInvariantExpr:
		return c.dead(e.Expr)
	case *parser.UnaryExpr:
		return c.dead(e.Expr)
	case *parser.AggregateExpr:
		return c.dead(e.Expr)
	case *parser.Call:
		return c.deadCall(e)
	case *parser.BinaryExpr:
		return c.deadBinary(e)
	}
	return nil
}

// deadCall passes on what the argument is. Absence has a result because there is none.
func (c *checker) deadCall(e *parser.Call) *cause {
	if strings.HasPrefix(e.Func.Name, "absent") || e.Func.Name == "vector" || e.Func.Name == "scalar" {
		return nil
	}
	for _, arg := range e.Args {
		if why := c.dead(arg); why != nil {
			return why
		}
	}
	return nil
}

func (c *checker) deadBinary(e *parser.BinaryExpr) *cause {
	left, right := c.dead(e.LHS), c.dead(e.RHS)
	if left == nil && right == nil {
		return c.deadTogether(e)
	}
	switch e.Op {
	case parser.LOR:
		if right == nil {
			return nil
		}
		return left
	case parser.LUNLESS:
		return left
	}
	if left == nil && right != nil {
		right.text += fmt.Sprintf(", and %s has a result only where both sides have", e.Op)
		if right.check == "value" {
			right.check = "empty-join"
		}
		return right
	}
	return left
}

// deadTogether finds two sides that have results, and none together.
func (c *checker) deadTogether(e *parser.BinaryExpr) *cause {
	if why := c.deadComparison(e); why != nil {
		return why
	}
	m := e.VectorMatching
	if m == nil || !m.On || e.Op == parser.LOR || e.Op == parser.LUNLESS {
		return nil
	}
	if label := lacks(e.LHS, e.RHS, m.MatchingLabels); label != "" {
		return &cause{
			pos: int(e.PositionRange().Start), check: "empty-join",
			text: fmt.Sprintf("%s on (%s) never finds a pair: only one side has the label %s", e.Op, strings.Join(m.MatchingLabels, ", "), label),
		}
	}
	return nil
}

// deadSelector says why no series can match.
func (c *checker) deadSelector(s *parser.VectorSelector) *cause {
	pos := int(s.PosRange.Start)
	if r := c.recorded[s.Name]; r != nil && r.parsed != nil && !c.following[s.Name] {
		c.following[s.Name] = true // rules that record each other have no end
		why := c.dead(r.parsed)
		delete(c.following, s.Name)
		if why != nil {
			return &cause{pos, "dead-metric", s.Name + " is never there: " + why.text, why.gone}
		}
	}
	f := familyOf(s)
	if f == nil {
		return c.deadSeveral(s, pos)
	}
	if f.gone != 0 && c.opt.Flux >= f.gone {
		return &cause{pos, "dead-metric", goneText(f), true}
	}
	for _, m := range s.LabelMatchers {
		if why := c.deadMatcher(f, m); why != nil {
			why.pos = pos
			return why
		}
	}
	return nil
}

// deadSeveral says why none of several metrics is there.
func (c *checker) deadSeveral(s *parser.VectorSelector, pos int) *cause {
	all := severalOf(s)
	if len(all) == 0 || slices.ContainsFunc(all, func(f *family) bool { return f.gone == 0 || c.opt.Flux < f.gone }) {
		return nil
	}
	return &cause{pos, "dead-metric", goneText(all[0]) + ", and the others are not there, either", true}
}

func goneText(f *family) string {
	if f.gone < 200 {
		return fmt.Sprintf("%s is never there: %s", f.name, f.why)
	}
	return fmt.Sprintf("%s is gone since Flux %s: %s", f.name, f.gone, f.why)
}

// deadMatcher says why nothing that the label can be fits.
func (c *checker) deadMatcher(f *family, m *labels.Matcher) *cause {
	if m.Name == "kind" {
		for kind, gone := range f.kinds {
			if m.Type == labels.MatchEqual && m.Value == kind && c.opt.Flux >= gone {
				return &cause{0, "dead-metric", fmt.Sprintf("%s has no %s since Flux %s", f.name, kind, gone), true}
			}
		}
	}
	if isKind(m.Name) && f.has(m.Name) {
		words := alternatives(m)
		if words != nil && !slices.ContainsFunc(words, func(w string) bool { return rightKind(w) == "" }) && positive(m) {
			return &cause{0, "value", fmt.Sprintf("%s never has %s: the kind is %s", f.name, m, shown(rightWords(f, m))), false}
		}
	}
	values := f.closed(m.Name, c.opt.Flux)
	if values == nil || slices.ContainsFunc(values, m.Matches) {
		return nil
	}
	if !f.has(m.Name) {
		return &cause{0, "no-label", fmt.Sprintf("%s has no label %s%s", f.name, m.Name, otherLabel(f, m.Name)), false}
	}
	if gone, ok := f.old[m.Name][m.Value]; ok && m.Type == labels.MatchEqual {
		return &cause{0, "value", fmt.Sprintf("%s has no series with %s=%q since Flux %s", f.name, m.Name, m.Value, gone), true}
	}
	return &cause{0, "value", fmt.Sprintf("%s never has %s: %s is %s", f.name, m, m.Name, shown(values)), false}
}

// positive reports whether a matcher names what fits.
func positive(m *labels.Matcher) bool {
	return m.Type == labels.MatchEqual || m.Type == labels.MatchRegexp
}

func shown(values []string) string {
	var out []string
	for _, v := range values {
		if v == "" {
			out = append(out, "not there")
		} else {
			out = append(out, v)
		}
	}
	if len(out) == 1 {
		return out[0]
	}
	return strings.Join(out[:len(out)-1], ", ") + " or " + out[len(out)-1]
}

// otherLabel says which label has what was meant.
func otherLabel(f *family, label string) string {
	switch {
	case label == "kind" && slices.Contains(f.labels, "customresource_kind"):
		return "; the kind is in customresource_kind"
	case label == "customresource_kind" && slices.Contains(f.labels, "kind"):
		return "; the kind is in kind"
	}
	return ""
}
