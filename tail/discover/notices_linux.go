package discover

import (
	"bytes"
	"context"
	enc "encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// watches has the kernel tell of names (inotify(7)). Not every node grants it: the number of users
// of it is limited, and a security module may refuse. Then nothing is told.
type watches struct {
	file  *os.File // nil for none
	fd    int      // of file
	raw   syscall.RawConn
	paths map[int32]string // of directories, by number
	dirs  map[string]int32
	fresh map[string]bool // directories that are watched since the last call of met
	on    systems
	buf   []byte
}

// watched is what is told: names, not what is written to the files.
const watched = unix.IN_CREATE | unix.IN_DELETE | unix.IN_MOVED_FROM | unix.IN_MOVED_TO | unix.IN_ONLYDIR

func openWatches() watches {
	w := watches{
		paths: map[int32]string{}, dirs: map[string]int32{}, fresh: map[string]bool{}, on: systems{},
		buf: make([]byte, 16<<10),
	}
	fd, err := unix.InotifyInit1(unix.IN_CLOEXEC | unix.IN_NONBLOCK)
	if err != nil {
		return w
	}
	f := os.NewFile(uintptr(fd), "inotify")
	if w.raw, err = f.SyscallConn(); err != nil {
		_ = f.Close() // nothing was told yet
		return w
	}
	w.file, w.fd = f, fd
	return w
}

func (w *watches) work() bool { return w.file != nil }

func (w *watches) close() error {
	if w.file == nil {
		return nil
	}
	return w.file.Close()
}

// watch has the kernel tell of the names in a directory from now on. It reports whether the kernel
// tells of all.
func (w *watches) watch(dir string, dev uint64) bool {
	if w.file == nil {
		return false
	}
	wd, err := unix.InotifyAddWatch(w.fd, dir, watched)
	if len(w.paths) == 0 && (errors.Is(err, unix.EACCES) || errors.Is(err, unix.EPERM)) {
		_ = w.file.Close() // a security module refuses, and would write down each attempt
		w.file = nil
	}
	if err != nil {
		return false
	}
	old, ok := w.dirs[dir]
	if ok && old != int32(wd) && w.paths[old] == dir {
		delete(w.paths, old)
	}
	if !ok || old != int32(wd) {
		w.fresh[dir] = true
	}
	w.paths[int32(wd)], w.dirs[dir] = dir, int32(wd)
	return w.on.local(dir, dev)
}

// tells reports whether the kernel has told of the names in a directory since the last call of met.
func (w *watches) tells(dir string) bool {
	_, ok := w.dirs[dir]
	return ok && w.file != nil && !w.fresh[dir]
}

// met says that all names that are there now are known.
func (w *watches) met() { clear(w.fresh) }

// forget ends that for a directory.
func (w *watches) forget(dir string) {
	wd, ok := w.dirs[dir]
	if !ok {
		return
	}
	delete(w.dirs, dir)
	if w.paths[wd] != dir {
		return // it is watched under another name
	}
	delete(w.paths, wd)
	_, _ = unix.InotifyRmWatch(w.fd, uint32(wd)) // it is gone where the directory is
}

// pending gives what was told so far.
func (w *watches) pending(take func(notice)) {
	if w.file == nil {
		return
	}
	for {
		n, err := w.read()
		if n <= 0 || err != nil {
			return
		}
		w.split(w.buf[:n], take)
	}
}

// await gives what is told until take wants no more, ctx is done, or d has passed.
func (w *watches) await(ctx context.Context, d time.Duration, take func(notice) bool) {
	_ = w.file.SetReadDeadline(time.Now().Add(d))
	stop := context.AfterFunc(ctx, func() { _ = w.file.SetReadDeadline(time.Unix(1, 0)) })
	defer stop()
	more := true
	_ = w.raw.Read(func(uintptr) bool {
		for more {
			n, err := w.read()
			if errors.Is(err, unix.EAGAIN) {
				return false // wait
			}
			if n <= 0 || err != nil {
				return true
			}
			w.split(w.buf[:n], func(e notice) { more = take(e) && more })
		}
		return true
	})
	_ = w.file.SetReadDeadline(time.Time{})
}

func (w *watches) read() (n int, err error) {
	for {
		if n, err = unix.Read(w.fd, w.buf); !errors.Is(err, unix.EINTR) {
			return n, err
		}
	}
}

// split takes what one reading gave apart.
func (w *watches) split(b []byte, take func(notice)) {
	const head = int(unsafe.Sizeof(unix.InotifyEvent{}))
	for len(b) >= head {
		wd, mask := int32(enc.NativeEndian.Uint32(b)), enc.NativeEndian.Uint32(b[4:])
		cookie, size := enc.NativeEndian.Uint32(b[8:]), int(enc.NativeEndian.Uint32(b[12:]))
		name := string(bytes.TrimRight(b[head:head+size], "\x00"))
		b = b[head+size:]
		dir, known := w.paths[wd]
		what, ok := whatOf(mask)
		switch {
		case mask&unix.IN_IGNORED != 0 && known:
			delete(w.paths, wd)
			delete(w.dirs, dir)
		case ok && (known || what == manyNames):
			take(notice{what, filepath.Join(dir, name), mask&unix.IN_ISDIR != 0, cookie})
		}
	}
}

func whatOf(mask uint32) (noticed, bool) {
	switch {
	case mask&unix.IN_CREATE != 0:
		return nameMade, true
	case mask&unix.IN_DELETE != 0:
		return nameRemoved, true
	case mask&unix.IN_MOVED_FROM != 0:
		return nameLeft, true
	case mask&unix.IN_MOVED_TO != 0:
		return nameCame, true
	}
	return manyNames, mask&unix.IN_Q_OVERFLOW != 0
}
