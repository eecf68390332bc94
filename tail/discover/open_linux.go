package discover

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// errMoved is a path that leads elsewhere than when it was found.
var errMoved = errors.New("a link came in between")

// Open opens a file by its path without links. It follows none, also none that took the place of a
// directory since the file was found, and does not wait for the writer of a pipe.
func Open(resolved string) (*os.File, error) {
	const flags = unix.O_RDONLY | unix.O_NONBLOCK | unix.O_NOFOLLOW | unix.O_CLOEXEC
	how := unix.OpenHow{Flags: flags, Resolve: unix.RESOLVE_NO_SYMLINKS | unix.RESOLVE_NO_MAGICLINKS}
	for {
		fd, err := unix.Openat2(unix.AT_FDCWD, resolved, &how)
		switch {
		case err == nil:
			return os.NewFile(uintptr(fd), resolved), nil
		case errors.Is(err, unix.EINTR), errors.Is(err, unix.EAGAIN):
		case errors.Is(err, unix.ENOSYS), errors.Is(err, unix.EPERM), errors.Is(err, unix.E2BIG):
			return openAndCheck(resolved, flags) // an old kernel, or a sandbox that does not know the call
		default:
			return nil, &os.PathError{Op: "open", Path: resolved, Err: err}
		}
	}
}

// openAndCheck opens a file and then asks where it is.
func openAndCheck(resolved string, flags int) (*os.File, error) {
	f, err := os.OpenFile(resolved, flags, 0)
	if err != nil {
		return nil, err
	}
	at, err := os.Readlink(fmt.Sprintf("/proc/self/fd/%d", f.Fd()))
	if err == nil && at != resolved {
		return nil, errors.Join(&os.PathError{Op: "open", Path: resolved, Err: errMoved}, f.Close())
	}
	return f, nil
}
