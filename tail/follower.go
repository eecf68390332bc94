package tail

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"fluxtrail/tail/discover"
	"fluxtrail/tail/frame"
)

// Follower finds logs and keeps track of their files while they grow, are rotated, compressed, cut short and deleted. It
// holds the files open that may be needed, and reads nothing but what it takes to recognise them; reading is done by its
// Lives. One goroutine at a time may use a Follower and its Lives.
type Follower struct {
	cfg     FollowConfig
	format  Format
	walker  *discover.Walker
	files   openFiles
	buffers buffers
	scratch [edgeSize]byte

	now      time.Time // of the last Poll, but it never goes back
	given    time.Time // of the last Poll
	polled   time.Time // of the Poll before
	round    uint64    // scans so far
	looks    int       // Polls so far
	scanAt   time.Time // when to scan even if nothing changed
	first    bool      // nothing was ever read
	byInode  map[discover.Inode]*track
	byKey    map[string]*Live // by discover.Log.Key
	byName   map[string]*Live // by Source.Name
	all      []*Live          // the same, sorted
	lives    []*Live          // those that were found, sorted
	change   uint64           // of lives
	partial  int              // bytes of unfinished records in memory
	losses   []Loss
	problems []PathError // that the last scan met
	stale    bool        // err does not join them yet
	err      error
}

// scanEvery is how often everything is looked at, whether a directory changed or not: permissions change without a
// trace in the directory, and network file systems tell late. With more logs than manyLives it takes three times as long.
const (
	scanEvery = 10 * time.Second
	manyLives = 256
)

// NewFollower returns a Follower that goes on at marks; the zero Marks mean a first start. Nothing is opened before the
// first Poll.
func NewFollower(cfg FollowConfig, marks Marks) (*Follower, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	if marks.Version > MarksVersion {
		return nil, fmt.Errorf("marks of version %d: this program knows %d: update it", marks.Version, MarksVersion)
	}
	format, err := frame.ParseFormat(cfg.Format)
	f := &Follower{
		cfg: cfg, format: format, first: marks.Version == 0, change: 1,
		walker: discover.New(discover.Config{
			Include: cfg.Include, Exclude: cfg.Exclude, Roots: cfg.Roots, Select: cfg.Select,
		}),
		files:   openFiles{limit: cfg.MaxOpen},
		byInode: map[discover.Inode]*track{}, byKey: map[string]*Live{}, byName: map[string]*Live{},
	}
	for _, m := range marks.Sources {
		f.restore(m)
	}
	return f, err
}

// Poll looks at what happened on disk until now: files that are new, grew, or were rotated, compressed, cut short, or
// deleted. It has to be called several times a second, also while nothing is read. What it cannot use does not stop the
// rest; the error joins a PathError for each, and stays the same until that changes.
func (f *Follower) Poll(now time.Time) error {
	f.tick(now)
	stirred := false
	f.looks++
	for _, l := range f.lives {
		stirred = l.check() || stirred
	}
	if f.round == 0 || f.walker.Changed(stirred, f.many()) || !f.now.Before(f.scanAt) {
		f.scan()
		stirred = true
	}
	if f.stale {
		f.err, f.stale = join(f.problems), false
	}
	for _, l := range f.all {
		l.matchTwins()
		l.settle()
	}
	f.hold()
	f.buffers.trim()
	if stirred {
		f.forget()
	}
	f.first = false
	return f.err
}

// many reports whether there are so many logs that looking at all of them each time would cost.
func (f *Follower) many() bool { return len(f.lives) > manyLives }

// tick lets time pass. A clock that is set back stands still for once.
func (f *Follower) tick(now time.Time) {
	if f.round == 0 {
		f.now, f.given = now, now
	}
	f.polled = f.given
	f.now = f.now.Add(max(0, now.Sub(f.given)))
	f.given = now
}

// scan looks for files and brings the tracks up to date.
func (f *Follower) scan() {
	f.round++
	f.scanAt, f.problems, f.stale = f.now.Add(scanEvery), nil, true
	if f.many() {
		f.scanAt = f.now.Add(3 * scanEvery)
	}
	logs := f.walker.Walk(f.now)
	for _, l := range f.all {
		if l.refused = f.walker.Refused(l.src.Name); l.refused {
			l.seen = f.now
		}
	}
	for _, log := range logs {
		l := f.byKey[log.Key]
		if l == nil {
			l = f.adoptSource(&log)
		}
		l.match(log.Found)
	}
	for _, l := range f.all {
		l.miss()
	}
	f.problems = append(f.problems, f.walker.Problems()...)
}

// adoptSource makes the Live of a log that was found for the first time.
func (f *Follower) adoptSource(log *discover.Log) *Live {
	src := log.Source
	l := f.byName[src.Name]
	if l != nil && l.key != "" && l.key != log.Key {
		src.Name += "@" + log.Key // a copy of the container in another tree
		l = f.byName[src.Name]
	}
	if l == nil {
		l = f.newLive(src.Name)
	}
	l.src, l.key = src, log.Key
	f.byKey[log.Key] = l
	at, _ := slices.BinarySearchFunc(f.lives, src.Name, byName)
	f.lives = slices.Insert(f.lives, at, l)
	f.change++
	return l
}

func byName(l *Live, name string) int { return cmp.Compare(l.src.Name, name) }

func (f *Follower) newLive(name string) *Live {
	l := &Live{owner: f, src: Source{Name: name}, caught: f.now}
	l.max = f.cfg.MaxLine
	f.byName[name] = l
	at, _ := slices.BinarySearchFunc(f.all, name, byName)
	f.all = slices.Insert(f.all, at, l)
	return l
}

// refuse notes a file that cannot be read now.
func (f *Follower) refuse(path string, err error) {
	if errors.Is(err, errGone) || errors.Is(err, fs.ErrNotExist) {
		f.scanAt = f.now // renamed a moment ago
		return
	}
	var pe *fs.PathError
	if errors.As(err, &pe) {
		err = pe.Err // the path is named already
	}
	f.problems, f.stale = append(f.problems, PathError{Path: path, Err: err}), true
	f.scanAt = f.now.Add(retryAfter)
}

// forgetInode takes back that t is the file with its inode.
func (f *Follower) forgetInode(t *track) {
	if f.byInode[t.Stat.Inode] == t {
		delete(f.byInode, t.Stat.Inode)
	}
}

// Live is one log per container, or per file with its rotations, sorted by Source.Name. The slice is valid until the
// next Poll, each Live until its container was gone for FollowConfig.ForgetAfter.
func (f *Follower) Live() []*Live { return f.lives }

// Problems are the paths that cannot be read, as the last Poll told. The slice is valid until the next.
func (f *Follower) Problems() []PathError { return f.problems }

func join(problems []PathError) error {
	errs := make([]error, len(problems))
	for i, p := range problems {
		errs[i] = p
	}
	return errors.Join(errs...)
}

// Knows reports whether Marks have something of the log with this Source.Name.
func (f *Follower) Knows(name string) bool { return f.byName[name] != nil }

// Change counts the changes of what Live gives, from one on.
func (f *Follower) Change() uint64 { return f.change }

// Lag is the sum over all Lives, and the oldest of their times.
func (f *Follower) Lag() (sum Lag) {
	for _, l := range f.lives {
		lag := l.Lag()
		sum.Bytes += lag.Bytes
		if !lag.Since.IsZero() && (sum.Since.IsZero() || lag.Since.Before(sum.Since)) {
			sum.Since = lag.Since
		}
	}
	return sum
}

// Loss gives what was lost since the last call.
func (f *Follower) Loss() []Loss {
	lost := f.losses
	f.losses = nil
	return lost
}

// Close closes all files. The Follower cannot be used any more; Marks that it gave stay valid.
func (f *Follower) Close() error {
	for len(f.files.open) > 0 {
		f.files.close(f.files.open[0])
	}
	f.all, f.lives, f.byName, f.byKey = nil, nil, nil, nil
	return nil
}
