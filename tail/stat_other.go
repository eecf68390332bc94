//go:build !linux

package tail

import (
	"io/fs"
	"os"
)

// statter looks at files.
type statter struct{}

// path looks at what a path leads to, through symlinks.
func (*statter) path(p cPath) (stamp, error) {
	info, err := os.Stat(p.String())
	if err != nil {
		return stamp{}, err
	}
	return stampOf(info, p.String()), nil
}

// file looks at an open file.
func (*statter) file(f *os.File) (stamp, error) {
	info, err := f.Stat()
	if err != nil {
		return stamp{}, err
	}
	return stampOf(info, f.Name()), nil
}

// stampOf takes the path for the file's identity where the system gives none.
func stampOf(info fs.FileInfo, path string) stamp {
	s := stamp{size: info.Size(), mtime: info.ModTime().UnixNano(), kind: info.Mode().Type()}
	var ok bool
	if s.inode, s.links, ok = inodeFrom(info); !ok {
		s.inode = inode{ino: hashOf([]byte(path)).Sum}
	}
	return s
}
