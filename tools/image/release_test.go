package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
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
	server := httptest.NewServer(registry.New())
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
