//go:build unix

package tail

import (
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
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return inode{}, false
	}
	return inode{uint64(st.Dev), uint64(st.Ino)}, true //nolint:unconvert // the types differ between systems
}
