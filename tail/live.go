package tail

import "time"

// Follower finds logs and keeps track of their files while they grow, are rotated, compressed and deleted. One
// goroutine at a time may use it and its Lives.
type Follower struct {
	cfg   FollowConfig
	lives []*Live
}

// NewFollower returns a Follower that goes on at marks; the zero Marks mean a first start. Nothing is opened before the
// first Poll.
func NewFollower(cfg FollowConfig, marks Marks) (*Follower, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	return &Follower{cfg: cfg}, nil
}

// Poll looks at what happened on disk. It reads no more than it takes to recognise files.
func (f *Follower) Poll(now time.Time) error { return nil }

// Live is one log per container (or file with its rotations), sorted by Source.Name. The slice is valid until the next
// Poll, each Live as long as its container is there.
func (f *Follower) Live() []*Live { return f.lives }

// Marks are the positions behind the last line that each Live gave.
func (f *Follower) Marks() Marks { return Marks{Version: MarksVersion} }

// Lag is the sum over all Lives, and the oldest of their times.
func (f *Follower) Lag() Lag { return Lag{} }

// Loss gives what was lost since the last call.
func (f *Follower) Loss() []Loss { return nil }

// Close closes all files. Marks stay valid.
func (f *Follower) Close() error { return nil }

// Live gives the lines of one Source as they are written.
type Live struct {
	src  Source
	line Line
}

// Next moves to the next line. It never waits: false means that there is nothing complete to read now, or, when Behind,
// that enough was read for one call.
func (l *Live) Next() bool { return false }

// Line is the current line. It is valid until the next call of Next.
func (l *Live) Line() *Line { return &l.line }

// Behind reports whether Next returned false although there is more to read at once.
func (l *Live) Behind() bool { return false }

// Source is the log, with the files that are there now.
func (l *Live) Source() Source { return l.src }

// Place tells where the current line begins.
func (l *Live) Place() Place { return Place{} }

// Lag is how far this Live is behind.
func (l *Live) Lag() Lag { return Lag{} }

// Stat is what reading came to since the Follower was made; Format and Err are those of the current file.
func (l *Live) Stat() FileStat { return FileStat{} }

// Place is a file as it is known now.
type Place struct {
	File
	Dev, Ino uint64
}
