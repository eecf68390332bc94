package tail

import (
	"slices"
	"time"

	"fluxtrail/tail/frame"
)

// marksVersion is the version of the Marks that this program writes.
const marksVersion = 1

// Marks are positions in logs: for each Source right behind the last line that was given, with
// what it takes to recognise each file again. They are plain values: they may be kept, compared
// and written as JSON. The zero value means that nothing was ever read.
type Marks struct {
	Version int          `json:"version"`
	Sources []sourceMark `json:"sources,omitempty"`
}

// sourceMark is the position in one Source.
type sourceMark struct {
	Name    string        `json:"name"`
	Files   []fileMark    `json:"files"` // in the order of the log
	Pending []pendingMark `json:"pending,omitempty"`
	Last    int64         `json:"last,omitempty"` // time of the last line, Unix nanoseconds

	At time.Time `json:"-"` // of the Poll before it was made, zero when it was loaded
}

// pendingMark is the beginning of a record whose end was not read yet, although lines behind it
// were given.
type pendingMark struct {
	Stream string `json:"stream"`
	File   int    `json:"file"` // index in sourceMark.Files
	Offset int64  `json:"offset"`
	Line   int64  `json:"line"` // its number, from 1
}

// Marks returns the position in this log alone: see Follower.Marks.
func (l *Live) Marks() Marks {
	if l.dirty {
		l.mark, l.dirty = l.markOf(), false
	}
	return Marks{Version: marksVersion, Sources: []sourceMark{l.mark}}
}

// Replace returns marks with the logs of others as they are there.
func (m Marks) Replace(others Marks) Marks {
	m.Sources = slices.Clone(m.Sources)
	for _, other := range others.Sources {
		i := slices.IndexFunc(m.Sources, func(s sourceMark) bool { return s.Name == other.Name })
		if i < 0 {
			m.Sources = append(m.Sources, other)
		} else {
			m.Sources[i] = other
		}
	}
	return m
}

// Marks returns the positions behind the last line that each Live gave. The caller has to have
// delivered that line before it saves them.
func (fw *Follower) Marks() Marks {
	m := Marks{Version: marksVersion, Sources: make([]sourceMark, 0, len(fw.all))}
	for _, l := range fw.all {
		m.Sources = append(m.Sources, l.Marks().Sources...)
	}
	return m
}

// Seen returns marks, which were made earlier, with the files that were found since, at their
// beginning, and with how far others have grown since, and how many bytes that is. Whoever goes on
// there knows of them when they are gone.
func (fw *Follower) Seen(m Marks) (_ Marks, added int64) {
	m.Version, m.Sources = marksVersion, slices.Clone(m.Sources)
	known := make(map[string]bool, len(m.Sources))
	add := func(s *sourceMark, l *Live) {
		more := l.foundAfter(s.At)
		for _, f := range more {
			added += f.Size
		}
		s.Files = append(slices.Clone(s.Files), more...)
		added += l.growSince(s.Files, s.At)
	}
	for i := range m.Sources {
		s := &m.Sources[i]
		if known[s.Name] = true; fw.byName[s.Name] != nil {
			add(s, fw.byName[s.Name])
		}
	}
	for _, l := range fw.all {
		if s := (sourceMark{Name: l.src.Name}); !known[s.Name] {
			if add(&s, l); len(s.Files) > 0 {
				m.Sources = append(m.Sources, s)
			}
		}
	}
	return m, added
}

// foundAfter are the marks of files that were found after a time, but for copies of what was read.
func (l *chain) foundAfter(at time.Time) (marks []fileMark) {
	for _, f := range l.files {
		copied := f.Phase == finished && f.part.index == 0
		if f.added.After(at) && !copied && f.tells() {
			marks = append(marks, fileMark{Found: f.Found, Fingerprint: f.Fingerprint, Size: f.Size})
		}
	}
	return marks
}

// growSince notes in marks, which were made at a time, how far their files have grown since. It
// returns by how many bytes.
func (l *chain) growSince(marks []fileMark, at time.Time) (bytes int64) {
	for i := range marks {
		m := &marks[i]
		for _, f := range l.files {
			if f.Dev == m.Dev && f.Ino == m.Ino && !f.added.After(at) && f.tells() && f.Size > m.Size {
				bytes += f.Size - m.Size
				m.Found, m.Fingerprint, m.Size = f.Found, f.Fingerprint, f.Size
				break
			}
		}
	}
	return bytes
}

// tells reports whether a mark of the file would say anything of it.
func (f *file) tells() bool { return f.place != gone && f.Fingerprint.Len > 0 }

// markOf makes the mark of a Live.
func (l *Live) markOf() sourceMark {
	m := sourceMark{Name: l.src.Name, Last: l.last, Files: make([]fileMark, 0, len(l.files)), At: l.owner.now}
	for _, f := range l.files {
		if f.marked() {
			m.Files = append(m.Files, l.filePosition(f))
		}
	}
	add := func(s frame.Stream, p *part, off, num int64) {
		i, kept, ok := l.markIndex(p)
		if !kept {
			off, num = 0, 1
		}
		if ok && i < len(m.Files) {
			m.Pending = append(m.Pending, pendingMark{s.String(), i, off, num})
		}
	}
	for _, u := range l.unended {
		add(u.stream, &u.file.part, u.Offset, u.Line)
	}
	for i := range l.join {
		if p := &l.join[i]; p.open {
			add(frame.Stream(i), p.at.part, p.at.line.Offset, p.at.line.Num)
		}
	}
	for _, q := range l.queue[l.head:] {
		if q.line.Partial {
			add(q.line.Stream, q.part, q.line.Offset, q.line.Num)
		}
	}
	return m
}

// marked reports whether a file is in the marks.
func (f *file) marked() bool { return f.place != gone || f.Phase != finished }

// markIndex is where in the marks a part of the log stands or, where it is not kept, what comes
// behind it. There is none of a log that is not followed any more, for which ok is false.
func (l *Live) markIndex(p *part) (i int, kept, ok bool) {
	for _, f := range l.files {
		switch {
		case &f.part == p:
			return i, f.marked(), true
		case f.marked():
			i++
		}
	}
	return 0, false, false
}

// filePosition is what is saved of a file: the same fields, at the position of what was given.
func (l *Live) filePosition(f *file) fileMark {
	m := f.fileMark
	if f == l.cur {
		l.marked = l.split.off
	}
	if f.place == gone {
		m.Dev, m.Ino = 0, 0
	}
	if off, num := l.position(f); off != f.Offset || f == l.cur {
		m.Offset, m.Lines, m.Phase = off, num, growing
	}
	m.Window, m.Taken = f.windowAt(m.Offset)
	m.Passed = nil
	if passed := f.passedBefore(m.Offset); m.Phase != finished && len(passed) > 0 {
		m.Passed = slices.Clone(passed[max(0, len(passed)-savedWaypoints):])
	}
	return m
}

// position is the position behind the last line of a file that was given. Lines that were taken
// but not given are read again after a restart; pieces of records are pending instead.
func (l *Live) position(f *file) (off, num int64) {
	off, num = f.Offset, f.Lines
	if f == l.cur {
		off, num = l.split.off, l.split.num
	}
	earlier := func(q queued) {
		if q.part == &f.part && q.line.Offset < off && !q.line.Partial {
			off, num = q.line.Offset, q.line.Num-1
		}
	}
	for _, q := range l.queue[l.head:] {
		earlier(q)
	}
	for _, q := range l.pretty.lines {
		earlier(q)
	}
	return off, num
}
