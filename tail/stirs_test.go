package tail

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"fluxtrail/tail/discover"
)

// TestStirs holds what a reader of many logs relies on that tries them only when Stirs changes: a
// disk on which nothing happens does not change it, and a line does within the looks of which one
// is at each log.
func TestStirs(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := func(i int) string { return filepath.Join(dir, fmt.Sprintf("%03d.log", i)) }
	for i := range manyLives + 10 {
		if err := os.WriteFile(path(i), []byte("first\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cfg := DefaultFollowConfig()
	cfg.Include, cfg.Roots, cfg.From = []string{dir}, []string{dir}, FromBeginning
	fw, err := NewFollower(cfg, Marks{})
	if err != nil {
		t.Fatal(err)
	}
	defer fw.Close()
	now, lines := time.Now(), 0
	look := func() {
		now = now.Add(250 * time.Millisecond)
		if err := fw.Poll(now); err != nil {
			t.Fatal(err)
		}
	}
	read := func() {
		for _, l := range fw.Live() {
			for l.Next() || l.Behind() {
				lines++
			}
		}
	}
	settled := uint64(0)
	for range 400 { // until files and directories are calm; a scan counts each time
		look()
		read()
		settled = fw.Stirs()
	}
	quiet := 0
	for range 40 {
		look()
		if fw.Stirs() == settled {
			quiet++
		}
		settled = fw.Stirs()
	}
	if lines != manyLives+10 || quiet < 35 {
		t.Fatalf("%d lines; %d of 40 looks at a quiet disk found nothing", lines, quiet)
	}
	f, err := os.OpenFile(path(7), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString("second\n"); err != nil || f.Close() != nil {
		t.Fatal(err)
	}
	for range discover.SeldomEvery {
		look()
	}
	if fw.Stirs() == settled {
		t.Error("a line came, and nothing stirred")
	}
	if read(); lines != manyLives+11 {
		t.Errorf("%d lines are read, want %d", lines, manyLives+11)
	}
}
