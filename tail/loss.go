package tail

import (
	"bytes"
	"io"
	"time"

	"fluxtrail/tail/frame"
)

// LossReason says why bytes of a log were not delivered.
type LossReason string

// The reasons for a Loss.
const (
	LossDeleted   LossReason = "deleted"    // gone before it was read to the end
	LossHeld      LossReason = "hold_limit" // deleted, and given up because of FollowConfig.HoldBytes or HoldFiles
	LossTruncated LossReason = "truncated"  // cut short by its writer before it was read to the end
	LossRewritten LossReason = "rewritten"  // changed again and again, and no longer read from the beginning each time
	LossDamaged   LossReason = "damaged"    // the rest of a compressed file cannot be read
	LossSkipped   LossReason = "skipped"    // there before the first start, with FromEnd
	// LossUnreadable means that the disk did not give it up to FollowConfig.ForgetAfter, while
	// younger files waited.
	LossUnreadable LossReason = "unreadable"
	// LossVanished is logs that came and went between two looks, so that nothing of them was read.
	LossVanished LossReason = "vanished"
)

// Loss is a stretch of a log that was not delivered.
type Loss struct {
	Source string // Source.Name
	Path   string // where the file was seen last
	Reason LossReason
	Bytes  int64 // a lower bound when AtLeast
	Lines  int64 // -1 when not known
	Logs   int   // that are lost from their first byte on, with LossVanished
	// AtLeast tells that the file was last seen before it was lost, so that it may have held more.
	AtLeast  bool
	From, To time.Time // of the lines at both ends, zero when not known
}

// Perhaps reports whether nothing may be lost: the file was written to shortly before it was cut
// short or deleted, and nobody saw how far.
func (l *Loss) Perhaps() bool { return l.Bytes == 0 && l.Lines <= 0 }

// hold gives up the oldest files without a name when they are too many, or keep too much of the
// disk from being free.
func (fw *Follower) hold() {
	for {
		var held int64
		var oldest *file
		files := 0
		for _, f := range fw.files.open {
			if !f.held() || f.Phase == finished {
				continue
			}
			held += f.Stat.Size
			files++
			if oldest == nil || f.since.Before(oldest.since) {
				oldest = f
			}
		}
		if held <= fw.cfg.HoldBytes && files <= fw.cfg.HoldFiles {
			return
		}
		fw.drop(oldest, LossHeld)
	}
}

// drop gives up a file that is still there, and counts exactly what is lost with it.
func (fw *Follower) drop(f *file, reason LossReason) {
	if f.unread() > 0 || f.packed() {
		loss := f.rest()
		loss.Reason = reason
		f.chain.lose(f, loss)
	}
	fw.files.close(f)
	fw.forgetInode(f)
	f.Size, f.gap = f.Taken, true
	f.on(givenUp)
	if f != f.chain.cur {
		f.on(drained)
	}
}

// rest describes what was not read of a file.
func (f *file) rest() Loss {
	loss := Loss{Bytes: f.unread(), Lines: -1, AtLeast: f.packed()}
	if f.packed() || f.handle == nil {
		return loss
	}
	r := io.NewSectionReader(f.handle, f.Taken, f.unread())
	start, _ := readAt(r, min(r.Size(), windowSize), windowSize) // without it the times are not known
	loss.From = firstTime(start)
	last, _ := readAt(r, r.Size(), windowSize)
	loss.To = firstTime(last[1+bytes.LastIndexByte(bytes.TrimSuffix(last, newline), '\n'):])
	loss.Lines = countLines(r)
	return loss
}

func countLines(r io.Reader) (lines int64) {
	buf := make([]byte, 64<<10)
	for {
		n, err := r.Read(buf)
		lines += int64(bytes.Count(buf[:n], newline))
		if err != nil {
			return lines
		}
	}
}

// firstTime reads the time that b starts with; zero when it has none that is easily found.
func firstTime(b []byte) time.Time {
	if ns, n := new(frame.Clock).Parse(b); n > 0 {
		return time.Unix(0, ns).UTC()
	}
	return time.Time{}
}

// lose reports that bytes of a file will not be delivered.
func (l *chain) lose(f *file, loss Loss) {
	loss.Source, loss.Path = l.src.Name, f.Path
	if loss.From.IsZero() && l.last > 0 {
		loss.From = time.Unix(0, l.last).UTC()
	}
	l.owner.losses = append(l.owner.losses, loss)
}

// skip goes to the end of the last complete line of a file without reading what stands before.
func (f *file) skip(reason LossReason) {
	if f.packed() {
		f.readTo(f.Size, nil)
		f.ended = true // what of it was not counted is not read either
		f.on(drained)
	} else {
		end := f.lastLine()
		f.readTo(end, f.readAt(end, windowSize))
	}
	f.Offset = f.Taken
	if f.Taken > 0 {
		f.chain.lose(f, Loss{Reason: reason, Bytes: f.Taken, Lines: -1})
	}
}

// lastLine is where the line begins that has no newline yet, or the end.
func (f *file) lastLine() int64 {
	for n := int64(4 << 10); ; n *= 4 {
		b := f.readAt(f.Size, int(n))
		if i := bytes.LastIndexByte(b, '\n'); i >= 0 {
			return f.Size - int64(len(b)-1-i)
		}
		if int64(len(b)) < n || n > defaultMaxLine {
			return f.Size - int64(len(b))
		}
	}
}
