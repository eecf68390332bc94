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
	LossHeld      LossReason = "hold_limit" // deleted and given up because of FollowConfig.HoldBytes or HoldFiles
	LossTruncated LossReason = "truncated"  // cut short by its writer before it was read to the end
	LossRewritten LossReason = "rewritten"  // changed again and again, and no longer read from the beginning each time
	LossDamaged   LossReason = "damaged"    // the rest of a compressed file cannot be read
	LossSkipped   LossReason = "skipped"    // there before the first start, with FromEnd
	// LossUnreadable means that the disk did not give it up to FollowConfig.ForgetAfter, while younger files waited.
	LossUnreadable LossReason = "unreadable"
)

// Loss is a stretch of a log that was not delivered.
type Loss struct {
	Source string // Source.Name
	Path   string // where the file was seen last
	Reason LossReason
	Bytes  int64 // a lower bound when AtLeast
	Lines  int64 // -1 when not known
	// AtLeast tells that the file was last seen before it was lost, so that it may have held more.
	AtLeast  bool
	From, To time.Time // of the records at both ends, zero when not known
}

// hold gives up the oldest files without a name when they are too many, or keep too much of the disk from being free.
func (f *Follower) hold() {
	for {
		var bytes int64
		var oldest *track
		files := 0
		for _, t := range f.files.open {
			if !t.held() || t.done || t.closed {
				continue
			}
			bytes += t.Stat.Size
			files++
			if oldest == nil || t.turned.Before(oldest.turned) {
				oldest = t
			}
		}
		if bytes <= f.cfg.HoldBytes && files <= f.cfg.HoldFiles {
			return
		}
		f.drop(oldest, LossHeld)
	}
}

// held reports whether the open file cannot be found again.
func (t *track) held() bool { return t.deleted || !t.missing.IsZero() }

// drop gives up a file that is still there, and counts exactly what is lost with it.
func (f *Follower) drop(t *track, reason LossReason) {
	if t.unread() > 0 || t.packed {
		loss := t.rest()
		loss.Reason = reason
		f.lose(t, loss)
	}
	f.files.close(t)
	f.forgetInode(t)
	t.size, t.closed, t.sealed, t.broken = t.read, true, true, true
	t.done = t != t.live.cur
	t.live.dirty = true
}

// rest describes what was not read of a file.
func (t *track) rest() Loss {
	loss := Loss{Bytes: t.unread(), Lines: -1, AtLeast: t.packed}
	if t.packed || t.f == nil {
		return loss
	}
	r := io.NewSectionReader(t.f, t.read, t.unread())
	head := readAt(r, min(r.Size(), edgeSize), edgeSize)
	loss.From = firstTime(head)
	last := readAt(r, r.Size(), edgeSize)
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

// firstTime reads the time of the record that b starts with; zero when it has none that is easily found.
func firstTime(b []byte) time.Time {
	var c frame.Clock
	if ns, n := c.Parse(b); n > 0 {
		return time.Unix(0, ns).UTC()
	}
	return time.Time{}
}

// lose reports that bytes of t will not be delivered.
func (f *Follower) lose(t *track, loss Loss) {
	loss.Source, loss.Path = t.live.src.Name, t.File.Path
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
