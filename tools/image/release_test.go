package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"log"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	"github.com/google/go-containerregistry/pkg/v1/remote"
)

// findHelm is the helm of the end-to-end tests, or the one of the machine.
func findHelm(t *testing.T) string {
	t.Helper()
	if out, err := exec.Command("../../e2e/build-tools.sh", "-n", "helm").Output(); err == nil {
		_, dir, _ := strings.Cut(strings.TrimSpace(string(out)), "=")
		if path := filepath.Join(dir, "helm"); exec.Command(path, "version").Run() == nil {
			return path
		}
	}
	path, err := exec.LookPath("helm")
	if err != nil {
		t.Skip("needs helm: run make e2e-tools")
	}
	return path
}

// TestRelease makes a release as the workflow does, and pushes it to a registry on loopback.
func TestRelease(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(registry.New(registry.Logger(log.New(io.Discard, "", 0))))
	defer server.Close()
	host, out := strings.TrimPrefix(server.URL, "http://"), filepath.Join(t.TempDir(), "release")
	cmd := exec.Command("../release.sh")
	cmd.Env = append(os.Environ(), "VERSION=9.9.9", "ANY_VERSION=1", "PLATFORMS=linux/amd64", "OUT="+out, "SOURCE_DATE_EPOCH=1700000000",
		"REGISTRY="+host+"/team", "PLAIN_HTTP=1", "HELM="+findHelm(t), "HELM_CACHE_HOME="+t.TempDir(), "HELM_CONFIG_HOME="+t.TempDir())
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	check := exec.Command("sha256sum", "--check", "--quiet", "checksums.txt")
	check.Dir = out
	if text, err := check.CombinedOutput(); err != nil {
		t.Errorf("checksums: %v\n%s", err, text)
	}
	for _, pushed := range []string{"/team/fluxtrail:9.9.9", "/team/charts/fluxtrail:9.9.9"} {
		ref, err := name.ParseReference(host+pushed, name.Insecure)
		if err != nil {
			t.Fatal(err)
		}
		d, err := remote.Get(ref)
		if err != nil {
			t.Errorf("%s: %v", pushed, err)
			continue
		}
		t.Logf("%s is %s, %s", pushed, d.Digest, d.MediaType)
	}
	released(t, out)
	signed(t, out)
}

// TestReleasedSystems builds the program once for each system that a release has, other than this
// one: nothing else does before the day of the release.
func TestReleasedSystems(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("builds everything for other systems")
	}
	script, err := os.ReadFile("../release.sh")
	if err != nil {
		t.Fatal(err)
	}
	_, platforms, _ := strings.Cut(string(script), "${PLATFORMS:-")
	platforms, _, _ = strings.Cut(platforms, "}")
	built := map[string]bool{runtime.GOOS: true}
	for _, platform := range strings.Fields(platforms) {
		system, arch, _ := strings.Cut(platform, "/")
		if built[system] {
			continue
		}
		built[system] = true
		cmd := exec.Command("go", "build", "-o", os.DevNull, "./cmd/fluxtrail")
		cmd.Dir, cmd.Env = "../..", append(os.Environ(), "CGO_ENABLED=0", "GOOS="+system, "GOARCH="+arch)
		if text, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", platform, err, text)
		}
	}
	if len(built) < 3 {
		t.Errorf("release.sh names only %v", built)
	}
}

// findTool is a program of a set of the end-to-end tests.
func findTool(t *testing.T, set, program string) string {
	t.Helper()
	out, err := exec.Command("../../e2e/build-tools.sh", "-n", set).Output()
	_, dir, _ := strings.Cut(strings.TrimSpace(string(out)), "=")
	path := filepath.Join(dir, program)
	if _, missing := os.Stat(path); err != nil || missing != nil {
		t.Skipf("needs %s: run make e2e-tools", program)
	}
	return path
}

// signed signs the release with a key, as the workflow does with its identity, and verifies all of
// it: with another key nothing is.
func signed(t *testing.T, out string) {
	t.Helper()
	cosign, keys := findTool(t, "sign", "cosign"), t.TempDir()
	environ := append(os.Environ(), "COSIGN_PASSWORD=", "HOME="+keys, "VERSION=9.9.9", "OUT="+out, "PLAIN_HTTP=1", "COSIGN="+cosign,
		"KEY="+filepath.Join(keys, "cosign.key"), "SOURCE=https://git.example.com/fluxtrail", "BUILDER=https://git.example.com/builder")
	run := func(wanted bool, program string, args ...string) string {
		t.Helper()
		cmd := exec.Command(program, args...)
		cmd.Env = environ
		if filepath.Base(program) == "cosign" {
			cmd.Dir = keys
		}
		text, err := cmd.CombinedOutput()
		if wanted != (err == nil) {
			t.Errorf("%s %s: %v\n%s", filepath.Base(program), strings.Join(args, " "), err, text)
		}
		return string(text)
	}
	run(true, cosign, "generate-key-pair")
	run(true, cosign, "generate-key-pair", "--output-key-prefix", "other")
	run(true, "../sign.sh")
	image, err := os.ReadFile(filepath.Join(out, "image.digest"))
	if err != nil {
		t.Fatal(err)
	}
	reference := strings.TrimSpace(string(image))
	run(true, findTool(t, "sign", "crane"), "validate", "--remote", reference)
	offline := []string{"--insecure-ignore-tlog=true", "--allow-http-registry"}
	for _, format := range []string{"--new-bundle-format=true", "--new-bundle-format=false"} {
		for key, wanted := range map[string]bool{"cosign.pub": true, "other.pub": false} {
			run(wanted, cosign, append([]string{"verify", format, "--key", key, reference}, offline...)...)
			run(wanted, cosign, append([]string{"verify", format, "--key", key, chartOf(t, out)}, offline...)...)
		}
	}
	for kind, word := range map[string]string{"slsaprovenance1": "gitCommit", "spdxjson": "github.com/spf13/cobra"} {
		text := run(true, cosign, append([]string{"verify-attestation", "--key", "cosign.pub", "--type", kind, reference}, offline...)...)
		if !attested(text, word) {
			t.Errorf("%s says nothing of %s:\n%.500s", kind, word, text)
		}
	}
	checksums := filepath.Join(out, "checksums.txt")
	verify := []string{"verify-blob", "--insecure-ignore-tlog=true", "--bundle", checksums + ".sigstore.json", "--key"}
	run(true, cosign, append(verify, "cosign.pub", checksums)...)
	run(false, cosign, append(verify, "cosign.pub", filepath.Join(out, "install.yaml"))...)
}

// chartOf is the reference of the chart that was pushed, by its digest.
func chartOf(t *testing.T, out string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(out, "chart.digest"))
	if err != nil {
		t.Fatal(err)
	}
	fields := strings.Fields(string(text)) // Pushed: REFERENCE Digest: DIGEST
	if len(fields) != 4 {
		t.Fatalf("chart.digest: %s", text)
	}
	return fields[1][:strings.LastIndexByte(fields[1], ':')] + "@" + fields[3]
}

// attested reports whether the payload of an attestation has a word.
func attested(text, word string) bool {
	for line := range strings.Lines(text) {
		var envelope struct{ Payload []byte }
		if json.Unmarshal([]byte(line), &envelope) == nil && bytes.Contains(envelope.Payload, []byte(word)) {
			return true
		}
	}
	return false
}

// released looks into what a release holds.
func released(t *testing.T, dir string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "fluxtrail-9.9.9-linux-amd64.spdx.json"))
	if err != nil {
		t.Fatal(err)
	}
	var bill struct{ Packages []spdxPackage }
	if err := json.Unmarshal(text, &bill); err != nil || len(bill.Packages) < 20 || bill.Packages[0].Name != "fluxtrail" ||
		!bytes.Contains(text, []byte("pkg:golang/github.com/spf13/cobra@v")) {
		t.Errorf("%d packages: %v", len(bill.Packages), err)
	}
	archive, err := os.Open(filepath.Join(dir, "fluxtrail-9.9.9-linux-amd64.tar.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	unpacked, err := gzip.NewReader(archive)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for in := tar.NewReader(unpacked); ; {
		h, err := in.Next()
		if err != nil {
			break
		}
		names = append(names, h.Name)
	}
	if got := strings.Join(names, " "); !strings.Contains(got, "fluxtrail-9.9.9-linux-amd64/fluxtrail ") && !strings.HasSuffix(got, "/fluxtrail") {
		t.Errorf("the archive holds %s", got)
	}
}
