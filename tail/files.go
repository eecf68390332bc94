package tail

import (
	"errors"
	"fmt"
	"os"

	"fluxtrail/tail/discover"
)

// openFiles are the files that are open. Of those that can be found again there are up to a limit:
// then one is closed for the sake of another. Those without a name come on top, for they cannot be
// opened again.
type openFiles struct {
	discover.Statter
	limit int
	open  []*file
	clock uint64
}

func (o *openFiles) touch(f *file) {
	o.clock++
	f.used = o.clock
}

// add keeps handle as the open file of f.
func (o *openFiles) add(f *file, handle *os.File) {
	o.closeOne()
	f.handle, f.slot = handle, len(o.open)
	o.open = append(o.open, f)
	o.touch(f)
}

// move hands the open file of one content to another.
func (o *openFiles) move(from, to *file) {
	if from.handle == nil {
		return
	}
	to.handle, to.slot, to.used = from.handle, from.slot, from.used
	o.open[to.slot] = to
	from.handle = nil
	if from.in != nil {
		from.in.Close() //nolint:errcheck,gosec // holds no file of its own
		from.in = nil
	}
}

// close closes the file, if it is open.
func (o *openFiles) close(f *file) {
	if f.handle == nil {
		return
	}
	if f.in != nil {
		_ = f.in.Close() // holds no file of its own
		f.in = nil
	}
	_ = f.handle.Close() // only read
	f.handle = nil
	last := o.open[len(o.open)-1]
	o.open[f.slot], last.slot = last, f.slot
	o.open = o.open[:len(o.open)-1]
	f.on(shut)
}

// closeOne makes room for one more file, at the expense of the one that is missed least.
func (o *openFiles) closeOne() {
	if len(o.open) < o.limit {
		return
	}
	var best *file
	findable := 0
	for _, f := range o.open {
		if f.held() {
			continue
		}
		if findable++; best == nil || cheaper(f, best) {
			best = f
		}
	}
	if findable >= o.limit {
		o.close(best)
	}
}

// cheaper reports whether closing a rather than b costs less: a file that was read to its end,
// then one that was not rotated yet, because it is the last to be deleted, then the one that was
// not used for longest.
func cheaper(a, b *file) bool {
	switch {
	case a.exhausted() != b.exhausted():
		return a.exhausted()
	case a.Found.Live() != b.Found.Live():
		return a.Found.Live()
	}
	return a.used < b.used
}

// look asks for the Stat of a file; of its path when it is not open.
func (o *openFiles) look(f *file) (discover.Stat, error) {
	if f.handle != nil {
		if st, err := o.File(f.handle); err == nil {
			return st, nil
		}
		o.close(f) // a network file system lost it
	}
	return o.Path(f.Real)
}

var errNotRegular = errors.New("not a regular file")

// openPath opens a file, and tells which one it is.
func (o *openFiles) openPath(path string) (*os.File, discover.Stat, error) {
	handle, err := discover.Open(path)
	if err != nil {
		return nil, discover.Stat{}, err
	}
	st, err := o.File(handle)
	if err == nil && !st.Regular() {
		err = errNotRegular
	}
	if err != nil {
		return nil, discover.Stat{}, errors.Join(fmt.Errorf("open %s: %w", path, err), handle.Close())
	}
	return handle, st, nil
}
