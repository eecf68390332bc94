package tail

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"fluxtrail/tail/access"
	"fluxtrail/tail/discover"
	"fluxtrail/tail/frame"
)

// TestLiveEqualsReader writes one log in pieces of any size, with rotations, compression and
// restarts in between. What the Follower gives, line for line and place for place, is what the
// Reader finds in the end.
func TestLiveEqualsReader(t *testing.T) {
	for seed := range uint64(40) {
		rnd := rand.New(rand.NewPCG(seed, 3))
		w := newWorld(t)
		w.cfg.PartialAfter, w.cfg.ForgetAfter = 1<<50, 1<<50
		w.start()
		var lines []got
		for i, line := range corpus(rnd, 200) {
			for len(line) > 0 {
				n := 1 + rnd.IntN(len(line))
				w.append("P/0.log", line[:n])
				line = line[n:]
				lines = append(lines, w.sometimes(rnd)...)
			}
			if rnd.IntN(30) == 0 {
				w.rotatePod(rnd, i)
			}
		}
		for range 8 {
			w.poll()
			lines = append(lines, w.lines()...)
		}
		sources, errs := discover.Find([]string{w.dir}, nil)
		if len(sources) != 1 || len(errs) > 0 {
			t.Fatal(sources, errs)
		}
		r := NewReader(sources[0], Options{Format: frame.CRI})
		want := readAll(r)
		want = want[:len(want)-int(r.endings())] // records without an end: the Follower still waits for it
		if diff := cmp.Diff(want, lines); diff != "" {
			t.Fatalf("seed %d: -reader +follower\n%s\n%s", seed, diff, dump(w.f))
		}
	}
}

// endings counts the records that were delivered without their end.
func (r *Reader) endings() (n int64) {
	for _, stat := range r.Stats() {
		n += stat.Partial
	}
	return n
}

// sometimes polls, reads, or starts again.
func (w *world) sometimes(rnd *rand.Rand) (lines []got) {
	switch rnd.IntN(8) {
	case 0:
		w.poll()
	case 1, 2:
		w.poll()
		lines = w.lines()
	case 3:
		w.save()
		w.stop()
		w.start()
	}
	return lines
}

func (w *world) lines() (lines []got) {
	for _, l := range w.f.Live() {
		for l.Next() {
			x := l.Line()
			lines = append(lines, got{string(x.Text), x.Pod, x.Stream, x.Time, x.Offset, x.Num, x.Cut, x.Rows})
		}
	}
	return lines
}

func (w *world) rotatePod(rnd *rand.Rand, i int) {
	name := fmt.Sprintf("P/0.log.20261120-%06d", i)
	w.check(os.Rename(w.path("P/0.log"), w.path(name)))
	w.append("P/0.log", "")
	if rnd.IntN(2) == 0 {
		w.gz(name)
	}
}

// TestBufferEdges has lines end at, before and behind every edge of a buffer.
func TestBufferEdges(t *testing.T) {
	w := newWorld(t)
	w.start()
	var want []string
	for _, n := range []int{1, 10, 999, 1023, 1024, 1025, 4095, 4096, 4097, smallBuffer - 1, smallBuffer, smallBuffer + 1,
		sampleSize - 1, sampleSize, sampleSize + 1, bufferSize - 1, bufferSize, bufferSize + 1, 3 * bufferSize} {
		text := strings.Repeat("µ€", n/5) + strings.Repeat("x", n%5)
		half := 1 + len(text)/2 // within a rune, often
		w.append("a.log", text[:half])
		w.poll()
		w.read()
		w.append("a.log", text[half:]+"\n")
		want = append(want, text)
		w.poll()
		w.read()
		if diff := cmp.Diff(want, w.got); diff != "" {
			t.Fatalf("%d: %.500s", n, diff)
		}
	}
}

// TestEndlessLine bounds what a line without an end costs: one call of Next reads about a megabyte,
// memory holds MaxLine.
func TestEndlessLine(t *testing.T) {
	w := newWorld(t)
	w.cfg.MaxLine = 1 << 20
	w.start()
	w.append("a.log", strings.Repeat("0123456789abcdef", 2<<20)) // 32 MiB
	w.poll()
	l, calls := w.f.Live()[0], 0
	for l.Next() || l.Behind() {
		if calls++; !l.Behind() {
			t.Fatal("a line")
		}
	}
	if calls < 30 || cap(l.split.long.b) > 2<<20 || len(l.left) > bufferSize {
		t.Errorf("%d calls, %d and %d bytes held", calls, cap(l.split.long.b), len(l.left))
	}
	w.append("a.log", "\nnext\n")
	w.poll()
	w.read()
	if len(w.got) != 2 || !strings.Contains(w.got[0], "…[cut 32505856 bytes sha256:") || w.got[1] != "next" {
		t.Errorf("%d lines: %.100q", len(w.got), w.got)
	}
	if stat := l.Stat(); stat.Truncated != 1 || stat.Lines != 2 {
		t.Errorf("%+v", stat)
	}
}

// TestPartialLimit bounds the unfinished records of all logs together. What is beyond is delivered,
// in order.
func TestPartialLimit(t *testing.T) {
	w := newWorld(t)
	w.cfg.MaxLine, w.cfg.MaxPartial = 8<<10, 64<<10
	w.start()
	const logs = 100
	for i := range logs {
		w.append(fmt.Sprintf("default_p_%d/c/0.log", i), strings.Repeat("2026-11-20T10:22:54Z stdout P "+strings.Repeat("x", 999)+"\n", 3))
	}
	w.poll()
	w.read()
	if w.f.partial > w.cfg.MaxPartial || w.f.partial < w.cfg.MaxPartial/2 {
		t.Errorf("%d bytes held", w.f.partial)
	}
	for i := range logs {
		w.append(fmt.Sprintf("default_p_%d/c/0.log", i), "2026-11-20T10:22:54Z stdout F .\n")
	}
	w.poll()
	w.read()
	if n := len(strings.Join(w.got, "")); w.f.partial != 0 || strings.Count(strings.Join(w.got, ""), ".") != logs || n < 3*999*logs {
		t.Errorf("%d bytes held, %d delivered", w.f.partial, n)
	}
	var partial int64
	for _, l := range w.f.Live() {
		partial += l.Stat().Partial
	}
	if partial < logs/2 {
		t.Errorf("%d records were cut", partial)
	}
}

// TestFairness shows that a log that is far behind never keeps its reader from the others.
func TestFairness(t *testing.T) {
	w := newWorld(t)
	w.start()
	w.append("noisy.log", strings.Repeat(strings.Repeat("x", 4<<20)+"\n", 4))
	w.append("quiet.log", "here\n")
	w.poll()
	noisy, quiet := w.f.Live()[0], w.f.Live()[1]
	if noisy.Next() || !noisy.Behind() || noisy.cur.Taken > 2*readBudget {
		t.Errorf("one call read %d bytes", noisy.cur.Taken)
	}
	if !quiet.Next() || string(quiet.Line().Text) != "here" || quiet.Behind() {
		t.Error("the quiet log has to wait")
	}
}

// TestManyFiles reads more files than may be open, while they grow.
func TestManyFiles(t *testing.T) {
	w := newWorld(t)
	w.cfg.MaxOpen = 50
	name := func(i int) string { return fmt.Sprintf("%03d.log", i) }
	for i := range 200 {
		w.append(name(i), strings.Repeat(fmt.Sprintf("%d old\n", i), 20))
	}
	w.start()
	for range 3 {
		for i := range 200 {
			w.append(name(i), fmt.Sprintf("%d new\n", i))
		}
		w.poll()
		w.read()
		if n := len(w.f.files.open); n > w.cfg.MaxOpen {
			t.Errorf("%d files are open", n)
		}
	}
	count := map[string]int{}
	for _, line := range w.got {
		count[line]++
	}
	for i := range 200 {
		if o, n := count[fmt.Sprintf("%d old", i)], count[fmt.Sprintf("%d new", i)]; o != 20 || n != 3 {
			t.Errorf("file %d: %d and %d lines", i, o, n)
		}
	}
}

// TestRotationMatrix rotates in every way, ten times, with every fate of the old files.
func TestRotationMatrix(t *testing.T) {
	for _, how := range []string{"rename", "copy and truncate"} {
		for _, keep := range []int{2, 100} {
			for _, names := range []string{"numbers", "stamps"} {
				for _, gz := range []bool{false, true} {
					t.Run(fmt.Sprint(how, keep, names, gz), func(t *testing.T) { rotateMany(t, how, keep, names, gz) })
				}
			}
		}
	}
}

func rotateMany(t *testing.T, how string, keep int, names string, gz bool) {
	w := newWorld(t)
	w.start()
	var want, old []string // old, oldest first
	for i := range 10 {
		for j := range 3 {
			line := fmt.Sprint(i, ".", j)
			want = append(want, line)
			w.append("a.log", line+"\n")
			if i%3 != 0 {
				w.poll()
				w.read()
			}
		}
		w.poll()
		to := fmt.Sprintf("a.log.20261120-1000%02d", i)
		if names == "numbers" {
			old = w.shift(old)
			to = "a.log.1"
		}
		if how == "rename" {
			w.check(os.Rename(w.path("a.log"), w.path(to)))
		} else {
			w.copy("a.log", to)
			w.check(os.Truncate(w.path("a.log"), 0))
		}
		if old = append(old, to); gz && i%2 == 0 {
			w.poll()
			w.gz(to)
			old[len(old)-1] += ".gz"
		}
		if len(old) > keep {
			w.poll() // what is gone before it was seen is lost
			w.check(os.Remove(w.path(old[0])))
			old = old[1:]
		}
	}
	w.settle(3 * time.Second)
	if diff := cmp.Diff(want, w.got); diff != "" || len(w.lost) > 0 {
		t.Errorf("%s\nlost %+v\n%s", diff, w.lost, dump(w.f))
	}
}

// shift makes room for a.log.1.
func (w *world) shift(old []string) (moved []string) {
	for i, name := range old {
		to := fmt.Sprintf("a.log.%d%s", len(old)-i+1, strings.TrimLeft(strings.TrimPrefix(name, "a.log."), "0123456789"))
		w.check(os.Rename(w.path(name), w.path(to)))
		moved = append(moved, to)
	}
	return moved
}

// TestLossIsExact deletes rotated files faster than they are read. What was not delivered is
// counted, line by line.
func TestLossIsExact(t *testing.T) {
	w := newWorld(t)
	w.cfg.HoldBytes = 1000
	w.start()
	written := 0
	for i := range 50 {
		for range 5 {
			written++
			w.append("P/0.log", fmt.Sprintf("2026-11-20T10:22:54.%09dZ stdout F %s\n", written, strings.Repeat("x", 50)))
		}
		w.poll()
		w.check(os.Rename(w.path("P/0.log"), w.path(fmt.Sprintf("P/0.log.20261120-10%04d", i))))
		if i >= 5 {
			w.check(os.Remove(w.path(fmt.Sprintf("P/0.log.20261120-10%04d", i-5))))
		}
		if i%10 == 9 {
			w.read()
		}
	}
	w.settle(3 * time.Second)
	var lines, size int64
	for _, l := range w.lost {
		if l.Reason != LossHeld || l.AtLeast || l.From.IsZero() || l.To.Before(l.From) {
			t.Errorf("%+v", l)
		}
		lines, size = lines+l.Lines, size+l.Bytes
	}
	if lines == 0 || len(w.got)+int(lines) != written || size != 91*lines {
		t.Errorf("%d lines written, %d delivered, %d lost with %d bytes", written, len(w.got), lines, size)
	}
}

// TestManyTruncations truncates a hundred times, with and without a look in between.
func TestManyTruncations(t *testing.T) {
	w := newWorld(t)
	w.start()
	for i := range 100 {
		w.append("a.log", fmt.Sprintf("%03d\n", i))
		if i%2 == 0 {
			w.poll()
			w.read()
		}
		w.check(os.Truncate(w.path("a.log"), 0))
	}
	w.append("a.log", "end\n")
	w.settle(3 * time.Second)
	if len(w.got) < 51 || w.got[len(w.got)-1] != "end" || len(w.f.all[0].files) > maxReplaced+2 {
		t.Errorf("%d lines, last %q, %d tracks", len(w.got), w.got[len(w.got)-1], len(w.f.all[0].files))
	}
	if i := slices.Index(w.got, "end"); i != len(w.got)-1 {
		t.Error("the end was delivered twice")
	}
}

// TestRewritten goes to the end of a large file that somebody rewrites again and again.
func TestRewritten(t *testing.T) {
	w := newWorld(t)
	w.start()
	line := strings.Repeat("x", 1<<20) + "\n"
	for i := range maxRewrites + 3 {
		w.check(os.WriteFile(w.path("a.log"), fmt.Appendf(nil, "%03d%s%03d\n", i, line, i), 0o644))
		w.poll()
		w.read()
	}
	if n := len(w.got); n != 2*(maxRewrites+2) || len(w.lost) != 1 || w.lost[0].Reason != LossRewritten {
		t.Errorf("%d lines, lost %+v", n, w.lost)
	}
}

// TestComeAndGo leaves nothing behind of a thousand files.
func TestComeAndGo(t *testing.T) {
	w := newWorld(t)
	w.start()
	for i := range 1000 {
		name := fmt.Sprintf("default_p_%d", i)
		w.append(name+"/c/0.log", "2026-11-20T10:22:54Z stdout F x\n")
		w.poll()
		w.check(os.RemoveAll(w.path(name)))
		if i%10 == 0 {
			w.read()
		}
		w.now = w.now.Add(time.Second)
	}
	w.settle(3 * time.Second)
	w.now = w.now.Add(w.cfg.ForgetAfter)
	w.settle(time.Second)
	f := w.f
	if len(w.got) != 1000 || len(f.files.open)+len(f.all)+len(f.lives)+len(f.byInode)+len(f.byKey)+len(f.byName) > 0 {
		t.Errorf("%d lines; %d open, %d known", len(w.got), len(f.files.open), len(f.all))
	}
	if m := f.Marks(); len(m.Sources) > 0 || len(w.lost) > 0 {
		t.Errorf("%+v lost %+v", m, w.lost)
	}
}

// TestDamagedRotation delivers what a damaged file holds, counts the rest, and goes on; also after
// a restart.
func TestDamagedRotation(t *testing.T) {
	w := newWorld(t)
	packed := gzipped(t, append([]byte("2026-11-20T10:22:54Z stdout P begun\n"), benchFile(frame.CRI, 500)...))
	members := append(gzipped(t, []byte("2026-11-20T10:22:54Z stderr F one\n")), gzipped(t, []byte("2026-11-20T10:22:54Z stderr F two\n"))...)
	for name, data := range map[string][]byte{
		"P/0.log.20261120-100000.gz": packed[:len(packed)/2],
		"P/0.log.20261120-110000.gz": members,
		"P/0.log.20261120-120000.gz": append([]byte{0x1f, 0x8b, 8, 0}, "garbage garbage"...),
		"P/0.log":                    []byte("2026-11-20T10:22:55Z stdout F end\n"),
	} {
		w.append(name, string(data))
	}
	w.start()
	w.settle(3 * time.Second)
	n := len(w.got)
	if n < 50 || !slices.Equal(w.got[n-3:], []string{"one", "two", "end"}) || len(w.lost) != 2 || w.lost[0].Reason != LossDamaged {
		t.Errorf("%d lines, end %q, lost %+v", n, w.got[n-3:], w.lost)
	}
	if !slices.Contains(w.got, "begun~") {
		t.Error("the record that the damage cut is not given as what it is")
	}
	w.save()
	w.stop()
	w.start()
	w.got, w.lost = nil, nil
	w.settle(3 * time.Second)
	if len(w.got)+len(w.lost) > 0 {
		t.Errorf("again %q, lost %+v", w.got, w.lost)
	}
}

// TestPackedZeros reads a file that blows up to a quarter of a gigabyte of nothing, a megabyte at a
// time.
func TestPackedZeros(t *testing.T) {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, err := io.CopyN(z, zeros{}, 256<<20)
	if err == nil {
		_, err = z.Write([]byte("2026-11-20T10:22:55Z stderr F end\n"))
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	w := newWorld(t)
	w.check(err)
	w.append("P/0.log.20261120-100000.gz", packed.String())
	w.start()
	w.poll()
	l, calls, text := w.f.Live()[0], 0, ""
	for next := l.Next(); next || l.Behind(); next = l.Next() {
		if calls++; next {
			text += string(l.Line().Text)
		}
	}
	if calls < 256 || text != "end" || l.Stat().NUL != 256<<20 {
		t.Errorf("%d calls, %q, %+v", calls, text, l.Stat())
	}
}

// TestBeginsWithAHole reads a log that its writer went on with where it was before the log was cut
// short, without another look at the disk.
func TestBeginsWithAHole(t *testing.T) {
	const hole = 8<<20 + 5
	w := newWorld(t)
	w.append("P/0.log", "")
	w.check(os.Truncate(w.path("P/0.log"), hole))
	w.append("P/0.log", "2026-11-20T10:22:55Z stderr F end\n")
	w.start()
	w.poll()
	l := w.f.Live()[0]
	next := l.Next()
	for !next && l.Behind() {
		next = l.Next()
	}
	if !next || string(l.Line().Text) != "end" || l.Stat().NUL != hole {
		t.Errorf("%q, %+v", l.Line().Text, l.Stat())
	}
}

// TestDisk loses open files, as network file systems do.
func TestDisk(t *testing.T) {
	w := newWorld(t)
	w.start()
	w.append("a.log", "one\n")
	w.poll()
	w.read()
	w.check(w.f.files.open[0].handle.Close()) // every use fails from now on
	w.append("a.log", "two\n")
	w.settle(3 * time.Second)
	if diff := cmp.Diff([]string{"one", "two"}, w.got); diff != "" {
		t.Error(diff)
	}
}

// TestReadErrors has reading fail twice, with much time between. What failed once and went on has
// not failed all the time: its other files wait.
func TestReadErrors(t *testing.T) {
	w := newWorld(t)
	w.start()
	for i, line := range []string{"one", "two", "three"} {
		w.append("a.log", line+"\n")
		w.poll()
		if i > 0 {
			w.check(w.f.files.open[0].handle.Close())
		}
		w.read()
		w.settle(2 * time.Second)
		w.now = w.now.Add(2 * w.cfg.ForgetAfter)
		if i == 1 {
			w.check(os.Rename(w.path("a.log"), w.path("a.log.1")))
			w.append("a.log.1", "late\n")
			w.append("a.log", "")
		}
	}
	if diff := cmp.Diff([]string{"one", "two", "late", "three"}, w.got); diff != "" || len(w.lost) > 0 {
		t.Error(diff, w.lost)
	}
}

// TestWriterOfADeletedFile finishes a line after the file lost its name.
func TestWriterOfADeletedFile(t *testing.T) {
	w := newWorld(t)
	w.start()
	w.append("a.log", "he")
	w.settle(3 * time.Second)
	f, err := os.OpenFile(w.path("a.log"), os.O_WRONLY|os.O_APPEND, 0)
	w.check(err)
	w.check(os.Remove(w.path("a.log")))
	w.poll()
	w.read()
	_, err = f.WriteString("llo\n")
	w.check(errors.Join(err, f.Close()))
	w.settle(3 * time.Second)
	if diff := cmp.Diff([]string{"hello"}, w.got); diff != "" || len(w.lost) > 0 {
		t.Error(diff, w.lost)
	}
}

// TestLastLinesOfCalmLogs has more logs than are looked at each time. Some of them get a last line
// and are deleted or rotated at once.
func TestLastLinesOfCalmLogs(t *testing.T) {
	w := newWorld(t)
	w.start()
	for i := range manyLives + 50 {
		w.append(fmt.Sprintf("%03d.log", i), "first\n")
	}
	for range 2 * discover.CalmAfter {
		w.poll()
		w.read()
	}
	w.got = nil
	var want []string
	for i := range 40 {
		name, line := fmt.Sprintf("%03d.log", i), fmt.Sprintf("last %d", i)
		w.append(name, line+"\n")
		want = append(want, line)
		if i%2 == 0 {
			w.check(os.Remove(w.path(name)))
			continue
		}
		w.check(os.Rename(w.path(name), w.path(name+".1")))
		w.append(name, "")
	}
	w.settle(5 * time.Second)
	slices.Sort(want)
	slices.Sort(w.got)
	if diff := cmp.Diff(want, w.got); diff != "" || len(w.lost) > 0 {
		t.Errorf("-want +got\n%s\nlost %+v", diff, w.lost)
	}
}

// TestManyCalmLogs has more logs than are looked at each time. What was calm is found after a
// while, and from then on at once.
func TestManyCalmLogs(t *testing.T) {
	w := newWorld(t)
	names := []string{"."}
	for i := range manyLives + 1 {
		names = append(names, fmt.Sprintf("%03d.log", i))
		w.append(names[i+1], "old\n")
	}
	w.run("touch 2001 " + strings.Join(names, " ") + "\nstart\nwait 30s")
	w.got = nil
	for _, looks := range []int{discover.SeldomEvery, 1, 1} {
		w.append("000.log", "a\n")
		w.append("001.log", "b\n")
		for range looks {
			w.poll()
		}
		w.read()
	}
	if diff := cmp.Diff([]string{"a", "b", "a", "b", "a", "b"}, w.got); diff != "" {
		t.Error(diff)
	}
}

// TestStatOutlivesItsFiles counts on when a file is forgotten, and from zero after a restart.
func TestStatOutlivesItsFiles(t *testing.T) {
	w := newWorld(t)
	w.run("start\nwrite a.log L1 L2\nexpect L1 L2\nmv a.log a.log.1\nwrite a.log L3\nexpect L3\nrm a.log.1\nwait 6m\ntracks 1")
	if stat := w.f.Live()[0].Stat(); stat.Lines != 3 || stat.Bytes != 9 {
		t.Errorf("%+v", stat)
	}
	w.run("stop\nwrite a.log L4\nstart\nexpect L4")
	if stat := w.f.Live()[0].Stat(); stat.Lines != 1 || stat.Bytes != 3 {
		t.Errorf("after a restart: %+v", stat)
	}
}

// TestInodeReused deletes and creates while nobody looks, until the new file has the old one's
// inode.
func TestInodeReused(t *testing.T) {
	w := newWorld(t)
	w.append("a.log", "old\n")
	w.start()
	w.settle(time.Second)
	w.save()
	w.stop()
	before := inodeOf(t, w.path("a.log"))
	w.check(os.Remove(w.path("a.log")))
	same := false
	for i := 0; i < 1000 && !same; i++ {
		name := fmt.Sprintf("a%d", i)
		w.append(name, "new1\nnew2\n")
		id := inodeOf(t, w.path(name))
		if same = id == before; same {
			w.check(os.Rename(w.path(name), w.path("a.log")))
		}
	}
	if !same {
		t.Skip("this file system does not reuse inodes")
	}
	w.cfg.Include = []string{w.path("a.log")}
	w.got = nil
	w.start()
	w.settle(time.Second)
	if diff := cmp.Diff([]string{"new1", "new2"}, w.got); diff != "" {
		t.Error(diff)
	}
}

// TestClockJumps lets the clock go back and forth.
func TestClockJumps(t *testing.T) {
	w := newWorld(t)
	w.start()
	var want []string
	for i, jump := range []time.Duration{0, time.Hour, -2 * time.Hour, time.Hour, -time.Hour} {
		w.now = w.now.Add(jump)
		line := fmt.Sprint("line ", i)
		want = append(want, line)
		w.append("a.log", line+"\n")
		w.poll()
		w.check(os.Rename(w.path("a.log"), w.path(fmt.Sprintf("a.log.20261120-10000%d", i))))
		w.poll()
		w.read()
	}
	w.settle(3 * time.Second)
	if diff := cmp.Diff(want, w.got); diff != "" || len(w.lost) > 0 {
		t.Error(diff, w.lost)
	}
}

// TestDenied reads a file once its reader may, and the others meanwhile.
func TestDenied(t *testing.T) {
	drop, ok := dropPrivileges(t)
	if !ok {
		t.Skip("needs root to play somebody who is not")
	}
	w := newWorld(t)
	w.check(os.Chmod(filepath.Dir(w.dir), 0o755))
	w.append("a.log", "one\n")
	w.append("b.log", "two\n")
	w.check(os.Chmod(w.path("a.log"), 0))
	drop(true)
	w.start()
	w.settle(time.Second)
	if err := fmt.Sprint(w.err); !slices.Equal(w.got, []string{"two"}) || !strings.Contains(err, "a.log: permission denied ("+access.Hint()+")") {
		t.Error(w.got, w.err)
	}
	drop(false)
	w.check(os.Chmod(w.path("a.log"), 0o644))
	drop(true)
	w.settle(2 * time.Second)
	if !slices.Equal(w.got, []string{"two", "one"}) || w.err != nil {
		t.Error(w.got, w.err)
	}
	drop(false)
}

// TestDeniedDirectory reads a directory once its reader may, which changes no time of it.
func TestDeniedDirectory(t *testing.T) {
	drop, ok := dropPrivileges(t)
	if !ok {
		t.Skip("needs root to play somebody who is not")
	}
	w := newWorld(t)
	w.check(os.Chmod(filepath.Dir(w.dir), 0o755))
	w.append("sub/a.log", "one\n")
	w.check(os.Chmod(w.path("sub"), 0))
	w.run("touch 2001 . sub sub/a.log")
	drop(true)
	w.start()
	w.settle(time.Second)
	drop(false)
	w.check(os.Chmod(w.path("sub"), 0o755))
	drop(true)
	before := w.err
	w.settle(scanEvery)
	if !slices.Equal(w.got, []string{"one"}) || before == nil || w.err != nil {
		t.Error(w.got, before, w.err)
	}
	drop(false)
}

func TestSelect(t *testing.T) {
	w := newWorld(t)
	wanted := true
	w.cfg.Select = func(src Source) bool { return wanted || src.Name != w.path("a.log") }
	w.append("a.log", "one\n")
	w.append("b.log", "two\n")
	w.start()
	w.settle(time.Second)
	w.save()
	w.stop()
	wanted = false
	w.append("a.log", "three\n")
	w.start()
	w.settle(time.Minute)
	if diff := cmp.Diff([]string{"one", "two"}, w.got); diff != "" || len(w.f.Live()) != 1 {
		t.Error(diff)
	}
	w.save()
	w.stop()
	w.start()
	wanted = true
	w.settle(time.Second)
	if diff := cmp.Diff([]string{"one", "two", "three"}, w.got); diff != "" || len(w.lost) > 0 {
		t.Error(diff, w.lost)
	}
}

// TestSelectLate refuses a log for longer than what is gone is remembered. Its files are there all
// the time, and nothing of them is forgotten.
func TestSelectLate(t *testing.T) {
	w := newWorld(t)
	wanted := true
	w.cfg.Select = func(src Source) bool { return wanted || src.Name != w.path("a.log") }
	w.run("start\nwrite a.log L1\nexpect L1\nmv a.log a.log.1\nwrite a.log L2\nexpect L2\nstop")
	wanted = false
	w.start()
	w.settle(w.cfg.ForgetAfter + time.Minute)
	wanted = true
	w.append("a.log", "L3\n")
	w.settle(3 * time.Second)
	if !slices.Equal(w.got, []string{"L3"}) || len(w.lost) > 0 {
		t.Error(w.got, w.lost)
	}
}

func TestLag(t *testing.T) {
	w := newWorld(t)
	w.start()
	w.append("P/0.log", "2026-11-20T10:22:54Z stdout F one\n2026-11-20T10:22:55Z stdout F two\n")
	w.poll()
	l := w.f.Live()[0]
	if lag := l.Lag(); lag.Bytes != 68 || lag != w.f.Lag() {
		t.Errorf("%+v", lag)
	}
	w.now = time.Date(2026, 11, 20, 10, 22, 56, 0, time.UTC)
	l.Next()
	if lag := l.Lag(); lag.Bytes != 34 {
		t.Errorf("%+v", lag)
	}
	l.Next()
	if lag := l.Lag(); lag != (Lag{}) || w.f.Lag() != lag {
		t.Errorf("%+v", lag)
	}
	w.poll()
	caught := w.now
	w.append("P/0.log", "2026-11-20T10:22:56Z stdout F three\n")
	w.now = w.now.Add(time.Hour)
	w.poll()
	if lag := l.Lag(); lag.Bytes != 36 || !lag.Since.Equal(caught) {
		t.Errorf("%+v, caught up at %v", lag, caught)
	}
}

// TestPlace tells where a line begins, also when that file has another name by now.
func TestPlace(t *testing.T) {
	w := newWorld(t)
	w.start()
	w.append("P/0.log", "2026-11-20T10:22:54Z stdout P one \n")
	w.poll()
	w.read()
	w.check(os.Rename(w.path("P/0.log"), w.path("P/0.log.20261120-102254")))
	w.append("P/0.log", "2026-11-20T10:22:55Z stdout F two\n2026-11-20T10:22:55Z stdout F three\n")
	w.settle(time.Second - step)
	l := w.f.Live()[0]
	if !slices.Equal(w.got, []string{"one two", "three"}) {
		t.Fatal(w.got)
	}
	if p := l.Place(); p.Path != w.path("P/0.log") || p.Rotated != "" || l.Line().Offset != 34 || l.Line().Num != 2 {
		t.Errorf("%+v %+v", p, l.Line())
	}
	if src := l.Source(); src.Name != kcName || len(src.Files) != 2 || src.Container != "manager" {
		t.Errorf("%+v", src)
	}
	if stat := l.Stat(); stat.Lines != 3 || stat.Format != "cri" || stat.Bytes != 105 {
		t.Errorf("%+v", stat)
	}
}

func TestIdleCostsNoMemory(t *testing.T) {
	f := idleFollower(t, 20)
	time.Sleep(100 * time.Millisecond) // the file system's clock, not ours: what was written has to count as old
	now := time.Unix(5, 0)
	if n := testing.AllocsPerRun(100, func() { idleTick(t, f, now) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
	if f.buffers.lent > 0 {
		t.Errorf("%d buffers are held", f.buffers.lent)
	}
}

func TestFollowConfig(t *testing.T) {
	if err := DefaultFollowConfig().Validate(); err != nil {
		t.Error(err)
	}
	err := FollowConfig{Include: []string{"[", ""}, From: "middle", Format: "loki", MaxOpen: 1, HoldBytes: -1}.Validate()
	for _, key := range []string{"include", "from", "format", "max_line", "max_open", "hold_bytes", "partial_after"} {
		if err == nil || !strings.Contains(err.Error(), key+":") && !strings.Contains(err.Error(), key+",") {
			t.Errorf("nothing about %s in %v", key, err)
		}
	}
	if _, err := NewFollower(FollowConfig{}, Marks{}); err == nil {
		t.Error("an empty configuration was accepted")
	}
	if _, err := NewFollower(DefaultFollowConfig(), Marks{Version: marksVersion + 1}); err == nil {
		t.Error("marks of a newer version were accepted")
	}
}

func inodeOf(t *testing.T, path string) discover.Inode {
	t.Helper()
	st, err := new(discover.Statter).Path(path)
	if err != nil {
		t.Fatal(err)
	}
	return st.Inode
}

// TestZstdOneAtATime reads many zstd files at once, with one decoder.
func TestZstdOneAtATime(t *testing.T) {
	w := newWorld(t)
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(8<<20))
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for i := range 10 {
		text := strings.Repeat(fmt.Sprintf("%d %s\n", i, strings.Repeat("x", 1000)), 2000)
		w.check(os.WriteFile(w.path(fmt.Sprintf("%d.log.1.zst", i)), enc.EncodeAll([]byte(text), nil), 0o600))
		want = append(want, strconv.Itoa(i))
	}
	w.start()
	seen := map[string]int{}
	for range 100 {
		w.poll()
		for _, l := range w.f.Live() {
			for l.Next() {
				seen[string(l.Line().Text[:1])]++
			}
			decoders := 0
			for _, f := range w.f.files.open {
				if f.in != nil {
					decoders++
				}
			}
			if decoders > 1 {
				t.Fatalf("%d decoders", decoders)
			}
		}
	}
	for _, i := range want {
		if seen[i] != 2000 {
			t.Errorf("%s: %d lines", i, seen[i])
		}
	}
}

// TestZstdWindow does not read a file that takes more memory than a decoder has to have, and says
// why.
func TestZstdWindow(t *testing.T) {
	w := newWorld(t)
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(128<<20), zstd.WithSingleSegment(false))
	if err != nil {
		t.Fatal(err)
	}
	var packed bytes.Buffer
	enc.Reset(&packed)
	for range 12 {
		_, err = enc.Write(bytes.Repeat([]byte("0123456789abcde\n"), 1<<16))
		w.check(err)
	}
	w.check(enc.Close())
	w.check(os.WriteFile(w.path("a.log.1.zst"), packed.Bytes(), 0o600))
	w.append("a.log", "one\n")
	r := NewReader(Source{Files: []File{{Path: w.path("a.log.1.zst")}, {Path: w.path("a.log")}}}, Options{})
	if diff := cmp.Diff([]string{"one"}, texts(r)); diff != "" {
		t.Error(diff)
	}
	if err := r.Stats()[0].Err; err == nil || !strings.Contains(err.Error(), "8 MiB") {
		t.Error(err)
	}
	w.start()
	w.settle(time.Second)
	if !slices.Equal(w.got, []string{"one"}) || len(w.lost) != 1 || w.lost[0].Reason != LossDamaged {
		t.Error(w.got, w.lost)
	}
}

// TestAgain marks the lines that are read again after a file was cut back to a part, and no others.
func TestAgain(t *testing.T) {
	w := newWorld(t)
	const line = "2026-11-20T10:22:5%dZ stdout F L%d\n"
	w.append("P/0.log", fmt.Sprintf(line+line+line, 1, 1, 2, 2, 3, 3))
	w.start()
	var got []string
	read := func() {
		w.poll()
		for _, l := range w.f.Live() {
			for l.Next() {
				got = append(got, fmt.Sprint(string(l.Line().Text), l.Line().Again))
			}
		}
	}
	read()
	w.check(os.Truncate(w.path("P/0.log"), int64(len(line)-2)))
	w.append("P/0.log", fmt.Sprintf(line, 4, 4))
	read()
	if diff := cmp.Diff([]string{"L1false", "L2false", "L3false", "L1true", "L4false"}, got); diff != "" {
		t.Error(diff)
	}
}

// TestStaleHandles has the disk give nothing up for a while, as a server that has forgotten what was
// opened: the file is told, opened again, and nothing is read twice. What cannot be compared is no
// other file.
func TestStaleHandles(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	stale := func() { // what is open can be looked at, and not read
		for _, f := range w.f.all[0].files {
			w.check(f.handle.Close())
			var err error
			f.handle, err = os.OpenFile(f.Path, os.O_WRONLY, 0)
			w.check(err)
		}
	}
	w.append("a.log", "L1\nL2\n")
	w.start()
	w.poll()
	w.read()
	w.append("a.log", "L3\n")
	stale()
	w.poll()
	w.read()
	w.poll()
	if w.err == nil || !strings.Contains(w.err.Error(), "a.log") || len(w.got) != 2 {
		t.Errorf("error %v, read %q", w.err, w.got)
	}
	for range 8 {
		w.poll()
		w.read()
	}
	if w.poll(); w.err != nil || !slices.Equal(w.got, []string{"L1", "L2", "L3"}) || len(w.lost) > 0 {
		t.Errorf("error %v, read %q, lost %+v", w.err, w.got, w.lost)
	}

	stale()
	w.copy("a.log", "a.log.1")
	w.append("a.log", "L4\n")
	for range 12 {
		w.poll()
		w.read()
	}
	if !slices.Equal(w.got, []string{"L1", "L2", "L3", "L4"}) {
		t.Errorf("read %q", w.got)
	}
}

// TestOwn gives away the text of a long line without a copy, that of a short one as a copy, and
// writes to neither again.
func TestOwn(t *testing.T) {
	w := newWorld(t)
	w.start()
	const at = "2026-11-20T10:22:54.417159105Z stderr "
	piece := strings.Repeat("x", 16<<10)
	w.append("a.log", strings.Repeat(at+"P "+piece+"\n", 48)+at+"F end\n"+at+"F short\n"+
		at+"F "+strings.Repeat("y", 3*bufferSize)+"\n"+strings.Repeat(at+"P "+strings.Repeat("z", 16<<10)+"\n", 48)+at+"F \n")
	w.poll()
	l := w.f.Live()[0]
	var texts []string
	var owned [][]byte
	for l.Next() || l.Behind() {
		text := l.line.Text
		if len(text) == 0 {
			continue
		}
		own := l.Own()
		if long := len(text) > keepCapacity; long != (&own[0] == &text[0]) {
			t.Errorf("%d bytes: a copy or not: %v", len(text), &own[0] == &text[0])
		}
		texts, owned = append(texts, string(own)), append(owned, own)
	}
	if len(texts) != 4 || texts[0] != strings.Repeat(piece, 48)+"end" || texts[1] != "short" {
		t.Errorf("%d lines: %d bytes, %.100q", len(texts), len(texts[0]), texts[1])
	}
	for i := range owned {
		if string(owned[i]) != texts[i] {
			t.Errorf("line %d was written to", i)
		}
	}
}

// TestCappedGrows wants a long line in many pieces to be copied a few times only.
func TestCappedGrows(t *testing.T) {
	t.Parallel()
	c, piece, grown, copied := &capped{}, make([]byte, 16<<10), 0, 0
	c.reset(3 << 20)
	for range 300 {
		before := cap(c.b)
		if c.write(piece); cap(c.b) != before {
			grown, copied = grown+1, copied+before
		}
	}
	if grown > 8 || copied > 2*len(c.b) || cap(c.b) > 4<<20 {
		t.Errorf("grown %d times, %d bytes copied, %d of %d used", grown, copied, len(c.b), cap(c.b))
	}
}
