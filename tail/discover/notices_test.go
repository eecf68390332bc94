package discover

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const kcPod = "flux-system_kustomize-controller-0_1/manager"

// watchedDir is a Walker of a directory that the kernel tells of.
func watchedDir(t *testing.T, cfg Config) (*Walker, string) {
	t.Helper()
	dir := t.TempDir()
	cfg.Include, cfg.Watch = []string{dir}, true
	w := New(cfg)
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	w.Walk(time.Time{})
	if !w.watches() {
		t.Skip("the kernel tells of no names here (inotify)")
	}
	return w, dir
}

// walkAll walks as the agent does, which opens all that is found.
func walkAll(w *Walker) bool {
	again := w.Notice()
	open := map[Inode]bool{}
	for _, l := range w.Walk(time.Time{}) {
		for _, f := range l.Found {
			open[f.Inode] = true
		}
	}
	w.Met(func(id Inode) bool { return open[id] }, func(string) bool { return false })
	return again
}

func rename(t *testing.T, from, to string) {
	t.Helper()
	if err := os.Rename(from, to); err != nil {
		t.Fatal(err)
	}
}

func remove(t *testing.T, path string) {
	t.Helper()
	if err := os.RemoveAll(path); err != nil {
		t.Fatal(err)
	}
}

// TestGone counts what came and went between two walks, and nothing else.
func TestGone(t *testing.T) {
	cfg := Config{
		Exclude: []string{"*sidecar*"},
		Select:  func(src Source) bool { return src.Namespace == "flux-system" || src.Namespace == "" },
	}
	for _, tt := range []struct {
		name string
		do   func(t *testing.T, dir string)
		want []Gone
	}{
		{"a pod", func(t *testing.T, dir string) {
			write(t, dir+"/flux-system_a_2/c/0.log", "x\n")
			remove(t, dir+"/flux-system_a_2")
		}, []Gone{{"flux-system/a/2", "flux-system_a_2", 1}}},
		{"a container", func(t *testing.T, dir string) {
			write(t, dir+"/flux-system_kustomize-controller-0_1/other/0.log", "x\n")
			remove(t, dir+"/flux-system_kustomize-controller-0_1/other")
		}, []Gone{{"flux-system/kustomize-controller-0/other/1", "flux-system_kustomize-controller-0_1/other", 1}}},
		{"pods of others", func(t *testing.T, dir string) {
			write(t, dir+"/apps_a_2/c/0.log", "x\n")
			remove(t, dir+"/apps_a_2")
		}, nil},
		{"what is left out", func(t *testing.T, dir string) {
			write(t, dir+"/flux-system_kustomize-controller-0_1/sidecar/0.log", "x\n")
			remove(t, dir+"/flux-system_kustomize-controller-0_1/sidecar")
		}, nil},
		{"a compression", func(t *testing.T, dir string) {
			c := dir + "/" + kcPod
			write(t, c+"/0.log.20261120-102200.tmp", "x\n")
			rename(t, c+"/0.log.20261120-102200.tmp", c+"/0.log.20261120-102200.gz")
			remove(t, c+"/0.log.20261120-102200.gz")
		}, nil},
		{"what was known", func(t *testing.T, dir string) {
			rename(t, dir+"/"+kcPod+"/0.log", dir+"/"+kcPod+"/0.log.20261120-102200")
			remove(t, dir+"/"+kcPod)
		}, nil},
		{"rotations", func(t *testing.T, dir string) {
			for _, second := range []string{"00", "01", "02"} {
				rotated := dir + "/" + kcPod + "/0.log.20261120-1022" + second
				rename(t, dir+"/"+kcPod+"/0.log", rotated)
				write(t, dir+"/"+kcPod+"/0.log", "x\n")
				remove(t, rotated)
			}
		}, []Gone{{"flux-system/kustomize-controller-0/manager/1", kcPod + "/0.log.20261120-102202", 2}}},
		{"rotations that are compressed, and one of them removed", func(t *testing.T, dir string) {
			for _, second := range []string{"00", "01", "02"} {
				rotated := dir + "/" + kcPod + "/0.log.20261120-1022" + second
				rename(t, dir+"/"+kcPod+"/0.log", rotated)
				write(t, dir+"/"+kcPod+"/0.log", "x\n")
				write(t, rotated+".tmp", "y\n")
				rename(t, rotated+".tmp", rotated+".gz")
				remove(t, rotated)
			}
			remove(t, dir+"/"+kcPod+"/0.log.20261120-102201.gz")
		}, []Gone{{"flux-system/kustomize-controller-0/manager/1", kcPod + "/0.log.20261120-102201.gz", 1}}},
		{"a rotation that gzip compresses", func(t *testing.T, dir string) {
			rotated := dir + "/" + kcPod + "/0.log.20261120-102200"
			rename(t, dir+"/"+kcPod+"/0.log", dir+"/"+kcPod+"/0.log.20261120-102159")
			write(t, dir+"/"+kcPod+"/0.log", "x\n")
			rename(t, dir+"/"+kcPod+"/0.log", rotated)
			write(t, dir+"/"+kcPod+"/0.log", "x\n")
			write(t, rotated+".gz", "y\n")
			remove(t, rotated)
		}, nil},
		{"one that another is put in the place of", func(t *testing.T, dir string) {
			write(t, dir+"/"+kcPod+"/1.log", "x\n")
			rename(t, dir+"/"+kcPod+"/0.log", dir+"/"+kcPod+"/1.log")
		}, []Gone{{"flux-system/kustomize-controller-0/manager/1", kcPod + "/1.log", 1}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w, dir := watchedDir(t, cfg)
			write(t, dir+"/"+kcPod+"/0.log", "x\n")
			for range 3 {
				walkAll(w)
			}
			tt.do(t, dir)
			walkAll(w)
			got := w.Gone()
			for i := range got {
				got[i].Path, _ = filepath.Rel(dir, got[i].Path)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" || len(w.notices.moving) > 1 {
				t.Error(diff, w.notices.moving)
			}
			if again := w.Gone(); again != nil {
				t.Error("told twice:", again)
			}
		})
	}
}

// TestGoneButOpen does not count what went after it was found and opened.
func TestGoneButOpen(t *testing.T) {
	t.Parallel()
	for _, open := range []bool{true, false} {
		w, dir := watchedDir(t, Config{})
		write(t, dir+"/"+kcPod+"/0.log", "x\n")
		for range 3 {
			walkAll(w)
		}
		write(t, dir+"/"+kcPod+"/1.log", "x\n")
		w.Notice()
		w.Walk(time.Time{})
		remove(t, dir+"/"+kcPod+"/1.log")
		w.Met(func(Inode) bool { return false }, func(path string) bool { return open && path == dir+"/"+kcPod+"/1.log" })
		if gone := w.Gone(); (len(gone) == 0) != open {
			t.Errorf("open %v: %v", open, gone)
		}
	}
}

// TestAwait returns as soon as there is a new log, and not for what is none.
func TestAwait(t *testing.T) {
	t.Parallel()
	w, dir := watchedDir(t, Config{})
	write(t, dir+"/"+kcPod+"/0.log", "x\n")
	for range 3 {
		walkAll(w)
	}
	if w.Notice() {
		t.Error("stirred by what is known")
	}
	write(t, dir+"/"+kcPod+"/0.log.20261120-102200.tmp", "x\n")
	write(t, dir+"/"+kcPod+"/1.log", "x\n")
	if !w.Await(t.Context(), time.Hour) || !w.Notice() {
		t.Error("a new log is not told of")
	}
	walkAll(w)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if !w.Await(ctx, time.Hour) || w.Notice() {
		t.Error("stirred again")
	}
}

// TestToldDirectories passes over directories of which the kernel tells, until it tells something.
func TestToldDirectories(t *testing.T) {
	t.Parallel()
	for name, do := range map[string]func(t *testing.T, dir string){
		"made":    func(t *testing.T, dir string) { t.Helper(); write(t, dir+"/1.log", "x\n") },
		"removed": func(t *testing.T, dir string) { t.Helper(); remove(t, dir+"/0.log") },
		"renamed": func(t *testing.T, dir string) { t.Helper(); rename(t, dir+"/0.log", dir+"/0.log.20261120-100000") },
	} {
		w, dir := watchedDir(t, Config{})
		pod := filepath.Join(dir, kcPod)
		write(t, pod+"/0.log", "x\n")
		calm(t, w, pod)
		for look := range 4 * SeldomEvery {
			if w.Notice(); w.Changed(false, true) {
				t.Errorf("%s: changed at look %d, before anything was", name, look)
			}
		}
		do(t, pod)
		if w.Notice(); !w.Changed(false, true) {
			t.Errorf("%s: not seen at the next look", name)
		}
	}
}

// TestUntoldChange finds what the kernel did not tell of at the next walk, and sooner where it tells
// of nothing.
func TestUntoldChange(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		watch bool
		want  int
	}{{true, 0}, {false, 4}} {
		w, dir := watchedDir(t, Config{})
		if !tt.watch {
			w = New(Config{Include: []string{dir}})
		}
		pod := filepath.Join(dir, kcPod)
		write(t, pod+"/0.log", "x\n")
		calm(t, w, pod)
		w.Changed(false, true)
		write(t, pod+"/1.log", "x\n")
		w.notices = nil // which would be told
		seen := 0
		for range 4 * SeldomEvery {
			if w.Changed(false, true) {
				seen++
			}
		}
		if seen != tt.want {
			t.Errorf("watch %v: seen at %d looks, want %d", tt.watch, seen, tt.want)
		}
		if logs := w.Walk(time.Time{}); len(logs) != 1 || len(logs[0].Found) != 2 {
			t.Errorf("watch %v: the walk found %v", tt.watch, logs)
		}
	}
}

// calm has a Walker find that nothing happens in a pod's directory and those above it.
func calm(t *testing.T, w *Walker, pod string) {
	t.Helper()
	old := time.Unix(1e8, 0)
	for _, dir := range []string{pod, filepath.Dir(pod), filepath.Dir(filepath.Dir(pod))} {
		if err := os.Chtimes(dir, old, old); err != nil {
			t.Fatal(err)
		}
	}
	walkAll(w)
	for range CalmAfter + 1 {
		if w.Changed(true, true) {
			t.Fatal("changed, but nothing was")
		}
	}
}
