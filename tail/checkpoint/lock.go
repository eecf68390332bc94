package checkpoint

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/gofrs/flock"

	"fluxtrail/config/bounded"
)

// Dir is a directory of state files. Without Open it is used without being owned.
type Dir struct {
	Path string

	mu   sync.Mutex // guards lock, which every save may take anew
	lock *flock.Flock
}

const lockName = "lock"

// Open makes the directory, if it is not there, and the caller its only owner until Close, or until
// its process ends. It does not wait: when another process is the owner, the error names it.
func Open(path string) (*Dir, error) {
	d := &Dir{Path: path}
	if err := d.take(); err != nil {
		return nil, err
	}
	return d, nil
}

// File returns a file of the directory; nil when d is nil.
func (d *Dir) File(name string) *File {
	if d == nil {
		return nil
	}
	return &File{dir: d, path: filepath.Join(d.Path, name)}
}

// take makes the directory and locks it.
func (d *Dir) take() error {
	if err := os.MkdirAll(d.Path, 0o700); err != nil {
		return err
	}
	path := filepath.Join(d.Path, lockName)
	lock := flock.New(path, flock.SetFlag(os.O_CREATE|os.O_RDWR))
	ok, err := lock.TryLock()
	if err == nil && !ok {
		owner, _ := bounded.Regular(path, maxState)
		err = fmt.Errorf("in use by another process (%s): give each its own", strings.TrimSpace(string(owner)))
	}
	if err != nil {
		return errors.Join(fmt.Errorf("lock state directory %s: %w", d.Path, err), lock.Close())
	}
	_ = os.WriteFile(path, fmt.Appendf(nil, "process %d\n", os.Getpid()), 0o600) // only read by people
	d.lock = lock
	return nil
}

// own takes the directory again when it was removed, or when its lock was: another process may own
// what stands there now.
func (d *Dir) own() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.lock == nil {
		return nil
	}
	there, err := os.Stat(filepath.Join(d.Path, lockName))
	held, heldErr := d.lock.Stat()
	if err == nil && heldErr == nil && os.SameFile(there, held) {
		return nil
	}
	old := d.lock
	if err := d.take(); err != nil {
		return err
	}
	return old.Close()
}

// Close gives the directory up.
func (d *Dir) Close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.lock == nil {
		return nil
	}
	return d.lock.Close()
}
