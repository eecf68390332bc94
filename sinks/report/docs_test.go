package report

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// The manual names every member of the JSON and every metric, and its example is what the writer
// really writes.
func TestManualIsComplete(t *testing.T) {
	manual := read(t, "../../docs/report.md")
	for name := range names(t) {
		if !strings.Contains(manual, "`"+name+"`") {
			t.Errorf("docs/report.md does not explain `%s`", name)
		}
	}
	example := regexp.MustCompile("(?s)```text\n(.*?)\n```").FindStringSubmatch(manual)
	if example == nil || !strings.HasPrefix(read(t, "testdata/first.txt"), example[1]) {
		t.Error("the example in docs/report.md is not the beginning of testdata/first.txt")
	}
}

func names(t *testing.T) map[string]bool {
	out := map[string]bool{}
	compile(t, func(doc any) { collect(doc, out) })
	exposition := string(written(t, openMetricsOf(sample(), openMetricsOptions{})))
	for _, m := range regexp.MustCompile(`(?m)^# TYPE (\S+) (\S+)$`).FindAllStringSubmatch(exposition, -1) {
		if m[2] == "counter" {
			m[1] += "_total"
		}
		out[m[1]] = true
	}
	for _, s := range statuses {
		out[s.Name] = true
	}
	for _, v := range verdictInfos {
		out[v.Name] = true
	}
	return out
}

// collect adds the names of all properties of a schema.
func collect(doc any, out map[string]bool) {
	switch v := doc.(type) {
	case map[string]any:
		if properties, ok := v["properties"].(map[string]any); ok {
			for name := range properties {
				out[name] = true
			}
		}
		for _, child := range v {
			collect(child, out)
		}
	case []any:
		for _, child := range v {
			collect(child, out)
		}
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
