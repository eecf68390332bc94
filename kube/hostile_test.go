package kube

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"

	"fluxtrail/sinks"
)

// TestEndlessLists wants an end to lists that always go on.
func TestEndlessLists(t *testing.T) {
	t.Parallel()
	asked := 0
	c := serverOf(t, func(w http.ResponseWriter, r *http.Request) {
		asked++
		reply(w, http.StatusOK, jsonObject{
			"kind": "List", "apiVersion": "v1", "metadata": jsonObject{"continue": "again"}, "items": []jsonObject{},
		})
	})
	if err := c.listPods(t.Context(), "", "", []labels.Selector{labels.Everything()}, map[key]livePod{}); !errors.Is(err, errEndless) {
		t.Errorf("pods: %v", err)
	}
	pods := asked
	err := c.each(t.Context(), events, "", metav1.ListOptions{}, func(map[string]any) error { return nil })
	if err == nil || !strings.Contains(err.Error(), "is this an API server?") || pods > maxEmpty+1 || asked > 2*maxEmpty+2 {
		t.Errorf("events: %v; %d and %d requests", err, pods, asked-pods)
	}
}

// TestEndlessAnswers wants an end to an answer that goes on and on, and to an event of a watch that
// does; a watch itself may go on.
func TestEndlessAnswers(t *testing.T) {
	t.Parallel()
	block := bytes.Repeat([]byte("x"), 1<<20)
	var sent atomic.Int64
	endless := func(w http.ResponseWriter, r *http.Request) {
		events := 0
		if r.URL.Query().Has("watch") {
			events = 2 * maxEvent >> 20
		}
		for i := 0; ; i++ {
			if i < events {
				block = append(block[:len(block):len(block)], '\n')
			}
			n, err := w.Write(block)
			if sent.Add(int64(n)); err != nil {
				return
			}
			block = block[:1<<20]
		}
	}
	c := serverOf(t, endless)
	err := c.listPods(t.Context(), "", "", []labels.Selector{labels.Everything()}, map[key]livePod{})
	if err == nil || !strings.Contains(err.Error(), "too long") || sent.Load() > 8*maxAnswer {
		t.Errorf("%d bytes: %v", sent.Load(), err)
	}
	server := httptest.NewServer(http.HandlerFunc(endless))
	t.Cleanup(server.Close)
	answer, err := (&http.Client{Transport: bounded{http.DefaultTransport}}).Get(server.URL + "/pods?watch=true")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if n, err := io.Copy(io.Discard, answer.Body); err == nil || n < 2*maxEvent || n > 4*maxEvent {
		t.Errorf("%d bytes of a watch: %v", n, err)
	}
}

// TestRedirects has a server send us to another one, which must not see our token, and to another
// path of its own.
func TestRedirects(t *testing.T) {
	t.Parallel()
	asked := false
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true }))
	t.Cleanup(other.Close)
	for _, to := range []string{other.URL, "/here"} {
		c := serverOf(t, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/here" {
				reply(w, http.StatusOK, jsonObject{"kind": "PodList", "apiVersion": "v1", "items": []jsonObject{}})
				return
			}
			http.Redirect(w, r, to, http.StatusFound)
		})
		err := c.listPods(t.Context(), "", "", []labels.Selector{labels.Everything()}, map[key]livePod{})
		if away := to == other.URL; away != (err != nil) || asked {
			t.Errorf("to %s: %v, asked %v", to, err, asked)
		}
	}
}

// TestLargePages has objects of which a page of the usual size is too long: all of them come, in
// smaller pages.
func TestLargePages(t *testing.T) {
	t.Parallel()
	const objects = 600
	var limits []string
	c := serverOf(t, func(w http.ResponseWriter, r *http.Request) {
		limit, _ := strconv.Atoi(r.FormValue("limit"))
		limits = append(limits, r.FormValue("limit"))
		from, _ := strconv.Atoi(r.FormValue("continue"))
		to, next := min(from+limit, objects), ""
		if to < objects {
			next = strconv.Itoa(to)
		}
		items := make([]jsonObject, to-from)
		for i := range items {
			items[i] = jsonObject{"metadata": jsonObject{"name": strconv.Itoa(from + i), "annotations": jsonObject{"a": strings.Repeat("x", 64<<10)}}}
		}
		reply(w, http.StatusOK, jsonObject{"kind": "List", "apiVersion": "v1", "metadata": jsonObject{"continue": next}, "items": items})
	})
	n := 0
	err := c.each(t.Context(), events, "", metav1.ListOptions{}, func(map[string]any) error { n++; return nil })
	if err != nil || n != objects {
		t.Errorf("%d objects by limits %v: %v", n, limits, err)
	}
	found := map[key]livePod{}
	if err := c.listPods(t.Context(), "", "", []labels.Selector{labels.Everything()}, found); err != nil || len(found) != objects {
		t.Errorf("%d pods by limits %v: %v", len(found), limits, err)
	}
}

// TestManyValues wants an answer refused whose values would take a hundred times its length.
func TestManyValues(t *testing.T) {
	t.Parallel()
	for _, value := range []string{"{}", "[]", "1", `"a":1`} {
		open, end := `{"kind":"List","apiVersion":"v1","items":[`, "]}"
		if strings.Contains(value, ":") {
			open, end = `{"kind":"List","apiVersion":"v1","items":[{`, "}]}"
		}
		c := serverOf(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, open+strings.Repeat(value+",", 2*maxParts)+value+end)
		})
		n := 0
		err := c.each(t.Context(), events, "", metav1.ListOptions{}, func(map[string]any) error { n++; return nil })
		if n != 0 || !errors.Is(err, sinks.ErrLong) {
			t.Errorf("%s: %d objects, %v", value, n, err)
		}
	}
}

// TestEndlessFollower wants an end to the list of a follower that always goes on.
func TestEndlessFollower(t *testing.T) {
	t.Parallel()
	var asked atomic.Int64
	c := serverOf(t, func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		reply(w, http.StatusOK, jsonObject{
			"kind": "List", "apiVersion": "v1", "metadata": jsonObject{"continue": "again", "resourceVersion": "1"}, "items": []jsonObject{},
		})
	})
	in := c.dynamic.Resource(events)
	f := &follower[*unstructured.Unstructured, int]{
		resource: resource{list: func(ctx context.Context, opts metav1.ListOptions) (runtime.Object, error) { return in.List(ctx, opts) }},
		distill:  func(*unstructured.Unstructured) int { return 0 }, report: func(error) {},
	}
	if _, err := f.listed(t.Context(), metav1.ListOptions{}); !errors.Is(err, errEndless) || asked.Load() > maxEmpty+1 {
		t.Errorf("%d requests: %v", asked.Load(), err)
	}
}

// TestEndlessKinds wants an end to API groups and kinds of which there are more and more.
func TestEndlessKinds(t *testing.T) {
	t.Parallel()
	for name, many := range map[string]struct{ groups, kinds int }{"groups": {5000, 1}, "kinds": {1, 5000}} {
		asked := 0
		c := serverOf(t, func(w http.ResponseWriter, r *http.Request) {
			asked++
			switch path := strings.Split(strings.Trim(r.URL.Path, "/"), "/"); {
			case strings.HasSuffix(r.URL.Path, "/customresourcedefinitions"):
				items := make([]jsonObject, many.groups)
				for i := range items {
					items[i] = jsonObject{"metadata": jsonObject{"name": "things.g" + strconv.Itoa(i) + ".example.com"}}
				}
				reply(w, http.StatusOK, jsonObject{"kind": "List", "apiVersion": "v1", "metadata": jsonObject{}, "items": items})
			case len(path) == 2:
				reply(w, http.StatusOK, jsonObject{"kind": "APIGroup", "versions": []jsonObject{{"version": "v1"}}})
			default:
				resources := make([]jsonObject, many.kinds)
				for i := range resources {
					resources[i] = jsonObject{"name": "things" + strconv.Itoa(i), "kind": "Thing", "verbs": []string{"list", "watch"}}
				}
				reply(w, http.StatusOK, jsonObject{"kind": "APIResourceList", "resources": resources})
			}
		})
		kinds, err := c.Kinds(t.Context())
		if err == nil || !strings.Contains(err.Error(), "is this an API server?") || len(kinds) > 0 || asked > 50 {
			t.Errorf("%s: %d kinds after %d questions: %v", name, len(kinds), asked, err)
		}
	}
}
