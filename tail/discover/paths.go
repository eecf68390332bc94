package discover

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// maxLinks is how many symlinks are followed before a chain is taken for a loop.
const maxLinks = 40

// resolve follows symlinks one by one until the path is one of the kubelet's, or a real file, or
// nothing. (With Docker the kubelet's own files are links into Docker's directory, whose names do
// not tell the pod.)
func (w *Walker) resolve(path string) (resolved string, pod podFile, ok bool) {
	for range maxLinks {
		resolved = w.realPath(path)
		if pod, ok = parsePodPath(resolved); ok {
			return resolved, pod, true
		}
		target, err := os.Readlink(resolved)
		if err != nil {
			return resolved, podFile{}, false
		}
		if !filepath.IsAbs(target) {
			target = filepath.Join(filepath.Dir(resolved), target)
		}
		path = target
	}
	return resolved, podFile{}, false
}

// realPath returns the absolute path of a file whose directories are no symlinks. The file may be
// one.
func (w *Walker) realPath(path string) string { return in(w.realDir(filepath.Dir(path)), path) }

// in returns the path of a file whose directory is dir: path itself where that is so, which is kept
// only once then.
func in(dir, path string) string {
	base := filepath.Base(path)
	if n := len(dir); len(path) == n+1+len(base) && path[:n] == dir && path[n] == filepath.Separator {
		return path
	}
	return filepath.Join(dir, base)
}

// realDir returns the absolute path of a directory without symlinks. Directories have their parents
// in common, so one system call is enough for most.
func (w *Walker) realDir(dir string) string {
	if resolved, ok := w.resolved[dir]; ok {
		return resolved
	}
	resolved := dir
	info, err := os.Lstat(dir)
	if parent := filepath.Dir(dir); err == nil && info.IsDir() && parent != dir && filepath.IsAbs(dir) {
		resolved = in(w.realDir(parent), dir)
	} else {
		resolved = evalDir(dir)
	}
	w.resolved[dir] = resolved
	return resolved
}

// noLink says that a directory is none, so that it need not be asked for.
func (w *Walker) noLink(dir string) {
	if _, ok := w.resolved[dir]; !ok && filepath.IsAbs(dir) {
		w.resolved[dir] = in(w.realDir(filepath.Dir(dir)), dir)
	}
}

// evalDir resolves a directory the slow way. Links of /proc such as /proc/1/root lead elsewhere
// than their text says, so what comes out has to be the same directory.
func evalDir(dir string) string {
	resolved, err := filepath.EvalSymlinks(dir)
	if err != nil {
		resolved = dir
	}
	if abs, err := filepath.Abs(resolved); err == nil {
		resolved = abs
	}
	before, err1 := os.Stat(dir)
	after, err2 := os.Stat(resolved)
	if err1 == nil && (err2 != nil || !os.SameFile(before, after)) {
		return dir
	}
	return resolved
}

// container adds all logs of a container's directory. pod is one of them.
func (w *Walker) container(dir string, pod podFile) {
	if !w.wanted(pod.source()) {
		return
	}
	for _, e := range w.read(dir) {
		path := e.path
		resolved := w.realPath(path)
		pod, ok := parsePodPath(resolved)
		switch {
		case !ok || w.excluded(path):
		case e.kind.IsRegular():
			w.podLog(path, resolved, pod)
		case e.kind&fs.ModeSymlink != 0:
			w.podLink(path, pod)
		}
	}
}

func (w *Walker) podLog(path, resolved string, pod podFile) { w.add(w.podItem(path, resolved, pod)) }

func (w *Walker) podItem(path, resolved string, pod podFile) item {
	file := File{Path: path, Restart: pod.restart, Rotated: pod.rotated, Compression: pod.compression}
	return item{key: w.realDir(filepath.Dir(path)), src: pod.source(), Found: Found{File: file, Real: resolved, age: pod.age()}}
}

// podLink adds a pod log that is a symlink to where Docker keeps the file, and Docker's rotations
// of it.
func (w *Walker) podLink(path string, pod podFile) {
	target, err := filepath.EvalSymlinks(path)
	if errors.Is(err, fs.ErrNotExist) {
		w.missing(path, err)
		return
	}
	if err == nil {
		err = w.mayFollow(target)
	}
	if err != nil {
		w.badLink(path, err)
		return
	}
	w.podLog(path, target, pod)
	w.rotations(target, func(rotated, age string, c Compression) {
		it := w.podItem(path, rotated, pod)
		it.Path, it.age, it.Compression = rotated, age, c
		w.add(it)
	})
}

// rotations calls add for each file beside path that is a rotation of it.
func (w *Walker) rotations(path string, add func(path, age string, c Compression)) {
	dir := filepath.Dir(path)
	base, _, _ := rotation(filepath.Base(path))
	for _, e := range w.read(dir) {
		b, age, c := rotation(e.name)
		if p := e.path; b == base && p != path && e.kind.IsRegular() && !w.excluded(p) {
			add(p, age, c)
		}
	}
}

// text adds a file outside the kubelet's layout. For an agent the rotations beside it belong to it,
// whether a pattern names them or not; in a replay each file is a log of its own.
func (w *Walker) text(path, resolved string, link bool) {
	name := filepath.Base(path)
	if link {
		if target, err := filepath.EvalSymlinks(path); err == nil {
			resolved = target
		}
	}
	if w.once && w.archive(path, resolved) {
		return
	}
	if _, c := cutCompression(name); w.once || link {
		file := File{Path: path, Compression: c}
		w.add(item{key: path, src: w.dumpSource(path), linked: link, Found: Found{File: file, Real: resolved, age: ageLive}})
		if w.once {
			return
		}
	}
	base, _, _ := rotation(name)
	it := item{key: filepath.Join(filepath.Dir(path), base), linked: link}
	if link {
		it.key = path
	}
	it.src = textSource(it.key)
	rotations := w.rotations
	add := func(rotated, age string, c Compression) {
		if temporary(rotated) || link && age == ageLive {
			return
		}
		it.File, it.Real, it.age = File{Path: rotated, Compression: c}, w.realPath(rotated), age
		w.add(it)
	}
	if link {
		rotations(resolved, add)
		return
	}
	_, age, c := rotation(name)
	add(path, age, c)
	rotations(path, add)
}

// missing waits for a path, or for what a link leads to. In a replay nothing is waited for.
func (w *Walker) missing(path string, err error) {
	if w.once {
		w.badLink(path, err)
		return
	}
	w.watch(path)
	if resolved, _, ok := w.resolve(path); ok || resolved != path {
		w.watch(resolved)
		w.watch(filepath.Dir(resolved))
	}
	if _, err := os.Lstat(path); err == nil {
		w.broken[path] = time.Time{} // a link, not a path that nobody made yet
	}
}

// brokenAfter is how long a link may lead to nothing before that is a problem: containers and their
// links go one after the other.
const brokenAfter = 10 * time.Second

// tellBroken reports the links that have led to nothing for long. before has those of the last
// walk.
func (w *Walker) tellBroken(before map[string]time.Time, now time.Time) {
	for path := range w.broken {
		since := cmp.Or(before[path], now)
		w.broken[path] = since
		if now.Sub(since) < brokenAfter {
			continue
		}
		target, _ := os.Readlink(path)
		w.fail(path, fmt.Errorf("a link to %s, which is not there", target),
			"mount that directory too, at the same path; the log may also be gone")
	}
}

// badLink reports a link that cannot be followed.
func (w *Walker) badLink(path string, err error) {
	hint := ""
	if errors.Is(err, fs.ErrNotExist) {
		hint = "a symlink to nothing: its container is gone, or the target was not copied"
	}
	w.fail(path, err, hint)
}
