package conformance

import (
	"fmt"
	"os"
	"strings"
	"syscall"
	"time"
)

// deleted, created again, and what is no file
var deleteRows = []row{
	{"F-01", "removed while reading is behind", func(w *world) {
		w.setup.BatchEntries = 10
		w.START()
		w.W("a.log", "L1")
		w.SEE("a", "L1")
		w.HOLD()
		want := "L1 " + w.MANY("a.log", "M", 1000)
		w.PASS(10 * poll)
		w.RM("a.log")
		w.PASS(10 * poll)
		w.RELEASE()
		w.END(sent{"a": want})
	}, nil},
	{"F-02", "removed and created again at once", func(w *world) {
		w.START()
		w.W("a.log", "L1")
		w.SEE("a", "L1")
		w.RM("a.log")
		w.W("a.log", "L2")
	}, sent{"a": "L1 L2"}},
	{"F-03", "the new file has the inode of the old, and is longer", func(w *world) {
		w.START()
		want := ""
		for i := range 20 {
			before := w.inode("a.log")
			w.RM("a.log")
			line := fmt.Sprint("L", i, strings.Repeat("x", i))
			w.W("a.log", line)
			w.SEE("a", line)
			want += line + " "
			if i > 0 && w.inode("a.log") == before {
				break
			}
		}
		w.END(sent{"a": want})
	}, nil},
	{"F-04", "what is remembered of a pod that is gone is forgotten", func(w *world) {
		w.setup.ForgetAfter, w.setup.PartialAfter = 500*time.Millisecond, 300*time.Millisecond
		w.W("P/0.log", "L1")
		w.START()
		w.SEE("source-controller", "L1")
		w.until("the pod to be in the state", func() bool { return strings.Contains(w.state(), "11111111-1111") })
		w.RM("P/..")
		w.W("Q/0.log", "L2")
		w.SEE("kustomize-controller", "L2")
		want := "L2"
		w.until("the pod to be forgotten", func() bool { // the agent saves when something happens
			line := fmt.Sprint("L", len(want))
			want += " " + line
			w.W("Q/0.log", line)
			state := w.state()
			return !strings.Contains(state, `"name":"flux-system/source-controller-0/manager/11111111-1111"`) && strings.Contains(state, "22222222-2222")
		})
		w.END(sent{"source-controller": "L1", "kustomize-controller": want})
	}, nil},
	{"F-05", "files come and go", func(w *world) {
		w.setup.ForgetAfter, w.setup.PartialAfter = 300*time.Millisecond, 300*time.Millisecond
		w.START()
		want := sent{}
		for i := range scaled(60, 1000) {
			app := fmt.Sprint("f", i)
			want[app] = "L" + app
			w.W(app+".log", want[app])
			w.SEE(app, want[app])
			w.RM(app + ".log")
		}
		w.END(want)
	}, nil},
	{"F-06", "a link to what is not there yet", func(w *world) {
		w.setup.Include = []string{"*.log"}
		w.MKDIR("real")
		w.LN("a.log", "real/x")
		w.START()
		w.W("real/x", "L1")
	}, sent{"a": "L1"}},
	{"F-07", "a loop of links, a pipe and a device", func(w *world) {
		w.LN("x.log", "y.log")
		w.LN("y.log", "x.log")
		w.check(syscall.Mkfifo(w.path("p.log"), 0o644))
		w.check(os.Symlink("/dev/zero", w.path("z.log")))
		w.W("a.log", "L1")
		w.START()
	}, sent{"a": "L1"}},
	{"F-08", "a link that turns to one file after the other", func(w *world) {
		w.setup.Include = []string{"a.log"}
		w.START()
		want := ""
		for i := range scaled(10, 30) {
			name := fmt.Sprint("real/", i)
			lines := w.MANY(name, fmt.Sprintf("F%dL", i), 100)
			w.LN("a.log", name)
			w.SEE("a", fmt.Sprintf("F%dL99", i))
			want += lines + " "
		}
		w.END(sent{"a": want})
	}, nil},
}

func (w *world) inode(name string) uint64 {
	info, err := os.Stat(w.path(name))
	if err != nil {
		return 0
	}
	return info.Sys().(*syscall.Stat_t).Ino
}

// state is all that the agent saved.
func (w *world) state() string {
	entries, _ := os.ReadDir(w.setup.State)
	var all strings.Builder
	for _, e := range entries {
		text, _ := os.ReadFile(w.setup.State + "/" + e.Name()) // it may be replaced at this moment
		all.Write(text)
	}
	return all.String()
}

// compressed rotations
var packedRows = []row{
	{"G-01", "compressed and never read", func(w *world) {
		w.W("a.log.1", "L1 L2")
		w.GZ("a.log.1")
		w.W("a.log", "L3")
		w.START()
	}, sent{"a": "L1 L2 L3"}},
	{"G-02", "read, then compressed", func(w *world) {
		w.START()
		w.W("a.log", "L1 L2")
		w.SEE("a", "L1 L2")
		w.MV("a.log", "a.log.1")
		w.W("a.log", "L3")
		w.SEE("a", "L3")
		w.GZ("a.log.1")
		w.W("a.log", "L4")
	}, sent{"a": "L1 L2 L3 L4"}},
	{"G-03", "half read, and compressed while down", func(w *world) {
		w.START()
		w.W("a.log", "L1 L2")
		w.SEE("a", "L1 L2")
		w.STOP()
		w.W("a.log", "L3 L4")
		w.MV("a.log", "a.log.1")
		w.GZ("a.log.1")
		w.W("a.log", "L5")
	}, sent{"a": "L1 L2 L3 L4 L5"}},
	{"G-04", "half of a compression", func(w *world) {
		w.W("a.log.1", "L1 L2")
		text, err := os.ReadFile(w.path("a.log.1"))
		w.check(err)
		gz := string(packed(text))
		w.RM("a.log.1")
		w.RAW("a.log.1.tmp", gz[:len(gz)/2])
		w.START()
		w.PASS(10 * poll)
		w.RAW("a.log.1.tmp", gz[len(gz)/2:])
		w.MV("a.log.1.tmp", "a.log.1.gz")
	}, sent{"a": "L1 L2"}},
	{"G-05", "two members; a damaged end; a missing end", func(w *world) {
		two := string(packed([]byte(w.CRI("stderr", "F", "A1")))) + string(packed([]byte(w.CRI("stderr", "F", "A2"))))
		w.RAW("a.log.1.gz", two)
		w.RAW("b.log.1.gz", string(packed([]byte(w.CRI("stderr", "F", "B1"))))+"garbage")
		var long strings.Builder
		for i := range 2000 {
			long.WriteString(w.CRI("stderr", "F", fmt.Sprint("C", i)))
		}
		gz := packed([]byte(long.String()))
		w.RAW("c.log.1.gz", string(gz[:len(gz)*3/4]))
		for _, name := range []string{"a", "b", "c"} {
			w.W(name+".log", "end-"+name)
		}
		w.START()
		w.SEE("c", "C0 end-c")
		w.until("the agent to tell", func() bool { return strings.Count(w.printed(), `"reason":"damaged"`) >= 2 })
		w.until("it to be counted", func() bool { return w.agent.Lost(w.proc.address()).Lines >= 2 })
		w.mayLose = true
		w.END(sent{"a": "A1 A2 end-a", "b": "B1 end-b", "c": strings.Join(w.loki.apps()["c"], " ")})
	}, nil},
	{"G-06", "very much in little", func(w *world) {
		w.setup.MaxLine, w.setup.MaxPartial = "1MiB", "4MiB"
		w.RAW("a.log.1.gz", string(packed(make([]byte, scaled(100<<20, 1<<30)))))
		w.W("a.log", "L2")
		w.START()
		w.SEE("a", "L2")
		w.watchLimits()
	}, nil},
	{"G-07", "not read again after a restart", func(w *world) {
		w.W("a.log.1", "L1 L2")
		w.GZ("a.log.1")
		w.W("a.log", "L3")
		w.START()
		w.SEE("a", "L1 L2 L3")
		w.STOP()
		w.W("a.log", "L4")
	}, sent{"a": "L1 L2 L3 L4"}},
}
