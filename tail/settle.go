package tail

import (
	"bytes"
	"io"
	"slices"
	"time"
)

// settle decides, after everything was looked at, which files are complete and which are lost.
func (l *Live) settle() {
	o := l.owner
	if l.refused {
		return
	}
	for i, t := range l.chain {
		if t.done {
			continue
		}
		if t.closed || t.lost() && o.now.Sub(t.missing) >= o.cfg.QuietAfter {
			l.giveUp(t, l.chain[i+1:])
		}
		if !t.sealed && l.complete(t, l.chain[i+1:]) {
			t.sealed, l.dirty = true, true
		}
	}
	since := l.finished
	if l.cur != nil {
		since = l.cur.grown
	}
	l.flush = l.unfinished() && o.now.Sub(since) >= o.cfg.PartialAfter && !slices.ContainsFunc(l.chain, (*track).readable)
}

// complete reports whether a file will not grow any more, as far as one can know: it has another behind it, or no name,
// and nothing was written to it for a while. Its writer may still have it open for a moment after that.
func (l *Live) complete(t *track, behind []*track) bool {
	switch {
	case t.packed, t.closed, len(behind) > 1:
		return true
	case len(behind) == 0 && !t.deleted:
		return !t.missing.IsZero() && l.owner.now.Sub(latest(t.missing, t.grown)) >= l.owner.cfg.ForgetAfter
	}
	since := latest(t.grown, t.turned)
	if len(behind) > 0 {
		since = latest(since, behind[0].added)
		if l.owner.now.Sub(behind[0].added) >= 10*l.owner.cfg.QuietAfter {
			return true // it grows and grows, and so may the other
		}
	}
	return l.owner.now.Sub(since) >= l.owner.cfg.QuietAfter
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// giveUp ends a track that no file on disk holds any more. What was taken from it is still delivered.
func (l *Live) giveUp(t *track, behind []*track) {
	o := l.owner
	if t.ghost {
		t.read = t.off
	}
	reason := LossDeleted
	if t.closed && !t.ghost {
		reason = LossTruncated
	}
	// More may have been written while nobody looked, unless the container ended with the file.
	unseen := (t.ghost || !t.closed) && t.head.Len > 0 && !t.sealed && slices.ContainsFunc(behind, (*track).named)
	if n := t.unread(); n > 0 || unseen {
		o.lose(t, Loss{Reason: reason, Bytes: n, Lines: -1, AtLeast: true})
	}
	o.forgetInode(t)
	t.size = t.read
	t.closed, t.sealed, t.broken = true, true, t.head.Len > 0
	t.done = t != l.cur
	l.dirty = true
}

// hold gives up the oldest deleted files when together they keep too much of the disk from being free.
func (f *Follower) hold() {
	for {
		var held int64
		var oldest *track
		for _, t := range f.files.open {
			if !t.deleted || t.done || t.closed {
				continue
			}
			held += t.stamp.size
			if oldest == nil || t.turned.Before(oldest.turned) {
				oldest = t
			}
		}
		if held <= f.cfg.HoldBytes {
			return
		}
		f.drop(oldest)
	}
}

// drop gives up an open file, and counts exactly what is lost with it.
func (f *Follower) drop(t *track) {
	if t.unread() > 0 || t.packed {
		f.lose(t, t.rest())
	}
	f.files.close(t)
	f.forgetInode(t)
	t.size, t.closed, t.sealed, t.broken = t.read, true, true, true
	t.done = t != t.live.cur
	t.live.dirty = true
}

// rest describes what was not read of an open file.
func (t *track) rest() Loss {
	loss := Loss{Reason: LossHeld, Bytes: t.unread(), Lines: -1}
	if t.packed {
		loss.AtLeast = true
		return loss
	}
	loss.Lines = 0
	r := io.NewSectionReader(t.f, t.read, t.unread())
	head := readAt(r, min(r.Size(), edgeSize), edgeSize)
	loss.From = firstTime(head)
	last := readAt(r, r.Size(), edgeSize)
	loss.To = firstTime(last[1+bytes.LastIndexByte(bytes.TrimSuffix(last, newline), '\n'):])
	buf := make([]byte, 64<<10)
	for {
		n, err := r.Read(buf)
		loss.Lines += int64(bytes.Count(buf[:n], newline))
		if err != nil {
			return loss
		}
	}
}

// firstTime reads the time of the record that b starts with; zero when it has none that is easily found.
func firstTime(b []byte) time.Time {
	var c clock
	if ns, n := c.parse(b); n > 0 {
		return time.Unix(0, ns).UTC()
	}
	return time.Time{}
}

// lose reports that bytes of t will not be delivered.
func (f *Follower) lose(t *track, loss Loss) {
	loss.Source, loss.Path = t.live.src.Name, t.file.Path
	if last := t.live.last; loss.From.IsZero() && last > 0 {
		loss.From = time.Unix(0, last).UTC()
	}
	f.losses = append(f.losses, loss)
}

// skip goes to the end of the last complete line of a file without reading what stands before.
func (t *track) skip(reason LossReason) {
	if t.packed {
		t.read, t.ended = t.size, true // ended: what of it was not counted is not read either
		t.sealed, t.done = true, true
	} else {
		t.read = t.lastLine()
	}
	t.off = t.read
	if t.read > 0 {
		t.live.owner.lose(t, Loss{Reason: reason, Bytes: t.read, Lines: -1})
	}
	t.edge = edge{}
	if !t.packed {
		t.edge.add(readAt(t.f, t.read, edgeSize))
	}
}

// lastLine is where the line begins that has no newline yet, or the end.
func (t *track) lastLine() int64 {
	for n := int64(4 << 10); ; n *= 4 {
		b := readAt(t.f, t.size, int(n))
		if i := bytes.LastIndexByte(b, '\n'); i >= 0 {
			return t.size - int64(len(b)-1-i)
		}
		if int64(len(b)) < n || n > DefaultMaxLine {
			return t.size - int64(len(b))
		}
	}
}

// maxReplaced is how many generations of truncated files a Live remembers.
const maxReplaced = 16

// forget drops what was read and is gone for long enough.
func (f *Follower) forget() {
	for _, l := range f.all {
		l.forget()
	}
	f.all = slices.DeleteFunc(f.all, func(l *Live) bool {
		gone := len(l.chain)+len(l.twins) == 0 && f.now.Sub(l.seen) >= f.cfg.ForgetAfter
		if gone {
			delete(f.byName, l.src.Name)
			delete(f.byKey, l.key)
			f.lives = slices.DeleteFunc(f.lives, func(k *Live) bool { return k == l })
		}
		return gone
	})
}

func (l *Live) forget() {
	o, replaced := l.owner, 0
	for i := len(l.chain) - 1; i >= 0; i-- {
		t := l.chain[i]
		if !t.done || t.named() {
			continue
		}
		if t.closed {
			replaced++
		}
		if since := latest(t.missing, t.turned); o.now.Sub(since) < o.cfg.ForgetAfter && replaced <= maxReplaced {
			continue
		}
		o.files.close(t)
		o.forgetInode(t)
		l.total.add(t.FileStat)
		l.chain = slices.Delete(l.chain, i, i+1)
		l.dirty = true
	}
}
