package doctor

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"

	"fluxtrail/api"
)

func TestMetrics(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]string{
		`max(gotk_reconcile_condition{type="Ready"}) == 1`:                      "gotk_reconcile_condition",
		`absent(gotk_resource_info)`:                                            "",
		`a / on (name) b unless absent_over_time(c[5m])`:                        "a b",
		`rate(gotk_reconcile_duration_seconds_sum[5m]) and gotk_suspend_status`: "gotk_reconcile_duration_seconds_sum gotk_suspend_status",
		`not a query (`: "",
	} {
		if got := strings.Join(metrics(query), " "); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
}

// TestRefuses holds how the operator's servers select: no selector selects nothing, an empty one
// everything, and no selector of namespaces the server's own.
func TestRefuses(t *testing.T) {
	t.Parallel()
	object := func(namespace string, spec map[string]any) *unstructured.Unstructured {
		return &unstructured.Unstructured{Object: map[string]any{
			"kind": "X", "metadata": map[string]any{"namespace": namespace, "labels": map[string]any{"release": "kps"}}, "spec": spec,
		}}
	}
	match := func(key, value string) map[string]any {
		return map[string]any{"matchLabels": map[string]any{key: value}}
	}
	namespaces := map[string]labels.Set{"flux-system": {"team": "a"}}
	for name, c := range map[string]struct {
		server map[string]any
		want   string
	}{
		"no selector":         {map[string]any{}, "has no ruleSelector"},
		"other labels":        {map[string]any{"ruleSelector": match("release", "x")}, "wants the labels release=x"},
		"own namespace":       {map[string]any{"ruleSelector": map[string]any{}}, "looks in its own namespace only"},
		"other namespaces":    {map[string]any{"ruleSelector": map[string]any{}, "ruleNamespaceSelector": match("team", "b")}, "wants a namespace with the labels team=b"},
		"labels and all":      {map[string]any{"ruleSelector": match("release", "kps"), "ruleNamespaceSelector": map[string]any{}}, ""},
		"labels of namespace": {map[string]any{"ruleSelector": map[string]any{}, "ruleNamespaceSelector": match("team", "a")}, ""},
	} {
		if got := refuses(object("monitoring", c.server), object("flux-system", nil), "rule", namespaces); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// TestServers has an agent and a Loki with every fault that they can tell of.
func TestServers(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", now.Add(-5*time.Minute).Format(http.TimeFormat))
		switch r.URL.Path {
		case "/api/v1/status":
			_, _ = w.Write([]byte(`{"schema":"fluxtrail/agent/v1","version":"0.2.0","ready":false,"why":["trail hangs since 12:00 \u001b[31m"],` +
				`"leader":{"standing":"follows","node":"n2"},"sinks":[` +
				`{"name":"alertmanager","delivered_at":"2026-11-20T11:00:00Z","failed_at":null,"warning":"a ruler tells of the same alerts: http://p"},` +
				`{"name":"grafana","delivered_at":null,"failed_at":null},` +
				`{"name":"loki","delivered_at":"2026-11-20T11:00:00Z","failed_at":"2026-11-20T11:30:00Z","error":"401 at http://u:secret-pass@loki"}]}`))
		case "/metrics":
			_, _ = w.Write([]byte("fluxtrail_build_info 1\nfluxtrail_unreadable_files{lane=\"ship\"} 2\nfluxtrail_dropped_lines_total{lane=\"ship\"} 7\n"))
		case "/loki/api/v1/label/app/values":
			_, _ = w.Write([]byte(`{"data":["grafana"]}`))
		}
	}))
	defer server.Close()
	at := &Server{server.URL, server.Client()}
	d, err := Examine(context.Background(), Options{Agent: at, Loki: at, Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"error agent is not ready: trail hangs since 12:00  [31m", "warning agent its clock is 5m0s away", "warning agent 2 logs cannot be read",
		"warning agent 7 lines were dropped",
		"warning sinks got something last at 2026-11-20T11:00:00Z; a ruler tells of the same alerts: http://p",
		"ok sinks got nothing yet; the agent on node n2 tells it of all nodes",
		"error sinks got something last at 2026-11-20T11:00:00Z; the try at 2026-11-20T11:30:00Z failed: 401 at http://", "warning loki its clock is 5m0s away", "error loki has no stream", "skipped daemonset was not looked at",
	} {
		if !slices.ContainsFunc(d.Findings, func(f api.Finding) bool {
			return strings.HasPrefix(f.Severity+" "+f.Check+" "+f.Text, want)
		}) {
			t.Errorf("no %s in %+v", want, d.Findings)
		}
	}
	gone := &Server{"http://127.0.0.1:1", server.Client()}
	d, _ = Examine(context.Background(), Options{Agent: gone, Loki: gone, Now: func() time.Time { return now }})
	for _, f := range d.Findings {
		if (f.Check == "agent" || f.Check == "loki") && f.Severity == ok {
			t.Errorf("a server that is away is well: %+v", f)
		}
	}
}

// TestOthersAreNoAgent has servers that are none of fluxtrail answer for an agent: nothing of it is
// well.
func TestOthersAreNoAgent(t *testing.T) {
	t.Parallel()
	for _, text := range []string{`{}`, `{"status":"success","data":{}}`, `{"schema":"fluxtrail/replay/v1"}`, `[]`, `null`, `<html>Log in</html>`, ``} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(text)) }))
		d, err := Examine(t.Context(), Options{Agent: &Server{server.URL, server.Client()}, Now: time.Now})
		server.Close()
		if err != nil || !slices.Equal(d.Unreached, []string{"--agent"}) {
			t.Errorf("%s: %v, unreached %q", text, err, d.Unreached)
		}
		for _, f := range d.Findings {
			if f.Severity != Skipped {
				t.Errorf("%s: %+v", text, f)
			}
		}
	}
}
