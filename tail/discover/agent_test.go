package discover

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const (
	webDir   = "flux-system_web-6d4cf56db6-x2x20_491d9473/manager"
	otherDir = "apps_other-6d4cf56db6-x2x21_591d9473/app"
	dockerID = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
)

// walkTests are what an agent finds below a directory. Files are as in discoverTests; all paths are
// relative to the directory, and include is what the configuration names.
var walkTests = []struct {
	name                           string
	files                          []string
	include, exclude, roots, wants []string // wants are the pods that Select accepts; nil for all
	want                           []string // "NAME: FILE…", or "error PATH: TEXT"
}{
	{
		name:    "a file that is not there may come",
		include: []string{"none.log", "none/*.log", "none/**/x.log"},
	},
	{
		name:    "a file stands for its rotations, a pod's log for its container",
		files:   []string{"a.log", "a.log.1", "a.log.2.gz", "b.log", "pods/" + webDir + "/0.log", "pods/" + webDir + "/1.log"},
		include: []string{"a.log", "pods/" + webDir + "/1.log"},
		want:    []string{"a.log: a.log.2.gz a.log.1 a.log", "web: pods/" + webDir + "/0.log pods/" + webDir + "/1.log"},
	},
	{
		name:    "any number of directories, alternatives, and a name that looks like a pattern",
		files:   []string{"d/a.log", "d/e/f/a.log", "d/e/b.txt", "d/e/c.log", "d/e/c.log.tmp", "x[1].log"},
		include: []string{"d/**/{a,b}.*", "d/e/c*", "x[1].log"},
		want: []string{
			"d/a.log: d/a.log", "d/e/b.txt: d/e/b.txt", "d/e/c.log: d/e/c.log", "d/e/f/a.log: d/e/f/a.log", "x[1].log: x[1].log",
		},
	},
	{
		name:    "any number of directories does not follow links in circles",
		files:   []string{"d/a.log", "d/loop -> ../d", "d/e/loop2 -> ../../d"},
		include: []string{"d/**/*.log"},
		want:    []string{"d/a.log: d/a.log"},
	},
	{
		name:    "excluded by path, by name, and by any number of directories",
		files:   []string{"d/a.log", "d/b.log", "d/e/c.log", "d/e/f/d.log", "d/g/e.log"},
		include: []string{"d"},
		exclude: []string{"DIR/d/b.log", "**/f", "g"},
		want:    []string{"d/a.log: d/a.log", "d/e/c.log: d/e/c.log"},
	},
	{
		name: "the links of the runtimes are followed, wherever they lead",
		files: []string{
			"docker/" + dockerID + "/" + dockerID + "-json.log", "docker/" + dockerID + "/" + dockerID + "-json.log.1",
			"pods/" + webDir + "/0.log -> ../../../docker/" + dockerID + "/" + dockerID + "-json.log",
			"node/pods/" + otherDir + "/0.log", "containers/x.log -> ../node/pods/" + otherDir + "/0.log",
		},
		include: []string{"pods", "containers"},
		want: []string{
			"other: node/pods/" + otherDir + "/0.log",
			"web: docker/" + dockerID + "/" + dockerID + "-json.log.1 pods/" + webDir + "/0.log",
		},
	},
	{
		name: "nothing outside is read",
		files: []string{
			"secret/shadow", "secret/shadow.1", "secret/0.log", "secret/t.log",
			"pods/" + webDir + "/0.log -> ../../../secret/shadow", "pods/" + webDir + "/1.log",
			"pods/" + otherDir + " -> ../../secret", "texts/a.log -> ../secret/t.log", "texts/d -> ../secret",
		},
		include: []string{"pods", "texts"},
		want: []string{
			"web: pods/" + webDir + "/1.log",
			"error pods/" + otherDir + ": leads to DIR/secret, which is outside of the directories that may be read",
			"error pods/" + webDir + "/0.log: leads to DIR/secret/shadow, which is outside of the directories that may be read",
			"error texts/a.log: leads to DIR/secret/t.log, which is outside of the directories that may be read",
			"error texts/d: leads to DIR/secret, which is outside of the directories that may be read",
		},
	},
	{
		name:    "what the configuration allows is read",
		files:   []string{"data/0/0.log", "pods/" + webDir + "/0.log -> ../../../data/0/0.log", "texts/a.log -> ../data/t.log", "data/t.log"},
		include: []string{"pods", "texts"},
		roots:   []string{"data"},
		want:    []string{"texts/a.log: texts/a.log", "web: pods/" + webDir + "/0.log"},
	},
	{
		name:    "a pod does not speak with the log of another",
		files:   []string{"pods/" + otherDir + "/0.log", "pods/" + webDir + "/0.log -> ../../" + otherDir + "/0.log"},
		include: []string{"pods"},
		want: []string{
			"other: pods/" + otherDir + "/0.log",
			"error pods/" + webDir + "/0.log: a link to the log of another pod is not followed",
		},
	},
	{
		name: "hard links",
		files: []string{
			"secret/a", "pods/" + webDir + "/0.log => secret/a", "pods/" + webDir + "/1.log", "pods/" + webDir + "/1.log.20261120-100000 => pods/" + webDir + "/1.log",
			"texts/a.log", "backup/a.log => texts/a.log",
		},
		include: []string{"pods", "texts"},
		want: []string{
			"texts/a.log: texts/a.log", "web: pods/" + webDir + "/1.log.20261120-100000",
			"error pods/" + webDir + "/0.log: the file has 2 names, of which 1 are among the logs",
		},
	},
	{
		name: "a name that several links lead to is one name",
		files: []string{
			"secret/a", "docker/" + dockerID + "/" + dockerID + "-json.log => secret/a",
			"pods/" + webDir + "/0.log -> ../../../docker/" + dockerID + "/" + dockerID + "-json.log",
			"pods/" + webDir + "/1.log -> ../../../docker/" + dockerID + "/" + dockerID + "-json.log",
		},
		include: []string{"pods"},
		want:    []string{"error pods/" + webDir + "/0.log: the file has 2 names, of which 1 are among the logs"},
	},
	{
		name: "whoever makes a name like a pattern decides neither what may be read nor what is",
		files: []string{
			"secret/shadow", "secret/etc/t.log", "texts/*.log -> ../secret", "texts/a.log", "more/b[12].log", "more/b1.log",
			"roots/* -> ../secret", "more/c1.log -> ../secret/shadow",
		},
		include: []string{"texts/*.log", "more/b[12].log", "more/c*.log"},
		roots:   []string{"roots/*"},
		want: []string{
			"more/b1.log: more/b1.log", "more/b[12].log: more/b[12].log", "texts/a.log: texts/a.log",
			"error more/c1.log: leads to DIR/secret/shadow, which is outside of the directories that may be read",
			"error texts/*.log: leads to DIR/secret, which is outside of the directories that may be read",
			"error texts/*.log/etc: leads to DIR/secret/etc, which is outside of the directories that may be read",
		},
	},
	{
		name: "only the pods that are wanted are looked at",
		files: []string{
			"pods/" + webDir + "/0.log", "pods/" + otherDir + "/0.log", "not_a_pod/a.log", "not_a_pod/x/b.log",
			"containers/web-6d4cf56db6-x2x20_flux-system_manager-" + dockerID + ".log -> ../pods/" + webDir + "/0.log",
			"containers/other-6d4cf56db6-x2x21_apps_app-" + dockerID + ".log -> ../pods/" + otherDir + "/0.log",
		},
		include: []string{"pods", "containers", "not_a_pod"},
		wants:   []string{"web-6d4cf56db6-x2x20"},
		want:    []string{"not_a_pod/a.log: not_a_pod/a.log", "not_a_pod/x/b.log: not_a_pod/x/b.log", "web: pods/" + webDir + "/0.log"},
	},
}

func TestWalk(t *testing.T) {
	for _, tt := range walkTests {
		t.Run(tt.name, func(t *testing.T) {
			dir := workDir(t)
			for _, f := range tt.files {
				makeEntry(t, f)
			}
			abs := func(paths []string) []string {
				out := slices.Clone(paths)
				for i := range out {
					out[i] = filepath.Join(dir, out[i])
				}
				return out
			}
			cfg := Config{Include: abs(tt.include), Roots: abs(tt.roots)}
			for _, p := range tt.exclude {
				cfg.Exclude = append(cfg.Exclude, strings.Replace(p, "DIR", dir, 1))
			}
			if tt.wants != nil {
				cfg.Select = func(src Source) bool { return src.Pod == "" || slices.Contains(tt.wants, src.Pod) }
			}
			w := New(cfg)
			for range 2 {
				if diff := cmp.Diff(tt.want, walked(w, dir, time.Unix(1, 0))); diff != "" {
					t.Errorf("-want +got\n%s", diff)
				}
			}
		})
	}
}

// workDir makes an empty directory the working directory, and returns its path without links.
func workDir(t *testing.T) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	return dir
}

// walked describes what a walk finds, with paths relative to dir and pods by the first word of
// their names.
func walked(w *Walker, dir string, now time.Time) (out []string) {
	short := func(path string) string { return strings.TrimPrefix(path, dir+"/") }
	for _, l := range w.Walk(now) {
		name := short(l.Source.Name)
		if l.Source.UID != "" {
			name, _, _ = strings.Cut(l.Source.Pod, "-")
		}
		line := name + ":"
		for _, f := range l.Found {
			line += " " + short(f.File.Path)
		}
		out = append(out, line)
	}
	slices.Sort(out)
	for _, e := range w.Problems() {
		out = append(out, fmt.Sprintf("error %s: %s", short(e.Path), strings.ReplaceAll(e.Err.Error(), dir, "DIR")))
	}
	return out
}

// TestWalkBrokenLink tells of a link to nothing after a while, and forgets it when the target is
// there.
func TestWalkBrokenLink(t *testing.T) {
	dir := workDir(t)
	target := "docker/" + dockerID + "/" + dockerID + "-json.log"
	makeEntry(t, "pods/"+webDir+"/0.log -> "+dir+"/"+target)
	makeEntry(t, "pods/"+otherDir+"/0.log -> /none/x-json.log")
	w := New(Config{Include: []string{dir + "/pods"}, Select: func(src Source) bool { return src.Namespace == "flux-system" }})
	start := time.Unix(100, 0)
	if got := walked(w, dir, start); got != nil {
		t.Error(got)
	}
	if got := walked(w, dir, start.Add(brokenAfter-1)); got != nil {
		t.Error(got)
	}
	want := []string{"error pods/" + webDir + "/0.log: a link to DIR/" + target + ", which is not there"}
	if diff := cmp.Diff(want, walked(w, dir, start.Add(brokenAfter))); diff != "" {
		t.Error(diff)
	}
	makeEntry(t, target)
	if !w.Changed(false, false) {
		t.Error("the target is not waited for")
	}
	if diff := cmp.Diff([]string{"web: pods/" + webDir + "/0.log"}, walked(w, dir, start.Add(brokenAfter+1))); diff != "" {
		t.Error(diff)
	}
}

// TestWalkUnwanted looks at no directory of an unwanted pod but once, until the pod is wanted.
func TestWalkUnwanted(t *testing.T) {
	dir := workDir(t)
	for i := range 50 {
		makeEntry(t, fmt.Sprintf("pods/apps_p%d_u%d/c/0.log", i, i))
	}
	wanted := false
	w := New(Config{Include: []string{dir + "/pods"}, Select: func(src Source) bool { return wanted && src.Pod == "p7" }})
	if got := walked(w, dir, time.Time{}); got != nil || len(w.known) != 1 || !w.Refused("apps/p7/c/u7") || w.Refused("apps/q/c/u7") {
		t.Error(got, len(w.known))
	}
	old := time.Unix(1, 0)
	if err := os.Chtimes("pods", old, old); err != nil {
		t.Fatal(err)
	}
	w.Walk(time.Time{})
	if w.Changed(true, false) {
		t.Error("nothing changed")
	}
	wanted = true
	if !w.Changed(false, true) {
		t.Error("a pod is wanted now")
	}
	if diff := cmp.Diff([]string{"p7: pods/apps_p7_u7/c/0.log"}, walked(w, dir, time.Time{})); diff != "" {
		t.Error(diff)
	}
	wanted = false
	if got := walked(w, dir, time.Time{}); len(got) != 1 {
		t.Error("a log that was wanted is dropped while it is there:", got)
	}
}

// TestOpen follows no link, wherever it stands in the path.
func TestOpen(t *testing.T) { followsNoLink(t, Open) }

func followsNoLink(t *testing.T, open func(string) (*os.File, error)) {
	t.Helper()
	dir := workDir(t)
	for _, f := range []string{"a/b/0.log", "l.log -> a/b/0.log", "m -> a", "a/c -> b"} {
		makeEntry(t, f)
	}
	for _, path := range []string{dir + "/a/b/0.log", "a/b/0.log"} {
		f, err := open(path)
		if err != nil {
			t.Fatal(err)
		}
		if b, err := io.ReadAll(f); string(b) != "a/b/0.log\n" || err != nil {
			t.Errorf("%q %v", b, err)
		}
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}
	for _, path := range []string{"/l.log", "/m/b/0.log", "/a/c/0.log", "/none", "/none/0.log"} {
		if f, err := open(dir + path); err == nil {
			t.Errorf("%s: %v", path, f.Name())
		} else if strings.HasPrefix(path, "/none") && !errors.Is(err, os.ErrNotExist) {
			t.Error(err)
		}
	}
}
