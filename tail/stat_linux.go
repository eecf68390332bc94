package tail

import (
	"io/fs"
	"os"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// statter looks at files without allocating: an idle agent asks for a thousand of them several times a second. The
// standard library allocates for each path.
type statter struct{ buf unix.Statx_t }

// statMask is what a stamp needs.
const statMask = unix.STATX_TYPE | unix.STATX_MODE | unix.STATX_NLINK | unix.STATX_INO | unix.STATX_SIZE | unix.STATX_MTIME

// path looks at what a path leads to, through symlinks.
func (s *statter) path(p cPath) (stamp, error) { return s.statx(unix.AT_FDCWD, p, 0) }

// noName is the empty path: the open file itself is meant.
var noName = cPath{0}

// file looks at an open file.
func (s *statter) file(f *os.File) (stamp, error) {
	return s.statx(int(f.Fd()), noName, unix.AT_EMPTY_PATH)
}

func (s *statter) statx(dir int, p cPath, flags int) (stamp, error) {
	for {
		_, _, errno := syscall.Syscall6(unix.SYS_STATX, uintptr(dir), uintptr(unsafe.Pointer(&p[0])), uintptr(flags),
			statMask, uintptr(unsafe.Pointer(&s.buf)), 0)
		switch errno {
		case 0:
			return s.stamp(), nil
		case syscall.EINTR:
		default:
			return stamp{}, errno
		}
	}
}

func (s *statter) stamp() stamp {
	st := &s.buf
	return stamp{
		inode: inode{dev: unix.Mkdev(st.Dev_major, st.Dev_minor), ino: st.Ino},
		size:  int64(st.Size),
		mtime: st.Mtime.Sec*1e9 + int64(st.Mtime.Nsec),
		links: uint64(st.Nlink),
		kind:  kindOf(uint32(st.Mode)),
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
