package check

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
)

// deadComparison finds a comparison that no value fits: an info metric is 1 or not there, and what
// counts its series has no result where there is none.
func (c *checker) deadComparison(e *parser.BinaryExpr) *cause {
	op, limit, of := e.Op, e.RHS, e.LHS
	if _, ok := unwrapped(of).(*parser.NumberLiteral); ok {
		op, limit, of = mirrored(op), e.LHS, e.RHS
	}
	n, ok := unwrapped(limit).(*parser.NumberLiteral)
	if !ok || e.ReturnBool || !op.IsComparisonOperator() {
		return nil
	}
	low, high, f := values(of)
	if f == nil || possible(op, low, high, n.Val) {
		return nil
	}
	is := "1 wherever it is there"
	if low != high {
		is = "1 or more, and without any series there is no result"
	}
	return &cause{pos: int(of.PositionRange().Start), check: "value", text: fmt.Sprintf("is never %s %s: %s is %s", op, limit, of, is)}
}

// mirrored is the operator with its sides exchanged.
func mirrored(op parser.ItemType) parser.ItemType {
	switch op {
	case parser.LSS:
		return parser.GTR
	case parser.GTR:
		return parser.LSS
	case parser.LTE:
		return parser.GTE
	case parser.GTE:
		return parser.LTE
	}
	return op
}

func possible(op parser.ItemType, low, high, v float64) bool {
	switch op {
	case parser.EQLC:
		return low <= v && v <= high
	case parser.NEQ:
		return low != high || low != v
	case parser.LSS:
		return low < v
	case parser.LTE:
		return low <= v
	case parser.GTR:
		return high > v
	case parser.GTE:
		return high >= v
	}
	return true
}

// unwrapped is an expression without what does not change it.
func unwrapped(expr parser.Expr) parser.Expr {
	for {
		switch e := expr.(type) {
		case *parser.ParenExpr:
			expr = e.Expr
		case *parser.StepInvariantExpr:
			expr = e.Expr
		default:
			return expr
		}
	}
}

// values are the least and the greatest value that an expression over an info metric can have. The
// family is nil where that is not known.
func values(expr parser.Expr) (low, high float64, f *family) {
	switch e := unwrapped(expr).(type) {
	case *parser.VectorSelector:
		if f = familyOf(e); f != nil && f.info {
			return 1, 1, f
		}
	case *parser.MatrixSelector:
		return values(e.VectorSelector)
	case *parser.AggregateExpr:
		low, high, f = values(e.Expr)
		switch e.Op {
		case parser.MAX, parser.MIN, parser.AVG, parser.GROUP:
			return low, high, f
		case parser.SUM, parser.COUNT:
			return 1, math.Inf(1), f
		}
	case *parser.Call:
		switch e.Func.Name {
		case "max_over_time", "min_over_time", "avg_over_time", "last_over_time", "label_replace", "label_join":
			return values(e.Args[0])
		}
	}
	return 0, 0, nil
}

// kinds are those that exporters tell of.
var kinds = []string{
	"GitRepository", "OCIRepository", "HelmRepository", "HelmChart", "Bucket", "ExternalArtifact", "ArtifactGenerator", "Kustomization", "HelmRelease",
	"ImageRepository", "ImagePolicy", "ImageUpdateAutomation", "Alert", "Provider", "Receiver", "FluxInstance", "ResourceSet", "ResourceSetInputProvider",
}

// rightKind is the kind that somebody means who writes it with other letters, "" for none.
func rightKind(value string) string {
	if slices.Contains(kinds, value) {
		return ""
	}
	for _, k := range kinds {
		if strings.EqualFold(k, value) || strings.EqualFold(k+"s", value) || strings.EqualFold(strings.TrimSuffix(k, "y")+"ies", value) {
			return k
		}
	}
	return ""
}

// isKind reports whether a label has the kind.
func isKind(label string) bool { return label == "kind" || label == "customresource_kind" }

// alternatives are the words that a matcher fits, nil where it is more than a list of words.
func alternatives(m *labels.Matcher) []string {
	switch {
	case m.Type == labels.MatchEqual || m.Type == labels.MatchNotEqual:
		return []string{m.Value}
	case strings.ContainsAny(m.Value, `.*+?^$()[]{}\`):
		return nil
	}
	return strings.Split(m.Value, "|")
}

// rightWords are a matcher's words as the family writes them, nil where there is nothing to mend.
func rightWords(f *family, m *labels.Matcher) []string {
	words := slices.Clone(alternatives(m))
	changed := false
	for i, word := range words {
		right := rightWord(f, m.Name, word)
		if right != "" {
			words[i], changed = right, true
		}
	}
	if !changed {
		return nil
	}
	return words
}

// rightWord is the value that somebody means who writes it with other letters, "" for none.
func rightWord(f *family, label, word string) string {
	if isKind(label) {
		return rightKind(word)
	}
	if slices.Contains(f.values[label], word) || word == "" {
		return ""
	}
	for _, v := range f.values[label] {
		if strings.EqualFold(v, word) {
			return v
		}
	}
	return ""
}

// lacks is a label on which a join of two sides is empty: one side always has it, and the other
// never. It is "" where there is none, or where that is not known.
func lacks(left, right parser.Expr, on []string) string {
	for _, label := range on {
		if l, r := hasLabel(left, label), hasLabel(right, label); l == never && r == always || l == always && r == never {
			return label
		}
	}
	return ""
}

// hasLabel reports whether series of an expression have a label: always, never, or "" for what is
// not known.
func hasLabel(expr parser.Expr, label string) string {
	switch e := unwrapped(expr).(type) {
	case *parser.VectorSelector:
		return familyOf(e).hasLabel(label)
	case *parser.MatrixSelector:
		return hasLabel(e.VectorSelector, label)
	case *parser.Call:
		if f := e.Func.Name; ranged(f) || f == "label_replace" && argument(e, 1) != label || f == "label_join" && argument(e, 1) != label {
			return hasLabel(e.Args[0], label)
		}
	case *parser.AggregateExpr:
		if !strings.HasSuffix(e.Op.String(), "k") && slices.Contains(e.Grouping, label) == e.Without { // but for topk and the like
			return never
		}
		return hasLabel(e.Expr, label)
	case *parser.BinaryExpr:
		if e.RHS.Type() == parser.ValueTypeScalar || e.Op == parser.LAND || e.Op == parser.LUNLESS {
			return hasLabel(e.LHS, label)
		}
	}
	return ""
}

// hasLabel is hasLabel for all series of a family, nil for one that is not known.
func (f *family) hasLabel(label string) string {
	switch {
	case f == nil:
	case !f.has(label):
		return never
	case slices.Contains([]string{"name", "kind", "customresource_kind"}, label) && slices.Contains(f.labels, label):
		return always
	}
	return ""
}

// ranged reports whether a function has a result for each series of a range.
func ranged(name string) bool {
	return strings.HasSuffix(name, "_over_time") && name != "absent_over_time" ||
		slices.Contains([]string{"rate", "increase", "irate", "delta", "idelta", "deriv", "changes", "resets"}, name)
}

// argument is the text of an argument, "" where it is none.
func argument(e *parser.Call, i int) string {
	if i < len(e.Args) {
		if s, ok := unwrapped(e.Args[i]).(*parser.StringLiteral); ok {
			return s.Val
		}
	}
	return ""
}

// always is what hasLabel says besides never.
const always = "always"
