package tail

// buffers lends read buffers to Lives while they have something to read, so that a thousand idle logs hold none.
type buffers struct {
	free [][]byte
	lent int
}

const (
	manyBuffers = 64       // up to so many are full size
	smallBuffer = 16 << 10 // the others
)

// get lends a buffer with room for more than n bytes.
func (b *buffers) get(n int) []byte {
	b.lent++
	if b.lent > manyBuffers && n < smallBuffer/2 {
		return make([]byte, smallBuffer)
	}
	if last := len(b.free) - 1; last >= 0 && n < bufferSize/2 {
		buf := b.free[last]
		b.free = b.free[:last]
		return buf
	}
	return make([]byte, max(bufferSize, 2*n))
}

// put takes a buffer back.
func (b *buffers) put(buf []byte) {
	b.lent--
	if len(buf) == bufferSize && len(b.free) < manyBuffers {
		b.free = append(b.free, buf)
	}
}
