//go:build !linux

package discover

import (
	"io/fs"
	"os"

	"github.com/cespare/xxhash/v2"
)

// Statter looks at files.
type Statter struct{}

// Path looks at what a path leads to, through symlinks.
func (*Statter) Path(path string) (Stat, error) {
	info, err := os.Stat(path)
	if err != nil {
		return Stat{}, err
	}
	return statOf(info, path), nil
}

// File looks at an open file.
func (*Statter) File(f *os.File) (Stat, error) {
	info, err := f.Stat()
	if err != nil {
		return Stat{}, err
	}
	return statOf(info, f.Name()), nil
}

// statOf takes the path for the file's identity where the system gives none.
func statOf(info fs.FileInfo, path string) Stat {
	s := Stat{Size: info.Size(), Mtime: info.ModTime().UnixNano(), Kind: fs.ModeIrregular}
	if info.Mode().IsRegular() || info.IsDir() {
		s.Kind = info.Mode().Type()
	}
	if !s.setInode(info) {
		s.Inode = Inode{Ino: xxhash.Sum64String(path)}
	}
	return s
}
