package prom

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/common/expfmt"
)

const metricsPage = "../../docs/METRICS.md"

// markers stand around the table of families.
var markers = regexp.MustCompile(`(?s)(<!-- families -->\n).*?(<!-- end -->\n)`)

// The page has exactly the families of the table in code.
func TestDocs(t *testing.T) {
	page, err := os.ReadFile(metricsPage)
	if err != nil {
		t.Fatal(err)
	}
	if !markers.Match(page) {
		t.Fatalf("%s lacks the markers around its table", metricsPage)
	}
	want := markers.ReplaceAllString(string(page), "${1}"+strings.ReplaceAll(familyTable(), "$", "$$")+"${2}")
	if *update {
		if err := os.WriteFile(metricsPage, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if d := cmp.Diff(strings.Split(want, "\n"), strings.Split(string(page), "\n")); d != "" {
		t.Errorf("%s (-code +page); go test ./sinks/prom -run TestDocs -update writes it:\n%s", metricsPage, d)
	}
}

func familyTable() string {
	var b strings.Builder
	b.WriteString("| family | type | labels | stability | meaning |\n|---|---|---|---|---|\n")
	for _, f := range families {
		var labels []string
		for _, l := range f.Labels {
			labels = append(labels, "`"+l+"`")
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s |\n", f.Name, f.Type, strings.Join(labels, " "), f.Stability, strings.ReplaceAll(f.Help, "|", `\|`))
	}
	return b.String()
}

// The rows hold what a row promises.
func TestFamilies(t *testing.T) {
	names := map[string]bool{}
	for _, f := range families {
		switch {
		case names[f.Name]:
			t.Errorf("%s stands twice in the table", f.Name)
		case !strings.HasPrefix(f.Name, "fluxtrail_"):
			t.Errorf("%s lacks the prefix", f.Name)
		case !slices.Contains([]stability{stable}, f.Stability):
			t.Errorf("%s: stability %q", f.Name, f.Stability)
		case !strings.HasSuffix(f.Help, "."):
			t.Errorf("%s: the help is no sentence", f.Name)
		case strings.HasSuffix(f.Name, "_total") != (f.Type == "counter"):
			t.Errorf("%s: counters, and only counters, end in _total", f.Name)
		case f.Unit != "" && !strings.HasSuffix(strings.TrimSuffix(f.Name, "_total"), "_"+f.Unit):
			t.Errorf("%s: the unit %s is missing in the name", f.Name, f.Unit)
		case slices.Contains(f.Labels, "namespace") || slices.Contains(f.Labels, "pod") || slices.Contains(f.Labels, "container"):
			t.Errorf("%s has a label that scraping sets", f.Name)
		case f.Type == counterType && len(f.Labels) > len(labels{}):
			t.Errorf("%s has too many labels", f.Name)
		}
		names[f.Name] = true
	}
}

// The queries on the page ask for families that there are.
func TestQueries(t *testing.T) {
	queries := pageQueries(t)
	for _, query := range queries {
		for _, name := range regexp.MustCompile(`fluxtrail_\w+`).FindAllString(query, -1) {
			known := func(f family) bool {
				return f.Name == name || f.Type == "histogram" && slices.Contains([]string{f.Name + "_bucket", f.Name + "_sum", f.Name + "_count"}, name)
			}
			if !slices.ContainsFunc(families, known) {
				t.Errorf("%s: there is no family %s", query, name)
			}
		}
	}
}

func pageQueries(t *testing.T) (queries []string) {
	page, err := os.ReadFile(metricsPage)
	if err != nil {
		t.Fatal(err)
	}
	for _, block := range regexp.MustCompile("(?s)```promql\n(.*?)```").FindAllStringSubmatch(string(page), -1) {
		queries = append(queries, strings.Split(strings.TrimSpace(block[1]), "\n")...)
	}
	if len(queries) == 0 {
		t.Fatal("the page has no queries")
	}
	return queries
}

// Prometheus' own tool takes the metrics and the queries as they are.
func TestPromtool(t *testing.T) {
	promtool, err := exec.LookPath("promtool")
	if err != nil {
		t.Skip("promtool is not installed (Debian: prometheus)")
	}
	check := exec.Command(promtool, "check", "metrics")
	check.Stdin = strings.NewReader(exposition(t, registry(t, sample(), sampleAgent()), expfmt.TypeTextPlain))
	if out, err := check.CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("promtool check metrics: %v\n%s", err, out)
	}
	rules := "groups:\n- name: page\n  rules:\n"
	for i, query := range pageQueries(t) {
		rules += fmt.Sprintf("  - record: page:query%d\n    expr: %q\n", i, query)
	}
	file := filepath.Join(t.TempDir(), "rules.yml")
	if err := os.WriteFile(file, []byte(rules), 0o644); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(promtool, "check", "rules", file).CombinedOutput(); err != nil {
		t.Errorf("promtool check rules: %v\n%s", err, out)
	}
}
