package parse

import (
	"slices"
	"testing"
)

func TestKindNamed(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"Kustomization": "Kustomization", "kustomization": "Kustomization", "KUSTOMIZATIONS": "Kustomization", "ks": "Kustomization",
		"hr": "HelmRelease", "helmreleases": "HelmRelease", "gitrepo": "GitRepository", "gitrepositories": "GitRepository",
		"ocirepo": "OCIRepository", "helmrepo": "HelmRepository", "hc": "HelmChart", "buckets": "Bucket",
		"imgrepo": "ImageRepository", "imagepolicies": "ImagePolicy", "imgupd": "ImageUpdateAutomation", "iua": "ImageUpdateAutomation",
		"rset": "ResourceSet", "ea": "ExternalArtifact", "ag": "ArtifactGenerator", "receivers": "Receiver",
		"deployment": "", "kustomizationz": "", "": "", "k": "",
	} {
		if got := KindNamed(name); got != want {
			t.Errorf("KindNamed(%q) = %q, want %q", name, got, want)
		}
	}
}

// Each kind is known by all its names, and each short name is that of one kind.
func TestKindsTable(t *testing.T) {
	t.Parallel()
	for _, kind := range Kinds() {
		if Kind(kind) != kind || KindNamed(kind) != kind {
			t.Errorf("%s is not known by its own name", kind)
		}
		if GroupOf(kind) == "" || !slices.Contains(Groups(), GroupOf(kind)) {
			t.Errorf("%s has the group %q", kind, GroupOf(kind))
		}
		if c := ControllerOf(kind); !slices.Contains(Controllers(), c) {
			t.Errorf("%s is of %q, which is no controller", kind, c)
		}
	}
	for _, list := range [][]string{Kinds(), Groups(), Controllers()} {
		if sorted := slices.Sorted(slices.Values(list)); len(slices.Compact(sorted)) != len(list) {
			t.Errorf("names stand twice in %q", list)
		}
	}
	if GroupOf("Deployment") != "" || ControllerOf("Deployment") != "" || Kind("deployment") != "" {
		t.Error("a Deployment is none of Flux's kinds")
	}
}

// A controller changes the objects of its own kinds alone, but that notification-controller passes
// on the events of all.
func TestSpeaks(t *testing.T) {
	t.Parallel()
	involved := `{"kind":"HelmRelease","namespace":"team-a","name":"shop"}`
	for _, c := range []struct {
		controller string
		record     Record
		speaksOf   string
		may        bool
	}{
		{"kustomize-controller", Record{Kind: "Kustomization", Meaning: Failed}, "Kustomization", true},
		{"kustomize-controller", Record{Kind: "HelmRelease", Meaning: Failed}, "HelmRelease", false},
		{"", Record{Kind: "HelmRelease", Meaning: Failed}, "HelmRelease", true},
		{"source-controller", Record{Kind: "OCIRepository", Meaning: Succeeded}, "OCIRepository", true},
		{"source-controller", Record{Kind: "Terraform", Meaning: Failed}, "Terraform", true}, // none of Flux's: nobody owns it
		{"source-controller", Record{Meaning: None}, "", true},
		{"notification-controller", Record{Kind: "Receiver", Meaning: Event, Involved: involved}, "HelmRelease", true},
		{"helm-controller", Record{Kind: "Kustomization", Meaning: Event, Involved: involved}, "HelmRelease", true},
		{"source-controller", Record{Meaning: Event, Involved: involved}, "HelmRelease", false},
		{"source-controller", Record{Meaning: MirrorEvent, About: "Kustomization"}, "Kustomization", false},
		{"notification-controller", Record{Kind: "GitRepository", About: "Alert", Meaning: NotifyFailed}, "Alert", true},
		{"kustomize-controller", Record{Kind: "Kustomization", About: "Alert", Meaning: NotifyFailed}, "Alert", false},
	} {
		if got := c.record.SpeaksOf(); got != c.speaksOf {
			t.Errorf("%+v speaks of %q, want %q", c.record, got, c.speaksOf)
		}
		if got := Speaks(c.controller, &c.record); got != c.may {
			t.Errorf("%q may say %+v: %v, want %v", c.controller, c.record, got, c.may)
		}
	}
}

// Message and error stand behind one another in what flux logs prints.
func TestFluxLogsSplitsError(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ line, msg, err string }{
		{"2022-10-07T10:15:00.100Z error Kustomization/apps.flux-system - Reconciler error kustomize build failed: x", "Reconciler error", "kustomize build failed: x"},
		{"2022-10-07T10:15:00.100Z info Kustomization/apps.flux-system - Reconciler error is a word", "Reconciler error is a word", ""},
		{"2022-10-07T10:15:00.100Z error GitRepository/apps.flux-system - cannot clone: refused cannot clone: refused", "cannot clone: refused", "cannot clone: refused"},
		{"2022-10-07T10:15:00.100Z error ImagePolicy/app.flux-system - no tags in database DependencyNotReady", "no tags in database", "DependencyNotReady"},
		{"2022-10-07T10:15:00.100Z error Kustomization/apps.flux-system - words that nobody knows", "words that nobody knows", ""},
		{"2021-10-07T10:15:00.100Z error Kustomization/apps.flux-system - Reconciler error Get &#34;http://a/?b&amp;c&#34;: refused", "Reconciler error", `Get "http://a/?b&c": refused`},
		{"2022-10-07T10:15:00.100Z error Kustomization/apps.flux-system - ", "", ""},
	} {
		var r Record
		if !r.fluxLogs(c.line) || r.Msg != c.msg || r.Error != c.err {
			t.Errorf("%s:\n%q, %q, want %q, %q", c.line, r.Msg, r.Error, c.msg, c.err)
		}
	}
}

// A terminal error whose text decides nothing has the reason that its kind gives.
func TestTerminalReason(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ kind, reason, text, want string }{
		{"FluxInstance", "", "terminal error: invalid version", "BuildFailed"},
		{"ResourceSet", "", "terminal error: failed to parse expression 'x': y", ""},
		{"ArtifactGenerator", "", "terminal error: duplicate alias", "ValidationFailed"},
		{"ArtifactGenerator", "", "terminal error: cross-namespace reference to a/b is not allowed", "AccessDenied"},
		{"HelmRelease", "", "terminal error: x", ""},
		{"FluxInstance", "ArtifactFailed", "terminal error: x", "ArtifactFailed"},
	} {
		r := Record{Kind: c.kind, Reason: c.reason, Error: c.text}
		if r.terminal(); r.Reason != c.want {
			t.Errorf("%s: %q has the reason %q, want %q", c.kind, c.text, r.Reason, c.want)
		}
	}
}

func TestOnlyKind(t *testing.T) {
	t.Parallel()
	for _, group := range Groups() {
		var of []string
		for _, kind := range Kinds() {
			if GroupOf(kind) == group {
				of = append(of, kind)
			}
		}
		if got := onlyKind(group); got != "" && (len(of) != 1 || of[0] != got) || got == "" && len(of) == 1 {
			t.Errorf("%s has the kinds %q, and only %q", group, of, got)
		}
	}
}
