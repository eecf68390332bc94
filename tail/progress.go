package tail

import "time"

// Lag is how far reading is behind writing.
type Lag struct {
	Bytes int64     // not delivered yet; compressed files count with their uncompressed size
	Since time.Time // when the oldest of them was written, at the earliest; zero when there is none
}

// Line is the current line. It is valid until the next call of Next.
func (l *Live) Line() *Line { return &l.line }

// Behind reports whether Next returned false although there is more to read at once.
func (l *Live) Behind() bool { return l.behind }

// Source is the log, with the files that were there at the last Poll.
func (l *Live) Source() Source { return l.src }

// Place is a file as it is known now.
type Place struct {
	File
	Dev, Ino uint64
}

// Place tells in which file the current line begins, and where that is now.
func (l *Live) Place() Place {
	for _, f := range l.files {
		if &f.part == l.assembly.begun {
			return Place{f.File, f.Dev, f.Ino}
		}
	}
	return Place{}
}

// Lag is how far this Live was behind at the last Poll, less what it gave since.
func (l *Live) Lag() Lag {
	n := l.unread(l.split.off)
	if n == 0 {
		return Lag{}
	}
	since := l.caught
	if l.last > 0 {
		since = latest(since, time.Unix(0, l.last))
	}
	return Lag{Bytes: n, Since: since}
}

// Stat is what reading came to since the Follower was made, over all files; Format and Err are
// those of the current one.
func (l *Live) Stat() FileStat {
	l.count()
	var sum FileStat
	if l.total != nil {
		sum = *l.total
	}
	for _, f := range l.files {
		sum.add(f.part.FileStat)
	}
	if l.cur != nil {
		sum.Format, sum.Err = l.cur.part.Format, l.cur.part.Err
	}
	return sum
}

func (s *FileStat) add(other FileStat) {
	s.Lines += other.Lines
	s.Blank += other.Blank
	s.Bytes += other.Bytes
	s.Truncated += other.Truncated
	s.Partial += other.Partial
	s.Misframed += other.Misframed
	s.NUL += other.NUL
}
