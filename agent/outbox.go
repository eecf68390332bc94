package agent

import (
	"encoding/json"
	"errors"
	"io"
	"sync"
	"time"
)

// outbox holds the lines that are to be printed, so that a reader of standard output who does not
// read holds up no lane. It has a lock because the lane adds lines and a goroutine of Run takes
// them. A line leaves it when it was written; what is left is saved with the lane's state. A nil
// outbox has no lines.
type outbox struct {
	now func() time.Time

	mu      sync.Mutex
	changed sync.Cond
	lines   [][]byte
	size    int       // bytes of lines
	since   time.Time // when the first of them was begun
	ended   bool
}

// maxUnprinted bounds the bytes that wait.
const maxUnprinted = 4 << 20

// flushTime is how long a save waits for lines that are about to be written.
const flushTime = 20 * time.Millisecond

var errUnread = errors.New("nobody reads standard output, and 4 MiB wait already")

func newOutbox(now func() time.Time) *outbox {
	b := &outbox{now: now}
	b.changed.L = &b.mu
	return b
}

// Write takes a line. It does not wait.
func (b *outbox) Write(line []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.size+len(line) > maxUnprinted {
		return 0, errUnread
	}
	if len(b.lines) == 0 {
		b.since = b.now()
	}
	b.lines, b.size = append(b.lines, append([]byte{}, line...)), b.size+len(line)
	b.changed.Broadcast()
	return len(line), nil
}

// print writes lines to w until end is called. A line that w refuses is gone; failed is told why.
func (b *outbox) print(w io.Writer, failed func(error)) {
	for line := b.first(); line != nil; line = b.first() {
		if _, err := w.Write(line); err != nil {
			failed(err)
		}
		b.written()
	}
}

// first waits for a line, nil for no more.
func (b *outbox) first() []byte {
	b.mu.Lock()
	defer b.mu.Unlock()
	for len(b.lines) == 0 {
		if b.ended {
			return nil
		}
		b.changed.Wait()
	}
	return b.lines[0]
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
	b.size -= len(b.lines[0])
	b.lines, b.since = b.lines[1:], b.now()
	b.changed.Broadcast()
}

// waiting is since when the first line waits, zero for none.
func (b *outbox) waiting() time.Time {
	if b == nil {
		return time.Time{}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.lines) == 0 {
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
	for len(b.lines) > 0 && !over {
		b.changed.Wait()
	}
	var out []json.RawMessage
	for _, line := range b.lines {
		out = append(out, json.RawMessage(line[:len(line)-1])) // without the line break
	}
	return out
}
