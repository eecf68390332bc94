package discover

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func openAlarms(t *testing.T) (a *Alarms, path string) {
	t.Helper()
	a, path = OpenAlarms(), filepath.Join(t.TempDir(), "0.log")
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	write(t, path, "x\n")
	st, err := new(Statter).Path(path)
	if err != nil {
		t.Fatal(err)
	}
	if !a.Work() || !a.Tell(path, st.Dev) {
		t.Skip("no alarms here (inotify, or the file system)")
	}
	return a, path
}

func (a *Alarms) rung() (all []Alarm) {
	a.Ring(func(one Alarm) { all = append(all, one) })
	return all
}

// TestAlarms sets off an alarm by all that changes a file, once.
func TestAlarms(t *testing.T) {
	t.Parallel()
	for name, do := range map[string]func(path string) error{
		"written":   func(path string) error { return os.WriteFile(path, []byte("new"), 0o600) },
		"cut short": func(path string) error { return os.Truncate(path, 0) },
		"renamed":   func(path string) error { return os.Rename(path, path+".1") },
		"deleted":   os.Remove,
		"linked":    func(path string) error { return os.Link(path, path+".1") },
		"chmod":     func(path string) error { return os.Chmod(path, 0o400) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, path := openAlarms(t)
			one, ok := a.Set(path)
			if !ok || len(a.rung()) > 0 {
				t.Fatal("not set, or went off at once")
			}
			if err := do(path); err != nil {
				t.Fatal(err)
			}
			if got := a.rung(); !slices.Equal(got, []Alarm{one}) {
				t.Errorf("%v went off, want %v", got, one)
			}
			_ = do(path) // what is gone cannot be deleted again
			if got := a.rung(); len(got) > 0 {
				t.Errorf("%v went off again", got)
			}
		})
	}
}

// TestClearedAlarm does not go off, and may be set again.
func TestClearedAlarm(t *testing.T) {
	t.Parallel()
	a, path := openAlarms(t)
	one, _ := a.Set(path)
	a.Clear(one)
	write(t, path, "y\n")
	if got := a.rung(); len(got) > 0 {
		t.Errorf("%v went off", got)
	}
	again, ok := a.Set(path)
	write(t, path, "z\n")
	if got := a.rung(); !ok || !slices.Equal(got, []Alarm{again}) {
		t.Errorf("%v went off, want %v", got, again)
	}
}

// TestAlarmsHaveLimits sets no more alarms than there is room for, and none where not all is told.
func TestAlarmsHaveLimits(t *testing.T) {
	t.Parallel()
	a, path := openAlarms(t)
	a.room = 1
	one, ok := a.Set(path)
	write(t, path+".1", "x\n")
	if _, second := a.Set(path + ".1"); !ok || second || a.Room() {
		t.Errorf("first %v, second %v, room %v", ok, second, a.Room())
	}
	a.Clear(one)
	if _, ok := a.Set(path + ".1"); !ok {
		t.Error("no room after one was taken back")
	}
	if _, ok := a.Set(path + ".2"); ok {
		t.Error("set for a file that is not there")
	}
	st, err := new(Statter).Path("/proc/self/status")
	if err == nil && a.Tell("/proc/self/status", st.Dev) {
		t.Error("procfs is taken for a file system that tells of all that happens")
	}
}

// TestTooManyAlarms takes an overflow for all of them.
func TestTooManyAlarms(t *testing.T) {
	t.Parallel()
	a := &Alarms{fd: -1}
	event := make([]byte, 16)
	copy(event, "\xff\xff\xff\xff\x00\x40\x00\x00") // no watch, IN_Q_OVERFLOW
	var got []Alarm
	a.split(event, func(one Alarm) { got = append(got, one) })
	if !slices.Equal(got, []Alarm{AnyAlarm}) {
		t.Errorf("%v went off", got)
	}
}
