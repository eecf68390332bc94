package tail

import (
	"errors"
	"fmt"
	"os"

	"fluxtrail/tail/discover"
)

// openFiles are the files that are open. Of those that can be found again there are up to a limit: then one is closed for
// the sake of another. Those without a name come on top, for they cannot be opened again.
type openFiles struct {
	discover.Statter
	limit int
	open  []*track
	clock uint64
}

func (o *openFiles) touch(t *track) {
	o.clock++
	t.used = o.clock
}

// add keeps f as the open file of t.
func (o *openFiles) add(t *track, f *os.File) {
	o.closeOne()
	t.f, t.slot = f, len(o.open)
	o.open = append(o.open, t)
	o.touch(t)
}

// move hands the open file of one track to another.
func (o *openFiles) move(from, to *track) {
	if from.f == nil {
		return
	}
	to.f, to.slot, to.used = from.f, from.slot, from.used
	o.open[to.slot] = to
	from.f = nil
	if from.in != nil {
		from.in.Close() //nolint:errcheck,gosec // holds no file of its own
		from.in = nil
	}
}

// close closes the file of t, if it is open.
func (o *openFiles) close(t *track) {
	if t.f == nil {
		return
	}
	if t.in != nil {
		_ = t.in.Close() // holds no file of its own
		t.in = nil
	}
	_ = t.f.Close() // only read
	t.f = nil
	last := o.open[len(o.open)-1]
	o.open[t.slot], last.slot = last, t.slot
	o.open = o.open[:len(o.open)-1]
}

// closeOne makes room for one more file, at the expense of the one that is missed least.
func (o *openFiles) closeOne() {
	if len(o.open) < o.limit {
		return
	}
	var best *track
	named := 0
	for _, t := range o.open {
		if t.held() {
			continue
		}
		if named++; best == nil || cheaper(t, best) {
			best = t
		}
	}
	if named >= o.limit {
		o.close(best)
	}
}

// cheaper reports whether closing a rather than b costs less: a file that was read to its end, then one that was not
// rotated yet, because it is the last to be deleted, then the one that was not used for longest.
func cheaper(a, b *track) bool {
	switch {
	case a.exhausted() != b.exhausted():
		return a.exhausted()
	case a.rotated() != b.rotated():
		return b.rotated()
	}
	return a.used < b.used
}

// rotated reports whether the track was written before another of its Live.
func (t *track) rotated() bool { return !t.Found.Live() }

// look asks for the stamp of a track; of its path when it is not open.
func (o *openFiles) look(t *track) (discover.Stat, error) {
	if t.f != nil {
		if st, err := o.Statter.File(t.f); err == nil {
			return st, nil
		}
		o.close(t) // a network file system lost it
	}
	return o.Path(t.c)
}

var errNotRegular = errors.New("not a regular file")

// openPath opens a file, and tells which one it is. It does not wait for a writer, should it be a pipe.
func (o *openFiles) openPath(path string) (*os.File, discover.Stat, error) {
	f, err := discover.Open(path)
	if err != nil {
		return nil, discover.Stat{}, err
	}
	st, err := o.Statter.File(f)
	if err == nil && !st.Regular() {
		err = errNotRegular
	}
	if err != nil {
		return nil, discover.Stat{}, errors.Join(fmt.Errorf("open %s: %w", path, err), f.Close())
	}
	return f, st, nil
}
