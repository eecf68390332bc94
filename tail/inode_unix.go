//go:build unix

package tail

import (
	"io/fs"
	"os"
	"syscall"
)

// inode tells files apart whatever their names are.
type inode struct{ dev, ino uint64 }

// inodeOf identifies the file behind a path; false when the system cannot tell.
func inodeOf(path string) (inode, bool) {
	info, err := os.Stat(path)
	if err != nil {
		return inode{}, false
	}
	id, _, ok := inodeFrom(info)
	return id, ok
}

func inodeFrom(info fs.FileInfo) (id inode, links uint64, ok bool) {
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return inode{}, 1, false
	}
	return inode{uint64(st.Dev), uint64(st.Ino)}, uint64(st.Nlink), true //nolint:unconvert // the types differ between systems
}

// OpenLimit is how many files this process may have open, 0 when that is not known.
func OpenLimit() int {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil || limit.Cur > 1<<30 {
		return 0
	}
	return int(limit.Cur)
}

// openFlags keep an open from waiting for the other end of a pipe.
const openFlags = syscall.O_NONBLOCK
