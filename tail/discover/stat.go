package discover

import (
	"io/fs"
	"time"
)

// Inode tells files apart, whatever their names are.
type Inode struct {
	Dev uint64 `json:"dev"`
	Ino uint64 `json:"ino"`
}

// Stat is what the file system says about a file. Equal Stats mean that nothing happened to the
// file, unless it changed a moment ago: see Fresh.
type Stat struct {
	Inode
	Size  int64       `json:"-"`
	Mtime int64       `json:"-"` // Unix nanoseconds
	Links uint64      `json:"-"` // names it has; 0 when it is deleted
	UID   uint32      `json:"-"`
	Kind  fs.FileMode `json:"-"` // 0, fs.ModeDir, or fs.ModeIrregular for all others
}

// Regular reports whether it is a regular file.
func (s Stat) Regular() bool { return s.Kind == 0 }

// granularity is how far apart two changes must be to be told apart by their times. Linux takes
// the time from its clock tick, of up to 10 ms. Network file systems are coarser, which is one
// reason to look at everything again now and then.
const granularity = 100 * time.Millisecond

// Fresh reports whether the file changed so recently that a further change may not have moved its
// time. It compares two readings of the machine's clock.
func (s Stat) Fresh() bool { return time.Now().UnixNano()-s.Mtime < int64(granularity) }
