package tail

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"fluxtrail/tail/access"
	"fluxtrail/tail/discover"
	"fluxtrail/tail/frame"
)

// Follower finds logs and keeps track of their files while they grow, are rotated, compressed, cut
// short and deleted. It holds the files open that may be needed, and reads nothing but what it
// takes to recognise them; reading is done by its Lives. One goroutine at a time may use a
// Follower and its Lives.
type Follower struct {
	cfg       FollowConfig
	format    frame.Format
	walker    *discover.Walker
	files     openFiles
	buffers   buffers
	unpacking *file // that has the one large decoder
	sleepers  sleepers
	scratch   [max(windowSize, fingerprintSize)]byte

	now    time.Time // of the last Poll, but it never goes back
	given  time.Time // of the last Poll
	polled time.Time // of the Poll before
	round  uint64    // scans so far
	looks  int       // Polls so far
	scanAt time.Time // when to scan even if nothing changed
	first  bool      // nothing was ever read

	byInode map[discover.Inode]*file
	byKey   map[string]*Live // by discover.Log.Key
	byName  map[string]*Live // by Source.Name
	all     []*Live          // the same, sorted
	lives   []*Live          // those that were found, sorted
	change  uint64           // of lives
	stirs   uint64           // see Stirs

	partial    int // bytes of unfinished records in memory
	losses     []Loss
	renamed    bool        // the scan met a file whose name was another's by then
	problems   []PathError // that the last scan met
	stale      bool        // err does not join them yet
	err        error
	unexpected int // events that cannot happen, see transitions
}

// scanEvery is how often everything is looked at, whether a directory changed or not: permissions
// change without a trace in the directory, and network file systems tell late. With more logs than
// manyLives it takes three times as long.
const (
	scanEvery = 10 * time.Second
	manyLives = 256
)

// NewFollower returns a Follower that goes on at marks; the zero Marks mean a first start. Nothing
// is opened before the first Poll.
func NewFollower(cfg FollowConfig, marks Marks) (*Follower, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	if marks.Version > marksVersion {
		return nil, fmt.Errorf("marks of version %d: this program knows %d: update it", marks.Version, marksVersion)
	}
	if err := marks.validate(); err != nil {
		return nil, err
	}
	format, err := frame.ParseFormat(cfg.Format)
	fw := &Follower{
		cfg: cfg, format: format, first: marks.Version == 0, change: 1,
		walker: discover.New(discover.Config{
			Include: cfg.Include, Exclude: cfg.Exclude, Roots: cfg.Roots, Select: cfg.Select, Watch: cfg.Watch,
		}),
		files:   openFiles{limit: cfg.MaxOpen},
		byInode: map[discover.Inode]*file{}, byKey: map[string]*Live{}, byName: map[string]*Live{},
		sleepers: newSleepers(&cfg),
	}
	for _, m := range marks.Sources {
		fw.restore(m)
	}
	return fw, err
}

// Poll looks at what happened on disk until now: files that are new, grew, or were rotated,
// compressed, cut short, or deleted. It has to be called several times a second, also while
// nothing is read. What it cannot use does not stop the rest; the error joins a PathError for
// each, and stays the same until that changes.
func (fw *Follower) Poll(now time.Time) error {
	fw.tick(now)
	changed := false
	fw.looks++
	fw.rouse()
	for _, l := range fw.waking() {
		changed = l.look() || changed
	}
	if !fw.many() {
		fw.stirs++
	}
	made := fw.walker.Notice()
	if fw.round == 0 || made || fw.walker.Changed(changed, fw.many()) || !fw.now.Before(fw.scanAt) {
		fw.scan()
		changed = true
	}
	if fw.stale {
		fw.err, fw.stale = join(fw.problems), false
	}
	for _, l := range fw.waking() {
		l.recheck()
		l.settle()
	}
	fw.lull()
	fw.hold()
	fw.buffers.trim()
	if changed {
		fw.forget()
	}
	fw.first = false
	return fw.err
}

// look looks at the files of a Live that was found.
func (l *Live) look() (scan bool) {
	if l.key == "" {
		return false
	}
	if l.unread(l.split.off) == 0 {
		l.caught = l.owner.polled
	}
	return l.check()
}

// many reports whether there are so many logs that looking at all of them each time would cost.
func (fw *Follower) many() bool { return len(fw.lives) > manyLives }

// tick lets time pass. A clock that is set back stands still for once.
func (fw *Follower) tick(now time.Time) {
	if fw.round == 0 {
		fw.now, fw.given = now, now
	}
	fw.polled = fw.given
	fw.now = fw.now.Add(max(0, now.Sub(fw.given)))
	fw.given = now
}

// maxWalks is how often a scan looks at the disk, as long as names change meanwhile.
const maxWalks = 3

// scan looks for files and brings the chains up to date. Names that change meanwhile may make it
// miss a file and find one that was written later, whose lines would be read first: it looks again
// then.
func (fw *Follower) scan() {
	for walks := 1; !fw.walk(walks == maxWalks); walks++ {
	}
	for _, l := range fw.all {
		l.notFound()
	}
	fw.wakeStirred()
	for _, l := range fw.all {
		for _, f := range l.files {
			if !f.failing.IsZero() && !errors.Is(f.part.Err, errGone) {
				fw.refuse(f.Path, f.part.Err)
			}
		}
	}
	fw.problems = append(fw.problems, fw.walker.Problems()...)
	fw.walker.Met(fw.knows, fw.holds)
}

// walk looks at the disk once. It reports false where a name changed meanwhile and there is another
// walk; new files may have to wait for that.
func (fw *Follower) walk(last bool) (done bool) {
	fw.round++
	fw.stirs++
	fw.scanAt, fw.problems, fw.stale = fw.now.Add(scanEvery), nil, true
	if fw.many() {
		fw.scanAt = fw.now.Add(3 * scanEvery)
	}
	logs := fw.walker.Walk(fw.now)
	if !last && fw.walker.Moved() {
		return false
	}
	for _, l := range fw.all {
		if l.refused = fw.walker.Refused(l.src.Name); l.refused {
			l.seen = fw.now
		}
	}
	fw.renamed = false
	for i := range logs {
		fw.liveOf(&logs[i]).match(logs[i].Found, last)
	}
	return last || !fw.renamed
}

// knows reports whether a file is one of those that the last scan found, or is open.
func (fw *Follower) knows(id discover.Inode) bool {
	if f := fw.byInode[id]; f != nil && (f.handle != nil || f.round == fw.round) {
		return true
	}
	return slices.ContainsFunc(fw.all, func(l *Live) bool {
		return slices.ContainsFunc(l.copies, func(n *file) bool { return n.Inode == id })
	})
}

// holds reports whether the file that the last scan found under a path is open.
func (fw *Follower) holds(path string) bool {
	return slices.ContainsFunc(fw.files.open, func(f *file) bool { return f.Real == path && f.round == fw.round })
}

// Stirs counts the Polls that found something which may be read. As long as it stays the same, a
// Live that was at its end seldom has a line: only one that waited for its time to pass. Where
// there are few logs every Poll counts.
func (fw *Follower) Stirs() uint64 { return fw.stirs }

// Stirred reports whether a log was made that no Poll has found.
func (fw *Follower) Stirred() bool { return fw.walker.Notice() }

// Await returns when a log is made that the next Poll can find, ctx is done, or d has passed. false
// means that it cannot tell, and did not wait.
func (fw *Follower) Await(ctx context.Context, d time.Duration) bool { return fw.walker.Await(ctx, d) }

// liveOf returns the Live of a log, which is made when the log was not found before.
func (fw *Follower) liveOf(log *discover.Log) *Live {
	if l := fw.byKey[log.Key]; l != nil {
		return l
	}
	src := log.Source
	l := fw.byName[src.Name]
	if l != nil && l.key != "" && l.key != log.Key {
		src.Name += "@" + log.Key // a copy of the container in another tree
		l = fw.byName[src.Name]
	}
	if l == nil {
		l = fw.newLive(src.Name)
	}
	l.src, l.key = src, log.Key
	fw.byKey[log.Key] = l
	at, _ := slices.BinarySearchFunc(fw.lives, src.Name, byName)
	fw.lives = slices.Insert(fw.lives, at, l)
	fw.change++
	return l
}

func byName(l *Live, name string) int { return cmp.Compare(l.src.Name, name) }

func (fw *Follower) newLive(name string) *Live {
	l := &Live{chain: chain{owner: fw, src: Source{Name: name}, caught: fw.now}}
	l.max = fw.cfg.MaxLine
	l.chain.given = func(f *file) int64 {
		off, _ := l.position(f)
		return off
	}
	fw.byName[name] = l
	at, _ := slices.BinarySearchFunc(fw.all, name, byName)
	fw.all = slices.Insert(fw.all, at, l)
	fw.sleepers.stale = true
	return l
}

// refuse notes a file that cannot be read now.
func (fw *Follower) refuse(path string, err error) {
	if errors.Is(err, errGone) || errors.Is(err, fs.ErrNotExist) {
		fw.scanAt, fw.renamed = fw.now, true // a moment ago
		return
	}
	var pe *fs.PathError
	if errors.As(err, &pe) {
		err = pe.Err // the path is named already
	}
	problem := PathError{Path: path, Err: err}
	if errors.Is(err, fs.ErrPermission) {
		problem.Hint = access.Hint()
	}
	fw.problems, fw.stale = append(fw.problems, problem), true
	fw.scanAt = fw.now.Add(retryAfter)
}

// forgetInode takes back that f is the file with its inode.
func (fw *Follower) forgetInode(f *file) {
	if fw.byInode[f.Inode] == f {
		delete(fw.byInode, f.Inode)
	}
}

// forget drops what was read and is gone for long enough.
func (fw *Follower) forget() {
	for _, l := range fw.all {
		l.forget()
	}
	fw.all = slices.DeleteFunc(fw.all, func(l *Live) bool {
		gone := len(l.files)+len(l.copies) == 0 && fw.now.Sub(l.seen) >= fw.cfg.ForgetAfter
		if gone {
			l.rouse()
			fw.sleepers.stale = true
			delete(fw.byName, l.src.Name)
			delete(fw.byKey, l.key)
			fw.lives = slices.DeleteFunc(fw.lives, func(k *Live) bool { return k == l })
			fw.change++
		}
		return gone
	})
}

// Live returns one log per container, or per file with its rotations, sorted by Source.Name. The
// slice is valid until the next Poll, each Live until its container was gone for
// FollowConfig.ForgetAfter.
func (fw *Follower) Live() []*Live { return fw.lives }

// Problems are the paths that cannot be read, as the last Poll told. The slice is valid until the
// next.
func (fw *Follower) Problems() []PathError { return fw.problems }

func join(problems []PathError) error {
	errs := make([]error, len(problems))
	for i, p := range problems {
		errs[i] = p
	}
	return errors.Join(errs...)
}

// Knows reports whether Marks have something of the log with this Source.Name.
func (fw *Follower) Knows(name string) bool { return fw.byName[name] != nil }

// There reports whether the log with this Source.Name had a file with a name when the disk was
// scanned last. One that is gone is read to its end, and may be held open for a while.
func (fw *Follower) There(name string) bool {
	l := fw.byName[name]
	return l != nil && slices.ContainsFunc(l.files, func(f *file) bool { return f.place == named })
}

// Change counts the changes of what Live returns, from one on.
func (fw *Follower) Change() uint64 { return fw.change }

// Lag is the sum over all Lives, and the oldest of their times.
func (fw *Follower) Lag() (sum Lag) {
	for _, l := range fw.waking() {
		if l.key == "" {
			continue // not found yet
		}
		lag := l.Lag()
		sum.Bytes += lag.Bytes
		if !lag.Since.IsZero() && (sum.Since.IsZero() || lag.Since.Before(sum.Since)) {
			sum.Since = lag.Since
		}
	}
	return sum
}

// Loss returns what was lost since the last call.
func (fw *Follower) Loss() []Loss {
	for _, g := range fw.walker.Gone() {
		fw.losses = append(fw.losses, Loss{
			Source: g.Name, Path: g.Path, Reason: LossVanished, Lines: int64(g.Logs), AtLeast: true, Logs: g.Logs,
		})
	}
	lost := fw.losses
	fw.losses = nil
	return lost
}

// Close closes all files. The Follower cannot be used any more; Marks that it returned stay valid.
func (fw *Follower) Close() error {
	for len(fw.files.open) > 0 {
		fw.files.close(fw.files.open[0])
	}
	fw.all, fw.lives, fw.byName, fw.byKey = nil, nil, nil, nil
	if fw.sleepers.alarms != nil {
		return errors.Join(fw.walker.Close(), fw.sleepers.alarms.Close())
	}
	return fw.walker.Close()
}
