package web

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"

	"fluxtrail/api"
)

// fakeAgent is an agent whose answers a test sets. Without a snapshot it has none.
type fakeAgent struct {
	why      []string
	lanes    []api.Lane
	targets  map[string][]api.Target
	snapshot func(ctx context.Context, last bool) (*Snapshot, error)
}

func (a *fakeAgent) Unready() []string                { return a.why }
func (a *fakeAgent) Leader() *api.Leader              { return nil }
func (a *fakeAgent) Sinks() []api.Sink                { return []api.Sink{} }
func (a *fakeAgent) Lanes() []api.Lane                { return a.lanes }
func (a *fakeAgent) Targets() map[string][]api.Target { return a.targets }

func (a *fakeAgent) Snapshot(ctx context.Context, last bool) (*Snapshot, error) {
	if a.snapshot == nil {
		return nil, nil
	}
	return a.snapshot(ctx, last)
}

var start = time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)

func options() Options {
	return Options{
		Version: "v1", Cluster: "c1", Node: "n1", Config: "agent: {}", Metrics: prometheus.NewRegistry(), Log: slog.New(slog.DiscardHandler),
		Now: func() time.Time { return start },
	}
}

func get(h http.Handler, path string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
	return w
}

// shelf has n elements that f makes of their numbers.
func shelf[T any](n int, f func(i int) (Entry, T, []string)) *Shelf {
	s := &Shelf{}
	for i := range n {
		e, v, texts := f(i)
		if err := s.Add(e, &v, texts); err != nil {
			panic(err)
		}
	}
	s.End()
	return s
}

// unread is a body that nobody may read.
type unread struct{ t *testing.T }

func (u unread) Read([]byte) (int, error) {
	u.t.Error("the body was read")
	return 0, io.EOF
}

// TestNoPageReadsABody sends every page a form that it could parse, with a value in it that counts
// only in the URL.
func TestNoPageReadsABody(t *testing.T) {
	t.Parallel()
	h := Handler(&fakeAgent{}, options())
	for _, path := range []string{
		"/", "/healthz", "/readyz", "/metrics", "/api/v1/incidents", "/api/v1/objects", "/api/v1/targets", "/api/v1/status",
	} {
		for _, form := range []string{"multipart/form-data; boundary=x", "application/x-www-form-urlencoded"} {
			r := httptest.NewRequest("GET", path, unread{t})
			r.Header.Set("Content-Type", form)
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if w.Header().Get("Connection") != "close" {
				t.Errorf("%s keeps the connection", path)
			}
		}
	}
	if w := get(h, "/healthz"); w.Header().Get("Connection") != "" {
		t.Error("a request without a body closes the connection")
	}
}

// TestOtherMethodsAreRefused wants GET and HEAD only.
func TestOtherMethodsAreRefused(t *testing.T) {
	t.Parallel()
	h := Handler(&fakeAgent{}, options())
	for method, want := range map[string]int{"HEAD": 200, "POST": 405, "PUT": 405, "DELETE": 405} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(method, "/api/v1/status", nil))
		if w.Code != want {
			t.Errorf("%s: %d, want %d", method, w.Code, want)
		}
	}
}

// TestRequestsAreBounded has the first request take its time. As many as are allowed wait for it,
// those beyond are sent away, and health is answered all the same.
func TestRequestsAreBounded(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/?at=last", "/api/v1/incidents?at=last", "/api/v1/objects?at=last"} {
		synctest.Test(t, func(t *testing.T) {
			slow, calls := make(chan struct{}), 0
			h := Handler(&fakeAgent{snapshot: func(context.Context, bool) (*Snapshot, error) {
				calls++
				<-slow
				return nil, nil
			}}, options())
			for range maxPages {
				go get(h, path)
			}
			synctest.Wait()
			if calls != 1 {
				t.Errorf("%s: %d snapshots at a time", path, calls)
			}
			w := get(h, path)
			if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" {
				t.Errorf("%s: %d %v", path, w.Code, w.Header())
			}
			for _, other := range []string{"/healthz", "/readyz", "/metrics"} {
				if w := get(h, other); w.Code != http.StatusOK {
					t.Errorf("%s while %s is busy: %d", other, path, w.Code)
				}
			}
			close(slow)
			synctest.Wait()
			if w := get(h, "/api/v1/status"); w.Code != http.StatusOK || calls != maxPages {
				t.Errorf("%s: %d after %d snapshots", path, w.Code, calls)
			}
		})
	}
}

// TestScrapesAreBounded does the same with /metrics.
func TestScrapesAreBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		slow := make(chan struct{})
		opt := options()
		opt.Metrics = prometheus.GathererFunc(func() ([]*dto.MetricFamily, error) {
			<-slow
			return nil, nil
		})
		h := Handler(&fakeAgent{}, opt)
		for range maxScrapes {
			go get(h, "/metrics")
		}
		synctest.Wait()
		w := get(h, "/metrics")
		if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" {
			t.Errorf("%d %v", w.Code, w.Header())
		}
		close(slow)
		synctest.Wait()
		if w := get(h, "/metrics"); w.Code != http.StatusOK {
			t.Errorf("afterwards: %d", w.Code)
		}
	})
}

// TestRequestsAreGivenUp has a client leave while its request waits for another one.
func TestRequestsAreGivenUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		slow, calls := make(chan struct{}), 0
		h := Handler(&fakeAgent{snapshot: func(context.Context, bool) (*Snapshot, error) {
			calls++
			<-slow
			return nil, nil
		}}, options())
		go get(h, "/api/v1/objects?at=last")
		synctest.Wait()
		ctx, leave := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() {
			h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/api/v1/objects?at=last", nil).WithContext(ctx))
			close(done)
		}()
		synctest.Wait()
		leave()
		<-done
		close(slow)
		synctest.Wait()
		if calls != 1 {
			t.Errorf("%d snapshots", calls)
		}
	})
}

// TestHealth wants health to be told apart from readiness.
func TestHealth(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		why  []string
		code int
		text string
	}{
		{nil, http.StatusOK, "ready\n"},
		{[]string{"ship: x", "trail: y"}, http.StatusServiceUnavailable, "ship: x\ntrail: y\n"},
		{[]string{"open /a\x1b[2J\u202e"}, http.StatusServiceUnavailable, "open /a\uFFFD[2J\uFFFD\n"},
	} {
		h := Handler(&fakeAgent{why: tt.why}, options())
		for _, path := range []string{"/readyz", "/-/ready"} {
			if w := get(h, path); w.Code != tt.code || w.Body.String() != tt.text {
				t.Errorf("%v: %d %q", tt.why, w.Code, w.Body)
			}
		}
		for _, path := range []string{"/healthz", "/-/healthy"} {
			if w := get(h, path); w.Code != http.StatusOK || w.Body.String() != "ok\n" {
				t.Errorf("%v: %d %q", tt.why, w.Code, w.Body)
			}
		}
	}
}

var errBroken = errors.New("broken")

// TestSnapshotsAreAnsweredByWhatTheyAre looks at the status of an answer, for each way in which
// there is no snapshot.
func TestSnapshotsAreAnsweredByWhatTheyAre(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, query string
		snapshot    *Snapshot
		err         error
		code        int
		text        string
	}{
		{"nothing read", "", nil, nil, http.StatusServiceUnavailable, "trail has just started and shows nothing yet: come back in some seconds"},
		{"state broken", "", nil, errBroken, http.StatusInternalServerError, "broken"},
		{"other time", "?at=tomorrow", &Snapshot{Objects: &Shelf{}, Incidents: &Shelf{}}, nil, http.StatusBadRequest, `at=\"tomorrow\" is not known`},
		{"ships only", "?at=last", nil, ErrShipOnly, http.StatusNotImplemented, "only ships lines"},
		{"now", "?at=now", &Snapshot{Objects: shelf(0, one), Incidents: shelf(0, failing)}, nil, http.StatusOK, `"at":null`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := Handler(&fakeAgent{snapshot: func(context.Context, bool) (*Snapshot, error) { return tt.snapshot, tt.err }}, options())
			for _, path := range []string{"/api/v1/objects", "/api/v1/incidents"} {
				if w := get(h, path+tt.query); w.Code != tt.code || !strings.Contains(w.Body.String(), tt.text) {
					t.Errorf("%s: %d %q", path, w.Code, w.Body)
				}
			}
			if w := get(h, "/"+tt.query); w.Code != http.StatusOK {
				t.Errorf("the page: %d", w.Code)
			}
		})
	}
}

// TestShelfIsSmall wants no memory behind what is kept.
func TestShelfIsSmall(t *testing.T) {
	t.Parallel()
	s := &Shelf{}
	for i := range 3*blockSize + 1 {
		if err := s.Add(Entry{}, strings.Repeat("x", 1000+i), nil); err != nil {
			t.Fatal(err)
		}
	}
	s.End()
	if len(s.blocks) != 4 || s.open.Cap() > 0 || s.scratch != nil || cap(s.entries) > len(s.entries) {
		t.Errorf("%d blocks, %d bytes open, %d and %d for more", len(s.blocks), s.open.Cap(), len(s.scratch), cap(s.entries))
	}
	for _, b := range s.blocks {
		if cap(b) > len(b)+len(b)/4 {
			t.Errorf("%d bytes take %d", len(b), cap(b))
		}
	}
	all := make([]int, len(s.entries))
	for i := range all {
		all[i] = i
	}
	n := 0
	if err := s.each(all, func(e element) error { n += len(e.doc); return nil }); err != nil || n < 97*1000 {
		t.Error(n, err)
	}
}
