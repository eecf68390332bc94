package tail

import (
	"slices"
	"time"
)

// settle decides, after everything was looked at, which files are complete, which are lost, and whether to wait any
// longer for the end of a record.
func (l *Live) settle() {
	if l.refused {
		return
	}
	for i, t := range l.chain {
		if !t.done {
			l.settleFile(t, l.chain[i+1:])
		}
	}
	since := l.finished
	if l.cur != nil {
		since = l.cur.grown
	}
	l.flush = l.unfinished() && l.past(since, l.owner.cfg.PartialAfter) && !slices.ContainsFunc(l.chain, (*track).readable)
}

// past reports whether so much time has passed since then.
func (l *Live) past(since time.Time, d time.Duration) bool { return l.owner.now.Sub(since) >= d }

func (l *Live) settleFile(t *track, behind []*track) {
	cfg := &l.owner.cfg
	switch {
	case t.closed, t.lost() && l.past(t.missing, cfg.QuietAfter):
		l.giveUp(t, behind)
	case len(behind) > 0 && !t.failing.IsZero() && l.past(t.failing, cfg.ForgetAfter):
		l.owner.drop(t, LossUnreadable) // the others have waited long enough
	case !t.sealed && l.complete(t, behind):
		t.sealed, l.dirty = true, true
	}
}

// complete reports whether a file will not grow any more, as far as one can know: it has another behind it, or no name,
// and nothing was written to it for a while. Its writer may still have it open for a moment after that.
func (l *Live) complete(t *track, behind []*track) bool {
	switch {
	case t.packed, t.closed, len(behind) > 1:
		return true
	case len(behind) == 0 && !t.deleted:
		return !t.missing.IsZero() && l.past(latest(t.missing, t.grown), l.owner.cfg.ForgetAfter)
	}
	quiet, since := l.owner.cfg.QuietAfter, latest(t.grown, t.turned)
	if len(behind) > 0 {
		since = latest(since, behind[0].added)
		if l.past(behind[0].added, 10*quiet) {
			return true // it grows and grows, and so may the other
		}
	}
	return l.past(since, quiet)
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
	if t.closed && !t.ghost && !t.deleted {
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
