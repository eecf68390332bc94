package tail

import (
	"fmt"
	"os"
	"slices"
	"testing"
	"time"
)

// TestRotatedWhileLooked rotates a log while the Follower looks for files, between the listing of
// the directory and the look at what it lists.
func TestRotatedWhileLooked(t *testing.T) {
	for before := range 3 {
		for during := 1; during <= 4; during++ {
			for _, watch := range []bool{true, false} {
				t.Run(fmt.Sprintf("%d+%d, %v", before, during, watch), func(t *testing.T) { testRotatedWhileLooked(t, before, during, watch) })
			}
		}
	}
}

func testRotatedWhileLooked(t *testing.T, before, during int, watch bool) {
	w, want := newWorld(t), []string{"L0"}
	w.cfg.Watch = watch
	rotate := func(times int) {
		for range times {
			for k := len(want); k > 0; k-- {
				from := fmt.Sprint("a.log.", k-1)
				if k == 1 {
					from = "a.log"
				}
				w.check(os.Rename(w.path(from), w.path(fmt.Sprint("a.log.", k))))
			}
			line := fmt.Sprint("L", len(want))
			w.append("a.log", line+"\n")
			want = append(want, line)
		}
	}
	looked := func() {}
	w.cfg.Select = func(src Source) bool {
		if src.Name == w.path("A.log") {
			looked()
			looked = func() {}
		}
		return true
	}
	w.append("a.log", "L0\n")
	w.start()
	w.settle(time.Second)
	rotate(before)
	w.append("A.log", "") // sorted first, so that it is looked at when all is listed
	looked = func() { rotate(during) }
	old := time.Now().Add(-time.Hour)
	w.check(os.Chtimes(w.dir, old, old)) // without it both may happen within a tick of the clock
	w.settle(5 * time.Second)
	if !slices.Equal(w.got, want) || len(w.lost) > 0 {
		t.Errorf("got %v, want %v, lost %v", w.got, want, w.lost)
	}
}

// TestCompressedWhileLooked compresses a rotated log after it was found: it cannot be opened, and
// what was written behind it waits.
func TestCompressedWhileLooked(t *testing.T) {
	w := newWorld(t)
	w.start()
	w.append("a.log.1", "L1\n")
	w.append("a.log", "L2\n")
	logs := w.f.walker.Walk(w.now)
	w.gz("a.log.1")
	l := w.f.liveOf(&logs[0])
	if l.match(logs[0].Found, false); !w.f.renamed || len(l.files) > 0 || len(w.f.files.open) > 0 {
		t.Errorf("renamed %v, %d files, %d open", w.f.renamed, len(l.files), len(w.f.files.open))
	}
	w.run("expect L1 L2")
}

// TestRenamedWhileCompared renames a file that is not open before a new one is compared with it.
// The new one is no copy of it, and has to be read before what was written later.
func TestRenamedWhileCompared(t *testing.T) {
	w := newWorld(t)
	w.append("a.log.1", "the first line\n")
	w.append("a.log", "L1\n")
	w.start()
	w.settle(2 * time.Second)
	w.run(`
		mv a.log.1 a.log.2
		mv a.log a.log.1
		write a.log L2`)
	w.f.round++
	logs := w.f.walker.Walk(w.now)
	w.run("mv a.log.2 a.log.3")
	if w.f.liveOf(&logs[0]).match(logs[0].Found, false); !w.f.renamed {
		t.Error("nothing has the disk looked at again")
	}
}

// TestRestartsWhileLooked counts the logs of restarts that nobody has seen where the directory of a
// container was not watched before: the agent starts while names change, or the pod was refused.
func TestRestartsWhileLooked(t *testing.T) {
	for _, refused := range []bool{false, true} {
		t.Run(fmt.Sprint(refused), func(t *testing.T) { testRestartsWhileLooked(t, refused) })
	}
}

func testRestartsWhileLooked(t *testing.T, refused bool) {
	w := newWorld(t)
	w.cfg.Include = []string{w.dir}
	w.run(`
		write P/0.log L1
		start
		expect L1
		stop
		rm P/0.log
		write P/3.log L2`)
	w.cfg.Select = func(Source) bool {
		w.append(fmt.Sprint("b.log.", w.now.UnixNano()), "")
		return !refused
	}
	w.run("start\npoll")
	refused = false
	w.run("expect L2\nloss vanished 0 2")
}
