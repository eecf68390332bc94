package tail

import (
	"bytes"
	"io"
)

const (
	// bufferSize is a compromise: large enough that system calls vanish against copying, small
	// enough for the second-level cache, and hundreds of Readers may be open.
	bufferSize = 128 << 10
	// sampleSize is how far the first lines are looked at to find the framing.
	sampleSize = 64 << 10
)

// splitter cuts a byte stream into physical lines. It never blocks beyond its source's Read, keeps
// what stands after the last newline, and can be asked again when the source has grown.
type splitter struct {
	src     io.Reader
	err     error // what ended src, other than io.EOF
	buf     []byte
	r, w    int // unread bytes are buf[r:w]
	seen    int // buf[r:seen] holds no newline
	max     int // longest line
	spilled int64
	long    capped // the line so far, when it does not fit into buf

	line  []byte // current line without its newline and carriage return; points into buf or long
	cut   bool   // the current line was longer than max
	start int64  // offset of the current line
	off   int64  // offset behind the current line
	num   int64  // number of the current line, from 1
	nul   int64  // NUL bytes skipped

	pieces bool // give a line that does not fit into buf in pieces, instead of collecting it
	more   bool // the current line is a piece, and goes on
}

// reset starts a new stream. The buffer is kept when it is large enough for size bytes.
func (s *splitter) reset(src io.Reader, size int64, maxLine int) {
	buf := s.buf
	if want := bufferFor(size); len(buf) < want {
		buf = make([]byte, want)
	}
	*s = splitter{src: src, buf: buf, max: maxLine, long: s.long}
}

// bufferFor gives a file that is smaller than the usual buffer one of its own size: trees hold
// many small files.
func bufferFor(size int64) int {
	if size < 0 || size >= bufferSize {
		return bufferSize
	}
	return (int(size) + 1 + 511) &^ 511
}

// next moves to the next line that ends in a newline. False means that the source has no more for
// now.
func (s *splitter) next() bool {
	for {
		if i := bytes.IndexByte(s.buf[s.seen:s.w], '\n'); i >= 0 {
			s.take(s.seen+i, 1)
			return true
		}
		s.seen = s.w
		if s.pieces && s.r == 0 && s.w == len(s.buf) {
			s.piece()
			return true
		}
		if !s.fill() {
			return false
		}
	}
}

// piece makes all of a full buffer the current line.
func (s *splitter) piece() {
	if !s.more {
		s.num++
	}
	s.line, s.start, s.more = s.buf[:s.w], s.off, true
	s.off += int64(s.w)
	s.r, s.seen = s.w, s.w
}

// rest moves to what stands behind the last newline, if anything does. It is for the end of a file
// that will not grow.
func (s *splitter) rest() bool {
	if s.r == s.w && s.spilled == 0 {
		return false
	}
	s.take(s.w, 0)
	return true
}

// take makes buf[r:end] the current line.
func (s *splitter) take(end, newline int) {
	line := s.buf[s.r:end]
	s.start = s.off
	s.off += s.spilled + int64(len(line)+newline)
	if !s.more {
		s.num++
	}
	s.cut, s.more = false, false
	s.r = end + newline
	s.seen = s.r
	if s.spilled > 0 || len(line) > s.max || len(line) > 0 && line[0] == 0 {
		line = s.unusual(line)
	}
	if n := len(line); n > 0 && line[n-1] == '\r' {
		line = line[:n-1]
	}
	s.line = line
}

// unusual finishes a line that was spilled, is too long, or starts with the hole that a truncated
// file leaves.
func (s *splitter) unusual(line []byte) []byte {
	if s.spilled == 0 {
		s.long.reset(s.max)
	}
	if len(s.long.b) == 0 {
		line = s.skipNUL(line)
	}
	s.spilled = 0
	s.long.write(line)
	s.cut = s.long.cut > 0
	return s.long.finish()
}

// skipNUL drops leading NUL bytes: a writer that kept its position over a truncation leaves a run
// of them.
func (s *splitter) skipNUL(p []byte) []byte {
	rest := bytes.TrimLeft(p, "\x00")
	s.nul += int64(len(p) - len(rest))
	return rest
}

// fill reads once more into the free part of the buffer, making room first.
func (s *splitter) fill() bool {
	s.w = copy(s.buf, s.buf[s.r:s.w])
	s.seen -= s.r
	s.r = 0
	if s.w == len(s.buf) {
		s.spill()
	}
	for range 100 {
		n, err := s.src.Read(s.buf[s.w:])
		s.w += n
		if err != nil && err != io.EOF {
			s.err = err
		}
		if n > 0 || err != nil {
			return n > 0
		}
	}
	s.err = io.ErrNoProgress
	return false
}

// spill moves a full buffer without any newline over to long.
func (s *splitter) spill() {
	if s.spilled == 0 {
		s.long.reset(s.max)
	}
	p := s.buf[:s.w]
	if len(s.long.b) == 0 {
		p = s.skipNUL(p)
	}
	s.long.write(p)
	s.spilled += int64(s.w)
	s.w, s.seen = 0, 0
}

// sample reads ahead and gives the first unread bytes without consuming them. How the source cuts
// its reads makes no difference to the result.
func (s *splitter) sample() []byte {
	for s.w-s.r < min(sampleSize, len(s.buf)) && s.fill() {
	}
	return s.buf[s.r:min(s.w, s.r+sampleSize)]
}

// skip consumes n unread bytes that belong to no line, such as a byte order mark.
func (s *splitter) skip(n int) {
	s.r += n
	s.seen = max(s.seen, s.r)
	s.off += int64(n)
}

// unread puts bytes back that Read gave.
func (s *splitter) unread(p []byte) {
	s.src = io.MultiReader(bytes.NewReader(p), bytes.NewReader(bytes.Clone(s.buf[s.r:s.w])), s.src)
	s.r, s.w, s.seen = 0, 0, 0
	s.off -= int64(len(p))
}

var newline = []byte{'\n'}

// Read gives the unread bytes as they are, for a file that is not made of lines.
func (s *splitter) Read(p []byte) (int, error) {
	if s.r == s.w && !s.fill() {
		if s.err != nil {
			return 0, s.err
		}
		return 0, io.EOF
	}
	n := copy(p, s.buf[s.r:s.w])
	s.skip(n)
	return n, nil
}
