package tail

import (
	"os"
	"runtime"
	"testing"

	"golang.org/x/sys/unix"
)

// dropPrivileges lets this goroutine open files as nobody (true) or as root (false).
func dropPrivileges(t *testing.T) (drop func(bool), ok bool) {
	if os.Getuid() != 0 {
		return nil, false
	}
	runtime.LockOSThread()
	t.Cleanup(runtime.UnlockOSThread)
	return func(nobody bool) {
		id := 0
		if nobody {
			id = 65534
		}
		if err := unix.Setfsuid(id); err != nil {
			t.Fatal(err)
		}
	}, true
}
