package tail

// MarksVersion is the version of the Marks this program writes.
const MarksVersion = 1

// Marks are positions in logs: for each Source right behind the last line that was given, with what it takes to
// recognise each file again. They are plain values: they may be kept, compared and written as JSON.
type Marks struct {
	Version int          `json:"version"` // 0 is the zero value: nothing was ever read
	Sources []SourceMark `json:"sources,omitempty"`
}

// SourceMark is the position in one Source.
type SourceMark struct {
	Name    string        `json:"name"`
	Files   []FileMark    `json:"files"` // in the order of the log
	Pending []PendingMark `json:"pending,omitempty"`
	Last    int64         `json:"last,omitempty"` // time of the last line, Unix nanoseconds
}

// FileMark is the position in one file.
type FileMark struct {
	Path    string `json:"path"`
	Restart int    `json:"restart,omitempty"`
	Dev     uint64 `json:"dev"` // 0, like Ino, when the content is known but no file that holds it
	Ino     uint64 `json:"ino"`
	Head    Hash   `json:"head"`   // of the first bytes of the text
	Offset  int64  `json:"offset"` // everything before it was given, but for what is pending
	Edge    Hash   `json:"edge"`   // of the last bytes before EdgeEnd
	EdgeEnd int64  `json:"edge_end"`
	Lines   int64  `json:"lines"` // before Offset
	Size    int64  `json:"size"`  // of the text, as far as it was known
	Format  string `json:"format,omitempty"`
	Done    bool   `json:"done,omitempty"` // complete, and read to its end
}

// Hash is a hash of Len bytes.
type Hash struct {
	Len int    `json:"len"`
	Sum uint64 `json:"sum,string"`
}

// PendingMark is the beginning of a record whose end was not read yet, although lines behind it were given.
type PendingMark struct {
	Stream string `json:"stream"`
	File   int    `json:"file"` // index in SourceMark.Files
	Offset int64  `json:"offset"`
	Line   int64  `json:"line"` // its number, from 1
}

// Marks are the positions behind the last line that each Live gave. Whoever saves them has to have delivered that line.
func (f *Follower) Marks() Marks {
	m := Marks{Version: MarksVersion, Sources: make([]SourceMark, 0, len(f.all))}
	for _, l := range f.all {
		if l.dirty {
			l.mark, l.dirty = l.position(), false
		}
		m.Sources = append(m.Sources, l.mark)
	}
	return m
}

// position makes the mark of a Live.
func (l *Live) position() SourceMark {
	m := SourceMark{Name: l.src.Name, Last: l.last}
	next := map[*part]int{} // of each part, the file that begins with it or, when it is gone, behind it
	kept := map[*part]bool{}
	for _, t := range l.chain {
		next[&t.part] = len(m.Files)
		if kept[&t.part] = !t.closed || !t.done; kept[&t.part] {
			m.Files = append(m.Files, l.filePosition(t))
		}
	}
	add := func(s Stream, p *part, off, num int64) {
		if !kept[p] {
			off, num = 0, 1
		}
		if i, ok := next[p]; ok && i < len(m.Files) {
			m.Pending = append(m.Pending, PendingMark{s.String(), i, off, num})
		}
	}
	for _, b := range l.pending {
		add(b.stream, &b.track.part, b.off, b.num)
	}
	for i := range l.join {
		if p := &l.join[i]; p.open {
			add(Stream(i), p.at.part, p.at.line.Offset, p.at.line.Num)
		}
	}
	for _, q := range l.queue[l.head:] {
		if q.line.Partial {
			add(q.line.Stream, q.part, q.line.Offset, q.line.Num)
		}
	}
	return m
}

func (l *Live) filePosition(t *track) FileMark {
	m := FileMark{
		Path: t.File.Path, Restart: t.File.Restart, Dev: t.Stat.Dev, Ino: t.Stat.Ino, Head: t.head,
		Offset: t.off, Lines: t.lines, Size: t.size, Done: t.done,
	}
	if t.closed {
		m.Dev, m.Ino = 0, 0
	}
	if t.framed {
		m.Format = t.form.String()
	}
	if off, num := l.given(t); off != t.off || t == l.cur {
		m.Offset, m.Lines, m.Done = off, num, false
	}
	m.Edge, m.EdgeEnd = t.edgeFor(m.Offset)
	return m
}

// given is the position behind the last line of a file that was given. Lines that were taken but not given are read
// again after a restart; pieces of records are pending instead.
func (l *Live) given(t *track) (off, num int64) {
	off, num = t.off, t.lines
	if t == l.cur {
		off, num = l.split.off, l.split.num
		l.marked = off
	}
	earlier := func(q queued) {
		if q.part == &t.part && q.line.Offset < off && !q.line.Partial {
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

// minEdge is how many bytes make an edge that is worth something.
const minEdge = 256

// edgeFor gives the hash of bytes that were read from the file, and where they end: at off, or where reading is ahead of
// it. It does not look at the file, which may have been cut short a moment ago.
func (t *track) edgeFor(off int64) (Hash, int64) {
	keep := len(t.edge.bytes) - int(min(t.read-off, edgeSize))
	if off == t.read || keep < minEdge && int64(keep) < off {
		return t.edge.sum(), t.read
	}
	return hashOf(t.edge.bytes[:keep]), off
}
