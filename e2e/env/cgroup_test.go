package env

import (
	"os"
	"path/filepath"
	"testing"
)

// TestLimitIsTheKernels refuses a control group that nobody enforces: in a file system other than
// the kernel's a directory has none of the files, of version 1 and of version 2 alike, and nothing
// is left behind.
func TestLimitIsTheKernels(t *testing.T) {
	for _, g := range groups {
		root := t.TempDir()
		if group, err := limit(root, g.file, 1<<27); err == nil {
			t.Errorf("%s: %s limits nothing", g.file, group)
		}
		if left, _ := filepath.Glob(filepath.Join(root, "fluxtrail-e2e-*")); len(left) > 0 {
			t.Errorf("%s: left behind %q", g.file, left)
		}
		if _, err := os.Stat(g.root); err == nil {
			group, err := limit(g.root, g.file, 1<<27)
			t.Logf("here, %s of %s: %q %v", g.file, g.root, group, err)
			_ = os.Remove(group) // nothing runs in it
		}
	}
}
