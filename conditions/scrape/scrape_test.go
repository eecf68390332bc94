package scrape

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

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
	if d := cmp.Diff(want, told.Health); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	c.HTTP = sinks.HTTP{}
	if told, err = c.Read(t.Context(), 0, 0); err != nil || !strings.Contains(fmt.Sprint(told.Inputs[0].Err), "401 Unauthorized") {
		t.Error(told, err)
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
