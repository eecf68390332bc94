package api

import (
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var code = regexp.MustCompile("`([^`]+)`")

// namingTable reads the columns of the table in docs/naming.md: the names in each of its cells.
func namingTable(t *testing.T) [][][]string {
	t.Helper()
	_, rest, _ := strings.Cut(read(t, "../docs/naming.md"), "<!-- names -->\n")
	table, _, ok := strings.Cut(rest, "<!-- end -->")
	if !ok {
		t.Fatal("docs/naming.md has no table of names")
	}
	var rows [][][]string
	for _, line := range strings.Split(strings.TrimSpace(table), "\n")[2:] {
		var row [][]string
		for _, cell := range strings.Split(strings.Trim(line, "|"), "|") {
			var names []string
			for _, m := range code.FindAllStringSubmatch(cell, -1) {
				names = append(names, m[1])
			}
			row = append(row, names)
		}
		rows = append(rows, row)
	}
	return rows
}

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// keys are the names that a type and the types in it have in JSON.
func keys(of reflect.Type, out map[string]bool) map[string]bool {
	switch of.Kind() {
	case reflect.Pointer, reflect.Slice:
		return keys(of.Elem(), out)
	case reflect.Struct:
		for i := range of.NumField() {
			f := of.Field(i)
			if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "" && name != "-" {
				out[name] = true
			}
			keys(f.Type, out)
		}
	}
	return out
}

// TestNamesAreOne holds the table of names against the types here and against what the manual says
// of metrics and metadata. What an event and the report both have must have one name.
func TestNamesAreOne(t *testing.T) {
	t.Parallel()
	report, event := map[string]bool{}, keys(reflect.TypeFor[Event](), map[string]bool{})
	for _, v := range []reflect.Type{reflect.TypeFor[Object](), reflect.TypeFor[Transition](), reflect.TypeFor[Incident](), reflect.TypeFor[ErrorGroup](), reflect.TypeFor[Controller]()} {
		keys(v, report)
	}
	metrics, agent := read(t, "../docs/METRICS.md"), read(t, "../docs/agent.md")
	_, metadata, _ := strings.Cut(agent, "| structured metadata |")
	metadata, _, _ = strings.Cut(metadata, "\n")
	told := map[string]bool{}
	for _, row := range namingTable(t) {
		for column, has := range []func(string) bool{
			1: func(n string) bool { return report[n] },
			2: func(n string) bool { told[n] = true; return event[n] },
			3: func(n string) bool { return strings.Contains(metrics, "`"+n+"`") },
			4: func(n string) bool { return strings.Contains(metadata, "`"+n+"`") },
		} {
			for _, name := range row[column] {
				if has != nil && !has(name) {
					t.Errorf("column %d: nothing is called %s", column, name)
				}
			}
		}
		if len(row[1]) > 0 && len(row[2]) > 0 && !slices.Equal(row[1], row[2]) && row[2][0] != "ts" {
			t.Errorf("%v in the report and %v in an event", row[1], row[2])
		}
	}
	for name := range event {
		if !told[name] && !slices.Contains([]string{"level", "msg", "file", "line", "offset", "at"}, name) {
			t.Errorf("docs/naming.md has no row for %s of an event", name)
		}
	}
}

func TestTimeInJSON(t *testing.T) {
	t.Parallel()
	var none Time
	if b, err := none.MarshalJSON(); err != nil || string(b) != "null" {
		t.Errorf("%s, %v", b, err)
	}
}
