package conformance

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// restarts and positions
var restartRows = []row{
	{"H-01", "stopped, written, started", func(w *world) {
		w.START()
		w.W("a.log", "L1")
		w.SEE("a", "L1")
		w.STOP()
		w.W("a.log", "L2")
	}, sent{"a": "L1 L2"}},
	{"H-02", "killed at any moment under load, with rotations", func(w *world) {
		want := ""
		for i := range scaled(10, 200) {
			w.START()
			want += w.MANY("P/0.log", fmt.Sprintf("R%dL", i), 500) + " "
			if i%3 == 2 {
				w.kubeletRotate("P/0.log", i/3, 5)
			}
			if i%2 == 0 {
				w.SEE("source-controller", fmt.Sprintf("R%dL%d", i, i*17%500))
			}
			w.KILL()
		}
		w.END(sent{"source-controller": want})
	}, nil},
	{"H-03", "rotated while down", func(w *world) {
		w.START()
		w.W("a.log", "L1")
		w.SEE("a", "L1")
		w.STOP()
		w.W("a.log", "L2")
		w.MV("a.log", "a.log.1")
		w.W("a.log", "L3")
	}, sent{"a": "L1 L2 L3"}},
	{"H-04", "three rotations and a compression while down", func(w *world) {
		w.START()
		w.W("P/0.log", "L1")
		w.SEE("source-controller", "L1")
		w.STOP()
		w.W("P/0.log", "L2")
		for i := range 3 {
			w.kubeletRotate("P/0.log", i, 9)
			w.W("P/0.log", fmt.Sprint("L", i+3))
		}
	}, sent{"source-controller": "L1 L2 L3 L4 L5"}},
	{"H-05", "copied and truncated while down, and shorter", func(w *world) {
		w.START()
		w.W("a.log", "L1 L2 L3")
		w.SEE("a", "L3")
		w.STOP()
		w.W("a.log", "L4")
		w.CT("a.log")
		w.W("a.log", "L5")
	}, sent{"a": "L1 L2 L3 L4 L5"}},
	{"H-06", "truncated while down, and shorter", func(w *world) {
		w.START()
		w.W("a.log", "L1 L2 L3")
		w.SEE("a", "L3")
		w.STOP()
		w.TR("a.log", 0)
		w.W("a.log", "L4")
	}, sent{"a": "L1 L2 L3 L4"}},
	{"H-07", "truncated while down, and longer", func(w *world) {
		w.START()
		w.W("a.log", "L1")
		w.SEE("a", "L1")
		w.STOP()
		w.TR("a.log", 0)
		w.W("a.log", "L2 L3 L4 L5")
	}, sent{"a": "L1 L2 L3 L4 L5"}},
	{"H-08", "a state that is damaged in any way", func(w *world) {
		w.uid, w.oddState, w.mayRepeat = unprivileged(), true, true
		w.W("a.log", "L1 L2")
		w.START()
		w.SEE("a", "L1 L2")
		want := "L1 L2 "
		for i, damage := range []func(path string, text []byte) error{
			func(path string, text []byte) error { return os.WriteFile(path, nil, 0o600) },
			func(path string, text []byte) error { return os.WriteFile(path, make([]byte, len(text)), 0o600) },
			func(path string, text []byte) error { return os.WriteFile(path, text[:len(text)/2], 0o600) },
			func(path string, text []byte) error { return os.WriteFile(path, []byte("\x8f\x01 no state"), 0o600) },
			func(path string, _ []byte) error {
				return errors.Join(os.Remove(path), os.Mkdir(path, 0o755))
			},
		} {
			w.STOP()
			w.eachState(damage)
			w.START()
			line := fmt.Sprint("M", i)
			w.W("a.log", line)
			w.SEE("a", line)
			want += line + " "
			if kept, _ := filepath.Glob(filepath.Join(w.setup.State, "*.bad-*")); len(kept) == 0 {
				w.Errorf("damage %d: the file was not kept", i)
			}
		}
		w.STOP()
		w.check(os.Chmod(w.setup.State, 0o500))
		w.START()
		w.W("a.log", "last")
		w.SEE("a", "last")
		w.check(os.Chmod(w.setup.State, 0o700))
		w.END(sent{"a": want + "last"})
	}, nil},
	{"H-09", "the disk of the state is full for a while", func(w *world) {
		w.oddState = true
		w.smallDisk()
		w.START()
		w.W("a.log", "L1")
		w.SEE("a", "L1")
		full := filepath.Join(w.setup.State, "full")
		_ = os.WriteFile(full, make([]byte, 1<<20), 0o600) // fails, when the disk is full
		w.W("a.log", "L2")
		w.SEE("a", "L2")
		w.until("the agent to say so", func() bool { return strings.Contains(w.printed(), "no space left") })
		w.W("b.log", "L3")
		w.SEE("b", "L3")
		w.RM("b.log")
		w.until("the removed file to be closed", func() bool { return !strings.Contains(fmt.Sprint(w.proc.openIn(w.setup.Logs)), "deleted") })
		w.check(os.Remove(full))
		w.W("a.log", "L4")
		w.SEE("a", "L4")
		w.until("the state to be saved again", func() bool { return strings.Contains(w.printed(), "can be saved again") })
	}, sent{"a": "L1 L2 L4", "b": "L3"}},
	{"H-10", "killed while the state was written", func(w *world) {
		w.START()
		w.W("a.log", "L1 L2")
		w.SEE("a", "L1 L2")
		w.KILL()
		w.eachState(func(path string, text []byte) error { return os.WriteFile(path+".tmp", text[:len(text)/2], 0o600) })
		w.W("a.log", "L3")
	}, sent{"a": "L1 L2 L3"}},
	{"H-11", "the state of a newer version", func(w *world) {
		w.oddState, w.mayRepeat = true, true
		w.W("a.log", "L1")
		w.START()
		w.SEE("a", "L1")
		w.STOP()
		w.eachState(func(path string, text []byte) error {
			return os.WriteFile(path, []byte(strings.Replace(string(text), `"schema":1`, `"schema":99`, 1)), 0o600)
		})
		w.START()
		w.until("the agent to say so", func() bool { return strings.Contains(w.printed(), "newer version") })
		w.W("a.log", "L2")
	}, sent{"a": "L1 L2"}},
	{"H-12", "two agents and one state", func(w *world) {
		w.START()
		w.W("a.log", "L1")
		second := w.run(w.agent.Live)
		w.until("the second to end", second.ended)
		if second.code() == 0 {
			w.Errorf("the second ended well:\n%s", second.printed())
		}
	}, sent{"a": "L1"}},
	{"H-13", "another file has the inode, after a restart", func(w *world) {
		w.START()
		w.W("a.log", "L1")
		w.SEE("a", "L1")
		w.STOP()
		before := w.inode("a.log")
		for range 20 {
			w.RM("a.log")
			w.MK("a.log")
			if w.inode("a.log") == before {
				break
			}
		}
		w.W("a.log", "L2 L3")
	}, sent{"a": "L1 L2 L3"}},
	{"H-14", "removed while down", func(w *world) {
		w.W("a.log", "L1")
		w.W("b.log", "L2")
		w.START()
		w.SEE("a", "L1")
		w.SEE("b", "L2")
		w.STOP()
		w.RM("a.log")
	}, sent{"a": "L1", "b": "L2"}},
	{"H-15", "many restarts with nothing new", func(w *world) {
		w.W("a.log", "L1 L2")
		w.START()
		w.SEE("a", "L1 L2")
		w.STOP()
		n := len(w.loki.pushes())
		for range scaled(5, 20) {
			w.START()
			w.PASS(5 * poll)
			w.STOP()
		}
		if more := len(w.loki.pushes()) - n; more > 0 {
			w.Errorf("%d requests", more)
		}
	}, sent{"a": "L1 L2"}},
	{"H-16", "stopped while Loki is held", func(w *world) {
		w.setup.Grace, w.setup.BatchEntries = time.Second, 10
		w.HOLD()
		want := w.MANY("a.log", "L", 100)
		w.START()
		w.PASS(10 * poll)
		w.STOP()
		if n := len(w.loki.entries()); n > 0 {
			w.Errorf("%d entries", n)
		}
		w.RELEASE()
		w.END(sent{"a": want})
	}, nil},
	{"H-19", "a file is excluded, then not any more", func(w *world) {
		w.W("a.log", "L1")
		w.W("b.log", "M1")
		w.START()
		w.SEE("a", "L1")
		w.SEE("b", "M1")
		w.STOP()
		w.setup.Exclude = []string{"a.log"}
		w.W("a.log", "L2")
		w.W("b.log", "M2")
		w.START()
		w.SEE("b", "M2")
		w.STOP()
		w.setup.Exclude = nil
	}, sent{"a": "L1 L2", "b": "M1 M2"}},
}

// eachState changes all files that the agent keeps its state in.
func (w *world) eachState(change func(path string, text []byte) error) {
	w.Helper()
	paths, _ := filepath.Glob(filepath.Join(w.setup.State, "*.json"))
	if len(paths) == 0 {
		w.Fatal("there is no state")
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		w.check(err)
		w.check(change(path, text))
		if w.uid != 0 {
			w.check(os.Chown(path, w.uid, 0))
		}
	}
}

// smallDisk gives the state a disk of its own.
func (w *world) smallDisk() {
	w.Helper()
	w.check(os.MkdirAll(w.setup.State, 0o700))
	if err := syscall.Mount("tmpfs", w.setup.State, "tmpfs", 0, "size=128k"); err != nil {
		w.Skipf("cannot mount a small disk: %v; run the tests as root", err)
	}
	w.Cleanup(func() {
		if w.proc != nil {
			w.proc.kill()
		}
		w.check(syscall.Unmount(w.setup.State, 0))
	})
}

// identity of files
var identityRows = []row{
	{"I-01", "two files that begin the same", func(w *world) {
		same := w.CRI("stderr", "F", strings.Repeat("x", 4096))
		w.RAW("a.log", same)
		w.RAW("b.log", same)
		w.W("a.log", "L1")
		w.W("b.log", "M1")
		w.START()
	}, sent{"a": strings.Repeat("x", 4096) + " L1", "b": strings.Repeat("x", 4096) + " M1"}},
	{"I-02", "a file that grows byte by byte", func(w *world) {
		w.START()
		want := ""
		for i := range scaled(10, 1000) {
			line := fmt.Sprint("L", i, strings.Repeat("x", 60))
			want += line + " "
			for _, b := range []byte(w.CRI("stderr", "F", line)) {
				w.RAW("a.log", string(b))
			}
		}
		w.END(sent{"a": want})
	}, nil},
	{"I-03", "two names of one file", func(w *world) {
		w.W("a.log", "L1")
		w.check(os.Link(w.path("a.log"), w.path("b.log")))
		w.START()
		w.W("a.log", "L2")
	}, sent{"a": "L1 L2"}},
	{"I-04", "two pods of one name", func(w *world) {
		w.W("P/0.log", "L1")
		w.W("flux-system_source-controller-0_33333333-3333/manager/0.log", "L2")
		w.START()
	}, sent{"source-controller": "L1 L2"}},
	{"I-05", "a copy of a file that was read, which then differs", func(w *world) {
		w.W("a.log", "L1 L2")
		w.START()
		w.SEE("a", "L1 L2")
		w.CP("a.log", "b.log")
		w.PASS(5 * poll)
		w.W("b.log", "M3")
		w.W("a.log", "L3")
	}, sent{"a": "L1 L2 L3", "b": "L1 L2 M3"}},
}
