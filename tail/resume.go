package tail

import (
	"bytes"
	"io"
	"slices"

	"fluxtrail/tail/discover"
	"fluxtrail/tail/frame"
)

// beginning is where a record begins whose end was not read before the restart.
type beginning struct {
	stream Stream
	track  *track
	off    int64
	num    int64
	begun  bool // it was met again
}

// restore makes of a mark what is known of its Source before any file of it was found.
func (f *Follower) restore(m SourceMark) {
	l := f.newLive(m.Name)
	l.last, l.seen = m.Last, f.now
	for _, fm := range m.Files {
		l.chain = append(l.chain, f.restoreFile(l, fm))
	}
	for _, p := range m.Pending {
		if p.File >= 0 && p.File < len(l.chain) {
			l.pending = append(l.pending, beginning{stream: frame.StreamOf([]byte(p.Stream)), track: l.chain[p.File], off: p.Offset, num: p.Line})
		}
	}
	l.mark, l.dirty = m, true
}

func (f *Follower) restoreFile(l *Live, m FileMark) *track {
	t := &track{
		live: l, ghost: true, c: discover.NewCPath(m.Path), Found: discover.Found{
			File: File{Path: m.Path, Restart: m.Restart}, Stat: discover.Stat{Inode: discover.Inode{Dev: m.Dev, Ino: m.Ino}},
		},
		size: max(m.Size, m.EdgeEnd), head: m.Head, edge: edge{hash: m.Edge},
		read: m.EdgeEnd, off: m.Offset, lines: m.Lines, skipped: m.Offset, skippedLines: m.Lines,
		done: m.Done, sealed: m.Done, ended: m.Done,
	}
	if form, err := frame.ParseFormat(m.Format); err == nil && m.Format != "" {
		t.form, t.framed = form, true
	}
	if m.Ino != 0 {
		f.byInode[t.Stat.Inode] = t
	}
	return t
}

// resume reads the beginnings of unfinished records again. Between them and the position of the mark stand lines that
// were delivered, and those are passed over. False means that a file may still be found.
func (l *Live) resume() bool {
	tracks := l.resumed()
	o := l.owner
	awaited := func(t *track) bool { return t.lost() && !t.closed && o.now.Sub(t.missing) < o.cfg.QuietAfter }
	if slices.ContainsFunc(tracks, awaited) {
		return false
	}
	for i, t := range tracks {
		start := int64(0)
		if i == 0 {
			start = max(0, l.begins(t))
		}
		l.reread(t, start)
		for j := range l.pending {
			b := &l.pending[j]
			b.begun = b.begun || b.track == t // it goes on in the next file
		}
	}
	for _, b := range l.pending {
		if !l.join[b.stream].open {
			o.lose(b.track, Loss{Reason: LossDeleted, Bytes: b.track.off - b.off, Lines: -1, AtLeast: true})
		}
	}
	l.pending, l.finished = nil, o.now
	l.account()
	return true
}

// resumed are the tracks from the first pending beginning to the position of the mark.
func (l *Live) resumed() []*track {
	first := -1
	for i, t := range l.chain {
		if first < 0 && l.begins(t) >= 0 {
			first = i
		}
		if first >= 0 && !t.done {
			return l.chain[first : i+1]
		}
	}
	return l.chain[max(first, 0):]
}

// begins gives the first offset in t where a pending record begins, -1 when none does.
func (l *Live) begins(t *track) int64 {
	first := int64(-1)
	for _, b := range l.pending {
		if b.track == t && (first < 0 || b.off < first) {
			first = b.off
		}
	}
	return first
}

// reread feeds the pieces of unfinished records that stand between start and the position of t.
func (l *Live) reread(t *track, start int64) {
	if t.off <= start {
		return
	}
	r, err := t.textFrom(start)
	if err != nil || !t.framed {
		l.interrupt()
		return
	}
	l.begin(t)
	defer l.put(t)
	l.wake()
	l.split.src, l.split.off, l.split.num = io.LimitReader(r, t.off-start), start, l.numAt(t, start)
	for l.split.next() || l.split.rest() {
		l.again(t)
	}
}

// interrupt ends what was read again of records, because a file cannot be read.
func (l *Live) interrupt() {
	first := len(l.queue)
	l.release()
	for i := first; i < len(l.queue); i++ {
		l.queue[i].line.Text = bytes.Clone(l.queue[i].line.Text) // their place is needed before they are delivered
	}
}

// put ends a reread.
func (l *Live) put(t *track) {
	l.pause()
	l.rest, l.cur = nil, nil
	if t.done {
		l.owner.files.close(t)
	}
}

func (l *Live) numAt(t *track, off int64) int64 {
	for _, b := range l.pending {
		if b.track == t && b.off == off {
			return b.num - 1
		}
	}
	return 0
}

// again takes a physical line that was read before: when it is a piece of an unfinished record, it is kept.
func (l *Live) again(t *track) {
	if len(l.split.line) == 0 || !l.dec.Decode(l.format, l.split.line) || !l.dec.Piece.Partial {
		return
	}
	for i := range l.pending {
		b := &l.pending[i]
		if b.stream != l.dec.Piece.Stream {
			continue
		}
		if b.begun = b.begun || b.track == t && l.split.start >= b.off; b.begun {
			l.piece(&l.dec.Piece)
		}
		return
	}
}

// textFrom gives the text from an offset on.
func (t *track) textFrom(off int64) (io.Reader, error) {
	if err := t.open(); err != nil {
		return nil, err
	}
	if !t.packed {
		return io.NewSectionReader(t.f, off, 1<<62), nil
	}
	in, err := unpack(t.f)
	if err == nil {
		_, err = io.CopyN(io.Discard, in, off)
	}
	return in, err
}
