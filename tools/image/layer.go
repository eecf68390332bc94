package main

import (
	"archive/tar"
	"bytes"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// entry is a file or a directory of a layer.
type entry struct {
	name  string
	mode  int64 // 0644 if 0
	owner int
	dir   bool
	text  []byte

	mayReadAll bool // gives the file CAP_DAC_READ_SEARCH in its permitted set
}

// readSearch is the extended attribute security.capability in the form of VFS_CAP_REVISION_2:
// CAP_DAC_READ_SEARCH, bit 2, permitted and not effective. The program raises it itself.
const readSearch = "\x00\x00\x00\x02\x04\x00\x00\x00" + "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"

// layer has the entries, and the directories above them, all of the same time.
func layer(at time.Time, entries ...entry) (v1.Layer, error) {
	var text bytes.Buffer
	out, made := tar.NewWriter(&text), map[string]bool{}
	for _, e := range entries {
		for _, dir := range above(e.name) {
			if !made[dir] {
				made[dir] = true
				add(out, at, entry{name: dir, mode: 0o755, dir: true})
			}
		}
		add(out, at, e)
	}
	if err := out.Close(); err != nil { // which also reports what add ran into
		return nil, err
	}
	return tarball.LayerFromOpener(func() (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(text.Bytes())), nil
	}, tarball.WithMediaType(types.OCILayer))
}

// above are the directories above a path, the outermost first.
func above(name string) []string {
	var out []string
	for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
		out = append([]string{dir}, out...)
	}
	return out
}

// add leaves errors to Close: a tar.Writer keeps its first one.
func add(out *tar.Writer, at time.Time, e entry) {
	h := &tar.Header{
		Name: e.name, Mode: e.mode, Uid: e.owner, Gid: e.owner, Size: int64(len(e.text)),
		ModTime: at, Typeflag: tar.TypeReg, Format: tar.FormatPAX,
	}
	if h.Mode == 0 {
		h.Mode = 0o644
	}
	if e.dir {
		h.Name, h.Typeflag = strings.TrimSuffix(e.name, "/")+"/", tar.TypeDir
	}
	if e.mayReadAll {
		h.PAXRecords = map[string]string{"SCHILY.xattr.security.capability": readSearch}
	}
	if out.WriteHeader(h) == nil {
		_, _ = out.Write(e.text)
	}
}

// archive writes a directory as a tar whose bytes depend on nothing but the files.
func archive(name, dir string, at time.Time) error {
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	defer file.Close()
	out := tar.NewWriter(file)
	err = filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, p)
		if err != nil {
			return err
		}
		text, err := os.ReadFile(p)
		if err == nil {
			add(out, at, entry{name: filepath.ToSlash(rel), text: text})
		}
		return err
	})
	if err != nil {
		return err
	}
	if err := out.Close(); err != nil {
		return err
	}
	return file.Close()
}
