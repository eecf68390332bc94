package agent

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"sync"
	"time"
)

// outbox holds the lines that are to be printed, so that a reader of standard output who does not
// read holds up no lane. It has a lock because the lane adds lines and a goroutine of Run takes
// them. Lines leave it when they were written; what is left is saved with the lane's state. A nil
// outbox has no lines.
type outbox struct {
	now func() time.Time

	mu      sync.Mutex
	changed sync.Cond
	pieces  [][]byte  // of whole lines
	size    int       // bytes of them
	since   time.Time // when the first of them was begun
	gone    int       // pieces that were written
	stuck   bool      // none was for long, while there was no room
	ended   bool
}

// maxUnprinted bounds the bytes that wait.
const maxUnprinted = 4 << 20

// stuckAfter is how long none of them may be read before more are refused. A reader who is just
// slow has 20 kB/s.
const stuckAfter = 200 * time.Millisecond

// flushTime is how long a save waits for lines that are about to be written.
const flushTime = 20 * time.Millisecond

var errUnread = errors.New("nobody reads standard output, and 4 MiB wait already")

func newOutbox(now func() time.Time) *outbox {
	b := &outbox{now: now}
	b.changed.L = &b.mu
	return b
}

// pieceBytes is how much is written at a time, if it is more than a line: a pipe takes all of it or
// nothing.
const pieceBytes = 4 << 10

// Write takes whole lines, as many as there is room for. It waits for room as long as others are
// read: a burst of events is no reason to lose some.
func (b *outbox) Write(lines []byte) (n int, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.pieces) == 0 {
		b.since = b.now()
	}
	for n < len(lines) {
		piece := firstLines(lines[n:], min(pieceBytes, maxUnprinted-b.size))
		if b.full(len(piece)) {
			err = errUnread
			break
		}
		b.pieces, b.size, n = append(b.pieces, slices.Clone(piece)), b.size+len(piece), n+len(piece)
	}
	b.changed.Broadcast()
	return n, err
}

// full reports whether there is no room for so many bytes, and will be none soon. The caller holds
// the lock.
func (b *outbox) full(more int) bool {
	for b.size+more > maxUnprinted && !b.stuck {
		gone := b.gone
		t := time.AfterFunc(stuckAfter, func() {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.stuck = b.stuck || b.gone == gone
			b.changed.Broadcast()
		})
		for b.gone == gone && !b.stuck {
			b.changed.Wait()
		}
		t.Stop()
	}
	return b.size+more > maxUnprinted
}

// firstLines are the first of the lines, as many as are no longer than limit together, and one at
// least.
func firstLines(lines []byte, limit int) []byte {
	if len(lines) <= limit {
		return lines
	}
	if end := bytes.LastIndexByte(lines[:limit], '\n'); end >= 0 {
		return lines[:end+1]
	}
	return lines[:bytes.IndexByte(lines, '\n')+1]
}

// print writes lines to w until end is called. What w refuses is gone; failed is told why.
func (b *outbox) print(w io.Writer, failed func(lines int, err error)) {
	for piece := b.first(); piece != nil; piece = b.first() {
		if n, err := w.Write(piece); err != nil {
			failed(bytes.Count(piece[n:], newline), err)
		}
		b.written()
	}
}

// first waits for lines, nil for no more.
func (b *outbox) first() []byte {
	b.mu.Lock()
	defer b.mu.Unlock()
	for len(b.pieces) == 0 {
		if b.ended {
			return nil
		}
		b.changed.Wait()
	}
	return b.pieces[0]
}

// end has print return when it has written what there is.
func (b *outbox) end() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ended = true
	b.changed.Broadcast()
}

func (b *outbox) written() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.size, b.gone, b.stuck = b.size-len(b.pieces[0]), b.gone+1, false
	b.pieces, b.since = b.pieces[1:], b.now()
	b.changed.Broadcast()
}

// waiting is since when the first line waits, zero for none.
func (b *outbox) waiting() time.Time {
	if b == nil {
		return time.Time{}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.pieces) == 0 {
		return time.Time{}
	}
	return b.since
}

// unprinted are the lines that nobody read. It gives those that were just added a moment.
func (b *outbox) unprinted() []json.RawMessage {
	if b == nil {
		return nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	over := false
	t := time.AfterFunc(flushTime, func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		over = true
		b.changed.Broadcast()
	})
	defer t.Stop()
	for len(b.pieces) > 0 && !over {
		b.changed.Wait()
	}
	var out []json.RawMessage
	for _, piece := range b.pieces {
		for line := range bytes.SplitSeq(bytes.TrimSuffix(piece, newline), newline) {
			out = append(out, json.RawMessage(line))
		}
	}
	return out
}
