package tail

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"fluxtrail/tail/discover"
	"fluxtrail/tail/frame"
)

// BenchmarkBacklog compares a Follower that catches up with the Reader, on 100 MB that lie in the
// page cache.
func BenchmarkBacklog(b *testing.B) {
	const lines = 100 << 20 / 500
	dir := filepath.Join(b.TempDir(), kcDir)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		b.Fatal(err)
	}
	text := benchFile(frame.CRI, lines)
	if err := os.WriteFile(filepath.Join(dir, "0.log"), text, 0o600); err != nil {
		b.Fatal(err)
	}
	b.Run("live", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		b.ReportAllocs()
		for b.Loop() {
			benchFollow(b, dir, lines)
		}
	})
	b.Run("reader", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		b.ReportAllocs()
		for b.Loop() {
			r := NewReader(Source{Files: []File{{Path: filepath.Join(dir, "0.log")}}}, Options{})
			n := 0
			for r.Next() {
				n++
			}
			if n != lines {
				b.Fatal(n)
			}
		}
	})
}

func benchFollow(b *testing.B, dir string, lines int) {
	cfg := DefaultFollowConfig()
	cfg.Include = []string{dir}
	f, err := NewFollower(cfg, Marks{})
	if err != nil {
		b.Fatal(err)
	}
	if err := f.Poll(time.Unix(1, 0)); err != nil {
		b.Fatal(err)
	}
	l, n := f.Live()[0], 0
	for l.Next() || l.Behind() {
		if !l.Behind() {
			n++
		}
	}
	if n != lines {
		b.Fatal(n)
	}
	if err := f.Close(); err != nil {
		b.Fatal(err)
	}
}

// idleFollower follows a thousand containers that write nothing.
func idleFollower(tb testing.TB, containers int) *Follower {
	dir := tb.TempDir()
	line := benchFile(frame.CRI, 10)
	for i := range containers {
		d := filepath.Join(dir, fmt.Sprintf("flux-system_pod-%d_0123-4567-%d", i, i), "manager")
		if err := os.MkdirAll(d, 0o755); err != nil {
			tb.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(d, "0.log"), line, 0o600); err != nil {
			tb.Fatal(err)
		}
	}
	cfg := DefaultFollowConfig()
	cfg.Include = []string{dir}
	cfg.MaxOpen = 2 * containers
	f, err := NewFollower(cfg, Marks{})
	if err != nil {
		tb.Fatal(err)
	}
	for i := range 4 {
		if err := f.Poll(time.Unix(int64(i), 0)); err != nil {
			tb.Fatal(err)
		}
		n := 0
		for _, l := range f.Live() {
			for l.Next() {
				n++
			}
		}
		if i == 0 && n != 10*containers {
			tb.Fatal(n)
		}
	}
	tb.Cleanup(func() { _ = f.Close() })
	return f
}

// BenchmarkIdle is one round of a loop that finds nothing new.
func BenchmarkIdle(b *testing.B) {
	f := idleFollower(b, 1000)
	time.Sleep(100 * time.Millisecond) // so that what was written counts as old
	now := time.Unix(10, 0)
	for range 2 * discover.CalmAfter {
		idleTick(b, f, now)
	}
	b.ReportAllocs()
	for b.Loop() {
		idleTick(b, f, now)
	}
}

func idleTick(tb testing.TB, f *Follower, now time.Time) {
	if err := f.Poll(now); err != nil {
		tb.Fatal(err)
	}
	for _, l := range f.Live() {
		if l.Next() {
			tb.Fatal("a line")
		}
	}
}

// BenchmarkMarks is what a lane pays to save, after each of ten Lives moved.
func BenchmarkMarks(b *testing.B) {
	f := idleFollower(b, 10)
	b.ReportAllocs()
	for b.Loop() {
		for _, l := range f.Live() {
			l.dirty = true
		}
		if len(f.Marks().Sources) != 10 {
			b.Fatal("no marks")
		}
	}
}

// BenchmarkScan is a Poll after something happened in one of the directories.
func BenchmarkScan(b *testing.B) {
	f := idleFollower(b, 100)
	b.ReportAllocs()
	for b.Loop() {
		f.scanAt = time.Time{}
		if err := f.Poll(time.Unix(10, 0)); err != nil {
			b.Fatal(err)
		}
	}
}
