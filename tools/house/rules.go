package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"path"
	"slices"
	"strings"
	"unicode/utf8"
)

// row says on which floor a package stands. A package imports packages of ours from lower floors,
// and those of its own floor that also names. A * stands for any one path element.
type row struct {
	floor int
	dir   string
	also  []string
}

// floors is the import table of the project; the first row that matches a directory counts.
var floors = []row{
	{0, "config/bounded", nil},
	{0, "tail/frame", nil},
	{0, "parse/redact", nil},
	{0, "parse/yamlsize", nil},
	{0, "api", nil},
	{0, "tail/checkpoint", []string{"config/bounded"}},
	{0, "sinks", []string{"config/bounded"}},
	{0, "tail/merge", nil},
	{0, "agent/resident", nil},
	{0, "tail/access", nil},
	{0, "fixtures", nil},
	{0, "deploy", nil},
	{0, "deploy/rules", nil},
	{0, "deploy/dashboards", nil},
	{1, "parse", nil},
	{1, "kube", []string{"parse"}},
	{1, "tail/discover", nil},
	{1, "tail/loki", []string{"tail/discover", "parse"}},
	{1, "tail", []string{"tail/discover"}},
	{1, "sinks/report", nil},
	{2, "derive/failure", nil},
	{2, "tail/promtail", nil},
	{3, "derive", nil},
	{4, "derive/export", nil},
	{4, "derive/rules", nil},
	{4, "derive/rules/check", []string{"derive/rules"}},
	{4, "derive/rules/unit", nil},
	{4, "conditions", nil},
	{4, "conditions/scrape", []string{"conditions", "conditions/files"}},
	{4, "conditions/*", []string{"conditions"}},
	{4, "sinks/*", nil},
	{5, "kube/doctor", nil},
	{5, "agent/web", nil},
	{5, "agent", []string{"agent/web"}},
	{5, "replay/alerts", nil},
	{5, "replay", []string{"replay/alerts"}},
	{6, "config", nil},
	{7, "cmd/cli", nil},
	{7, "cmd/alerting", []string{"cmd/cli"}},
	{7, "cmd/look", []string{"cmd/cli"}},
	{7, "cmd/monitoring", []string{"cmd/cli"}},
	{7, "cmd/input", []string{"cmd/cli"}},
	{7, "cmd/setup", []string{"cmd/cli"}},
	{7, "cmd/fluxtrail", []string{"cmd/alerting", "cmd/cli", "cmd/input", "cmd/look", "cmd/monitoring", "cmd/setup"}},
	{7, "tools/*", nil},
}

// settings are the packages that config composes its own settings from. It stands on top of them
// only; agent and replay get compiled values and do not know where they come from.
var settings = []string{"agent", "agent/web", "replay"}

func rowOf(dir string) (row, bool) {
	i := slices.IndexFunc(floors, func(r row) bool { ok, _ := path.Match(r.dir, dir); return ok })
	if i < 0 {
		return row{}, false
	}
	return floors[i], true
}

// floor is -1 for a package without a row.
func (p *pkg) floor() int {
	r, ok := rowOf(p.dir)
	if !ok {
		return -1
	}
	return r.floor
}

// breaches lists what stands against the table.
func (h *house) breaches() []string {
	var out []string
	for _, p := range h.packages {
		r, ok := rowOf(p.dir)
		if !ok {
			out = append(out, p.dir+" has no row in floors: say where it stands")
		}
		for _, dir := range p.imports {
			to, _ := rowOf(dir)
			if ok && to.floor >= r.floor && !slices.Contains(r.also, dir) || p.dir == "config" && slices.Contains(settings, dir) {
				out = append(out, fmt.Sprintf("%s (floor %d) imports %s (floor %d)", p.dir, r.floor, dir, to.floor))
			}
		}
	}
	return out
}

// concurrent are the places where goroutines may start and channels may be made.
var concurrent = []string{"agent/run.go", "agent/web/*", "replay/read.go", "kube/*"}

// goroutines lists the places outside concurrent that start a goroutine, make a channel or use an
// errgroup.
func (h *house) goroutines() []string {
	var out []string
	for _, f := range h.allFiles() {
		if slices.ContainsFunc(concurrent, func(p string) bool { ok, _ := path.Match(p, f.name); return ok }) {
			continue
		}
		ast.Inspect(f.tree, func(n ast.Node) bool {
			if what := concurrency(n); what != "" {
				out = append(out, fmt.Sprintf("%s: %s", h.at(n.Pos()), what))
			}
			return true
		})
	}
	return out
}

func concurrency(n ast.Node) string {
	switch n := n.(type) {
	case *ast.GoStmt:
		return "starts a goroutine"
	case *ast.ChanType:
		if n.Dir == ast.SEND|ast.RECV { // the ends of other people's channels are no concern of ours
			return "has a channel"
		}
	case *ast.ImportSpec:
		if strings.Contains(n.Path.Value, "errgroup") {
			return "uses errgroup"
		}
	}
	return ""
}

// Widths of lines in columns; a tab counts as one.
const (
	commentWidth = 100
	codeWidth    = 180
)

// wide lists lines that are too long: comments, and code outside of raw strings.
func (h *house) wide() []string {
	var out []string
	for _, f := range h.allFiles() {
		raw := h.rawLines(f)
		for i, line := range strings.Split(string(f.text), "\n") {
			limit := codeWidth
			if strings.HasPrefix(strings.TrimSpace(line), "//") {
				limit = commentWidth
			}
			if n := utf8.RuneCountInString(line); n > limit && !raw[i+1] {
				out = append(out, fmt.Sprintf("%s:%d has %d columns, %d are the limit", f.name, i+1, n, limit))
			}
		}
	}
	return out
}

// rawLines are the lines that a string literal reaches over: examples and patterns are not wrapped.
func (h *house) rawLines(f *file) map[int]bool {
	raw := map[int]bool{}
	ast.Inspect(f.tree, func(n ast.Node) bool {
		if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING && (l.Value[0] == '`' || len(l.Value) > 60) {
			for line := h.fset.Position(l.Pos()).Line; line <= h.fset.Position(l.End()).Line; line++ {
				raw[line] = true
			}
		}
		return true
	})
	return raw
}

func (h *house) at(p token.Pos) string {
	for _, f := range h.allFiles() {
		if f.tree.FileStart <= p && p <= f.tree.FileEnd {
			return fmt.Sprintf("%s:%d", f.name, h.fset.Position(p).Line)
		}
	}
	return h.fset.Position(p).String()
}

// foreign lists imports of a library in files that are not the one place for it.
func (h *house) foreign() []string {
	var out []string
	for _, f := range h.allFiles() {
		for _, spec := range f.tree.Imports {
			if strings.HasSuffix(strings.Trim(spec.Path.Value, `"`), "/viper") && f.name != "config/load.go" {
				out = append(out, f.name+" imports viper, which only config/load.go may")
			}
		}
	}
	return out
}

// crowd says that the commands are more than commands.
func (h *house) crowd() []string {
	const limit = 1200
	for _, p := range h.packages {
		if n := p.lines(); strings.HasPrefix(p.dir, "cmd/") && n > limit {
			return []string{fmt.Sprintf("%s has %d lines, %d are the limit: it holds commands only", p.dir, n, limit)}
		}
	}
	return nil
}

// untold lists packages whose floor ARCHITECTURE.md does not tell. What a * stands for is told with
// the directory that it is in.
func (h *house) untold() []string {
	var out []string
	for _, p := range h.packages {
		r, _ := rowOf(p.dir)
		if !strings.Contains(r.dir, "*") && !strings.Contains(h.architecture, "`"+p.dir+"`") {
			out = append(out, "ARCHITECTURE.md does not tell the floor of "+p.dir)
		}
	}
	return out
}

// rule is a rule of the layout with what breaks it.
type rule struct {
	name   string
	breaks []string
}

func (h *house) rules() []rule {
	return []rule{
		{"floors", h.breaches()},
		{"goroutines", h.goroutines()},
		{"users", h.unusedNames()},
		{"viper", h.foreign()},
		{"commands", h.crowd()},
		{"width", h.wide()},
		{"told", h.untold()},
	}
}
