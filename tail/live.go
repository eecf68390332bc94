package tail

import (
	"time"
)

// Live gives the lines of one Source as they are written: of all its files, oldest first, and then of the one that is
// written to. It belongs to its Follower.
type Live struct {
	assembly
	owner *Follower
	src   Source
	key   string    // see found
	seen  time.Time // Poll that last found a file of it

	chain   []*track // in the order of reading; those that were read are remembered for a while
	twins   []*track // copies that are held back, see copyOf
	pending []beginning
	cur     *track // what split reads
	entered int    // files begun
	restart int    // of the container, that the last of them belongs to
	rest    []byte // what split held when its buffer was taken back
	seenTo  int    // of rest, without a newline

	allowance int // bytes that the current call of Next may still read
	behind    bool
	flush     bool      // the end of an unfinished record did not come in time
	finished  time.Time // when the last file was read to its end
	held      int       // bytes of unfinished records
	last      int64     // time of the last line
	caught    time.Time // when all that was known then had been read
	total     FileStat  // of tracks that are forgotten
	refused   bool      // by FollowConfig.Select, at the last scan
	marked    int64     // position in cur when mark was made
	dirty     bool      // mark is out of date
	mark      SourceMark
}

// readBudget is how much one call of Next reads at most.
const readBudget = 1 << 20

// Next moves to the next line. It never waits: false means that there is nothing complete to read now, as of the last
// Poll, or, when Behind, that enough was read for one call. It reads at most about a megabyte.
func (l *Live) Next() bool {
	l.allowance, l.behind = readBudget, false
	if len(l.pending) > 0 && !l.resume() {
		return l.pause()
	}
	for !l.dequeue() {
		if l.cur == nil {
			if !l.enter() {
				return l.pause()
			}
			continue
		}
		if l.next() || l.end() {
			break
		}
		if l.head == len(l.queue) && !l.turn() {
			return l.pause()
		}
	}
	if l.dirty = true; l.line.Time > 0 {
		l.last = l.line.Time
	}
	return true
}

// next takes the next line of the current file.
func (l *Live) next() bool {
	l.wake()
	if !l.cur.framed && !l.findFormat() {
		return false
	}
	for l.split.next() {
		ok := l.push()
		if l.open > 0 || l.held > 0 {
			l.account()
		}
		if ok {
			return true
		}
		if l.head < len(l.queue) {
			return false
		}
	}
	if l.split.spilled > 0 {
		l.account()
	}
	return false
}

// end takes what stands behind the last newline of a file that will not grow.
func (l *Live) end() bool {
	if l.head < len(l.queue) || !l.atEnd() || !l.cur.sealed || !l.split.rest() || !l.push() {
		return false
	}
	l.line.Partial = l.head == len(l.queue)
	return true
}

func (l *Live) atEnd() bool { return !l.behind && !l.cur.suspect && l.cur.exhausted() }

// turn decides what comes after the last complete line: nothing for now, what was left unfinished, or another file.
func (l *Live) turn() bool {
	switch {
	case !l.atEnd():
		return false
	case l.cur.sealed:
		l.finishFile()
		return true
	case l.flush:
		l.flush = false
		l.release()
		return true
	}
	return l.turnBack()
}

// unfinished reports whether a record waits for its end.
func (l *Live) unfinished() bool { return l.open > 0 || l.pretty.active() }

// release queues what waits for its end.
func (l *Live) release() {
	l.queue = l.pretty.release(l.queue)
	l.endRun()
	l.account()
}

// enter goes on with the first file that was not read to its end. A record may go on in the next rotation, but not in
// another run of the container, and not over bytes that are missing: then it is queued as far as it came. False means
// that there is nothing.
func (l *Live) enter() bool {
	for _, t := range l.chain {
		if t.done && !t.broken {
			continue
		}
		if l.unfinished() && (t.done || t.File.Restart != l.restart) {
			l.release()
			return true
		}
		if !t.done {
			l.begin(t)
			return true
		}
		t.broken = false
	}
	flush := l.flush && l.unfinished()
	if l.flush = false; flush {
		l.release()
	}
	return flush
}

func (l *Live) begin(t *track) {
	l.cur, l.part, l.restart = t, &t.part, t.File.Restart
	l.entered++
	t.index = l.entered
	t.nulBefore = t.NUL
	l.split = splitter{src: t, max: l.max, long: l.split.long, off: t.off, num: t.lines}
	l.rest, l.seenTo = l.rest[:0], 0
	if t.framed {
		l.setForm()
	}
}

// finishFile leaves a file that was read to its end.
func (l *Live) finishFile() {
	t := l.cur
	l.leave()
	l.dirty, t.done, l.finished = true, true, l.owner.now
	t.edge.fold()
	l.owner.files.close(t)
	l.queue = l.pretty.release(l.queue)
}

// leave notes how far the current file was read.
func (l *Live) leave() {
	t := l.cur
	t.off, t.lines = l.split.off, l.split.num
	l.count()
	l.pause()
	l.rest = nil
	l.cur = nil
}

// count brings the numbers of the current file up to date.
func (l *Live) count() {
	if t := l.cur; t != nil {
		t.Lines, t.Bytes, t.NUL = l.split.num-t.skippedLines, l.split.off-t.skipped, l.split.nul+t.nulBefore
	}
}

// turnBack goes to an older file that grew after it was left, or that turned up late.
func (l *Live) turnBack() bool {
	for _, t := range l.chain {
		if t == l.cur {
			return false
		}
		if !t.done {
			break
		}
	}
	t := l.cur
	if !t.rewind(l.split.off) {
		return false
	}
	l.leave()
	return true
}

// rewind makes the track forget that it read beyond off.
func (t *track) rewind(off int64) bool {
	if t.read == off {
		return true
	}
	if t.packed {
		t.owner().files.close(t)
		t.edge = edge{hash: Hash{}}
		t.read, t.ended = off, false
		return true
	}
	b, ok := t.before(off)
	if ok {
		t.edge, t.read = edge{}, off
		t.edge.add(b)
	}
	return ok
}

// before gives the bytes before off, which lies before the position of reading; false when they may be other bytes now.
func (t *track) before(off int64) ([]byte, bool) {
	if t.open() != nil {
		return nil, false
	}
	b := readAt(t.f, off, edgeSize)
	return b, t.unchanged()
}

func (t *track) owner() *Follower { return t.live.owner }
