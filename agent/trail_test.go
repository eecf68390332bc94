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

	"github.com/tidwall/gjson"

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

// TestRunPastAClockThatWasAhead has the clock be two hours ahead, which a process and the controller
// go by, and then be right. What was told before and what comes go by the clock that is right.
func TestRunPastAClockThatWasAhead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		dir, log := t.TempDir(), filepath.Join(t.TempDir(), "kustomize-controller.log")
		run := func(ahead time.Duration, names ...string) (told, objects, incidents string) {
			opt := testOptions(dir, log)
			opt.Once, opt.Incidents.Hold, opt.Incidents.Keep = false, 30*time.Second, 5*time.Second
			a := newAssembly(opt, stateDir(dir), nil, func() time.Time { return time.Now().Add(ahead) })
			l, out := derived(t, a)
			ctx, stop := context.WithCancel(t.Context())
			done := make(chan error)
			go func() { done <- l.run(ctx, ctx) }()
			for _, name := range names {
				name, rest, _ := strings.Cut(name, " ")
				if err := appendText(log, kustomization(a.now(), name, rest)); err != nil {
					t.Error(err)
				}
				time.Sleep(10 * time.Second)
			}
			objects, incidents = get(t, a, "/api/v1/objects").Body.String(), get(t, a, "/api/v1/incidents").Body.String()
			stop()
			if err := <-done; err != nil {
				t.Error(err)
			}
			return out.String(), objects, incidents
		}
		run(2*time.Hour, "good "+went, "bad "+failed, "short "+failed, "short "+went, "good "+went)
		told, objects, incidents := run(0, "other "+went, "new "+failed)
		if strings.Contains(told, "silent") || strings.Contains(objects, `"silent"`) || strings.Contains(told, "firing") {
			t.Errorf("told %s\nobjects %s", told, objects)
		}
		if ended := gjson.Get(incidents, "incidents.#(name=short).resolved_at").Time(); ended.IsZero() || ended.After(time.Now()) {
			t.Errorf("resolved at %v: %s", ended, incidents)
		}
		told, _, _ = run(0, "other "+went, "other "+went, "other "+went)
		if n := strings.Count(told, "incident firing"); n != 2 || !strings.Contains(told, `"name":"bad"`) || !strings.Contains(told, `"name":"new"`) {
			t.Errorf("told %s", told)
		}
	})
}

// TestKeyOfAClockThatWasAhead has lines of other logs come after those that a log has from now on.
func TestKeyOfAClockThatWasAhead(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
	x := &lookahead{merger: &merger{now: now.UnixNano()}, text: []byte(kustomization(now, "a", went))}
	x.Key = now.Add(2 * time.Hour).UnixNano()
	if x.parse(); x.Key != now.UnixNano() {
		t.Error(time.Unix(0, x.Key))
	}
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
