package alerts

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fluxtrail/api"
)

const minute = int64(time.Minute / time.Millisecond)

// evaluated evaluates rules over series that the caller sets, for two hours from time zero on. The
// form is "Name{labels} active fired resolved value" with times in minutes.
func evaluated(t *testing.T, rules string, fill func(*store), change func(*evaluation)) []string {
	t.Helper()
	set, err := readSet("rules.yaml", []byte(rules))
	if err != nil {
		t.Fatal(err)
	}
	from := newStore()
	fill(from)
	from.until = 120 * minute
	e, err := newEvaluation(set, from, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	change(e)
	e.run(context.Background(), time.Unix(0, -1), time.UnixMilli(60*minute))
	e.run(context.Background(), time.UnixMilli(60*minute), time.UnixMilli(120*minute))
	for _, f := range e.failures() {
		t.Log(f.Rule, f.Error)
	}
	var out []string
	for _, l := range e.alerts() {
		at := func(t time.Time) string {
			if t.IsZero() {
				return "-"
			}
			return fmt.Sprint(t.Sub(time.UnixMilli(0)).Minutes())
		}
		out = append(out, fmt.Sprintf("%s %s %s %s %s %g", l.rule, l.labels["name"], at(l.active), at(l.fired), at(l.resolved), l.value))
	}
	return out
}

func asIs(*evaluation) {}

// failing is a series that is 1 from one minute to another, and 0 else.
func failing(s *store, name string, from, to int64) {
	x := s.find("failing", []string{"name"}, []string{name})
	x.set(0, 0, 30_000)
	x.set(from*minute, 1, 30_000)
	x.set(to*minute, 0, 30_000)
}

const someRules = `
groups:
  - name: objects
    rules:
      - {record: "broken", expr: "max by (name) (failing) > 0"}
      - {alert: Failing, expr: "max by (name) (failing) > 0", for: 10m, annotations: {summary: "{{ $labels.name }} {{ $value }}"}}
      - {alert: Kept, expr: "failing > 0", keep_firing_for: 7m}
      - {alert: Recorded, expr: "broken", for: 2m}
      - {alert: Told, expr: 'ALERTS{alertname="Failing",alertstate="firing"}'}
      - {alert: Often, expr: "changes(failing[30m]) >= 4"}
  - name: slow
    interval: 5m
    rules:
      - {alert: Slow, expr: "failing > 0"}
      - {alert: Gone, expr: "absent(failing)"}
`

func story(s *store) {
	failing(s, "long", 12, 40)
	failing(s, "short", 50, 53)
	failing(s, "open", 100, 1000)
	x := s.find("failing", []string{"name"}, []string{"flaps"})
	for i := int64(0); i < 20; i++ {
		x.set((60+2*i)*minute, float64(i%2), 30_000)
	}
	x.end(100*minute, 30_000)
}

func TestEvaluation(t *testing.T) {
	t.Parallel()
	got := evaluated(t, someRules, story, asIs)
	var long []string
	for _, line := range got {
		if !strings.Contains(line, "flaps") && !strings.HasPrefix(line, "Often") {
			long = append(long, line)
		}
	}
	want := []string{
		"Failing long 12 22 40 1", "Kept long 12 12 47 1", "Recorded long 12 14 40 1", "Slow long 15 15 40 1",
		"Told long 22 22 40 1",
		"Failing short 50 - 53 1", "Kept short 50 50 60 1", "Recorded short 50 52 53 1", "Slow short 50 50 55 1",
		"Failing open 100 110 - 1", "Kept open 100 100 - 1", "Recorded open 100 102 - 1", "Slow open 100 100 - 1",
		"Told open 110 110 - 1",
	}
	if diff := cmp.Diff(want, long); diff != "" {
		t.Error(diff)
	}
}

// Many times at once is what makes an hour of 5,000 objects quick. It must change nothing.
func TestManyTimesAtOnceAreTheSameAsEach(t *testing.T) {
	t.Parallel()
	alone := 0
	got := evaluated(t, someRules, story, func(e *evaluation) {
		for _, yes := range e.alone {
			if yes {
				alone++
			}
		}
	})
	each := evaluated(t, someRules, story, func(e *evaluation) { clear(e.alone) })
	if diff := cmp.Diff(each, got); diff != "" || alone != 4 {
		t.Errorf("%d alone: %s", alone, diff)
	}
}

// What an alert says is expanded when it becomes active and when it fires, and is what Prometheus
// would have expanded then. A rule that reads ALERTS is left to Prometheus as a whole.
func TestTextsAreThoseOfPrometheus(t *testing.T) {
	t.Parallel()
	const rule = `
groups:
  - name: g
    query_offset: 3m
    labels: {all: "of $1 \"group\""}
    rules:
      - alert: A
        expr: (timestamp(failing) * (failing > bool 0) > 0) OR
        for: 5m
        labels: {severity: page, name: "{{ $labels.name }}-x", empty: "", cost: "$5 \\ %"}
        annotations:
          summary: "{{ $labels.name }} {{ $value }} {{ $labels.severity }}{{ $labels }}"
          bad: '{{ index $labels.name 99 }}'
          query: "{{ range query \"failing\" }}{{ .Labels.name }} {{ end }}"
`
	texts := func(or string) (out []string) {
		set, err := readSet("r", []byte(strings.Replace(rule, "OR", or, 1)))
		if err != nil {
			t.Fatal(err)
		}
		from := newStore()
		story(from)
		from.until = 120 * minute
		e, err := newEvaluation(set, from, time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		e.run(context.Background(), time.Unix(0, -1), time.UnixMilli(120*minute))
		for _, l := range e.alerts() {
			if !l.fired.IsZero() {
				out = append(out, fmt.Sprint(l.active.Unix(), l.fired.Unix(), l.labels, l.notes))
			}
		}
		return out
	}
	whole, lean := texts(`or ALERTS{alertname="none"}`), texts("")
	if diff := cmp.Diff(whole, lean); diff != "" || len(lean) < 2 {
		t.Errorf("%d: %s", len(lean), diff)
	}
}

// With the value among its labels a rule makes other alerts at each evaluation. What is kept of
// them is bounded, and the rest is counted.
func TestStormIsBounded(t *testing.T) {
	t.Parallel()
	set, err := readSet("r", []byte(`groups: [{name: g, rules: [{alert: A, expr: "time() + failing", labels: {now: "{{ $value }}"}}]}]`))
	if err != nil {
		t.Fatal(err)
	}
	from := newStore()
	failing(from, "a", 0, 1000)
	from.until = 120 * minute
	e, err := newEvaluation(set, from, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	e.firedLeft, e.own.deaf = 10, true
	e.run(context.Background(), time.Unix(0, -1), time.UnixMilli(120*minute))
	if len(e.alerts()) != 11 || e.omitted != 109 || len(e.own.byKey) != 0 {
		t.Errorf("%d alerts, %d left out, %d series", len(e.alerts()), e.omitted, len(e.own.byKey))
	}
}

func TestFailureIsTold(t *testing.T) {
	t.Parallel()
	set, err := readSet("r", []byte(`groups: [{name: g, rules: [{alert: A, expr: "failing > 0", labels: {name: same}}]}]`))
	if err != nil {
		t.Fatal(err)
	}
	from := newStore()
	failing(from, "a", 0, 10)
	failing(from, "b", 5, 10)
	from.until = 20 * minute
	e, err := newEvaluation(set, from, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	e.run(context.Background(), time.Unix(0, -1), time.UnixMilli(20*minute))
	got := e.failures()
	if len(got) != 1 || got[0].Rule != "g/A" || got[0].Times != 5 || !strings.Contains(got[0].Error, "same labelset") {
		t.Errorf("%+v", got)
	}
}

// Samples that a function over a range does not need are left out. It must change nothing, either.
func TestThinnedSamplesAreTheSameAsAll(t *testing.T) {
	t.Parallel()
	var rules strings.Builder
	rules.WriteString("groups:\n- name: g\n  rules:\n")
	functions := []string{
		"max_over_time", "min_over_time", "last_over_time", "present_over_time", "changes", "resets", "sum_over_time", "increase",
	}
	for _, f := range functions {
		for _, window := range []string{"1m", "150s", "10m", "1h"} {
			fmt.Fprintf(&rules, "  - {alert: %s_%s, expr: '%s(failing[%s]) * 1'}\n", f, window, f, window)
			fmt.Fprintf(&rules, "  - {alert: sub_%s_%s, expr: 'sum by (name) (%s(failing[%s]) > 1)'}\n", f, window, f, window)
		}
	}
	fill := func(apart bool) func(*store) {
		return func(s *store) {
			story(s)
			for _, f := range s.byName {
				for _, x := range f.all {
					if !apart { // single samples cannot be thinned
						x.runs = singly(x, 120*minute)
					}
				}
			}
		}
	}
	got := evaluated(t, rules.String(), fill(true), asIs)
	if diff := cmp.Diff(evaluated(t, rules.String(), fill(false), asIs), got); diff != "" || len(got) < 100 {
		t.Errorf("%d alerts: %s", len(got), diff)
	}
}

// singly has a run for each sample.
func singly(x *series, until int64) (all []run) {
	for _, p := range points(&samples[int64]{runs: x.runs, until: until}, 0) {
		all = append(all, run{p.T, p.T, 0, p.V})
	}
	return all
}

// TestInterrupted ends the evaluation of many hours with the context, and has no alerts of it.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	set, err := readSet("r.yaml", []byte("groups: [{name: g, rules: [{alert: A, expr: vector(1)}]}]"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := New(Options{Rules: set})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	r.Due(ctx, int64(time.Hour))
	r.scraped = int64(1000 * time.Hour)
	cancel()
	_, err = r.End(ctx, func(func(api.Incident) bool) {}, 0, func(api.Ref) bool { return true }, 0)
	if !errors.Is(err, context.Canceled) || len(r.sets[0].alerts()) > 0 {
		t.Errorf("%v, %d alerts", err, len(r.sets[0].alerts()))
	}
	if _, err := r.sets[0].query(ctx, "vector(1)", time.Unix(0, 0)); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
