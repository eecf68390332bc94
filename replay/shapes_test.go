package replay

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"github.com/ulikunitz/xz"

	"fluxtrail/api"
	"fluxtrail/tail"
	"fluxtrail/tail/discover"
)

// entry is one line of the recorded logs with what each shape says around it.
type entry struct {
	at                 time.Time
	ns, pod, container string
	text               string
}

func (e *entry) rfc3339() string { return e.at.Format(time.RFC3339Nano) }

// recorded are the lines of the demo, pod after pod.
func recorded(t *testing.T) (lines []entry) {
	t.Helper()
	sources, problems := discover.Find([]string{"../fixtures/demo/pods"}, nil)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	for _, s := range sources {
		r := tail.NewReader(s, tail.Options{})
		for r.Next() {
			l := r.Line()
			lines = append(lines, entry{time.Unix(0, l.Time).UTC(), s.Namespace, s.Pod, s.Container, string(l.Text)})
		}
	}
	return lines
}

// object is JSON with keys in the order of the arguments.
func object(pairs ...any) string {
	var b strings.Builder
	for i := 0; i < len(pairs); i += 2 {
		key, _ := json.Marshal(pairs[i])
		value, raw := pairs[i+1].(json.RawMessage)
		if !raw {
			value, _ = json.Marshal(pairs[i+1])
		}
		fmt.Fprintf(&b, ",%s:%s", key, value)
	}
	return "{" + strings.TrimPrefix(b.String(), ",") + "}"
}

// shapes write the lines as people have them. Each is one file.
var shapes = []struct {
	name  string
	write func(pods, merged []entry) string
}{
	{"plain.log", func(_, m []entry) string { return rows(m, func(e *entry) string { return e.text }) }},
	{"newest-first.log", func(_, m []entry) string { return rows(reversed(m), func(e *entry) string { return e.text }) }},
	{"pod-after-pod.log", func(p, _ []entry) string { return rows(p, func(e *entry) string { return e.text }) }},
	{"pod-after-pod-newest-first.log", func(p, _ []entry) string { return rows(reversed(p), func(e *entry) string { return e.text }) }},
	{"tail-v.log", func(p, _ []entry) string {
		pod := ""
		return rows(p, func(e *entry) string {
			if e.pod == pod {
				return e.text
			}
			pod = e.pod
			return "==> /logs/" + pod + ".log <==\n" + e.text
		})
	}},
	{"prefix-around-wrapper.log", func(p, _ []entry) string {
		return rows(p, func(e *entry) string {
			return "[pod/" + e.pod + "/manager] " + object("log", e.text+"\n", "stream", "stderr", "extra", 1)
		})
	}},
	{"compose.log", func(_, m []entry) string {
		return rows(m, func(e *entry) string { return fmt.Sprintf("%-50s | %s", e.pod, e.text) })
	}},
	{"fluent-bit.jsonl", func(_, m []entry) string {
		return rows(m, func(e *entry) string { return object("log", e.text, "stream", "stderr", "time", e.rfc3339()) })
	}},
	{"fluentd-merged.jsonl", func(_, m []entry) string {
		return rows(m, func(e *entry) string {
			if !strings.HasPrefix(e.text, "{") {
				return object("log", e.text, "kubernetes", map[string]string{"pod_name": e.pod})
			}
			return object("@timestamp", e.rfc3339(), "kubernetes", map[string]string{"pod_name": e.pod}, "parsed", json.RawMessage(e.text))
		})
	}},
	{"elasticsearch-answer.json", func(_, m []entry) string {
		return `{"took":3,"hits":{"total":9,"hits":[` + listed(reversed(m), func(e *entry) string {
			return object("_index", "logs", "_source", map[string]any{"@timestamp": e.rfc3339(), "message": e.text, "kubernetes": map[string]any{"pod": map[string]string{"name": e.pod}}})
		}) + "]}}"
	}},
	{"cloudwatch-events.json", func(_, m []entry) string {
		return indented(`{"events":[` + listed(m, func(e *entry) string {
			return object("logStreamName", "application.var.log.containers."+e.pod+"_flux-system_manager-ab.log", "timestamp", e.at.UnixMilli(), "message", object("log", e.text, "stream", "stderr"))
		}) + `],"searchedLogStreams":[]}`)
	}},
	{"cloudwatch-insights.json", func(_, m []entry) string {
		return `{"status":"Complete","results":[` + listed(reversed(m), func(e *entry) string {
			return `[` + object("field", "@timestamp", "value", e.at.Format("2006-01-02 15:04:05.000")) + `,` + object("field", "@message", "value", e.text) + `]`
		}) + `]}`
	}},
	{"azure-query.json", func(_, m []entry) string {
		return `{"tables":[{"columns":[{"name":"TimeGenerated"},{"name":"PodName"},{"name":"LogMessage"}],"rows":[` + listed(m, func(e *entry) string {
			row, _ := json.Marshal([]string{e.rfc3339(), e.pod, e.text})
			return string(row)
		}) + `]}]}`
	}},
	{"otlp-taken-apart.jsonl", func(_, m []entry) string {
		return rows(m, func(e *entry) string {
			return object("resourceLogs", []any{map[string]any{
				"resource": map[string]any{"attributes": []any{map[string]any{"key": "k8s.pod.name", "value": map[string]string{"stringValue": e.pod}}}},
				"scopeLogs": []any{map[string]any{"logRecords": []any{map[string]any{
					"timeUnixNano": fmt.Sprint(e.at.UnixNano()), "body": otlpValue(json.RawMessage(e.text))}}}},
			}})
		})
	}},
	{"datadog-api.json", func(_, m []entry) string {
		return `{"data":[` + listed(reversed(m), func(e *entry) string {
			return object("id", "x", "attributes", map[string]any{"message": e.text, "timestamp": e.rfc3339(), "tags": []string{"pod_name:" + e.pod}})
		}) + `]}`
	}},
	{"google-pretty.json", func(_, m []entry) string {
		return indented("[" + listed(reversed(m), func(e *entry) string {
			if !strings.HasPrefix(e.text, "{") {
				return object("textPayload", e.text, "timestamp", e.rfc3339())
			}
			return object("jsonPayload", json.RawMessage(e.text), "timestamp", e.rfc3339(), "resource", map[string]any{"labels": map[string]string{"pod_name": e.pod}})
		}) + "]")
	}},
	{"strings.json", func(_, m []entry) string {
		return indented("[" + listed(m, func(e *entry) string { s, _ := json.Marshal(e.text); return string(s) }) + "]")
	}},
	{"semicolons.csv", func(_, m []entry) string { return table(';', reversed(m)) }},
	{"tabs.tsv", func(_, m []entry) string { return table('\t', m) }},
	{"lists-one-after-the-other.json", func(p, _ []entry) string {
		half := len(p) / 2
		raw := func(e *entry) string { return object("line", e.text, "timestamp", fmt.Sprint(e.at.UnixNano())) }
		return "[" + listed(p[:half], raw) + "]\n[" + listed(p[half:], raw) + "]\n"
	}},
	{"terminal-80.log", func(_, m []entry) string {
		return rows(m, func(e *entry) string { return broken(e.text, 80) })
	}},
	{"k9s-window.txt", func(_, m []entry) string {
		return "┌─ Logs ─┐\n" + rows(m, func(e *entry) string {
			var b []string
			for _, row := range strings.Split(broken(e.text, 120), "\n") {
				b = append(b, fmt.Sprintf("│ %-120s │", row))
			}
			return strings.Join(b, "\n")
		}) + "└────────┘\n"
	}},
	{"utf16.log", func(_, m []entry) string {
		var b bytes.Buffer
		for _, c := range utf16.Encode([]rune(rows(m, func(e *entry) string { return e.text }))) {
			b.Write([]byte{byte(c), byte(c >> 8)})
		}
		return b.String()
	}},
	{"plain.log.xz", func(_, m []entry) string {
		var b bytes.Buffer
		w, _ := xz.NewWriter(&b)
		_, _ = w.Write([]byte(rows(m, func(e *entry) string { return e.text })))
		_ = w.Close()
		return b.String()
	}},
	{"bundle.zip", func(p, _ []entry) string {
		var b bytes.Buffer
		w := zip.NewWriter(&b)
		for len(p) > 0 {
			n := slices.IndexFunc(p, func(e entry) bool { return e.pod != p[0].pod })
			if n < 0 {
				n = len(p)
			}
			f, _ := w.Create("bundle/cluster-resources/pods/logs/flux-system/" + p[0].pod + "/manager.log")
			_, _ = f.Write([]byte(rows(p[:n], func(e *entry) string { return e.text })))
			p = p[n:]
		}
		_ = w.Close()
		return b.String()
	}},
}

func rows(lines []entry, row func(*entry) string) string {
	var b strings.Builder
	for i := range lines {
		b.WriteString(row(&lines[i]) + "\n")
	}
	return b.String()
}

func listed(lines []entry, item func(*entry) string) string {
	return strings.TrimSuffix(strings.ReplaceAll(rows(lines, item), "\n", ","), ",")
}

func reversed(lines []entry) []entry {
	back := slices.Clone(lines)
	slices.Reverse(back)
	return back
}

func indented(s string) string {
	var b bytes.Buffer
	_ = json.Indent(&b, []byte(s), "", "  ")
	return b.String() + "\n"
}

func broken(s string, width int) string {
	var b []string
	for r := []rune(s); len(r) > width; r = []rune(s) {
		b, s = append(b, strings.TrimRight(string(r[:width]), " ")), string(r[width:])
	}
	return strings.Join(append(b, s), "\n")
}

func table(comma rune, lines []entry) string {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Comma = comma
	_ = w.Write([]string{"@timestamp", "kubernetes.pod_name", "message"})
	for _, e := range lines {
		_ = w.Write([]string{e.rfc3339(), e.pod, e.text})
	}
	w.Flush()
	return b.String()
}

// otlpValue is a value as OpenTelemetry writes a log body that was JSON.
func otlpValue(raw json.RawMessage) any {
	var fields map[string]json.RawMessage
	var text string
	switch {
	case json.Unmarshal(raw, &fields) == nil:
		var values []any
		for key, value := range fields {
			values = append(values, map[string]any{"key": key, "value": otlpValue(value)})
		}
		return map[string]any{"kvlistValue": map[string]any{"values": values}}
	case json.Unmarshal(raw, &text) == nil:
		return map[string]string{"stringValue": text}
	}
	return map[string]string{"stringValue": string(raw)}
}

// TestShapes replays one log in the shapes in which people have logs: the answer is that of the pod
// log tree, and each line is a record, a part of one, blank, or counted.
func TestShapes(t *testing.T) {
	t.Parallel()
	pods := recorded(t)
	merged := slices.Clone(pods)
	slices.SortStableFunc(merged, func(a, b entry) int { return a.at.Compare(b.at) })
	want, _ := answer(t, "../fixtures/demo/pods")
	for _, s := range shapes {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), s.name)
			if err := os.WriteFile(path, []byte(s.write(pods, merged)), 0o600); err != nil {
				t.Fatal(err)
			}
			got, in := answer(t, path)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
			if in.Unparsed > 0 || in.Records != int64(len(pods)) {
				t.Errorf("%d records, %d lines not understood; there are %d", in.Records, in.Unparsed, len(pods))
			}
		})
	}
}

func answer(t *testing.T, path string) (statuses []string, in api.Input) {
	t.Helper()
	err := Run(t.Context(), Options{Paths: []string{path}}, func(_ context.Context, rep *api.Report) error {
		for _, o := range rep.Objects {
			statuses = append(statuses, fmt.Sprint(o.Kind, " ", o.Namespace, " ", o.Name, " ", o.Status))
		}
		in = rep.Input
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return statuses, in
}

// TestEveryRowIsAccountedFor reads each shape with foreign rows in it and its end missing. Whatever
// they are taken for: each row of the file is in a line that came out, is blank, or is a heading.
func TestEveryRowIsAccountedFor(t *testing.T) {
	t.Parallel()
	pods := recorded(t)
	pods = pods[:200:200]
	merged := slices.Clone(pods)
	slices.SortStableFunc(merged, func(a, b entry) int { return a.at.Compare(b.at) })
	for _, s := range shapes {
		if s.name == "utf16.log" || s.name == "plain.log.xz" || s.name == "bundle.zip" {
			continue // their rows are those of plain.log
		}
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			whole := strings.SplitAfter(s.write(pods, merged), "\n")
			third := len(whole) / 3
			foreign := []string{"what stands here is no line of a log\n", "\n", "{\"some\":\"object\"}\n", "}] half, \"a\n"}
			damaged := strings.Join(slices.Concat(whole[:third], foreign, whole[third:2*third], foreign[:1], whole[2*third:]), "")
			accounted(t, s.name, damaged[:len(damaged)-len(damaged)/50])
		})
	}
}

func accounted(t *testing.T, name, text string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	physical := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	in := make([]bool, len(physical)+1)
	r := tail.NewReader(discover.Source{Name: path, Files: []discover.File{{Path: path}}}, tail.Options{})
	for r.Next() {
		l := r.Line()
		for n := l.Num; n < l.Num+max(1, l.Rows); n++ {
			if n < 1 || n > int64(len(physical)) {
				t.Fatalf("line %d with %d rows is not in the file", l.Num, l.Rows)
			}
			in[n] = true
		}
	}
	lost := 0
	for i, row := range physical {
		blank := strings.Trim(row, " \r\t│┌┐└┘─[],") == "" || (i == 0 && strings.HasPrefix(row, "@timestamp")) || strings.HasPrefix(row, "==> ") || strings.HasPrefix(row, "┌─ Logs")
		if !in[i+1] && !blank {
			if lost++; lost <= 3 {
				t.Errorf("row %d is in no line: %.120s", i+1, row)
			}
		}
	}
	if lost > 3 {
		t.Errorf("%d rows of %d are in no line", lost, len(physical))
	}
}
