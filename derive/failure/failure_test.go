package failure

import (
	"fmt"
	"strings"
	"testing"

	"fluxtrail/parse"
	"fluxtrail/parse/redact"
)

// TestRead shows all parts of a Text together.
func TestRead(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		name, kind, text, reason string
		culprit, blocker         parse.Ref
		detail                   Detail
	}{
		{name: "a health check names what is not ready", kind: "Kustomization",
			text:   "health check failed after 30s: timeout waiting for: [Deployment/apps/web status: 'InProgress']",
			reason: "HealthCheckFailed", culprit: ref("Deployment", "apps", "web")},
		{name: "an artifact's address names its source", kind: "Kustomization",
			text:   "failed to download archive: GET http://source-controller.flux-system/gitrepository/apps/web/a.tar.gz",
			reason: "ArtifactFailed", blocker: ref("GitRepository", "apps", "web")},
		{name: "retries exhausted", kind: "HelmRelease", text: "upgrade retries exhausted",
			reason: "UpgradeFailed", detail: SaysNothing},
		{name: "a failed state with its action", kind: "HelmRelease",
			text: "release is in a failed state after 'test'", reason: "TestFailed", detail: SaysWhat},
		{name: "an error of no object", text: "leader election lost", reason: Unclassified},
		{name: "no text", kind: "Kustomization", reason: Unclassified},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			got := NewCache(nil).Read(x.kind, x.text)
			want := Text{Text: x.text, Reason: x.reason, Fingerprint: fingerprint(x.reason, x.text),
				Culprit: x.culprit, Blocker: x.blocker, Detail: x.detail, kind: x.kind}
			if *got != want {
				t.Errorf("got  %+v\nwant %+v", *got, want)
			}
		})
	}
}

// TestReadRedacts reads the redacted text: a secret changes neither what is kept nor the
// fingerprint.
func TestReadRedacts(t *testing.T) {
	t.Parallel()
	c := NewCache(func(s string) string { return strings.NewReplacer("hunter2", "***", "swordfish", "***").Replace(s) })
	a, b := c.Read("Bucket", "bucket 'x': bad key hunter2"), c.Read("Bucket", "bucket 'x': bad key swordfish")
	if a.Text != "bucket 'x': bad key ***" || a.Text != b.Text || a.Fingerprint != b.Fingerprint {
		t.Errorf("%+v\n%+v", a, b)
	}
}

// TestCacheKeeps reads each text once, and holds as many as it may.
func TestCacheKeeps(t *testing.T) {
	t.Parallel()
	read := 0
	c := NewCache(func(s string) string { read++; return s })
	for range 3 {
		c.Read("Kustomization", "build failed: x")
		c.Read("HelmRelease", "build failed: x") // another kind may mean something else
	}
	if read != 2 {
		t.Errorf("read %d texts, want 2", read)
	}
	for i := range maxTexts + 10 {
		c.Read("Kustomization", fmt.Sprint("text ", i))
	}
	if len(c.texts) > maxTexts {
		t.Errorf("%d texts are kept", len(c.texts))
	}
	for i := range maxTextBytes/MaxText + 3 {
		c.Read("Kustomization", fmt.Sprint(i, strings.Repeat(" ", MaxText-10)))
	}
	bytes := 0
	for k, text := range c.texts {
		bytes += len(k.text) + len(text.Text)
	}
	if bytes > maxTextBytes || bytes != c.bytes {
		t.Errorf("%d bytes are kept, %d counted", bytes, c.bytes)
	}
	for i := range 3 * maxRevisions {
		c.Revision(fmt.Sprint("1.0.", i))
	}
	if len(c.revisions) > maxRevisions {
		t.Errorf("%d revisions are kept", len(c.revisions))
	}
}

func TestWithReason(t *testing.T) {
	t.Parallel()
	c := NewCache(nil)
	text := c.Read("HelmRelease", "context deadline exceeded")
	if c.WithReason(text, "") != text || c.WithReason(text, text.Reason) != text {
		t.Error("the same reason makes another text")
	}
	other := c.WithReason(text, "UpgradeFailed")
	if other.Reason != "UpgradeFailed" || other.Text != text.Text || other.Fingerprint == text.Fingerprint {
		t.Errorf("%+v", other)
	}
	if c.WithReason(text, "UpgradeFailed") != other {
		t.Error("it is not kept")
	}
	if text.Reason != Unclassified {
		t.Error("the first text was changed")
	}
}

// TestExcerpt keeps the beginning of long texts, whole characters, and no part of a secret that
// lies across the cut.
func TestExcerpt(t *testing.T) {
	t.Parallel()
	const secret = "hunter22hunter22"
	c := NewCache(func(s string) string { return strings.ReplaceAll(s, secret, "<redacted>") })
	for _, x := range []struct {
		name, text string
		cut        bool
	}{
		{"short", "x" + secret, false},
		{"just fits", strings.Repeat("x", MaxText), false},
		{"one too many", strings.Repeat("x", MaxText+1), true},
		{"wide characters", strings.Repeat("ä", MaxText), true},
		{"not UTF-8", strings.Repeat("\x80", 3*MaxText), true},
		{"a secret across the cut", strings.Repeat("x", MaxText-70) + secret + strings.Repeat("y", MaxText), true},
		{"a secret across the second cut", strings.Repeat("x", 2*MaxText-8) + secret + strings.Repeat("y", MaxText), true},
		{"nothing but secrets", strings.Repeat(secret, MaxText/4), true},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			got := c.Excerpt([]byte(x.text))
			note := fmt.Sprintf("[cut: %d bytes in all]", len(x.text))
			if len(got) > MaxText || strings.Contains(got, "hunter") || strings.HasSuffix(got, note) != x.cut {
				t.Errorf("%d bytes: %.20q … %q", len(got), got, got[max(0, len(got)-60):])
			}
			if x.name == "wide characters" && strings.Contains(got, "\ufffd") {
				t.Error("a character was cut")
			}
		})
	}
}

// TestCutsBehindSecrets keeps no part of a secret that lies across the place where a text or a
// revision is cut, also where the text before it has become short.
func TestCutsBehindSecrets(t *testing.T) {
	t.Parallel()
	r, err := redact.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	c := NewCache(r.String)
	for n := range maxRevision {
		got := c.Revision(strings.Repeat("a", n) + "@https://user:S3cretPassw0rdOfMine@host/" + strings.Repeat("b", n))
		if strings.Contains(got.Raw+got.Normal, "S3c") || len(got.Raw) > maxRevision {
			t.Fatalf("revision, %d bytes before: %q", n, got)
		}
	}
	key := "token=" + strings.Repeat("k3Jx9", 6000) + " "
	for _, before := range []string{"", key, strings.Repeat("plain words ", 2600)} {
		text := before + `password: "` + strings.Repeat("my words ", 400) + `" ` + strings.Repeat("and more ", 4000)
		if got := c.Excerpt([]byte(text)) + c.Read("Bucket", text).Text; strings.Contains(got, "my words") {
			t.Errorf("behind %.10q: %.300q", before, got[strings.Index(got, "my words"):])
		}
	}
}

func TestWaitsFor(t *testing.T) {
	t.Parallel()
	o := ref("Kustomization", "apps", "web")
	for text, want := range map[string]parse.Ref{
		"dependency 'infra/db' is not ready":                                                    ref("Kustomization", "infra", "db"),
		"dependencies do not meet ready condition (dependency 'db' revision is not up to date)": ref("Kustomization", "apps", "db"),
		"unable to get 'infra/db' dependency: not found":                                        ref("Kustomization", "infra", "db"),
		"no artifact available for HelmRepository source 'charts'":                              ref("HelmRepository", "apps", "charts"),
		"Source 'GitRepository/infra/apps' not found":                                           ref("GitRepository", "infra", "apps"),
		"HelmChart 'flux-system/apps-web' is not ready: no such chart":                          ref("HelmChart", "flux-system", "apps-web"),
		"Something 'a/b' is not ready":                                                          {},
		"dependency 'a/b":                                                                       {},
		"no artifact available for ' source 'x'":                                                ref("'", "apps", "x"),
		"":                                                                                      {},
		"Dependencies do not meet ready condition, retrying in 30s":                             {},
		"Source artifact not found, retrying in 30s":                                            {},
		"latest generation of object has not been reconciled, source-controller says HelmChart 'x' is new": {},
	} {
		if got := WaitsFor(o, text); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}
