package conformance

import (
	"fmt"
	"os"
	"strings"
	"time"
)

// rotation by rename
var renameRows = []row{
	{"D-01", "renamed, and a new file", func(w *world) {
		w.START()
		w.W("a.log", "L1")
		w.SEE("a", "L1")
		w.MV("a.log", "a.log.1")
		w.W("a.log", "L2")
	}, sent{"a": "L1 L2"}},
	{"D-02", "a late write to the renamed file", func(w *world) {
		w.START()
		w.W("a.log", "L1")
		w.SEE("a", "L1")
		w.MV("a.log", "a.log.1")
		w.MK("a.log")
		w.W("a.log.1", "L2")
		w.W("a.log", "L3")
	}, sent{"a": "L1 L2 L3"}},
	{"D-03", "the late write has no newline", func(w *world) {
		w.START()
		w.W("a.log", "L1")
		w.SEE("a", "L1")
		w.MV("a.log", "a.log.1")
		w.MK("a.log")
		w.RAW("a.log.1", strings.TrimSuffix(w.CRI("stderr", "F", "L2"), "\n"))
		w.W("a.log", "L3")
	}, sent{"a": "L1 L2 L3"}},
	{"D-04", "the new file comes much later", func(w *world) {
		w.START()
		w.W("a.log", "L1")
		w.SEE("a", "L1")
		w.MV("a.log", "a.log.1")
		w.PASS(scaled(time.Second, 5*time.Second))
		w.W("a.log", "L3")
	}, sent{"a": "L1 L3"}},
	{"D-05", "the new file is empty for a while", func(w *world) {
		w.START()
		w.W("a.log", "L1")
		w.SEE("a", "L1")
		w.MV("a.log", "a.log.1")
		w.MK("a.log")
		w.PASS(scaled(time.Second, 3*time.Second))
		w.W("a.log", "L2 L3")
	}, sent{"a": "L1 L2 L3"}},
	{"D-06", "five rotations at once", func(w *world) {
		w.START()
		w.W("a.log", "L0")
		w.SEE("a", "L0")
		for i := range 5 {
			w.rotate("a.log", 9)
			w.W("a.log", fmt.Sprint("L", i+1))
		}
	}, sent{"a": "L0 L1 L2 L3 L4 L5"}},
	{"D-07", "rotated faster than a slow Loki takes, old files are removed", func(w *world) {
		w.START()
		w.HOLD()
		want := ""
		for i := range scaled(20, 50) {
			want += w.MANY("P/0.log", fmt.Sprintf("R%dL", i), 10) + " "
			w.PASS(100 * time.Millisecond)
			w.kubeletRotate("P/0.log", i, 5)
		}
		w.RELEASE()
		w.END(sent{"source-controller": want})
	}, nil},
	{"D-08", "the pattern fits the rotated file too", func(w *world) {
		w.setup.Include = []string{"a.log*"}
		w.START()
		w.W("a.log", "L1")
		w.SEE("a", "L1")
		w.MV("a.log", "a.log.1")
		w.W("a.log", "L2")
	}, sent{"a": "L1 L2"}},
	{"D-09", "moved out of sight, then appended", func(w *world) {
		w.setup.Include = []string{"*.log"}
		w.MKDIR("away")
		w.START()
		w.W("a.log", "L1")
		w.SEE("a", "L1")
		w.MV("a.log", "away/x")
		w.W("away/x", "L2")
		w.SEE("a", "L2")
		w.W("a.log", "L3")
	}, sent{"a": "L1 L2 L3"}},
	{"D-10", "rotated while far behind", func(w *world) {
		w.START()
		w.W("a.log", "L1")
		w.SEE("a", "L1")
		w.HOLD()
		text := strings.Repeat("x", 1000)
		want := "L1 "
		for i := range scaled(5_000, 100_000) {
			want += fmt.Sprint(i, text) + " "
		}
		w.W("a.log", strings.TrimPrefix(want, "L1 "))
		w.PASS(5 * poll)
		w.rotate("a.log", 9)
		w.W("a.log", "L2")
		w.PASS(time.Second) // more than a rotated file is waited for
		w.RELEASE()
		w.END(sent{"a": want + "L2"})
	}, nil},
	{"D-11", "a link to a pod's log, which is rotated", func(w *world) {
		w.setup.Include = []string{"containers"}
		w.W("P/0.log", "L1")
		w.LN("containers/source-controller-0_flux-system_manager-11.log", "P/0.log")
		w.START()
		w.SEE("source-controller", "L1")
		w.MV("P/0.log", "P/0.log.20261120-100000")
		w.W("P/0.log", "L2")
	}, sent{"source-controller": "L1 L2"}},
	{"D-12", "the container restarts, and the link turns to the new log", func(w *world) {
		w.setup.Include = []string{"containers"}
		w.W("P/0.log", "L1")
		w.LN("containers/source-controller-0_flux-system_manager-11.log", "P/0.log")
		w.START()
		w.SEE("source-controller", "L1")
		w.W("P/0.log", "L2")
		w.W("P/1.log", "L3")
		w.LN("containers/source-controller-0_flux-system_manager-11.log", "P/1.log")
	}, sent{"source-controller": "L1 L2 L3"}},
	{"D-13", "replaced by a file that begins the same", func(w *world) {
		w.W("a.log", "L1 L2")
		w.START()
		w.SEE("a", "L1 L2")
		w.CP("a.log", "new.tmp")
		w.W("new.tmp", "L3")
		w.MV("new.tmp", "a.log")
	}, sent{"a": "L1 L2 L3"}},
	{"D-14", "replaced by another file", func(w *world) {
		w.W("a.log", "L1 L2")
		w.START()
		w.SEE("a", "L1 L2")
		w.W("new.tmp", "L3")
		w.MV("new.tmp", "a.log")
	}, sent{"a": "L1 L2 L3"}},
	{"D-15", "all ways to rotate, name and remove", func(w *world) {
		w.START()
		want := sent{}
		for _, move := range []bool{true, false} {
			for _, keep := range []int{1, 0} {
				for _, dated := range []bool{true, false} {
					app := fmt.Sprintf("f-%t-%d-%t", move, keep, dated)
					want[app] = w.rotations(app, move, keep, dated)
				}
			}
		}
		w.END(want)
	}, nil},
}

// rotations plays three rotations of a log whose lines were read before.
func (w *world) rotations(app string, move bool, keep int, dated bool) (lines string) {
	name := app + ".log"
	for i := range 3 {
		more := fmt.Sprintf("%s-%d", app, i)
		w.W(name, more)
		w.SEE(app, more)
		lines += more + " "
		old := name + ".1"
		if dated {
			old = fmt.Sprintf("%s.20261120-10000%d", name, i)
		}
		if move {
			w.MV(name, old)
			w.MK(name)
		} else {
			w.CP(name, old)
			w.TR(name, 0)
		}
		if keep == 0 {
			w.RM(old)
		}
	}
	return lines
}

// rotate renames NAME to NAME.1, NAME.1 to NAME.2 and so on, and leaves an empty NAME.
func (w *world) rotate(name string, keep int) {
	w.Helper()
	for i := keep; i > 0; i-- {
		from := fmt.Sprint(name, ".", i-1)
		if i == 1 {
			from = name
		}
		if _, err := os.Stat(w.path(from)); err == nil {
			w.MV(from, fmt.Sprint(name, ".", i))
		}
	}
	w.MK(name)
}

// kubeletRotate gives the log the name of the i-th rotation, compresses the one before, and removes
// the oldest.
func (w *world) kubeletRotate(name string, i, keep int) {
	w.Helper()
	rotated := func(i int) string { return fmt.Sprintf("%s.20261120-%06d", name, 100000+i) }
	w.MV(name, rotated(i))
	w.MK(name)
	if i > 0 {
		w.GZ(rotated(i - 1))
	}
	if i >= keep {
		w.RM(rotated(i-keep) + ".gz")
	}
}

// truncation
var truncateRows = []row{
	{"E-01", "truncated and written", func(w *world) {
		w.START()
		w.W("a.log", "L1 L2")
		w.SEE("a", "L1 L2")
		w.TR("a.log", 0)
		w.W("a.log", "L3")
	}, sent{"a": "L1 L2 L3"}},
	{"E-02", "copied and truncated while idle", func(w *world) {
		w.START()
		w.W("a.log", "L1 L2")
		w.SEE("a", "L1 L2")
		w.CT("a.log")
		w.W("a.log", "L3")
	}, sent{"a": "L1 L2 L3"}},
	{"E-03", "truncated and grown beyond the old end at once", func(w *world) {
		w.START()
		w.W("a.log", "L1 L2")
		w.SEE("a", "L1 L2")
		w.TR("a.log", 0)
		w.W("a.log", "L3 L4 L5 L6")
	}, sent{"a": "L1 L2 L3 L4 L5 L6"}},
	{"E-04", "truncated, and the same first lines again", func(w *world) {
		w.mayRepeat = true // the file has them again, at the same time: Loki keeps one of each
		same := w.CRI("stderr", "F", "same") + w.CRI("stderr", "F", "same"+strings.Repeat("x", 1200))
		w.START()
		w.RAW("a.log", same)
		w.W("a.log", "L1 L2 L3")
		w.SEE("a", "L3")
		w.TR("a.log", 0)
		w.RAW("a.log", same)
		w.W("a.log", "L4")
	}, // lines with the same time and the same text are one entry for Loki
		sent{"a": "same same" + strings.Repeat("x", 1200) + " L1 L2 L3 L4"}},
	{"E-05", "the writer keeps its position over the truncation", func(w *world) {
		first := w.CRI("stderr", "F", "L1") + w.CRI("stderr", "F", "L2")
		w.AT("a.log", 0, first)
		w.START()
		w.SEE("a", "L1 L2")
		w.TR("a.log", 0)
		w.AT("a.log", int64(len(first)), w.CRI("stderr", "F", "L3"))
	}, sent{"a": "L1 L2 L3"}},
	{"E-06", "truncated while Loki is held, with lines that were not sent", func(w *world) {
		w.setup.BatchEntries, w.mayLose = 2, true
		w.W("a.log", "L1")
		w.START()
		w.SEE("a", "L1")
		w.HOLD()
		w.W("a.log", "L2 L3")
		w.PASS(time.Second) // this batch is under way
		w.W("a.log", "lost1 lost2 lost3 lost4 lost5 lost6")
		w.PASS(time.Second)
		w.TR("a.log", 0)
		w.W("a.log", "L4")
		w.PASS(10 * poll)
		w.RELEASE()
		w.SEE("a", "L1 L2 L3 L4")
		got := w.loki.apps()["a"]
		w.END(sent{"a": strings.Join(got, " ")})
	}, nil},
	{"E-07", "copied and truncated, then both are written", func(w *world) {
		w.START()
		w.W("a.log", "L1")
		w.SEE("a", "L1")
		w.CT("a.log")
		w.W("a.log.1", "L2")
		w.PASS(10 * poll)
		w.W("a.log", "L3")
	}, sent{"a": "L1 L2 L3"}},
	{"E-08", "cut back to a part, which is read again, once", func(w *world) {
		w.mayRepeat = true // what is read again keeps its time: Loki keeps one of each
		w.W("a.log", "L1 L2 L3")
		w.START()
		w.SEE("a", "L1 L2 L3")
		w.TR("a.log", int64(len(w.CRI("stderr", "F", "L1"))))
		w.W("a.log", "L4")
	}, sent{"a": "L1 L2 L3 L4"}},
	{"E-09", "truncated again and again", func(w *world) {
		w.MK("a.log")
		w.START()
		want := ""
		for i := range scaled(20, 100) {
			line := fmt.Sprint("L", i)
			want += line + " "
			w.TR("a.log", 0)
			w.W("a.log", line)
			w.SEE("a", line)
		}
		w.END(sent{"a": want})
	}, nil},
}
