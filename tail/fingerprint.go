package tail

import (
	"bytes"
	"io"
	"slices"

	"github.com/cespare/xxhash/v2"
)

const (
	// fingerprintSize is how many of a file's first bytes tell it apart. Shorter files are known
	// by what they have.
	fingerprintSize = 1 << 10
	// windowSize is how many bytes before the position of reading are remembered. It has to be
	// more than a line, because lines differ in their times and may be equal from there on.
	windowSize = 1 << 10
)

// digest is a hash of Len bytes.
type digest struct {
	Len int    `json:"len"`
	Sum uint64 `json:"sum,string"`
}

func hashOf(b []byte) digest {
	if len(b) == 0 {
		return digest{}
	}
	return digest{Len: len(b), Sum: xxhash.Sum64(b)}
}

// of reports whether h is the hash of the first bytes of b.
func (h digest) of(b []byte) bool { return len(b) >= h.Len && hashOf(b[:h.Len]) == h }

// windowLen is how many bytes it takes to compare with the window.
func (f *file) windowLen() int {
	if f.recent == nil {
		return f.Window.Len
	}
	return len(f.recent)
}

// windowIs reports whether b, of windowLen bytes, is what was read last.
func (f *file) windowIs(b []byte) bool {
	if f.recent == nil {
		return hashOf(b) == f.Window
	}
	return bytes.Equal(b, f.recent)
}

// remember takes note of bytes that were read.
func (f *file) remember(p []byte) {
	if f.recent == nil {
		f.recent = make([]byte, 0, windowSize)
	}
	f.recent = lastOf(f.recent, p)
	f.Taken += int64(len(p))
}

// lastOf appends p to window and keeps the last windowSize bytes.
func lastOf(window, p []byte) []byte {
	if len(p) >= windowSize {
		return append(window[:0], p[len(p)-windowSize:]...)
	}
	if over := len(window) + len(p) - windowSize; over > 0 {
		window = window[:copy(window, window[over:])]
	}
	return append(window, p...)
}

// readTo makes b the bytes before off, and off the position of reading.
func (f *file) readTo(off int64, b []byte) {
	f.recent, f.Taken = nil, off
	f.Window = hashOf(b)
	if len(b) > 0 {
		f.recent = append(make([]byte, 0, windowSize), b...)
	}
}

// forgetAhead takes reading back to what was delivered, of a file that nobody can read any more.
// What stands before that is known where reading paused there.
func (f *file) forgetAhead() {
	at := digest{}
	if passed := f.passedBefore(f.Offset); len(passed) > 0 && passed[len(passed)-1].Off == f.Offset {
		at = passed[len(passed)-1].Digest
	}
	if f.Taken != f.Offset {
		f.recent, f.Taken, f.Window = nil, f.Offset, at
	}
	f.Passed = f.passedBefore(f.Offset)
}

// fold keeps the hash of the window alone, for a file that is only remembered, or that nothing is
// written to for now.
func (f *file) fold() {
	f.Window, _ = f.windowAt(f.Taken)
	f.recent = nil
}

// unfold takes the window from where unchanged has just read it.
func (f *file) unfold() {
	if n := f.windowLen(); f.recent == nil && n > 0 {
		f.recent = append(make([]byte, 0, windowSize), f.chain.owner.scratch[:n]...)
	}
}

// minWindow is how many bytes make a window that is worth something.
const minWindow = 256

// windowAt returns the hash of bytes that were read, and where they end: at off, or where reading
// is ahead of it. It does not look at the file, which may have been cut short a moment ago.
func (f *file) windowAt(off int64) (digest, int64) {
	if f.recent == nil {
		return f.Window, f.Taken
	}
	keep := len(f.recent) - int(min(f.Taken-off, windowSize))
	if off == f.Taken || keep < minWindow && int64(keep) < off {
		return hashOf(f.recent), f.Taken
	}
	return hashOf(f.recent[:keep]), off
}

// waypoint is a position that reading passed, or that a copy ends at, with the digest of the bytes
// before it.
type waypoint struct {
	Off    int64  `json:"off"`
	Digest digest `json:"digest"`
}

const (
	// maxWaypoints bounds the waypoints of a file. Where there are too many, every second of the
	// older half is dropped.
	maxWaypoints = 32
	// savedWaypoints is how many of the last ones are saved.
	savedWaypoints = 4
)

// pass notes a waypoint.
func (f *file) pass(w waypoint) {
	if len(f.Passed) == maxWaypoints {
		kept := f.Passed[:0]
		for i, w := range f.Passed {
			if i >= maxWaypoints/2 || i%2 == 0 {
				kept = append(kept, w)
			}
		}
		f.Passed = kept
	}
	at := len(f.passedBefore(w.Off))
	if at == 0 || f.Passed[at-1].Off < w.Off {
		f.Passed = slices.Insert(f.Passed, at, w)
	}
}

// passedBefore returns the waypoints up to off.
func (f *file) passedBefore(off int64) []waypoint {
	n := len(f.Passed)
	for n > 0 && f.Passed[n-1].Off > off {
		n--
	}
	return f.Passed[:n]
}

// readAll reports whether everything that n holds was read from f before: n is a copy that was made
// before f was read on. All bytes cannot be compared any more, so the first ones are, and those at
// the last waypoint that n reaches.
func (f *file) readAll(n *file) bool {
	read := f.Taken
	if f.fromMark {
		read = f.Offset
	}
	if f.Fingerprint.Len == 0 || n.Size > read || n.Restart != f.Restart {
		return false
	}
	if int64(f.Fingerprint.Len) <= n.Size && !f.Fingerprint.of(n.first) {
		return false
	}
	passed := f.passedBefore(n.Size)
	if len(passed) == 0 {
		return false
	}
	w := passed[len(passed)-1]
	if w.Off < n.Size && w.Off <= int64(f.Fingerprint.Len) {
		return false // the first bytes alone may be what every run of a program writes
	}
	return hashOf(n.before(w.Off, w.Digest.Len)) == w.Digest
}

// readAt returns up to n bytes before the offset end. What cannot be read does not compare equal.
func readAt(r io.ReaderAt, end int64, n int) ([]byte, error) {
	n = int(min(int64(n), end))
	b := make([]byte, n)
	got, err := r.ReadAt(b, end-int64(n))
	return b[:got], trouble(err)
}
