package checkpoint

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/gofrs/flock"
)

// Lock makes the caller the only owner of a state directory, until it closes the lock or its process
// ends. It does not wait: when another process is the owner, the error names it.
func Lock(dir string) (io.Closer, error) {
	path := filepath.Join(dir, "lock")
	lock := flock.New(path, flock.SetFlag(os.O_CREATE|os.O_RDWR))
	ok, err := lock.TryLock()
	if err == nil && !ok {
		owner, _ := os.ReadFile(path)
		err = fmt.Errorf("in use by another process (%s): give each its own", strings.TrimSpace(string(owner)))
	}
	if err != nil {
		_ = lock.Close() // nothing was written
		return nil, fmt.Errorf("lock state directory %s: %w", dir, err)
	}
	_ = os.WriteFile(path, fmt.Appendf(nil, "process %d\n", os.Getpid()), 0o600) // only read by people
	return lock, nil
}
