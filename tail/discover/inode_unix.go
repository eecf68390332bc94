//go:build unix && !linux

package discover

import (
	"io/fs"
	"syscall"
)

// setInode sets what only the system knows.
func (s *Stat) setInode(info fs.FileInfo) bool {
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		s.Links = 1
		return false
	}
	s.Inode, s.Links, s.UID = Inode{uint64(st.Dev), uint64(st.Ino)}, uint64(st.Nlink), st.Uid
	return true
}
