package discover

import (
	"cmp"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/bmatcuk/doublestar/v4"

	"fluxtrail/tail/access"
)

// Config says what a Walker looks for.
type Config struct {
	// Include names directories, files, links, and patterns (doublestar). None has to exist yet.
	Include []string
	// Exclude are patterns of paths or base names to leave out, with everything below.
	Exclude []string
	// Roots are directories in which files may lie that links lead to, beside the included ones.
	Roots []string
	// Select tells which logs are wanted; nil means all. It is asked for each pod before anything
	// in the pod's directory is looked at: Container may be empty, and UID too. What it accepted
	// stays wanted as long as it is there; about the others it is asked again.
	Select func(Source) bool
	// Watch has the kernel tell of names between two walks, where it does.
	Watch bool
}

// Walker finds log files again and again, and notices what changed in between at the cost of one
// system call per directory. One goroutine at a time may use it.
type Walker struct {
	dirs
	cfg  Config
	once bool // a replay: a path has to be there, and a file that is named is read alone

	told    int      // notices before the last Walk
	scratch *Scratch // where archives are unpacked, nil for not at all

	podDirs  map[string]uint64    // directories of unwanted pods: the last walk that met them
	wants    map[string]uint64    // logs that Select accepted: the last walk that met them
	broken   map[string]time.Time // links to nothing: when they were met first
	resolved map[string]string    // directories without symlinks, in this walk
	roots    []string             // allowed directories without symlinks, in this walk
	found    map[string]item      // files, by path
	written  map[string]bool      // names that logs outside the kubelet's layout are written under
	refused  map[string]Source    // logs that Select refused, by NAMESPACE/POD or Source.Name
	errs     []PathError
}

// item is a file that was found, with the log it belongs to.
type item struct {
	Found
	key    string
	src    Source
	linked bool // reached through a link whose name says nothing about the file
}

// New returns a Walker for an agent: what is not there is waited for. Nothing is looked at before
// the first Walk.
func New(cfg Config) *Walker {
	return &Walker{cfg: cfg, podDirs: map[string]uint64{}, wants: map[string]uint64{}}
}

// Changed reports whether a Walk may find something else than the last one. When all is set, every
// directory is looked at; when seldom is set, most that did not change for a while are passed over.
func (w *Walker) Changed(all, seldom bool) bool {
	for _, src := range w.refused {
		if w.cfg.Select(src) {
			return true
		}
	}
	return w.changed(all, seldom)
}

// Problems are the paths that the last Walk could not use, sorted.
func (w *Walker) Problems() []PathError { return w.errs }

// Refused reports whether the last Walk met the log with this Source.Name and Select refused it.
func (w *Walker) Refused(name string) bool {
	if _, ok := w.refused[name]; ok {
		return true
	}
	key := name
	if parts := strings.Split(name, "/"); len(parts) == 4 {
		key = parts[0] + "/" + parts[1]
	} else if f, ok := parseLegacyName(filepath.Base(name)); ok {
		key = f.namespace + "/" + f.pod
	}
	_, ok := w.refused[key]
	return ok
}

// Walk looks at everything that changed, and returns all logs, sorted. Each file comes once,
// however many names and paths lead to it.
func (w *Walker) Walk(now time.Time) []Log {
	if w.notices == nil && w.cfg.Watch {
		w.notices = newNotices(w.mayBeLog, w.stir)
	}
	w.told = w.notices.news()
	w.begin()
	if w.found == nil {
		w.found, w.resolved = map[string]item{}, map[string]string{}
	}
	w.refused, w.errs = map[string]Source{}, nil
	w.roots = w.allowedRoots()
	missing := map[string]time.Time{}
	w.broken, missing = missing, w.broken
	for _, pattern := range w.cfg.Include {
		w.include(pattern)
	}
	w.end()
	w.noteWritten()
	w.tellBroken(missing, now)
	logs := w.logs()
	clear(w.found)
	clear(w.resolved)
	slices.SortFunc(w.errs, func(a, b PathError) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Error(), b.Error()))
	})
	return logs
}

// Moved reports whether a name changed since the last Walk began, so that what it returned may be
// partly of before and partly of after.
func (w *Walker) Moved() bool { return w.notices.news() != w.told || w.dirs.moved() }

func (w *Walker) end() {
	w.dirs.end()
	old := func(_ string, round uint64) bool { return round != w.round }
	maps.DeleteFunc(w.podDirs, old)
	maps.DeleteFunc(w.wants, old)
}

var (
	errNoLogs  = errors.New("no log files found")
	errNoMatch = errors.New("no file matches")
	errSpecial = errors.New("neither a file nor a directory")
)

func (w *Walker) fail(path string, err error, hint string) {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		err = pe.Err // the path is named already
	}
	if hint == "" && errors.Is(err, fs.ErrPermission) {
		hint = access.Hint()
	}
	w.errs = append(w.errs, PathError{Path: path, Err: err, Hint: hint})
}

// include adds what one argument names. A name with glob characters that exists is a name; for an
// agent it is a pattern, too, because whoever writes such a name must not hide other logs.
func (w *Walker) include(pattern string) {
	if w.once && pattern == "-" {
		w.special(pattern)
		return
	}
	if _, err := os.Lstat(pattern); err == nil || !hasMeta(pattern) {
		w.path(filepath.Clean(pattern))
		if w.once || !hasMeta(pattern) {
			return
		}
	}
	matches, err := w.glob(pattern)
	if err == nil && len(matches) == 0 && w.once {
		err = errNoMatch
	}
	if err != nil {
		w.fail(pattern, err, "check the pattern")
	}
	for _, m := range matches {
		if w.once || !temporary(m) {
			w.path(m)
		}
	}
}

// path adds an existing file, or what a directory holds.
func (w *Walker) path(path string) {
	if w.excluded(path) {
		return
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && w.once:
		w.fail(path, err, "check the path")
	case errors.Is(err, fs.ErrNotExist):
		w.missing(path, err)
	case err != nil:
		w.fail(path, err, "")
	case info.IsDir():
		w.directory(path)
	case info.Mode().IsRegular():
		w.file(path)
	case w.once && info.Mode()&(fs.ModeNamedPipe|fs.ModeCharDevice) != 0:
		w.special(path)
	default:
		w.fail(path, errSpecial, "")
	}
}

// file adds a regular file that an argument names. The agent means the whole log by it.
func (w *Walker) file(path string) {
	resolved, pod, ok := w.resolve(path)
	link := w.realPath(path) != resolved
	switch {
	case ok && link:
		w.container(filepath.Dir(resolved), pod)
	case ok && w.once:
		w.podLog(path, resolved, pod)
	case ok:
		w.container(filepath.Dir(path), pod)
	case w.once && compressing(resolved):
		w.fail(path, errNoLogs, "the kubelet was still compressing this file; its source is read instead")
	default:
		w.text(path, resolved, link)
	}
}

// special adds standard input, a pipe, or a device that an argument names.
func (w *Walker) special(path string) {
	w.found[path] = item{key: path, src: Source{Name: path}, Found: Found{File: File{Path: path}, Real: path, age: ageLive}}
}

// excluded reports whether a path, or its last element, matches a pattern to leave out.
func (w *Walker) excluded(path string) bool {
	return slices.ContainsFunc(w.cfg.Exclude, func(pattern string) bool {
		return doublestar.PathMatchUnvalidated(pattern, path) ||
			doublestar.PathMatchUnvalidated(pattern, filepath.Base(path))
	})
}

// read lists a directory, and keeps the reason when that fails.
func (w *Walker) read(dir string) []entry {
	entries, err := w.list(dir)
	if err != nil && (w.once || !errors.Is(err, fs.ErrNotExist)) {
		w.fail(dir, err, "")
	}
	return entries
}

// add keeps a file that is still there and may be read.
func (w *Walker) add(it item) {
	if have, ok := w.found[it.Path]; ok && (!have.linked || it.linked) {
		return
	}
	if !w.wanted(it.src) {
		return
	}
	st, err := w.Path(it.Real)
	if err == nil && !st.Regular() || err != nil && !w.once {
		return // gone since, or being renamed: its directory changed too
	}
	it.Stat = st
	if !w.once && !w.mayRead(&it) {
		return
	}
	w.found[it.Path] = it
}

// wanted asks Select, once in a walk for each pod, and remembers what it refused.
func (w *Walker) wanted(src Source) bool {
	if w.cfg.Select == nil {
		return true
	}
	key := src.Name
	if src.Pod != "" {
		key = src.Namespace + "/" + src.Pod
	}
	if _, ok := w.refused[key]; ok {
		return false
	}
	if _, ok := w.wants[key]; ok || w.cfg.Select(src) {
		w.wants[key] = w.round
		return true
	}
	w.refused[key] = src
	return false
}

// logs groups the files. Of files with one inode it keeps the one whose own name was met.
func (w *Walker) logs() []Log {
	all := slices.AppendSeq(make([]item, 0, len(w.found)), maps.Values(w.found))
	slices.SortFunc(all, func(a, b item) int {
		return cmp.Or(
			compareBool(a.linked, b.linked), compareBool(a.src.UID == "", b.src.UID == ""),
			cmp.Compare(a.key, b.key), a.Compare(&b.Found))
	})
	all = w.distinct(all)
	slices.SortStableFunc(all, func(a, b item) int { return cmp.Or(cmp.Compare(a.key, b.key), a.Compare(&b.Found)) })
	var logs []Log
	for _, it := range all {
		if len(logs) == 0 || logs[len(logs)-1].Key != it.key {
			logs = append(logs, Log{Key: it.key, Source: it.src})
		}
		l := &logs[len(logs)-1]
		l.Found = append(l.Found, it.Found)
		l.Source.Files = append(l.Source.Files, it.File)
	}
	slices.SortStableFunc(logs, func(a, b Log) int { return compareSources(a.Source, b.Source) })
	return logs
}

// distinct leaves the first file of each inode, and none that has names outside, see mayLink.
func (w *Walker) distinct(all []item) []item {
	names := namesOf(all)
	seen := make(map[Inode]bool, len(all))
	return slices.DeleteFunc(all, func(it item) bool {
		id := it.Inode
		if id == (Inode{}) {
			return false // standard input
		}
		twice := seen[id]
		seen[id] = true
		return twice || !w.once && !w.mayLink(&it, names[id])
	})
}

// namesOf counts the names that were found of each file: a name that links lead to is one, however
// many they are.
func namesOf(all []item) map[Inode]uint64 {
	names, met := make(map[Inode]uint64, len(all)), make(map[string]bool, len(all))
	for i := range all {
		if it := &all[i]; !met[it.Real] {
			met[it.Real] = true
			names[it.Inode]++
		}
	}
	return names
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}
