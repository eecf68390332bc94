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
	rest  io.Reader // what no reading took yet; reading it adds to file
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
	in.rest = io.TeeReader(r, spool)
	in.file, in.first = spool, in.rest
	return in
}

// again reads from the beginning. A reading that was given up early has left some of a pipe, which
// is taken over here first, so that no line of it is lost.
func (in *replayable) again() io.Reader {
	if first := in.first; first != nil {
		in.first = nil
		return first
	}
	if in.file == nil {
		return failing{fmt.Errorf("standard input cannot be read again: no temporary file could be made (set TMPDIR)")}
	}
	whole := io.NewSectionReader(in.file, in.from, math.MaxInt64-in.from)
	if in.rest == nil {
		return whole
	}
	if _, err := io.Copy(io.Discard, in.rest); err != nil {
		return io.MultiReader(whole, failing{err})
	}
	return whole
}

// failing is a reader that fails.
type failing struct{ err error }

// Read returns the error.
func (f failing) Read([]byte) (int, error) { return 0, f.err }
