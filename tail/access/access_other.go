//go:build !linux

package access

// Raise does nothing: only Linux has capabilities.
func Raise() {}

// Hint says what to do about a log that this process may not read.
func Hint() string { return identity{uid: 1, bounding: true}.missing() }
