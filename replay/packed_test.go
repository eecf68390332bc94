package replay

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"fluxtrail/api"
)

const aLine = `{"level":"info","ts":"2026-03-04T09:00:0%d.000Z","msg":"Reconciliation finished in 1.2s, next run in 10m0s",` +
	`"controller":"kustomization","controllerGroup":"kustomize.toolkit.fluxcd.io","controllerKind":"Kustomization",` +
	`"Kustomization":{"name":"app%[1]d","namespace":"shop"},"namespace":"shop","name":"app%[1]d","reconcileID":"k%[1]d"}` + "\n"

func tarOf(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for n := range 2 {
		text := fmt.Sprintf(aLine, n)
		name := fmt.Sprintf("pods/flux-system_kustomize-controller-6d4cf56db6-aaaa%d_757f1ebe/manager/0.log", n)
		if err := w.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(text))}); err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(w, text)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func gzipped(b []byte) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, _ = w.Write(b)
	_ = w.Close()
	return out.Bytes()
}

// TestPackedStdin reads archives and compressed logs from standard input, a pipe or a file.
func TestPackedStdin(t *testing.T) {
	t.Parallel()
	plain := []byte(fmt.Sprintf(aLine, 0) + fmt.Sprintf(aLine, 1))
	for name, in := range map[string]struct {
		bytes []byte
		files int
	}{
		"tar": {tarOf(t), 2}, "tar.gz": {gzipped(tarOf(t)), 2}, "log.gz": {gzipped(plain), 1}, "log": {plain, 1},
		"klog": {append([]byte("I1120 10:00:00.000000       1 main.go:1] starting\n"), plain...), 1},
	} {
		path := filepath.Join(t.TempDir(), "in")
		if err := os.WriteFile(path, in.bytes, 0o600); err != nil {
			t.Fatal(err)
		}
		file, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		for kind, stdin := range map[string]io.Reader{"pipe": bytes.NewReader(in.bytes), "file": file} {
			err := Run(t.Context(), Options{Paths: []string{"-"}, Stdin: stdin}, func(_ context.Context, rep *api.Report) error {
				if len(rep.Objects) != 2 || len(rep.Input.Files) != in.files || len(rep.Input.WithoutRecords) > 0 {
					t.Errorf("%s as a %s: %d objects, %+v", name, kind, len(rep.Objects), rep.Input)
				}
				return nil
			})
			if err != nil {
				t.Errorf("%s as a %s: %v", name, kind, err)
			}
		}
	}
}
