package discover

import (
	"errors"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// Open opens a file by its path without links. It follows none, also none that took the place of a
// directory since the file was found, and does not wait for the writer of a pipe.
func Open(resolved string) (*os.File, error) {
	const flags = unix.O_RDONLY | unix.O_NONBLOCK | unix.O_NOFOLLOW | unix.O_CLOEXEC
	how := unix.OpenHow{Flags: flags, Resolve: unix.RESOLVE_NO_SYMLINKS | unix.RESOLVE_NO_MAGICLINKS}
	for {
		fd, err := unix.Openat2(unix.AT_FDCWD, resolved, &how)
		switch {
		case errors.Is(err, unix.EINTR), errors.Is(err, unix.EAGAIN):
			continue
		case errors.Is(err, unix.ENOSYS), errors.Is(err, unix.EPERM), errors.Is(err, unix.E2BIG):
			fd, err = openStepwise(resolved, flags) // an old kernel, or a sandbox that does not know the call
		}
		if err != nil {
			return nil, &os.PathError{Op: "open", Path: resolved, Err: err}
		}
		return os.NewFile(uintptr(fd), resolved), nil
	}
}

// openStepwise opens one directory after the other, and the file in the last of them. It asks
// nobody where the file is, so that it works without /proc, too.
func openStepwise(resolved string, flags int) (int, error) {
	const step = unix.O_PATH | unix.O_DIRECTORY | unix.O_NOFOLLOW | unix.O_CLOEXEC
	rest, absolute := strings.CutPrefix(resolved, "/")
	at := "."
	if absolute {
		at = "/"
	}
	dir, err := openat(unix.AT_FDCWD, at, step)
	for err == nil {
		name, below, deeper := strings.Cut(rest, "/")
		how := flags
		if deeper {
			how = step
		}
		next, e := openat(dir, name, how)
		_ = unix.Close(dir) // nothing was written
		if dir, rest, err = next, below, e; !deeper {
			return dir, err
		}
	}
	return -1, err
}

func openat(dir int, name string, flags int) (int, error) {
	for {
		if fd, err := unix.Openat(dir, name, flags, 0); !errors.Is(err, unix.EINTR) {
			return fd, err
		}
	}
}
