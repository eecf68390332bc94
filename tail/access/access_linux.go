package access

import (
	"os"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

const readSearch = 1 << unix.CAP_DAC_READ_SEARCH

// sets are the capabilities of a thread, in two words of 32 each.
type sets [2]unix.CapUserData

func current() (sets, error) {
	var s sets
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	err := unix.Capget(&header, &s[0])
	return s, err
}

// Raise makes CAP_DAC_READ_SEARCH effective in all threads if the process may use it, and does
// nothing otherwise. A program that is linked with a C library cannot; ours is not.
func Raise() {
	s, err := current()
	if err != nil || s[0].Permitted&readSearch == 0 || s[0].Effective&readSearch != 0 {
		return
	}
	s[0].Effective |= readSearch
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	// Where it fails nothing is lost: files that are refused then are told with Hint.
	_, _, _ = syscall.AllThreadsSyscall(unix.SYS_CAPSET,
		uintptr(unsafe.Pointer(&header)), uintptr(unsafe.Pointer(&s[0])), 0)
}

// Hint says what to do about a log that this process may not read.
func Hint() string {
	s, _ := current()
	bounding, err := unix.PrctlRetInt(unix.PR_CAPBSET_READ, unix.CAP_DAC_READ_SEARCH, 0, 0, 0)
	return identity{
		uid: os.Geteuid(), permitted: s[0].Permitted&readSearch != 0, bounding: err == nil && bounding == 1,
	}.missing()
}
