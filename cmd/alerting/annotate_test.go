package alerting

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"fluxtrail/api"
	"fluxtrail/cmd/cli"
)

// annotations is a Grafana that keeps what it is told.
type annotations struct {
	made   []map[string]any
	broken bool
}

func (a *annotations) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body := map[string]any{}
	_ = json.NewDecoder(r.Body).Decode(&body)
	var answer any = map[string]any{}
	switch {
	case a.broken && len(a.made) > 0:
		w.WriteHeader(http.StatusUnauthorized)
		return
	case r.Method == http.MethodGet:
		found := []map[string]any{}
		for _, m := range a.made {
			if slices.Contains(m["tags"].([]any), any(r.URL.Query().Get("tags"))) {
				found = append(found, m)
			}
		}
		answer = found
	case r.Method == http.MethodPost:
		body["id"] = len(a.made) + 1
		a.made = append(a.made, body)
		answer = body
	default: // PATCH
		var id int
		_, _ = fmt.Sscanf(r.URL.Path, "/api/annotations/%d", &id)
		a.made[id-1]["timeEnd"] = body["timeEnd"]
	}
	_ = json.NewEncoder(w).Encode(answer)
}

// TestMark marks the history of a report: root causes that lasted, once each, and the end of one
// when a later report has it.
func TestMark(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
	incident := func(name string, lasts time.Duration, change func(*api.Incident)) api.Incident {
		i := api.Incident{
			ID: "id-" + name, Ref: api.Ref{Kind: "Kustomization", Namespace: "apps", Name: name},
			OpenedAt: api.Time{Time: start}, Reason: "BuildFailed", ErrorLast: "kustomize build failed",
		}
		if lasts > 0 {
			i.ResolvedAt = api.Time{Time: start.Add(lasts)}
		}
		if change != nil {
			change(&i)
		}
		return i
	}
	list := []api.Incident{
		incident("infra", time.Hour, nil), incident("open", 0, nil), incident("short", time.Second, nil),
		incident("hit", time.Hour, func(i *api.Incident) { i.RootCause = &api.Ref{Kind: "Kustomization", Namespace: "apps", Name: "infra"} }),
		incident("undated", time.Hour, func(i *api.Incident) { i.OpenedAt = api.Time{} }),
		incident("waits", time.Hour, func(i *api.Incident) { i.Reason = "DependencyNotReady" }),
	}
	rep := &api.Report{Window: api.Window{To: api.Time{Time: start.Add(2 * time.Hour)}}, Incidents: slices.Values(list)}
	grafana := &annotations{}
	server := httptest.NewServer(grafana)
	defer server.Close()
	mark := func(cluster string) (string, error) {
		var f Annotate
		c := &cobra.Command{Use: "x"}
		f.AddTo(c)
		if err := c.ParseFlags([]string{"--grafana", server.URL, "--grafana-cluster", "prod"}); err != nil {
			t.Fatal(err)
		}
		var bad cli.Problems
		f.Compile(time.Minute, &bad)
		if len(bad) > 0 {
			t.Fatal(bad)
		}
		var told strings.Builder
		err := f.Mark(t.Context(), rep, cluster, &told)
		return told.String(), err
	}
	for range 2 {
		if told, err := mark(""); err != nil || told != "fluxtrail: 2 incidents are marked in Grafana\n" {
			t.Fatal(told, err)
		}
	}
	if len(grafana.made) != 2 || grafana.made[1]["timeEnd"] != nil {
		t.Fatalf("%v", grafana.made)
	}
	first := grafana.made[0]
	if first["time"] != float64(start.UnixMilli()) || first["timeEnd"] != float64(start.Add(time.Hour).UnixMilli()) ||
		fmt.Sprint(first["tags"]) != "[fluxtrail: id-infra flux kind: Kustomization name: infra namespace: apps cluster: prod reason: BuildFailed severity: warning]" ||
		first["text"] != "<b>Kustomization apps/infra</b><br>Kustomization apps/infra has been failing: kustomize build failed" {
		t.Errorf("%v", first)
	}
	list[1].ResolvedAt = api.Time{Time: start.Add(3 * time.Hour)}
	if _, err := mark("prod"); err != nil || len(grafana.made) != 2 || grafana.made[1]["timeEnd"] != float64(start.Add(3*time.Hour).UnixMilli()) {
		t.Errorf("%v %v", grafana.made, err)
	}
	grafana.broken = true
	if _, err := mark(""); err == nil || !strings.Contains(err.Error(), "marked 0 of 2 incidents or more in Grafana") {
		t.Error(err)
	}
}

func TestAnnotateFlags(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		args []string
		want string
	}{
		{nil, ""},
		{[]string{"--grafana", "grafana:3000"}, "--grafana"},
		{[]string{"--grafana", "http://g", "--grafana-token-file", "/nothing/there"}, "--grafana-token-file"},
	} {
		var f Annotate
		cmd := &cobra.Command{Use: "x"}
		f.AddTo(cmd)
		if err := cmd.ParseFlags(c.args); err != nil {
			t.Fatal(err)
		}
		var bad cli.Problems
		f.Compile(time.Minute, &bad)
		if got := fmt.Sprint(bad); (c.want == "") != (len(bad) == 0) || !strings.Contains(got, c.want) {
			t.Errorf("%v: %s", c.args, got)
		}
	}
}
