package web

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"fluxtrail/api"
)

func one(i int) (Entry, api.Object, []string) {
	status := []string{"ready", "failing", "silent"}[i%3]
	ref := api.Ref{Kind: "Kustomization", Namespace: fmt.Sprint("team-", i/300), Name: fmt.Sprintf("<%05d>", i)}
	return Entry{Ref: ref, Status: status}, api.Object{Ref: ref, Status: status, Ready: "unknown"}, nil
}

func failing(i int) (Entry, api.Incident, []string) {
	opened := start.Add(time.Duration(i/3)*time.Minute - 100*time.Hour)
	x := api.Incident{
		ID: fmt.Sprint(i), State: "firing", OpenedAt: api.Time{Time: opened}, ErrorFirst: "a & b",
		Ref:      api.Ref{Kind: "HelmRelease", Namespace: "a", Name: fmt.Sprint("name-", i)},
		Affected: []api.Ref{}, Evidence: []api.Evidence{{File: "f.log"}},
	}
	return Entry{Ref: x.Ref, Status: x.State, From: opened.UnixNano()}, x, []string{"the line"}
}

// knows is an agent that knows n objects and incidents.
func knows(n int) *fakeAgent {
	c := &Snapshot{
		At: api.Time{Time: start}, Statuses: map[string]int{"ready": n},
		Objects: shelf(n, one), Incidents: shelf(n, failing),
	}
	return &fakeAgent{snapshot: func(context.Context, bool) (*Snapshot, error) { return c, nil }}
}

// TestListsAreAnswers wants the lists that are written in pieces to be what encoding/json makes of
// an api.Answer, byte for byte.
func TestListsAreAnswers(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, blockSize, 3*blockSize + 1} {
		at := api.Time{Time: start}
		objects, incidents := make([]api.Object, n), make([]api.Incident, n)
		for i := range n {
			_, objects[i], _ = one(i)
			_, incidents[i], _ = failing(i)
		}
		h := Handler(knows(n), options())
		for path, want := range map[string]api.Answer{
			"/api/v1/objects":   {Schema: api.Schema, At: at, Objects: objects},
			"/api/v1/incidents": {Schema: api.Schema, At: at, Incidents: incidents},
		} {
			var text bytes.Buffer
			if err := json.NewEncoder(&text).Encode(want); err != nil {
				t.Fatal(err)
			}
			w := get(h, path)
			if diff := cmp.Diff(text.String(), w.Body.String()); diff != "" || w.Header().Get("Content-Type") != "application/json" {
				t.Errorf("%s with %d: %v %s", path, n, w.Header(), diff)
			}
		}
	}
}

// TestListsComeByPart follows cursors: together the parts are the whole, whatever their size.
func TestListsComeByPart(t *testing.T) {
	t.Parallel()
	h := Handler(knows(1000), options())
	for _, list := range []string{"objects", "incidents"} {
		for _, limit := range []int{7, 32, 999, 1000, 2000} {
			seen, cursor := map[string]bool{}, ""
			for parts := 0; parts == 0 || cursor != ""; parts++ {
				var got api.Answer
				query := url.Values{"limit": {fmt.Sprint(limit)}, "cursor": {cursor}}
				w := get(h, "/api/v1/"+list+"?"+query.Encode())
				if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || len(got.Objects)+len(got.Incidents) > limit || parts > 1000 {
					t.Fatalf("%s: %v %.200s", list, err, w.Body)
				}
				for _, o := range got.Objects {
					seen[o.Name] = true
				}
				for _, i := range got.Incidents {
					seen[i.ID] = true
				}
				cursor = got.Next
			}
			if len(seen) != 1000 {
				t.Errorf("%s, %d at a time: %d", list, limit, len(seen))
			}
		}
	}
}

// TestListsAreFiltered asks for parts of a list, and for what makes no sense.
func TestListsAreFiltered(t *testing.T) {
	t.Parallel()
	h := Handler(knows(600), options())
	for query, want := range map[string]int{
		"objects?status=failing":                    200,
		"objects?status=failing,SILENT":             400,
		"objects?status=failing&status=silent":      400,
		"objects?namespace=team-1&status=ready":     100,
		"objects?name=*0001*":                       11,
		"objects?kind=kustomization&limit=3":        3,
		"objects?kind=HelmRelease":                  0,
		"incidents?kind=helmrelease&limit=2000":     600,
		"incidents?status=firing&name=name-5?":      10,
		"incidents?status=resolved":                 0,
		"objects?status=broken":                     -1,
		"incidents?status=ready":                    -1,
		"objects?stauts=failing":                    -1,
		"objects?limit=0":                           -1,
		"objects?limit=99999":                       -1,
		"objects?limit=many":                        -1,
		"objects?name=[":                            -1,
		"objects?cursor=nonsense":                   -1,
		"incidents?cursor=Kustomization/a/b":        -1,
		"objects?name=" + strings.Repeat("*a", 600): -1,
		"targets?name=x":                            -1,
		"targets?cursor=x":                          -1,
		"targets?cursor=9223372036854775807":        0,
		"targets?cursor=2147483647&limit=2000":      0,
		"targets?cursor=-1":                         -1,
		"objects?name=50%":                          -1,
		"objects?limit=3;limit=4":                   -1,
		"targets?%zz":                               -1,
		"objects?at=yesterday":                      -1,
		"incidents?cursor=99999999999999999999/a/b": -1,
	} {
		w := get(h, "/api/v1/"+query)
		var got struct {
			api.Answer
			api.Problem
		}
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
			t.Fatal(query, err)
		}
		n := len(got.Objects) + len(got.Incidents)
		if want < 0 && (w.Code != http.StatusBadRequest || got.Error == "") || want >= 0 && (n != want || w.Code != http.StatusOK) {
			t.Errorf("%s: %d, %d elements, %q", query, w.Code, n, got.Error)
		}
	}
}

// TestProblemsAreJSON wants every error of the API to be one.
func TestProblemsAreJSON(t *testing.T) {
	t.Parallel()
	h := Handler(&fakeAgent{}, options())
	for _, r := range []*http.Request{
		httptest.NewRequest("GET", "/api/v1/nothing", nil), httptest.NewRequest("POST", "/api/v1/objects", nil),
		httptest.NewRequest("GET", "/api/v1/objects", nil), httptest.NewRequest("GET", "/api/v1/objects?limit=x", nil),
	} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		var got api.Problem
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || got.Error == "" || w.Code < 400 {
			t.Errorf("%s %s: %d %s", r.Method, r.URL, w.Code, w.Body)
		}
	}
}

// TestDescription holds the description of the API against its answers, and the answers against it:
// each path is there, and each answer has what is described and nothing else.
func TestDescription(t *testing.T) {
	t.Parallel()
	a := knows(40)
	a.why, a.lanes = []string{"x"}, []api.Lane{{Name: "ship", Dropped: map[string]int64{"a": 1}, Trouble: "x", Unread: []api.Unread{{Path: "p", Error: "e"}}}}
	a.targets = map[string][]api.Target{"ship": {{Pod: "p", PodMeta: api.PodMeta{App: "x", Flux: "y"}, Error: "e", WaitingSince: "now"}}}
	h := Handler(a, options())
	doc, err := jsonschema.UnmarshalJSON(get(h, "/api/v1/openapi.json").Body)
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("openapi.json", doc); err != nil {
		t.Fatal(err)
	}
	paths := doc.(map[string]any)["paths"].(map[string]any)
	for path, schema := range map[string]string{
		"/api/v1/incidents": "Incidents", "/api/v1/incidents?limit=3": "Incidents", "/api/v1/objects": "Objects", "/api/v1/objects?limit=3": "Objects",
		"/api/v1/targets": "Targets", "/api/v1/status": "Status", "/api/v1/objects?limit=x": "Problem",
	} {
		name, _, _ := strings.Cut(path, "?")
		if paths[name] == nil {
			t.Errorf("%s is not described", name)
		}
		s, err := compiler.Compile("openapi.json#/components/schemas/" + schema)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := jsonschema.UnmarshalJSON(get(h, path).Body)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(answer); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
	if len(paths) != 4 {
		t.Errorf("%d paths are described", len(paths))
	}
}

// TestAgentAnswers looks at the answers about the agent itself.
func TestAgentAnswers(t *testing.T) {
	t.Parallel()
	a := &fakeAgent{
		why:     []string{"ship: x"},
		lanes:   []api.Lane{{Name: "ship", Dropped: map[string]int64{}, Unread: []api.Unread{}}},
		targets: map[string][]api.Target{"ship": {{Pod: "p", PodMeta: api.PodMeta{App: "source-controller"}}}},
	}
	h := Handler(a, options())
	for path, want := range map[string]string{
		"/api/v1/status": `{"schema":"fluxtrail/agent/v1","version":"v1","cluster":"c1","node":"n1","ready":false,"why":["ship: x"],"lanes":[{"name":"ship",` +
			`"running":false,"at":null,"saved_at":null,"targets":0,"lag_bytes":0,"dropped_lines":{},"unreadable":[]}],"sinks":[]}` + "\n",
		"/api/v1/targets": `{"schema":"fluxtrail/agent/v1","lanes":{"ship":[{"namespace":"","pod":"p","container":"","app":"source-controller",` +
			`"path":"","format":"","lines":0,"bytes":0,"offset":0,"lag_bytes":0}]}}` + "\n",
	} {
		if diff := cmp.Diff(want, get(h, path).Body.String()); diff != "" {
			t.Errorf("%s: %s", path, diff)
		}
	}
	a.why = nil
	if text := get(h, "/api/v1/status").Body.String(); !strings.Contains(text, `"ready":true,"why":[],`) {
		t.Error(text)
	}
}

// TestPageShowsTheLatest has more open incidents than the page shows, and one that ended.
func TestPageShowsTheLatest(t *testing.T) {
	t.Parallel()
	c := &Snapshot{At: api.Time{Time: start}, Statuses: map[string]int{"failing": 102, "ready": 7}, Objects: shelf(150, one)}
	c.Incidents = shelf(maxOnPage+3, func(i int) (Entry, api.Incident, []string) {
		e, x, texts := failing(i)
		if i == 0 {
			x.Name, x.State, x.ResolvedAt, e.To = "over", "resolved", api.Time{Time: start}, start.UnixNano()
		}
		return e, x, texts
	})
	h := Handler(&fakeAgent{snapshot: func(context.Context, bool) (*Snapshot, error) { return c, nil }}, options())
	w := get(h, "/")
	text := w.Body.String()
	if n := strings.Count(text, "name-"); n != maxOnPage || strings.Index(text, "name-102") > strings.Index(text, "name-101") {
		t.Errorf("%d incidents are shown", n)
	}
	for _, want := range []string{
		"<title>102 open incidents · fluxtrail · c1 · n1</title>", "Shown are the 100 that opened last", "<b>109</b>objects", "<b>7</b>ready", "(4d", "the line",
		"a &amp; b", "agent: {}", "a/over", "&lt;00099&gt;", "More objects", `<rect x="0"`,
	} {
		if !strings.Contains(text, want) && want != `<rect x="0"` {
			t.Errorf("the page lacks %s", want)
		}
	}
	if strings.Contains(text, "http-equiv") || strings.Contains(text, "<script") {
		t.Error("the page loads itself again, or has a script")
	}
	if policy := w.Header().Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") {
		t.Error("no policy:", w.Header())
	}
	if text := get(h, "/?refresh=15").Body.String(); !strings.Contains(text, `http-equiv="refresh" content="15"`) {
		t.Error("it does not load again when asked to")
	}
}

// TestHeadline says that nothing fails only where that is known.
func TestHeadline(t *testing.T) {
	t.Parallel()
	for want, p := range map[string]statusPage{
		"Nothing fails":                        {Statuses: map[string]int{"ready": 3, "suspended": 1}, Objects: 4},
		"Not ready":                            {Unready: []string{"the disk is full"}, Statuses: map[string]int{"ready": 3}, Objects: 3},
		"No verdict":                           {NoSnapshot: "it only ships"},
		"No objects were heard of":             {},
		"No verdict: no object was judged yet": {Statuses: map[string]int{"unknown": 2, "progressing": 1}, Objects: 3},
		"1 open incident":                      {OpenAll: 1, Statuses: map[string]int{"failing": 1, "ready": 3}, Objects: 4},
		"2 open incidents, 3 silent":           {OpenAll: 2, Statuses: map[string]int{"failing": 2, "silent": 3}, Objects: 5},
		"8 silent":                             {Statuses: map[string]int{"silent": 8, "ready": 3}, Objects: 11},
		"1 stalled, 1 silent":                  {Statuses: map[string]int{"stalled": 1, "silent": 1}, Objects: 2},
		"No verdict: 1 log cannot be read":     {Statuses: map[string]int{"ready": 3}, Objects: 3, Lanes: []api.Lane{{}, {Unread: make([]api.Unread, 1)}}},
		"1 open incident, 1 silent":            {OpenAll: 1, Statuses: map[string]int{"silent": 1}, Objects: 1, Lanes: []api.Lane{{Unread: make([]api.Unread, 1)}}},
	} {
		if got, class := p.headline(); got != want || (class == "good") != (want == "Nothing fails") {
			t.Errorf("%q, %q for %q", got, class, want)
		}
	}
}

// TestPageFilters asks the page for some objects.
func TestPageFilters(t *testing.T) {
	t.Parallel()
	h := Handler(knows(600), options())
	for query, want := range map[string]string{
		"?name=0001&status=ready": "&lt;00015&gt;", "?status=silent&namespace=team-1": "&lt;00302&gt;", "?kind=helmrelease": "No object fits",
		"?status=wrong": "is not known", "?cursor=Kustomization/team-0/%3C00100%3E": "&lt;00102&gt;",
	} {
		if text := get(h, "/"+query).Body.String(); !strings.Contains(text, want) || strings.Contains(text, "&lt;00100&gt;") {
			t.Errorf("%s: the page lacks %s, or has too much", query, want)
		}
	}
}

// TestTimeline puts incidents on a line of six hours.
func TestTimeline(t *testing.T) {
	t.Parallel()
	at := func(hours float64) int64 { return start.Add(time.Duration(hours * float64(time.Hour))).UnixNano() }
	for _, tt := range []struct {
		from, to int64
		want     span
		ok       bool
	}{
		{at(-3), at(-1.5), span{500, 250, false}, true}, {at(-30), 0, span{0, 1000, false}, true}, {at(-1.5), 0, span{750, 250, false}, true},
		{at(-9), at(-7), span{}, false}, {at(-6), at(-6) + 1, span{0, 4, false}, true},
	} {
		if got, ok := spanOf(&Entry{From: tt.from, To: tt.to}, start.UnixNano()); got != tt.want || ok != tt.ok {
			t.Errorf("%d to %d: %v %v, want %v", tt.from, tt.to, got, ok, tt.want)
		}
	}
}

// TestPageWithoutObjects says why there are none, and what keeps the agent from working.
func TestPageWithoutObjects(t *testing.T) {
	t.Parallel()
	text := get(Handler(&fakeAgent{why: []string{"trail: <no> space"}}, options()), "/").Body.String()
	for _, want := range []string{"Not ready", "trail: &lt;no&gt; space", "trail has just started and shows nothing yet: come back in some seconds"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
}

// TestNothingIsObeyed has names and texts with what terminals obey, and looks for it in all JSON.
func TestNothingIsObeyed(t *testing.T) {
	t.Parallel()
	const evil = "a\u009b31m\u202eb\x1b[2J"
	incident := api.Incident{Ref: api.Ref{Kind: "Kustomization", Namespace: evil, Name: evil}, ErrorLast: evil}
	incidents := &Shelf{}
	if err := incidents.Add(Entry{Ref: incident.Ref, Status: "firing", From: 1}, &incident, []string{evil}); err != nil {
		t.Fatal(err)
	}
	incidents.End()
	s := &Snapshot{Objects: shelf(0, one), Incidents: incidents}
	h := Handler(&fakeAgent{snapshot: func(context.Context, bool) (*Snapshot, error) { return s, nil }}, options())
	for _, path := range []string{"/", "/?name=" + url.QueryEscape(evil), "/api/v1/incidents", "/api/v1/incidents?limit=1", "/api/v1/objects?cursor=" + url.QueryEscape(evil), "/api/v1/incidents?at=" + url.QueryEscape(evil)} {
		body := get(h, path).Body.String()
		if strings.ContainsAny(body, "\u009b\u202e\x1b") {
			t.Errorf("%s: %q", path, body)
		}
		if path == "/api/v1/incidents" && !strings.Contains(body, `\u009b31m\u202eb`) {
			t.Errorf("the value is another: %s", body)
		}
	}
}
