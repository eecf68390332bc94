package agent

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"fluxtrail/e2e/env"
)

// controller is what controllers of Flux export, as far as dashboards ask for it; %d grows from one
// scrape to the next.
const controller = `controller_runtime_active_workers{controller="kustomization"} 2
controller_runtime_max_concurrent_reconciles{controller="kustomization"} 4
controller_runtime_reconcile_total{controller="kustomization",result="success"} %[1]d
controller_runtime_reconcile_errors_total{controller="kustomization"} %[1]d
controller_runtime_reconcile_panics_total{controller="kustomization"} 0
controller_runtime_reconcile_time_seconds_bucket{controller="kustomization",le="1"} %[1]d
controller_runtime_reconcile_time_seconds_bucket{controller="kustomization",le="+Inf"} %[1]d
workqueue_longest_running_processor_seconds{name="kustomization",controller="kustomization"} 0
workqueue_depth{name="kustomization",controller="kustomization",priority="0"} 1
rest_client_requests_total{code="200",host="10.0.0.1:443",method="GET"} %[1]d
rest_client_requests_total{code="429",host="10.0.0.1:443",method="GET"} %[1]d
process_resident_memory_bytes 5e+07
process_cpu_seconds_total %[1]d
go_goroutines 200
`

// mayBeEmpty are panels with nothing to show while all is well, or while nothing moves.
var mayBeEmpty = []string{"Tried again", "Not understood, not believed", "Suspended objects", "Silent for", "Mean duration", "Secrets taken out", "Mean time to recovery",
	"What controllers say of themselves"}

// boards has the program write the dashboards and returns them by name.
func boards(t *testing.T) map[string][]byte {
	t.Helper()
	program, all := env.Fluxtrail(t), map[string][]byte{}
	for _, name := range []string{"cluster", "control-plane", "logs", "agents"} {
		text, err := exec.Command(program, "dashboards", "export", name).Output()
		if err != nil {
			t.Fatal(err)
		}
		all[name] = text
	}
	return all
}

// TestDashboards asks a real Prometheus and a real Loki what each panel asks, twice scraped as in
// installations with two monitors: every panel has data, and numbers do not double.
func TestDashboards(t *testing.T) {
	l, pods := env.StartLoki(t, env.Generous...), t.TempDir()
	a := env.StartAgent(t, env.Fluxtrail(t), pods, []string{"loki.url=" + l.URL, "agent.cluster=e2e"})
	scrapes := 0
	flux := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		scrapes++
		fmt.Fprintf(w, controller, scrapes)
	}))
	defer flux.Close()
	p := env.StartPrometheus(t, scrapeBoth(strings.TrimPrefix(a.URL, "http://"), strings.TrimPrefix(flux.URL, "http://")))
	begin, feed := time.Now().Add(-time.Minute), startFeed(t, pods, 500)
	pauseFor(6 * time.Second)
	delivered(t, a, feed.end(t).total())
	end := time.Now().Add(time.Minute)
	series := func(q query) int {
		if q.loki {
			return l.Ask(t, q.expr, begin, end)
		}
		return len(p.Query(t, q.expr, time.Now()))
	}
	var missing []query
	for name, text := range boards(t) {
		for _, q := range queriesOf(t, text) {
			q.panel = name + ": " + q.panel
			missing = append(missing, q)
		}
	}
	t.Logf("%d queries", len(missing))
	missing = slices.DeleteFunc(missing, func(q query) bool {
		_, title, _ := strings.Cut(q.panel, ": ")
		return series(q) > 0 || slices.Contains(mayBeEmpty, title)
	})
	t.Cleanup(func() { t.Logf("without data: %+v", missing) })
	env.Until(t, "data of every panel", func() bool {
		missing = slices.DeleteFunc(missing, func(q query) bool { return series(q) > 0 })
		return len(missing) == 0
	})
	double(t, p)
}

// double looks at a number that two scrapes of one pod must not double.
func double(t *testing.T, p *env.Prometheus) {
	t.Helper()
	for _, q := range queriesOf(t, boards(t)["control-plane"]) {
		if got := p.Query(t, q.expr, time.Now()); q.panel == "Controllers" && (len(got) != 1 || got[0].Value != "1") {
			t.Errorf("one controller that is scraped twice: %+v", got)
		}
	}
}

type query struct {
	panel, expr string
	loki        bool
}

// queriesOf are the queries of a dashboard, with everything chosen.
func queriesOf(t *testing.T, text []byte) (all []query) {
	t.Helper()
	var board struct {
		Panels []struct {
			Title   string
			Targets []struct {
				Expr       string
				Datasource struct{ Type string }
			}
		}
	}
	if err := json.Unmarshal(text, &board); err != nil {
		t.Fatal(err)
	}
	chosen := strings.NewReplacer("$__rate_interval", "1m", "$__range", "5m", "$__auto", "1m", "$cluster", ".*",
		"$namespace", ".*", "$kind", ".*", "$flux", ".+", "$controller", ".+", "$object", "", "$text", "")
	for _, p := range board.Panels {
		for _, q := range p.Targets {
			all = append(all, query{p.Title, chosen.Replace(q.Expr), q.Datasource.Type == "loki"})
		}
	}
	return all
}

// scrapeBoth scrapes the agent, and the controller twice as a ServiceMonitor and a PodMonitor would.
func scrapeBoth(agent, flux string) string {
	job := func(name, target, labels string) string {
		return fmt.Sprintf("- job_name: %s\n  scrape_interval: 1s\n  static_configs: [{targets: [%q], labels: {%s}}]\n", name, target, labels)
	}
	const pod = "namespace: flux-system, pod: kustomize-controller-0"
	return "scrape_configs:\n" + job("fluxtrail", agent, "cluster: e2e, namespace: fluxtrail") +
		job("service", flux, pod) + job("pod", flux, pod)
}
