package discover

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// tree looks for logs below one directory.
type tree struct {
	*Walker
	before  int             // errors of what was looked at before
	visited map[string]bool // directories without symlinks, so that links cannot lead in circles
	pods    int             // pod logs, and directories of unwanted pods
	texts   []textFile      // other files
}

// textFile is a file outside the kubelet's layout.
type textFile struct {
	path, resolved string
	link           bool
}

// maxDepth is how deep below an included directory an agent looks for logs. The kubelet's lie two
// levels below its root.
const maxDepth = 8

// directory adds the logs below an argument. Where there are pod logs they alone are meant: the
// other files of a node's /var/log are not Flux's.
func (w *Walker) directory(root string) {
	t := &tree{Walker: w, before: len(w.errs), visited: map[string]bool{}}
	t.dir(root, 0, false)
	t.texts = slices.DeleteFunc(t.texts, func(f textFile) bool { return !looksLikeLog(filepath.Base(f.path)) })
	switch {
	case t.pods == 0:
		t.addTexts(root)
	case w.once && len(t.texts) > 0:
		w.fail(root, fmt.Errorf("files beside the pod logs, left out: %d", len(t.texts)), "name them to have them read")
	}
}

func (t *tree) addTexts(root string) {
	found := len(t.texts)
	if t.once {
		t.texts = slices.DeleteFunc(t.texts, func(f textFile) bool { return t.scratch.stopped() != nil || binary(f.path) })
	}
	for _, f := range t.texts {
		t.text(f.path, f.resolved, f.link)
	}
	if skipped := found - len(t.texts); skipped > 0 {
		t.fail(root, fmt.Errorf("binary files, left out: %d", skipped), "name a file to have it read all the same")
	} else if t.once && found == 0 && len(t.errs) == t.before { // else that says why
		t.fail(root, errNoLogs, "logs are <namespace>_<pod>_<uid>/<container>/<n>.log, or end in .log, .txt, .json, .jsonl, .gz or .zst")
	}
}

// dir adds what a directory holds. One that is plain is no symlink.
func (t *tree) dir(path string, depth int, plain bool) {
	if t.unwanted(path) {
		t.pods++
		return
	}
	if plain {
		t.noLink(path)
	}
	resolved := t.realDir(path)
	if t.visited[resolved] || depth > maxDepth && !t.once || t.scratch.stopped() != nil {
		return
	}
	t.visited[resolved] = true
	if filepath.Base(resolved) != filepath.Base(path) && t.unwanted(resolved) {
		t.pods++
		return
	}
	for _, e := range t.read(path) {
		p := e.path
		if !strings.HasPrefix(e.name, ".") && (e.IsDir() || !temporary(e.name)) && !t.excluded(p) {
			t.entry(p, e.kind, depth)
		}
	}
}

// entry adds what stands in a directory. Pipes, sockets and devices are left out.
func (t *tree) entry(path string, kind fs.FileMode, depth int) {
	switch {
	case kind.IsDir():
		t.dir(path, depth+1, true)
	case kind.IsRegular():
		resolved := t.realPath(path)
		if pod, ok := parsePodPath(resolved); ok {
			t.pods++
			t.podLog(path, resolved, pod)
			return
		}
		if !t.once && !t.below(resolved) {
			t.outside(filepath.Dir(path), filepath.Dir(resolved))
			return
		}
		t.texts = append(t.texts, textFile{path: path, resolved: resolved})
	case kind&fs.ModeSymlink != 0:
		t.symlink(path, depth)
	}
}

// outside reports a directory that a link leads out to, once.
func (t *tree) outside(dir, resolved string) {
	if !slices.ContainsFunc(t.errs, func(e PathError) bool { return e.Path == dir }) {
		t.fail(dir, outsideError(resolved), rootsHint)
	}
}

// symlink adds what a link leads to: the whole container when that is a pod log.
func (t *tree) symlink(path string, depth int) {
	if legacy, ok := parseLegacyName(filepath.Base(path)); ok && !t.wanted(Source{
		Namespace: legacy.namespace, Pod: legacy.pod, Container: legacy.container, Name: path,
	}) {
		t.pods++
		return
	}
	resolved, pod, ok := t.resolve(path)
	if ok {
		t.pods++
		if t.realPath(path) == resolved {
			t.podLink(path, pod)
			return
		}
		t.container(filepath.Dir(resolved), pod)
		return
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		t.missing(path, err)
	case err != nil:
		t.badLink(path, err)
	case info.IsDir():
		t.dir(path, depth+1, false)
	case info.Mode().IsRegular():
		t.texts = append(t.texts, textFile{path: path, resolved: resolved, link: true})
	}
}

// unwanted reports whether path is the directory of a pod that Select refuses. Nothing below it is
// looked at then, which keeps the pods of others free of cost: a directory is read once in its life
// to see that its name does not only look like a pod's.
func (w *Walker) unwanted(path string) bool {
	if w.cfg.Select == nil {
		return false
	}
	namespace, pod, uid, ok := parsePodDir(filepath.Base(path))
	if !ok || w.wanted(Source{Namespace: namespace, Pod: pod, UID: uid}) {
		return false
	}
	if _, known := w.podDirs[path]; !known {
		entries, err := os.ReadDir(path)
		if err != nil || slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.Type().IsRegular() }) {
			return false
		}
		if len(entries) == 0 {
			return true // it is being made, and looked at again
		}
	}
	w.podDirs[path] = w.round
	return true
}
