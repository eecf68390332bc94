package report

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/textparse"

	"fluxtrail/api"
)

func openMetricsOf(r *api.Report, opt openMetricsOptions) func(io.Writer) error {
	return func(w io.Writer) error { return writeOpenMetrics(w, r, opt) }
}

type sampleAt struct {
	at    int64
	value float64
}

var bucketLabel = regexp.MustCompile(`, le="[^"]*"`)

// scrape reads an exposition with Prometheus' own parser and checks what promtool needs to build
// blocks.
func scrape(t *testing.T, text []byte) map[string][]sampleAt {
	t.Helper()
	got := map[string][]sampleAt{}
	families, closed, current := map[string]bool{}, map[string]bool{}, ""
	p := textparse.NewOpenMetricsParser(text, labels.NewSymbolTable())
	for {
		entry, err := p.Next()
		if errors.Is(err, io.EOF) {
			return got
		}
		if err != nil {
			t.Fatal(err)
		}
		switch entry {
		case textparse.EntryType:
			name, _ := p.Type()
			if families[string(name)] {
				t.Errorf("family %s stands in two places", name)
			}
			families[string(name)] = true
		case textparse.EntrySeries:
			_, at, value := p.Series()
			var l labels.Labels // of one series; what belongs to one metric must stand together
			p.Labels(&l)
			key := l.String()
			if at == nil {
				t.Fatalf("%s has no timestamp", key)
			}
			if list := got[key]; len(list) > 0 && list[len(list)-1].at >= *at {
				t.Errorf("%s does not ascend at %d", key, *at)
			}
			if base := bucketLabel.ReplaceAllString(strings.NewReplacer(`_sum"`, `"`, `_count"`, `"`, `_bucket"`,
				`"`).Replace(key), ""); base != current {
				if closed[base] {
					t.Errorf("%s is interrupted", key)
				}
				current, closed[base] = base, true
			}
			got[key] = append(got[key], sampleAt{*at, value})
		}
	}
}

func series(name string, ref api.Ref, more ...string) string {
	l := append([]string{model.MetricNameLabel, name, "exported_namespace", ref.Namespace, "kind", ref.Kind, "name",
		ref.Name}, more...)
	return labels.FromStrings(l...).String()
}

// around shows a series at given moments as a query would: the latest sample within five minutes.
func around(list []sampleAt, moments ...string) string {
	var out []string
	for _, m := range moments {
		when, found := at(m).UnixMilli(), "none"
		for _, s := range list {
			if s.at <= when && when-s.at < lookback.Milliseconds() {
				found = fmt.Sprint(s.value)
			}
		}
		out = append(out, found)
	}
	return strings.Join(out, " ")
}

func TestOpenMetricsAnswersQueries(t *testing.T) {
	got := scrape(t, written(t, openMetricsOf(sample(), openMetricsOptions{})))
	for _, c := range []struct{ series, at, want string }{
		{series("fluxtrail_object_ready", gitApps), "09:59:00 10:12:00 10:13:02 10:59:00 11:00:00 11:04:00",
			"none 1 0 0 0 0"},
		{series("fluxtrail_object_ready", gitFlux), "10:30:00", "1"},
		{series("fluxtrail_object_status", gitApps, "status", "ready"), "10:12:00 10:14:00 10:50:00", "1 0 0"},
		{series("fluxtrail_object_status", gitApps, "status", "failing"), "10:12:00 10:14:00 10:50:00", "none 1 1"},
		{series("fluxtrail_object_status", hrShop, "status", "progressing"), "10:39:30 10:40:30", "1 0"},
		{series("fluxtrail_incident_open", ksFlap), "09:59:30 10:01:00 10:03:00 10:21:00 11:00:00", "0 0 1 0 0"},
		{series("fluxtrail_incidents_total", ksFlap, "reason", "BuildFailed"), "09:59:30 10:01:00 10:03:00 11:00:00",
			"0 0 1 1"},
		{series("fluxtrail_incident_recovery_seconds_count", ksFlap), "10:19:00 10:21:00", "0 1"},
		{series("fluxtrail_incident_recovery_seconds_sum", ksFlap), "10:19:00 10:21:00", "0 1080"},
		{series("fluxtrail_incident_recovery_seconds_bucket", ksFlap, "le", "1024.0"), "10:19:00 10:21:00", "0 0"},
		{series("fluxtrail_incident_recovery_seconds_bucket", ksFlap, "le", "4096.0"), "09:59:30 10:19:00 10:21:00",
			"0 0 1"},
		{series("fluxtrail_incident_recovery_seconds_bucket", ksFlap, "le", "+Inf"), "10:19:00 10:21:00", "0 1"},
		{series("fluxtrail_incident_recovery_seconds_count", ksJobs), "11:00:00", "0"}, // suspended, not recovered
		{series("fluxtrail_replay_duration_seconds", hrShop, "quantile", "0.95"), "11:00:00", "301.2"},
		{series("fluxtrail_incident_open", ksNasty), "10:31:00", "1"},
	} {
		if diff := cmp.Diff(c.want, around(got[c.series], strings.Fields(c.at)...)); diff != "" {
			t.Errorf("%s at %s: %s", c.series, c.at, diff)
		}
	}
}

func TestOpenMetricsNeverGoesStale(t *testing.T) {
	for key, list := range scrape(t, written(t, openMetricsOf(sample(), openMetricsOptions{}))) {
		for i := 1; i < len(list); i++ {
			if gap := time.Duration(list[i].at-list[i-1].at) * time.Millisecond; gap > lookback/2 {
				t.Errorf("%s: a hole of %s", key, gap)
			}
		}
	}
}

func TestOpenMetricsLeavesAHoleForUnknown(t *testing.T) {
	r := &api.Report{Window: api.Window{From: at("10:00:00"), To: at("11:00:00")}, Objects: []api.Object{{Ref: ksWeb}}}
	r.Transitions = func(yield func(api.Transition) bool) {
		_ = yield(api.Transition{At: at("10:00:00"), Ref: ksWeb, Ready: "True", Status: "ready"}) &&
			yield(api.Transition{At: at("10:10:00"), Ref: ksWeb, Ready: "Unknown", Status: "progressing"}) &&
			yield(api.Transition{At: at("10:30:00"), Ref: ksWeb, Ready: "False", Status: "failing"}) &&
			yield(api.Transition{At: at("10:30:00"), Ref: ksWeb, Ready: "True", Status: "ready"}) &&
			yield(api.Transition{At: at("10:40:00"), Ref: ksWeb, Ready: "False", Status: "deleted"})
	}
	got := scrape(t, written(t, openMetricsOf(r, openMetricsOptions{})))
	want := "1 1 none 1 none"
	if diff := cmp.Diff(want, around(got[series("fluxtrail_object_ready", ksWeb)], "10:09:00", "10:13:00", "10:20:00",
		"10:30:00", "10:50:00")); diff != "" {
		t.Error(diff)
	}
}

func TestOpenMetricsKeepsItsSize(t *testing.T) {
	r := manyTransitions(100, 1000)
	text := written(t, openMetricsOf(r, openMetricsOptions{Samples: 20_000}))
	n := 0
	for _, list := range scrape(t, text) {
		n += len(list)
	}
	if n > 25_000 || n < 5_000 {
		t.Errorf("%d samples", n)
	}
	if !strings.Contains(string(text), "query with last_over_time") {
		t.Error("the help does not say that the step is long")
	}
}

func TestEmptyOpenMetrics(t *testing.T) {
	if got := string(written(t, openMetricsOf(&api.Report{}, openMetricsOptions{}))); got != "# EOF\n" {
		t.Errorf("%q", got)
	}
}

func TestEscapeLabel(t *testing.T) {
	if got, want := escapeLabel("a\\b\"c\nd\xff"), `a\\b\"c\nd`+"\uFFFD"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if n := testing.AllocsPerRun(10, func() { escapeLabel("flux-system") }); n > 0 {
		t.Errorf("%g allocations for a label that stays as it is", n)
	}
}
