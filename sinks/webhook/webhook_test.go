package webhook

import (
	"encoding/json"
	"net/http"
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
