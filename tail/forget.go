package tail

import "slices"

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
			f.change++
		}
		return gone
	})
}

func (l *Live) forget() {
	if l.refused {
		return // nobody compared its tracks with what is there
	}
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
