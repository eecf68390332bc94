// Package env starts real servers for the end-to-end tests: Loki, Prometheus,
// Alertmanager, and a Kubernetes API server with its etcd.
//
// A test calls the Start function of what it needs and gets a server that is
// ready, on a free loopback port, with its data in the test's temporary
// directory. The server is killed when the test ends. Where a program is not on
// this machine the test is skipped and says which; with FLUXTRAIL_E2E_STRICT=1
// it fails instead, so that a continuous integration run cannot pass by skipping.
//
// Everything here fails the test itself and returns no errors. Nothing outside
// loopback is contacted, and no server outlives the test process.
package env

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// Missing skips the test because of something this machine lacks, or fails it
// in strict mode. It does not return.
func Missing(t testing.TB, format string, args ...any) {
	t.Helper()
	if os.Getenv("FLUXTRAIL_E2E_STRICT") == "1" {
		t.Fatalf("missing: "+format, args...)
	}
	t.Skipf("missing: "+format, args...)
}

// Installed returns the path of the first of the named programs that the system
// has. The names are alternatives: Debian calls some programs differently.
func Installed(t testing.TB, pkg string, names ...string) string {
	t.Helper()
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	Missing(t, "%s; install the package %s", strings.Join(names, " or "), pkg)
	return ""
}

// Built returns the path of a program that build-tools.sh makes. It never builds:
// that takes minutes and belongs before the tests, in `make e2e-tools`.
func Built(t testing.TB, set, name string) string {
	t.Helper()
	_, here, _, _ := runtime.Caller(0)
	script := filepath.Join(filepath.Dir(here), "..", "build-tools.sh")
	out, err := exec.Command(script, "-n", set).Output()
	if err != nil {
		t.Fatalf("%s -n %s: %v", script, set, err)
	}
	_, dir, _ := strings.Cut(strings.TrimSpace(string(out)), "=")
	path := filepath.Join(dir, name)
	if _, err := os.Stat(path); err != nil {
		Missing(t, "%s; run `make e2e-tools`", name)
	}
	return path
}

// freeAddrs returns n loopback addresses whose ports were free a moment ago. They
// are taken together, so no two of them are the same.
func freeAddrs(t testing.TB, n int) []string {
	t.Helper()
	var addrs []string
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		addrs = append(addrs, l.Addr().String())
	}
	return addrs
}

func write(t testing.TB, path, text string) string {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
