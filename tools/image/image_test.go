package main

import (
	"archive/tar"
	"bytes"
	"errors"
	"io"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/validate"
)

var made = release{version: "1.2.3+dirty", revision: "abc", created: time.Unix(1_700_000_000, 0).UTC()}

func build(t *testing.T, r release) string {
	t.Helper()
	dir, program := t.TempDir(), filepath.Join(t.TempDir(), "fluxtrail")
	if err := os.WriteFile(program, []byte("a program"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := write(r, dir, []string{"linux/amd64=" + program, "linux/arm64=" + program}); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestSameBytes(t *testing.T) {
	t.Parallel()
	var archives [][]byte
	for range 2 {
		text, err := os.ReadFile(filepath.Join(build(t, made), "fluxtrail.tar"))
		if err != nil {
			t.Fatal(err)
		}
		archives = append(archives, text)
	}
	if !bytes.Equal(archives[0], archives[1]) {
		t.Error("two archives of the same input differ")
	}
}

// TestPush sends the image to a registry and looks at what a node gets from there.
func TestPush(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(registry.New())
	defer server.Close()
	reference := strings.TrimPrefix(server.URL, "http://") + "/fluxtrail:1.2.3"
	if err := pushTo(reference, build(t, made), true); err != nil {
		t.Fatal(err)
	}
	ref, err := name.ParseReference(reference, name.Insecure)
	if err != nil {
		t.Fatal(err)
	}
	for _, arch := range []string{"amd64", "arm64"} {
		img, err := remote.Image(ref, remote.WithPlatform(v1.Platform{OS: "linux", Architecture: arch}))
		if err != nil {
			t.Fatal(err)
		}
		if err := validate.Image(img); err != nil {
			t.Error(err)
		}
		look(t, img, arch)
	}
}

func look(t *testing.T, img v1.Image, arch string) {
	t.Helper()
	config, err := img.ConfigFile()
	if err != nil {
		t.Fatal(err)
	}
	if config.Architecture != arch || config.Config.User != "65532:65532" || !config.Created.Equal(made.created) ||
		config.Config.Labels["org.opencontainers.image.version"] != made.version {
		t.Errorf("%+v", config)
	}
	files := entries(t, img)
	program, ca, state := files["usr/bin/fluxtrail"], files["etc/ssl/certs/ca-certificates.crt"], files["var/lib/fluxtrail/"]
	if program == nil || program.Mode != 0o755 || program.PAXRecords["SCHILY.xattr.security.capability"] != readSearch || len(readSearch) != 20 {
		t.Errorf("program: %+v", program)
	}
	if ca == nil || ca.Size < 100_000 || ca.Mode != 0o644 {
		t.Errorf("certificates: %+v", ca)
	}
	if state == nil || state.Uid != user || state.Mode != 0o700 {
		t.Errorf("state: %+v", state)
	}
}

func entries(t *testing.T, img v1.Image) map[string]*tar.Header {
	t.Helper()
	layers, err := img.Layers()
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]*tar.Header{}
	for _, l := range layers {
		text, err := l.Uncompressed()
		if err != nil {
			t.Fatal(err)
		}
		in := tar.NewReader(text)
		for {
			h, err := in.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			if !h.ModTime.Equal(made.created) {
				t.Errorf("%s is of %v", h.Name, h.ModTime)
			}
			files[h.Name] = h
		}
	}
	return files
}

// TestDockerfile holds the Dockerfile against what this program makes.
func TestDockerfile(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../deploy/Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"\nUSER 65532:65532\n", "\nENTRYPOINT [\"/usr/bin/fluxtrail\"]\n", "\nCMD [\"run\"]\n", "\nEXPOSE 8080\n",
		"setcap cap_dac_read_search=p ", "/etc/ssl/certs/ca-certificates.crt", "FROM scratch\n",
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the Dockerfile has no %q", want)
		}
	}
	for label := range made.labels() {
		if !strings.Contains(string(text), label+"=") {
			t.Errorf("the Dockerfile has no label %s", label)
		}
	}
}
