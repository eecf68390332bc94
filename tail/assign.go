package tail

import (
	"slices"
	"time"

	"fluxtrail/tail/discover"
)

// check looks at the files that may change. It reports whether one was replaced by its writer or lost its name, so that
// the other files have to be looked at too.
func (l *Live) check() (stirred bool) {
	if l.unread() == 0 {
		l.caught = l.owner.polled
	}
	for i := 0; i < len(l.chain); i++ { // replaced adds to it
		if t := l.chain[i]; !t.done && !t.closed && !t.ghost && !l.owner.passOver(t) {
			stirred = l.checkFile(t) || stirred
		}
	}
	return stirred
}

// passOver reports whether a file need not be looked at this time: as with directories, see discover.CalmAfter, but only where
// there are many.
func (f *Follower) passOver(t *track) bool {
	return t.calm >= discover.CalmAfter && f.many() && (f.looks+t.slot)%discover.SeldomEvery != 0
}

func (l *Live) checkFile(t *track) (stirred bool) {
	o := l.owner
	st, err := o.files.look(t)
	if err != nil || st.Inode != t.Stat.Inode {
		return true // not open, and without its name: the scan finds it, or nobody does
	}
	if st == t.Stat && !t.suspect && !st.Fresh() {
		t.calm++
		return false
	}
	t.calm = 0
	before := t.Stat
	t.Stat = st
	if st.Links == 0 && !t.deleted {
		t.deleted, t.turned, stirred = true, o.now, true
	}
	if t.packed {
		return stirred
	}
	l.dirty = true
	if (st.Size < before.Size || t.suspect || t.f != nil) && !l.same(t, st) {
		l.replaced(t, st, st.Size < before.Size)
		return true
	}
	t.suspect = false
	if hole := t.size - max(st.Size, t.read); hole > 0 {
		o.lose(t, Loss{Reason: LossTruncated, Bytes: hole, Lines: -1})
	}
	if st.Size != t.size {
		t.size, t.grown, t.sealed = st.Size, o.now, false
		t.growHead()
	}
	return stirred
}

// same reports whether a file still holds what was taken from it.
func (l *Live) same(t *track, st discover.Stat) bool {
	if st.Size < t.read || st.Size < int64(t.head.Len) {
		return false
	}
	return t.open() != nil || t.unchanged() // what cannot be read now is looked at when it is read
}

// replaced notes that the writer cut the file short and wrote anew: the old content becomes a track that only a copy can
// serve, the new content one that is read from its beginning.
func (l *Live) replaced(t *track, st discover.Stat, shorter bool) {
	o := l.owner
	n := l.newTrack(&t.Found)
	n.Stat = st
	n.missing, n.deleted = t.missing, t.deleted
	if n.rewrote = t.rewrote; !shorter && st.Size > freeRewrite {
		n.rewrote++
	}
	o.files.move(t, n)
	o.byInode[st.Inode] = n
	t.closed, t.suspect, t.turned = true, false, o.now
	l.chain = slices.Insert(l.chain, slices.Index(l.chain, t)+1, n)
	if n.identify() != nil {
		n.size = st.Size // it is looked at again when it is read
	}
	if n.rewrote > maxRewrites {
		n.skip(LossRewritten)
		n.rewrote = 0
	}
}

// Something that rewrites a large file in place would have every line of it delivered again and again. After maxRewrites
// times reading goes on at its end. Files up to freeRewrite bytes may change as often as they like.
const (
	maxRewrites = 10
	freeRewrite = 1 << 20
)

func (l *Live) newTrack(at *discover.Found) *track {
	o := l.owner
	return &track{
		live: l, Found: *at, c: discover.NewCPath(at.Real),
		added: o.now, grown: o.now, turned: o.now, round: o.round, born: o.round,
	}
}

// match gives the files of the last scan to the tracks. Files that are not known by their inode are compared by content
// with what has no file any more, and with what may be their original; the others are new.
func (l *Live) match(files []discover.Found) {
	l.dirty, l.seen = true, l.owner.now
	var fresh []*track
	for i := range files {
		if n := l.known(&files[i]); n != nil {
			fresh = append(fresh, n)
		}
	}
	l.miss()
	fresh = slices.DeleteFunc(fresh, l.continues) // first, for the order of the others depends on it
	for _, n := range fresh {
		l.place(n)
	}
	l.src.Files = l.src.Files[:0:0]
	for i := range files {
		l.src.Files = append(l.src.Files, files[i].File)
	}
}

// known gives a file to the track that has its inode. Otherwise it gives a new track, or nil when the file cannot be
// read now.
func (l *Live) known(c *discover.Found) *track {
	o := l.owner
	t := o.byInode[c.Stat.Inode]
	if t != nil && (t.f != nil || !t.ghost && c.Stat == t.Stat) {
		t.rename(c)
		return nil
	}
	if l.knownTwin(c) {
		return nil
	}
	n := l.newTrack(c)
	if err := n.identify(); err != nil {
		o.refuse(c.File.Path, err)
		return nil
	}
	if t == nil {
		return n
	}
	if t.live == l && t.head.Len > 0 && t.head.of(n.first) && n.holds(t) {
		t.adopt(n)
		return nil
	}
	o.forgetInode(t) // another file's now, or written anew
	t.closed, t.deleted = true, t.deleted || t.File.Path != c.File.Path
	return n
}

// knownTwin gives a file to what is held back as a copy.
func (l *Live) knownTwin(c *discover.Found) bool {
	for _, n := range l.twins {
		if n.Stat.Inode == c.Stat.Inode {
			n.rename(c)
			return true
		}
	}
	return false
}

// rename takes note of where the track was found.
func (t *track) rename(c *discover.Found) {
	t.round = t.live.owner.round
	if t.File.Path != c.File.Path {
		t.turned = t.live.owner.now
	}
	if t.Real != c.Real {
		t.c = discover.NewCPath(c.Real)
	}
	st := t.Stat
	st.Links = c.Stat.Links
	t.Found = *c
	t.Stat, t.missing, t.deleted = st, time.Time{}, false
}

// miss notes which tracks the last scan did not find.
func (l *Live) miss() {
	o := l.owner
	if l.refused {
		return
	}
	for _, t := range l.chain {
		if t.round == o.round || !t.missing.IsZero() {
			continue
		}
		t.missing, t.turned = o.now, o.now
		if st, err := o.files.look(t); t.f != nil && err == nil {
			t.deleted = st.Links == 0
		}
	}
}

// continues gives a new file to the track whose content it holds, if that has no other file.
func (l *Live) continues(n *track) bool {
	for _, t := range l.chain {
		if (t.lost() || t.deleted) && t.continuedBy(n) {
			t.adopt(n)
			return true
		}
	}
	return false
}

// place finds out what a new file is that continues none.
func (l *Live) place(n *track) {
	defer func() { n.first = nil }()
	if n.twin != nil && n.twin.lost() && n.twin.done && n.size <= n.twin.read {
		n.read, n.off, n.sealed, n.done = n.size, n.size, true, true // a copy, of which every byte was read
		l.insert(n)
		return
	}
	for _, t := range l.chain {
		was := t.f != nil
		kind := n.copyOf(t)
		if t.done && !was {
			l.owner.files.close(t)
		}
		if kind != isOther {
			if kind == isCopy {
				n.twin = t
			}
			l.owner.files.close(n)
			l.twins = append(l.twins, n)
			return
		}
	}
	l.insert(n)
}

// insert puts a new track where its name says that it was written.
func (l *Live) insert(n *track) {
	o := l.owner
	i := len(l.chain)
	for i > 0 && l.chain[i-1].named() && l.chain[i-1].after(n) {
		i--
	}
	l.chain = slices.Insert(l.chain, i, n)
	o.byInode[n.Stat.Inode] = n
	if o.first && o.cfg.From == FromEnd {
		n.skip(LossSkipped)
	}
}

// after reports whether t was written after n, by their names.
func (t *track) after(n *track) bool {
	return t.Compare(&n.Found) > 0
}

// matchTwins looks again at files that may be copies.
func (l *Live) matchTwins() {
	twins := l.twins
	l.twins = nil
	for _, n := range twins {
		st, err := l.owner.files.Path(n.c)
		if err != nil || st.Inode != n.Stat.Inode {
			continue // gone; if it was renamed, the scan finds it
		}
		if same := st == n.Stat; same && n.twin != nil && !n.twin.lost() {
			l.twins = append(l.twins, n)
			continue
		} else if !same {
			n.twin, n.born = nil, l.owner.round // written on, or another file by now
		}
		n.Stat = st
		if n.identify() == nil && !l.continues(n) {
			l.place(n)
		}
	}
}
