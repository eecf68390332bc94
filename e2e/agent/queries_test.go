package agent

import (
	"os/exec"
	"strings"
	"testing"
	"time"

	"fluxtrail/e2e/env"
)

// The queries of the logs dashboard that the Flux project publishes, with its variables.
const (
	boardVolume = `sum(count_over_time({namespace=~"$namespace", stream=~"$stream", app =~"$controller"} | json | __error__!="JSONParserErr" | level=~"$level" |= "$query" [$__interval]))`
	boardLines  = `{namespace=~"$namespace", stream=~"$stream", app =~"$controller"} | json | __error__!="JSONParserErr" | level=~"$level" |= "$query"`
)

// A choice is what somebody picks on that dashboard; All is what Grafana then puts in.
type choice struct{ namespace, stream, controller, level, query string }

var choices = []choice{
	{"flux-system", ".+", ".+", "info|error", ""}, // as it opens
	{".+", ".+", ".+", "info|error", ""},
	{"flux-system", "stderr", "kustomize-controller", "error", ""},
	{"flux-system", "stderr", "source-controller", "info", "stored artifact"},
}

func (c choice) in(query string) string {
	return strings.NewReplacer("$namespace", c.namespace, "$stream", c.stream, "$controller", c.controller,
		"$level", c.level, "$query", c.query, "$__interval", "1m").Replace(query)
}

// TestDashboardOfFluxShowsOurLines asks what Grafana asks.
func TestDashboardOfFluxShowsOurLines(t *testing.T) {
	l, pods := env.StartLoki(t, env.Generous...), t.TempDir()
	a := env.StartAgent(t, env.Fluxtrail(t), pods, []string{"loki.url=" + l.URL})
	begin, feed := time.Now().Add(-time.Minute), startFeed(t, pods, 500)
	pauseFor(4 * time.Second)
	delivered(t, a, feed.end(t).total())
	end := time.Now().Add(time.Minute)
	for label, want := range map[string]string{
		"app": "helm-controller kustomize-controller source-controller", "namespace": "flux-system", "stream": "stderr",
	} {
		if got := strings.Join(l.LabelValues(t, label, begin, end), " "); got != want {
			t.Errorf("label_values(%s): %q, want %q", label, got, want)
		}
	}
	for _, c := range choices {
		lines := l.Entries(t, c.in(boardLines), begin, end)
		volume := l.Count(t, c.in(boardVolume), end.Add(-time.Minute))
		t.Logf("%+v: %d lines, %v in the last minute", c, len(lines), volume)
		if len(lines) == 0 || volume == 0 {
			t.Errorf("%+v: no data", c)
		}
		for _, e := range lines[:min(1, len(lines))] {
			if e.Labels["level_extracted"] != "" || e.Labels["name_extracted"] != "" {
				t.Errorf("our labels hide keys of the line: %v", e.Labels)
			}
		}
	}
}

// TestPrometheusScrapesTheAgent has a real Prometheus read all metrics.
func TestPrometheusScrapesTheAgent(t *testing.T) {
	logs, _ := env.Recent(t, demo)
	a := env.StartAgent(t, env.Fluxtrail(t), logs, []string{"loki.enabled=false"})
	p := env.StartPrometheus(t, env.Scrape(time.Second, strings.TrimPrefix(a.URL, "http://")))
	env.Until(t, "the agent to read everything", func() bool { return done(t, a, "trail") })
	for _, query := range []string{
		`up == 1`,
		`sum by (kind) (fluxtrail_reconcile_attempts_total{outcome="failed"}) > 0`,
		`fluxtrail_object_ready{exported_namespace!=""}`,
		`histogram_quantile(0.95, sum by (kind) (fluxtrail_reconcile_duration_seconds))`, // the native form; the classic one is only kept where asked for
		`time() - fluxtrail_checkpoint_timestamp_seconds < 60`,
		`sum by (controller) (fluxtrail_lines_total{controller="kustomize-controller"}) > 0`,
		`fluxtrail_build_info`, `go_goroutines`, `process_resident_memory_bytes`,
	} {
		env.Until(t, query, func() bool { return len(p.Query(t, query, time.Now())) > 0 })
	}
	tool := exec.Command(env.Installed(t, "prometheus", "promtool"), "check", "metrics")
	_, text := a.Get(t, "/metrics")
	tool.Stdin = strings.NewReader(text)
	if out, err := tool.CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("promtool check metrics: %v\n%s", err, out)
	}
}
