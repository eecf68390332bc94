package tail

import (
	"bytes"
	enc "encoding/binary"
	"errors"
	"io"
	"io/fs"

	"fluxtrail/tail/discover"
)

// maxDeflate is how much smaller deflate can make anything, at most.
const maxDeflate = 1032

// identify opens a file that was just found and takes its fingerprint. It reads the first bytes of
// the text, and of a gzip file the last four, which tell the size of the text.
func (f *file) identify() error {
	if err := f.open(); err != nil {
		return err
	}
	if st, err := f.chain.owner.files.File(f.handle); err == nil {
		st.Links = f.Stat.Links
		f.Stat = st // the inode may be that of a younger file by now
	}
	disk := f.Stat.Size
	f.hidden = nil
	f.kind = discover.CompressionOf(f.readAt(min(disk, 4), 4))
	if !f.packed() {
		f.Size = disk
		f.first = f.readAt(min(disk, fingerprintSize), fingerprintSize)
		f.Fingerprint = hashOf(f.first)
		return f.hidden
	}
	if f.kind == discover.Gzip && disk >= 8 {
		f.Size = int64(enc.LittleEndian.Uint32(append(f.readAt(disk, 4), 0, 0, 0, 0))) // RFC 1952: ISIZE
		if f.Size > maxDeflate*disk {
			f.Size = 0 // not the last bytes of a whole file
		}
	}
	f.first = make([]byte, fingerprintSize)
	n := 0
	if in, err := f.unpack(); err == nil {
		n, _ = io.ReadFull(in, f.first) // damage shows when it is read
		_ = in.Close()                  // holds no file of its own
	}
	f.first = f.first[:n]
	f.Fingerprint = hashOf(f.first)
	return nil
}

// growFingerprint takes in what came behind a fingerprint that is still short.
func (f *file) growFingerprint() {
	if f.packed() || f.handle == nil || f.Fingerprint.Len == fingerprintSize || int64(f.Fingerprint.Len) >= f.Size {
		return
	}
	b := f.chain.owner.scratch[:min(f.Size, fingerprintSize)]
	if n, _ := f.handle.ReadAt(b, 0); n == len(b) && f.Fingerprint.of(b) {
		f.Fingerprint = hashOf(b)
	}
}

// continuedBy reports whether n, which was just identified, holds the text of f up to where it was
// read, and perhaps more: f renamed and compressed, copied before it was cut short, or put back.
func (f *file) continuedBy(n *file) bool {
	switch {
	case f.Fingerprint.Len == 0 || f.Restart != n.Restart || !f.startsLike(n):
		return false
	case f.handle != nil && f.place != gone:
		return n.replaces(f)
	}
	return n.holds(f)
}

// startsLike reports whether n begins as f does. A fingerprint may be longer than a copy that was
// made before f grew; then all that was read of f stands in its window, which is compared anyway.
func (f *file) startsLike(n *file) bool {
	if len(n.first) >= f.Fingerprint.Len {
		return f.Fingerprint.of(n.first)
	}
	return n.copyOf == f || f.Taken > 0 && int64(f.windowLen()) == f.Taken
}

// replaces reports whether f holds the whole text of old, which has no name any more but is open: a
// copy with more lines was put in its place.
func (f *file) replaces(old *file) bool {
	now, err := old.chain.owner.files.File(old.handle)
	if err != nil || f.Size < now.Size || f.packed() && f.Size == now.Size {
		return false
	}
	last := old.readAt(now.Size, windowSize)
	return bytes.Equal(last, f.before(now.Size, len(last)))
}

// holds reports whether the bytes before the position of old stand there in f too.
func (f *file) holds(old *file) bool {
	want := old.windowLen()
	switch {
	case f.packed() && f.Size == old.Size && old.Phase != growing, want == 0:
		return f.packed() || f.Size >= old.Taken
	case f.packed():
		return old.windowIs(f.before(old.Taken, want))
	}
	return f.Size >= old.Taken && old.windowIs(f.before(old.Taken, want))
}

// before returns the last bytes of the text before the offset end, as many as want if there are
// that many; nothing when the text is shorter.
func (f *file) before(end int64, want int) []byte {
	if !f.packed() {
		return f.readAt(end, want)
	}
	in, err := f.unpack()
	if err != nil {
		return nil
	}
	defer in.Close() //nolint:errcheck // holds no file of its own
	window, size := lastBytes(io.LimitReader(in, end))
	if size < end {
		return nil
	}
	return window[max(0, len(window)-want):]
}

// lastBytes reads to the end, and returns the last windowSize bytes and the number of all.
func lastBytes(r io.Reader) (last []byte, size int64) {
	last, buf := make([]byte, 0, windowSize), make([]byte, 32<<10)
	for {
		n, err := r.Read(buf)
		last = lastOf(last, buf[:n])
		size += int64(n)
		if err != nil {
			return last, size
		}
	}
}

// likeness is what a new file is to a known one.
type likeness int

const (
	other    likeness = iota
	copied            // the same text, as far as it goes
	mayBeOne          // of these, only time will tell
)

// compare compares a new file with one that can still be read. A copy is not read: either it is
// the first half of a truncation by copying, and wanted when the second half comes, or it is
// nothing new.
func (f *file) compare(old *file) likeness {
	if old.packed() || old.unreachable() || old.Restart != f.Restart {
		return other
	}
	if old.born == f.born && !f.Packs(&old.Found) {
		return other
	}
	if f.Fingerprint.Len == 0 {
		if f.Found.Live() {
			return other
		}
		return mayBeOne // it may be about to be filled
	}
	if old.place == deleted && len(f.first) >= old.Fingerprint.Len && !old.Fingerprint.of(f.first) {
		return other // there may be hundreds that are held, and nobody writes to them
	}
	if err := old.open(); errors.Is(err, errGone) || errors.Is(err, fs.ErrNotExist) {
		if old.Fingerprint.Len == 0 || !old.startsLike(f) {
			return other
		}
		old.chain.owner.refuse(old.Path, err)
		return mayBeOne // it was removed or renamed since the walk: the next one tells, see continues
	} else if err != nil {
		return mayBeOne
	}
	now, err := old.chain.owner.files.File(old.handle)
	same, unknown := old.unchanged()
	if unknown != nil {
		old.fail(unknown)
		return mayBeOne
	}
	if err != nil || now.Size < old.Stat.Size || !same {
		old.doubtful = true
		return mayBeOne
	}
	return f.isCopy(old, now.Size)
}

// isCopy compares the first bytes and the last ones. The first come first: to reach the last ones
// of a compressed file all of it has to be read.
func (f *file) isCopy(old *file, size int64) likeness {
	old.hidden = nil
	start := old.readAt(int64(f.Fingerprint.Len), f.Fingerprint.Len)
	if old.hidden == nil && !f.Fingerprint.of(start) {
		return other
	}
	last, end := f.end(size)
	there := old.readAt(end, len(last))
	if old.hidden != nil {
		old.fail(old.hidden)
		return mayBeOne
	}
	if end > size || !bytes.Equal(there, last) {
		return other
	}
	old.pass(waypoint{end, hashOf(last)})
	return copied
}

// end returns the last bytes of the text, and its size. Of a compressed text no more is read than
// shows that it is larger than most: somebody may have made it to keep us busy.
func (f *file) end(most int64) (last []byte, size int64) {
	if !f.packed() {
		return f.readAt(f.Size, windowSize), f.Size
	}
	in, err := f.unpack()
	if err != nil {
		return nil, 0
	}
	defer in.Close() //nolint:errcheck // holds no file of its own
	return lastBytes(io.LimitReader(in, most+1))
}

// take makes n, which holds the text of f, the file that f is read from.
func (f *file) take(n *file) {
	o := f.chain.owner
	cut := f.place == gone && f.Phase == growing && !f.fromMark && f.busy() // what was written behind the copy is gone
	more := f.Phase != finished || n.Size > f.Taken && !(n.packed() && f.Inode == n.Inode)
	o.files.close(f)
	o.forgetInode(f)
	if f.on(found); more {
		f.ended = false
		f.on(matched)
	}
	f.Found, f.kind, f.round = n.Found, n.kind, n.round
	o.files.move(n, f)
	o.byInode[f.Inode] = f
	hole := max(0, f.Size-n.Size)
	if n.packed() || f.Phase == finished || f.fromMark {
		hole = 0
	}
	if hole > 0 || cut {
		f.chain.lose(f, Loss{Reason: LossTruncated, Bytes: hole, Lines: -1, AtLeast: cut})
	}
	f.Size, f.grown, f.doubtful = n.Size, o.now, false
	f.chain.stirred = true
	if n.Fingerprint.Len < f.Fingerprint.Len {
		f.Fingerprint = n.Fingerprint // a copy that was made before f grew
	}
	if f.Taken != f.Offset && f.fromMark {
		f.readTo(f.Offset, f.textHere())
	}
	f.fromMark = false
	f.growFingerprint()
	if f.Phase == finished && len(f.chain.unended) == 0 {
		o.files.close(f)
	}
}

// textHere returns what stands before Offset; nothing when that would cost too much.
func (f *file) textHere() []byte {
	if f.packed() {
		return nil
	}
	return f.readAt(f.Offset, windowSize)
}
