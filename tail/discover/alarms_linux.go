package discover

import (
	enc "encoding/binary"
	"errors"
	"os"
	"strconv"
	"strings"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Alarms have the kernel tell of writes to files in which nothing happens (inotify(7)). Each alarm
// goes off once: what is written to all the time costs nothing here.
type Alarms struct {
	fd   int            // -1 for none
	set  map[Alarm]bool // that did not go off
	room int            // how many may be set
	full bool           // the kernel granted no more
	on   systems
	buf  []byte
}

// alarming is what sets an alarm off: all that changes a Stat, and the name.
const alarming = unix.IN_MODIFY | unix.IN_ATTRIB | unix.IN_MOVE_SELF | unix.IN_DELETE_SELF | unix.IN_ONESHOT

// OpenAlarms returns Alarms, of which none is set. A node may grant none.
func OpenAlarms() *Alarms {
	fd, err := unix.InotifyInit1(unix.IN_CLOEXEC | unix.IN_NONBLOCK)
	if err != nil {
		fd = -1
	}
	return &Alarms{fd: fd, set: map[Alarm]bool{}, room: alarmRoom(), on: systems{}, buf: make([]byte, 4<<10)}
}

// alarmRoom is an eighth of what the kernel grants to all processes of a user: others need some,
// and so does the other lane.
func alarmRoom() int {
	b, err := os.ReadFile("/proc/sys/fs/inotify/max_user_watches")
	n, errN := strconv.Atoi(strings.TrimSpace(string(b)))
	if err != nil || errN != nil {
		return 1 << 10
	}
	return n / 8
}

// Work reports whether alarms can be set at all.
func (a *Alarms) Work() bool { return a.fd >= 0 }

// Room reports whether the last Set left room for another alarm, as far as that is known.
func (a *Alarms) Room() bool { return a.Work() && !a.full && len(a.set) < a.room }

// Tell reports whether all that happens to files on a device can set off an alarm. The path leads
// to one of them.
func (a *Alarms) Tell(path string, dev uint64) bool { return a.on.local(path, dev) }

// Set sets an alarm on the file that a path leads to. The caller has to look at the file
// afterwards: what happened before set off nothing.
func (a *Alarms) Set(path string) (Alarm, bool) {
	if a.full = false; !a.Room() {
		return 0, false
	}
	wd, err := unix.InotifyAddWatch(a.fd, path, alarming)
	switch {
	case err == nil:
		a.set[Alarm(wd)] = true
		return Alarm(wd), true
	case len(a.set) == 0 && (errors.Is(err, unix.EACCES) || errors.Is(err, unix.EPERM)):
		_ = a.Close() // a security module refuses, and would write down each attempt
	}
	a.full = errors.Is(err, unix.ENOSPC) || errors.Is(err, unix.ENOMEM)
	return 0, false
}

// Clear takes back an alarm, which may have gone off.
func (a *Alarms) Clear(one Alarm) {
	if a.set[one] {
		delete(a.set, one)
		_, _ = unix.InotifyRmWatch(a.fd, uint32(one)) // it is gone where it went off
	}
}

// Ring tells of the alarms that went off since the last call.
func (a *Alarms) Ring(told func(Alarm)) {
	for a.fd >= 0 {
		n, err := unix.Read(a.fd, a.buf)
		if errors.Is(err, unix.EINTR) {
			continue
		}
		if n <= 0 || err != nil {
			return
		}
		a.split(a.buf[:n], told)
	}
}

func (a *Alarms) split(b []byte, told func(Alarm)) {
	const head = int(unsafe.Sizeof(unix.InotifyEvent{}))
	for len(b) >= head {
		one, mask := Alarm(enc.NativeEndian.Uint32(b)), enc.NativeEndian.Uint32(b[4:])
		b = b[head+int(enc.NativeEndian.Uint32(b[12:])):]
		switch {
		case mask&unix.IN_Q_OVERFLOW != 0:
			told(AnyAlarm)
		case a.set[one]:
			delete(a.set, one)
			told(one)
		}
	}
}

// Close ends them.
func (a *Alarms) Close() error {
	if a.fd < 0 {
		return nil
	}
	err := unix.Close(a.fd)
	a.fd = -1
	return err
}
