package prom

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/prometheus/common/expfmt"

	"fluxtrail/derive"
	"fluxtrail/parse"
)

func run(o derive.Ref, outcome, reason string, took int64, id string) []derive.Attempt {
	return []derive.Attempt{{At: noon, Object: o, Controller: "kustomize-controller", Outcome: outcome, Reason: reason, Took: took, ID: attemptID(id)}}
}

// shown is all of the State that a scrape can see.
func shown(t testing.TB, s *State) string {
	return exposition(t, registry(t, s, Agent{}), expfmt.TypeOpenMetrics)
}

func TestRoundTrip(t *testing.T) {
	s := sample()
	back := again(t, s)
	if d := cmp.Diff(shown(t, s), shown(t, back)); d != "" {
		t.Errorf("exposition (-saved +loaded):\n%s", d)
	}
	a, _ := json.Marshal(s)
	b, _ := json.Marshal(back)
	if d := cmp.Diff(string(a), string(b)); d != "" {
		t.Errorf("saved form (-first +second):\n%s", d)
	}
}

func TestUnmarshalRefuses(t *testing.T) {
	for _, bad := range []string{``, `{`, `{"version":99}`, `[]`, `{"version":2,"counts":7}`,
		`{"version":2,"objects":[null]}`, `{"version":2,"objects":[{"Name":"a"},{"Name":"a"}]}`, `{"version":2,"kinds":{"A":null}}`,
		`{"version":2,"counts":{"x":[{"labels":["a"],"n":-1}]}}`, `{"version":2,"counts":{"x":[{"n":1},{"n":1}]}}`,
		`{"version":2,"others":{"failures":-1}}`, `{"version":2,"others":{"opened":{"a":-1}}}`,
		`{"version":2,"kinds":{"A":{"took":{"count":1}}}}`, `{"version":2,"objects":[{"took":{"count":2,"buckets":[[5,1],[5,1]]}}]}`,
	} {
		s := sample()
		if err := s.UnmarshalJSON([]byte(bad)); err == nil {
			t.Errorf("%q was taken for a State", bad)
		}
		if text := shown(t, s); strings.Contains(text, "apps") {
			t.Errorf("%q left something behind", bad)
		}
	}
	for _, odd := range []string{`{"version":2}`, `{"version":2,"counts":{"x":null},"others":null}`} {
		s := New(Config{})
		if err := s.UnmarshalJSON([]byte(odd)); err != nil {
			t.Error(err)
		}
		s.Add(run(apps, "failed", "", 1, ""))
		shown(t, s)
	}
}

// trail is the lane as this package sees it: an engine and a State, which live and die together.
type trail struct {
	engine *derive.Engine
	state  *State
}

func newTrail() *trail {
	return &trail{derive.New(derive.Config{KeepAttempts: true, Announce: true}), New(Config{})}
}

func (tr *trail) batch(lines []line) {
	for i := range lines {
		tr.engine.Add(&lines[i].rec, lines[i].at)
	}
	tr.engine.Take()
	tr.state.Add(tr.engine.TakeAttempts())
	tr.state.Lines(tr.engine.TakeCounts())
	tr.state.Incidents(tr.engine.TakeAnnouncements())
	tr.state.Observe(tr.engine.View())
}

// Saved and loaded at any line, all numbers come out as if nothing had happened.
func TestGoesOn(t *testing.T) {
	lines := demo(t)
	through := func(cut int) string {
		tr := newTrail()
		for i := range lines {
			tr.batch(lines[i : i+1])
			if i == cut {
				tr = restart(t, tr)
			}
		}
		return shown(t, tr.state)
	}
	want := through(-1)
	for _, family := range []string{attemptsFamily, failuresFamily, openedFamily, objectDurationFamily + "_count", linesFamily} {
		if !strings.Contains(want, "\n"+family+"{") {
			t.Fatalf("the demo shows no %s", family)
		}
	}
	for cut := 0; cut < len(lines); cut += len(lines)/40 + 1 {
		if d := cmp.Diff(want, through(cut)); d != "" {
			t.Fatalf("saved and loaded after line %d (-straight +restarted):\n%s", cut, d)
		}
	}
}

func restart(t *testing.T, tr *trail) *trail {
	t.Helper()
	engine, err := json.Marshal(tr.engine)
	if err != nil {
		t.Fatal(err)
	}
	back := &trail{derive.New(derive.Config{KeepAttempts: true, Announce: true}), again(t, tr.state)}
	if err := json.Unmarshal(engine, back.engine); err != nil {
		t.Fatal(err)
	}
	return back
}

// The lane is killed at random moments: before it saved, between saving and publishing, after both.
// It reads again from its last marks. No counter that was scraped is ever higher than at a later
// scrape, and at the end all are as if it had never been killed.
func TestKilled(t *testing.T) {
	lines := demo(t)
	straight := newTrail()
	for i := 0; i < len(lines); i += 10 {
		straight.batch(lines[i:min(i+10, len(lines))])
	}
	for seed := range uint64(20) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		tr := newTrail()
		saved, mark := restart(t, tr), 0
		var scraped map[string]float64
		for mark < len(lines) {
			end := min(mark+10, len(lines))
			tr.batch(lines[mark:end])
			if rnd.IntN(8) == 0 { // killed before saving
				tr = restart(t, saved)
				continue
			}
			saved, mark = restart(t, tr), end
			if rnd.IntN(8) == 0 { // killed before publishing
				tr = restart(t, saved)
			}
			if rnd.IntN(4) > 0 {
				now := totals(t, tr.state)
				for name, before := range scraped {
					if now[name] < before {
						t.Fatalf("seed %d: %s was scraped as %v, then as %v", seed, name, before, now[name])
					}
				}
				scraped = now
			}
		}
		if d := cmp.Diff(totals(t, straight.state), totals(t, tr.state)); d != "" {
			t.Fatalf("seed %d (-never killed +killed):\n%s", seed, d)
		}
	}
}

// totals are the values of all counters, histograms' included, by series.
func totals(t *testing.T, s *State) map[string]float64 {
	out := map[string]float64{}
	for l := range strings.Lines(exposition(t, registry(t, s, Agent{}), expfmt.TypeTextPlain)) {
		series, value, _ := strings.Cut(strings.TrimSpace(l), "} ")
		name, _, _ := strings.Cut(series, "{")
		if strings.HasSuffix(name, "_total") || strings.HasSuffix(name, "_bucket") || strings.HasSuffix(name, "_count") || strings.HasSuffix(name, "_sum") {
			var v float64
			fmt.Sscan(value, &v)
			out[series] = v
		}
	}
	return out
}

// value is one sample of the State's plain exposition, "" when there is none.
func value(t *testing.T, s *State, series string) string {
	for l := range strings.Lines(exposition(t, registry(t, s, Agent{}), expfmt.TypeOpenMetrics)) {
		if v, ok := strings.CutPrefix(l, series+" "); ok {
			v, _, _ = strings.Cut(strings.TrimSpace(v), " # ")
			return v
		}
	}
	return ""
}

func seen(o derive.Ref, status derive.Status, since, due int64) derive.Seen {
	return derive.Seen{Object: &derive.Object{Ref: o, Promise: derive.Promise{Made: since, Due: due}}, Status: status, Ready: "True", Since: since}
}

func TestOverflow(t *testing.T) {
	s := New(Config{Objects: 3, Durations: 2, Series: 4})
	var view derive.View
	for i := range 10 {
		o := apps
		o.Name = fmt.Sprint("app-", i)
		for range 2 {
			s.Add(run(o, "failed", fmt.Sprint("Reason", i), 1e9, ""))
		}
		view.Objects = append(view.Objects, seen(o, derive.Ready, noon, 0))
	}
	view.At = noon
	view.Objects[9].Ready, view.Objects[9].Status = "False", derive.Failing
	s.Observe(view)
	rest := `{exported_namespace="overflow",kind="overflow",name="overflow"}`
	for series, want := range map[string]string{
		`fluxtrail_object_failures_total{exported_namespace="shop",kind="Kustomization",name="app-2"}`:                                 "2.0",
		`fluxtrail_object_failures_total` + rest:                                                                                       "14.0",
		`fluxtrail_object_reconcile_duration_seconds_count` + rest:                                                                     "16",
		`fluxtrail_reconcile_attempts_total{controller="overflow",kind="overflow",outcome="overflow",reason="overflow"}`:               "12.0",
		`fluxtrail_reconcile_attempts_total{controller="kustomize-controller",kind="Kustomization",outcome="failed",reason="Reason3"}`: "2.0",
		`fluxtrail_series_overflow_total{family="fluxtrail_object_failures_total"}`:                                                    "14.0",
		`fluxtrail_series_overflow_total{family="fluxtrail_object_reconcile_duration_seconds"}`:                                        "16.0",
		`fluxtrail_series_overflow_total{family="fluxtrail_reconcile_attempts_total"}`:                                                 "12.0",
		`fluxtrail_object_ready` + rest: "0.0",
		`fluxtrail_object_status{exported_namespace="overflow",kind="overflow",name="overflow",status="ready"}`: "6.0",
		`fluxtrail_tracked_objects{series="own"}`:      "3.0",
		`fluxtrail_tracked_objects{series="overflow"}`: "7.0",
	} {
		if got := value(t, s, series); got != want {
			t.Errorf("%s %s, want %s", series, got, want)
		}
	}
}

// An idle object goes, and when it comes back its counters begin at zero with a later created
// timestamp. One whose next run is only due stays. What is not by object stays for good.
func TestExpiry(t *testing.T) {
	s := New(Config{TTL: 24 * time.Hour})
	s.Add(run(apps, "failed", "BuildFailed", 1e9, ""))
	s.Add(run(infra, "failed", "BuildFailed", 1e9, ""))
	s.Add(run(cache, "deleted", "", 0, ""))
	view := func(d time.Duration) {
		s.Observe(derive.View{At: at(d), Objects: []derive.Seen{
			seen(apps, derive.Ready, noon, 0),
			seen(infra, derive.Ready, noon, at(20*time.Hour)),
			seen(cache, derive.Deleted, noon, 0),
		}})
	}
	has := func(family string, o derive.Ref) bool {
		return value(t, s, fmt.Sprintf("%s{exported_namespace=%q,kind=%q,name=%q}", family, o.Namespace, o.Kind, o.Name)) != ""
	}
	created := `fluxtrail_object_failures_created{exported_namespace="shop",kind="Kustomization",name="apps"}`
	failures := `fluxtrail_object_failures_total{exported_namespace="shop",kind="Kustomization",name="apps"}`

	view(time.Minute)
	if has("fluxtrail_object_ready", cache) || !has("fluxtrail_object_failures_total", cache) {
		t.Error("a deleted object has its counters still, but no gauges")
	}
	first := value(t, s, created)
	view(2 * time.Hour)
	if has("fluxtrail_object_failures_total", cache) {
		t.Error("the deleted object is still there two hours later")
	}
	view(25 * time.Hour)
	if has("fluxtrail_object_failures_total", apps) || has("fluxtrail_object_ready", apps) {
		t.Error("the idle object is still there")
	}
	if !has("fluxtrail_object_failures_total", infra) || !has("fluxtrail_object_ready", infra) {
		t.Error("an object that was due five hours ago is gone")
	}
	back := run(apps, "failed", "BuildFailed", 1e9, "")
	back[0].At = at(26 * time.Hour)
	s.Add(back)
	if got := value(t, s, failures); got != "1.0" {
		t.Errorf("after it came back: %s", got)
	}
	if now := value(t, s, created); now <= first {
		t.Errorf("created at %s, then at %s", first, now)
	}
	if got := value(t, s, `fluxtrail_reconcile_attempts_total{controller="kustomize-controller",kind="Kustomization",outcome="failed",reason="BuildFailed"}`); got != "3.0" {
		t.Errorf("attempts by kind: %s", got)
	}
}

// TestIncidents counts each step once.
func TestIncidents(t *testing.T) {
	t.Parallel()
	incident := func(closed string) derive.Incident {
		return derive.Incident{Object: apps, OpenedAt: noon, ResolvedAt: at(time.Minute), Reason: "BuildFailed", ReasonFirst: "ArtifactFailed", ClosedReason: closed}
	}
	still := incident("")
	still.ResolvedAt = 0
	short := []derive.Announcement{{At: noon, State: derive.Pending, Incident: still}, {At: noon, State: derive.Withdrawn, Incident: still}}
	for _, c := range []struct {
		name                                string
		steps                               []derive.Announcement
		opened, resolved, closed, withdrawn string
	}{
		{"open", steps(still), "1.0", "", "", ""},
		{"firing", []derive.Announcement{{At: noon, State: derive.Firing, Incident: still}}, "", "", "", ""},
		{"resolved", steps(incident("")), "1.0", "1.0", "", ""},
		{"two", slices.Concat(steps(incident("")), steps(still)), "2.0", "1.0", "", ""},
		{"closed", steps(incident("deleted")), "1.0", "", "1.0", ""},
		{"withdrawn", short, "1.0", "", "", "1.0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := New(Config{})
			s.Incidents(c.steps)
			s = again(t, s)
			for series, want := range map[string]string{
				`fluxtrail_incidents_total{exported_namespace="shop",kind="Kustomization",name="apps",reason="ArtifactFailed"}`: c.opened,
				`fluxtrail_incidents_ended_total{kind="Kustomization",reason="BuildFailed",state="resolved"}`:                   c.resolved,
				`fluxtrail_incidents_ended_total{kind="Kustomization",reason="BuildFailed",state="closed"}`:                     c.closed,
				`fluxtrail_incidents_ended_total{kind="Kustomization",reason="BuildFailed",state="withdrawn"}`:                  c.withdrawn,
				`fluxtrail_incident_recovery_seconds_count{exported_namespace="shop",kind="Kustomization",name="apps"}`:         strings.TrimSuffix(c.resolved, ".0"),
			} {
				if got := value(t, s, series); got != want {
					t.Errorf("%s %q, want %q", series, got, want)
				}
			}
		})
	}
}

// TestManyReasons bounds the series that the reasons of one object make.
func TestManyReasons(t *testing.T) {
	t.Parallel()
	s := New(Config{})
	for i := range 3 * maxReasons {
		s.Incidents(steps(derive.Incident{Object: apps, OpenedAt: noon, ReasonFirst: fmt.Sprint("Reason", i)}))
	}
	if n := strings.Count(shown(t, s), "\nfluxtrail_incidents_total{"); n != maxReasons+1 {
		t.Errorf("%d series", n)
	}
	rest := `fluxtrail_incidents_total{exported_namespace="shop",kind="Kustomization",name="apps",reason="overflow"}`
	if got := value(t, s, rest); got != fmt.Sprint(2*maxReasons, ".0") {
		t.Errorf("overflow %s", got)
	}
}

// TestLines adds up what was counted, and shows a controller that did nothing yet.
func TestLines(t *testing.T) {
	t.Parallel()
	s := New(Config{})
	for _, n := range []derive.PodCounts{{Error: 5}, {Error: 2, Throttled: 1}, {}} {
		s.Lines([]derive.ControllerCounts{
			{Controller: "helm-controller", Since: noon, PodCounts: n},
			{Controller: "kustomize-controller", Since: noon},
		})
	}
	for series, want := range map[string]string{
		`fluxtrail_lines_total{controller="helm-controller",level="error"}`:                 "7.0",
		`fluxtrail_lines_total{controller="helm-controller",level="info"}`:                  "0.0",
		`fluxtrail_lines_total{controller="kustomize-controller",level="error"}`:            "0.0",
		`fluxtrail_controller_events_total{controller="helm-controller",event="throttled"}`: "1.0",
	} {
		if got := value(t, s, series); got != want {
			t.Errorf("%s %q, want %s", series, got, want)
		}
	}
}

func TestExemplar(t *testing.T) {
	long := apps
	long.Name = strings.Repeat("x", 100)
	for _, c := range []struct {
		name   string
		object derive.Ref
		id     string
		want   exemplar
	}{
		{"both", apps, runUUID, exemplar{ID: runID, Object: "Kustomization/shop/apps"}},
		{"no room for the object", long, runUUID, exemplar{ID: runID}},
		{
			"a name that a terminal would obey", derive.Ref{Kind: "Kustomization", Namespace: "shop", Name: "a\u202e\x1bb"}, runUUID,
			exemplar{ID: runID, Object: "Kustomization/shop/a\uFFFD\uFFFDb"},
		},
		{"none in this era", apps, "", exemplar{}},
		{"no text", apps, "\xff", exemplar{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := newExemplar(&run(c.object, "failed", "", 0, c.id)[0])
			if got.ID != c.want.ID || got.Object != c.want.Object {
				t.Errorf("got %q %q", got.ID, got.Object)
			}
			s := New(Config{})
			s.Add(run(c.object, "failed", "", 1e9, c.id))
			if _, err := testutil.GatherAndCount(registry(t, s, Agent{})); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestRestartCountsNoLineAgain restarts a lane that follows one log of several pods, as stern and
// "kubectl logs --prefix" write it: no line is counted again, with the next save or later.
func TestRestartCountsNoLineAgain(t *testing.T) {
	t.Parallel()
	const series = `fluxtrail_lines_total{controller="kustomize-controller",level="info"}`
	tr := newTrail()
	batch := func(lines int) {
		var all []line
		for i := range lines {
			l := line{at: derive.Place{Source: 0, Pod: "kustomize-controller-7d4f8b9c6d-bcdf" + string(rune('g'+i%2))}}
			l.rec.Time, l.rec.Level, l.rec.Msg = noon, parse.LevelInfo, "x"
			all = append(all, l)
		}
		tr.batch(all)
	}
	tr.engine.AddSource(0, "") // the path names no pod
	batch(50)
	tr = restart(t, tr)
	tr.engine.AddSource(0, "")
	for _, step := range []struct {
		lines int
		want  string
	}{{5, "55.0"}, {0, "55.0"}, {2, "57.0"}, {0, "57.0"}} {
		batch(step.lines)
		if got := value(t, tr.state, series); got != step.want {
			t.Errorf("after %d more lines: %s, want %s", step.lines, got, step.want)
		}
	}
}
