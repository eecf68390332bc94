package tail

import (
	"bytes"
	"fmt"
	"io"
	"slices"

	"fluxtrail/tail/frame"
)

// unended is a record that began before the restart, and whose end was not read by then.
type unended struct {
	pendingMark
	stream frame.Stream
	file   *file
	met    bool // its beginning was read again
}

// validate reports what no program of this version writes. Marks are checked once, when they are
// loaded; nothing behind that has to expect them to be wrong.
func (m *Marks) validate() error {
	if m.Version < 0 || m.Version == 0 && len(m.Sources) > 0 {
		return fmt.Errorf("marks of version %d", m.Version)
	}
	for _, s := range m.Sources {
		for i := range s.Files {
			if err := s.Files[i].validate(); err != nil {
				return fmt.Errorf("mark of %q, file %q: %w", s.Name, s.Files[i].Path, err)
			}
		}
		for _, p := range s.Pending {
			if p.File < 0 || p.File >= len(s.Files) || p.Offset < 0 || p.Line < 1 {
				return fmt.Errorf("mark of %q: pending record at line %d, offset %d, file %d of %d",
					s.Name, p.Line, p.Offset, p.File, len(s.Files))
			}
		}
	}
	return nil
}

func (m *fileMark) validate() error {
	switch {
	case m.Offset < 0 || m.Lines < 0 || m.Size < 0 || m.Taken < m.Offset:
		return fmt.Errorf("position %d, line %d, of %d bytes, %d of them taken", m.Offset, m.Lines, m.Size, m.Taken)
	case m.Fingerprint.Len < 0 || m.Fingerprint.Len > fingerprintSize:
		return fmt.Errorf("fingerprint of %d bytes", m.Fingerprint.Len)
	case m.Window.Len < 0 || m.Window.Len > windowSize || int64(m.Window.Len) > m.Taken:
		return fmt.Errorf("%d bytes before %d", m.Window.Len, m.Taken)
	}
	for i, w := range m.Passed {
		if w.Digest.Len < 0 || w.Digest.Len > windowSize || int64(w.Digest.Len) > w.Off || i > 0 && w.Off < m.Passed[i-1].Off {
			return fmt.Errorf("%d bytes before %d, passed as number %d", w.Digest.Len, w.Off, i)
		}
	}
	return nil
}

// restore makes of a mark what is known of its Source before any file of it was found.
func (fw *Follower) restore(m sourceMark) {
	l := fw.newLive(m.Name)
	l.last, l.seen = m.Last, fw.now
	for _, fm := range m.Files {
		l.files = append(l.files, fw.restoreFile(&l.chain, fm))
	}
	for _, p := range m.Pending {
		l.unended = append(l.unended, unended{pendingMark: p, stream: frame.StreamOf([]byte(p.Stream)), file: l.files[p.File]})
	}
	l.mark, l.dirty = m, true
}

func (fw *Follower) restoreFile(l *chain, m fileMark) *file {
	f := &file{
		fileMark: m, chain: l, place: restored, fromMark: true,
		offBefore: m.Offset, numBefore: m.Lines, ended: m.Phase == finished,
	}
	f.Real, f.Size = m.Path, max(m.Size, m.Taken)
	if m.Ino != 0 {
		fw.byInode[f.Inode] = f
	}
	return f
}

// resume reads the beginnings of unfinished records again. Between them and the position of the
// mark stand lines that were delivered, and those are passed over. False means that a file may
// still be found.
func (l *Live) resume() bool {
	files := l.toReadAgain()
	o := l.owner
	awaited := func(f *file) bool {
		return (f.place == restored || f.place == lost) && !l.past(f.since, o.cfg.QuietAfter)
	}
	if slices.ContainsFunc(files, awaited) {
		return false
	}
	for i, f := range files {
		start := int64(0)
		if i == 0 {
			start = max(0, l.begins(f))
		}
		l.reread(f, start)
		for j := range l.unended {
			u := &l.unended[j]
			u.met = u.met || u.file == f // it goes on in the next file
		}
	}
	for _, u := range l.unended {
		if l.open == 0 || !l.join[u.stream].open {
			l.lose(u.file, Loss{Reason: LossDeleted, Bytes: u.file.Offset - u.Offset, Lines: -1, AtLeast: true})
		}
	}
	l.unended, l.ended = nil, o.now
	l.account()
	return true
}

// toReadAgain are the files from the first unended record to the position of the mark.
func (l *Live) toReadAgain() []*file {
	first := -1
	for i, f := range l.files {
		if first < 0 && l.begins(f) >= 0 {
			first = i
		}
		if first >= 0 && f.Phase != finished {
			return l.files[first : i+1]
		}
	}
	return l.files[max(first, 0):]
}

// begins returns the first offset in a file where an unended record begins, -1 when none does.
func (l *Live) begins(f *file) int64 {
	first := int64(-1)
	for _, u := range l.unended {
		if u.file == f && (first < 0 || u.Offset < first) {
			first = u.Offset
		}
	}
	return first
}

// reread feeds the pieces of unended records that stand between start and the position of a file.
func (l *Live) reread(f *file, start int64) {
	if f.Offset <= start {
		return
	}
	r, err := f.textFrom(start)
	if err != nil || f.Format == frame.Auto {
		l.interrupt()
		return
	}
	l.begin(f)
	defer l.put(f)
	l.wake()
	l.split.src, l.split.off, l.split.num = io.LimitReader(r, f.Offset-start), start, l.lineAt(f, start)
	for l.split.next() || l.split.rest() {
		l.again(f)
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
func (l *Live) put(f *file) {
	l.pause()
	l.left, l.cur = nil, nil
	if f.Phase == finished {
		l.owner.files.close(f)
	}
}

// lineAt is the number of the line before the unended record that begins at off.
func (l *Live) lineAt(f *file, off int64) int64 {
	for _, u := range l.unended {
		if u.file == f && u.Offset == off {
			return u.Line - 1
		}
	}
	return 0
}

// again takes a physical line that was read before: when it is a piece of an unended record, it is
// kept.
func (l *Live) again(f *file) {
	if len(l.split.line) == 0 || !l.dec.Decode(l.format, l.split.line) || !l.dec.Piece.Partial {
		return
	}
	for i := range l.unended {
		u := &l.unended[i]
		if u.stream != l.dec.Piece.Stream {
			continue
		}
		if u.met = u.met || u.file == f && l.split.start >= u.Offset; u.met {
			l.take()
			l.piece(&l.dec.Piece)
		}
		return
	}
}
