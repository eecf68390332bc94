package doctor

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

// endless is an API server that has objects without end of every resource.
type endless struct {
	object func(i int) map[string]any
	given  int
}

func (e *endless) EachOf(_ context.Context, _ schema.GroupVersionResource, _, _ string, f func(map[string]any) error) error {
	for i := 0; ; i++ {
		e.given++
		if err := f(e.object(i)); err != nil {
			return err
		}
	}
}

// TestEndlessObjects wants each check to give up before its objects take too much, whether they are
// large or many, and none of them to be well.
func TestEndlessObjects(t *testing.T) {
	t.Parallel()
	for name, object := range map[string]func(i int) map[string]any{
		"large": func(i int) map[string]any {
			return map[string]any{"metadata": map[string]any{"name": fmt.Sprint(i)}, "data": map[string]any{"a": strings.Repeat("x", 1<<20)},
				"spec": map[string]any{"containers": []any{map[string]any{"name": strings.Repeat("x", 1<<20)}}}}
		},
		"empty": func(int) map[string]any { return map[string]any{} },
	} {
		cluster := &endless{object: object}
		d, err := Examine(t.Context(), Options{Cluster: cluster, Now: time.Now})
		if err != nil {
			t.Fatal(err)
		}
		refused := 0
		for _, f := range d.Findings {
			if strings.Contains(f.Text, "take more than 64 MiB") {
				refused++
			}
			if f.Severity == ok {
				t.Errorf("%s: %s is well: %s", name, f.Check, f.Text)
			}
		}
		if refused < 5 || cluster.given > 10*maxHeld/minWeight {
			t.Errorf("%s: %d checks gave up, %d objects given", name, refused, cluster.given)
		}
	}
}

// silent is an API server that answers nothing, for as long as it may.
type silent struct{ asked int }

func (s *silent) EachOf(ctx context.Context, _ schema.GroupVersionResource, _, _ string, _ func(map[string]any) error) error {
	s.asked++
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(30 * time.Second): // the patience of one question
		return context.DeadlineExceeded
	}
}

// TestPatience has an API server that answers nothing: it is asked no longer than the patience,
// what was not looked at says why, and another server is still looked at.
func TestPatience(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		at, cluster := time.Now(), &silent{}
		agent := &Server{URL: "http://agent.invalid", Client: &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(`{"schema":"fluxtrail/agent/v1"}`)), Request: r}, r.Context().Err()
		})}}
		d, err := Examine(t.Context(), Options{Cluster: cluster, Agent: agent, Now: time.Now, Patience: 75 * time.Second})
		if took := time.Since(at); err != nil || took != 75*time.Second || cluster.asked != 3 {
			t.Errorf("%v after %s and %d questions", err, took, cluster.asked)
		}
		late, reached := 0, false
		for _, f := range d.Findings {
			if f.Severity == Skipped && strings.Contains(f.Text, "more than 1m15s: if it is only slow, raise --timeout") {
				late++
			}
			reached = reached || f.Check == "sinks" && f.Severity == ok
		}
		if late != 5 || !reached || !slices.Equal(d.Unreached, []string{"--cluster"}) {
			t.Errorf("%d checks came too late; the agent was reached: %v, not %q: %v", late, reached, d.Unreached, d.Findings)
		}
	})
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// TestSlim keeps of one of all pods what a monitor may go by, and of others all but who wrote it.
func TestSlim(t *testing.T) {
	t.Parallel()
	pod := func() map[string]any {
		return map[string]any{
			"metadata": map[string]any{"name": "a", "labels": map[string]any{"app": "b"}, "managedFields": []any{"x"}},
			"spec":     map[string]any{"nodeName": "n", "containers": []any{map[string]any{"name": "c", "image": "i", "ports": []any{map[string]any{"name": "http"}}}}},
			"status":   map[string]any{"phase": "Running", "podIP": "10.0.0.1"},
		}
	}
	const want = "map[metadata:map[labels:map[app:b] name:a] spec:map[containers:[map[name:c ports:[map[name:http]]]]] status:map[phase:Running]]"
	if got := fmt.Sprint(slim(pod(), true)); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if got := fmt.Sprint(slim(pod(), false)); strings.Contains(got, "managedFields") || !strings.Contains(got, "podIP") || !strings.Contains(got, "image:i") {
		t.Error(got)
	}
}
