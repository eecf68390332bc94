package discover

import (
	"io/fs"
	"os"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Statter looks at files without allocating: an idle agent asks for a thousand of them several
// times a second, and the standard library allocates for each path.
type Statter struct {
	buf  unix.Statx_t
	path []byte // as the system takes it, with a zero byte behind
}

// statMask is what a Stat needs.
const statMask = unix.STATX_TYPE | unix.STATX_MODE | unix.STATX_NLINK | unix.STATX_INO | unix.STATX_SIZE |
	unix.STATX_MTIME | unix.STATX_UID

// Path looks at what a path leads to, through symlinks.
func (s *Statter) Path(path string) (Stat, error) {
	s.path = append(append(s.path[:0], path...), 0)
	return s.statx(unix.AT_FDCWD, s.path, 0)
}

// noName is the empty path: the open file itself is meant.
var noName = []byte{0}

// File looks at an open file.
func (s *Statter) File(f *os.File) (Stat, error) {
	return s.statx(int(f.Fd()), noName, unix.AT_EMPTY_PATH)
}

func (s *Statter) statx(dir int, p []byte, flags int) (Stat, error) {
	for {
		_, _, errno := syscall.Syscall6(unix.SYS_STATX, uintptr(dir), uintptr(unsafe.Pointer(&p[0])), uintptr(flags),
			statMask, uintptr(unsafe.Pointer(&s.buf)), 0)
		switch errno {
		case 0:
			return s.stat(), nil
		case syscall.EINTR:
		default:
			return Stat{}, errno
		}
	}
}

func (s *Statter) stat() Stat {
	st := &s.buf
	return Stat{
		Inode: Inode{Dev: unix.Mkdev(st.Dev_major, st.Dev_minor), Ino: st.Ino},
		Size:  int64(st.Size),
		Mtime: st.Mtime.Sec*1e9 + int64(st.Mtime.Nsec),
		Links: uint64(st.Nlink),
		UID:   st.Uid,
		Kind:  kindOf(uint32(st.Mode)),
	}
}

func kindOf(mode uint32) fs.FileMode {
	switch mode & unix.S_IFMT {
	case unix.S_IFREG:
		return 0
	case unix.S_IFDIR:
		return fs.ModeDir
	}
	return fs.ModeIrregular
}
