package tail

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"time"

	"fluxtrail/tail/discover"
)

// track is one log file as content: the same bytes under whatever name, as a copy, or compressed. A file that is cut
// short by its writer and written anew is a new track; only then do two tracks share an inode, one after the other.
//
// Positions count bytes of the text. Without compression that is what lies on disk.
type track struct {
	part
	live           *Live
	discover.Found                // where it was seen last
	calm           int            // looks in a row at which nothing had changed
	c              discover.CPath // of Real

	f      *os.File
	slot   int    // index in openFiles
	used   uint64 // when it was read last, see openFiles
	in     *input // takes the compression off f
	at     int64  // position of in
	packed bool   // compressed, so it does not grow
	kind   discover.Compression
	ended  bool // compressed, and read to its end

	size  int64 // of the text; of a compressed one what is known of it
	head  Hash
	edge  edge  // before read
	read  int64 // bytes taken from the file
	off   int64 // end of the last line taken, unless the track is current
	lines int64 // lines before off
	// what was read before this Follower was made, or not by it
	skipped, skippedLines int64
	nulBefore             int64 // NUL bytes counted when the track was current before
	form                  Format

	added   time.Time // Poll that found it first
	grown   time.Time // Poll that last saw it grow
	turned  time.Time // Poll that first saw it rotated or deleted
	missing time.Time // first Poll that did not find it under any name
	retry   time.Time // not to be opened before
	failing time.Time // first Poll that could not read it
	round   uint64    // scan that found it last
	rewrote int       // generations of this inode that were replaced without getting shorter

	ghost   bool   // known from Marks alone
	framed  bool   // form is known
	suspect bool   // its content is not what was read before: Poll has to look
	closed  bool   // its content is not on disk any more
	deleted bool   // has no name
	sealed  bool   // does not grow any more
	done    bool   // read to its end, or given up
	broken  bool   // bytes are missing behind it
	first   []byte // first bytes, while the file is new
	twin    *track // of which this is a copy, as far as it goes
	born    uint64 // scan that found it first
}

var errGone = errors.New("the file is gone, or another one has its name")

// unread is how many bytes are known that were not taken.
func (t *track) unread() int64 { return max(0, t.size-t.read) }

// exhausted reports whether there is nothing to read on now.
func (t *track) exhausted() bool {
	if t.packed && !t.closed {
		return t.ended
	}
	return t.read >= t.size
}

// readable reports whether there is something to read on now.
func (t *track) readable() bool { return !t.done && !t.exhausted() }

// named reports whether the last scan found the track.
func (t *track) named() bool { return t.missing.IsZero() && !t.ghost && !t.closed }

// lost reports whether only a copy could help to read on.
func (t *track) lost() bool { return t.closed || t.ghost || !t.missing.IsZero() && t.f == nil }

// open opens the file, if it is still the same one.
func (t *track) open() error {
	files := &t.live.owner.files
	if t.f != nil {
		files.touch(t)
		return nil
	}
	if t.closed || t.ghost {
		return errGone
	}
	f, st, err := files.openPath(t.Real)
	if err == nil && st.Inode != t.Stat.Inode {
		err = errors.Join(errGone, f.Close())
	}
	if err != nil {
		return err
	}
	files.add(t, f)
	return nil
}

// Read reads on in the text, as far as Poll saw it. Nothing is taken before what was taken last is seen to be there
// still: a file that was cut short and grew again is not read from its middle. EOF means that there is no more for now.
func (t *track) Read(p []byte) (int, error) {
	l := t.live
	if t.suspect || t.exhausted() || t.retry.After(l.owner.now) {
		return 0, io.EOF
	}
	if l.allowance <= 0 {
		l.behind = true
		return 0, io.EOF
	}
	n, err := 0, t.open()
	switch {
	case err != nil:
	case t.packed:
		n, err = t.readPacked(p)
	default:
		n, err = t.readPlain(p)
	}
	l.allowance -= n
	if t.Err = err; err != nil {
		t.fail()
	}
	if n == 0 {
		return 0, io.EOF
	}
	t.failing = time.Time{}
	t.edge.add(p[:n])
	t.read += int64(n)
	return n, nil
}

func (t *track) readPlain(p []byte) (int, error) {
	if left := t.size - t.read; int64(len(p)) > left {
		p = p[:left]
	}
	n, err := t.f.ReadAt(p, t.read)
	if err == io.EOF {
		err = nil
	}
	if err == nil && (n == 0 || !t.unchanged()) {
		t.suspect = true
		return 0, nil
	}
	return n, err
}

// unchanged reports whether what was taken last is still there, so that what is read behind it belongs to it.
func (t *track) unchanged() bool {
	n := t.edge.len()
	if n == 0 {
		return t.sameHead(t.f)
	}
	b := t.live.owner.scratch[:n]
	got, _ := t.f.ReadAt(b, t.read-int64(n))
	return got == n && t.edge.is(b)
}

func (t *track) sameHead(r io.ReaderAt) bool {
	b := t.live.owner.scratch[:t.head.Len]
	got, _ := r.ReadAt(b, 0)
	return got == len(b) && t.head.of(b)
}

// readPacked reads on in a compressed file, skipping what was taken before it was opened.
func (t *track) readPacked(p []byte) (int, error) {
	if t.in == nil {
		in, err := unpack(t.f)
		if err != nil {
			return 0, t.damage(err)
		}
		t.in, t.at = in, 0
	}
	for {
		q := p
		if skip := t.read - t.at; skip > 0 && int64(len(q)) > skip {
			q = q[:skip]
		}
		n, err := t.in.Read(q)
		t.at += int64(n)
		if t.at > t.read {
			t.size = max(t.size, t.at)
			return n, nil
		}
		t.live.allowance -= n
		switch {
		case err == io.EOF:
			t.ended, t.size = true, t.read
			return 0, nil
		case err != nil:
			return 0, t.damage(err)
		case t.live.allowance <= 0:
			t.live.behind = true
			return 0, nil
		}
	}
}

// damage ends a compressed file where it cannot be read on, unless it is the disk's fault.
func (t *track) damage(err error) error {
	var disk *fs.PathError
	if errors.As(err, &disk) {
		return err
	}
	t.ended, t.broken = true, true
	t.live.owner.lose(t, Loss{Reason: LossDamaged, Lines: 1, AtLeast: true}) // nobody knows how many it had
	t.size = t.read
	return err
}

// fail closes a file that could not be read; it is tried again later.
func (t *track) fail() {
	t.live.owner.files.close(t)
	if t.failing.IsZero() {
		t.failing = t.live.owner.now
	}
	t.retry = t.live.owner.now.Add(retryAfter)
}

// retryAfter is how long a file that could not be read is left alone.
const retryAfter = time.Second

// unpack opens the text of a compressed file that stays open when the text is closed.
func unpack(f io.ReaderAt) (*input, error) {
	in := &input{Reader: io.NewSectionReader(f, 0, 1<<62), size: -1}
	return in, in.decompress()
}
