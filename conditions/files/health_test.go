package files

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fluxtrail/conditions"
)

// TestHealth: a dump of a controller's metrics tells how its process is, at the time in the file's
// name.
func TestHealth(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "metrics-1795170209.prom")
	text := `# TYPE controller_runtime_active_workers gauge
controller_runtime_active_workers{controller="helmrelease"} 2
controller_runtime_max_concurrent_reconciles{controller="helmrelease"} 2
controller_runtime_reconcile_panics_total{controller="helmrelease"} 1
workqueue_depth{name="helmrelease"} 30
rest_client_requests_total{code="429",host="10.0.0.1:443",method="PATCH"} 5
rest_client_requests_total{code="200",host="10.0.0.1:443",method="GET"} 95
`
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	e, err := Read([]string{path}, Options{Redact: redactor(t)})
	if err != nil {
		t.Fatal(err)
	}
	want := []conditions.Health{{Controller: "helm-controller", At: 1795170209e9, Source: path, Troubles: []string{
		"throttled: the API server refused 5 of 100 requests (429)", "helmrelease: 1 panic",
		"helmrelease: saturated: all 2 workers are busy and 30 objects wait",
	}}}
	if d := cmp.Diff(want, e.Health); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}
