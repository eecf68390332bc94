package tail

import (
	"slices"
	"time"

	"fluxtrail/tail/discover"
)

// check looks at the files that may change. It reports whether one was replaced by its writer or
// lost its name, so that a scan has to tell what became of it.
func (l *chain) check() (scan bool) {
	for i := 0; i < len(l.files); i++ { // rewritten adds to it
		f := l.files[i]
		if f.Phase != finished && f.place != gone && f.place != restored && !l.owner.passOver(f) {
			scan = l.checkFile(f) || scan
		}
	}
	return scan
}

// passOver reports whether a file need not be looked at this time: as with directories, see
// discover.CalmAfter, but only where there are many, and those that are held while nothing is read
// may be hundreds.
func (fw *Follower) passOver(f *file) bool {
	seldom := fw.many() || f.place == deleted && f.Phase == complete && f != f.chain.cur
	return f.calm >= discover.CalmAfter && seldom && (fw.looks+f.slot)%discover.SeldomEvery != 0
}

func (l *chain) checkFile(f *file) (scan bool) {
	o := l.owner
	st, err := o.files.look(f)
	if err != nil || st.Inode != f.Inode || f.place == lost {
		return true // not open, and without its name: the scan finds it, or it is lost
	}
	if st == f.Stat && !f.doubtful && !st.Fresh() {
		f.calm++
		return false
	}
	f.calm = 0
	o.stirs++
	before := f.Stat
	f.Stat = st
	if st.Links == 0 && f.place != deleted && f.handle != nil {
		f.on(unlinked)
		scan = true
	}
	if f.packed() {
		return scan
	}
	l.dirty = true
	if (st.Size < before.Size || f.doubtful || f.handle != nil) && !f.same(st) {
		l.rewritten(f, st, st.Size < before.Size)
		return true
	}
	f.doubtful = false
	if hole := f.Size - max(st.Size, f.Taken); hole > 0 {
		l.lose(f, Loss{Reason: LossTruncated, Bytes: hole, Lines: -1})
	}
	if st.Size != f.Size {
		f.Size, f.grown = st.Size, o.now
		f.on(grew)
		f.growFingerprint()
	}
	return scan
}

// same reports whether a file still holds what was taken from it.
func (f *file) same(st discover.Stat) bool {
	if st.Size < f.Taken || st.Size < int64(f.Fingerprint.Len) {
		return false
	}
	if f.open() != nil {
		return true // what cannot be read now is looked at when it is read
	}
	same, err := f.unchanged()
	return same || err != nil
}

// Something that rewrites a large file in place would have every line of it delivered again and
// again. After maxRewrites times reading goes on at its end. Files up to freeRewrite bytes may
// change as often as they like.
const (
	maxRewrites = 10
	freeRewrite = 1 << 20
)

// rewritten makes two files of one whose writer cut it short and wrote anew: the old content, which
// only a copy can give, and the new one, which is read from its beginning.
func (l *chain) rewritten(f *file, st discover.Stat, shorter bool) {
	o := l.owner
	n := l.newFile(&f.Found)
	n.Stat, n.place, n.again = st, f.place, l.last
	if n.rewrites = f.rewrites; !shorter && st.Size > freeRewrite {
		n.rewrites++
	}
	o.files.move(f, n)
	o.byInode[st.Inode] = n
	f.on(replaced)
	f.doubtful = false
	l.files = slices.Insert(l.files, slices.Index(l.files, f)+1, n)
	if n.identify() != nil {
		n.Size = st.Size // it is looked at again when it is read
	}
	if n.rewrites > maxRewrites {
		n.skip(LossRewritten)
		n.rewrites = 0
	}
}

// settle decides, after everything was looked at, which files are complete and which are lost.
func (l *chain) settle() {
	if l.refused {
		return
	}
	for i, f := range l.files {
		if f.Phase != finished {
			l.settleFile(f, l.files[i+1:])
		}
	}
}

// past reports whether so much time has passed since then.
func (l *chain) past(since time.Time, d time.Duration) bool { return l.owner.now.Sub(since) >= d }

func (l *chain) settleFile(f *file, behind []*file) {
	cfg := &l.owner.cfg
	switch {
	case f.place == gone, f.unreachable() && l.past(f.since, cfg.QuietAfter) && !f.leftOut():
		l.giveUp(f, behind)
	case len(behind) > 0 && !f.failing.IsZero() && l.past(f.failing, cfg.ForgetAfter):
		l.owner.drop(f, LossUnreadable) // the others have waited long enough
	case f.Phase == growing && f.place != restored && l.written(f, behind) && !l.grewUnseen(f):
		f.on(settled)
	}
}

// leftOut reports whether the file is where the mark has it, and no file of its log is found: the
// configuration leaves the log out. What is known of it is kept for when it does not any more.
func (f *file) leftOut() bool {
	if f.place != restored || f.chain.key != "" {
		return false
	}
	st, err := f.chain.owner.files.Path(f.Path)
	return err == nil && st.Inode == f.Inode
}

// grewUnseen reports whether a file has more bytes than were seen, because it was passed over
// since. The next Poll looks at it.
func (l *chain) grewUnseen(f *file) bool {
	st, err := l.owner.files.look(f)
	if err != nil || st.Inode != f.Inode || st.Size <= f.Size || f.packed() {
		return false
	}
	f.calm = 0
	return true
}

// written reports whether a file will not grow any more, as far as one can know: it has another
// behind it, or no name, and nothing was written to it for a while. Its writer may still have it
// open for a moment after that.
func (l *chain) written(f *file, behind []*file) bool {
	cfg := &l.owner.cfg
	switch {
	case f.packed(), len(behind) > 1, len(behind) > 0 && f.rested():
		return true
	case len(behind) == 0 && f.place != deleted:
		return f.place != named && l.past(latest(f.since, f.grown), cfg.ForgetAfter)
	}
	quiet, since := cfg.QuietAfter, latest(f.grown, f.since)
	if len(behind) > 0 {
		since = latest(since, behind[0].added)
		if l.past(behind[0].added, 10*quiet) {
			return true // it grows and grows, and so may the other
		}
	}
	return l.past(since, quiet)
}

// restedFor is how long ago a file with another behind it was written to for it to be complete at
// once. Logs that were there before the agent are then read in the order of time: one that waits
// for the end of a rotated file lets the others go ahead.
const restedFor = 10 * time.Second

// rested reports whether the file system says that nothing was written to the file for long.
func (f *file) rested() bool {
	return f.Stat.Mtime > 0 && time.Now().UnixNano()-f.Stat.Mtime > int64(restedFor)
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// busyFor is how long ago something may have been written to a file for it to be likely that more
// was, before it was cut short.
const busyFor = 10 * time.Second

// busy reports whether the file was being written to when it was seen last.
func (f *file) busy() bool { return f.Size > 0 && !f.chain.past(f.grown, busyFor) }

// follows reports whether a file has something that was written after an empty one was rotated
// away. One with the same inode is the same file.
func (f *file) follows(empty *file) bool {
	return f.Size > 0 && f.Restart == empty.Restart && f.Inode != empty.Inode
}

// giveUp ends a file that is nowhere on disk any more. What was taken from it is still delivered.
func (l *chain) giveUp(f *file, behind []*file) {
	if f.fromMark {
		f.forgetAhead()
	}
	reason := LossDeleted
	if f.place == gone && !f.fromMark {
		reason = LossTruncated
	}
	// More may have been written while nobody looked, unless the container ended with the file.
	unseen := (f.fromMark || f.place != gone || f.busy()) && f.Phase == growing &&
		slices.ContainsFunc(behind, func(g *file) bool {
			return g.place == named && (f.Fingerprint.Len > 0 || g.follows(f))
		})
	if n := f.unread(); n > 0 || unseen {
		l.lose(f, Loss{Reason: reason, Bytes: n, Lines: -1, AtLeast: true})
	}
	l.owner.forgetInode(f)
	f.Size = f.Taken
	f.gap = f.Fingerprint.Len > 0
	f.on(givenUp)
	if f != l.cur {
		f.on(drained)
	}
}
