//go:build !unix

package discover

import "os"

// Open opens a file by its path without links.
func Open(resolved string) (*os.File, error) { return os.Open(resolved) }
