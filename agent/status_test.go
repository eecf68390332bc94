package agent

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"fluxtrail/api"
)

func TestReadyzSaysWhyNot(t *testing.T) {
	now := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
	up := func(name string) *laneStatus { return &laneStatus{Lane: api.Lane{Name: name, Running: true}} }
	blind := func(since time.Duration) *laneStatus {
		l := up("trail")
		l.blind, l.why = now.Add(-since), "permission denied"
		return l
	}
	for _, c := range []struct {
		name  string
		lanes []*laneStatus
		block *blocked
		want  string
	}{
		{"all is well", []*laneStatus{up("ship"), up("trail")}, nil, "ready\n"},
		{"begins", []*laneStatus{up("trail")}, nil, "ship: has not looked at the files yet\n"},
		{"a lane ended", []*laneStatus{up("ship"), {Lane: api.Lane{Name: "trail"}}}, nil, "trail: the lane is not running\n"},
		{"disk", []*laneStatus{up("ship"), {Lane: api.Lane{Name: "trail", Running: true, Trouble: "no space left on device"}}}, nil, "trail: no space left on device\n"},
		{"no log can be read yet", []*laneStatus{up("ship"), blind(time.Second)}, nil, "ready\n"},
		{"no log can be read", []*laneStatus{up("ship"), blind(time.Hour)}, nil, "trail: no log of Flux on this node was read since 2026-11-20T09:00:00Z: permission denied\n"},
		{"Loki is down for a moment", []*laneStatus{up("ship"), up("trail")}, &blocked{now.Add(-time.Second), "transient"}, "ready\n"},
		{"Loki is down", []*laneStatus{up("ship"), up("trail")}, &blocked{now.Add(-time.Hour), "transient"}, "ship: nothing was delivered to Loki since 2026-11-20T09:00:00Z (transient)\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := newAssembly(testOptions(""), nil, nil, func() time.Time { return now })
			a.status.names = []string{"ship", "trail"}
			for _, v := range c.lanes {
				a.status.publish(v)
			}
			a.status.blocked.Store(c.block)
			w := get(t, a, "/readyz")
			if w.Body.String() != c.want || (w.Code == 200) != (c.want == "ready\n") {
				t.Errorf("%d %q, want %q", w.Code, w.Body, c.want)
			}
		})
	}
}

// TestSight tells since when no log can be read although there should be some.
func TestSight(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
	good, bad := api.Target{}, api.Target{Error: "permission denied"}
	unread := []api.Unread{{Path: "/var/log/pods/a", Error: "a: permission denied"}}
	for _, c := range []struct {
		name    string
		pods    int
		targets []api.Target
		unread  []api.Unread
		want    string
	}{
		{"no pods of Flux", 0, nil, nil, ""},
		{"all is read", 2, []api.Target{good}, nil, ""},
		{"one of two", 2, []api.Target{good, bad}, unread, ""},
		{"none is found", 2, nil, nil, "the API server knows of 2 pods of Flux here, and tail.include leads to no log of them"},
		{"none may be read", 0, nil, unread, "a: permission denied"},
		{"all break off", 0, []api.Target{bad}, nil, "permission denied"},
	} {
		l := &lane{fluxPods: func() int { return c.pods }}
		v := &laneStatus{Lane: api.Lane{Unread: c.unread}, targets: c.targets}
		l.sight(v, now)
		since, why := l.sight(v, now.Add(time.Minute))
		if why != c.want || (c.want != "") != since.Equal(now) {
			t.Errorf("%s: %s %q", c.name, since, why)
		}
		if since, _ = l.sight(&laneStatus{targets: []api.Target{good}}, now); !since.IsZero() {
			t.Errorf("%s: still blind", c.name)
		}
	}
}

// TestPagesOfTheAgent looks at every page once.
func TestPagesOfTheAgent(t *testing.T) {
	t.Parallel()
	a := testAgent(t.TempDir(), demoPods)
	l, err := a.trail()
	if err != nil {
		t.Fatal(err)
	}
	a.status.names = []string{"trail"}
	if w := get(t, a, "/api/v1/incidents"); w.Code != http.StatusServiceUnavailable {
		t.Error("before anything was read:", w.Code)
	}
	if err := l.run(t.Context(), t.Context()); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"/": "Open incidents", "/healthz": "ok", "/metrics": "", "/api/v1/objects": `"kind":"HelmRelease"`,
		"/api/v1/incidents": `"error_first"`, "/api/v1/targets": `"lag_bytes":0`, "/api/v1/status": `"name":"trail"`,
	} {
		w := get(t, a, path)
		if w.Code != 200 || !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s: %d %.300s", path, w.Code, w.Body)
		}
		if strings.HasPrefix(path, "/api") && !json.Valid(w.Body.Bytes()) {
			t.Errorf("%s is no JSON", path)
		}
	}
	if w := get(t, a, "/"); !strings.Contains(w.Header().Get("Content-Security-Policy"), "default-src 'none'") {
		t.Error("no policy:", w.Header())
	}
	for _, path := range []string{"/api/v1/incidents?at=tomorrow", "/nothing"} {
		if w := get(t, a, path); w.Code < 400 || w.Code > 404 {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}
