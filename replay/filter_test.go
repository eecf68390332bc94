package replay

import (
	"testing"

	"fluxtrail/derive"
)

func TestPatterns(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		patterns Patterns
		fits     []string
		fitsNot  []string
	}{
		{nil, []string{"", "a"}, nil},
		{Patterns{"a"}, []string{"a", "A"}, []string{"", "ab"}},
		{Patterns{"a", "b*"}, []string{"a", "b", "bc"}, []string{"c"}},
		{Patterns{"!a"}, []string{"", "b"}, []string{"a", "A"}},
		{Patterns{"team-*", "!team-b"}, []string{"team-a"}, []string{"team-b", "x"}},
		{Patterns{"!a", "!b"}, []string{"c"}, []string{"a", "b"}},
		{Patterns{"a?", "[xy]"}, []string{"ab", "x"}, []string{"a", "z"}},
	} {
		for _, s := range c.fits {
			if !c.patterns.fits(s) {
				t.Errorf("%q does not fit %q", s, c.patterns)
			}
		}
		for _, s := range c.fitsNot {
			if c.patterns.fits(s) {
				t.Errorf("%q fits %q", s, c.patterns)
			}
		}
	}
}

func TestFilterObjects(t *testing.T) {
	t.Parallel()
	apps := derive.Ref{Kind: "Kustomization", Namespace: "flux-system", Name: "apps"}
	shop := derive.Ref{Kind: "HelmRelease", Namespace: "team-a", Name: "shop"}
	for name, c := range map[string]struct {
		filter     Filter
		apps, shop bool
	}{
		"all":          {Filter{}, true, true},
		"kind":         {Filter{Kinds: Patterns{"HelmRelease"}}, false, true},
		"not the kind": {Filter{Kinds: Patterns{"!helmrelease"}}, true, false},
		"namespace":    {Filter{Namespaces: Patterns{"flux-*"}}, true, false},
		"controller":   {Filter{Controllers: Patterns{"helm-controller"}}, false, true},
		"object":       {Filter{Objects: []Patterns{{"HelmRelease", "*", "shop"}}}, false, true},
		"two objects":  {Filter{Objects: []Patterns{{"HelmRelease", "team-a", "shop"}, {"Kustomization", "*", "a*"}}}, true, true},
		"both of them": {Filter{Kinds: Patterns{"HelmRelease"}, Names: Patterns{"apps"}}, false, false},
	} {
		if got := c.filter.object(apps); got != c.apps {
			t.Errorf("%s: apps %v", name, got)
		}
		if got := c.filter.object(shop); got != c.shop {
			t.Errorf("%s: shop %v", name, got)
		}
		if c.filter.narrow() != (name != "all") {
			t.Errorf("%s: narrow is %v", name, c.filter.narrow())
		}
	}
}

// TestFilterKeepsCauses holds that the incident of a cause stays for those whom it hits.
func TestFilterKeepsCauses(t *testing.T) {
	t.Parallel()
	chart := derive.Ref{Kind: "HelmChart", Namespace: "flux-system", Name: "shop"}
	shop := derive.Ref{Kind: "HelmRelease", Namespace: "team-a", Name: "shop"}
	i := &derive.Incident{}
	i.Object, i.Affected = chart, []derive.Ref{shop}
	if f := (Filter{Kinds: Patterns{"HelmRelease"}}); !f.incident(i) {
		t.Error("the cause of a release's trouble was left out")
	}
	if f := (Filter{Kinds: Patterns{"Bucket"}}); f.incident(i) {
		t.Error("nobody asked for it")
	}
}

func TestFilterOnlyFailing(t *testing.T) {
	t.Parallel()
	f := Filter{OnlyFailing: true}
	for status, want := range map[derive.Status]bool{
		derive.Failing: true, derive.Stalled: true, derive.Silent: true, derive.Waiting: true,
		derive.Ready: false, derive.Suspended: false, derive.Deleted: false, derive.Progressing: false, derive.Unknown: false,
	} {
		if f.status(status) != want || !(&Filter{}).status(status) {
			t.Errorf("%v: %v", status, !want)
		}
	}
}
