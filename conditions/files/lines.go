package files

import (
	"bytes"
	"cmp"
	"io"
	"maps"
	"slices"
)

// lineCounter tells the line of a byte of what was read. It keeps the ends of the lines that were
// read and not asked for yet.
type lineCounter struct {
	r    io.Reader
	n    int64   // bytes read
	line int     // lines that ended before ends
	ends []int64 // of further lines
}

// Read implements [io.Reader].
func (c *lineCounter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	for i, text := 0, p[:n]; ; {
		j := bytes.IndexByte(text[i:], '\n')
		if j < 0 {
			break
		}
		i += j + 1
		c.ends = append(c.ends, c.n+int64(i))
	}
	c.n += int64(n)
	return n, err
}

// at is the line, counted from 1, that a byte stands in. Offsets must not go back.
func (c *lineCounter) at(offset int64) int {
	n, _ := slices.BinarySearch(c.ends, offset+1)
	c.line += n
	c.ends = append(c.ends[:0], c.ends[n:]...)
	return c.line + 1
}

func sorted[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }
