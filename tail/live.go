package tail

import (
	"bytes"
	"slices"
	"time"

	"fluxtrail/tail/frame"
)

// Live returns the lines of one Source as they are written: of all its files, oldest first, and
// then of the one that is written to. It belongs to its Follower.
type Live struct {
	chain
	assembly

	entered  int    // files begun
	restart  int    // of the container, that the last of them belongs to
	left     []byte // what split held when its buffer was taken back
	searched int    // of left, without a newline

	flush  bool      // the end of an unfinished record did not come in time
	ended  time.Time // when the last file was read to its end
	held   int       // bytes of unfinished records
	marked int64     // position in cur when mark was made
	mark   sourceMark
}

// readBudget is how much one call of Next reads at most.
const readBudget = 1 << 20

// Next moves to the next line. It never waits: false means that there is nothing complete to read
// now, as of the last Poll, or, when Behind, that enough was read for one call. It reads at most
// about a megabyte.
func (l *Live) Next() bool {
	l.quota, l.behind = readBudget, false
	if l.asleep {
		return false
	}
	if len(l.unended) > 0 && !l.resume() {
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
		l.line.Again = l.cur != nil && l.assembly.begun == &l.cur.part && l.line.Time <= l.cur.again
		l.last = l.line.Time
	}
	return true
}

// next takes the next line of the current file.
func (l *Live) next() bool {
	l.wake()
	if l.cur.Format == frame.Auto && !l.findFormat() {
		return false
	}
	for l.split.next() {
		l.take()
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
	if l.head < len(l.queue) || !l.atEnd() || l.cur.Phase == growing || !l.split.rest() {
		return false
	}
	if l.take(); !l.push() {
		return false
	}
	l.line.Partial = l.head == len(l.queue)
	return true
}

func (l *Live) atEnd() bool { return !l.behind && !l.cur.doubtful && l.cur.exhausted() }

// turn decides what comes after the last complete line: nothing for now, what was left unfinished,
// or another file.
func (l *Live) turn() bool {
	switch {
	case !l.atEnd():
		return false
	case l.cur.Phase != growing:
		l.finishFile()
		return true
	case l.flush:
		l.flush = false
		l.release()
		return true
	}
	return l.goBack()
}

// enter goes on with the first file that was not read to its end. A record may go on in the next
// rotation, but not in another run of the container, and not over bytes that are missing: then it
// is queued as far as it came. False means that there is nothing.
func (l *Live) enter() bool {
	for _, f := range l.files {
		done := f.Phase == finished
		if done && !f.gap {
			continue
		}
		if l.unfinished() && (done || f.Restart != l.restart) {
			l.release()
			return true
		}
		if !done {
			l.begin(f)
			return true
		}
		f.gap = false
	}
	flush := l.flush && l.unfinished()
	if l.flush = false; flush {
		l.release()
	}
	return flush
}

func (l *Live) begin(f *file) {
	l.cur, l.part, l.restart = f, &f.part, f.Restart
	if f.place == deleted && !f.packed() {
		if st, err := l.owner.files.look(f); err == nil {
			f.Size = max(f.Size, st.Size) // it was looked at seldom, see passOver
		}
	}
	l.entered++
	f.part.index = l.entered
	f.nulBefore = f.part.NUL
	l.split = splitter{src: f, max: l.max, long: l.split.long, off: f.Offset, num: f.Lines}
	l.left, l.searched = l.left[:0], 0
	if f.Format != frame.Auto {
		l.setFormat()
	}
}

// findFormat finds the framing of the current file, from its first complete line on.
func (l *Live) findFormat() bool {
	s, f := &l.split, l.cur
	sample := s.sample()
	for len(sample) > 0 && sample[0] == 0 {
		s.skip(len(sample) - len(s.skipNUL(sample)))
		sample = s.sample()
	}
	whole := f.Phase != growing && f.exhausted() || len(sample) >= sampleSize
	if bytes.IndexByte(sample, '\n') < 0 && !whole {
		return false
	}
	if s.num == 0 && bytes.HasPrefix(sample, utf8BOM) {
		s.skip(len(utf8BOM))
		sample = sample[len(utf8BOM):]
	}
	if f.Format = l.owner.format; f.Format == frame.Auto {
		f.Format = frame.Sniff(sample)
		if f.Format == frame.CSV { // its first row is not there any more after a restart
			f.Format = frame.Raw
		}
		if f.Format == frame.Raw && l.src.UID != "" {
			f.Format = frame.CRI // what does not fit is delivered as it is, and counted
		}
	}
	l.setFormat()
	return true
}

func (l *Live) setFormat() {
	l.format = l.cur.Format
	l.cur.part.Format = l.format.String() + l.cur.kind.Suffix()
}

// finishFile leaves a file that was read to its end.
func (l *Live) finishFile() {
	f := l.cur
	l.leave()
	l.ended = l.owner.now
	f.on(drained)
	f.fold()
	l.owner.files.close(f)
	l.queue = l.pretty.release(l.queue)
}

// leave notes how far the current file was read.
func (l *Live) leave() {
	f := l.cur
	f.Offset, f.Lines = l.split.off, l.split.num
	l.count()
	l.pause()
	l.left = nil
	l.cur = nil
}

// count brings the numbers of the current file up to date.
func (l *Live) count() {
	if f := l.cur; f != nil {
		f.part.Lines, f.part.Bytes, f.part.NUL = l.split.num+f.part.extra-f.numBefore, l.split.off-f.offBefore, l.split.nul+f.nulBefore
	}
}

// goBack turns to an older file that grew after it was left, or that turned up late.
func (l *Live) goBack() bool {
	for _, f := range l.files {
		if f == l.cur {
			return false
		}
		if f.Phase != finished {
			break
		}
	}
	if !l.cur.rewind(l.split.off) {
		return false
	}
	l.leave()
	return true
}

// unfinished reports whether a record waits for its end.
func (l *Live) unfinished() bool { return l.open > 0 || l.pretty.active() }

// release queues what waits for its end.
func (l *Live) release() {
	l.queue = l.pretty.release(l.queue)
	l.endRun()
	l.account()
}

// settle decides what became of the files, and whether to wait any longer for the end of a record.
func (l *Live) settle() {
	l.chain.settle()
	if l.refused {
		return
	}
	since := l.ended
	if l.cur != nil {
		since = l.cur.grown
	}
	l.flush = l.unfinished() && l.past(since, l.owner.cfg.PartialAfter) &&
		!slices.ContainsFunc(l.files, (*file).readable)
	if l.flush {
		l.owner.stirs++
	}
}
