package tail

import (
	"bytes"
	"io"

	"github.com/cespare/xxhash/v2"
)

const (
	// headSize is how many of a file's first bytes tell it apart. Shorter files are known by what they have.
	headSize = 1 << 10
	// edgeSize is how many bytes before the position of reading are remembered. It has to be more than a line, because
	// lines differ in their timestamps and may be equal from there on.
	edgeSize = 1 << 10
)

func hashOf(b []byte) Hash {
	if len(b) == 0 {
		return Hash{}
	}
	return Hash{Len: len(b), Sum: xxhash.Sum64(b)}
}

// of reports whether h is the hash of the first bytes of b.
func (h Hash) of(b []byte) bool { return len(b) >= h.Len && hashOf(b[:h.Len]) == h }

// edge is the end of what was taken from a file: after a restart a hash, else the bytes.
type edge struct {
	bytes []byte
	hash  Hash // when bytes is nil
}

// len is how many bytes it takes to compare.
func (e *edge) len() int {
	if e.bytes == nil {
		return e.hash.Len
	}
	return len(e.bytes)
}

func (e *edge) is(b []byte) bool {
	if e.bytes == nil {
		return hashOf(b) == e.hash
	}
	return bytes.Equal(e.bytes, b)
}

func (e *edge) sum() Hash {
	if e.bytes == nil {
		return e.hash
	}
	return hashOf(e.bytes)
}

// add takes note of bytes that were read.
func (e *edge) add(p []byte) {
	if e.bytes == nil {
		e.bytes = make([]byte, 0, edgeSize)
	}
	if len(p) >= edgeSize {
		e.bytes = append(e.bytes[:0], p[len(p)-edgeSize:]...)
		return
	}
	if over := len(e.bytes) + len(p) - edgeSize; over > 0 {
		e.bytes = e.bytes[:copy(e.bytes, e.bytes[over:])]
	}
	e.bytes = append(e.bytes, p...)
}

// fold keeps the hash alone, for a file that is only remembered.
func (e *edge) fold() { *e = edge{hash: e.sum()} }

// readAt gives up to n bytes before the offset end.
func readAt(r io.ReaderAt, end int64, n int) []byte {
	n = int(min(int64(n), end))
	b := make([]byte, n)
	got, _ := r.ReadAt(b, end-int64(n)) // what cannot be read does not compare equal
	return b[:got]
}
