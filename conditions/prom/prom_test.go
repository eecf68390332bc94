package prom

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fluxtrail/conditions"
	"fluxtrail/conditions/conditionstest"
	"fluxtrail/parse/redact"
	"fluxtrail/sinks"
)

// A series has a value at each of its times, in seconds.
type series struct {
	labels string // name="value" pairs
	values map[float64]string
}

// fake answers raw range queries as Prometheus before version 3 does, with both ends of a range.
type fake struct {
	t       *testing.T
	series  []series
	most    int // samples in one answer
	busy    int // how many requests are refused first
	queries int
	noPost  bool
}

var pair = regexp.MustCompile(`(\w+)="([^"]*)"`)

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if user, password, _ := r.BasicAuth(); r.Header.Get("X-Scope-OrgID") != "team" || user != "me" || password != "pw" {
		http.Error(w, "no", http.StatusUnauthorized)
		return
	}
	if f.busy > 0 {
		f.busy--
		w.Header().Set("Retry-After", "0")
		http.Error(w, "busy", http.StatusTooManyRequests)
		return
	}
	if r.URL.Path != "/prometheus/api/v1/query" || f.noPost && r.Method == http.MethodPost {
		http.Error(w, "", http.StatusMethodNotAllowed)
		return
	}
	if strings.Contains(r.FormValue("query"), " and on(") {
		f.processes(w, r)
		return
	}
	f.queries++
	m := regexp.MustCompile(`\[(\d+)ms\]$`).FindStringSubmatch(r.FormValue("query"))
	end, err := strconv.ParseFloat(r.FormValue("time"), 64)
	if m == nil || err != nil {
		f.t.Errorf("query %q at %q", r.FormValue("query"), r.FormValue("time"))
		return
	}
	span, _ := strconv.ParseFloat(m[1], 64)
	result, n := []any{}, 0
	for _, s := range f.series {
		metric, values := map[string]string{}, [][2]any{}
		for _, p := range pair.FindAllStringSubmatch(s.labels, -1) {
			metric[p[1]] = p[2]
		}
		for at := end - span/1000; at <= end; at = float64(int(at) + 1) {
			if v, ok := s.values[at]; ok {
				values = append(values, [2]any{at, v})
			}
		}
		if n += len(values); len(values) > 0 {
			result = append(result, map[string]any{"metric": metric, "values": values})
		}
	}
	if f.most > 0 && n > f.most {
		w.WriteHeader(http.StatusUnprocessableEntity)
		fmt.Fprint(w, `{"status":"error","errorType":"execution","error":"query processing would load too many samples into memory"}`)
		return
	}
	_ = json.NewEncoder(w).Encode(map[string]any{
		"status": "success", "data": map[string]any{"resultType": "matrix", "result": result}, "warnings": []string{"of " + conditionstest.Secret},
	})
}

// processes answers what is asked of the controllers' processes.
func (f *fake) processes(w http.ResponseWriter, r *http.Request) {
	at, _ := strconv.ParseFloat(r.FormValue("time"), 64)
	result := []any{}
	if strings.Contains(r.FormValue("query"), "controller_runtime_reconcile_panics_total") {
		result = append(result, map[string]any{"metric": map[string]string{
			"__name__": "controller_runtime_reconcile_panics_total", "controller": "kustomization", "instance": "a",
		}, "value": [2]any{at, "1"}})
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"status": "success", "data": map[string]any{"resultType": "vector", "result": result}})
}

// each gives a value at every step of a span, in seconds.
func each(from, to, step float64, value string) map[float64]string {
	all := map[float64]string{}
	for at := from; at < to; at += step {
		all[at] = value
	}
	return all
}

const day = 1795564800 // a Wednesday in 2026, at midnight

func (f *fake) read(t *testing.T, from, to int64) *conditions.Evidence {
	t.Helper()
	f.t = t
	server := httptest.NewServer(f)
	t.Cleanup(server.Close)
	secrets, err := redact.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(Config{
		URL: server.URL + "/prometheus/", Redact: func(s string) string {
			return strings.ReplaceAll(secrets.String(s), conditionstest.Secret, "<redacted>")
		},
		HTTP: sinks.HTTP{
			Basic: sinks.Basic{Username: "me", Password: "pw"}, Headers: []sinks.Header{{Name: "X-Scope-OrgID", Value: "team"}},
		},
		Policy: sinks.Policy{Min: time.Millisecond, Max: time.Millisecond},
	})
	if err != nil {
		t.Fatal(err)
	}
	told, err := s.Read(t.Context(), from*1e9, to*1e9)
	if err != nil {
		t.Fatal(err)
	}
	conditionstest.Check(t, told.Observations)
	return told
}

func describe(told *conditions.Evidence) string {
	var b strings.Builder
	for i := range told.Observations {
		o := &told.Observations[i]
		o.Source = o.Source[strings.LastIndexByte(o.Source, ' ')+1:]
		fmt.Fprintln(&b, conditionstest.Describe(o))
	}
	for _, l := range told.Listings {
		fmt.Fprintf(&b, "all of %s at %d\n", l.Kind, l.At/1e9-day)
	}
	return b.String()
}

// ready are the three series of a condition that is False in one span, and True before and after.
func ready(labels string, from, to, step, bad, good float64) (all []series) {
	for _, status := range []string{"True", "False", "Unknown"} {
		s := series{labels + `,type="Ready",status="` + status + `"`, each(from, to, step, "0")}
		for at := range s.values {
			if failing := at >= bad && at < good; failing && status == "False" || !failing && status == "True" {
				s.values[at] = "1"
			}
		}
		all = append(all, s)
	}
	return all
}

// TestConditionOverADay: each change is told at the time of its scrape, also where the server
// allows small answers only and gives the samples of a border twice, and what stays is told seldom.
func TestConditionOverADay(t *testing.T) {
	t.Parallel()
	const app = `__name__="gotk_reconcile_condition",kind="Kustomization",exported_namespace="apps",namespace="flux-system",name="web"`
	f := &fake{series: ready(app, day, day+86400, 30, day+40_020, day+50_010), most: 999, busy: 2, noPost: true}
	told := f.read(t, day+60, day+86_000)
	var changes []string
	for i := range told.Observations {
		o := &told.Observations[i]
		if i == 0 || o.Ready() != told.Observations[i-1].Ready() {
			changes = append(changes, fmt.Sprintf("%s %s at %d", o.Ref, o.Ready(), o.At/1e9-day))
		}
	}
	want := []string{"Kustomization/apps/web True at 0", "Kustomization/apps/web False at 40020", "Kustomization/apps/web True at 50010"}
	if d := cmp.Diff(want, changes); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if n := len(told.Observations); n < 49 || n > 60 {
		t.Errorf("%d observations, want about 50", n)
	}
	if last := told.Observations[len(told.Observations)-1].At/1e9 - day; last != 85_980 {
		t.Errorf("the last one is at %d", last)
	}
	if len(told.Health) != 1 || !slices.Equal(told.Health[0].Troubles, []string{"kustomization: 1 panic"}) {
		t.Errorf("of processes it tells %+v", told.Health)
	}
	if f.queries > 120 {
		t.Errorf("%d queries", f.queries)
	}
	if text := fmt.Sprint(told.Inputs[0].Err); !strings.Contains(text, "warns: of <redacted>") {
		t.Errorf("the server's warning is not told: %s", text)
	}
}

// TestFamilies merges what two exporters say of one object, tells a deletion from a listing, and a
// contradiction.
func TestFamilies(t *testing.T) {
	t.Parallel()
	const ksm = `__name__="gotk_resource_info",instance="ksm",customresource_kind="HelmRelease",exported_namespace="apps",namespace="monitoring"`
	const operator = `__name__="flux_resource_info",instance="fo",kind="HelmRelease",exported_namespace="apps"`
	f := &fake{series: []series{
		{ksm + `,name="a",ready="False",revision="1.2.3"`, each(day, day+1800, 60, "1")},
		{ksm + `,name="gone",ready="True",suspended="true"`, each(day, day+600, 60, "1")},
		{operator + `,name="a",ready="False",reason="InstallFailed",suspended="False",uid="u"`, each(day+20, day+1800, 60, "1")},
		{ksm + `,name="b",ready="True"`, each(day+0, day+1800, 60, "1")},
		{operator + `,name="b",ready="False",suspended="False"`, each(day+20, day+1800, 60, "1")},
	}}
	told := f.read(t, day, day+1800)
	got := strings.ReplaceAll(describe(told), "2026-11-25T", "")
	for _, want := range []string{
		"00:10:00Z HelmRelease/apps/gone from kube-state-metrics deleted=true",
		"00:00:00Z HelmRelease/apps/gone from kube-state-metrics suspended=yes",
		"00:29:20Z HelmRelease/apps/a from flux-operator suspended=no attempted=1.2.3\n  Ready False InstallFailed",
		"00:29:00Z HelmRelease/apps/a from kube-state-metrics suspended=no attempted=1.2.3\n  Ready False InstallFailed",
		"all of HelmRelease at 1740",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("lacks %q in\n%s", want, got)
		}
	}
	err := fmt.Sprint(told.Inputs[0].Err)
	if !strings.Contains(err, "contradict each other about 1 object: HelmRelease/apps/b is False for flux-operator and True for kube-state-metrics") {
		t.Error(err)
	}
}

// TestErrors: what is wrong is said with what to do.
func TestErrors(t *testing.T) {
	t.Parallel()
	several := &fake{series: []series{
		{`__name__="gotk_resource_info",cluster="a",customresource_kind="Bucket",name="x",ready="True"`, each(day, day+60, 60, "1")},
		{`__name__="gotk_resource_info",cluster="b",customresource_kind="Bucket",name="x",ready="False"`, each(day, day+60, 60, "1")},
	}}
	refused := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "token", http.StatusForbidden) }))
	t.Cleanup(refused.Close)
	page := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>log in") }))
	t.Cleanup(page.Close)
	ask := func(url string) error {
		c := Config{URL: url, Redact: strings.ToLower}
		if err := c.Validate(); err != nil {
			return err
		}
		s, err := New(c)
		if err != nil {
			return err
		}
		told, err := s.Read(t.Context(), day*1e9, (day+60)*1e9)
		if err != nil {
			return err
		}
		return told.Inputs[0].Err
	}
	for want, got := range map[string]error{
		"series of 2 clusters (a, b)":       several.read(t, day, day+60).Inputs[0].Err,
		"has no samples in this time of":    (&fake{}).read(t, day, day+60).Inputs[0].Err,
		"answered 403 Forbidden: token (":   ask(refused.URL),
		"the answer is none of Prometheus'": ask(page.URL),
		"the matchers cluster=: 1:":         Config{URL: page.URL, Match: "cluster="}.Validate(),
		"has a user in it":                  ask("http://me:hunter2@prometheus"),
		"want http://host":                  ask("prometheus:9090"),
	} {
		if got == nil || !strings.Contains(got.Error(), want) {
			t.Errorf("want %q, got %v", want, got)
		}
	}
}
