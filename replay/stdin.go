package replay

import (
	"fmt"
	"io"
	"math"
	"os"
)

// replayable is standard input that can be read again: a file is read from where it stood, anything
// else is copied to a temporary file while it is read for the first time.
type replayable struct {
	file  *os.File
	from  int64
	first io.Reader
}

// newReplayable prepares r, which may be nil. Where no temporary file can be made, it can be read
// once.
func newReplayable(r io.Reader) *replayable {
	in := &replayable{first: r}
	if f, ok := r.(*os.File); ok {
		info, err := f.Stat()
		at, seekErr := f.Seek(0, io.SeekCurrent)
		if err == nil && seekErr == nil && info.Mode().IsRegular() {
			in.file, in.from, in.first = f, at, nil
			return in
		}
	}
	if r == nil {
		return in
	}
	spool, err := os.CreateTemp("", "fluxtrail-stdin-*")
	if err != nil {
		return in
	}
	os.Remove(spool.Name()) // the open file is all that is needed, and nothing is left behind
	in.file, in.first = spool, io.TeeReader(r, spool)
	return in
}

// again reads from the beginning. Only the first reading of a pipe is as long as the pipe.
func (in *replayable) again() io.Reader {
	if first := in.first; first != nil {
		in.first = nil
		return first
	}
	if in.file == nil {
		return failing{fmt.Errorf("standard input cannot be read again: no temporary file could be made (set TMPDIR)")}
	}
	return io.NewSectionReader(in.file, in.from, math.MaxInt64-in.from)
}

// failing is a reader that fails.
type failing struct{ err error }

// Read returns the error.
func (f failing) Read([]byte) (int, error) { return 0, f.err }
