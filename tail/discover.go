package tail

import (
	"cmp"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

var (
	errNoLogs  = errors.New("no log files found")
	errNoMatch = errors.New("no file matches")
	errSpecial = errors.New("neither a file nor a directory")
)

// finder collects log files, each once.
type finder struct {
	errs     []PathError
	pods     map[string]podFile // kubelet logs by resolved path
	others   map[string]string  // other files: how they are shown, by resolved path
	shown    map[string]string  // how a container directory is shown, by resolved path
	resolved map[string]string  // directories resolved so far
}

// Discover turns paths into Sources: a tree in the kubelet's layout or any part of it, symlinks as in
// /var/log/containers (which stand for all logs of their container), other directories (every text file in them that
// looks like a log by its name), globs, single files, and "-" for standard input.
//
// The result depends on what the paths reach, not on their order, and holds each file once however it was reached.
// What cannot be used comes back as PathErrors beside the rest. Discover reads directories, and the first bytes of
// files that only their name makes a log.
func Discover(paths []string) ([]Source, []PathError) {
	f := &finder{
		pods: map[string]podFile{}, others: map[string]string{},
		shown: map[string]string{}, resolved: map[string]string{},
	}
	paths = slices.Clone(paths)
	slices.Sort(paths)
	for _, p := range slices.Compact(paths) {
		f.argument(p)
	}
	slices.SortFunc(f.errs, func(a, b PathError) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Error(), b.Error()))
	})
	return f.sources(), slices.Compact(f.errs)
}

func (f *finder) fail(path string, err error, hint string) {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		err = pe.Err // the path is named already
	}
	if hint == "" && errors.Is(err, fs.ErrPermission) {
		hint = "pod logs belong to root: run as root, or copy them first"
	}
	f.errs = append(f.errs, PathError{Path: path, Err: err, Hint: hint})
}

// argument adds what one argument names. A name with glob characters that exists is a name.
func (f *finder) argument(path string) {
	if path == "-" {
		f.others[path] = path
		return
	}
	if _, err := os.Lstat(path); err == nil || !strings.ContainsAny(path, "*?[") {
		f.path(path)
		return
	}
	matches, err := filepath.Glob(path)
	if err == nil && len(matches) == 0 {
		err = errNoMatch
	}
	if err != nil {
		f.fail(path, err, "check the pattern; ** is not supported, name the directory instead")
	}
	for _, m := range matches {
		f.path(m)
	}
}

// path adds an existing file, or what a directory holds.
func (f *finder) path(path string) {
	path = filepath.Clean(path)
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		f.fail(path, err, "check the path")
	case err != nil:
		f.fail(path, err, "")
	case info.IsDir():
		f.directory(path)
	case info.Mode().IsRegular():
		f.file(path)
	case info.Mode()&(fs.ModeNamedPipe|fs.ModeCharDevice) != 0:
		f.others[path] = path
	default:
		f.fail(path, errSpecial, "")
	}
}

// file adds a regular file that an argument names.
func (f *finder) file(path string) {
	real, pod, ok := f.resolve(path)
	switch {
	case ok && f.isLink(path, real):
		f.container(filepath.Dir(real))
	case ok:
		f.pod(real, path, pod)
	case compressing(real):
		f.fail(path, errNoLogs, "the kubelet was still compressing this file; its source is read instead")
	default:
		f.other(real, path)
	}
}

// compressing reports whether path is the half-written output of the kubelet's compression.
func compressing(path string) bool {
	name, ok := strings.CutSuffix(path, ".tmp")
	_, pod := parsePodPath(name)
	return ok && pod
}

// isLink reports whether path is a symlink that led to the pod file real.
func (f *finder) isLink(path, real string) bool {
	return filepath.Join(f.realDir(filepath.Dir(path)), filepath.Base(path)) != real
}

func (f *finder) pod(real, path string, pod podFile) {
	f.pods[real] = pod
	dir, shown := filepath.Dir(real), filepath.Dir(path)
	if have, ok := f.shown[dir]; !ok || shown < have {
		f.shown[dir] = shown
	}
}

func (f *finder) other(real, path string) {
	if have, ok := f.others[real]; !ok || path < have {
		f.others[real] = path
	}
}

// container adds all logs of a container directory.
func (f *finder) container(dir string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		f.fail(dir, err, "")
	}
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		if pod, ok := parsePodPath(path); ok && !e.IsDir() {
			f.pod(path, path, pod)
		}
	}
}

// maxLinks is how many symlinks are followed before a chain is taken for a loop.
const maxLinks = 40

// resolve follows symlinks one by one until the path is one of the kubelet's, or a real file. (With Docker the
// kubelet's own files are symlinks into Docker's directory, whose names tell nothing.)
func (f *finder) resolve(path string) (real string, pod podFile, ok bool) {
	for range maxLinks {
		real = filepath.Join(f.realDir(filepath.Dir(path)), filepath.Base(path))
		if pod, ok = parsePodPath(real); ok {
			return real, pod, true
		}
		target, err := os.Readlink(real)
		if err != nil {
			return real, podFile{}, false
		}
		if !filepath.IsAbs(target) {
			target = filepath.Join(filepath.Dir(real), target)
		}
		path = target
	}
	return real, podFile{}, false
}

// realDir gives the absolute path of a directory without symlinks.
func (f *finder) realDir(dir string) string {
	if real, ok := f.resolved[dir]; ok {
		return real
	}
	real, err := filepath.EvalSymlinks(dir)
	if err != nil {
		real = dir
	}
	if abs, err := filepath.Abs(real); err == nil {
		real = abs
	}
	f.resolved[dir] = real
	return real
}

// sources groups the files: pod logs by container directory, every other file alone.
func (f *finder) sources() []Source {
	seen := map[inode]bool{}
	byDir := map[string]*Source{}
	for _, real := range slices.Sorted(maps.Keys(f.pods)) {
		if linked(real, seen) {
			continue
		}
		dir, pod := filepath.Dir(real), f.pods[real]
		if byDir[dir] == nil {
			byDir[dir] = pod.source()
		}
		path := filepath.Join(f.shown[dir], filepath.Base(real))
		file := File{Path: path, Restart: pod.restart, Rotated: pod.rotated, Compression: pod.compression}
		byDir[dir].Files = append(byDir[dir].Files, file)
	}
	var sources []Source
	for _, s := range byDir {
		sortFiles(s.Files)
		s.Files = dropCompressedTwins(s.Files)
		sources = append(sources, *s)
	}
	for _, real := range slices.Sorted(maps.Keys(f.others)) {
		if !linked(real, seen) {
			sources = append(sources, single(f.others[real]))
		}
	}
	return unique(sources)
}

// linked reports whether another name of the same file was seen, and remembers this one.
func linked(path string, seen map[inode]bool) bool {
	id, ok := inodeOf(path)
	if !ok || seen[id] {
		return ok
	}
	seen[id] = true
	return false
}

// source is the still empty Source of a container.
func (f podFile) source() *Source {
	return &Source{
		Namespace: f.namespace, Pod: f.pod, UID: f.uid, Container: f.container,
		Name: strings.Join([]string{f.namespace, f.pod, f.container, f.uid}, "/"),
	}
}

// single is the Source of a file outside the kubelet's layout.
func single(path string) Source {
	_, compression := cutCompression(path)
	legacy, _ := parseLegacyName(filepath.Base(path))
	return Source{
		Namespace: legacy.namespace, Pod: legacy.pod, Container: legacy.container,
		Name: path, Files: []File{{Path: path, Compression: compression}},
	}
}

// unique sorts the Sources and tells copies of one container, in different trees, apart.
func unique(sources []Source) []Source {
	byName := func(a, b Source) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Files[0].Path, b.Files[0].Path))
	}
	slices.SortFunc(sources, byName)
	seen := map[string]bool{}
	for i := range sources {
		s := &sources[i]
		if seen[s.Name] {
			s.Name += "@" + filepath.Dir(s.Files[0].Path)
		}
		seen[s.Name] = true
	}
	slices.SortFunc(sources, byName)
	return sources
}
