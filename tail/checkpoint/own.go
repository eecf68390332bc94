package checkpoint

import (
	"errors"
	"os"
	"path/filepath"
)

// Own gives a state directory, with what is in it, to a user and the user's group, for them alone.
// A directory that a node makes for a pod is root's, and an agent that is not root could not write
// to it. The only right that this takes is CAP_CHOWN: each directory is taken over before it is
// looked into, and given away last. Links are given away themselves, not what they lead to.
func Own(dir string, user int) error {
	self := os.Geteuid()
	if err := os.Lchown(dir, self, self); err != nil {
		return err
	}
	if err := os.Chmod(dir, 0o700); err != nil {
		return err
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	var all []error
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		if e.IsDir() {
			all = append(all, Own(path, user))
		} else {
			all = append(all, os.Lchown(path, user, user))
		}
	}
	return errors.Join(append(all, os.Lchown(dir, user, user))...)
}
