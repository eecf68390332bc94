package scrape

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	diff "github.com/google/go-cmp/cmp"

	"fluxtrail/conditions"
	"fluxtrail/conditions/conditionstest"
	"fluxtrail/sinks"
)

const text = `# TYPE gotk_reconcile_condition gauge
gotk_reconcile_condition{kind="Kustomization",name="web",namespace="apps",status="True",type="Ready"} 0
gotk_reconcile_condition{kind="Kustomization",name="web",namespace="apps",status="False",type="Ready"} 1
controller_runtime_reconcile_panics_total{controller="kustomization"} 1
`

// TestScrape asks a server for its metrics, with the credentials that it wants.
func TestScrape(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer "+conditionstest.Secret {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		fmt.Fprint(w, text)
	}))
	t.Cleanup(s.Close)
	c := Config{URL: s.URL + "/metrics", At: 7e9, Redact: func(s string) string { return s }, HTTP: sinks.HTTP{Bearer: sinks.Bearer{Token: conditionstest.Secret}}}
	told, err := c.Read(t.Context(), 0, 0)
	if err != nil || len(told.Observations) != 1 {
		t.Fatal(told, err)
	}
	conditionstest.Check(t, told.Observations)
	if o := &told.Observations[0]; o.Ready() != "False" || o.At != 7e9 || o.Ref.String() != "Kustomization/apps/web" {
		t.Error(conditionstest.Describe(o))
	}
	want := []conditions.Health{{Controller: "kustomize-controller", At: 7e9, Source: c.URL, Troubles: []string{"kustomization: 1 panic"}}}
	if d := diff.Diff(want, told.Health); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	c.HTTP = sinks.HTTP{}
	if told, err = c.Read(t.Context(), 0, 0); err != nil || !strings.Contains(fmt.Sprint(told.Inputs[0].Err), "401 Unauthorized") {
		t.Error(told, err)
	}
}

// TestHostileMetrics has a server answer what is to fill the memory of who asks, and what makes
// histograms of most answers: of it nothing is kept, and the rest keeps its place.
func TestHostileMetrics(t *testing.T) {
	t.Parallel()
	object := func(name string) string {
		return `gotk_reconcile_condition{kind="Kustomization",name="` + name + `",namespace="apps",status="True",type="Ready"} 1` + "\n"
	}
	histogram := strings.Repeat(`gotk_reconcile_duration_seconds_bucket{kind="Kustomization",name="web",namespace="apps",le="1"} 1`+"\n", 50)
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	fmt.Fprint(z, object("packed"))
	_ = z.Close()
	const tooMany = "tells of more than 3 objects"
	for _, c := range []struct{ what, body, want, err string }{
		{"histograms", "# TYPE x histogram\n" + histogram + object("a"), "a:52", ""},
		{"a line without end", "a" + strings.Repeat("{", 1<<20) + "\n" + object("a"), "a:2", ""},
		{"no end of the last line", strings.TrimSpace(object("a") + object("b")), "a:1 b:2", ""},
		{"too many objects", object("a") + object("b") + object("c") + object("d") + object("a"), "a:1 b:2 c:3", tooMany},
		{"too many bytes", strings.Repeat(object("a"), 100), "", "too long"},
		{"times", object("a") + strings.ReplaceAll(object("b"), "} 1", "} 1 5000"), "b:2 a:1", ""},
		{"gzip", packed.String(), "", "has no metrics"},
		{"a login page", "<html>\n<body>gotk_reconcile_condition</body>\n", "", "has no metrics"},
	} {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !r.Close {
				t.Error("the connection is to be kept")
			}
			fmt.Fprint(w, c.body)
		}))
		told, err := Config{URL: s.URL, Name: "x", At: 7e9, Redact: func(s string) string { return s }, Most: 3, Policy: sinks.Policy{Tries: 1}}.Read(t.Context(), 0, 0)
		s.Close()
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, o := range told.Observations {
			got = append(got, o.Name+strings.TrimPrefix(o.Source, "x"))
		}
		if strings.Join(got, " ") != c.want || !strings.Contains(fmt.Sprint(told.Inputs[0].Err), cmp.Or(c.err, "<nil>")) {
			t.Errorf("%s: %s, %v", c.what, got, told.Inputs[0].Err)
		}
	}
}

func TestIsMetrics(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]bool{
		"http://127.0.0.1:8080/metrics": true, "https://x/api/v1/proxy/metrics/?a=b": true,
		"http://prometheus:9090": false, "http://mimir/prometheus": false, "http://victoria-metrics:8428": false,
	} {
		if got := IsMetrics(address); got != want {
			t.Errorf("%s: %v", address, got)
		}
	}
	if Config.Validate(Config{URL: "x"}) == nil {
		t.Error("x is an address")
	}
}
