package tail

import (
	"bytes"
	"cmp"
	"io"
	"slices"
)

// dumpLimit is how much of an export is held in memory to bring it into order.
const dumpLimit = 64 << 20

// loadLoki queues the lines of all streams of one or more query_range answers, oldest first. Offset
// is where the value stands in the file, and Num counts the values. What is no such answer is left
// to be read line by line.
func (r *Reader) loadLoki() {
	doc, err := io.ReadAll(io.LimitReader(&r.split, dumpLimit))
	if err != nil {
		r.split.err = err
	}
	end := r.dec.Answers(doc, func(offset int64) {
		r.split.num++
		line := r.lineOf(&r.dec.Piece)
		line.Num, line.Offset, line.Rows = r.split.num, offset, 1
		if len(line.Text) == 0 {
			r.part.Blank++
			return
		}
		r.queue = append(r.queue, queued{line, r.part})
	})
	r.sortQueue()
	if rest := doc[end:]; len(bytes.TrimSpace(rest)) > 0 {
		r.split.unread(rest)
	}
}

// sortQueue brings the queue into the order of time; lines of one instant keep theirs.
func (r *Reader) sortQueue() {
	slices.SortStableFunc(r.queue, func(a, b queued) int { return cmp.Compare(a.line.Time, b.line.Time) })
}
