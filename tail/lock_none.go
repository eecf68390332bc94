//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package tail

import (
	"errors"
	"io"
)

// Lock is not to be had on this system.
func Lock(string) (io.Closer, error) {
	return nil, errors.New("lock state directory: not supported on this system")
}
