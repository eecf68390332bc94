package tail

import (
	"bytes"
	enc "encoding/binary"
	"io"

	"fluxtrail/tail/discover"
)

// maxDeflate is how much smaller deflate can make anything, at most.
const maxDeflate = 1032

// identify opens a file that was just found and takes its fingerprint. It reads the first bytes of the text, and of a
// gzip file the last four, which tell the size of the text.
func (t *track) identify() error {
	if err := t.open(); err != nil {
		return err
	}
	magic := readAt(t.f, min(t.Stat.Size, 4), 4)
	t.kind = discover.CompressionOf(magic)
	if t.packed = t.kind != discover.None; !t.packed {
		t.size = t.Stat.Size
		t.first = readAt(t.f, min(t.size, headSize), headSize)
		t.head = hashOf(t.first)
		return nil
	}
	if t.kind == discover.Gzip && t.Stat.Size >= 8 {
		t.size = int64(enc.LittleEndian.Uint32(readAt(t.f, t.Stat.Size, 4))) // RFC 1952: ISIZE
		if t.size > maxDeflate*t.Stat.Size {
			t.size = 0 // not the last bytes of a whole file
		}
	}
	t.first = make([]byte, headSize)
	n := 0
	if in, err := unpack(t.f); err == nil {
		n, _ = io.ReadFull(in, t.first) // damage shows when it is read
		_ = in.Close()                  // holds no file of its own
	}
	t.first = t.first[:n]
	t.head = hashOf(t.first)
	return nil
}

// growHead takes in what came behind a fingerprint that is still short.
func (t *track) growHead() {
	if t.packed || t.f == nil || t.head.Len == headSize || int64(t.head.Len) >= t.size {
		return
	}
	b := t.live.owner.scratch[:min(t.size, headSize)]
	if n, _ := t.f.ReadAt(b, 0); n == len(b) && t.head.of(b) {
		t.head = hashOf(b)
	}
}

// continuedBy reports whether n, which was just identified, holds the text of t up to where it was read, and perhaps
// more: t renamed and compressed, copied before it was cut short, or put back.
func (t *track) continuedBy(n *track) bool {
	switch {
	case t.head.Len == 0 || t.File.Restart != n.File.Restart || !t.head.of(n.first):
		return false
	case t.f != nil && !t.closed:
		return n.replaces(t)
	}
	return n.holds(t)
}

// replaces reports whether t holds the whole text of old, which has no name any more but is open: somebody wrote a copy
// with more lines and put it in its place.
func (t *track) replaces(old *track) bool {
	now, err := old.live.owner.files.Statter.File(old.f)
	if err != nil || t.size < now.Size || t.packed && t.size == now.Size {
		return false
	}
	last := readAt(old.f, now.Size, edgeSize)
	if t.packed {
		return bytes.Equal(last, t.textBefore(now.Size, len(last)))
	}
	return bytes.Equal(last, readAt(t.f, now.Size, len(last)))
}

// holds reports whether the bytes before the position of old stand there in t too.
func (t *track) holds(old *track) bool {
	want := old.edge.len()
	switch {
	case t.packed && t.size == old.size && old.sealed, want == 0:
		return t.packed || t.size >= old.read
	case t.packed:
		return old.edge.is(t.textBefore(old.read, want))
	}
	return t.size >= old.read && old.edge.is(readAt(t.f, old.read, want))
}

// textBefore gives the last bytes of a compressed text before the offset end, as many as want if there are that many.
func (t *track) textBefore(end int64, want int) []byte {
	in, err := unpack(t.f)
	if err != nil {
		return nil
	}
	defer in.Close() //nolint:errcheck // holds no file of its own
	e, size := lastBytes(io.LimitReader(in, end))
	if size < end {
		return nil
	}
	return e[max(0, len(e)-want):]
}

// lastBytes reads to the end, and gives the last edgeSize bytes and the number of all.
func lastBytes(r io.Reader) (last []byte, size int64) {
	var e edge
	buf := make([]byte, 32<<10)
	for {
		n, err := r.Read(buf)
		e.add(buf[:n])
		size += int64(n)
		if err != nil {
			return e.bytes, size
		}
	}
}

// copied is what a new file is to a known one.
type copied int

const (
	isOther copied = iota
	isCopy         // the same text, as far as it goes
	mayBeCopy
)

// copyOf compares a new file with one that can still be read. A copy is not read: either it is the first half of a
// truncation by copying, and wanted when the second half comes, or it is nothing new.
func (t *track) copyOf(old *track) copied {
	readable := old.f != nil || old.named()
	if old.packed || old.closed || old.ghost || !readable || old.born == t.born || old.File.Restart != t.File.Restart {
		return isOther
	}
	if t.head.Len == 0 {
		if t.Found.Live() {
			return isOther
		}
		return mayBeCopy // somebody may be about to fill it
	}
	if err := old.open(); err != nil {
		return isOther
	}
	now, err := old.live.owner.files.Statter.File(old.f)
	if err != nil || now.Size < old.Stat.Size || !old.unchanged() {
		old.suspect = true
		return mayBeCopy
	}
	if !t.head.of(readAt(old.f, int64(t.head.Len), t.head.Len)) {
		return isOther
	}
	last, size := t.end()
	if size > now.Size || !bytes.Equal(readAt(old.f, size, len(last)), last) {
		return isOther
	}
	return isCopy
}

// end gives the last bytes of the text, and its size.
func (t *track) end() (last []byte, size int64) {
	if !t.packed {
		return readAt(t.f, t.size, edgeSize), t.size
	}
	in, err := unpack(t.f)
	if err != nil {
		return nil, 0
	}
	defer in.Close() //nolint:errcheck // holds no file of its own
	return lastBytes(in)
}

// textHere gives what stands before the position of reading; nothing when that would cost too much.
func (t *track) textHere() []byte {
	if t.packed {
		return nil
	}
	return readAt(t.f, t.read, edgeSize)
}

// adopt makes n, which holds the text of t, the file that t is read from.
func (t *track) adopt(n *track) {
	o := t.live.owner
	o.files.close(t)
	o.forgetInode(t)
	if !t.done || n.size > t.read && !(n.packed && t.Stat.Inode == n.Stat.Inode) {
		t.done, t.sealed, t.ended = false, false, false
	}
	t.Found, t.c, t.packed, t.kind, t.round = n.Found, n.c, n.packed, n.kind, n.round
	o.files.move(n, t)
	o.byInode[t.Stat.Inode] = t
	if hole := t.size - n.size; hole > 0 && !n.packed && !t.done && !t.ghost {
		o.lose(t, Loss{Reason: LossTruncated, Bytes: hole, Lines: -1})
	}
	t.size, t.grown, t.missing = n.size, o.now, n.missing
	if t.read != t.off && t.ghost {
		t.read, t.edge = t.off, edge{}
		t.edge.add(t.textHere())
	}
	t.closed, t.ghost, t.deleted, t.suspect = false, false, false, false
	t.growHead()
	if t.done && len(t.live.pending) == 0 {
		o.files.close(t)
	}
}
