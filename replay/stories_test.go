package replay

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fluxtrail/api"
)

// ofStory is a part of a story that was recorded with real controllers.
func ofStory(t *testing.T, name string, parts ...string) string {
	t.Helper()
	path := filepath.Join(append([]string{"../../shared/data/stories", name}, parts...)...)
	if _, err := os.Stat(path); err != nil {
		t.Skip("the recorded stories are not here")
	}
	return path
}

// storyAt is the report of a story up to a time, by its logs alone or with evidence beside them.
func storyAt(t *testing.T, name, until string, evidence ...string) *api.Report {
	t.Helper()
	opt := Options{Paths: []string{ofStory(t, name, "pods")}, Conditions: evidence}
	if until != "" {
		opt.Filter.Until = Instant{At: nanoseconds(t, until)}
	}
	return theReport(t, opt)
}

func nanoseconds(t *testing.T, text string) int64 {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return at.UnixNano()
}

func theReport(t *testing.T, opt Options) (rep *api.Report) {
	t.Helper()
	if err := Run(t.Context(), opt, func(_ context.Context, r *api.Report) error { rep = r; return nil }); err != nil {
		t.Fatal(err)
	}
	return rep
}

// TestCascades has a moment of each cascade of the recorded stories, and what holds up what then:
// "root < objects that it holds up", and causes outside of the objects.
func TestCascades(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		story, until string
		want         []string
	}{
		{"git-new", "2026-11-20T10:16:40Z", []string{"Kustomization/flux-system/infra < Kustomization/flux-system/api Kustomization/flux-system/web"}},
		{"git-old", "2026-11-20T10:23:30Z", []string{"Kustomization/flux-system/infra < Kustomization/flux-system/api Kustomization/flux-system/web"}},
		{"git-old", "", []string{
			"Kustomization/team-b/slow <",
			"HelmRepository/team-b/charts < HelmChart/team-b/team-b-podinfo HelmRelease/team-b/podinfo",
		}},
		{"helm-new", "2026-11-20T10:34:50Z", []string{"HelmRelease/team-a/shop < HelmRelease/team-b/cart"}},
		{"helm-new", "2026-11-20T10:39:20Z", []string{
			"HelmRelease/team-a/broken <", "HelmRelease/team-b/slow <", "HelmChart/flux-system/team-a-ghost < HelmRelease/team-a/ghost",
		}},
		{"oci", "2026-11-26T12:53:50Z", []string{
			"GitRepository/flux-system/apps <", "ImageUpdateAutomation/flux-system/apps <",
			"127.0.0.1:31080 answers with errors of its own: GitRepository/flux-system/apps ImageUpdateAutomation/flux-system/apps",
		}},
		{"oci", "2026-11-26T12:55:40Z", []string{
			"Alert/flux-system/all <", "Kustomization/flux-system/stack-a < Kustomization/flux-system/stack-b",
		}},
		{"oci", "2026-11-26T12:58:55Z", []string{
			"Bucket/team-b/bucket <", "ImagePolicy/team-a/pub <", "ImageRepository/flux-system/app <", "ImageRepository/team-a/private <",
			"ImageRepository/team-a/pub <", "OCIRepository/flux-system/stack <", "OCIRepository/team-b/shop <",
			"OCIRepository/team-a/private < Kustomization/team-a/private",
			"127.0.0.1:31311 refuses the credentials: ImageRepository/team-a/private OCIRepository/team-a/private",
			"127.0.0.1:31500 refuses connections: ImagePolicy/team-a/pub ImageRepository/flux-system/app ImageRepository/team-a/pub " +
				"OCIRepository/flux-system/stack OCIRepository/team-b/shop",
		}},
	} {
		for _, evidence := range [][]string{nil, {ofStory(t, c.story, "conditions.jsonl")}} {
			rep := storyAt(t, c.story, c.until, evidence...)
			slices.Sort(c.want)
			if d := cmp.Diff(c.want, cascades(rep)); d != "" {
				t.Errorf("%s at %s, evidence %q (-want +got):\n%s", c.story, c.until, evidence, d)
			}
		}
	}
}

// cascades are the open incidents by their roots, and the causes outside, in the form of
// TestCascades.
func cascades(rep *api.Report) (all []string) {
	held := map[string][]string{}
	for i := range rep.Objects {
		o := &rep.Objects[i]
		name := o.Ref.String()
		switch {
		case o.RootCause != nil:
			held[o.RootCause.String()] = append(held[o.RootCause.String()], name)
		case o.Status == "failing" || o.Status == "stalled":
			held[name] = append(held[name], "")
		}
	}
	for _, root := range slices.Sorted(maps.Keys(held)) {
		slices.Sort(held[root])
		all = append(all, strings.TrimRight(root+" < "+strings.TrimSpace(strings.Join(held[root], " ")), " "))
	}
	for _, c := range rep.Causes {
		var names []string
		for _, o := range c.Objects {
			names = append(names, o.String())
		}
		all = append(all, c.Cause+": "+strings.Join(names, " "))
	}
	slices.Sort(all)
	return all
}
