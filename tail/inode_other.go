//go:build !unix

package tail

import "io/fs"

// inode tells files apart whatever their names are; here only their paths do.
type inode struct{ dev, ino uint64 }

func inodeOf(string) (inode, bool) { return inode{}, false }

func inodeFrom(fs.FileInfo) (id inode, links uint64, ok bool) { return inode{}, 1, false }

// OpenLimit is how many files this process may have open, 0 when that is not known.
func OpenLimit() int { return 0 }

const openFlags = 0
