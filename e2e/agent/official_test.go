package agent

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"fluxtrail/e2e/env"
)

// controllersOfFlux are what the controllers export that boards of Flux ask for, in any version.
func controllersOfFlux(n int) string {
	var b strings.Builder
	for _, c := range []string{"kustomization", "gitrepository", "ocirepository", "helmrepository", "bucket", "helmrelease", "helmchart"} {
		for _, result := range []string{"success", "error"} {
			fmt.Fprintf(&b, "controller_runtime_reconcile_total{controller=%q,result=%q} %d\n", c, result, n)
		}
		for _, le := range []string{"1", "+Inf"} {
			fmt.Fprintf(&b, "controller_runtime_reconcile_time_seconds_bucket{controller=%q,le=%q} %d\n", c, le, n)
		}
		fmt.Fprintf(&b, "workqueue_longest_running_processor_seconds{name=%q} 0\n", c)
	}
	for _, kind := range []string{"Kustomization", "HelmRelease", "GitRepository"} {
		fmt.Fprintf(&b, "gotk_reconcile_duration_seconds_sum{kind=%q,name=\"apps\",namespace=\"flux-system\"} %d\n", kind, n)
		fmt.Fprintf(&b, "gotk_reconcile_duration_seconds_count{kind=%q,name=\"apps\",namespace=\"flux-system\"} %d\n", kind, n)
	}
	for _, code := range []string{"200", "429"} {
		fmt.Fprintf(&b, "rest_client_requests_total{code=%q,host=\"10.0.0.1:443\",method=\"GET\"} %d\n", code, n)
	}
	fmt.Fprintf(&b, "go_info{version=\"go1.26\"} 1\ngo_memstats_alloc_bytes 5e+07\ngo_memstats_alloc_bytes_total %d\nprocess_cpu_seconds_total %d\n", n, n)
	return b.String()
}

// notOurs are the metrics in queries of official boards that neither an agent nor a controller has,
// with the reason that the manual names.
var notOurs = map[string]string{
	"container_memory_working_set_bytes":         "comes from the kubelet's cAdvisor, which kube-prometheus-stack scrapes",
	"rest_client_request_latency_seconds_bucket": "controllers of today do not export it",
}

// TestOfficialBoards imports the boards that the Flux project published in each era, as they are,
// and asks a Prometheus with our recording rules what each of their panels asks. Each has data, or
// the manual names the reason.
func TestOfficialBoards(t *testing.T) {
	files, pods := officialBoards(t), t.TempDir()
	a := env.StartAgent(t, env.Fluxtrail(t), pods, []string{"loki.enabled=false", "agent.cluster=e2e"})
	scrapes := 0
	flux := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		scrapes++
		fmt.Fprint(w, controllersOfFlux(scrapes))
	}))
	defer flux.Close()
	rules, err := filepath.Abs("../../deploy/dashboards/flux-boards/rules.yaml")
	if err != nil {
		t.Fatal(err)
	}
	job := func(name, target, labels string) string {
		return fmt.Sprintf("- job_name: %s\n  scrape_interval: 1s\n  static_configs: [{targets: [%q], labels: {%s}}]\n", name, strings.TrimPrefix(target, "http://"), labels)
	}
	p := env.StartPrometheus(t, "global: {evaluation_interval: 1s}\nrule_files: ["+rules+"]\nscrape_configs:\n"+
		job("fluxtrail", a.URL, "cluster: e2e, namespace: fluxtrail")+
		job("flux", flux.URL, "cluster: e2e, namespace: flux-system, pod: kustomize-controller-6d4cf56db6-x2x20"))
	feed := startFeed(t, pods, 500)
	pauseFor(6 * time.Second)
	feed.end(t)
	for _, file := range files {
		withData(t, file, false, func(q query) bool { return len(p.Query(t, q.expr, time.Now())) > 0 })
	}
	doubledRules(t, p)
}

// TestOfficialLogs is the same for what the boards ask a Loki.
func TestOfficialLogs(t *testing.T) {
	files, l, pods := officialBoards(t), env.StartLoki(t, env.Generous...), t.TempDir()
	a := env.StartAgent(t, env.Fluxtrail(t), pods, []string{"loki.url=" + l.URL, "agent.cluster=e2e"})
	begin, feed := time.Now().Add(-time.Minute), startFeed(t, pods, 500)
	pauseFor(2 * time.Second)
	delivered(t, a, feed.end(t).total())
	for _, file := range files {
		withData(t, file, true, func(q query) bool { return l.Ask(t, q.expr, begin, time.Now().Add(time.Minute)) > 0 })
	}
}

func officialBoards(t *testing.T) []string {
	t.Helper()
	files, _ := filepath.Glob("../../../shared/data/dashboards/*.json")
	if len(files) == 0 {
		t.Skip("../shared/data/dashboards is not here")
	}
	return files
}

// withData waits until each query of a board has data, but for those that may have none.
func withData(t *testing.T, file string, logs bool, has func(query) bool) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	all := slices.DeleteFunc(officialQueries(t, text), func(q query) bool { return q.loki != logs })
	missing := slices.DeleteFunc(slices.Clone(all), has)
	unexplained := func(q query) bool { return reason(q) == "" }
	for range 20 {
		if !slices.ContainsFunc(missing, unexplained) {
			break
		}
		pauseFor(time.Second)
		missing = slices.DeleteFunc(missing, has)
	}
	t.Logf("%s: %d of %d queries have data", filepath.Base(file), len(all)-len(missing), len(all))
	for _, q := range missing {
		if why := reason(q); why != "" {
			t.Logf("  %s: %s", q.panel, why)
		} else {
			t.Errorf("%s: %s: no data for %s", filepath.Base(file), q.panel, q.expr)
		}
	}
}

// reason says why a query of an official board may have no data, "" where it may not.
func reason(q query) string {
	for metric, why := range notOurs {
		if strings.Contains(q.expr, metric) {
			return why
		}
	}
	if q.panel == "Suspended Objects" {
		return "no object is suspended"
	}
	return ""
}

// doubledRules holds that an object has each of the families once.
func doubledRules(t *testing.T, p *env.Prometheus) {
	t.Helper()
	for _, q := range []string{
		"count(count by (exported_namespace, customresource_kind, name) (gotk_resource_info) > 1)",
		`count(sum by (exported_namespace, kind, name) (gotk_reconcile_condition) != 1)`,
	} {
		if got := p.Query(t, q, time.Now()); len(got) > 0 {
			t.Errorf("%s: %+v", q, got)
		}
	}
}

var variableOf = regexp.MustCompile(`\$\{?(\w+)(:\w+)?\}?|\[\[(\w+)\]\]`)

// officialQueries are the queries of a board of any version of Grafana, with everything chosen.
func officialQueries(t *testing.T, text []byte) (all []query) {
	t.Helper()
	type target struct{ Expr string }
	type panel struct {
		Title   string
		Targets []target
		Panels  []panel
	}
	var board struct{ Panels []panel }
	if err := json.Unmarshal(text, &board); err != nil {
		t.Fatal(err)
	}
	var walk func([]panel)
	walk = func(panels []panel) {
		for _, p := range panels {
			walk(p.Panels)
			for _, q := range p.Targets {
				if q.Expr == "" {
					continue
				}
				logs := strings.Contains(q.Expr, "| json")
				// A namespace that is compared as a whole is the one of the controllers.
				expr := strings.NewReplacer(`namespace="$namespace"`, `namespace="flux-system"`, `cluster="$cluster"`, `cluster="e2e"`,
					"$__interval", "1m", "$__rate_interval", "1m", "$query", "").Replace(q.Expr)
				expr = variableOf.ReplaceAllString(expr, ".+")
				all = append(all, query{p.Title, expr, logs})
			}
		}
	}
	walk(board.Panels)
	return all
}
