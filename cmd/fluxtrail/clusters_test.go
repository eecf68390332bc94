package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fluxtrail/cmd/cli"
)

// clusters is a Loki with a failing object in the cluster a, a good one in b, and no line in c.
func clusters(t *testing.T) string {
	t.Helper()
	line := func(level, msg, name string) string {
		return fmt.Sprintf(`{"level":"%s","ts":"2026-11-20T10:00:00Z","msg":"%s","controller":"kustomization","controllerGroup":`+
			`"kustomize.toolkit.fluxcd.io","controllerKind":"Kustomization","Kustomization":{"name":"%s","namespace":"team"},`+
			`"namespace":"team","name":"%[3]s","reconcileID":"1","error":"denied"}`, level, msg, name)
	}
	lines := map[string]string{
		`{app="x",cluster="a"}`: line("error", "Reconciliation failed after 1s, next try in 5m0s", "bad"),
		`{app="x",cluster="b"}`: line("info", "Reconciliation finished in 1s, next run in 5m0s", "good"),
	}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasSuffix(r.URL.Path, "/series"):
			fmt.Fprint(w, `{"data":[{"cluster":"a"},{"cluster":"b"},{"cluster":"c"},{"app":"x"}]}`)
		case strings.HasSuffix(r.URL.Path, "/query_range") && lines[r.FormValue("query")] != "":
			text, _ := json.Marshal(lines[r.FormValue("query")])
			fmt.Fprintf(w, `{"data":{"resultType":"streams","result":[{"stream":{"app":"x"},"values":[["1795168800000000000",%s]]}]}}`, text)
		default:
			fmt.Fprint(w, `{"data":{"resultType":"streams","result":[]}}`)
		}
	}))
	t.Cleanup(s.Close)
	return s.URL
}

// TestClusters: each cluster has a report of its own, one without lines does not keep the others
// from theirs, and a table sums up.
func TestClusters(t *testing.T) {
	address, dir := clusters(t), t.TempDir()
	run := func(more ...string) (int, string, string) {
		var out, errs bytes.Buffer
		args := append([]string{"replay", "-q", "--loki", address, "--query", `{app="x"}`, "--cluster-label", "cluster",
			"--since", "2026-11-20T09:00:00Z", "--until", "2026-11-20T11:00:00Z"}, more...)
		code := execute(t.Context(), args, cli.Streams{In: strings.NewReader(""), Out: &out, Err: &errs})
		return code, out.String(), errs.String()
	}
	code, out, errs := run()
	a, b, c := strings.Index(out, "CLUSTER a\n"), strings.Index(out, "CLUSTER b\n"), strings.Index(out, "CLUSTER c\n")
	if a < 0 || a > b || b > c || strings.Count(out, "team/bad") == 0 || strings.Contains(out[b:], "team/bad") {
		t.Errorf("got\n%s", out)
	}
	if code != cli.Failed || !strings.Contains(errs, "fluxtrail: cluster c: replay: No verdict") {
		t.Errorf("code %d, errors %s", code, errs)
	}
	summary := strings.Fields(out[strings.LastIndex(out, "CLUSTER "):])
	if got := strings.Join(summary[7:14], " "); got != "a 1 1 1 0 1 0" {
		t.Errorf("the summary has %q", got)
	}
	code, _, _ = run("--fail-on", "pending", "-o", "json,text", "--out-dir", dir)
	if text, err := os.ReadFile(filepath.Join(dir, "b", "report.json")); code != cli.Found || err != nil || !bytes.Contains(text, []byte(`"good"`)) {
		t.Errorf("code %d, %v", code, err)
	}
	if code, _, errs := run("-o", "json"); code != 2 || !strings.Contains(errs, "need --out-dir") {
		t.Errorf("code %d, errors %s", code, errs)
	}
}
