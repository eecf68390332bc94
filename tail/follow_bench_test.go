package tail

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"

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

// BenchmarkBehind is a rotation, with the looks that come with it, of a log of which many rotations
// wait: they were deleted, and are held open.
func BenchmarkBehind(b *testing.B) {
	for _, held := range []int{10, 500} {
		b.Run(fmt.Sprint(held), func(b *testing.B) {
			r := newRotating(b)
			for range held {
				r.rotate(b)
			}
			b.ReportAllocs()
			for b.Loop() {
				r.rotate(b)
			}
		})
	}
}

// TestBehind has a rotation cost the same however many wait: an agent that takes longer and longer to
// look misses some in the end.
func TestBehind(t *testing.T) {
	few, many := rotationCost(t, 10), rotationCost(t, 200)
	if many > 1.5*few {
		t.Errorf("%.0f allocations with 200 rotations behind, %.0f with 10", many, few)
	}
}

// rotationCost is how much is allocated for a rotation while others wait.
func rotationCost(t *testing.T, held int) float64 {
	r := newRotating(t)
	for range held {
		r.rotate(t)
	}
	return testing.AllocsPerRun(10, func() { r.rotate(t) })
}

// rotating is a log that is rotated and not read.
type rotating struct {
	dir, text string
	n         int
	now       time.Time
	f         *Follower
}

func newRotating(b testing.TB) *rotating {
	r := &rotating{dir: filepath.Join(b.TempDir(), kcDir), text: string(benchFile(frame.CRI, 600)), now: time.Unix(10, 0)}
	if err := os.MkdirAll(r.dir, 0o755); err != nil {
		b.Fatal(err)
	}
	cfg := DefaultFollowConfig()
	cfg.Include, cfg.HoldFiles = []string{r.dir}, 1<<20
	var err error
	if r.f, err = NewFollower(cfg, Marks{}); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = r.f.Close() })
	return r
}

// rotate does as the kubelet: the log gets another name and is begun anew, the one before is packed,
// and the oldest removed.
func (r *rotating) rotate(b testing.TB) {
	r.n++
	log := filepath.Join(r.dir, "0.log")
	name := func(n int) string { return fmt.Sprintf("%s.20261127-%06d", log, n) }
	steps := []func() error{
		func() error { return os.WriteFile(log, fmt.Appendf(nil, "%d %s", r.n, r.text), 0o600) },
		func() error { return os.Rename(log, name(r.n)) },
		func() error { return os.WriteFile(log, nil, 0o600) },
		func() error { return pack(name(r.n - 1)) },
		func() error { return removed(name(r.n - 1)) },
		func() error { return removed(name(r.n-4) + ".gz") },
	}
	for _, step := range steps {
		if err := step(); err != nil {
			b.Fatal(err)
		}
		r.now = r.now.Add(250 * time.Millisecond)
		if err := r.f.Poll(r.now); err != nil {
			b.Fatal(err)
		}
	}
	if lost := r.f.Loss(); len(lost) > 0 {
		b.Fatal(lost)
	}
}

// pack puts a compressed copy beside a file.
func pack(path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return removed(path) // the first one has none before it
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write(text); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	return os.WriteFile(path+".gz", packed.Bytes(), 0o600)
}

func removed(path string) error {
	if err := os.Remove(path); !os.IsNotExist(err) {
		return err
	}
	return nil
}
