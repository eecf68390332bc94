//go:build !linux

package resident

// dropPages does nothing: only Linux is known to keep them.
func dropPages() {}
