// Package image makes container images without a registry and without a container
// engine: a tar in the layout of `docker save`, which containerd imports.
package image

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"path"
	"slices"
	"strings"
)

// Write writes an image of one layer. Files maps paths in the image to files of
// this machine, which keep their mode. The reference has the form host/name:tag.
func Write(w io.Writer, reference string, files map[string]string, entrypoint ...string) error {
	layer, err := layerOf(files)
	if err != nil {
		return err
	}
	digest := fmt.Sprintf("sha256:%x", sha256.Sum256(layer))
	config, err := json.Marshal(map[string]any{
		"architecture": "amd64", "os": "linux",
		"config": map[string]any{"Entrypoint": entrypoint, "WorkingDir": "/"},
		"rootfs": map[string]any{"type": "layers", "diff_ids": []string{digest}},
	})
	if err != nil {
		return err
	}
	manifest, err := json.Marshal([]map[string]any{
		{"Config": "config.json", "RepoTags": []string{reference}, "Layers": []string{"layer.tar"}},
	})
	if err != nil {
		return err
	}
	out := tar.NewWriter(w)
	add(out, "layer.tar", 0o644, layer)
	add(out, "config.json", 0o644, config)
	add(out, "manifest.json", 0o644, manifest)
	return out.Close()
}

func layerOf(files map[string]string) ([]byte, error) {
	var layer bytes.Buffer
	out := tar.NewWriter(&layer)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		info, err := os.Stat(files[name])
		if err != nil {
			return nil, err
		}
		data, err := os.ReadFile(files[name])
		if err != nil {
			return nil, err
		}
		add(out, strings.TrimPrefix(path.Clean(name), "/"), int64(info.Mode().Perm()), data)
	}
	err := out.Close() // which also reports what add ran into
	return layer.Bytes(), err
}

// add leaves errors to Close: a tar.Writer keeps its first one.
func add(out *tar.Writer, name string, mode int64, data []byte) {
	if out.WriteHeader(&tar.Header{Name: name, Mode: mode, Size: int64(len(data))}) == nil {
		_, _ = out.Write(data)
	}
}
