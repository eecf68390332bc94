package discover

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// hasMeta reports whether a path is a pattern.
func hasMeta(path string) bool {
	return strings.ContainsAny(path, "*?[{") || filepath.Separator != '\\' && strings.Contains(path, `\`)
}

// glob expands a pattern. The directories that it looks into are watched. A ** does not go through
// symlinks, which may lead in circles; other elements do.
func (w *Walker) glob(pattern string) ([]string, error) {
	base, rest := doublestar.SplitPattern(filepath.ToSlash(filepath.Clean(pattern)))
	var options []doublestar.GlobOption
	if strings.Contains(rest, "**") {
		options = append(options, doublestar.WithNoFollow())
	}
	matches, err := doublestar.Glob(globFS{w, base}, rest, options...)
	for i, m := range matches {
		matches[i] = filepath.Join(base, m)
	}
	return matches, err
}

// globFS is what doublestar sees of the disk below a directory.
type globFS struct {
	w    *Walker
	base string
}

// Open is part of fs.FS; doublestar opens nothing.
func (g globFS) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
}

// Stat looks at a path and watches it.
func (g globFS) Stat(name string) (fs.FileInfo, error) {
	path := filepath.Join(g.base, name)
	g.w.watch(path)
	return os.Stat(path)
}

// ReadDir lists a directory and watches it.
func (g globFS) ReadDir(name string) ([]fs.DirEntry, error) {
	entries := g.w.read(filepath.Join(g.base, name))
	list := make([]fs.DirEntry, len(entries))
	for i, e := range entries {
		list[i] = e
	}
	return list, nil
}
