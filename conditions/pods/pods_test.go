package pods

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// server is an API server in memory, so that a test can have the clock of its bubble. Requests are answered by the fields, which a test sets
// with set.
type server struct {
	mu      sync.Mutex
	refuse  error  // no connection at all
	code    int    // of all answers, 0 for 200
	hang    bool   // take requests and say nothing
	list    string // the list's body
	asked   []string
	watches []*io.PipeWriter // open ones
}

func (s *server) RoundTrip(req *http.Request) (*http.Response, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q := req.URL.Query()
	kind := "list"
	if q.Get("watch") != "" {
		kind = "watch"
	}
	s.asked = append(s.asked, kind+" "+q.Get("resourceVersion"))
	switch {
	case s.hang:
		s.mu.Unlock()
		<-req.Context().Done()
		s.mu.Lock()
		return nil, req.Context().Err()
	case s.refuse != nil:
		return nil, s.refuse
	case s.code != 0:
		return answer(s.code, io.NopCloser(strings.NewReader(`{"kind":"Status","message":"as the test wants","code":1}`))), nil
	case kind == "list":
		return answer(200, io.NopCloser(strings.NewReader(s.list))), nil
	}
	r, w := io.Pipe()
	context.AfterFunc(req.Context(), func() { w.CloseWithError(req.Context().Err()) })
	s.watches = append(s.watches, w)
	return answer(200, r), nil
}

func (s *server) set(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f()
}

// journal is a log that may be read while it is written.
type journal struct {
	mu   sync.Mutex
	text []byte
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.text = append(j.text, p...)
	return len(p), nil
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return string(j.text)
}

func answer(code int, body io.ReadCloser) *http.Response {
	return &http.Response{StatusCode: code, Body: body, Header: http.Header{}}
}

// send writes to the newest watch.
func (s *server) send(t *testing.T, events ...string) {
	t.Helper()
	for _, e := range events {
		if _, err := io.WriteString(s.watches[len(s.watches)-1], e+"\n"); err != nil {
			t.Fatal(err)
		}
	}
	synctest.Wait()
}

// end ends the newest watch; nil is how a server does.
func (s *server) end(err error) { s.watches[len(s.watches)-1].CloseWithError(err) }

func podJSON(name, version, app string) string {
	return fmt.Sprintf(`{"metadata":{"namespace":"flux-system","name":%q,"uid":"uid-%[1]s","resourceVersion":%q,"labels":{"app":%q},"managedFields":[{"a":1}]},`+
		`"spec":{"nodeName":"n1","containers":[{"name":"manager","image":"ghcr.io/fluxcd/%[3]s:v1.6.0","env":[{"name":"A"}]}]},"status":{"phase":"Running"}}`, name, version, app)
}

func listJSON(version string, pods ...string) string {
	return `{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"` + version + `"},"items":[` + strings.Join(pods, ",") + `]}`
}

func eventJSON(kind, object string) string { return `{"type":"` + kind + `","object":` + object + `}` }

// bubble runs a Watch against the server; when the test's function returns, all is stopped.
func bubble(t *testing.T, cfg Config, s *server, test func(w *Watch, log *journal)) {
	synctest.Test(t, func(t *testing.T) {
		var log journal
		cfg.Node = "n1"
		base, _ := url.Parse("https://api")
		w, err := newWatch(cfg, &api{client: &http.Client{Transport: s}, base: base}, slog.New(slog.NewTextHandler(&log, nil)))
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		go func() {
			if err := w.Run(ctx); err != nil {
				t.Error(err)
			}
		}()
		synctest.Wait()
		test(w, &log)
		cancel()
		synctest.Wait()
	})
}

// later has the clock go on.
func later(d time.Duration) {
	time.Sleep(d) // of the bubble: takes no time
	synctest.Wait()
}

func names(w *Watch) string {
	var all []string
	for _, k := range []string{"a", "b", "c", "d"} {
		if p, ok := w.Lookup("flux-system", k); ok {
			all = append(all, k+"="+p.App)
		}
	}
	return strings.Join(all, " ")
}

func expect(t *testing.T, what, want, got string) {
	t.Helper()
	if want != got {
		t.Errorf("%s: want %q, got %q", what, want, got)
	}
}

func TestFollowsChanges(t *testing.T) {
	s := &server{list: listJSON("10", podJSON("a", "9", "source-controller"), podJSON("b", "8", "podinfo"))}
	bubble(t, Default(), s, func(w *Watch, log *journal) {
		expect(t, "list", "a=source-controller", names(w))
		s.send(t, eventJSON("ADDED", podJSON("c", "11", "helm-controller-shard1")))
		expect(t, "added, a shard", "a=source-controller c=helm-controller-shard1", names(w))
		before := w.known.Load()
		s.send(t, eventJSON("MODIFIED", podJSON("a", "12", "source-controller")))
		if w.known.Load() != before {
			t.Error("a change of the status made a new snapshot")
		}
		s.send(t, eventJSON("MODIFIED", podJSON("a", "13", "kustomize-controller")))
		expect(t, "relabelled", "a=kustomize-controller c=helm-controller-shard1", names(w))
		if got := (*before)[key{"flux-system", "a"}].App; got != "source-controller" {
			t.Errorf("the snapshot was written to: %s", got)
		}
		s.send(t, eventJSON("DELETED", podJSON("a", "14", "kustomize-controller")))
		expect(t, "deleted, with logs to read", "a=kustomize-controller c=helm-controller-shard1", names(w))
		for i := range maxGone {
			name := fmt.Sprint("x", i)
			s.send(t, eventJSON("ADDED", podJSON(name, "15", "source-controller")), eventJSON("DELETED", podJSON(name, "16", "source-controller")))
		}
		expect(t, "deleted long ago", "c=helm-controller-shard1", names(w))
		expect(t, "log", "", log.String())
	})
}

// A deleted pod that comes back under its name is there to stay.
func TestComesBack(t *testing.T) {
	s := &server{list: listJSON("10", podJSON("a", "9", "source-controller"))}
	bubble(t, Default(), s, func(w *Watch, _ *journal) {
		s.send(t, eventJSON("DELETED", podJSON("a", "11", "source-controller")), eventJSON("ADDED", podJSON("a", "12", "source-controller")))
		if len(w.gone) != 0 {
			t.Errorf("gone: %v", w.gone)
		}
	})
}

func TestGoesOnWhereTheWatchEnded(t *testing.T) {
	s := &server{list: listJSON("10", podJSON("a", "9", "source-controller"))}
	bubble(t, Default(), s, func(w *Watch, log *journal) {
		s.send(t, eventJSON("MODIFIED", podJSON("a", "11", "source-controller")))
		s.end(nil)
		later(time.Second)
		s.send(t, eventJSON("BOOKMARK", `{"metadata":{"resourceVersion":"20"}}`))
		s.end(errors.New("connection reset by peer"))
		later(time.Second)
		s.send(t, `{"type": not json`)
		later(time.Second)
		s.send(t, `{"type":"MODIFIED","object":5}`)
		later(time.Second)
		want := []string{"list 0", "watch 10", "watch 11", "watch 20", "watch 20", "watch 20"}
		if d := cmp.Diff(want, s.asked); d != "" {
			t.Errorf("(-want +asked):\n%s", d)
		}
		expect(t, "log", "", log.String())
	})
}

// What the server no longer remembers is asked for as a whole, and what is not in the answer is gone.
func TestAsksAgainWhenOutdated(t *testing.T) {
	s := &server{list: listJSON("10", podJSON("a", "9", "source-controller"))}
	bubble(t, Default(), s, func(w *Watch, log *journal) {
		s.set(func() { s.list = listJSON("90", podJSON("b", "80", "helm-controller")) })
		s.send(t, eventJSON("ERROR", `{"kind":"Status","code":410,"message":"too old resource version"}`))
		later(time.Second)
		expect(t, "pods", "a=source-controller b=helm-controller", names(w))
		if d := cmp.Diff([]key{{"flux-system", "a"}}, w.gone, cmp.AllowUnexported(key{})); d != "" {
			t.Errorf("(-want +gone):\n%s", d)
		}
		s.set(func() { s.code = http.StatusGone })
		s.end(nil)
		later(time.Second)
		s.set(func() { s.code = 0 })
		later(time.Second)
		want := []string{"list 0", "watch 10", "list 0", "watch 90", "watch 90", "list 0", "watch 90"}
		if d := cmp.Diff(want, s.asked); d != "" {
			t.Errorf("(-want +asked):\n%s", d)
		}
		expect(t, "log", "", log.String())
	})
}

// Whatever is wrong with the server, it is said once, tried more and more seldom, and what was known stays known.
func TestOutage(t *testing.T) {
	for name, outage := range map[string]func(*server){
		"connection refused": func(s *server) { s.refuse = errors.New("connection refused") },
		"forbidden":          func(s *server) { s.code = http.StatusForbidden },
		"overloaded":         func(s *server) { s.code = http.StatusTooManyRequests },
		"broken":             func(s *server) { s.code = http.StatusInternalServerError },
	} {
		t.Run(name, func(t *testing.T) {
			s := &server{list: listJSON("10", podJSON("a", "9", "source-controller"))}
			bubble(t, Default(), s, func(w *Watch, log *journal) {
				s.set(func() { outage(s) })
				s.end(errors.New("connection reset by peer"))
				later(time.Hour)
				expect(t, "known meanwhile", "a=source-controller", names(w))
				if n := len(s.asked); n < 100 || n > 260 { // every 15 to 30 s, in the end
					t.Errorf("%d requests in an hour", n)
				}
				if n := strings.Count(log.String(), "\n"); n != 1 || !strings.Contains(log.String(), "level=WARN") {
					t.Errorf("want one line, got %d:\n%s", n, log)
				}
				s.set(func() { s.refuse, s.code = nil, 0 })
				later(31 * time.Second)
				s.send(t, eventJSON("ADDED", podJSON("b", "11", "helm-controller")))
				expect(t, "known after it", "a=source-controller b=helm-controller", names(w))
				if n := strings.Count(log.String(), "\n"); n != 2 || !strings.Contains(log.String(), "answers again") {
					t.Errorf("want a second line, got %d:\n%s", n, log)
				}
			})
		})
	}
}

// A server that takes requests and says nothing holds up neither the first lines for long nor the end of the program.
func TestHangs(t *testing.T) {
	s := &server{hang: true}
	bubble(t, Default(), s, func(w *Watch, log *journal) {
		later(patience)
		if !strings.Contains(log.String(), "deadline exceeded") {
			t.Errorf("log: %s", log)
		}
	})
}

func TestLoad(t *testing.T) {
	for _, c := range []struct{ name, list, want, log string }{
		{"pods", listJSON("10", podJSON("a", "9", "source-controller")), "a=source-controller", ""},
		{"none", `{"metadata":{"resourceVersion":"1"},"items":null,"other":{"items":[5]}}`, "", ""},
		{"items first", `{"items":[` + podJSON("a", "9", "source-controller") + `],"metadata":{"resourceVersion":"1"}}`, "a=source-controller", ""},
		{"a page", `<html>`, "", "invalid character"},
		{"a list of something", `[]`, "", "want an object"},
		{"no list", `{"items":7}`, "", "want a list"},
		{"something else", `{}`, "", "is no list of pods"},
		{"cut off", listJSON("10", podJSON("a", "9", "source-controller"))[:200], "", "unexpected EOF"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var log journal
			base, _ := url.Parse("https://api/behind/a/proxy")
			w, err := newWatch(Default(), &api{client: &http.Client{Transport: &server{list: c.list}}, base: base}, slog.New(slog.NewTextHandler(&log, nil)))
			if err != nil {
				t.Fatal(err)
			}
			w.Load(t.Context())
			expect(t, "pods", c.want, names(w))
			if (c.log == "") != (log.String() == "") || !strings.Contains(log.String(), c.log) {
				t.Errorf("log: %s", log.String())
			}
		})
	}
}

func TestNamespaces(t *testing.T) {
	other := strings.ReplaceAll(podJSON("b", "9", "source-controller"), "flux-system", "other")
	for _, c := range []struct {
		namespaces []string
		path       string
		known      bool
	}{
		{nil, "/api/v1/pods", true},
		{[]string{"flux-system"}, "/api/v1/namespaces/flux-system/pods", false},
		{[]string{"flux-system", "third"}, "/api/v1/pods", false},
	} {
		cfg := Default()
		cfg.Namespaces, cfg.Node = c.namespaces, "n1"
		var asked *url.URL
		s := &server{list: listJSON("10", other)}
		client := &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			asked = r.URL
			return s.RoundTrip(r)
		})}
		base, _ := url.Parse("https://api")
		w, _ := newWatch(cfg, &api{client: client, base: base}, slog.New(slog.DiscardHandler))
		w.Load(t.Context())
		if _, ok := w.Lookup("other", "b"); ok != c.known || asked.Path != c.path || asked.Query().Get("fieldSelector") != "spec.nodeName=n1" {
			t.Errorf("%v: known %v, asked %s", c.namespaces, ok, asked)
		}
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestNilKnowsNothing(t *testing.T) {
	var w *Watch
	if _, ok := w.Lookup("a", "b"); ok {
		t.Error("knows a pod")
	}
}
