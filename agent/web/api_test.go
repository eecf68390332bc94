package web

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fluxtrail/api"
)

func one(i int) api.Object {
	return api.Object{Ref: api.Ref{Kind: "Kustomization", Namespace: "a", Name: fmt.Sprint("<", i, ">")}}
}

func failing(i int) api.Incident {
	return api.Incident{
		ID: fmt.Sprint(i), State: "firing", OpenedAt: api.Time{Time: start.Add(-time.Hour)}, ErrorFirst: "a & b",
		Affected: []api.Ref{}, Evidence: []api.Evidence{{File: "f.log", Text: "the line"}},
	}
}

// TestListsAreAnswers wants the lists that are written in pieces to be what encoding/json makes of
// an api.Answer, byte for byte.
func TestListsAreAnswers(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 3} {
		at := api.Time{Time: start}
		a := &fakeAgent{snapshot: func(_ context.Context, last bool) (*Snapshot, error) {
			if !last {
				t.Error("?at=last was not heeded")
			}
			return &Snapshot{At: at, Objects: each(n, one), Incidents: each(n, failing)}, nil
		}}
		objects, incidents := make([]api.Object, n), make([]api.Incident, n)
		for i := range n {
			objects[i], incidents[i] = one(i), failing(i)
		}
		h := Handler(a, options())
		for path, want := range map[string]api.Answer{
			"/api/v1/objects":   {Schema: api.Schema, At: at, Objects: objects},
			"/api/v1/incidents": {Schema: api.Schema, At: at, Incidents: incidents},
		} {
			var text bytes.Buffer
			if err := json.NewEncoder(&text).Encode(want); err != nil {
				t.Fatal(err)
			}
			w := get(h, path+"?at=last")
			if diff := cmp.Diff(text.String(), w.Body.String()); diff != "" || w.Header().Get("Content-Type") != "application/json" {
				t.Errorf("%s with %d: %v %s", path, n, w.Header(), diff)
			}
		}
	}
}

// TestLongLists sends more than one block of what is compressed in between.
func TestLongLists(t *testing.T) {
	t.Parallel()
	h := Handler(&fakeAgent{snapshot: func(context.Context, bool) (*Snapshot, error) {
		return &Snapshot{Objects: each(5000, one)}, nil
	}}, options())
	var got api.Answer
	text := get(h, "/api/v1/objects").Body.Bytes()
	if err := json.Unmarshal(text, &got); err != nil || len(got.Objects) != 5000 || got.Objects[4999].Name != "<4999>" {
		t.Errorf("%d objects in %d bytes: %v", len(got.Objects), len(text), err)
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
		"/api/v1/status": `{"schema":"fluxtrail/agent/v1","version":"v1","ready":false,"why":["ship: x"],"lanes":[{"name":"ship",` +
			`"running":false,"at":null,"saved_at":null,"targets":0,"lag_bytes":0,"dropped_lines":{},"unreadable":[]}]}` + "\n",
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
	h := Handler(&fakeAgent{snapshot: func(context.Context, bool) (*Snapshot, error) {
		s := &Snapshot{At: api.Time{Time: start}, Statuses: map[string]int{"failing": 102, "ready": 7}}
		s.Incidents = each(maxOnPage+3, func(i int) api.Incident {
			x := failing(i)
			if x.Name = fmt.Sprintf("name-%03d", i); i == 0 {
				x.ResolvedAt = api.Time{Time: start}
			}
			return x
		})
		return s, nil
	}}, options())
	w := get(h, "/")
	text := w.Body.String()
	var shown []string
	for _, part := range strings.Split(text, "name-")[1:] {
		shown = append(shown, part[:3])
	}
	if len(shown) != maxOnPage || shown[0] != "001" || !slices.IsSorted(shown) {
		t.Errorf("shown: %v", shown)
	}
	for _, want := range []string{"2 more are in", "<b>109</b>objects", "<b>7</b>ready", "(1h0m0s)", "the line", "a &amp; b", "agent: {}"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if policy := w.Header().Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") {
		t.Error("no policy:", w.Header())
	}
}

// TestPageWithoutObjects says why there are none, and what keeps the agent from working.
func TestPageWithoutObjects(t *testing.T) {
	t.Parallel()
	text := get(Handler(&fakeAgent{why: []string{"trail: <no> space"}}, options()), "/").Body.String()
	for _, want := range []string{"Not ready", "trail: &lt;no&gt; space", "trail has not read anything yet"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
}
