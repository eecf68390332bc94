package dashboards

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/promql/parser"
)

var update = flag.Bool("update", false, "write the files anew")

func TestFiles(t *testing.T) {
	t.Parallel()
	var want []string
	for _, b := range boards() {
		path := b.name + ".json"
		want = append(want, path)
		text, err := b.JSON(false)
		if err != nil {
			t.Fatal(err)
		}
		if *update {
			if err := os.WriteFile(path, text, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, text) {
			t.Errorf("%s is stale (%v): go test ./deploy/dashboards -update", path, err)
		}
	}
	slices.Sort(want)
	if found, _ := filepath.Glob("*.json"); !slices.Equal(found, want) {
		t.Errorf("files %q, want %q", found, want)
	}
}

// rendered is as much of a dashboard as Grafana asks for.
type rendered struct {
	ID            *int
	UID, Title    string
	SchemaVersion int
	Templating    struct{ List []struct{ Name, Type string } }
	Panels        []struct {
		ID                       int
		Type, Title, Description string
		Datasource               struct{ UID string }
		GridPos                  struct{ X, Y, W, H int }
		FieldConfig              struct{ Defaults struct{ Unit string } }
		Targets                  []struct {
			RefID, Expr string
			Datasource  struct{ UID string }
		}
	}
}

var units = []string{"short", "s", "ops", "reqps", "bytes", "Bps", "percentunit", "none"}

// TestLint holds each dashboard to what Grafana's own linter asks, and to more.
func TestLint(t *testing.T) {
	t.Parallel()
	uids := map[string]bool{}
	for _, b := range boards() {
		text, err := b.JSON(false)
		if err != nil {
			t.Fatal(err)
		}
		var d rendered
		if err := json.Unmarshal(text, &d); err != nil {
			t.Fatal(err)
		}
		if d.ID != nil || len(d.UID) < 8 || len(d.UID) > 40 || uids[d.UID] || d.Title == "" {
			t.Errorf("%s: id %v, uid %q, title %q", b.name, d.ID, d.UID, d.Title)
		}
		uids[d.UID] = true
		panels(t, b.name, d)
		variables(t, b.name, string(text), d)
		if len(text) > 500_000 {
			t.Errorf("%s has %d bytes: a ConfigMap has room for 1 MiB", b.name, len(text))
		}
	}
}

func panels(t *testing.T, name string, d rendered) {
	t.Helper()
	ids, cells := map[int]bool{}, map[[2]int]string{}
	for _, p := range d.Panels {
		g := p.GridPos
		if ids[p.ID] || g.X < 0 || g.X+g.W > 24 || g.H < 1 {
			t.Errorf("%s: %s: id %d, place %+v", name, p.Title, p.ID, g)
		}
		ids[p.ID] = true
		for x := g.X; x < g.X+g.W; x++ {
			for y := g.Y; y < g.Y+g.H; y++ {
				if other := cells[[2]int{x, y}]; other != "" {
					t.Fatalf("%s: %s lies on %s", name, p.Title, other)
				}
				cells[[2]int{x, y}] = p.Title
			}
		}
		if p.Type == "row" {
			continue
		}
		if p.Title == "" || p.Description == "" || len(p.Targets) == 0 || !slices.Contains(units, p.FieldConfig.Defaults.Unit) {
			t.Errorf("%s: %q lacks a title, a description, a query or a unit", name, p.Title)
		}
		for _, q := range p.Targets {
			if !slices.Contains([]string{"${datasource}", "${loki}"}, q.Datasource.UID) || q.Datasource.UID != p.Datasource.UID {
				t.Errorf("%s: %s: the data source is no variable: %+v", name, p.Title, q.Datasource)
			}
		}
	}
}

// builtIn are the variables that Grafana has itself.
var builtIn = regexp.MustCompile(`^__(rate_interval|range|interval|auto|all)$`)

func variables(t *testing.T, name, text string, d rendered) {
	t.Helper()
	defined := map[string]bool{}
	for _, v := range d.Templating.List {
		defined[v.Name] = true
		if !strings.Contains(text, "$"+v.Name) && !strings.Contains(text, "${"+v.Name+"}") {
			t.Errorf("%s: nothing uses $%s", name, v.Name)
		}
	}
	for _, m := range regexp.MustCompile(`\$\{?(\w+)`).FindAllStringSubmatch(text, -1) {
		if !defined[m[1]] && !builtIn.MatchString(m[1]) {
			t.Errorf("%s: $%s is not defined", name, m[1])
		}
	}
}

// external are metrics of Flux's controllers and of any Go program.
var external = regexp.MustCompile(`^(controller_runtime|workqueue|rest_client|process|go)_`)

// TestQueries parses every query, and looks for each metric of ours in the list of them.
func TestQueries(t *testing.T) {
	t.Parallel()
	families, err := os.ReadFile("../../docs/METRICS.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range boards() {
		for _, p := range b.panels {
			for _, q := range p.targets {
				expr := chosen.Replace(q.expr)
				if p.source == loki {
					logQL(t, p.title, expr)
					continue
				}
				tree, err := parser.NewParser(parser.Options{}).ParseExpr(expr)
				if err != nil {
					t.Errorf("%s: %s: %v\n%s", b.name, p.title, err, expr)
					continue
				}
				for _, metric := range metricsOf(tree) {
					family := strings.NewReplacer("_bucket", "", "_sum", "", "_count", "").Replace(metric)
					if !external.MatchString(metric) && !bytes.Contains(families, []byte("`"+family+"`")) {
						t.Errorf("%s: %s: nothing exports %s", b.name, p.title, metric)
					}
				}
			}
		}
	}
}

// chosen is what Grafana puts in where All is chosen.
var chosen = strings.NewReplacer("$__rate_interval", "5m", "$__range", "1h", "$__auto", "1m",
	"$cluster", ".*", "$namespace", ".*", "$kind", ".*", "$flux", ".*", "$controller", ".+", "$object", "", "$text", "")

func metricsOf(tree parser.Node) (all []string) {
	parser.Inspect(tree, func(n parser.Node, _ []parser.Node) error {
		if v, ok := n.(*parser.VectorSelector); ok {
			for _, m := range v.LabelMatchers {
				if m.Name == model.MetricNameLabel {
					all = append(all, m.Value)
				}
			}
		}
		return nil
	})
	return all
}

// logQL looks at the shape of a query of Loki; the end-to-end tests ask a real one.
func logQL(t *testing.T, title, expr string) {
	t.Helper()
	for _, pair := range []string{"()", "{}", "[]"} {
		if strings.Count(expr, pair[:1]) != strings.Count(expr, pair[1:]) {
			t.Errorf("%s: unbalanced %s in %s", title, pair, expr)
		}
	}
	if !regexp.MustCompile(`\{namespace=~"[^"]+", app=~"[^"]+"\}`).MatchString(expr) || strings.Count(expr, `"`)%2 != 0 {
		t.Errorf("%s: %s", title, expr)
	}
}

func TestAlias(t *testing.T) {
	t.Parallel()
	b, ok := Find("cluster")
	text, err := b.JSON(true)
	if !ok || err != nil || !bytes.Contains(text, []byte(`"uid": "flux-cluster"`)) {
		t.Errorf("%v %v %.200s", ok, err, text)
	}
	if _, ok := Find("nothing"); ok {
		t.Error("finds what is not there")
	}
}
