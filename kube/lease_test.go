package kube

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"path"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// objectServer is an API server for objects of any kind, by path, with their resourceVersions.
type objectServer struct {
	mu      sync.Mutex
	objects map[string]map[string]any
	rev     int
	status  int // of every answer, 0 for what is right
}

func (s *objectServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	at, body := r.URL.Path, map[string]any{}
	text, _ := io.ReadAll(r.Body)
	_ = json.Unmarshal(text, &body)
	w.Header().Set("Content-Type", "application/json")
	meta, _ := body["metadata"].(map[string]any)
	if r.Method == http.MethodPost {
		at = path.Join(at, meta["name"].(string))
	}
	have := s.objects[at]
	version, _ := meta["resourceVersion"].(string)
	status := http.StatusOK
	switch {
	case s.status != 0:
		status = s.status
	case have == nil && r.Method != http.MethodPost:
		status = http.StatusNotFound
	case have != nil && r.Method == http.MethodPost, r.Method == http.MethodPut && version != "" && version != have["metadata"].(map[string]any)["resourceVersion"]:
		status = http.StatusConflict
	}
	if status != http.StatusOK {
		reason := map[int]string{404: "NotFound", 409: "Conflict", 403: "Forbidden"}[status]
		w.WriteHeader(status)
		fmt.Fprintf(w, `{"kind":"Status","apiVersion":"v1","status":"Failure","reason":%q,"code":%d}`, reason, status)
		return
	}
	if r.Method != http.MethodGet {
		s.rev++
		meta["resourceVersion"] = fmt.Sprint(s.rev)
		s.objects[at], have = body, body
	}
	_ = json.NewEncoder(w).Encode(have)
}

func (s *objectServer) fail(status int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.status = status
}

// TestLease is the life of a Lease: one leads, dies without a word, and another one follows it; one
// that ends gives it back; without an API server each is alone.
func TestLease(t *testing.T) {
	t.Parallel()
	server := &objectServer{objects: map[string]map[string]any{}}
	now := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	var log strings.Builder
	candidate := func(node string) *Lease {
		return NewLease(serverOf(t, server.ServeHTTP), LeaderConfig{Namespace: "flux-system"}, node, func() time.Time { return now }, slog.New(slog.NewTextHandler(&log, nil)))
	}
	a, b := candidate("a"), candidate("b")
	step := func(after time.Duration, want string, rounds ...*Lease) {
		t.Helper()
		now = now.Add(after)
		for _, l := range rounds {
			l.round(t.Context())
		}
		var got []string
		for _, l := range []*Lease{a, b} {
			s, node := l.Standing()
			got = append(got, strings.TrimSpace(string(s)+" "+node))
		}
		if s := strings.Join(got, ", "); s != want {
			t.Errorf("%s: %s, want %s", now.Format(time.TimeOnly), s, want)
		}
	}
	step(0, "unsettled, unsettled")
	step(0, "leads a, follows a", a, b)
	step(10*time.Second, "leads a, follows a", b, a)
	step(25*time.Second, "leads a, follows a", b) // the renewal at 10 s is new to b: a lives
	step(6*time.Second, "alone, follows a", b)
	step(26*time.Second, "alone, leads b", b) // a was not heard of for a lease
	step(0, "follows b, leads b", a)
	b.release()
	step(time.Second, "leads a, alone", a)
	step(0, "leads a, follows a", b)

	server.fail(http.StatusServiceUnavailable)
	step(20*time.Second, "leads a, follows a", a, b)
	step(20*time.Second, "alone, follows a", a, b)
	step(30*time.Second, "alone, alone", a, b)
	server.fail(0)
	step(time.Second, "leads a, follows a", a, b)
	server.fail(http.StatusForbidden)
	step(time.Second, "alone, alone", a, b)
	if strings.Count(log.String(), "cannot agree with the agents of other nodes") != 4 || !strings.Contains(log.String(), "Role fluxtrail-leader") {
		t.Errorf("%s", log.String())
	}
}

func TestLeaderConfig(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		cfg  LeaderConfig
		want string
	}{
		{LeaderConfig{Enabled: "auto", Lease: DefaultLease}, ""},
		{LeaderConfig{Enabled: "yes", Namespace: "A", Lease: time.Second}, "enabled: \"yes\" is not known: use auto, always or never\n" +
			"namespace: \"A\" is no name of a namespace\nlease: 1s is too short or too long: use 3s to 10m"},
	} {
		got := ""
		if err := c.cfg.Validate(); err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%+v: %s", c.cfg, got)
		}
	}
	if wanted, err := (LeaderConfig{Enabled: "always"}).Wanted(false); wanted || err == nil {
		t.Error("always without an API server")
	}
}

// TestNotes writes a note, anew where there is one, and reads what others wrote.
func TestNotes(t *testing.T) {
	t.Parallel()
	server := &objectServer{objects: map[string]map[string]any{}}
	c, now := serverOf(t, server.ServeHTTP), time.Now()
	cfg := LeaderConfig{Namespace: "flux-system"}
	node := strings.Repeat("n", 250)
	w := NewNotes(c, cfg, node, func() time.Time { return now }, slog.New(slog.DiscardHandler))
	for _, body := range []string{`{"a":1}`, `{"a":2}`} {
		if err := w.Write(t.Context(), Compress([]byte(body))); err != nil {
			t.Fatal(err)
		}
	}
	objects, err := server.all()
	if err != nil || len(objects) != 1 {
		t.Fatal(objects, err)
	}
	r := NewNotes(c, cfg, "other", func() time.Time { return now }, slog.New(slog.DiscardHandler))
	if _, rev := r.Read(); rev != 0 {
		t.Error("read before anything was listed")
	}
	note := r.distill(objects[0])
	noteStore{r}.replace(t.Context(), []Note{note, {Node: "broken"}})
	all, rev := r.Read()
	first := all[node]
	if len(all) != 1 || string(first.Body()) != `{"a":2}` || !all[node].Seen.Equal(now) || rev == 0 {
		t.Fatalf("%v %d", all, rev)
	}
	now = now.Add(time.Hour)
	noteStore{r}.put(t.Context(), note) // the same again, after a pause of the watch
	if again, same := r.Read(); same != rev || !again[node].Seen.Equal(all[node].Seen) {
		t.Error("a note that did not change counts as news")
	}
	noteStore{r}.drop(t.Context(), note)
	if all, _ = r.Read(); len(all) != 0 {
		t.Error(all)
	}
}

// TestNotesStaySmall has many notes that become large when they are read.
func TestNotesStaySmall(t *testing.T) { // alone, because it measures memory
	c := serverOf(t, (&objectServer{objects: map[string]map[string]any{}}).ServeHTTP)
	r := NewNotes(c, LeaderConfig{Namespace: "flux-system"}, "a", time.Now, slog.New(slog.DiscardHandler))
	bomb := base64.StdEncoding.EncodeToString(Compress(make([]byte, 100<<20)))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	var all []Note
	for i := range 20 {
		all = append(all, r.distill(&unstructured.Unstructured{Object: map[string]any{
			"data": map[string]any{noteNode: fmt.Sprint("node-", i)}, "binaryData": map[string]any{noteBody: bomb},
		}}))
	}
	noteStore{r}.replace(t.Context(), all)
	runtime.ReadMemStats(&after)
	if got := (after.TotalAlloc - before.TotalAlloc) >> 20; got > 200 {
		t.Errorf("%d MiB for %d notes", got, len(all))
	}
	if n := len(all[0].Body()); n > maxBody {
		t.Errorf("a body of %d bytes", n)
	}
}

// all are the objects that the server has.
func (s *objectServer) all() (all []*unstructured.Unstructured, err error) {
	for at, o := range s.objects {
		if len(path.Base(at)) > 253 {
			err = fmt.Errorf("the name %s is too long", path.Base(at))
		}
		all = append(all, &unstructured.Unstructured{Object: o})
	}
	return all, err
}
