package tail

import (
	"cmp"
	"slices"
	"time"

	"fluxtrail/tail/discover"
)

// chain is the files of one log, as Poll saw them last.
type chain struct {
	owner *Follower
	src   Source
	key   string // see discover.Log

	files   []*file   // in the order of reading; those that were read are remembered for a while
	copies  []*file   // held back, see compare
	cur     *file     // that is being read
	unended []unended // records that began before a restart, and whose end was not read

	asleep  bool           // Poll passes it over, see sleepers
	stirred bool           // a file of it is another, or may have changed
	alarm   discover.Alarm // while it sleeps

	seen    time.Time // Poll that last found a file of it
	caught  time.Time // when all that was known then had been read
	refused bool      // by FollowConfig.Select, at the last scan
	total   *FileStat // of files that are forgotten, nil for none
	last    int64     // time of the last line
	dirty   bool      // the mark is out of date

	given  func(*file) int64 // end of what was delivered of a file
	quota  int               // bytes that the current call of Next may still read
	behind bool              // Next stopped at the quota
}

func (l *chain) newFile(at *discover.Found) *file {
	o := l.owner
	return &file{
		fileMark: fileMark{Found: *at}, chain: l, place: named,
		added: o.now, grown: o.now, since: o.now, round: o.round, born: o.round,
	}
}

// match gives the files of a scan to those that are known. Files whose inode is not known are
// compared by content with what has no file any more, and with what may be their original; the
// others are new, unless the disk is to be looked at again.
func (l *chain) match(scanned []discover.Found, last bool) {
	l.dirty, l.seen = true, l.owner.now
	var fresh []*file
	for i := range scanned {
		if n := l.recognise(&scanned[i]); n != nil {
			fresh = append(fresh, n)
		}
	}
	if l.owner.renamed && !last {
		for _, n := range fresh {
			l.owner.files.close(n)
		}
		return
	}
	l.notFound()
	fresh = slices.DeleteFunc(fresh, l.continues) // first, for the order of the others depends on it
	fresh = slices.DeleteFunc(fresh, l.hides)
	l.countUnseen(fresh)
	for _, n := range fresh {
		l.admit(n)
	}
	l.src.Files = l.src.Files[:0:0]
	for i := range scanned {
		l.src.Files = append(l.src.Files, scanned[i].File)
	}
}

// recognise gives a file to the known one that has its inode. Otherwise it returns a new one, or
// nil when the file cannot be read now.
func (l *chain) recognise(at *discover.Found) *file {
	o := l.owner
	f := o.byInode[at.Inode]
	if f != nil && (f.handle != nil || f.place != restored && at.Stat == f.Stat) {
		f.renamed(at)
		return nil
	}
	for _, c := range l.copies {
		if c.Inode == at.Inode {
			c.renamed(at)
			return nil
		}
	}
	n := l.newFile(at)
	if err := n.identify(); err != nil {
		o.refuse(at.Path, err)
		return nil
	}
	if f == nil {
		return n
	}
	if f.chain == l && f.Fingerprint.Len > 0 && f.Fingerprint.of(n.first) && n.holds(f) {
		f.take(n)
		return nil
	}
	o.forgetInode(f)
	if f.Path == at.Path {
		f.on(replaced) // written anew
		n.again = l.last
		return n
	}
	f.Inode = discover.Inode{} // another file has it, so this one was deleted
	f.on(unseen)
	f.on(shut)
	return n
}

// renamed takes note of where the file was found.
func (f *file) renamed(at *discover.Found) {
	f.round = f.chain.owner.round
	if f.Path != at.Path {
		f.since = f.chain.owner.now
	}
	f.chain.stirred = f.chain.stirred || f.Path != at.Path || f.Stat != at.Stat
	st := f.Stat // Poll has yet to look at what changed
	st.Links = at.Links
	f.Found, f.Stat = *at, st
	f.on(found)
}

// notFound tells the files that the last scan did not find.
func (l *chain) notFound() {
	o := l.owner
	if l.refused {
		return
	}
	for _, f := range l.files {
		if f.round == o.round || f.place == gone || f.place == deleted {
			continue // found, or nobody will find it
		}
		st, err := o.files.look(f)
		f.on(unseen)
		switch {
		case f.handle == nil:
			f.on(shut)
		case err == nil && st.Links == 0:
			f.on(unlinked)
		}
	}
}

// continues gives a new file to the known one whose content it holds, if that has no other file.
func (l *chain) continues(n *file) bool {
	for _, f := range l.files {
		if (f.unreachable() || f.place == deleted) && f.continuedBy(n) {
			f.take(n)
			return true
		}
	}
	return false
}

// hides reports whether a new file may hold what was read already, which the disk did not tell. The
// next scan finds it again.
func (l *chain) hides(n *file) bool {
	if n.hidden == nil {
		return false
	}
	l.owner.files.close(n)
	l.owner.refuse(n.Path, n.hidden)
	return true
}

// admit finds out what a new file is that continues none.
func (l *chain) admit(n *file) {
	defer func() { n.first = nil }()
	if f := l.readFrom(n); f != nil && l.given(f) < n.Size {
		n.waits = f
		l.hold(n)
		return
	} else if f != nil {
		n.readTo(n.Size, nil)
		n.Offset = n.Size
		n.on(drained)
		l.insert(n)
		return
	}
	for _, f := range l.files {
		open := f.handle != nil
		is := n.compare(f)
		if f.Phase == finished && !open {
			l.owner.files.close(f)
		}
		if is != other {
			if is == copied {
				n.copyOf = f
			}
			l.hold(n)
			return
		}
	}
	l.insert(n)
}

// hold keeps a file that may be a copy from being read.
func (l *chain) hold(n *file) {
	l.owner.files.close(n)
	l.copies = append(l.copies, n)
}

// readFrom returns the file from which every byte of n was read, if n is a copy: the original was
// cut short after it was read further than the copy reaches.
func (l *chain) readFrom(n *file) *file {
	if f := n.copyOf; f != nil && f.unreachable() && n.Size <= f.Taken {
		return f
	}
	for _, f := range l.files {
		if f.unreachable() && f.born != n.born && !n.Found.Live() && f.readAll(n) {
			return f
		}
	}
	return nil
}

// insert puts a new file where its name says that it was written.
func (l *chain) insert(n *file) {
	o := l.owner
	i := len(l.files)
	for i > 0 && l.files[i-1].place == named && l.files[i-1].Compare(&n.Found) > 0 {
		i--
	}
	l.countRestarts(n)
	l.files = slices.Insert(l.files, i, n)
	o.byInode[n.Inode] = n
	if o.first && o.cfg.From == FromEnd {
		n.skip(LossSkipped)
	}
}

// countRestarts counts the logs of restarts that nobody has seen, where nothing else told of them:
// the container was restarted more than once meanwhile, and the kubelet keeps the last ones only.
func (l *chain) countRestarts(n *file) {
	if len(l.files) == 0 || l.owner.walker.Tells(n.Path) {
		return
	}
	known := slices.MaxFunc(l.files, func(a, b *file) int { return cmp.Compare(a.Restart, b.Restart) }).Restart
	if missing := n.Restart - known - 1; missing > 0 {
		l.lose(n, Loss{Reason: LossVanished, Lines: int64(missing), AtLeast: true, Logs: missing})
	}
}

// countUnseen notes that there may have been rotations that nobody has seen, where nothing tells of
// them: since the last look the file that was written to was rotated so often that it was deleted.
func (l *chain) countUnseen(fresh []*file) {
	f := l.newest()
	if f == nil || f.place != deleted || !f.since.Equal(l.owner.now) || l.owner.walker.Tells(f.Real) {
		return
	}
	rotated := func(n *file) bool { return n.Restart == f.Restart && (l.src.UID != "" || !n.Found.Live()) }
	if slices.ContainsFunc(fresh, rotated) {
		l.lose(f, Loss{Reason: LossVanished, AtLeast: true})
	}
}

// recheck looks again at files that may be copies.
func (l *chain) recheck() {
	held := l.copies
	l.copies = nil
	for _, n := range held {
		st, err := l.owner.files.Statter.Path(n.Real)
		if err != nil || st.Inode != n.Inode {
			l.owner.files.close(n)
			continue // gone; if it was renamed, the scan finds it
		}
		same := st == n.Stat
		if same && (n.copyOf != nil && !n.copyOf.unreachable() || n.waits != nil && l.given(n.waits) < n.Size) {
			l.copies = append(l.copies, n)
			continue
		}
		if !same {
			n.copyOf, n.born = nil, l.owner.round // written on, or another file by now
		}
		n.Stat, n.waits = st, nil
		if n.identify() == nil && !l.continues(n) {
			l.admit(n)
		}
	}
}

// maxReplaced is how many generations of files that were cut short are remembered.
const maxReplaced = 16

// forget drops what was read and is gone for long enough.
func (l *chain) forget() {
	if l.refused {
		return // its files were not compared with what is there
	}
	o, overwritten := l.owner, 0
	for i := len(l.files) - 1; i >= 0; i-- {
		f := l.files[i]
		if f.Phase != finished || f.place == named {
			continue
		}
		if f.place == gone {
			overwritten++
		}
		if o.now.Sub(f.since) < o.cfg.ForgetAfter && overwritten <= maxReplaced {
			continue
		}
		o.files.close(f)
		o.forgetInode(f)
		if l.total == nil {
			l.total = &FileStat{}
		}
		l.total.add(f.part.FileStat)
		l.files = slices.Delete(l.files, i, i+1)
		l.dirty = true
	}
}

// unread is how many bytes are known that were not delivered. taken is how far the current file
// was.
func (l *chain) unread(taken int64) (n int64) {
	for _, f := range l.files {
		switch {
		case f == l.cur:
			n += max(0, f.Size-taken)
		case f.Phase != finished:
			n += max(0, f.Size-f.Offset)
		}
	}
	return n
}
