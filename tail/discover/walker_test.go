package discover

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestWalkRenamed has a file there at the first look of a walk and gone at the second. What comes
// in its place has to be seen.
func TestWalkRenamed(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a.log")
	w := New(Config{Include: []string{path}})
	w.Walk(time.Time{})
	w.begin()
	w.file(path)
	w.end()
	if err := os.WriteFile(path, []byte("one\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if !w.Changed(false, false) {
		t.Error("the file is not waited for")
	}
}

// TestWalkForgets keeps nothing of a hundred directories that came and went.
func TestWalkForgets(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	w := New(Config{Include: []string{dir}, Select: func(src Source) bool { return src.Pod != "other" }})
	for i := range 100 {
		for _, pod := range []string{"web", "other"} {
			path := filepath.Join(dir, fmt.Sprintf("apps_%s_%d", pod, i))
			write(t, path+"/c/0.log", "x\n")
			if logs := w.Walk(time.Time{}); len(logs) == 1 != (pod == "web") {
				t.Fatal(logs)
			}
			if err := os.RemoveAll(path); err != nil {
				t.Fatal(err)
			}
		}
	}
	if w.Walk(time.Time{}); len(w.known) > 1 || len(w.podDirs)+len(w.wants)+len(w.refused) > 0 {
		t.Error(len(w.known), w.podDirs, w.wants)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestRotation(t *testing.T) {
	for _, tt := range [][3]string{
		{"a.log", "a.log", ageLive},
		{"a.log.gz", "a.log", ageCompressed},
		{"a.log.1", "a.log", "998"},
		{"a.log.12.gz", "a.log", "987"},
		{"a.log-20261120", "a.log", "20261120"},
		{"a.log.20261120-102254.gz", "a.log", "20261120102254"},
		{"a-2026-11-20T10-22-54.417.log", "a.log", "20261120102254417"},
		{"a.log.2026-11-20", "a.log", "20261120"},
		{"app.8080", "app.8080", ageLive},
		{"1.log", "1.log", ageLive},
		{"0123456789abcdef-json.log.2", "0123456789abcdef-json.log", "997"},
	} {
		if base, age, _ := rotation(tt[0]); base != tt[1] || age != tt[2] {
			t.Errorf("%s: %s %s", tt[0], base, age)
		}
	}
}

// TestIn keeps a path once where it is in the directory, and puts it there where it is not.
func TestIn(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ dir, path, want string }{
		{"/a/b", "/a/b/c.log", "/a/b/c.log"},
		{"/x", "/a/b/c.log", "/x/c.log"},
		{"/", "/c.log", "/c.log"},
		{"/a/b", "/a/x/c.log", "/a/b/c.log"},
		{"/a", "b/c.log", "/a/c.log"},
	} {
		dir, path, want := filepath.FromSlash(tt.dir), filepath.FromSlash(tt.path), filepath.FromSlash(tt.want)
		if got := in(dir, path); got != want {
			t.Errorf("%s in %s: %s, want %s", path, dir, got, want)
		}
	}
}
