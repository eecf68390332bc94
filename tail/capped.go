package tail

import (
	"crypto/sha256"
	"fmt"
	"hash"
	"unicode/utf8"
)

// keepCapacity is the largest buffer of a capped that survives its line: one giant line must not
// make a Reader big for the rest of its life.
const keepCapacity = 64 << 10

// capped collects one line up to a limit. What goes beyond is counted and hashed instead of kept,
// so that memory stays bounded and two different giant lines still read differently.
type capped struct {
	b   []byte
	max int
	cut int64
	sum hash.Hash // of the bytes cut away
}

// reset empties c for the next line of at most limit bytes.
func (c *capped) reset(limit int) {
	if cap(c.b) > keepCapacity {
		c.b = nil
	}
	c.b, c.max, c.cut = c.b[:0], limit, 0
}

// write appends p as far as there is room.
func (c *capped) write(p []byte) {
	if c.cut == 0 {
		n := min(len(p), c.max-len(c.b))
		c.grow(n)
		c.b = append(c.b, p[:n]...)
		p = p[n:]
	}
	if len(p) == 0 {
		return
	}
	if c.cut == 0 {
		c.overflow()
	}
	c.skip(p)
}

// grow makes room for n more bytes. A long line comes in many pieces: doubling copies it twice,
// where append, which takes a quarter more each time, would leave five times as much behind.
func (c *capped) grow(n int) {
	if want := len(c.b) + n; want > cap(c.b) && want > keepCapacity {
		const note = 64 // see finish
		c.b = append(make([]byte, 0, max(want, min(2*want, c.max+note))), c.b...)
	}
}

// maxWord is how long a word may be that the cut leaves out as a whole.
const maxWord = 1 << 10

// overflow starts the cut at the beginning of a word: half of a secret would not be known as one.
// Where the word is too long for that it starts at the beginning of a rune, so that the kept text
// stays valid UTF-8.
func (c *capped) overflow() {
	if c.sum == nil {
		c.sum = sha256.New()
	}
	c.sum.Reset()
	n := wordStart(c.b)
	c.skip(c.b[n:])
	c.b = c.b[:n]
}

// wordStart returns where the last word of b starts, or the last rune if only a part of it is
// there, or the end of b.
func wordStart(b []byte) int {
	least := len(b) - min(maxWord, len(b)/2)
	for n := len(b); n > least; n-- {
		if c := b[n-1]; c <= ' ' || c == '"' || c == '\'' || c == '`' {
			return n
		}
	}
	for i := 1; i <= min(utf8.UTFMax-1, len(b)); i++ {
		if last := b[len(b)-i:]; utf8.RuneStart(last[0]) {
			if !utf8.FullRune(last) {
				return len(b) - i
			}
			break
		}
	}
	return len(b)
}

func (c *capped) skip(p []byte) {
	c.sum.Write(p)
	c.cut += int64(len(p))
}

// miss counts n bytes that nobody kept.
func (c *capped) miss(n int64) {
	if n > 0 && c.cut == 0 {
		c.overflow()
	}
	c.cut += n
}

// finish gives the line, with the marker when something was cut.
func (c *capped) finish() []byte {
	if c.cut > 0 {
		c.b = fmt.Appendf(c.b, "…[cut %d bytes sha256:%x]", c.cut, c.sum.Sum(nil)[:4])
	}
	return c.b
}
