package tail

import (
	"io/fs"
	"time"
)

// stamp is what the file system says about a file. Equal stamps mean that nothing happened to it, unless it was changed
// a moment ago: see fresh.
type stamp struct {
	inode
	size  int64
	mtime int64  // Unix nanoseconds
	links uint64 // names it has; 0 when it is deleted
	kind  fs.FileMode
}

func (s stamp) regular() bool { return s.kind == 0 }

// granularity is how far apart two changes must be to be told apart by their times. Linux stamps with its clock tick, of
// up to 10 ms; network file systems are coarser, which is one reason to look at everything again now and then.
const granularity = 100 * time.Millisecond

// fresh reports whether the file changed so recently that a further change may not have moved its time. It compares two
// readings of the machine's clock; what the caller calls now may be something else.
func (s stamp) fresh() bool { return time.Now().UnixNano()-s.mtime < int64(granularity) }

// cPath is a path as system calls take it, with a zero byte behind.
type cPath []byte

func newCPath(path string) cPath { return append([]byte(path), 0) }

// String gives the path.
func (p cPath) String() string { return string(p[:len(p)-1]) }
