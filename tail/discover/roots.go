package discover

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// What an agent may read. It runs with the right to read every log of the node, and whoever can
// place a link in a log directory must not be able to have another file shipped:
//
//   - A file lies, after all links are resolved, below an included directory or one of
//     Config.Roots.
//   - There are two links of the runtimes' own that may leave them: a link to a file in the
//     kubelet's layout (/var/log/containers), whose pod is taken from where it leads to, and a pod
//     log that is a link to ID/ID-json.log (Docker).
//   - A pod log is no link to another pod's log.
//   - A file has no names but those that were found: a hard link would give away a file from
//     elsewhere. Outside the kubelet's layout, where backups are made of hard links, another name
//     is only refused when the file does not belong to the owner of its directory.
//   - It is opened without following any link, so that none can come in between: see Open.

// allowedRoots returns the included directories and the configured ones without symlinks. An
// included pattern stands for the directory that it begins with, also when there is a name like it:
// whoever makes one there does not decide what is allowed.
func (w *Walker) allowedRoots() (roots []string) {
	if w.once {
		return nil
	}
	for _, path := range w.cfg.Include {
		roots = append(roots, w.root(beginning(path)))
	}
	for _, path := range w.cfg.Roots {
		if info, err := os.Lstat(path); err != nil || info.Mode()&fs.ModeSymlink != 0 {
			path = beginning(path)
		}
		roots = append(roots, w.root(path))
	}
	return roots
}

// beginning is the directory that a pattern begins with; a path that is none stays as it is.
func beginning(path string) string {
	if hasMeta(path) {
		path, _ = doublestar.SplitPattern(filepath.ToSlash(filepath.Clean(path)))
	}
	return path
}

// root is a directory, or that of a file, without symlinks.
func (w *Walker) root(path string) string {
	if info, err := os.Stat(path); err == nil && !info.IsDir() {
		path = filepath.Dir(path)
	}
	return w.realDir(filepath.Clean(path))
}

// below reports whether a path without links lies below an allowed directory.
func (w *Walker) below(resolved string) bool {
	return slices.ContainsFunc(w.roots, func(root string) bool {
		return root == string(filepath.Separator) || strings.HasPrefix(resolved, root+string(filepath.Separator))
	})
}

var errOtherPod = errors.New("a link to the log of another pod is not followed")

// outsideError is a file that lies outside the allowed directories.
func outsideError(resolved string) error {
	return fmt.Errorf("leads to %s, which is outside of the directories that may be read", resolved)
}

const rootsHint = "if it is a log, allow its directory with tail.roots"

// mayFollow says why a pod log must not be read at the place that its link leads to.
func (w *Walker) mayFollow(target string) error {
	if _, ok := parsePodPath(target); ok && !w.once {
		return errOtherPod
	}
	if w.once || dockerFile(target) || w.below(target) {
		return nil
	}
	return outsideError(target)
}

// mayRead reports whether a file lies where an agent may read, and keeps the reason when it does
// not.
func (w *Walker) mayRead(it *item) bool {
	if _, ok := parsePodPath(it.Real); ok || w.below(it.Real) || it.src.UID != "" && dockerFile(it.Real) {
		return true
	}
	w.fail(it.Path, outsideError(it.Real), rootsHint)
	return false
}

// mayLink reports whether a file has no names but the ones that were found, or may have them.
func (w *Walker) mayLink(it *item, names uint64) bool {
	if it.Links <= names {
		return true
	}
	dir, err := w.Path(filepath.Dir(it.Real))
	if it.src.UID == "" && err == nil && dir.UID == it.UID {
		return true
	}
	w.fail(it.Path, fmt.Errorf("the file has %d names, of which %d are among the logs", it.Links, names),
		"a hard link may give away a file from elsewhere, so it is not read: copy it instead")
	return false
}
