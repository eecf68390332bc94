package conformance

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/hanwen/go-fuse/v2/fs"
	"github.com/hanwen/go-fuse/v2/fuse"
)

// faults is what a file system does wrong. It has a lock because the file system answers from
// goroutines of its own.
type faults struct {
	mu     sync.Mutex
	broken map[string]int64         // reading a file from this offset on is EIO
	frozen map[string]fuse.Attr     // what is told of a file is this
	opened map[string][]*faultyFile // since the start
	denied map[string]int           // reads of a file that failed
}

func (f *faults) do(change func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change()
}

// faultyNode is a directory or file of a file system that shows another one.
type faultyNode struct {
	fs.LoopbackNode
	faults *faults
}

func (n *faultyNode) name() string { return filepath.Base(n.Path(nil)) }

// WrapChild implements fs.NodeWrapChilder.
func (n *faultyNode) WrapChild(context.Context, fs.InodeEmbedder) fs.InodeEmbedder {
	return &faultyNode{LoopbackNode: fs.LoopbackNode{RootData: n.RootData}, faults: n.faults}
}

// Getattr implements fs.NodeGetattrer.
func (n *faultyNode) Getattr(ctx context.Context, f fs.FileHandle, out *fuse.AttrOut) syscall.Errno {
	errno := n.LoopbackNode.Getattr(ctx, nil, out)
	n.faults.do(func() {
		if old, ok := n.faults.frozen[n.name()]; ok && errno == fs.OK {
			out.Attr = old
		}
	})
	return errno
}

// Open implements fs.NodeOpener. The kernel keeps nothing of what is read.
func (n *faultyNode) Open(ctx context.Context, flags uint32) (fs.FileHandle, uint32, syscall.Errno) {
	h, _, errno := n.LoopbackNode.Open(ctx, flags)
	if errno != fs.OK {
		return nil, 0, errno
	}
	name := n.name()
	file := &faultyFile{FileHandle: h, faults: n.faults, name: name}
	n.faults.do(func() { n.faults.opened[name] = append(n.faults.opened[name], file) })
	return file, fuse.FOPEN_DIRECT_IO, fs.OK
}

// faultyFile is an open file.
type faultyFile struct {
	fs.FileHandle
	faults *faults
	name   string
	stale  bool // under the lock of faults
}

// Read implements fs.FileReader.
func (f *faultyFile) Read(ctx context.Context, dest []byte, off int64) (fuse.ReadResult, syscall.Errno) {
	errno := fs.OK
	f.faults.do(func() {
		from, broken := f.faults.broken[f.name]
		switch {
		case f.stale:
			errno = syscall.ESTALE
		case broken && off >= from:
			errno = syscall.EIO
		case broken:
			dest = dest[:min(int64(len(dest)), from-off)]
		}
		if errno != fs.OK {
			f.faults.denied[f.name]++
		}
	})
	if errno != fs.OK {
		return nil, errno
	}
	return f.FileHandle.(fs.FileReader).Read(ctx, dest, off)
}

// Release implements fs.FileReleaser.
func (f *faultyFile) Release(ctx context.Context) syscall.Errno {
	return f.FileHandle.(fs.FileReleaser).Release(ctx)
}

// faultyDisk has the agent see the logs through a file system that fails as it is told. The moves
// of the writer go past it, as on another machine.
func (w *world) faultyDisk() *faults {
	w.Helper()
	f := &faults{
		broken: map[string]int64{}, frozen: map[string]fuse.Attr{},
		opened: map[string][]*faultyFile{}, denied: map[string]int{},
	}
	w.behind = filepath.Join(w.dir, "behind")
	w.check(os.Mkdir(w.behind, 0o755))
	root := &fs.LoopbackRoot{Path: w.behind}
	top := &faultyNode{LoopbackNode: fs.LoopbackNode{RootData: root}, faults: f}
	root.RootNode = top
	server, err := fs.Mount(w.setup.Logs, top, &fs.Options{
		MountOptions: fuse.MountOptions{DirectMountStrict: true, FsName: "faulty"},
	})
	if err != nil {
		w.Skipf("cannot mount a file system of our own: %v; run the tests as root where there is /dev/fuse", err)
	}
	w.Cleanup(func() {
		if w.proc != nil {
			w.proc.kill()
		}
		w.unmount(server)
	})
	return f
}

// unmount waits until nobody uses the file system: for a moment, a process that another case starts
// has open what this one has, and the kernel lets go of a killed agent's files after it has ended.
// Whoever uses it for longer is named, and does not keep the directory from being removed.
func (w *world) unmount(server *fuse.Server) {
	w.Helper()
	err := untilFree(server.Unmount, time.Now().Add(patience()))
	if err == nil {
		return
	}
	w.Errorf("%v; it is open as %q", err, openAnywhere(w.setup.Logs))
	w.check(syscall.Unmount(w.setup.Logs, syscall.MNT_DETACH))
}

// untilFree tries an unmount, which takes its time itself, again while the file system is in use.
func untilFree(unmount func() error, deadline time.Time) error {
	err := unmount()
	for errors.Is(err, syscall.EBUSY) && time.Now().Before(deadline) {
		err = unmount()
	}
	return err
}

// openAnywhere lists what processes have below a directory: files, and where they are.
func openAnywhere(dir string) (all []string) {
	for _, pattern := range []string{"/proc/[0-9]*/fd/*", "/proc/[0-9]*/cwd"} {
		links, _ := filepath.Glob(pattern)
		for _, link := range links {
			if to, err := os.Readlink(link); err == nil && strings.HasPrefix(to, dir) {
				all = append(all, link+" → "+to)
			}
		}
	}
	return all
}

// TestUntilFree waits for a file system that is in use for a while, and not for one that cannot be
// unmounted for another reason.
func TestUntilFree(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		gives []error
		want  error
		tries int
	}{
		{"free at once", []error{nil}, nil, 1},
		{"in use for a while", append(slices.Repeat([]error{syscall.EBUSY}, 20), nil), nil, 21},
		{"not there", []error{syscall.EINVAL, nil}, syscall.EINVAL, 1},
	} {
		tries := 0
		err := untilFree(func() error { tries++; return c.gives[tries-1] }, time.Now().Add(time.Hour))
		if !errors.Is(err, c.want) || tries != c.tries {
			t.Errorf("%s: %v after %d", c.name, err, tries)
		}
	}
	if err := untilFree(func() error { return syscall.EBUSY }, time.Time{}); !errors.Is(err, syscall.EBUSY) {
		t.Errorf("in use for ever: %v", err)
	}
	file, err := os.Open("faultfs_test.go")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if here, err := os.Getwd(); err != nil || len(openAnywhere(filepath.Join(here, "faultfs_test.go"))) == 0 {
		t.Errorf("an open file is not found: %v", err)
	}
}

const unreadableFiles = `fluxtrail_unreadable_files{`

// diskRows need a file system that fails.
var diskRows = []row{
	{"F-09", "a network file system whose answers are out of date", func(w *world) {
		f := w.faultyDisk()
		w.W("a.log", "L1")
		w.START()
		w.SEE("a", "L1")
		var now fuse.AttrOut
		w.check(stat(w.path("a.log"), &now))
		f.do(func() { f.frozen["a.log"] = now.Attr }) // another client writes, and this one is told late
		w.W("a.log", "L2")
		w.W("b.log", "M1")
		w.SEE("b", "M1")
		f.do(func() { delete(f.frozen, "a.log") })
		w.SEE("a", "L1 L2")
		f.do(func() { // the server knows nothing any more of what was opened
			for _, h := range f.opened["a.log"] {
				h.stale = true
			}
		})
		w.W("a.log", "L3")
		w.SEE("a", "L1 L2 L3")
		w.W("a.log", "L4")
	}, sent{"a": "L1 L2 L3 L4", "b": "M1"}},
	{"F-10", "a file that cannot be read from somewhere in its middle on", func(w *world) {
		f := w.faultyDisk()
		first := w.MANY("a.log", "K", 10)
		info, err := os.Stat(w.path("a.log"))
		w.check(err)
		f.do(func() { f.broken["a.log"] = info.Size() + 5 }) // within a line
		w.START()
		w.SEE("a", first)
		w.W("a.log", "L1 L2")
		w.W("b.log", "M1")
		w.SEE("b", "M1")
		w.until("the agent to say what it cannot read", func() bool {
			return strings.Contains(w.printed(), "input/output error") && sum(w.metrics(), unreadableFiles) > 0
		})
		before := 0
		f.do(func() { before = f.denied["a.log"] })
		w.PASS(50 * poll)
		f.do(func() {
			if tries := f.denied["a.log"] - before; tries > 4*50 {
				w.Errorf("%d tries to read it in %s", tries, 50*poll)
			}
			delete(f.broken, "a.log")
		})
		w.SEE("a", "L1 L2")
		w.until("the agent to take back that it cannot read it", func() bool { return sum(w.metrics(), unreadableFiles) == 0 })
		w.END(sent{"a": first + " L1 L2", "b": "M1"})
	}, nil},
}

func stat(path string, out *fuse.AttrOut) error {
	var st syscall.Stat_t
	if err := syscall.Lstat(path, &st); err != nil {
		return err
	}
	out.FromStat(&st)
	return nil
}
