//go:build unix && !linux

package discover

import (
	"os"
	"syscall"
)

// Open opens a file by its path without links. It does not follow one in the last element, and does
// not wait for the writer of a pipe.
func Open(resolved string) (*os.File, error) {
	return os.OpenFile(resolved, os.O_RDONLY|syscall.O_NONBLOCK|syscall.O_NOFOLLOW, 0)
}
