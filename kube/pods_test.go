package kube

import (
	"context"
	"errors"
	"fmt"
	"io"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// server is an API server in memory, so that a test can have the clock of its bubble. Requests are
// answered by the fields, which a test sets with set.
type server struct {
	mu      sync.Mutex
	refuse  error            // no connection at all
	code    int              // of all answers, 0 for 200
	hang    bool             // take requests and say nothing
	list    string           // the list's body
	image   string           // of the pods that are asked for
	noGet   bool             // refuse to tell of one pod
	asked   []string         // lists, watches and pods
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
	if _, pod, ok := strings.Cut(req.URL.Path, "/pods/"); ok {
		kind = "get"
		s.asked = append(s.asked, "get "+pod)
	} else {
		s.asked = append(s.asked, kind+" "+q.Get("resourceVersion"))
	}
	switch {
	case s.hang:
		s.mu.Unlock()
		<-req.Context().Done()
		s.mu.Lock()
		return nil, req.Context().Err()
	case s.refuse != nil:
		return nil, s.refuse
	case s.code != 0:
		return answer(s.code, io.NopCloser(strings.NewReader(statusJSON(s.code)))), nil
	case kind == "get" && s.noGet:
		return answer(403, io.NopCloser(strings.NewReader(statusJSON(403)))), nil
	case kind == "get":
		return answer(200, io.NopCloser(strings.NewReader(wholeJSON(s.image)))), nil
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
	return &http.Response{StatusCode: code, Body: body, Header: http.Header{"Content-Type": {"application/json"}}}
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

// listOptions are those of a test that lists once.
var listOptions = metav1.ListOptions{}

func podJSON(name, version, app string) string {
	return fmt.Sprintf(`{"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1","metadata":{"namespace":"flux-system","name":%q,`+
		`"uid":"uid-%[1]s","resourceVersion":%q,"generation":1,"labels":{"app":%q},"managedFields":[{"manager":"a"}]}}`, name, version, app)
}

func wholeJSON(image string) string {
	return fmt.Sprintf(`{"kind":"Pod","apiVersion":"v1","metadata":{"name":"a"},"spec":{"nodeName":"n1",`+
		`"containers":[{"name":"manager","image":%q,"env":[{"name":"A"}]}]},"status":{"phase":"Running"}}`, image)
}

func listJSON(version string, pods ...string) string {
	return `{"kind":"PartialObjectMetadataList","apiVersion":"meta.k8s.io/v1","metadata":{"resourceVersion":"` + version + `"},"items":[` +
		strings.Join(pods, ",") + `]}`
}

func statusJSON(code int) string {
	reason := map[int]string{403: "Forbidden", 410: "Expired", 429: "TooManyRequests"}[code]
	return fmt.Sprintf(`{"kind":"Status","apiVersion":"v1","status":"Failure","message":"as the test wants","reason":%q,"code":%d}`, reason, code)
}

func bookmarkJSON(version string) string {
	return `{"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1","metadata":{"resourceVersion":"` + version + `"}}`
}

func eventJSON(kind, object string) string { return `{"type":"` + kind + `","object":` + object + `}` }

// clientOf is a client whose requests a test answers.
func clientOf(t *testing.T, rt http.RoundTripper) *Client {
	t.Helper()
	c, err := newClient(&rest.Config{Host: "https://api/behind/a/proxy", Transport: rt})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// bubble runs a Pods against the server; when the test's function returns, all is stopped.
func bubble(t *testing.T, cfg Config, s *server, test func(p *Pods, log *journal)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		var log journal
		cfg.Node = "n1"
		p, err := newPods(cfg, clientOf(t, s), slog.New(slog.NewTextHandler(&log, nil)))
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		go func() {
			if err := p.Run(ctx); err != nil {
				t.Error(err)
			}
		}()
		synctest.Wait()
		test(p, &log)
		cancel()
		synctest.Wait()
	})
}

// later has the clock go on.
func later(d time.Duration) {
	time.Sleep(d) // of the bubble: takes no time
	synctest.Wait()
}

func names(p *Pods) string {
	var all []string
	for _, k := range []string{"a", "b", "c", "d"} {
		if p, ok := p.Lookup("flux-system", k); ok {
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
	bubble(t, DefaultConfig(), s, func(p *Pods, log *journal) {
		expect(t, "list", "a=source-controller", names(p))
		s.send(t, eventJSON("ADDED", podJSON("c", "11", "helm-controller-shard1")))
		expect(t, "added, a shard", "a=source-controller c=helm-controller-shard1", names(p))
		before := p.known.Load()
		s.send(t, eventJSON("MODIFIED", podJSON("a", "12", "source-controller")))
		if p.known.Load() != before {
			t.Error("a change of the status made a new snapshot")
		}
		s.send(t, eventJSON("MODIFIED", podJSON("a", "13", "kustomize-controller")))
		expect(t, "relabelled", "a=kustomize-controller c=helm-controller-shard1", names(p))
		if got := (*before)[key{"flux-system", "a"}].App; got != "source-controller" {
			t.Errorf("the snapshot was written to: %s", got)
		}
		s.send(t, eventJSON("DELETED", podJSON("a", "14", "kustomize-controller")))
		expect(t, "deleted, with logs to read", "a=kustomize-controller c=helm-controller-shard1", names(p))
		for i := range maxGone {
			name := fmt.Sprint("x", i)
			s.send(t, eventJSON("ADDED", podJSON(name, "15", "source-controller")), eventJSON("DELETED", podJSON(name, "16", "source-controller")))
		}
		expect(t, "deleted long ago", "c=helm-controller-shard1", names(p))
		expect(t, "log", "", log.String())
	})
}

// A deleted pod that comes back under its name is there to stay.
func TestComesBack(t *testing.T) {
	s := &server{list: listJSON("10", podJSON("a", "9", "source-controller"))}
	bubble(t, DefaultConfig(), s, func(p *Pods, _ *journal) {
		s.send(t, eventJSON("DELETED", podJSON("a", "11", "source-controller")), eventJSON("ADDED", podJSON("a", "12", "source-controller")))
		if len(p.gone) != 0 {
			t.Errorf("gone: %v", p.gone)
		}
	})
}

// TestNotFluxsAnyMore has a pod lose the labels that make it Flux's, one made again under its name
// without them, and one remembered of a namespace that is not configured. Their owners speak for
// Flux no more.
func TestNotFluxsAnyMore(t *testing.T) {
	s := &server{list: listJSON("10", podJSON("a", "9", "source-controller"), podJSON("b", "9", "helm-controller"))}
	cfg := DefaultConfig()
	cfg.Namespaces = []string{"flux-system", "gitops"}
	bubble(t, cfg, s, func(p *Pods, _ *journal) {
		expect(t, "all", "a=source-controller b=helm-controller", names(p))
		s.send(t, eventJSON("MODIFIED", podJSON("a", "11", "podinfo")))
		expect(t, "relabelled", "b=helm-controller", names(p))
		s.send(t, eventJSON("DELETED", podJSON("b", "12", "helm-controller")), eventJSON("ADDED", podJSON("b", "13", "podinfo")))
		expect(t, "made again", "", names(p))
		if len(p.gone) != 0 {
			t.Errorf("gone: %v", p.gone)
		}
		p.Remember([]Pod{
			{Namespace: "tenant", Name: "c", Node: p.node, App: "source-controller"},
			{Namespace: "gitops", Name: "d", Node: p.node, App: "source-controller"},
		}, func([]Pod) {})
		_, strange := p.Lookup("tenant", "c")
		if _, known := p.Lookup("gitops", "d"); strange || !known {
			t.Errorf("remembered: of another namespace %v, of a configured one %v", strange, known)
		}
	})
}

// TestGoesOnWhereTheWatchEnded has the server and the network end watches, which go on where they
// ended. After an event that cannot be read all is asked for again.
func TestGoesOnWhereTheWatchEnded(t *testing.T) {
	s := &server{list: listJSON("10", podJSON("a", "9", "source-controller"))}
	bubble(t, DefaultConfig(), s, func(p *Pods, log *journal) {
		s.send(t, eventJSON("MODIFIED", podJSON("a", "11", "source-controller")))
		s.end(nil)
		later(time.Second)
		s.send(t, eventJSON("BOOKMARK", bookmarkJSON("20")))
		s.end(errors.New("connection reset by peer"))
		later(time.Second)
		later(time.Minute)
		s.send(t, `{"type": not json`)
		later(time.Minute)
		want := []string{"list 0", "get a", "watch 10", "watch 11", "watch 20", "list 20", "watch 10"}
		if d := cmp.Diff(want, s.asked); d != "" {
			t.Errorf("(-want +asked):\n%s", d)
		}
		expect(t, "log", "", log.String())
	})
}

// TestAsksAgainWhenOutdated: what the server no longer remembers is asked for as a whole, and what
// is not in the answer is gone.
func TestAsksAgainWhenOutdated(t *testing.T) {
	s := &server{list: listJSON("10", podJSON("a", "9", "source-controller"))}
	bubble(t, DefaultConfig(), s, func(p *Pods, log *journal) {
		s.set(func() { s.list = listJSON("90", podJSON("b", "80", "helm-controller")) })
		s.send(t, eventJSON("ERROR", statusJSON(410)))
		later(time.Minute)
		expect(t, "pods", "a=source-controller b=helm-controller", names(p))
		if d := cmp.Diff([]key{{"flux-system", "a"}}, p.gone, cmp.AllowUnexported(key{})); d != "" {
			t.Errorf("(-want +gone):\n%s", d)
		}
		want := []string{"list 0", "get a", "watch 10", "list 10", "get b", "watch 90"}
		if d := cmp.Diff(want, s.asked); d != "" {
			t.Errorf("(-want +asked):\n%s", d)
		}
		expect(t, "log", "", log.String())
	})
}

// TestOutage: whatever is wrong with the server, it is said once, tried more and more seldom, and
// what was known stays known.
func TestOutage(t *testing.T) {
	for name, outage := range map[string]func(*server){
		"connection refused": func(s *server) { s.refuse = syscall.ECONNREFUSED },
		"no route":           func(s *server) { s.refuse = errors.New("no route to host") },
		"forbidden":          func(s *server) { s.code = http.StatusForbidden },
		"overloaded":         func(s *server) { s.code = http.StatusTooManyRequests },
		"broken":             func(s *server) { s.code = http.StatusInternalServerError },
		"silent":             func(s *server) { s.hang = true },
	} {
		t.Run(name, func(t *testing.T) {
			s := &server{list: listJSON("10", podJSON("a", "9", "source-controller"))}
			bubble(t, DefaultConfig(), s, func(p *Pods, log *journal) {
				s.send(t, eventJSON("MODIFIED", podJSON("a", "11", "source-controller")))
				s.set(func() { outage(s) })
				s.end(errors.New("connection reset by peer"))
				later(time.Hour)
				expect(t, "known meanwhile", "a=source-controller", names(p))
				if n := len(s.asked); n < 50 || n > 300 {
					t.Errorf("%d requests in an hour", n)
				}
				if n := strings.Count(log.String(), "\n"); n != 1 || !strings.Contains(log.String(), "level=WARN") {
					t.Errorf("want one line, got %d:\n%s", n, log)
				}
				s.set(func() { s.refuse, s.code, s.hang = nil, 0, false })
				later(2 * time.Minute)
				s.send(t, eventJSON("ADDED", podJSON("b", "12", "helm-controller")))
				expect(t, "known after it", "a=source-controller b=helm-controller", names(p))
				if n := strings.Count(log.String(), "\n"); n != 2 || !strings.Contains(log.String(), "answers again") {
					t.Errorf("want a second line, got %d:\n%s", n, log)
				}
			})
		})
	}
}

// TestWait returns with the first answer, whatever it is, and with its context.
func TestWait(t *testing.T) {
	for name, s := range map[string]*server{
		"pods":    {list: listJSON("10")},
		"refused": {code: http.StatusForbidden},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, DefaultConfig(), s, func(p *Pods, _ *journal) { p.Wait(context.Background()) })
		})
	}
	bubble(t, DefaultConfig(), &server{hang: true}, func(p *Pods, log *journal) {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		p.Wait(ctx)
		later(patience)
		if !strings.Contains(log.String(), "deadline exceeded") {
			t.Errorf("log: %s", log)
		}
	})
}

// TestRuns asks what a pod runs once, and again when its spec changes or when that failed.
func TestRuns(t *testing.T) {
	s := &server{noGet: true, image: "x:v1", list: listJSON("10", podJSON("a", "9", "source-controller"))}
	bubble(t, DefaultConfig(), s, func(p *Pods, log *journal) {
		if pod, ok := p.Lookup("flux-system", "a"); !ok || pod.Image != "" || pod.App != "source-controller" {
			t.Errorf("refused: %v %+v", ok, pod)
		}
		if !strings.Contains(log.String(), "has to allow get, list and watch of pods") {
			t.Errorf("log: %s", log)
		}
		version := func(want string) {
			t.Helper()
			pod, _ := p.Lookup("flux-system", "a")
			expect(t, "version", want, pod.Version)
		}
		change := podJSON("a", "11", "source-controller")
		s.set(func() { s.noGet = false })
		s.send(t, eventJSON("MODIFIED", change))
		version("v1")
		s.set(func() { s.image = "x:v2" })
		s.send(t, eventJSON("MODIFIED", change))
		version("v1")
		s.send(t, eventJSON("MODIFIED", strings.Replace(change, `"generation":1`, `"generation":2`, 1)))
		version("v2")
		s.set(func() { s.noGet = true })
		s.send(t, eventJSON("MODIFIED", strings.Replace(change, "uid-a", "uid-b", 1)))
		version("")
	})
}

// TestRemember has what an earlier process knew known while the server does not answer.
func TestRemember(t *testing.T) {
	s := &server{code: http.StatusInternalServerError, image: "x:v1",
		list: listJSON("10", podJSON("b", "9", "source-controller-shard1"))}
	cfg := DefaultConfig()
	cfg.Node = "n1"
	synctest.Test(t, func(t *testing.T) {
		p, err := newPods(cfg, clientOf(t, s), slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		var saved [][]Pod
		p.Remember([]Pod{
			{Namespace: "flux-system", Name: "a", Node: "n1", App: "helm-controller-x"},
			{Namespace: "flux-system", Name: "c", Node: "n2", App: "helm-controller"},
		}, func(all []Pod) { saved = append(saved, all) })
		ctx, cancel := context.WithCancel(t.Context())
		go func() { _ = p.Run(ctx) }()
		later(time.Minute)
		expect(t, "no answer", "a=helm-controller-x", names(p))
		s.set(func() { s.code = 0 })
		later(2 * time.Minute)
		cancel()
		synctest.Wait()
		expect(t, "answer", "a=helm-controller-x b=source-controller-shard1", names(p))
		if len(saved) != 1 || len(saved[0]) != 2 || saved[0][1].Version != "v1" {
			t.Errorf("saved %+v", saved)
		}
	})
}

// TestAnswers are lists as servers write them, and what others answer.
func TestAnswers(t *testing.T) {
	whole := strings.NewReplacer(`"kind":"PartialObjectMetadataList","apiVersion":"meta.k8s.io/v1"`, `"kind":"PodList","apiVersion":"v1"`,
		`"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1",`, "")
	for _, c := range []struct{ name, list, want, log string }{
		{"pods", listJSON("10", podJSON("a", "9", "source-controller")), "a=source-controller", ""},
		{"whole pods of an old server", whole.Replace(listJSON("10", podJSON("a", "9", "source-controller"))), "a=source-controller", ""},
		{"none", `{"kind":"PartialObjectMetadataList","apiVersion":"meta.k8s.io/v1","metadata":{"resourceVersion":"1"},"items":null}`, "", ""},
		{"a page", `<html>`, "", "couldn't get version/kind"},
		{"something else", `{}`, "", "cannot ask"},
		{"cut off", listJSON("10", podJSON("a", "9", "source-controller"))[:200], "", "unexpected end"},
	} {
		t.Run(c.name, func(t *testing.T) {
			bubble(t, DefaultConfig(), &server{list: c.list}, func(p *Pods, log *journal) {
				expect(t, "pods", c.want, names(p))
				if (c.log == "") != (log.String() == "") || !strings.Contains(log.String(), c.log) {
					t.Errorf("log: %s", log.String())
				}
			})
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
		{nil, "/behind/a/proxy/api/v1/pods", true},
		{[]string{"flux-system"}, "/behind/a/proxy/api/v1/namespaces/flux-system/pods", false},
		{[]string{"flux-system", "third"}, "/behind/a/proxy/api/v1/pods", false},
	} {
		cfg := DefaultConfig()
		cfg.Namespaces, cfg.Node = c.namespaces, "n1"
		var asked *url.URL
		s := &server{list: listJSON("10", other)}
		p, err := newPods(cfg, clientOf(t, roundTrip(func(r *http.Request) (*http.Response, error) {
			if !strings.HasSuffix(r.URL.Path, "/b") && !r.URL.Query().Has("watch") {
				asked = r.URL
			}
			return s.RoundTrip(r)
		})), slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- p.Run(ctx) }()
		p.Wait(ctx)
		cancel()
		<-done
		if _, ok := p.Lookup("other", "b"); ok != c.known || asked.Path != c.path || asked.Query().Get("fieldSelector") != "spec.nodeName=n1" {
			t.Errorf("%v: known %v, asked %s", c.namespaces, ok, asked)
		}
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestNilKnowsNothing(t *testing.T) {
	var p *Pods
	p.Remember([]Pod{{Name: "b"}}, nil)
	p.Wait(t.Context())
	if err := p.Run(t.Context()); err != nil {
		t.Error(err)
	}
	if _, ok := p.Lookup("a", "b"); ok {
		t.Error("knows a pod")
	}
}
