package conditions

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fluxtrail/conditions/conditionstest"
	"fluxtrail/conditions/files"
	"fluxtrail/conditions/prom"
	"fluxtrail/derive"
	"fluxtrail/e2e/env"
)

// story is a recorded one of Flux 2.0, whose controllers export the conditions of their objects.
const story = "../../../shared/data/stories/git-old"

var (
	sampleLine = regexp.MustCompile(`^(gotk_\w+)\{(.*)\} (\S+)$`)
	dumpName   = regexp.MustCompile(`metrics-(\w+-controller)-.*-(\d+)\.prom$`)
)

// openMetrics makes one text of all dumps of a story, as Prometheus would have scraped them: with
// times, and the labels of the target, which rename the label namespace.
func openMetrics(t *testing.T, dir string) string {
	t.Helper()
	dumps, err := filepath.Glob(filepath.Join(dir, "metrics", "*.prom"))
	if err != nil || len(dumps) == 0 {
		t.Skip("the recorded stories are not here")
	}
	byFamily := map[string][]string{}
	for _, dump := range dumps {
		m := dumpName.FindStringSubmatch(dump)
		text, err := os.ReadFile(dump)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			s := sampleLine.FindStringSubmatch(strings.TrimSpace(line))
			if s == nil || s[1] != "gotk_reconcile_condition" && s[1] != "gotk_suspend_status" {
				continue
			}
			set := strings.ReplaceAll(s[2], `namespace="`, `exported_namespace="`)
			byFamily[s[1]] = append(byFamily[s[1]],
				fmt.Sprintf(`%s{%s,namespace="flux-system",instance="%s",job="flux"}|%s|%s`, s[1], set, m[1], m[2], s[3]))
		}
	}
	var b strings.Builder
	for name, lines := range byFamily {
		slices.Sort(lines) // by series, then by time
		fmt.Fprintf(&b, "# TYPE %s gauge\n", name)
		for _, line := range lines {
			part := strings.Split(line, "|")
			fmt.Fprintln(&b, part[0], part[2], part[1])
		}
	}
	return b.String() + "# EOF\n"
}

// database makes the data directory of a Prometheus of a text.
func database(t *testing.T, text string) string {
	t.Helper()
	dir := t.TempDir()
	input, data := filepath.Join(dir, "metrics.om"), filepath.Join(dir, "data")
	if err := os.WriteFile(input, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	tool := env.Installed(t, "prometheus", "promtool")
	if out, err := exec.Command(tool, "tsdb", "create-blocks-from", "openmetrics", input, data).CombinedOutput(); err != nil {
		t.Fatalf("promtool: %v\n%s", err, out)
	}
	return data
}

// condition is what a report says of an object.
type condition struct {
	Kind, Namespace, Name string
	State, Verdict        string
	Condition             struct{ Ready, At string }
}

func replayed(t *testing.T, bin string, args ...string) (objects []condition, input string) {
	t.Helper()
	cmd := exec.Command(bin, append([]string{"replay", "-q", "-o", "json", filepath.Join(story, "pods")}, args...)...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Objects []condition
		Input   struct{ Conditions json.RawMessage }
	}
	if err := json.Unmarshal(out, &doc); err != nil {
		t.Fatal(err)
	}
	return doc.Objects, string(doc.Input.Conditions)
}

// changes are the times in seconds at which objects were seen to be otherwise than before.
func changes(all []derive.Observation) map[string][]string {
	last, out := map[string]string{}, map[string][]string{}
	for i := range all {
		o := &all[i]
		if now := fmt.Sprintf("%s suspended=%d", o.Ready(), o.Suspended); now != last[o.Ref.String()] {
			last[o.Ref.String()] = now
			out[o.Ref.String()] = append(out[o.Ref.String()], fmt.Sprintf("%d %s", o.At/1e9, now))
		}
	}
	return out
}

// TestPrometheus fills a real Prometheus with what the controllers of a story exported, and asks it
// about the time of the logs: the objects are as they are by the dumps themselves, and by the data
// directory.
func TestPrometheus(t *testing.T) {
	bin := env.Fluxtrail(t)
	data := database(t, openMetrics(t, story))
	fromFiles, _ := replayed(t, bin, "--conditions", filepath.Join(story, "metrics"))
	fromData, input := replayed(t, bin, "--conditions", data)
	t.Log(input)
	if d := cmp.Diff(fromFiles, fromData); d != "" {
		t.Errorf("the data directory (-dumps +data):\n%s", d)
	}
	p := env.PrometheusOf(t, data, "global: {scrape_interval: 1h}\n")
	fromServer, input := replayed(t, bin, "--prometheus", p.URL, "--prometheus-match", `job="flux"`)
	t.Log(input)
	if d := cmp.Diff(fromFiles, fromServer); d != "" {
		t.Errorf("the server (-dumps +server):\n%s", d)
	}
	if len(fromFiles) == 0 {
		t.Error("no objects")
	}
	same := func(s string) string { return s }
	dumps, err := files.Read([]string{filepath.Join(story, "metrics")}, files.Options{Redact: same})
	if err != nil {
		t.Fatal(err)
	}
	server, err := prom.New(prom.Config{URL: p.URL, Redact: same})
	if err != nil {
		t.Fatal(err)
	}
	all := dumps.Observations
	told, err := server.Read(t.Context(), all[0].At, all[len(all)-1].At)
	if err != nil {
		t.Fatal(err)
	}
	conditionstest.Check(t, told.Observations)
	if d := cmp.Diff(changes(all), changes(told.Observations)); d != "" {
		t.Errorf("what changed when (-dumps +server):\n%s", d)
	}
}
