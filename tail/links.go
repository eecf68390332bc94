package tail

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// symlink adds what a symlink leads to: the whole container when that is a pod log.
func (s *scanner) symlink(path string, depth int) {
	real, pod, ok := s.resolve(path)
	if ok && filepath.Base(real) == filepath.Base(path) && s.realDir(filepath.Dir(path)) == filepath.Dir(real) {
		s.pods++
		s.linkedPod(path, pod)
		return
	}
	if ok {
		s.pods++
		s.container(filepath.Dir(real))
		return
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		s.watch(real)
	case err != nil:
		s.fail(path, err)
	case info.IsDir():
		s.walk(path, depth+1)
	case info.Mode().IsRegular():
		s.read(filepath.Dir(real)) // so that a rotation there is seen
		s.text(path, path, ageLive, None, true)
		s.siblings(real, path)
	}
}

// linkedPod adds a pod log that is a symlink to where Docker keeps the file, and Docker's rotations of it.
func (s *scanner) linkedPod(path string, pod podFile) {
	if _, err := os.Stat(path); err != nil {
		s.missing(path)
		return
	}
	s.pod(path, pod)
	target, err := filepath.EvalSymlinks(path)
	if err != nil {
		s.fail(path, err)
		return
	}
	base, _, _ := family(filepath.Base(target))
	for _, e := range s.read(filepath.Dir(target)) {
		b, age, c := family(e.name)
		if b != base || age == ageLive || !e.kind.IsRegular() {
			continue
		}
		f := s.podFound(path, pod)
		f.file.Path, f.age, f.file.Compression = filepath.Join(filepath.Dir(target), e.name), age, c
		s.add(f)
	}
}

// siblings adds the rotations of the file real to the Source named key.
func (s *scanner) siblings(real, key string) {
	base, _, _ := family(filepath.Base(real))
	for _, e := range s.read(filepath.Dir(real)) {
		b, age, c := family(e.name)
		if b == base && age != ageLive && e.kind.IsRegular() && !temporary(e.name) {
			s.text(filepath.Join(filepath.Dir(real), e.name), key, age, c, true)
		}
	}
}

// missing waits for a path, or for what a symlink leads to.
func (s *scanner) missing(path string) {
	s.watch(path)
	if real, _, ok := s.resolve(path); ok || real != path {
		s.watch(real)
	}
}

func (s *scanner) kind(path string) fs.FileMode {
	info, err := os.Lstat(path)
	if err != nil {
		return fs.ModeIrregular
	}
	return info.Mode().Type()
}

// resolve follows symlinks one by one until the path is one of the kubelet's, or a real file, or nothing.
func (s *scanner) resolve(path string) (real string, pod podFile, ok bool) {
	f := finder{resolved: s.real}
	return f.resolve(path)
}

// realDir gives the absolute path of a directory without symlinks. Directories have their parents in common, so one
// system call is enough for most.
func (s *scanner) realDir(dir string) string {
	if real, ok := s.real[dir]; ok {
		return real
	}
	parent, real := filepath.Dir(dir), ""
	info, err := os.Lstat(dir)
	if plain := err == nil && info.IsDir(); plain && parent != dir && filepath.IsAbs(dir) {
		real = filepath.Join(s.realDir(parent), filepath.Base(dir))
		s.real[dir] = real
		return real
	}
	f := finder{resolved: s.real}
	return f.realDir(dir)
}
