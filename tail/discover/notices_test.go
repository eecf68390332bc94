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
	if !w.Watches() {
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
	w.Met(func(id Inode) bool { return open[id] })
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
