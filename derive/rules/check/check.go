// Package check reads alert rules that somebody wrote about Flux and says which of them cannot
// fire, fire too often, or lose what they are about.
//
// In go the texts of files: rule files, objects of operators, Helm values, exports and dashboards
// of Grafana. Out come findings with file, line, reason and a corrected expression. Command rules
// calls it. It knows the families that Flux's exporters have in each version, and nothing of the
// cluster: a metric that it does not know is none of its business. It connects to nothing.
package check

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/prometheus/prometheus/promql/parser"

	"fluxtrail/derive/rules"
)

// Level is how bad a finding is.
type Level string

// The levels. An Error is a rule that cannot do what it is for, a Warning one that does it badly.
const (
	Error   Level = "error"
	Warning Level = "warning"
	Info    Level = "info"
)

// Finding is one thing that is wrong with a rule.
type Finding struct {
	File      string `json:"file"`
	Line      int    `json:"line"`
	Rule      string `json:"rule,omitempty"`
	Check     string `json:"check"`
	Level     Level  `json:"level"`
	Message   string `json:"message"`
	Corrected string `json:"corrected,omitempty"`
}

// Report is what was found in all files. Source is whose metrics corrections use.
type Report struct {
	Flux     string       `json:"flux"`
	Source   rules.Source `json:"source"`
	Files    int          `json:"files"`
	Rules    int          `json:"rules"`
	Findings []Finding    `json:"findings"`
}

// Options say what the rules meet.
type Options struct {
	Flux           Version      // default: the newest
	Source         rules.Source // whose metrics corrections use; default: what the files use already, or ksm
	NamespaceLabel string       // default exported_namespace
	Scrape         time.Duration
}

// File is a file to check.
type File struct {
	Name  string
	Text  []byte
	Below bool // found below a directory, where it may be anything
}

// Check checks the files together: a rule of one may be about what another one records.
func Check(files []File, opt Options) Report {
	opt.Flux = cmp.Or(opt.Flux, newest)
	opt.NamespaceLabel = cmp.Or(opt.NamespaceLabel, "exported_namespace")
	opt.Scrape = cmp.Or(opt.Scrape, time.Minute)
	c := &checker{opt: opt, recorded: map[string]*rule{}, following: map[string]bool{}}
	c.Flux, c.Files = opt.Flux.String(), len(files)
	for _, f := range files {
		c.load(f)
	}
	c.source()
	for i := range c.rules {
		c.check(&c.rules[i])
	}
	c.Rules = len(c.rules)
	c.absence()
	slices.SortStableFunc(c.Findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
	return c.Report
}

type checker struct {
	Report
	opt      Options
	rules    []rule
	recorded map[string]*rule // by the name of the metric

	following map[string]bool // recorded metrics whose rules are being looked at
}

// load takes over the rules of a file. What cannot be read is a finding.
func (c *checker) load(f File) {
	found, errs := read(f)
	for _, e := range errs {
		if f.Below {
			e.Level = Warning
		}
		c.Findings = append(c.Findings, e)
	}
	if len(found) == 0 && len(errs) == 0 && !f.Below {
		c.Findings = append(c.Findings, Finding{
			File: f.Name, Line: 1, Check: "no-rules", Level: Error,
			Message: "has no rules: want groups of rules, a PrometheusRule or VMRule, or an export of Grafana",
		})
	}
	c.rules = append(c.rules, found...)
}

// source settles whose metrics corrections use, and what rules record.
func (c *checker) source() {
	c.Source = c.opt.Source
	if c.Source == "" || c.Source == rules.Auto {
		c.Source = rules.KSM
	}
	for i := range c.rules {
		r := &c.rules[i]
		if r.record != "" {
			c.recorded[r.record] = r
		}
		for _, s := range selectors(r.parsed) {
			if f := familyOf(s); f != nil && f.source != "" && (f.gone == 0 || c.opt.Flux < f.gone) && c.opt.Source == "" {
				c.Source = f.source
			}
		}
	}
}

// check runs all checks on one rule.
func (c *checker) check(r *rule) {
	switch {
	case r.logs:
		c.checkLogs(r)
	case r.bad != nil:
		c.add(r, 0, "syntax", Error, "%s", r.bad)
	case about(r.parsed) || c.aboutRecorded(r):
		before := len(c.Findings)
		for _, f := range checks {
			f(c, r)
		}
		c.correct(r, c.Findings[before:])
	}
}

// add notes a finding at a position in the expression.
func (c *checker) add(r *rule, pos int, check string, level Level, format string, args ...any) {
	message := fmt.Sprintf(format, args...)
	for _, f := range c.Findings {
		if f.File == r.file && f.Rule == r.name() && f.Check == check && f.Message == message {
			return
		}
	}
	c.Findings = append(c.Findings, Finding{
		File: r.file, Line: r.lineAt(pos), Rule: r.name(), Check: check, Level: level, Message: message,
	})
}

// about reports whether an expression reads a metric of Flux.
func about(expr parser.Expr) bool {
	return slices.ContainsFunc(selectors(expr), func(s *parser.VectorSelector) bool {
		return familyOf(s) != nil || severalOf(s) != nil
	})
}

// aboutRecorded reports whether a rule reads what another rule records of Flux.
func (c *checker) aboutRecorded(r *rule) bool {
	return slices.ContainsFunc(selectors(r.parsed), func(s *parser.VectorSelector) bool {
		by := c.recorded[s.Name]
		return by != nil && by != r && by.parsed != nil && about(by.parsed)
	})
}

// selectors are all selectors in an expression, in its order.
func selectors(expr parser.Expr) []*parser.VectorSelector {
	var out []*parser.VectorSelector
	if expr == nil {
		return nil
	}
	parser.Inspect(expr, func(n parser.Node, _ []parser.Node) error {
		if s, ok := n.(*parser.VectorSelector); ok {
			out = append(out, s)
		}
		return nil
	})
	return out
}
