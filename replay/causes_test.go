package replay

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fluxtrail/api"
)

// TestCausesOutside wants what several sources fail of told once, and nothing that only one fails
// of.
func TestCausesOutside(t *testing.T) {
	t.Parallel()
	const line = `{"level":"error","ts":"2026-11-20T10:00:00.000Z","msg":"Reconciler error","controller":"gitrepository",` +
		`"controllerKind":"GitRepository","GitRepository":{"name":"NAME","namespace":"apps"},"namespace":"apps","name":"NAME",` +
		`"reconcileID":"NAME","error":"failed to checkout and determine revision: unable to list remote for 'https://HOST/NAME.git': ` +
		`dial tcp 10.0.0.7:443: connect: connection refused"}` + "\n"
	text := ""
	for _, object := range [][2]string{{"b", "git.example.com"}, {"a", "git.example.com"}, {"c", "other.example.com"}} {
		text += strings.NewReplacer("NAME", object[0], "HOST", object[1]).Replace(line)
	}
	path := filepath.Join(t.TempDir(), "source-controller.log")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var got []api.Cause
	err := Run(t.Context(), Options{Paths: []string{path}}, func(_ context.Context, r *api.Report) error { got = r.Causes; return nil })
	want := []api.Cause{{Cause: "git.example.com refuses connections", Objects: []api.Ref{
		{Kind: "GitRepository", Namespace: "apps", Name: "a"}, {Kind: "GitRepository", Namespace: "apps", Name: "b"},
	}}}
	if d := cmp.Diff(want, got); d != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, d)
	}
}
