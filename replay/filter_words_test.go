package replay

import (
	"slices"
	"testing"
)

func TestKinds(t *testing.T) {
	t.Parallel()
	got := Kinds([]string{"ks", "!hr", "gitrepositories", "HELMCHART", "Terra*", "!unknown"})
	want := Patterns{"Kustomization", "!HelmRelease", "GitRepository", "HelmChart", "Terra*", "!unknown"}
	if !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestObjectNamed(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]Patterns{
		"ks/flux-system/apps":    {"Kustomization", "flux-system", "apps"},
		"HelmRelease/apps":       {"HelmRelease", "*", "apps"},
		"gitrepo/*/app-*":        {"GitRepository", "*", "app-*"},
		"pods/flux-system/x":     nil,
		"ks":                     nil,
		"ks/a/b/c":               nil,
		"/var/log/pods":          nil,
		"./ks/flux-system/apps":  nil,
		"logs/kustomization.log": nil,
	} {
		got, ok := ObjectNamed(s)
		if !slices.Equal(got, want) || ok != (want != nil) {
			t.Errorf("%s: %v, want %v", s, got, want)
		}
	}
}

func TestFilterValidate(t *testing.T) {
	t.Parallel()
	if err := (&Filter{Names: Patterns{"a*", "!b?"}}).Validate(); err != nil {
		t.Error(err)
	}
	err := (&Filter{Names: Patterns{"a["}, Kinds: Patterns{"!["}}).Validate()
	if err == nil || err.Error() != "--kind ![: syntax error in pattern\n--name a[: syntax error in pattern" {
		t.Errorf("%v", err)
	}
}
