package agent

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"fluxtrail/parse/redact"
)

// TestRunPastALineFromTheFuture has one line with a time that is a day ahead. Incidents open and
// end all the same, by the clock that is right.
func TestRunPastALineFromTheFuture(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		log := filepath.Join(t.TempDir(), "kustomize-controller.log")
		a := testAgent(t.TempDir(), log)
		a.Once, a.Incidents.Hold, a.Incidents.Keep = false, 10*time.Second, 5*time.Second
		l, told := derived(t, a)
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- l.run(ctx, ctx) }()
		write := func(name, rest string, ahead time.Duration) {
			if err := appendText(log, kustomization(time.Now().Add(ahead), name, rest)); err != nil {
				t.Error(err)
			}
			time.Sleep(4 * time.Second)
		}
		write("other", went, 24*time.Hour)
		write("one", failed, 0)
		if strings.Contains(told.String(), "firing") {
			t.Error("fires at once")
		}
		write("one", went, 0)
		time.Sleep(time.Minute)
		objects := get(t, a, "/api/v1/objects").Body.String()
		stop()
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(told.String(), "incident resolved") || strings.Contains(objects, `"silent"`) {
			t.Errorf("told %s\nobjects %s", told.String(), objects)
		}
	})
}

// TestRunRedactsNames has a secret by the user's own pattern in a name and a revision: it is in no
// state, and on no page.
func TestRunRedactsNames(t *testing.T) {
	t.Parallel()
	dir, log := t.TempDir(), filepath.Join(t.TempDir(), "kustomize-controller.log")
	at := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
	for i, rest := range []string{failed + `,"revision":"acme-corp@sha1:1"`, went + `,"revision":"acme-corp@sha1:2"`, failed} {
		if err := appendText(log, kustomization(at.Add(time.Duration(i)*time.Minute), "acme-corp-app", rest)); err != nil {
			t.Fatal(err)
		}
	}
	a := testAgent(dir, log)
	a.Secrets = []redact.Pattern{{Name: "customer", Regexp: "acme-corp"}}
	l, told := derived(t, a)
	if err := l.run(t.Context(), t.Context()); err != nil {
		t.Fatal(err)
	}
	state, err := os.ReadFile(filepath.Join(dir, "trail.json"))
	if err != nil {
		t.Fatal(err)
	}
	metrics, err := a.registry().Gather()
	if err != nil {
		t.Fatal(err)
	}
	for where, text := range map[string]string{"state": string(state), "stdout": told.String(), "metrics": fmt.Sprint(metrics),
		"page": get(t, a, "/").Body.String(), "objects": get(t, a, "/api/v1/objects").Body.String(), "incidents": get(t, a, "/api/v1/incidents").Body.String()} {
		if strings.Contains(text, "acme-corp") || !strings.Contains(text, "redacted:customer") {
			t.Errorf("%s: %.2000s", where, text)
		}
	}
	if n := l.counts.now.Redactions["customer"]; n != 10 {
		t.Errorf("counted %d secrets, 10 were in what is kept", n)
	}
}
