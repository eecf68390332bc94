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

// scanner finds the log files that a FollowConfig names. What it cannot use becomes a PathError; a path that is not
// there (yet) is none.
type scanner struct {
	dirs
	include, exclude []string

	found map[string]found  // of the scan that goes on, by path
	real  map[string]string // directories without symlinks
	seen  map[string]bool   // directories walked, so that symlinks cannot lead in circles
	texts []found           // other files than pod logs below the directory that is walked
	pods  int               // pod logs below it
	errs  []PathError
}

// maxDepth is how deep below an included directory logs are looked for. The kubelet's lie two levels below its root.
const maxDepth = 8

// scan looks at everything that changed, and gives all files, sorted by Source and age. Each file comes once, however
// many names and paths lead to it.
func (s *scanner) scan() []found {
	s.begin()
	s.found, s.real, s.errs = map[string]found{}, map[string]string{}, nil
	for _, pattern := range s.include {
		root := ""
		if filepath.IsAbs(pattern) {
			root = string(filepath.Separator)
		}
		s.expand(root, strings.Split(strings.Trim(filepath.Clean(pattern), string(filepath.Separator)), string(filepath.Separator)))
	}
	s.end()
	slices.SortFunc(s.errs, func(a, b PathError) int { return cmp.Compare(a.Path, b.Path) })
	return s.once()
}

// expand follows the elements of a pattern one by one.
func (s *scanner) expand(path string, rest []string) {
	if len(rest) == 0 {
		s.argument(path)
		return
	}
	if !strings.ContainsAny(rest[0], `*?[\`) {
		s.expand(filepath.Join(path, rest[0]), rest[1:])
		return
	}
	for _, e := range s.read(cmp.Or(path, ".")) {
		if ok, _ := filepath.Match(rest[0], e.name); (ok && !temporary(e.name)) || e.name == rest[0] {
			s.expand(filepath.Join(path, e.name), rest[1:])
		}
	}
}

// temporary reports whether a name is that of a file somebody is about to finish and rename.
func temporary(name string) bool { return strings.HasSuffix(name, ".tmp") }

// read lists a directory, and keeps the reason when that fails.
func (s *scanner) read(dir string) []entry {
	entries, err := s.list(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		s.fail(dir, err)
	}
	return entries
}

func (s *scanner) fail(path string, err error) {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		err = pe.Err // the path is named already
	}
	hint := ""
	if errors.Is(err, fs.ErrPermission) {
		hint = "pod logs belong to root: run as root or with CAP_DAC_READ_SEARCH"
	}
	s.errs = append(s.errs, PathError{Path: path, Err: err, Hint: hint})
}

// argument adds what an included path leads to.
func (s *scanner) argument(path string) {
	if s.excluded(path) {
		return
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		s.missing(path)
	case err != nil:
		s.fail(path, err)
	case info.IsDir():
		s.directory(path)
	case info.Mode().IsRegular():
		s.file(path)
	default:
		s.fail(path, errSpecial)
	}
}

// file adds an included file, with all that belong to the same log.
func (s *scanner) file(path string) {
	if _, ok := parsePodPath(path); ok {
		s.container(filepath.Dir(path))
		return
	}
	s.texts = nil
	kind := s.kind(path)
	if kind == fs.ModeIrregular {
		s.missing(path) // renamed a moment ago
	}
	s.entry(path, kind, 0)
	s.adopt(s.texts)
}

// directory adds the logs below a directory. Where there are pod logs they alone are meant.
func (s *scanner) directory(path string) {
	s.seen, s.pods, s.texts = map[string]bool{}, 0, nil
	s.walk(path, 0)
	if s.pods == 0 {
		s.adopt(slices.DeleteFunc(s.texts, func(f found) bool { return !looksLikeLog(filepath.Base(f.file.Path)) }))
	}
	s.texts = nil
}

func (s *scanner) walk(path string, depth int) {
	real := s.realDir(path)
	if s.seen[real] || depth > maxDepth {
		return
	}
	s.seen[real] = true
	for _, e := range s.read(path) {
		if p := filepath.Join(path, e.name); !strings.HasPrefix(e.name, ".") && !temporary(e.name) && !s.excluded(p) {
			s.entry(p, e.kind, depth)
		}
	}
}

// entry adds what stands in a directory. Pipes, sockets and devices are none of ours.
func (s *scanner) entry(path string, kind fs.FileMode, depth int) {
	switch {
	case kind.IsDir():
		s.walk(path, depth+1)
	case kind.IsRegular():
		s.regular(path)
	case kind&fs.ModeSymlink != 0:
		s.symlink(path, depth)
	}
}

func (s *scanner) regular(path string) {
	if pod, ok := parsePodPath(path); ok {
		s.pods++
		s.pod(path, pod)
		return
	}
	base, age, c := family(filepath.Base(path))
	s.text(path, filepath.Join(filepath.Dir(path), base), age, c, false)
}

// container adds all logs of a container directory.
func (s *scanner) container(dir string) {
	for _, e := range s.read(dir) {
		path := filepath.Join(dir, e.name)
		pod, ok := parsePodPath(path)
		switch {
		case !ok || s.excluded(path):
		case e.kind.IsRegular():
			s.pod(path, pod)
		case e.kind&fs.ModeSymlink != 0:
			s.linkedPod(path, pod)
		}
	}
}

func (s *scanner) pod(path string, pod podFile) { s.add(s.podFound(path, pod)) }

func (s *scanner) podFound(path string, pod podFile) found {
	file := File{Path: path, Restart: pod.restart, Rotated: pod.rotated, Compression: pod.compression}
	return found{key: s.realDir(filepath.Dir(path)), src: *pod.source(), file: file, age: podAge(pod)}
}

// text keeps a file outside the kubelet's layout for adopt.
func (s *scanner) text(path, key, age string, c Compression, linked bool) {
	src := single(key)
	src.Files = nil
	s.texts = append(s.texts, found{
		key: key, src: src, file: File{Path: path, Compression: c}, age: age, linked: linked,
	})
}

// adopt adds files outside the kubelet's layout, and their rotations, whether a pattern names those or not.
func (s *scanner) adopt(texts []found) {
	for _, f := range texts {
		s.add(f)
		if !f.linked {
			s.family(f)
		}
	}
}

func (s *scanner) family(f found) {
	dir := filepath.Dir(f.file.Path)
	for _, e := range s.read(dir) {
		path := filepath.Join(dir, e.name)
		base, age, c := family(e.name)
		if filepath.Join(dir, base) != f.key || !e.kind.IsRegular() || s.excluded(path) {
			continue
		}
		g := f
		g.file.Path, g.file.Compression, g.age = path, c, age
		s.add(g)
	}
}

// add keeps a file that is still there.
func (s *scanner) add(f found) {
	if have, ok := s.found[f.file.Path]; ok && (!have.linked || f.linked) {
		return
	}
	st, err := s.path(newCPath(f.file.Path))
	if err != nil || !st.regular() {
		return // gone since, or being renamed: its directory changed too
	}
	f.stamp = st
	s.found[f.file.Path] = f
}

// once sorts the files and leaves one of each inode: the one whose own name was met.
func (s *scanner) once() []found {
	all := slices.SortedFunc(maps.Values(s.found), func(f, g found) int {
		return cmp.Or(compareBool(f.linked, g.linked), cmp.Compare(f.key, g.key), f.compare(&g))
	})
	seen := make(map[inode]bool, len(all))
	all = slices.DeleteFunc(all, func(f found) bool {
		twice := seen[f.stamp.inode]
		seen[f.stamp.inode] = true
		return twice
	})
	slices.SortStableFunc(all, func(f, g found) int { return cmp.Or(cmp.Compare(f.key, g.key), f.compare(&g)) })
	return all
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

// excluded reports whether a path, or its last element, matches a pattern to leave out.
func (s *scanner) excluded(path string) bool {
	return slices.ContainsFunc(s.exclude, func(pattern string) bool {
		whole, _ := filepath.Match(pattern, path)
		base, _ := filepath.Match(pattern, filepath.Base(path))
		return whole || base
	})
}
