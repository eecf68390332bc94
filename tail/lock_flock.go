//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package tail

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// Lock makes the caller the only owner of a state directory, until it closes the lock or ends, however it ends. It does
// not wait: when somebody else is the owner, the error says who.
func Lock(dir string) (io.Closer, error) {
	path := filepath.Join(dir, "lock")
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock state directory: %w", err)
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		owner, _ := io.ReadAll(io.LimitReader(f, 64))
		err = fmt.Errorf("in use by another process (%s): give each its own", strings.TrimSpace(string(owner)))
	}
	if err != nil {
		_ = f.Close() // nothing was written
		return nil, fmt.Errorf("lock state directory %s: %w", dir, err)
	}
	_ = f.Truncate(0)                                  // the note is for people; the lock holds
	_, _ = fmt.Fprintf(f, "process %d\n", os.Getpid()) // without it too
	return f, nil
}
