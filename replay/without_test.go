package replay

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fluxtrail/api"
)

// TestWithoutRecords names the paths that gave nothing, and no other.
func TestWithoutRecords(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	for _, name := range []string{"a.log", "ab.log", "pods/x/0.log"} {
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(filepath.Join(dir, "pods"), "link"); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ paths, files, want []string }{
		{[]string{"."}, []string{"a.log"}, nil},
		{[]string{"./pods/", "a.log"}, []string{"pods/x/0.log"}, []string{"a.log"}},
		{[]string{"a"}, []string{"ab.log"}, []string{"a"}},
		{[]string{"ab*"}, []string{"ab.log"}, nil},
		{[]string{"link", "pods"}, []string{"pods/x/0.log"}, nil},
		{[]string{"link/x/0.log", dir}, []string{filepath.Join(dir, "pods/x/0.log")}, nil},
		{[]string{"-"}, []string{"-"}, nil},
		{[]string{"-"}, []string{"-/archive/pods/0.log"}, nil},
		{[]string{"-", "a.log"}, []string{"a.log"}, []string{"-"}},
		{[]string{"/"}, []string{"/var/log/0.log"}, nil},
	} {
		files := []api.File{{Path: "empty.log"}}
		for _, path := range c.files {
			files = append(files, api.File{Path: path, Records: 1})
		}
		if d := cmp.Diff(c.want, withoutRecords(c.paths, files)); d != "" {
			t.Errorf("%v of %v (-want +got): %s", c.paths, c.files, d)
		}
	}
}
