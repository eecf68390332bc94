//go:build unix

package cli

import (
	"context"
	"io"
	"os"

	"golang.org/x/sys/unix"
)

// pipe is w where that is a pipe or a socket, whose reader may keep who writes waiting, or nil.
func pipe(w io.Writer) *os.File {
	f, ok := w.(*os.File)
	if !ok {
		return nil
	}
	info, err := f.Stat()
	if err != nil || info.Mode()&(os.ModeNamedPipe|os.ModeSocket) == 0 {
		return nil
	}
	return f
}

// between is how long a pipe is waited for before ctx is looked at, in milliseconds.
const between = 100

// writable waits until a pipe takes something, or ctx is done. The pipe stays one that blocks: what
// else writes to it, as standard error, would not know better.
func writable(ctx context.Context, f *os.File) error {
	raw, err := f.SyscallConn()
	if err != nil {
		return err
	}
	for takes := false; !takes; {
		if err := ctx.Err(); err != nil {
			return err
		}
		err := raw.Control(func(fd uintptr) {
			n, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLOUT}}, between)
			takes = n > 0 || err != nil && err != unix.EINTR // the write tells what is wrong
		})
		if err != nil {
			return err
		}
	}
	return nil
}
