package failure

import (
	"strings"
	"testing"

	"fluxtrail/fixtures"
	"fluxtrail/parse"
)

// What differs from one occurrence of an error to the next makes no other error.
func TestSameFingerprint(t *testing.T) {
	t.Parallel()
	for _, same := range [][]string{
		{ // durations
			"health check failed after 30.021072817s: timeout waiting for: [Deployment/default/never status: 'InProgress']",
			"health check failed after 1m2.5s: timeout waiting for: [Deployment/default/never status: 'InProgress']",
			"health check failed after 950.5µs: timeout waiting for: [Deployment/default/never status: 'InProgress']",
		},
		{ // temporary directories
			"kustomization path not found: stat /tmp/kustomization-3520463713/manifests/prod2: no such file or directory",
			"kustomization path not found: stat /tmp/kustomization-99/manifests/prod2: no such file or directory",
		},
		{
			"failed to load index: /tmp/chart-index-861161562.yaml exceeds the maximum index file size of 52428800 bytes",
			"failed to load index: /tmp/chart-index-1.yaml exceeds the maximum index file size of 52428800 bytes",
		},
		{ // addresses and ports
			"read tcp 10.1.2.3:45678->140.82.121.4:443: read: connection reset by peer",
			"read tcp 10.9.8.7:33333->140.82.121.3:443: read: connection reset by peer",
		},
		{
			"dial tcp [::1]:8000: connect: connection refused",
			"dial tcp [::1]:9000: connect: connection refused",
		},
		{ // UIDs, digests, commits
			"could not fetch content descriptor sha256:f34992015998f509a19d2c9721a2f0939ea954d25020ded748ea242fdce7c1fb from remote",
			"could not fetch content descriptor sha256:3b6cdcc7adcc9a84d3214ee1c029543789d90b5ae69debe9efa3f66e982875de from remote",
		},
		{
			"signature verification of commit 'dc74456474966c5bc8d450eb3d7f381965b416bc' failed",
			"signature verification of commit '687b5930bbe44638b9c5e377ac50e33afbb542b9' failed",
		},
		{
			"pods \"x\" not found, UID in precondition: 02350a0b-a8a3-4cd3-bf58-5400c0fc9662",
			"pods \"x\" not found, UID in precondition: BA9618A1-FC7C-4800-AB31-A35489BF5500",
		},
		{ // timestamps
			"token expired at 2024-05-02T10:00:00Z",
			"token expired at 2026-11-20 11:12:13.456+0300",
		},
		{ // names of pods
			"pod web-7d9f8c6b5-x2xqz is not running: pod has failed",
			"pod web-6d4cf56db6-k9x7q is not running: pod has failed",
		},
		{ // counts
			"GET http://x giving up after 10 attempt(s)",
			"GET http://x giving up after 5 attempt(s)",
		},
		{ // request ids of clouds
			"StatusCode: 403, RequestID: 4442587FB7D0A2F9, api error AccessDenied",
			"StatusCode: 403, RequestID: TX0ABCDEFGHIJKLM, api error AccessDenied",
		},
	} {
		for _, s := range same[1:] {
			if a, b := fingerprint("x", same[0]), fingerprint("x", s); a != b {
				t.Errorf("%q and %q differ:\n%s\n%s", same[0], s, template(same[0]), template(s))
			}
		}
	}
}

// What makes two errors two problems is kept.
func TestDifferentFingerprint(t *testing.T) {
	t.Parallel()
	for _, pair := range [][2]string{
		{"unexpected status code 401 Unauthorized", "unexpected status code 404 Not Found"},
		{"unexpected status code 401", "unexpected status code 404"},
		{"failed to download chart from 'http://x' (status: 404)", "failed to download chart from 'http://x' (status: 503)"},
		{"response status code 400", "response status code 429"},
		{"StatusCode: 403, RequestID: 1", "StatusCode: 404, RequestID: 1"},
		{"exit code 137", "exit code 143"},
		{"dependency 'apps/redis' is not ready", "dependency 'apps/postgres' is not ready"},
		{"Deployment/apps/web dry-run failed (Invalid): x", "Deployment/apps/api dry-run failed (Invalid): x"},
		{"Deployment/apps/cert-manager-trust dry-run failed (Invalid): x", "Deployment/apps/cert-manager-agent dry-run failed (Invalid): x"},
		{"stat /tmp/kustomization-1/apps/a: no such file", "stat /tmp/kustomization-1/apps/b: no such file"},
	} {
		if fingerprint("x", pair[0]) == fingerprint("x", pair[1]) {
			t.Errorf("%q and %q are one: %s", pair[0], pair[1], template(pair[0]))
		}
	}
	if fingerprint("BuildFailed", "x") == fingerprint("ArtifactFailed", "x") {
		t.Error("the reason makes no difference")
	}
}

// FuzzErrorText feeds any text to everything that reads error texts.
func FuzzErrorText(f *testing.F) {
	for _, line := range fixtures.Lines() {
		var r parse.Record
		parse.Parse(line, 0, &r)
		f.Add(r.Kind, r.Msg)
		if r.Error != "" {
			f.Add(r.Kind, r.Error)
		}
	}
	for i := range classes {
		f.Add("HelmRelease", classes[i].line)
	}
	f.Add("Kustomization", "Health check timed out for [deployment.apps 'apps/"+strings.Repeat("x", 254)+"']") // no object's name
	f.Fuzz(func(t *testing.T, kind, text string) {
		if c := classify(kind, text); c.reason == "" {
			t.Error("no reason")
		}
		once := template(text)
		if again := template(once); again != once {
			t.Errorf("template is not stable:\n%q\n%q\n%q", text, once, again)
		}
		if a, b := fingerprint("x", text), fingerprint("x", once); a != b || len(a) != 16 {
			t.Errorf("fingerprint %s becomes %s", a, b)
		}
		if c := culprit(text); c != (parse.Ref{}) && (c.Kind == "" || c.Name == "") {
			t.Errorf("half a culprit: %q in %q", c, text)
		}
		agrees(t, text)
		if b := blocker(text); b != (parse.Ref{}) && (b.Kind == "" || b.Name == "") {
			t.Errorf("half a blocker: %q in %q", b, text)
		}
		WaitsFor(ref("Kustomization", "a", "b"), text)
		if r := normalRevision(text); normalRevision(r) != r {
			t.Errorf("%q is not the normal form of %q", r, text)
		}
	})
}
