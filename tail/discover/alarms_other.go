//go:build !linux

package discover

// Alarms are those of one user. Nothing is told here.
type Alarms struct{}

// OpenAlarms returns Alarms that tell nothing.
func OpenAlarms() *Alarms { return &Alarms{} }

// Work reports whether alarms can be set at all.
func (*Alarms) Work() bool { return false }

// Room reports that no alarm can be set.
func (*Alarms) Room() bool { return false }

// Tell reports that nothing is told.
func (*Alarms) Tell(string, uint64) bool { return false }

// Set sets none.
func (*Alarms) Set(string) (Alarm, bool) { return 0, false }

// Clear does nothing.
func (*Alarms) Clear(Alarm) {}

// Ring tells of none.
func (*Alarms) Ring(func(Alarm)) {}

// Close does nothing.
func (*Alarms) Close() error { return nil }
