package check

import (
	"slices"
	"strings"
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"

	"fluxtrail/derive/rules"
)

// correct puts into the findings of a rule one expression that has none of the faults.
func (c *checker) correct(r *rule, findings []Finding) {
	if len(findings) == 0 {
		return
	}
	has := func(check string) bool {
		return slices.ContainsFunc(findings, func(f Finding) bool { return f.Check == check })
	}
	text := ""
	if !has("dead-metric") {
		text = c.edited(r, has)
	}
	unmended := text == r.parsed.String() && (has("empty-join") || has("always"))
	if text == "" || unmended || c.deadText(text) {
		text = c.replacement(r)
	}
	if text == "" || text == r.parsed.String() {
		return
	}
	for i := range findings {
		if findings[i].Check != "absent" && findings[i].Check != "template" {
			findings[i].Corrected = text
		}
	}
}

func (c *checker) deadText(text string) bool {
	expr, err := parser.NewParser(parser.Options{EnableExperimentalFunctions: true}).ParseExpr(text)
	return err != nil || c.dead(expr) != nil
}

// replacement is the expression of the pack that says what a dead one was to say, "" where none
// does.
func (c *checker) replacement(r *rule) string {
	if r.alert == "" && r.record == "" { // a panel may be about anything
		return ""
	}
	if of := counted(r.parsed); of != nil {
		return "absent(" + c.alive(of) + ")"
	}
	if call, ok := unwrapped(r.parsed).(*parser.Call); ok && strings.HasPrefix(call.Func.Name, "absent") {
		return "absent(" + c.alive(nil) + ")"
	}
	want, kinds := "ReconciliationFailure", ""
	for _, s := range selectors(r.parsed) {
		if s.Name == "gotk_suspend_status" && len(selectors(r.parsed)) == 1 {
			want = "FluxSuspendedTooLong"
		}
		if f := familyOf(s); f != nil && f.source == "" && f.gone != 0 {
			return ""
		}
		if m := matcher(s, "kind"); m != nil && kinds == "" {
			kinds = `kind` + m.Type.String() + `"` + m.Value + `"`
		}
	}
	pack, err := rules.New(rules.Options{Source: c.Source, Compat: rules.CompatSeed, NamespaceLabel: c.opt.NamespaceLabel})
	if err != nil {
		return ""
	}
	for _, g := range pack.Groups {
		for _, rule := range g.Rules {
			if rule.Alert == want {
				return ofKinds(rule.Expr, kinds)
			}
		}
	}
	return ""
}

// counted is what an expression counts that compares the count with nothing, nil for any other.
func counted(expr parser.Expr) parser.Expr {
	e, ok := unwrapped(expr).(*parser.BinaryExpr)
	if !ok {
		return nil
	}
	op, of := e.Op, e.LHS
	if of.Type() == parser.ValueTypeScalar {
		op, of = mirrored(op), e.RHS
	}
	if op != parser.EQLC && op != parser.LSS && op != parser.LTE {
		return nil
	}
	a, ok := unwrapped(of).(*parser.AggregateExpr)
	if !ok || a.Op != parser.COUNT && a.Op != parser.SUM {
		return nil
	}
	if _, _, f := values(a); f == nil {
		return nil
	}
	return a.Expr
}

// alive is an expression, or the metric that is there wherever the signal is, for one that has
// never a result.
func (c *checker) alive(expr parser.Expr) string {
	if expr != nil && c.dead(expr) == nil {
		return expr.String()
	}
	i := slices.IndexFunc(families, func(f family) bool { return f.source == c.Source })
	return families[max(i, 0)].name
}

// ofKinds narrows an expression of the pack, which is about all kinds.
func ofKinds(expr, matcher string) string {
	if matcher == "" {
		return expr
	}
	return strings.NewReplacer(`customresource_kind=~".+"`, `customresource_`+matcher, `kind=~".+"`, matcher).Replace(expr)
}

// edited is the expression with what can be mended in place.
func (c *checker) edited(r *rule, has func(string) bool) string {
	expr, err := parser.NewParser(parser.Options{EnableExperimentalFunctions: true}).ParseExpr(r.parsed.String())
	if err != nil {
		return ""
	}
	for _, s := range selectors(expr) {
		f := familyOf(s)
		if f == nil {
			continue
		}
		c.editSelector(f, s, has)
	}
	if has("window") {
		parser.Inspect(expr, func(n parser.Node, _ []parser.Node) error {
			if m, ok := n.(*parser.MatrixSelector); ok && m.Range < 2*c.opt.Scrape {
				m.Range = max(5*time.Minute, 4*c.opt.Scrape)
			}
			return nil
		})
	}
	c.regroup(expr, has)
	text := expr.String()
	if f := keptFamily(expr); has("churn") && f != nil {
		text = c.byObject(f, expr, text)
	}
	return text
}

// keptFamily is the one info metric whose labels become those of the result, nil where there is
// none, or another one with it.
func keptFamily(expr parser.Expr) *family {
	var found []*family
	kept(expr, func(s *parser.VectorSelector) {
		if f := familyOf(s); !slices.Contains(found, f) {
			found = append(found, f)
		}
	})
	if len(found) != 1 || found[0] == nil || !found[0].info {
		return nil
	}
	return found[0]
}

func (c *checker) editSelector(f *family, s *parser.VectorSelector, has func(string) bool) {
	for i, m := range s.LabelMatchers {
		value, name, kind := m.Value, m.Name, m.Type
		if right := rightWords(f, m); right != nil {
			value = strings.Join(right, "|")
		}
		if other := otherName(f, m.Name); other != "" {
			name = other
		}
		if has("retry") && f.info && m.Name == "ready" && onlyFalse(kind, value) {
			kind, value = labels.MatchNotEqual, "True"
		}
		if changed, err := labels.NewMatcher(kind, name, value); err == nil {
			s.LabelMatchers[i] = changed
		}
	}
	if on := suspendedValue(f); has("suspended") && on != "" && matcher(s, "ready") != nil && matcher(s, "suspended") == nil {
		s.LabelMatchers = append(s.LabelMatchers, labels.MustNewMatcher(labels.MatchNotEqual, "suspended", on))
	}
}

// onlyFalse reports whether a matcher of Ready fits False, and neither True nor Unknown.
func onlyFalse(kind labels.MatchType, value string) bool {
	m, err := labels.NewMatcher(kind, "ready", value)
	return err == nil && m.Matches("False") && !m.Matches("True") && !m.Matches("Unknown")
}

// suspendedValue is how the family says that an object is suspended.
func suspendedValue(f *family) string {
	for _, v := range f.values["suspended"] {
		if strings.EqualFold(v, "true") {
			return v
		}
	}
	return ""
}

// otherName is the label that has what was meant with one that is not there.
func otherName(f *family, label string) string {
	_, name, _ := strings.Cut(otherLabel(f, label), "is in ")
	return name
}

// regroup mends the labels that aggregations are by.
func (c *checker) regroup(expr parser.Expr, has func(string) bool) {
	parser.Inspect(expr, func(n parser.Node, _ []parser.Node) error {
		a, ok := n.(*parser.AggregateExpr)
		if !ok {
			return nil
		}
		f := onlyFamily(a.Expr)
		for i, label := range a.Grouping {
			if f != nil && !f.has(label) && otherName(f, label) != "" {
				a.Grouping[i] = otherName(f, label)
			}
			if has("namespace") && label == "namespace" {
				a.Grouping[i] = c.opt.NamespaceLabel
			}
		}
		if has("churn") && f != nil && f.info {
			a.Grouping = slices.DeleteFunc(a.Grouping, func(label string) bool { return slices.Contains(changing, label) && !fixed(a.Expr, label) })
		}
		if has("namespace") && slices.Contains(a.Grouping, "name") && !slices.Contains(a.Grouping, c.opt.NamespaceLabel) {
			a.Grouping = append(a.Grouping, c.opt.NamespaceLabel)
		}
		if f != nil && has("doubled") && (a.Op == parser.COUNT || a.Op == parser.SUM) {
			c.countObjects(f, a)
		}
		return nil
	})
}

// countObjects makes a count of series one of objects.
func (c *checker) countObjects(f *family, a *parser.AggregateExpr) {
	inner, err := parser.NewParser(parser.Options{}).ParseExpr(c.byObject(f, a.Expr, a.Expr.String()))
	if err == nil {
		a.Op, a.Expr = parser.COUNT, inner
	}
}

// byObject aggregates an expression to one series for each object.
func (c *checker) byObject(f *family, expr parser.Expr, text string) string {
	kind := "kind"
	if slices.Contains(f.labels, "customresource_kind") {
		kind = "customresource_kind"
	}
	by := []string{c.opt.NamespaceLabel, kind, "name"}
	// A comparison stays outside: max by of what it leaves is the same.
	if b, ok := expr.(*parser.BinaryExpr); ok && b.Op.IsComparisonOperator() && b.RHS.Type() == parser.ValueTypeScalar {
		return "max by (" + strings.Join(by, ", ") + ") (" + b.LHS.String() + ") " + b.Op.String() + " " + b.RHS.String()
	}
	return "max by (" + strings.Join(by, ", ") + ") (" + text + ")"
}
