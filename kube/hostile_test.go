package kube

import (
	"context"
	"encoding/json"
	"encoding/pem"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
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

// TestVeryManyHeaders has an API server answer with far more headers than any does, by each way to
// reach it.
func TestVeryManyHeaders(t *testing.T) {
	t.Parallel()
	many := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X", strings.Repeat("x", 1<<20))
		reply(w, http.StatusOK, jsonObject{"kind": "PodList", "apiVersion": "v1"})
	})
	plain, secure := httptest.NewServer(many), httptest.NewUnstartedServer(many)
	secure.EnableHTTP2 = true
	secure.StartTLS()
	t.Cleanup(plain.Close)
	t.Cleanup(secure.Close)
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: secure.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, cluster := range []string{
		"server: '" + plain.URL + "'", "insecure-skip-tls-verify: true, server: '" + secure.URL + "'",
		"certificate-authority: '" + ca + "', server: '" + secure.URL + "'",
	} {
		cfg := Config{Enabled: always, Node: "n1", Kubeconfig: kubeconfig(t, "users: [{name: u, user: {}}]\nclusters: [{name: c, cluster: {"+cluster+"}}]")}
		c, err := Connect(cfg, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		err = c.listPods(t.Context(), "", "", []labels.Selector{labels.Everything()}, map[key]livePod{})
		if err == nil {
			t.Errorf("%s: a megabyte of headers was taken", cluster)
		}
	}
}

// TestEndlessAnswers wants an end to an answer that goes on and on, and to an event of a watch that
// does, in one line or in many; a watch itself may go on.
func TestEndlessAnswers(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 1<<20)
	var sent atomic.Int64
	for _, rest := range []string{long, `"a":[` + long, strings.Repeat("\n", 1<<20), "{\"a\":[\n" + strings.Repeat("{},\n", 1<<18)} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			sent.Store(0)
			for i := 0; ; i++ {
				block := rest
				if i < 2*maxEvent>>20 && r.URL.Query().Has("watch") {
					block = `{"a":"\"{` + long + "\"}\n"
				}
				n, err := io.WriteString(w, block)
				if sent.Add(int64(n)); err != nil {
					return
				}
			}
		}))
		t.Cleanup(server.Close)
		answer, err := (&http.Client{Transport: bounded{http.DefaultTransport}}).Get(server.URL + "/pods?watch=true")
		if err != nil {
			t.Fatal(err)
		}
		n, err := io.Copy(io.Discard, answer.Body)
		if answer.Body.Close(); !errors.Is(err, sinks.ErrLong) || n < 2*maxEvent || n > 4*maxEvent {
			t.Errorf("%.10q: %d bytes of a watch: %v", rest, n, err)
		}
		c := clientAt(t, server.URL)
		err = c.listPods(t.Context(), "", "", []labels.Selector{labels.Everything()}, map[key]livePod{})
		if err == nil || !strings.Contains(err.Error(), "too long") || sent.Load() > 8*maxAnswer {
			t.Errorf("%.10q: %d bytes: %v", rest, sent.Load(), err)
		}
	}
}

// TestLargeObject lists objects of which one has as many values as an object can have, and one a
// text that looks like it: all of them come, and the others still in pages.
func TestLargeObject(t *testing.T) {
	t.Parallel()
	const objects = 1000
	zeros := "[0" + strings.Repeat(",0", 700_000) + "]"
	asked := 0
	c := serverOf(t, func(w http.ResponseWriter, r *http.Request) {
		asked++
		limit, _ := strconv.Atoi(r.FormValue("limit"))
		from, _ := strconv.Atoi(r.FormValue("continue"))
		to, next := min(from+limit, objects), ""
		if to < objects {
			next = strconv.Itoa(to)
		}
		items := make([]jsonObject, to-from)
		for i := range items {
			items[i] = jsonObject{"metadata": jsonObject{"name": strconv.Itoa(from + i)}}
			switch from + i {
			case 50:
				items[i]["spec"] = jsonObject{"values": json.RawMessage(zeros)}
			case 200:
				items[i]["spec"] = jsonObject{"values": strings.Repeat("[{,", 500_000)}
			}
		}
		reply(w, http.StatusOK, jsonObject{"kind": "List", "apiVersion": "v1", "metadata": jsonObject{"continue": next, "resourceVersion": "1"}, "items": items})
	})
	n := 0
	if err := c.each(t.Context(), events, "", metav1.ListOptions{}, func(map[string]any) error { n++; return nil }); err != nil || n != objects || asked > 100 {
		t.Errorf("%d objects in %d pages: %v", n, asked, err)
	}
	if list, err := followed(c, resource{}).listed(t.Context(), metav1.ListOptions{}); err != nil || len(list.(*distilled[int]).Items) != objects {
		t.Errorf("followed: %v", err)
	}
}

// TestLargeCachedList has a server that gives what it has in its memory in one piece, which is too
// long: it is asked for pages then.
func TestLargeCachedList(t *testing.T) {
	t.Parallel()
	const objects = 300
	c := serverOf(t, func(w http.ResponseWriter, r *http.Request) {
		limit, _ := strconv.Atoi(r.FormValue("limit"))
		from, _ := strconv.Atoi(r.FormValue("continue"))
		if r.FormValue("resourceVersion") == "0" {
			limit = objects
		}
		to, next := min(from+limit, objects), ""
		if to < objects {
			next = strconv.Itoa(to)
		}
		items := make([]jsonObject, to-from)
		for i := range items {
			items[i] = jsonObject{"metadata": jsonObject{"annotations": jsonObject{"a": strings.Repeat("x", 100<<10)}}}
		}
		reply(w, http.StatusOK, jsonObject{"kind": "List", "apiVersion": "v1", "metadata": jsonObject{"continue": next, "resourceVersion": "1"}, "items": items})
	})
	list, err := followed(c, resource{cached: true}).listed(t.Context(), metav1.ListOptions{ResourceVersion: "0"})
	if err != nil || len(list.(*distilled[int]).Items) != objects {
		t.Error(err)
	}
}

// TestOnlyJSON wants nothing else to be asked for nor to be read: it could not be counted.
func TestOnlyJSON(t *testing.T) {
	t.Parallel()
	var accepts []string
	c := serverOf(t, func(w http.ResponseWriter, r *http.Request) {
		accepts = append(accepts, r.Header.Get("Accept"))
		w.Header().Set("Content-Type", "application/vnd.kubernetes.protobuf;type=watch")
		_, _ = io.WriteString(w, "k8s\x00")
	})
	_, err := c.metadata.Resource(pods).List(t.Context(), metav1.ListOptions{})
	if err == nil || !strings.Contains(err.Error(), "which nobody asked for") {
		t.Error(err)
	}
	if len(accepts) != 1 || strings.Contains(accepts[0], "protobuf") || !strings.Contains(accepts[0], "application/json;as=PartialObjectMetadataList") {
		t.Errorf("asked for %q", accepts)
	}
}

// followed is a follower that keeps nothing of an object.
func followed(c *Client, r resource) *follower[*unstructured.Unstructured, int] {
	in := c.dynamic.Resource(events)
	r.list = func(ctx context.Context, opts metav1.ListOptions) (runtime.Object, error) { return in.List(ctx, opts) }
	return &follower[*unstructured.Unstructured, int]{
		resource: r, distill: func(*unstructured.Unstructured) int { return 0 }, report: func(error) {},
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
			_, _ = io.WriteString(w, open+strings.Repeat(value+",", 2*maxInOne)+value+end)
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
	f := followed(c, resource{})
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

// TestRefusalWithoutAWord has a server, or a proxy before it, refuse and say nothing.
func TestRefusalWithoutAWord(t *testing.T) {
	t.Parallel()
	c := serverOf(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusForbidden)
		_, _ = io.WriteString(w, `{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"Forbidden","code":403}`)
	})
	err := c.EachOf(t.Context(), configMaps, "", "", func(map[string]any) error { return nil })
	if err == nil || !Refused(err) || err.Error() != "the API server answers 403 Forbidden, and nothing else" {
		t.Error(err)
	}
	if text := explain(errors.Unwrap(err)); !strings.HasPrefix(text, "the API server answers 403") {
		t.Error(text)
	}
}
