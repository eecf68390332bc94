package check

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/promql/parser"
	"go.yaml.in/yaml/v3"
)

// rule is an alert, a recording rule, or the query of a panel.
type rule struct {
	file          string
	alert, record string
	title         string // of a rule or panel of Grafana
	expr          *yaml.Node
	first         int // line of the file that lines of the document count from
	hold, keep    time.Duration
	annotations   map[string]string
	labels        map[string]string
	text          string
	parsed        parser.Expr // nil when it cannot be read
	bad           error
	logs          bool // LogQL
}

func (r *rule) name() string {
	for _, n := range []string{r.alert, r.record, r.title} {
		if n != "" {
			return n
		}
	}
	return ""
}

// isAlert reports whether somebody is told.
func (r *rule) isAlert() bool { return r.alert != "" }

// lineAt is the line of a position in the expression.
func (r *rule) lineAt(pos int) int {
	line := r.first + r.expr.Line
	if r.expr.Style == yaml.LiteralStyle {
		line += 1 + strings.Count(r.text[:min(max(pos, 0), len(r.text))], "\n")
	}
	return line
}

// logQL is what PromQL does not have: a filter behind a selector.
var logQL = regexp.MustCompile("\\}\\s*(\\|[=~>]|\\|\\s*[a-z_]+|!=\\s*[\"`]|!~\\s*[\"`])")

// read finds the rules of a file wherever they stand in it: in groups, in objects of operators, in
// Helm values, in texts of ConfigMaps, in exports of Grafana.
func read(f File) ([]rule, []Finding) {
	w := &walker{file: f.Name}
	w.documents(f.Text, 0)
	return w.rules, w.bad
}

type walker struct {
	file  string
	rules []rule
	bad   []Finding
}

var yamlLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?`)

// documents walks YAML, of which JSON is a part. first is where in the file it begins.
func (w *walker) documents(text []byte, first int) {
	dec := yaml.NewDecoder(bytes.NewReader(text))
	for {
		var doc yaml.Node
		err := dec.Decode(&doc)
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			w.unreadable(err, text, first)
			return
		}
		w.walk(&doc, context{first: first})
	}
}

func (w *walker) unreadable(err error, text []byte, first int) {
	line := 1
	if m := yamlLine.FindStringSubmatch(err.Error()); m != nil && m[1] != "" {
		line, _ = strconv.Atoi(m[1])
	}
	message := "is no YAML or JSON: " + yamlLine.ReplaceAllString(err.Error(), "")
	if bytes.Contains(text, []byte("{{")) {
		message += "; a template has to be rendered first, as with helm template"
	}
	w.bad = append(w.bad, Finding{File: w.file, Line: first + line, Check: "yaml", Level: Error, Message: message})
}

// context is what stands around a node.
type context struct {
	first int
	title string
	hold  time.Duration
	alert bool
	notes map[string]string

	labels map[string]string
}

func (w *walker) walk(n *yaml.Node, ctx context) {
	switch n.Kind {
	case yaml.ScalarNode:
		if n.Style == yaml.LiteralStyle && strings.Contains(n.Value, "groups:") && strings.Contains(n.Value, "expr:") {
			w.documents([]byte(n.Value), ctx.first+n.Line)
		}
		return
	case yaml.MappingNode:
		ctx = w.mapping(n, ctx)
	}
	for i, child := range n.Content {
		if n.Kind != yaml.MappingNode || i%2 == 1 {
			w.walk(child, ctx)
		}
	}
}

// mapping takes a rule from a mapping, or what says of which rule those below it are.
func (w *walker) mapping(n *yaml.Node, ctx context) context {
	fields := map[string]*yaml.Node{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		fields[n.Content[i].Value] = n.Content[i+1]
	}
	text := func(name string) string {
		if f := fields[name]; f != nil && f.Kind == yaml.ScalarNode {
			return f.Value
		}
		return ""
	}
	if title := text("title"); title != "" {
		ctx.title = title
		ctx.alert = fields["data"] != nil && fields["condition"] != nil
		ctx.hold, ctx.notes, ctx.labels = duration(text("for")), texts(fields["annotations"]), texts(fields["labels"])
	}
	expr := fields["expr"]
	if expr == nil || expr.Kind != yaml.ScalarNode || strings.TrimSpace(expr.Value) == "" {
		return ctx
	}
	r := rule{
		file: w.file, alert: text("alert"), record: text("record"), title: ctx.title, expr: expr, first: ctx.first,
		hold: duration(text("for")), keep: duration(text("keep_firing_for")), annotations: texts(fields["annotations"]), text: expr.Value,
		labels: texts(fields["labels"]),
	}
	if r.alert == "" && r.record == "" && ctx.alert {
		r.alert, r.hold, r.annotations, r.labels = ctx.title, ctx.hold, ctx.notes, ctx.labels
	}
	w.rules = append(w.rules, r.parse())
	return ctx
}

// variable is what Grafana replaces before it asks.
var variable = regexp.MustCompile(`\$(__[a-z_]+|\{[^}]+\}|[a-zA-Z_]+)`)

// maxExpr is the longest expression that is read. The parser takes a second for one of this length
// that is made for that, and four times as long for twice as much.
const maxExpr = 16 << 10

func (r rule) parse() rule {
	if r.logs = logQL.MatchString(r.text); r.logs {
		return r
	}
	if len(r.text) > maxExpr {
		r.bad = fmt.Errorf("has %d bytes; expressions of up to %d are read", len(r.text), maxExpr)
		return r
	}
	text := r.text
	if r.alert == "" && r.record == "" { // a panel
		text = strings.NewReplacer("$__rate_interval", "5m", "$__interval", "5m", "$__range", "1h", "$interval", "5m").Replace(text)
	}
	r.parsed, r.bad = parser.NewParser(parser.Options{EnableExperimentalFunctions: true}).ParseExpr(text)
	if r.bad != nil {
		r.parsed = nil // the parser returns what it has, selectors with nil matchers among it
		r.bad = fmt.Errorf("cannot be read: %w", r.bad)
		if r.alert == "" && r.record == "" && variable.MatchString(text) {
			r.bad, r.logs = nil, true // it depends on what is put in
		}
	}
	return r
}

// duration is what rule files say, 0 for nothing.
func duration(text string) time.Duration {
	d, err := model.ParseDuration(text)
	if err != nil {
		return 0
	}
	return time.Duration(d)
}

func texts(n *yaml.Node) map[string]string {
	out := map[string]string{}
	if n != nil && n.Kind == yaml.MappingNode {
		for i := 0; i+1 < len(n.Content); i += 2 {
			out[n.Content[i].Value] = n.Content[i+1].Value
		}
	}
	return out
}
