package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

func TestUpToDate(t *testing.T) {
	t.Parallel()
	const dir = "../../deploy"
	made, err := makeAll(dir)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range made {
		got, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("deploy/%s is not up to date (%v): run make manifests", name, err)
		}
	}
	for _, to := range copies {
		found, _ := filepath.Glob(filepath.Join(dir, to, "*.*"))
		for _, path := range found {
			rel, _ := filepath.Rel(dir, path)
			if made[rel] == nil {
				t.Errorf("deploy/%s is a copy of nothing", rel)
			}
		}
	}
}
