package files

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
)

// lineCounter tells the line of a byte of what was read. It keeps the ends of the lines that were
// read and not asked for yet.
type lineCounter struct {
	r    io.Reader
	n    int64   // bytes read
	from int64   // where the value begins that is being read
	line int     // lines that ended before ends
	ends []int64 // of further lines
}

// maxObject bounds one object of JSON. The API server takes less than 2 MiB.
const maxObject = 16 << 20

// Read implements [io.Reader]. A value that is larger than an object can be is an error.
func (c *lineCounter) Read(p []byte) (int, error) {
	if c.n-c.from > maxObject {
		return 0, fmt.Errorf("an object of more than %d MiB: no API server has such", maxObject>>20)
	}
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
