package discover

import (
	"os"
	"syscall"
	"testing"
)

// TestOpenStepwise is how files are opened where the system has no call for it.
func TestOpenStepwise(t *testing.T) {
	followsNoLink(t, func(path string) (*os.File, error) {
		fd, err := openStepwise(path, os.O_RDONLY|syscall.O_NOFOLLOW)
		if err != nil {
			return nil, err
		}
		return os.NewFile(uintptr(fd), path), nil
	})
}
