package grafana

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"fluxtrail/sinks"
	"fluxtrail/sinks/sinktest"
)

// fake is Grafana as far as annotations go. It refuses what Grafana refuses.
type fake struct {
	t     *testing.T
	made  []annotation
	posts []map[string]any
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var body map[string]any
	if r.Method != http.MethodGet {
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			f.t.Error(err)
		}
	}
	var answer any = map[string]string{"message": "Annotation patched"}
	switch r.Method {
	case http.MethodGet:
		found := []annotation{}
		for _, a := range f.made {
			if slices.Contains(a.Tags, r.URL.Query().Get("tags")) {
				found = append(found, a)
			}
		}
		answer = found
	case http.MethodPost:
		tags, _ := json.Marshal(body["tags"])
		if body["text"] == "" || len(tags) > 500 {
			http.Error(w, `{"message":"Tags length exceeds the maximum allowed."}`, http.StatusBadRequest)
			return
		}
		f.posts = append(f.posts, body)
		a := annotation{ID: int64(len(f.made) + 1), Time: int64(body["time"].(float64))}
		a.TimeEnd = a.Time
		if end, ok := body["timeEnd"].(float64); ok {
			a.TimeEnd = int64(end)
		}
		_ = json.Unmarshal(tags, &a.Tags)
		f.made = append(f.made, a)
		answer = map[string]any{"message": "Annotation added", "id": a.ID}
	case http.MethodPatch:
		var id int
		_, _ = fmt.Sscanf(r.URL.Path, "/api/annotations/%d", &id)
		f.made[id-1].TimeEnd = int64(body["timeEnd"].(float64))
	}
	_ = json.NewEncoder(w).Encode(answer)
}

var start = time.UnixMilli(1795176000000).UTC()

func region(id string, ended bool) Region {
	r := Region{
		ID: id, Start: start, Title: "Kustomization apps/shop", Text: "<script> & co", Tags: []string{"kind: Kustomization", "reason: BuildFailed"},
	}
	if ended {
		r.End = start.Add(time.Hour)
	}
	return r
}

// One incident is one annotation, over restarts and a second agent, and has its end when the
// incident has.
func TestRegions(t *testing.T) {
	t.Parallel()
	grafana := &fake{t: t}
	server := httptest.NewServer(grafana)
	defer server.Close()
	newSink := func() *Sink { return New(Config{URL: server.URL + "/", Dashboard: "flux"}, server.Client()) }
	one, two := newSink(), newSink()
	for _, step := range []struct {
		sink  *Sink
		batch []Region
	}{
		{one, []Region{region("a", false)}},
		{one, []Region{region("a", false), region("b", true)}},
		{two, []Region{region("a", false), region("b", true)}},
		{newSink(), []Region{region("a", true), region("b", true)}},
		{one, []Region{region("a", true)}},
		{one, nil},
	} {
		if err := step.sink.Send(t.Context(), step.batch); err != nil {
			t.Fatal(err)
		}
	}
	if len(grafana.made) != 2 || grafana.made[0].TimeEnd != start.Add(time.Hour).UnixMilli() || grafana.made[1].TimeEnd != grafana.made[0].TimeEnd {
		t.Errorf("%+v", grafana.made)
	}
	post := grafana.posts[0]
	if post["text"] != "<b>Kustomization apps/shop</b><br>&lt;script&gt; &amp; co" || post["dashboardUID"] != "flux" {
		t.Errorf("%v", post)
	}
}

// Tags are never more than Grafana takes, whatever the object is called.
func TestTags(t *testing.T) {
	t.Parallel()
	r := region("a", false)
	for range 20 {
		r.Tags = append(r.Tags, "name: "+strings.Repeat("ä:", 200))
	}
	got := tags(r)
	text, _ := json.Marshal(got)
	if len(text) > 500 || got[0] != "fluxtrail: a" || got[1] != "flux" {
		t.Errorf("%d bytes: %v", len(text), got)
	}
	for _, tag := range got {
		if strings.Count(tag, ":") > 1 || len(tag) > maxTag {
			t.Error(tag)
		}
	}
}

// accepts has the server say in Grafana's words what it says in those of all.
type accepts struct{ *sinktest.Server }

func (a accepts) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := a.Server.RoundTrip(r)
	if err == nil && resp.StatusCode == http.StatusNoContent {
		text := `{"id":7}`
		if r.Method == http.MethodGet {
			text = "[]"
		}
		resp.StatusCode, resp.Body = http.StatusOK, io.NopCloser(bytes.NewReader([]byte(text)))
	}
	return resp, err
}

func TestContract(t *testing.T) {
	sinktest.RunOnce(t, func(_ *testing.T, client *http.Client) sinks.Sink[Region] {
		client.Transport = accepts{client.Transport.(*sinktest.Server)}
		return New(Config{URL: "http://grafana"}, client)
	}, []Region{region("a", false), region("b", true)})
}

func TestValidate(t *testing.T) {
	t.Parallel()
	if err := (Config{}).Validate(); err != nil {
		t.Error(err)
	}
	if err := (Config{URL: "grafana:3000"}).Validate(); err == nil || !strings.HasPrefix(err.Error(), "url: ") {
		t.Error(err)
	}
}
