package alerts

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
	"go.yaml.in/yaml/v3"

	"fluxtrail/config/bounded"
	"fluxtrail/parse/yamlsize"
)

// What rules may have. Whoever wrote them must not be able to take all memory, or hours.
const (
	maxFile  = 16 << 20 // bytes of a file
	maxParts = 500_000  // of a file, values and lines
	maxKeys  = 1000     // of a map
	maxRules = 10_000   // of a file
	maxNames = 64       // labels of an alert, or annotations
	maxText  = 64 << 10 // bytes of one of them, as it is written
	// maxExpr is the longest expression, in bytes. The parser takes a second for one of this length
	// that is made for that, and four times as long for twice as much.
	maxExpr = 16 << 10
	// maxGrowth is by how much an expression may lengthen labels: label_join of a label with itself
	// doubles it, and thirty of them make a gigabyte of one letter.
	maxGrowth = 100
	// maxLabels is how many bytes of labels a series may have that rules record: what one evaluation
	// lengthens the next may lengthen again.
	maxLabels = 8 << 10
	// minInterval is the shortest time between two evaluations of a group.
	minInterval = time.Second
	// maxSamples bounds one query, in samples of 16 bytes. Of an expression that has more for all
	// times together each time is asked for.
	maxSamples = 10_000_000
	// maxSteps is at how many times a subquery, with those around it, may evaluate what is in it: once
	// a minute for four months.
	maxSteps = 200_000
	// maxQuery is how long one query may take.
	maxQuery = 5 * time.Minute
)

// readFile reads a file of rules.
func readFile(path string) ([]byte, error) {
	content, err := bounded.File(path, maxFile)
	if err == nil && yamlsize.Values(content) > maxParts {
		err = fmt.Errorf("%s: has more than %d values, which no such file has", path, maxParts)
	}
	if err != nil {
		return content, err
	}
	var doc yaml.Node
	if yaml.Unmarshal(content, &doc) == nil { // or who reads it in earnest says why
		if line := yamlsize.Overfull(&doc, maxKeys); line > 0 {
			err = fmt.Errorf("%s:%d: a map has more than %d keys, which none in such a file has", path, line, maxKeys)
		}
	}
	return content, err
}

// outline is the part of a rule file that bounds are about, with mistakes or without.
type outline struct {
	Groups []struct {
		Name     string    `yaml:"name"`
		Interval yaml.Node `yaml:"interval"`
		Rules    []struct {
			Alert, Record string
			Expr          yaml.Node `yaml:"expr"`
		} `yaml:"rules"`
	} `yaml:"groups"`
}

// beyond tells what of a rule file is beyond its bounds, with file, line and rule. It comes before
// the file is understood, which may take hours of one that is not.
func beyond(name string, content []byte) error {
	var all outline
	if yaml.Unmarshal(content, &all) != nil {
		return nil // who reads it in earnest says why
	}
	rules := 0
	var errs []error
	for _, g := range all.Groups {
		if every, err := model.ParseDuration(g.Interval.Value); err == nil && every > 0 && time.Duration(every) < minInterval {
			errs = append(errs, fmt.Errorf("%s:%d: group %q: interval %s: want %s at least, or each hour of the log takes a day",
				name, g.Interval.Line, g.Name, every, minInterval))
		}
		rules += len(g.Rules)
		for _, r := range g.Rules {
			if n := len(r.Expr.Value); n > maxExpr {
				errs = append(errs, fmt.Errorf("%s:%d: group %q, rule %q: the expression has %d bytes; those of up to %d are evaluated",
					name, r.Expr.Line, g.Name, r.Alert+r.Record, n, maxExpr))
			}
		}
	}
	if rules > maxRules {
		errs = append(errs, fmt.Errorf("%s: has %d rules; %d of a file are evaluated: split it, or leave out those that are not about Flux",
			name, rules, maxRules))
	}
	return errors.Join(errs...)
}

// growth is by how much an expression lengthens labels at most, as far as functions do that.
func growth(e parser.Node) int {
	inner := 1
	for child := range parser.ChildrenIter(e) {
		inner = max(inner, growth(child))
	}
	call, ok := e.(*parser.Call)
	if !ok {
		return inner
	}
	own := 1
	switch call.Func.Name {
	case "label_join":
		own = len(call.Args) - 3
	case "label_replace":
		if s, ok := call.Args[2].(*parser.StringLiteral); ok {
			own = strings.Count(s.Val, "$")
		}
	}
	return min(inner*max(own, 1), maxGrowth+1)
}

// steps is at how many times a part of the expression is evaluated for one evaluation of all of it.
// Durations that are computed are those for two hours, each minute.
func steps(text string) (most float64) {
	expr, err := promQL().ParseExpr(text)
	if err == nil {
		expr, err = promql.PreprocessExpr(expr, time.Unix(0, 0), time.Unix(0, 0).Add(span), time.Minute)
	}
	if err != nil {
		return 0 // who evaluates it says why it cannot be
	}
	parser.Inspect(expr, func(n parser.Node, path []parser.Node) error {
		times := 1.0
		for _, p := range append(slices.Clone(path), n) {
			if s, ok := p.(*parser.SubqueryExpr); ok {
				times *= float64(s.Range) / float64(cmp.Or(s.Step, time.Minute))
			}
		}
		most = max(most, times)
		return nil
	})
	return most
}

// excess is what is wrong with an expression that is evaluated in earnest.
func excess(expr parser.Expr, text string) error {
	if growth(expr) > maxGrowth {
		return fmt.Errorf("the expression makes labels more than %d times as long as they are", maxGrowth)
	}
	if n := steps(text); n > maxSteps {
		return fmt.Errorf("its subqueries evaluate an expression at %.0f times; %d are evaluated: make the range shorter, or the step longer", n, maxSteps)
	}
	return nil
}

// hopeless reports whether the error of a query is about what it takes: at other times that would
// be as much.
func hopeless(err error) bool {
	var timeout promql.ErrQueryTimeout
	var many promql.ErrTooManySamples
	return errors.As(err, &timeout) || errors.As(err, &many)
}

// crowded says why a rule, whose group has labels of its own, is not evaluated: each of its labels
// and annotations takes time with each evaluation, and more where there are others.
func crowded(r rulefmt.Rule, ofGroup map[string]string) error {
	size := 0
	for _, all := range []map[string]string{ofGroup, r.Labels} {
		for name, value := range all {
			size += len(name) + len(value)
		}
	}
	if n := max(len(ofGroup)+len(r.Labels), len(r.Annotations)); n > maxNames || size > maxLabels {
		return fmt.Errorf("it has %d labels or annotations, or %d bytes of labels; %d and %d are evaluated", n, size, maxNames, maxLabels)
	}
	for _, name := range slices.Sorted(maps.Keys(r.Annotations)) {
		if n := len(r.Annotations[name]); n > maxText {
			return fmt.Errorf("annotation %s: it has %d bytes; texts of up to %d are expanded", name, n, maxText)
		}
	}
	return nil
}
