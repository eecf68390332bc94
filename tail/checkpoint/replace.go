//go:build !windows

package checkpoint

import (
	"errors"
	"os"
	"path/filepath"

	"github.com/google/renameio/v2"
)

// Replace writes beside the file, syncs and renames, so that the file is never half written. The
// directory is synced too, which renameio leaves out: without it a power loss may undo the rename.
// A new file has this mode, less the umask.
func Replace(path string, mode os.FileMode, write func(*os.File) error) error {
	f, err := renameio.NewPendingFile(path, renameio.WithTempDir(filepath.Dir(path)), renameio.WithPermissions(mode))
	if err != nil {
		return err
	}
	if err = write(f.File); err == nil {
		err = f.CloseAtomicallyReplace()
	}
	if err != nil {
		return errors.Join(err, f.Cleanup()) // a full disk needs the space
	}
	return syncDir(filepath.Dir(path))
}
