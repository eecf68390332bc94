package alerts

import (
	"cmp"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"sigs.k8s.io/yaml"

	"fluxtrail/e2e/env"
)

// stories are real logs with what the API server had of the same objects.
const stories = "../../../shared/data/stories"

// quick are rules whose patience suits stories of half an hour. No range begins at a sample: from
// Prometheus 3 on that one does not belong to it, and Debian has an older one.
const quick = `
groups:
- name: quick
  rules:
  - record: failing
    expr: max by (exported_namespace, kind, name) (fluxtrail_incident_info{reason!="DependencyNotReady"}) > 0
  - alert: Failing
    expr: failing
    for: 1m
  - alert: Kept
    expr: fluxtrail_object_status{status="failing"} > 0
    for: 2m
    keep_firing_for: 3m
  - alert: Many
    expr: count(ALERTS{alertname="Failing",alertstate="firing"}) >= 2
  - alert: Often
    expr: changes(fluxtrail_incident_start_timestamp_seconds[590s]) >= 1
  - alert: Late
    expr: time() - fluxtrail_incident_start_timestamp_seconds > 300
  - alert: Failed
    expr: sum by (kind) (increase(fluxtrail_reconcile_attempts_total{outcome="failed"}[290s])) > 1
`

// alert is an alert of the report.
type alert struct {
	Name       string            `json:"name"`
	Labels     map[string]string `json:"labels"`
	ActiveAt   time.Time         `json:"active_at"`
	FiredAt    *time.Time        `json:"fired_at"`
	ResolvedAt *time.Time        `json:"resolved_at"`
}

func (a *alert) firing(at time.Time) bool {
	return a.FiredAt != nil && !at.Before(*a.FiredAt) && (a.ResolvedAt == nil || at.Before(*a.ResolvedAt))
}

type replayed struct {
	Alerting struct {
		Grid struct{ From, To time.Time }
	} `json:"alerting"`
	Alerts    []alert    `json:"alerts"`
	Incidents []incident `json:"incidents"`
	dir       string
}

type ref struct{ Kind, Namespace, Name string }

func (r *ref) String() string { return r.Kind + "/" + r.Namespace + "/" + r.Name }

// incident is an incident of the report.
type incident struct {
	ref
	OpenedAt   time.Time  `json:"opened_at"`
	ResolvedAt *time.Time `json:"resolved_at"`
	Root       *ref       `json:"root_cause"`
}

// replay replays a story with rules.
func (s *story) replay(t *testing.T, rules string, more ...string) *replayed {
	t.Helper()
	r := &replayed{dir: t.TempDir()}
	args := append([]string{"replay", "-q", "--rules", rules, "-o", "json,tsdb", "--out-dir", r.dir, s.dir + "/pods"}, more...)
	out, err := exec.Command(s.fluxtrail, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	text, err := os.ReadFile(filepath.Join(r.dir, "report.json"))
	if err == nil {
		err = json.Unmarshal(text, r)
	}
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// story is a story, and the program to replay it with.
type story struct{ name, dir, fluxtrail string }

// everyStory calls f with each story.
func everyStory(t *testing.T, f func(t *testing.T, s story)) {
	t.Helper()
	found, _ := filepath.Glob(stories + "/*/pods")
	if len(found) == 0 {
		t.Skip("no stories beside the project")
	}
	bin := env.Fluxtrail(t)
	for _, pods := range found {
		s := story{filepath.Base(filepath.Dir(pods)), filepath.Dir(pods), bin}
		t.Run(s.name, func(t *testing.T) { f(t, s) })
	}
}

// plain takes from rules what promtool does not evaluate like Prometheus: intervals of groups, which
// it ignores, and annotations, of which the report has those of the moment of firing.
func plain(t *testing.T, rules []byte) (text []byte, alerts []string) {
	t.Helper()
	var doc struct {
		Groups []map[string]any `json:"groups"`
	}
	if err := yaml.Unmarshal(rules, &doc); err != nil {
		t.Fatal(err)
	}
	for _, g := range doc.Groups {
		delete(g, "interval")
		for _, r := range g["rules"].([]any) {
			rule := r.(map[string]any)
			delete(rule, "annotations")
			if name, ok := rule["alert"].(string); ok {
				alerts = append(alerts, name)
			}
		}
	}
	text, err := yaml.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	return text, alerts
}

// The rule engine of Prometheus, fed by promtool with the samples of the blocks that replay wrote,
// has the same alerts firing at each minute: Debian's of 2023 and that of today, on all stories and
// all packs. The short form has the pack for our own metrics in Debian's.
func TestReplayFiresAsPrometheusDoes(t *testing.T) {
	tools := map[string]string{"2.42": env.Installed(t, "prometheus", "promtool")}
	if full() {
		tools["3"] = env.Built(t, "rules", "promtool")
	}
	everyStory(t, func(t *testing.T, s story) {
		for _, p := range append(packs(s.dir+"/conditions.jsonl"), pack{name: "quick"}) {
			if p.name != "ours" && p.name != "quick" && !full() {
				continue
			}
			text := []byte(quick)
			if p.print != nil {
				text = hurried(t, s.printed(t, p), true)
			}
			text, names := plain(t, text)
			work := t.TempDir()
			file := filepath.Join(work, "rules.yaml")
			if err := os.WriteFile(file, text, 0o644); err != nil {
				t.Fatal(err)
			}
			r := s.replay(t, file, p.flags...)
			if begin := r.Alerting.Grid.From; !begin.Equal(begin.Truncate(time.Minute)) {
				names = slices.DeleteFunc(names, func(name string) bool { return ofAbsence(t, text, name) })
			}
			test, checks, firing := r.unitTest(t, tools["2.42"], file, names)
			if err := os.WriteFile(filepath.Join(work, "test.yaml"), test, 0o644); err != nil {
				t.Fatal(err)
			}
			for version, promtool := range tools {
				if out, err := exec.Command(promtool, "test", "rules", filepath.Join(work, "test.yaml")).CombinedOutput(); err != nil {
					t.Errorf("%s %s in Prometheus %s: %v\n%.4000s", s.name, p.name, version, err, out)
				}
			}
			t.Logf("%-10s %-16s %d checks, %d with alerts that fire", s.name, p.name, checks, firing)
		}
	})
}

// ofAbsence reports whether an alert is about something that is absent. promtool evaluates once
// before the first scrape of a story that does not begin with a minute, and misses everything then.
func ofAbsence(t *testing.T, rules []byte, alert string) bool {
	t.Helper()
	var file ruleFile
	if err := yaml.Unmarshal(rules, &file); err != nil {
		t.Fatal(err)
	}
	for _, g := range file.Groups {
		for _, r := range g.Rules {
			if r.Alert == alert && strings.Contains(r.Expr, "absent(") {
				return true
			}
		}
	}
	return false
}

// full reports whether tests are to run in their long form.
func full() bool { return os.Getenv("FLUXTRAIL_E2E_FULL") == "1" }

var dumped = regexp.MustCompile(`^(\{.*\}) (\S+) (\d+)$`)

// unitTest is a test of promtool's with the samples of the blocks as input, and the alerts of the
// report as what is expected at each minute. Its time begins at zero: times among the values are
// moved by as much.
func (r *replayed) unitTest(t *testing.T, promtool, rules string, names []string) (text []byte, checks, firing int) {
	t.Helper()
	blocks := filepath.Join(r.dir, "blocks")
	if err := os.MkdirAll(filepath.Join(blocks, "wal"), 0o755); err != nil { // this promtool wants one
		t.Fatal(err)
	}
	out, err := exec.Command(promtool, "tsdb", "dump", blocks).Output()
	if err != nil {
		t.Fatalf("promtool cannot read the blocks: %v", err)
	}
	start := r.Alerting.Grid.From.Truncate(time.Minute)
	values := map[string][]string{}
	for line := range strings.Lines(string(out)) {
		m := dumped.FindStringSubmatch(strings.TrimSuffix(line, "\n"))
		if m == nil {
			t.Fatalf("a sample that is none: %s", line)
		}
		if strings.Contains(m[1], `__name__="ALERTS`) || strings.Contains(m[1], `__name__="failing"`) {
			continue
		}
		ms, _ := strconv.ParseInt(m[3], 10, 64)
		at := int(time.UnixMilli(ms).Sub(start) / (30 * time.Second))
		for len(values[m[1]]) < at {
			values[m[1]] = append(values[m[1]], "_")
		}
		v := strings.ReplaceAll(m[2], "NaN", "stale")
		if strings.Contains(m[1], `_timestamp_seconds"`) && v != "stale" {
			f, _ := strconv.ParseFloat(v, 64)
			v = strconv.FormatFloat(f-float64(start.Unix()), 'f', -1, 64)
		}
		values[m[1]] = append(values[m[1]], v)
	}
	type series struct {
		Series string `json:"series"`
		Values string `json:"values"`
	}
	type expected struct {
		Labels map[string]string `json:"exp_labels"`
	}
	type check struct {
		At     string     `json:"eval_time"`
		Name   string     `json:"alertname"`
		Alerts []expected `json:"exp_alerts"`
	}
	type test struct {
		Interval string   `json:"interval"`
		Input    []series `json:"input_series"`
		Checks   []check  `json:"alert_rule_test"`
	}
	one := test{Interval: "30s"}
	for name, list := range values {
		one.Input = append(one.Input, series{metric(name), strings.Join(list, " ")})
	}
	for at := start; !at.After(r.Alerting.Grid.To); at = at.Add(time.Minute) {
		for _, name := range names {
			c := check{At: at.Sub(start).String(), Name: name, Alerts: []expected{}}
			for i := range r.Alerts {
				if a := &r.Alerts[i]; a.Name == name && a.firing(at) {
					labels := map[string]string{}
					for k, v := range a.Labels {
						if k != "alertname" {
							labels[k] = v
						}
					}
					c.Alerts = append(c.Alerts, expected{labels})
				}
			}
			firing += min(1, len(c.Alerts))
			one.Checks = append(one.Checks, c)
		}
	}
	text, err = yaml.Marshal(map[string]any{
		"rule_files": []string{rules}, "evaluation_interval": "1m", "tests": []test{one},
	})
	if err != nil {
		t.Fatal(err)
	}
	return text, len(one.Checks), firing
}

// metric is a series as tests write it.
func metric(dump string) string {
	m := regexp.MustCompile(`__name__="([^"]*)"(, )?`).FindStringSubmatch(dump)
	return m[1] + strings.Replace(dump, m[0], "", 1)
}

// episode is a time in which the API server had an object as not ready.
type episode struct {
	object   string
	from, to time.Time
}

// surely reports whether an object that is not ready must have a page: not where it waits for its
// source, which may be on its way, nor an ArtifactGenerator, which is suspended by an annotation of
// which conditions do not tell.
func surely(kind, reason string) bool {
	return reason != "SourceNotReady" && kind != "ArtifactGenerator"
}

// maybe reports whether it may have one.
func maybe(string, string) bool { return true }

// episodes are those of a story, as its conditions tell. Waiting for a dependency is none.
func episodes(t *testing.T, dir string, end time.Time, counts func(kind, reason string) bool) (all []episode) {
	t.Helper()
	text, err := os.ReadFile(dir + "/conditions.jsonl")
	if err != nil {
		t.Skip(err)
	}
	open := map[string]time.Time{}
	for line := range strings.Lines(string(text)) {
		var c struct {
			T                     float64
			Kind, Namespace, Name string
			Ready, Reason         string
			Deleted, Suspended    bool
		}
		if err := json.Unmarshal([]byte(line), &c); err != nil {
			t.Fatal(err)
		}
		object := c.Kind + "/" + c.Namespace + "/" + c.Name
		at := time.UnixMicro(int64(c.T * 1e6))
		bad := c.Ready == "False" && !c.Deleted && !c.Suspended && c.Reason != "DependencyNotReady" && counts(c.Kind, c.Reason)
		from, failing := open[object]
		switch {
		case bad && !failing:
			open[object] = at
		case failing && !bad && c.Ready != "Unknown":
			all = append(all, episode{object, from, at})
			delete(open, object)
		}
	}
	for object, from := range open {
		all = append(all, episode{object, from, end})
	}
	slices.SortFunc(all, func(a, b episode) int { return a.from.Compare(b.from) })
	return all
}

func object(a alert) string {
	return cmp.Or(a.Labels["kind"], a.Labels["customresource_kind"]) + "/" + a.Labels["exported_namespace"] + "/" + a.Labels["name"]
}
