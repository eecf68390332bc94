package prom

import (
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/prometheus/common/expfmt"
)

func TestExposition(t *testing.T) {
	reg := registry(t, sample(), sampleAgent())
	golden(t, "testdata/sample.openmetrics", exposition(t, reg, expfmt.TypeOpenMetrics))
	golden(t, "testdata/sample.prom", exposition(t, reg, expfmt.TypeTextPlain))

	want, err := os.Open("testdata/sample.prom")
	if err != nil {
		t.Fatal(err)
	}
	defer want.Close()
	if err := testutil.GatherAndCompare(reg, want); err != nil {
		t.Error(err)
	}
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); d != "" {
		t.Errorf("%s (-want +got):\n%s", path, d)
	}
}

func TestLint(t *testing.T) {
	problems, err := testutil.GatherAndLint(registry(t, sample(), sampleAgent()))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Errorf("%s: %s", p.Metric, p.Text)
	}
}

// The sample shows every family, so that the tests above see the whole table.
func TestSampleShowsAll(t *testing.T) {
	text := exposition(t, registry(t, sample(), sampleAgent()), expfmt.TypeTextPlain)
	for _, f := range families {
		if !strings.Contains(text, "# TYPE "+f.Name+" "+string(f.Type)+"\n") {
			t.Errorf("the sample has nothing for %s %s", f.Type, f.Name)
		}
	}
}

// A scrape in OpenMetrics has exemplars and created timestamps, one in plain text has neither, both
// from the handler that the agent uses.
func TestHandler(t *testing.T) {
	h := promhttp.HandlerFor(registry(t, sample(), sampleAgent()), promhttp.HandlerOpts{EnableOpenMetrics: true, EnableOpenMetricsTextCreatedSamples: true})
	get := func(accept string) string {
		r := httptest.NewRequest("GET", "/metrics", nil)
		r.Header.Set("Accept", accept)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w.Body.String()
	}
	om, plain := get("application/openmetrics-text; version=1.0.0"), get("text/plain")
	for _, want := range []string{`# {reconcileID="` + runUUID + `"}`, `fluxtrail_object_failures_created{`, "# EOF"} {
		if !strings.Contains(om, want) {
			t.Errorf("the OpenMetrics form lacks %s", want)
		}
		if strings.Contains(plain, want) {
			t.Errorf("the plain form has %s", want)
		}
	}
}

// Nothing that stands in a log can make a scrape fail.
func TestHostileLabels(t *testing.T) {
	s := New(Config{})
	for _, name := range []string{"\xff\xfe", "", "a\nb", `"`, strings.Repeat("ä", 5000), overflowLabel, "\xff\xfd"} {
		ref := apps
		ref.Name, ref.Kind = name, name
		run := run(ref, "failed", name, 1e9, name)
		s.Add(run)
		s.Unparsed(noon, name, 1)
	}
	exposition(t, registry(t, s, Agent{Lane: "\xff", Files: []FileLag{{Path: "\xff"}, {Path: "\xff"}}}), expfmt.TypeOpenMetrics)
	if d := cmp.Diff(shown(t, s), shown(t, again(t, s))); d != "" {
		t.Error(d)
	}
}
