package webhook

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"fluxtrail/sinks"
	"fluxtrail/sinks/sinktest"

	"github.com/google/go-cmp/cmp"
)

func event(name string) Event {
	return Event{
		Object:   Object{APIVersion: "kustomize.toolkit.fluxcd.io/v1", Kind: "Kustomization", Namespace: "apps", Name: name},
		Severity: "error", Time: time.Unix(1795176000, 0).UTC(), Message: "fails", Reason: "BuildFailed", Controller: "fluxtrail",
	}
}

func TestContract(t *testing.T) {
	sinktest.RunOnce(t, func(_ *testing.T, client *http.Client) sinks.Sink[Event] {
		return New(Config{URL: "http://notification-controller"}, client)
	}, []Event{event("a"), event("b")})
}

// The body has the keys that notification-controller reads, and its answer counts.
func TestFormat(t *testing.T) {
	t.Parallel()
	server := &sinktest.Server{Script: []sinktest.Answer{{Status: 202}, {Status: 202}}}
	if err := New(Config{URL: "http://nc/"}, &http.Client{Transport: server}).Send(t.Context(), []Event{event("a"), event("b")}); err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(server.Got[0].Body, &got); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"involvedObject": map[string]any{"apiVersion": "kustomize.toolkit.fluxcd.io/v1", "kind": "Kustomization", "namespace": "apps", "name": "a"},
		"severity":       "error", "timestamp": "2026-11-20T12:00:00Z", "message": "fails", "reason": "BuildFailed", "reportingController": "fluxtrail",
	}
	if d := cmp.Diff(want, got); d != "" || len(server.Got) != 2 {
		t.Error(d)
	}
}

// answers is a transport that gives one answer, or fails.
type answers func(*http.Request) (*http.Response, error)

func (a answers) RoundTrip(r *http.Request) (*http.Response, error) { return a(r) }

// TestAnswers has servers that are no notification-controller, and that one's limit on equal events.
func TestAnswers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		status int
		header [2]string
		body   string
		want   string // of the error, "" for none
	}{
		{name: "a word", status: 200, header: [2]string{"Content-Type", "text/plain"}, body: "ok"},
		{name: "JSON", status: 200, header: [2]string{"Content-Type", "application/json"}, body: `{"ok":true}`},
		{name: "created", status: 201, body: "x"},
		{name: "a login page", status: 200, body: "\n<!doctype html><form>", want: "answered 200"},
		{name: "a part of one", status: 200, header: [2]string{"Content-Type", "text/html; charset=utf-8"}, body: "Sign in", want: "answered 200"},
		{name: "had it", status: 429, header: [2]string{"X-RateLimit-Limit", "1"}, body: "Too Many Requests"},
		{name: "not now", status: 429, header: [2]string{"Retry-After", "-99999999999999999999"}, want: "answered 429"},
		{name: "not now, with a limit", status: 429, header: [2]string{"X-RateLimit-Limit", "100"}, want: "answered 429"},
		{name: "moved", status: 307, header: [2]string{"Location", "http://elsewhere/"}, want: "answered 307"},
	} {
		client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		client.Transport = answers(func(r *http.Request) (*http.Response, error) {
			rec := httptest.NewRecorder()
			if c.header[0] != "" {
				rec.Header().Set(c.header[0], c.header[1])
			}
			rec.WriteHeader(c.status)
			_, err := rec.WriteString(c.body)
			return rec.Result(), err
		})
		err := New(Config{URL: "http://hooks/x"}, client).Send(t.Context(), []Event{event("a")})
		if (err == nil) != (c.want == "") || err != nil && !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}

// TestErrorsHideThePath: it is the credential of many such addresses.
func TestErrorsHideThePath(t *testing.T) {
	t.Parallel()
	client := &http.Client{Transport: answers(func(*http.Request) (*http.Response, error) { return nil, errors.New("no route to host") })}
	err := New(Config{URL: "https://hooks.example.com/in/hunter2?k=hunter2"}, client).Send(t.Context(), []Event{event("a")})
	if want := `Post "https://hooks.example.com/<secret>": no route to host`; err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}
