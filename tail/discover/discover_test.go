package discover

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	kcDir  = "flux-system_kustomize-controller-6d4cf56db6-x2x20_491d9473-1234-4353-adcb-3b76b9eb79e3/manager"
	kcName = "flux-system/kustomize-controller-6d4cf56db6-x2x20/manager/491d9473-1234-4353-adcb-3b76b9eb79e3"
	kcLink = "kustomize-controller-6d4cf56db6-x2x20_flux-system_manager-" +
		"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef.log"
)

// discoverTests build a tree below a directory that is the working directory during the test. A
// file "a -> b" is a symlink a to b, "a => b" a hard link, one that ends in / a directory; others
// hold their own name.
var discoverTests = []struct {
	name  string
	files []string
	args  []string
	want  []string // "NAME: FILE…", or "error PATH: TEXT"
}{
	{
		name:  "the tree, any part of it, and all of them are the same files",
		files: []string{"pods/" + kcDir + "/0.log", "pods/" + kcDir + "/0.log.20261120-102254"},
		args:  []string{"pods", "pods/" + kcDir, "pods/" + kcDir + "/0.log", filepath.Dir("pods/" + kcDir), "./pods/"},
		want: []string{
			kcName + ": pods/" + kcDir + "/0.log.20261120-102254 pods/" + kcDir + "/0.log",
		},
	},
	{
		name:  "one named file is read alone",
		files: []string{"pods/" + kcDir + "/0.log", "pods/" + kcDir + "/1.log"},
		args:  []string{"pods/" + kcDir + "/1.log"},
		want:  []string{kcName + ": pods/" + kcDir + "/1.log"},
	},
	{
		name: "a legacy symlink stands for its container",
		files: []string{
			"pods/" + kcDir + "/0.log", "pods/" + kcDir + "/0.log.20261120-102254.gz",
			"containers/" + kcLink + " -> ../pods/" + kcDir + "/0.log", "containers/gone.log -> ../pods/none/0.log",
		},
		args: []string{"containers"},
		want: []string{
			kcName + ": DIR/pods/" + kcDir + "/0.log.20261120-102254.gz DIR/pods/" + kcDir + "/0.log",
			"error containers/gone.log: no such file or directory",
		},
	},
	{
		name:  "legacy symlinks and the tree together",
		files: []string{"pods/" + kcDir + "/0.log", "containers/" + kcLink + " -> ../pods/" + kcDir + "/0.log"},
		args:  []string{"containers", "pods"},
		want:  []string{kcName + ": DIR/pods/" + kcDir + "/0.log"},
	},
	{
		name: "docker keeps the files elsewhere",
		files: []string{
			"docker/0123/0123-json.log", "pods/" + kcDir + "/0.log -> ../../../docker/0123/0123-json.log",
			"containers/" + kcLink + " -> ../pods/" + kcDir + "/0.log",
		},
		args: []string{"pods", "containers"},
		want: []string{kcName + ": DIR/pods/" + kcDir + "/0.log"},
	},
	{
		name:  "a copy of the legacy directory",
		files: []string{"containers/" + kcLink},
		args:  []string{"containers"},
		want:  []string{"containers/" + kcLink + ": containers/" + kcLink},
	},
	{
		name:  "copies of one container in two trees are two sources",
		files: []string{"a/" + kcDir + "/0.log", "b/" + kcDir + "/0.log"},
		args:  []string{"b", "a"},
		want:  []string{kcName + ": a/" + kcDir + "/0.log", kcName + "@b/" + kcDir + ": b/" + kcDir + "/0.log"},
	},
	{
		name: "a plain directory: what looks like a log by its name",
		files: []string{
			"d/a.log", "d/b.txt", "d/c.json", "d/c.jsonl", "d/e.gz", "d/f.zst", "d/g.log.1", "d/sub/syslog",
			"d/x.tmp", "d/y.yaml", "d/.hidden.log", "d/.git/HEAD", "d/z.log/", "d/0.log.gz.tmp",
		},
		args: []string{"d"},
		want: []string{
			"d/a.log: d/a.log", "d/b.txt: d/b.txt", "d/c.json: d/c.json", "d/c.jsonl: d/c.jsonl", "d/e.gz: d/e.gz",
			"d/f.zst: d/f.zst", "d/g.log.1: d/g.log.1", "d/sub/syslog: d/sub/syslog",
		},
	},
	{
		name:  "symlinks in circles, hard links, and a symlinked directory",
		files: []string{"d/a.log", "d/loop -> ../d", "d/self.log -> self.log", "d/b.log => d/a.log", "d/c.log -> a.log", "e -> d"},
		args:  []string{"e", "d"},
		want:  []string{"d/a.log: d/a.log", "error d/self.log: too many levels of symbolic links", "error e/self.log: too many levels of symbolic links"},
	},
	{
		name:  "globs, and a name that looks like one",
		files: []string{"a1.log", "a2.log", "b.log", "c[1].log"},
		args:  []string{"a*.log", "a2.log", "c[1].log", "x*.log", "[.log"},
		want: []string{
			"a1.log: a1.log", "a2.log: a2.log", "c[1].log: c[1].log",
			"error [.log: syntax error in pattern", "error x*.log: no file matches",
		},
	},
	{
		name:  "names that a file need not have when it is an argument",
		files: []string{"dump.yaml", "x.tmp"},
		args:  []string{"dump.yaml", "x.tmp", "-"},
		want:  []string{"-: -", "dump.yaml: dump.yaml", "x.tmp: x.tmp"},
	},
	{
		name:  "nothing that can be read there",
		files: []string{"logs/a.log -> gone.log", "more/x/"},
		args:  []string{"logs", "more"},
		want:  []string{"error logs/a.log: no such file or directory", "error more: no log files found"},
	},
	{
		name:  "nothing there",
		files: []string{"empty/", "pods/" + kcDir + "/0.log.gz.tmp"},
		args:  []string{"none.log", "empty", "pods/" + kcDir + "/0.log.gz.tmp"},
		want: []string{
			"error empty: no log files found", "error none.log: no such file or directory",
			"error pods/" + kcDir + "/0.log.gz.tmp: no log files found",
		},
	},
}

func TestFind(t *testing.T) {
	for _, tt := range discoverTests {
		t.Run(tt.name, func(t *testing.T) {
			dir := workDir(t)
			for _, f := range tt.files {
				makeEntry(t, f)
			}
			for range 2 { // and in the other order
				if diff := cmp.Diff(tt.want, summary(dir, tt.args)); diff != "" {
					t.Errorf("Find(%v): -want +got\n%s", tt.args, diff)
				}
				slices.Reverse(tt.args)
			}
		})
	}
}

func makeEntry(t *testing.T, entry string) {
	t.Helper()
	link, target, soft := strings.Cut(entry, " -> ")
	path, other, hard := strings.Cut(link, " => ")
	err := os.MkdirAll(filepath.Dir(path), 0o755)
	switch {
	case err != nil:
	case soft:
		err = os.Symlink(target, path)
	case hard:
		err = os.Link(other, path)
	case strings.HasSuffix(path, "/"):
		err = os.MkdirAll(path, 0o755)
	default:
		err = os.WriteFile(path, []byte(path+"\n"), 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func summary(dir string, args []string) (out []string) {
	sources, errs := Find(args, nil)
	for _, s := range sources {
		line := s.Name + ":"
		for _, f := range s.Files {
			line += " " + strings.Replace(f.Path, dir, "DIR", 1)
		}
		out = append(out, line)
	}
	for _, e := range errs {
		out = append(out, fmt.Sprintf("error %s: %v", strings.Replace(e.Path, dir, "DIR", 1), e.Err))
	}
	return out
}

func TestDiscoverIdentity(t *testing.T) {
	t.Chdir(t.TempDir())
	makeEntry(t, "containers/"+kcLink)
	makeEntry(t, kcDir+"/3.log.20261120-102254.gz")
	got, errs := Find([]string{"containers", kcDir}, nil)
	want := []Source{
		{
			Namespace: "flux-system", Pod: "kustomize-controller-6d4cf56db6-x2x20", Container: "manager",
			Name: "containers/" + kcLink, Files: []File{{Path: "containers/" + kcLink}},
		},
		{
			Namespace: "flux-system", Pod: "kustomize-controller-6d4cf56db6-x2x20", Container: "manager",
			UID: "491d9473-1234-4353-adcb-3b76b9eb79e3", Name: kcName,
			Files: []File{{Path: kcDir + "/3.log.20261120-102254.gz", Restart: 3, Rotated: "20261120-102254", Compression: Gzip}},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" || len(errs) > 0 {
		t.Errorf("errors %v, -want +got:\n%s", errs, diff)
	}
}

// TestDiscoverInsideTree checks that the identity does not depend on how much of the path is
// spelled out.
func TestDiscoverInsideTree(t *testing.T) {
	t.Chdir(t.TempDir())
	makeEntry(t, kcDir+"/0.log")
	t.Chdir(kcDir)
	for _, arg := range []string{".", "0.log", "../manager", "*.log"} {
		got, errs := Find([]string{arg}, nil)
		if len(got) != 1 || got[0].Name != kcName || len(errs) > 0 {
			t.Errorf("%s: %+v %v", arg, got, errs)
		}
	}
}

func TestDiscoverUnreadable(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root may read everything")
	}
	t.Chdir(t.TempDir())
	makeEntry(t, "d/a.log")
	makeEntry(t, "d/secret/b.log")
	if err := os.Chmod("d/secret", 0); err != nil {
		t.Fatal(err)
	}
	got := summary("", []string{"d"})
	want := []string{"d/a.log: d/a.log", "error d/secret: permission denied"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
