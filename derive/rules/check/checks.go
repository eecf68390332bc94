package check

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
)

// checks are what is asked of each rule about Flux.
var checks = []func(*checker, *rule){
	(*checker).checkDead,
	(*checker).checkExcluded,
	(*checker).checkGrouping,
	(*checker).checkChurn,
	(*checker).checkChurning,
	(*checker).checkDoubled,
	(*checker).checkRhythm,
	(*checker).checkSuspended,
	(*checker).checkWindow,
	(*checker).checkAbsent,
	(*checker).checkTemplates,
}

// checkDead finds an expression that never has a result.
func (c *checker) checkDead(r *rule) {
	if why := c.dead(r.parsed); why != nil {
		c.add(r, why.pos, why.check, Error, "%s", why.text)
	}
}

// checkExcluded finds words that are written with other letters than the metric has them: what a
// matcher was to exclude comes through, and what it was to find beside others does not. It finds
// sides behind unless that never have a series, too.
func (c *checker) checkExcluded(r *rule) {
	for _, s := range selectors(r.parsed) {
		f := familyOf(s)
		if f == nil {
			continue
		}
		for _, m := range s.LabelMatchers {
			right := rightWords(f, m)
			switch {
			case right == nil:
			case !positive(m):
				c.add(r, int(s.PosRange.Start), "value", Error, "%s excludes nothing: %s of %s is written %s", m, m.Name, f.name, shown(right))
			case c.deadMatcher(f, m) == nil:
				c.add(r, int(s.PosRange.Start), "value", Error, "%s misses some: %s of %s is written %s", m, m.Name, f.name, shown(right))
			}
		}
	}
	parser.Inspect(r.parsed, func(n parser.Node, _ []parser.Node) error {
		if e, ok := n.(*parser.BinaryExpr); ok && e.Op == parser.LUNLESS {
			c.checkUnless(r, e)
		}
		return nil
	})
}

// checkUnless finds an exclusion that excludes nothing. What is only gone in newer versions may be
// there for the older ones.
func (c *checker) checkUnless(r *rule, e *parser.BinaryExpr) {
	pos := int(e.RHS.PositionRange().Start)
	if why := c.dead(e.RHS); why != nil {
		if !why.gone {
			c.add(r, pos, "value", Error, "unless excludes nothing: what is behind it %s", why.text)
		}
		return
	}
	if m := e.VectorMatching; m.On {
		if label := lacks(e.LHS, e.RHS, m.MatchingLabels); label != "" {
			c.add(r, pos, "empty-join", Error, "unless on (%s) excludes nothing: only one side has the label %s", strings.Join(m.MatchingLabels, ", "), label)
		}
	}
}

// checkGrouping finds aggregations by labels that the series do not have.
func (c *checker) checkGrouping(r *rule) {
	parser.Inspect(r.parsed, func(n parser.Node, _ []parser.Node) error {
		a, ok := n.(*parser.AggregateExpr)
		if !ok || a.Without {
			return nil
		}
		f := onlyFamily(a.Expr)
		if f == nil || relabelled(a.Expr) {
			return nil
		}
		for _, label := range a.Grouping {
			if !f.has(label) {
				c.add(r, int(a.PosRange.Start), "no-label", Warning, "is by %s, which %s does not have%s", label, f.name, otherLabel(f, label))
			}
		}
		if slices.Contains(a.Grouping, "name") && !slices.Contains(a.Grouping, c.opt.NamespaceLabel) && slices.Contains(f.labels, "exported_namespace") {
			c.add(r, int(a.PosRange.Start), "namespace", Warning,
				"is not by %s, the object's namespace: objects of one name become one, and namespace is that of the exporter's pod", c.opt.NamespaceLabel)
		}
		return nil
	})
}

// onlyFamily is the family of all selectors of an expression, nil when there is not one.
func onlyFamily(expr parser.Expr) *family {
	var f *family
	for _, s := range selectors(expr) {
		of := familyOf(s)
		if of == nil || f != nil && of != f {
			return nil
		}
		f = of
	}
	return f
}

// relabelled reports whether labels are made in the expression.
func relabelled(expr parser.Expr) bool {
	return calls(expr, "label_replace", "label_join")
}

// calls reports whether an expression calls one of some functions.
func calls(expr parser.Expr, names ...string) bool {
	found := false
	parser.Inspect(expr, func(n parser.Node, _ []parser.Node) error {
		if call, ok := n.(*parser.Call); ok && slices.Contains(names, call.Func.Name) {
			found = true
		}
		return nil
	})
	return found
}

// checkRhythm finds alerts that wait for Ready to stay False: a controller sets it to Unknown at
// each retry, and for starts again.
func (c *checker) checkRhythm(r *rule) {
	if !r.isAlert() || r.hold < time.Minute || calls(r.parsed, "max_over_time", "last_over_time", "count_over_time", "sum_over_time", "present_over_time") {
		return
	}
	ready := readyMatchers(r.parsed)
	if ready["False"] && !ready["Unknown"] {
		c.add(r, 0, "retry", Warning,
			"waits %s for ready to stay False: while a controller tries again it is Unknown, so that a failing health check with a retry interval below that is never told; "+
				"go by what is not True, aggregated by object", model.Duration(r.hold))
	}
}

// readyMatchers are the values of Ready that selectors of an info metric let through.
func readyMatchers(expr parser.Expr) map[string]bool {
	out := map[string]bool{}
	for _, s := range selectors(expr) {
		f := familyOf(s)
		if f == nil || !f.info {
			continue
		}
		for _, m := range s.LabelMatchers {
			if m.Name != "ready" {
				continue
			}
			for _, v := range status {
				out[v] = out[v] || m.Matches(v) || m.Type == labels.MatchEqual && strings.EqualFold(m.Value, v)
			}
		}
	}
	return out
}

// checkSuspended finds alerts on objects that are suspended on purpose.
func (c *checker) checkSuspended(r *rule) {
	if !r.isAlert() || calls(r.parsed, "absent", "absent_over_time") {
		return
	}
	for _, s := range selectors(r.parsed) {
		f := familyOf(s)
		if f == nil || !f.info || f.values["suspended"] == nil || f.name == "flux_instance_info" {
			continue
		}
		if matcher(s, "ready") != nil && matcher(s, "suspended") == nil && !matcher(s, "ready").Matches("True") && !mentions(r.parsed, "suspended") {
			c.add(r, int(s.PosRange.Start), "suspended", Warning, "tells of suspended objects, which keep the ready that they had")
		}
	}
}

func matcher(s *parser.VectorSelector, label string) *labels.Matcher {
	i := slices.IndexFunc(s.LabelMatchers, func(m *labels.Matcher) bool { return m.Name == label })
	if i < 0 {
		return nil
	}
	return s.LabelMatchers[i]
}

func mentions(expr parser.Expr, label string) bool {
	return slices.ContainsFunc(selectors(expr), func(s *parser.VectorSelector) bool {
		f := familyOf(s)
		return matcher(s, label) != nil || f != nil && f.name == "gotk_suspend_status"
	})
}

// checkWindow finds ranges in which a rate has less than two samples.
func (c *checker) checkWindow(r *rule) {
	parser.Inspect(r.parsed, func(n parser.Node, path []parser.Node) error {
		m, ok := n.(*parser.MatrixSelector)
		if !ok || m.Range == 0 || m.Range >= 2*c.opt.Scrape {
			return nil
		}
		if call, ok := parent(path).(*parser.Call); ok && slices.Contains([]string{"rate", "increase", "irate", "delta", "deriv", "changes"}, call.Func.Name) {
			c.add(r, int(m.VectorSelector.PositionRange().Start), "window", Warning,
				"%s over %s has less than two samples where scrapes are %s apart, and then no result", call.Func.Name, model.Duration(m.Range), model.Duration(c.opt.Scrape))
		}
		return nil
	})
}

func parent(path []parser.Node) parser.Node {
	if len(path) == 0 {
		return nil
	}
	return path[len(path)-1]
}

// checkAbsent finds absences that are told at once, and those of what is never there.
func (c *checker) checkAbsent(r *rule) {
	if r.isAlert() && r.hold == 0 && calls(r.parsed, "absent") {
		c.add(r, 0, "absent", Warning, "tells of an absence at once: a restart of the exporter or of the ruler is one; let it last, as with for: 15m")
	}
	parser.Inspect(r.parsed, func(n parser.Node, _ []parser.Node) error {
		if call, ok := n.(*parser.Call); ok && strings.HasPrefix(call.Func.Name, "absent") {
			if why := c.dead(call.Args[0]); why != nil {
				c.add(r, int(call.PosRange.Start), "always", Error, "fires all the time: %s", why.text)
			}
		}
		return nil
	})
}

// labelUse finds labels that a text shows, guarded those that it asks for first.
var (
	labelUse = regexp.MustCompile(`\$labels\.([a-zA-Z_][a-zA-Z0-9_]*)`)
	guarded  = regexp.MustCompile(`\b(with|if)\s+\$labels\.[a-zA-Z_][a-zA-Z0-9_]*`)
)

// checkTemplates finds texts that show labels which the result does not have.
func (c *checker) checkTemplates(r *rule) {
	has := resultLabels(r.parsed)
	if !r.isAlert() || has == nil {
		return
	}
	for _, text := range r.annotations {
		for _, m := range labelUse.FindAllStringSubmatch(guarded.ReplaceAllString(text, ""), -1) {
			if !slices.Contains(has, m[1]) && !slices.Contains([]string{"cluster", "prometheus", "severity"}, m[1]) {
				c.add(r, 0, "template", Warning, "shows $labels.%s, which the expression aggregates away", m[1])
			}
		}
	}
}

// resultLabels are the labels of a result, nil where that depends on the series.
func resultLabels(expr parser.Expr) []string {
	switch e := expr.(type) {
	case *parser.ParenExpr:
		return resultLabels(e.Expr)
	case *parser.AggregateExpr:
		if e.Without || e.Op == parser.TOPK || e.Op == parser.BOTTOMK || len(e.Grouping) == 0 {
			return nil
		}
		return e.Grouping
	case *parser.BinaryExpr:
		if e.LHS.Type() == parser.ValueTypeScalar || e.Op == parser.LOR || e.VectorMatching != nil && len(e.VectorMatching.Include) > 0 {
			return nil
		}
		return resultLabels(e.LHS)
	}
	return nil
}

// checkLogs finds the one thing that is wrong with most log queries about Flux.
func (c *checker) checkLogs(r *rule) {
	if strings.Contains(r.text, "logfmt") && strings.Contains(r.text, "flux") {
		c.add(r, strings.Index(r.text, "logfmt"), "logfmt", Error, "reads the lines as logfmt, and Flux's are JSON: no label comes out, and no filter on one fits; use | json")
	}
}

// absence finds sets of rules that nothing tells of the absence of their metric.
func (c *checker) absence() {
	told, first := map[string]bool{}, map[string]*rule{}
	for i := range c.rules {
		r := &c.rules[i]
		for _, s := range selectors(r.parsed) {
			f := familyOf(s)
			switch {
			case f == nil || f.source == "":
			case calls(r.parsed, "absent", "absent_over_time"):
				told[string(f.source)] = true
			case r.isAlert() && first[string(f.source)] == nil && (f.gone == 0 || c.opt.Flux < f.gone):
				first[string(f.source)] = r
			}
		}
	}
	for _, f := range families {
		if r := first[string(f.source)]; r != nil && !told[string(f.source)] && slices.ContainsFunc(selectors(r.parsed), func(s *parser.VectorSelector) bool {
			of := familyOf(s)
			return of != nil && of.name == f.name
		}) {
			told[string(f.source)] = true
			c.add(r, 0, "no-absent", Info, "no rule tells when %s is gone, and then none of these can fire", f.name)
			c.Findings[len(c.Findings)-1].Corrected = "absent(" + f.name + ")"
		}
	}
}
