//go:build unix

package replay

import (
	"os"
	"syscall"
)

// withDeadlines is a file that blocks as one that has deadlines, until restore is called.
func withDeadlines(f *os.File) (out *os.File, restore func(), err error) {
	fd, err := syscall.Dup(int(f.Fd()))
	if err != nil {
		return nil, nil, err
	}
	if err := syscall.SetNonblock(fd, true); err != nil {
		_ = syscall.Close(fd)
		return nil, nil, err
	}
	out = os.NewFile(uintptr(fd), f.Name())
	return out, func() {
		_ = syscall.SetNonblock(fd, false) // others may read the pipe after us
		_ = out.Close()
	}, nil
}
