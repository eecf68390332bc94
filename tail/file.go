package tail

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"time"

	"fluxtrail/tail/discover"
	"fluxtrail/tail/frame"
)

// fileMark is what is saved of a followed file.
type fileMark struct {
	discover.Found              // where it was seen last; Dev and Ino are 0 when no file on disk holds it
	Fingerprint    digest       `json:"head"`             // of the first bytes of the text
	Offset         int64        `json:"offset"`           // end of the last line taken, in a saved mark: given
	Lines          int64        `json:"lines"`            // before Offset
	Taken          int64        `json:"edge_end"`         // end of the bytes taken
	Window         digest       `json:"edge"`             // of the bytes before Taken
	Passed         []waypoint   `json:"passed,omitempty"` // earlier positions, oldest first
	Size           int64        `json:"size"`             // of the text, as far as it is known
	Format         frame.Format `json:"format,omitempty"` // frame.Auto when it was not found yet
	Phase          phase        `json:"done,omitempty"`
}

// file is one log file as content: the same bytes under whatever name, as a copy, or compressed. A
// file that is cut short by its writer and written anew is a new one; only then do two of them
// share an inode, one after the other.
//
// Positions count bytes of the text. Without compression that is what lies on disk.
type file struct {
	fileMark
	chain *chain
	place place
	since time.Time // Poll at which the place or the name changed last

	part      part  // what reading came to
	offBefore int64 // read before this Follower was made, or not by it: not part of its counts
	numBefore int64 // lines before offBefore
	nulBefore int64 // NUL bytes counted when the file was current before

	handle *os.File
	slot   int                  // index in openFiles
	used   uint64               // when it was read last, see openFiles
	kind   discover.Compression // by its first bytes
	in     *input               // takes the compression off handle
	at     int64                // position of in
	ended  bool                 // compressed, and read to its end

	recent []byte // the bytes before Taken; nil when only Window is known
	first  []byte // first bytes, while the file is new
	copyOf *file  // the file of which this is a copy, as far as it goes
	waits  *file  // the file that this is a copy of, while what was taken from that is not delivered

	added    time.Time // Poll that found it first
	grown    time.Time // Poll that last saw it grow
	retry    time.Time // not to be opened before
	failing  time.Time // first Poll that could not read it
	hidden   error     // why the disk did not give up what was to be compared
	round    uint64    // scan that found it last
	born     uint64    // scan that found it first
	calm     int       // looks in a row at which nothing had changed
	again    int64     // time of the last line before the file was cut short; lines up to it may be known
	rewrites int       // generations of this inode that were replaced without getting shorter
	doubtful bool      // its content may not be what was read before: Poll has to look
	gap      bool      // bytes are missing behind it
	fromMark bool      // no file was matched with it since the restart: Taken may be ahead of Offset
}

var errGone = errors.New("the file is gone, or another one has its name")

// on changes place and phase.
func (f *file) on(e event) {
	before, o := f.place, f.chain.owner
	var ok bool
	if f.place, f.Phase, ok = e.after(f.place, f.Phase); !ok {
		o.unexpected++
	}
	if f.place != before || e == unseen && f.since.IsZero() {
		f.since = o.now
	}
	f.chain.dirty = true
}

// packed reports whether the file is compressed, so that it does not grow.
func (f *file) packed() bool { return f.kind != discover.None }

// unread is how many bytes are known that were not taken.
func (f *file) unread() int64 { return max(0, f.Size-f.Taken) }

// exhausted reports whether there is nothing to read on now.
func (f *file) exhausted() bool {
	if f.packed() && f.place != gone {
		return f.ended
	}
	return f.Taken >= f.Size
}

// readable reports whether there is something to read on now.
func (f *file) readable() bool { return f.Phase != finished && !f.exhausted() }

// held reports whether the open file cannot be found again.
func (f *file) held() bool { return f.place == moved || f.place == deleted }

// unreachable reports whether only another file could help to read on.
func (f *file) unreachable() bool { return f.place == restored || f.place == lost || f.place == gone }

// open opens the file, if it is still the same one.
func (f *file) open() error {
	files := &f.chain.owner.files
	if f.handle != nil {
		files.touch(f)
		return nil
	}
	if f.place == gone || f.place == restored {
		return errGone
	}
	handle, st, err := files.openPath(f.Real)
	if err == nil && st.Inode != f.Inode {
		err = errors.Join(errGone, handle.Close())
	}
	if err != nil {
		return err
	}
	files.add(f, handle)
	return nil
}

// Read reads on in the text, as far as Poll saw it. Nothing is taken before what was taken last is
// seen to be there still: a file that was cut short and grew again is not read from its middle. EOF
// means that there is no more for now.
func (f *file) Read(p []byte) (int, error) {
	l := f.chain
	if f.doubtful || f.exhausted() || f.retry.After(l.owner.now) {
		return 0, io.EOF
	}
	if l.quota <= 0 {
		l.behind = true
		return 0, io.EOF
	}
	n, err := 0, f.open()
	switch {
	case err != nil:
	case f.packed():
		n, err = f.readPacked(p)
	default:
		n, err = f.readPlain(p)
	}
	l.quota -= n
	if f.part.Err = nil; err != nil {
		f.fail(err)
	}
	if n == 0 {
		return 0, io.EOF
	}
	if !f.failing.IsZero() {
		f.failing, l.owner.scanAt = time.Time{}, l.owner.now // no problem any more
	}
	f.remember(p[:n])
	f.pass(waypoint{f.Taken, hashOf(f.recent)})
	return n, nil
}

func (f *file) readPlain(p []byte) (int, error) {
	if left := f.Size - f.Taken; int64(len(p)) > left {
		p = p[:left]
	}
	n, err := f.handle.ReadAt(p, f.Taken)
	if err == io.EOF {
		err = nil
	}
	same := n > 0
	if err == nil && same {
		same, err = f.unchanged()
	}
	if err != nil {
		return 0, err
	}
	if !same {
		f.doubtful = true
		return 0, nil
	}
	f.unfold()
	return n, nil
}

// unchanged reports whether what was taken last is still there, so that what is read behind it
// belongs to it. An error means that the disk does not tell.
func (f *file) unchanged() (bool, error) {
	n := f.windowLen()
	if n == 0 {
		b := f.chain.owner.scratch[:f.Fingerprint.Len]
		got, err := f.handle.ReadAt(b, 0)
		return got == len(b) && f.Fingerprint.of(b), trouble(err)
	}
	b := f.chain.owner.scratch[:n]
	got, err := f.handle.ReadAt(b, f.Taken-int64(n))
	return got == n && f.windowIs(b), trouble(err)
}

// trouble is an error of the disk, nil for the end of a file.
func trouble(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// readAt returns what stands before the offset end, n bytes if there are as many. What the disk
// does not give up is missing in it, and noted.
func (f *file) readAt(end int64, n int) []byte {
	b, err := readAt(f.handle, end, n)
	if err != nil {
		f.hidden = err
	}
	return b
}

// readPacked reads on in a compressed file, skipping what was taken before it was opened.
func (f *file) readPacked(p []byte) (int, error) {
	if f.in == nil {
		if f.kind != discover.Gzip && !f.chain.owner.lendDecoder(f) {
			return 0, nil
		}
		in, err := f.unpack()
		if err != nil {
			return 0, f.damage(err)
		}
		f.in, f.at = in, 0
	}
	for {
		q := p
		if skip := f.Taken - f.at; skip > 0 && int64(len(q)) > skip {
			q = q[:skip]
		}
		n, err := f.in.Read(q)
		f.at += int64(n)
		if f.at > f.Taken {
			f.Size = max(f.Size, f.at)
			return n, nil
		}
		f.chain.quota -= n
		switch {
		case err == io.EOF:
			f.ended, f.Size = true, f.Taken
			return 0, nil
		case err != nil:
			return 0, f.damage(err)
		case f.chain.quota <= 0:
			f.chain.behind = true
			return 0, nil
		}
	}
}

// lendDecoder reports whether f may have a decoder for anything but gzip. Each takes some 10 MiB,
// so one file is read at a time; the others wait until it is read or closed.
func (fw *Follower) lendDecoder(f *file) bool {
	if other := fw.unpacking; other != nil && other != f && other.in != nil {
		return false
	}
	fw.unpacking = f
	return true
}

// unpack opens the text of a compressed file. The file stays open when the text is closed.
func (f *file) unpack() (*input, error) {
	in := &input{Reader: io.NewSectionReader(f.handle, 0, 1<<62), size: -1}
	return in, in.decompress()
}

// damage ends a compressed file where it cannot be read on, unless it is the disk's fault.
func (f *file) damage(err error) error {
	var disk *fs.PathError
	if errors.As(err, &disk) {
		return err
	}
	f.ended, f.gap = true, true
	f.chain.lose(f, Loss{Reason: LossDamaged, Lines: 1, AtLeast: true}) // how many it had is not known
	f.Size = f.Taken
	return err
}

// retryAfter is how long a file that could not be read is left alone.
const retryAfter = time.Second

// fail closes a file that could not be read; it is tried again later, and told until then.
func (f *file) fail(err error) {
	o := f.chain.owner
	o.files.close(f)
	f.part.Err = err
	o.refuse(f.Path, err)
	if f.failing.IsZero() {
		f.failing = o.now
	}
	f.retry = o.now.Add(retryAfter)
}

// rewind makes the file forget that it was read beyond off.
func (f *file) rewind(off int64) bool {
	switch {
	case f.Taken == off:
		return true
	case f.packed():
		f.chain.owner.files.close(f)
		f.ended = false
		f.readTo(off, nil)
		return true
	case f.open() != nil:
		return false
	}
	b := f.readAt(off, windowSize)
	if same, err := f.unchanged(); !same || err != nil {
		return false // they may be other bytes now
	}
	f.readTo(off, b)
	f.Passed = f.passedBefore(off)
	return true
}

// textFrom returns the text from an offset on.
func (f *file) textFrom(off int64) (io.Reader, error) {
	if err := f.open(); err != nil {
		return nil, err
	}
	if !f.packed() {
		return io.NewSectionReader(f.handle, off, 1<<62), nil
	}
	in, err := f.unpack()
	if err == nil {
		_, err = io.CopyN(io.Discard, in, off)
	}
	return in, err
}
