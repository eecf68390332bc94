package tail

import "bytes"

// buffers lends read buffers to Lives while they have something to read, so that a thousand idle
// logs hold none.
type buffers struct {
	free [][]byte
	lent int
	most int // lent at the same time since the last trim
}

const (
	manyBuffers = 64       // up to so many are full size
	smallBuffer = 16 << 10 // the others
)

// get lends a buffer with room for more than n bytes.
func (b *buffers) get(n int) []byte {
	b.lent++
	b.most = max(b.most, b.lent)
	if b.lent > manyBuffers && n < smallBuffer/2 {
		return make([]byte, smallBuffer)
	}
	if last := len(b.free) - 1; last >= 0 && n < bufferSize/2 {
		buf := b.free[last]
		b.free = b.free[:last]
		return buf
	}
	return make([]byte, max(bufferSize, 2*n))
}

// put takes a buffer back.
func (b *buffers) put(buf []byte) {
	b.lent--
	if len(buf) == bufferSize && len(b.free) < manyBuffers {
		b.free = append(b.free, buf)
	}
}

// trim lets go of buffers that were not needed since the last trim.
func (b *buffers) trim() {
	if n := max(b.most, 1) - b.lent; n < len(b.free) {
		clear(b.free[n:])
		b.free = b.free[:n]
	}
	b.most = b.lent
}

// wake gets a buffer, with what was left in the last one.
func (l *Live) wake() {
	s := &l.split
	if s.buf != nil {
		return
	}
	s.buf = l.owner.buffers.get(len(l.left))
	s.r, s.w, s.seen = 0, copy(s.buf, l.left), l.searched
	l.left = l.left[:0]
}

// pause gives the buffer back, with that of a long line that was delivered. It returns false,
// which is what Next has to return then.
func (l *Live) pause() bool {
	s := &l.split
	if l.cur != nil && s.off != l.marked {
		l.dirty = true
	}
	if s.spilled == 0 && cap(s.long.b) > keepCapacity {
		s.long.b = nil
	}
	if s.buf == nil {
		return false
	}
	l.letGo()
	if left := s.buf[s.r:s.w]; len(left) > 0 || cap(l.left) > keepCapacity {
		l.left = append(l.left[:0:0], left...)
	}
	l.searched = max(0, s.seen-s.r)
	l.owner.buffers.put(s.buf)
	s.buf, s.r, s.w, s.seen = nil, 0, 0, 0
	return false
}

// letGo forgets the current line, which would keep the whole buffer that it stands in.
func (l *Live) letGo() {
	l.line.Text, l.row.Text, l.split.line, l.dec.Piece.Text = nil, nil, nil, nil
}

// Drop lets go of the memory of the current line, which is not valid any more. Long lines of many
// logs would add up.
func (l *Live) Drop() {
	l.letGo()
	if l.split.spilled == 0 && cap(l.split.long.b) > keepCapacity {
		l.split.long.b = nil
	}
	for i := range l.join {
		if p := &l.join[i]; !p.open && cap(p.text.b) > keepCapacity {
			p.text.b, p.at.line.Text = nil, nil
		}
	}
}

// Own lets go of the current line as Drop does, and returns its text, which is the caller's then.
// That of a long line is not copied where it has memory of its own.
func (l *Live) Own() []byte {
	text := l.line.Text
	own := l.split.spilled == 0 && within(text, l.split.long.b)
	for i := range l.join {
		own = own || !l.join[i].open && within(text, l.join[i].text.b)
	}
	if !own || cap(text) <= keepCapacity {
		text = bytes.Clone(text)
	}
	l.Drop()
	return text
}

// within reports whether part is an end of the memory of whole.
func within(part, whole []byte) bool {
	n, m := cap(part), cap(whole)
	return n > 0 && m > 0 && &part[:n][n-1] == &whole[:m][m-1]
}

// account keeps the sum of what all Lives hold of unfinished records below its limit. A Live that
// would exceed it delivers what it has.
func (l *Live) account() {
	held := len(l.pretty.buf)
	for i := range l.join {
		if l.join[i].open {
			held += len(l.join[i].text.b)
		}
	}
	if l.split.spilled > 0 {
		held += len(l.split.long.b)
	}
	l.owner.partial += held - l.held
	l.held = held
	if l.owner.partial <= l.owner.cfg.MaxPartial || held == 0 {
		return
	}
	if l.split.spilled > 0 {
		l.split.long.max = len(l.split.long.b)
	}
	if l.unfinished() {
		l.release()
	}
}
