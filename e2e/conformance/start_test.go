package conformance

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// start and discovery
var startRows = []row{
	{"A-01", "what is there is read from its beginning", func(w *world) {
		w.W("a.log", "L1 L2")
		w.START()
	}, sent{"a": "L1 L2"}},
	{"A-02", "what is there is passed over, and counted", func(w *world) {
		w.setup.From, w.mayLose = "end", true
		w.W("a.log", "L1")
		w.START()
		w.W("a.log", "L2")
	}, sent{"a": "L2"}},
	{"A-03", "a file born after the start is read from 0", func(w *world) {
		w.setup.From = "end"
		w.START()
		w.W("a.log", "L1")
	}, sent{"a": "L1"}},
	{"A-04", "the directory comes later", func(w *world) {
		w.RM("")
		w.START()
		w.W("a.log", "L1")
	}, sent{"a": "L1"}},
	{"A-05", "a directory and a socket fit the pattern", func(w *world) {
		w.setup.Include = []string{"*.log"}
		w.MKDIR("x.log")
		socket, err := net.ListenUnix("unix", &net.UnixAddr{Name: w.path("s.log"), Net: "unix"})
		w.check(err)
		w.Cleanup(func() { _ = socket.Close() })
		w.W("a.log", "L1")
		w.START()
		w.SEE("a", "L1")
		w.PASS(10 * poll)
		if n := strings.Count(w.printed(), `s.log`); n > 2 { // by each lane
			w.Errorf("warned %d times", n)
		}
	}, sent{"a": "L1"}},
	{"A-06", "one of two files is excluded", func(w *world) {
		w.setup.Exclude = []string{"b*"}
		w.W("a.log", "L1")
		w.W("b.log", "no")
		w.START()
	}, sent{"a": "L1"}},
	{"A-07", "500 files, half of their lines are there and half come", func(w *world) { manyFiles(w, 500, 10) }, nil},
	{"A-08", "more files than may be open", func(w *world) {
		w.setup.MaxOpen = 50
		manyFiles(w, 200, 5)
	}, nil},
	{"A-09", "two patterns fit one file", func(w *world) {
		w.setup.Include = []string{"a.log", "*.log"}
		w.W("a.log", "L1 L2")
		w.START()
	}, sent{"a": "L1 L2"}},
	{"A-10", "a pod that lives for a moment", func(w *world) {
		w.START()
		w.W("P/0.log", "L1")
		w.PASS(300 * time.Millisecond)
		w.RM("P/..")
	}, sent{"source-controller": "L1"}},
	{"A-11", "a file that may not be read yet", func(w *world) {
		w.uid = unprivileged()
		w.W("a.log", "L1")
		w.W("b.log", "L2")
		w.check(os.Chmod(w.path("a.log"), 0))
		w.START()
		w.SEE("b", "L2")
		w.until("the agent to say so", func() bool { return strings.Contains(w.printed(), "permission denied") })
		w.check(os.Chmod(w.path("a.log"), 0o644))
	}, sent{"a": "L1", "b": "L2"}},
	{"A-12", "a noisy file and a quiet one", func(w *world) {
		pad := strings.Repeat("x", 1000)
		n, want := scaled(10_000, 100_000), []string{}
		for i := range n {
			text := fmt.Sprint(i, pad)
			w.LINE("a.log", text)
			want = append(want, text)
		}
		w.W("b.log", "L1") // the newest of all
		w.START()
		w.END(sent{"a": strings.Join(want, " "), "b": "L1"})
		if first := w.loki.position("L1"); first >= n/4 {
			w.Errorf("the quiet line was the %dth of %d", first, n)
		}
	}, nil},
	{"A-13", "rotations that are there are read first", func(w *world) {
		w.W("a.log.2", "L1")
		w.W("a.log.1", "L2 L3")
		w.W("a.log", "L4")
		w.START()
	}, sent{"a": "L1 L2 L3 L4"}},
	{"A-14", "no API server answers", func(w *world) {
		w.setup.Kubeconfig = filepath.Join(w.dir, "kubeconfig")
		w.check(os.WriteFile(w.setup.Kubeconfig, []byte(deadCluster), 0o600))
		w.W("P/0.log", "L1")
		w.START()
		w.SEE("source-controller", "L1")
		if e := w.loki.entries()[0]; !strings.Contains(e.Labels, `namespace="flux-system"`) || e.Meta["pod"] != "source-controller-0" {
			w.Errorf("labels %s, metadata %v", e.Labels, e.Meta)
		}
	}, sent{"source-controller": "L1"}},
}

const deadCluster = `apiVersion: v1
kind: Config
clusters: [{name: c, cluster: {server: "http://127.0.0.1:1"}}]
users: [{name: u, user: {}}]
contexts: [{name: x, context: {cluster: c, user: u}}]
current-context: x
`

// unprivileged is a user to whom modes of files matter; 0 when that is who runs the tests.
func unprivileged() int {
	if os.Getuid() == 0 {
		return 65532
	}
	return 0
}

// manyFiles writes twice n lines to each of so many files.
func manyFiles(w *world, files, n int) {
	want := sent{}
	each := func(prefix string) {
		for i := range files {
			app := fmt.Sprint("f", i)
			want[app] += w.MANY(app+".log", prefix, n) + " "
		}
	}
	each("L")
	w.START()
	each("M")
	for i := range files {
		w.SEE(fmt.Sprint("f", i), fmt.Sprint("M", n-1))
		if open := len(w.proc.openIn(w.setup.Logs)); w.setup.MaxOpen > 0 && open > 2*w.setup.MaxOpen { // by two lanes
			w.Fatalf("%d files are open", open)
		}
	}
	w.END(want)
}
