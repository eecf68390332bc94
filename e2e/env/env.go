// Package env starts real servers for the end-to-end tests: Loki, Prometheus,
// Alertmanager, a Kubernetes API server with its etcd, and a node that runs pods.
//
// A test calls the Start function of what it needs and gets a server that is
// ready, on a free loopback port, with its data in the test's temporary
// directory. The server is killed when the test ends. Where a program is not on
// this machine the test is skipped and says which; with FLUXTRAIL_E2E_STRICT=1
// it fails instead, so that continuous integration cannot pass by skipping.
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
	"slices"
	"strings"
	"testing"
)

// Missing skips the test because this machine lacks a part: a package of the
// system or a set of build-tools.sh. In strict mode it fails the test, unless
// FLUXTRAIL_E2E_WITHOUT names the part. It does not return.
func Missing(t testing.TB, part, what string) {
	t.Helper()
	expected := slices.Contains(strings.Fields(os.Getenv("FLUXTRAIL_E2E_WITHOUT")), part)
	if os.Getenv("FLUXTRAIL_E2E_STRICT") == "1" && !expected {
		t.Fatalf("missing: %s", what)
	}
	t.Skipf("missing: %s", what)
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
	Missing(t, pkg, strings.Join(names, " or ")+"; install the package "+pkg)
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
		Missing(t, set, name+"; run `make e2e-tools`")
	}
	return path
}

// Fluxtrail builds the program as it is in the tree and returns its path. A program
// that was built already is tested instead if FLUXTRAIL_E2E_PROGRAM is its path.
func Fluxtrail(t testing.TB) string {
	t.Helper()
	if bin := os.Getenv("FLUXTRAIL_E2E_PROGRAM"); bin != "" {
		return bin
	}
	return build(t, filepath.Join("..", ".."), "./cmd/fluxtrail")
}

// Go builds a program of the e2e module, given as ./image/pause, and returns its
// path. It runs without a C library, and so in an image of its own.
func Go(t testing.TB, pkg string) string { return build(t, "..", pkg) }

func build(t testing.TB, module, pkg string) string {
	t.Helper()
	_, here, _, _ := runtime.Caller(0)
	bin := filepath.Join(t.TempDir(), filepath.Base(pkg))
	cmd := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", bin, pkg) // as make build does
	cmd.Dir = filepath.Join(filepath.Dir(here), module)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return bin
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
