package tail

import (
	"bytes"
	"fmt"

	"fluxtrail/tail/frame"
)

// Reader gives the lines of one Source, from the first byte of its first file to the last byte of
// its last. It follows the contract of bufio.Scanner. One goroutine at a time may use it. It holds
// one open file and one read buffer of at most 128 KiB, from the first Next until Next returns
// false; only lines that do not fit cost more.
type Reader struct {
	src   Source
	opt   Options
	parts []part

	next int // index of the file to open next
	in   *input
	assembly
}

// NewReader returns a Reader of src. Nothing is opened or allocated before the first Next.
func NewReader(src Source, opt Options) *Reader {
	if opt.MaxLine <= 0 {
		opt.MaxLine = defaultMaxLine
	}
	r := &Reader{src: src, opt: opt, parts: make([]part, len(src.Files))}
	for i := range r.parts {
		r.parts[i].index = i
	}
	r.max = opt.MaxLine
	return r
}

// Next moves to the next line; false means that there is none. A file that cannot be read is
// skipped, or left where it breaks, and its FileStat says so. Lines without text are counted, not
// delivered.
func (r *Reader) Next() bool {
	for !r.dequeue() {
		if r.in == nil {
			if !r.nextFile() {
				return false
			}
			continue
		}
		if !r.nextRow() {
			r.endFile()
		} else if r.push() {
			return true
		}
	}
	return true
}

// Line is the current line. It is valid until the next call of Next.
func (r *Reader) Line() *Line { return &r.line }

// FileIndex is the index in Source.Files of the file where the current line begins.
func (r *Reader) FileIndex() int { return indexOf(r.begun) }

func indexOf(p *part) int {
	if p == nil {
		return 0
	}
	return p.index
}

// Stats tells, file by file, what reading came to so far.
func (r *Reader) Stats() []FileStat {
	if r.in != nil {
		r.count()
	}
	stats := make([]FileStat, len(r.parts))
	for i := range r.parts {
		stats[i] = r.parts[i].FileStat
	}
	return stats
}

// Close closes the open file, if any, and ends the reading.
func (r *Reader) Close() error {
	r.next, r.queue, r.head = len(r.src.Files), nil, 0
	return r.release()
}

func (r *Reader) release() (err error) {
	if r.in != nil {
		r.count()
		err = r.in.Close()
		r.in = nil
	}
	r.split.buf, r.split.src, r.split.long.b = nil, nil, nil
	return err
}

// nextFile opens the next file; false means that there is none. A file that cannot be opened ends
// what was pending.
func (r *Reader) nextFile() bool {
	if r.next >= len(r.src.Files) {
		_ = r.release() // nothing is open
		return false
	}
	r.part = &r.parts[r.next]
	r.next++
	r.split.reset(nil, 0, r.opt.MaxLine)
	in, err := openInput(&r.src.Files[r.part.index], &r.opt)
	if err != nil {
		r.part.Err = err
		r.endRun()
		return true
	}
	r.in = in
	r.split.reset(in, in.size, r.opt.MaxLine)
	r.frame()
	return true
}

// frame finds the framing of the file that was just opened.
func (r *Reader) frame() {
	r.joiner, r.told = nil, false
	r.split.decodeText()
	r.dec.Reset()
	sample := r.split.sample()
	r.format = r.opt.Format
	switch {
	case r.format != frame.Auto:
	case r.src.UID != "" || frame.IsLoki(sample) || !r.shaped(sample):
		r.format = frame.Sniff(sample)
	}
	r.part.Format = r.format.String() + r.in.compression.Suffix()
	switch {
	case tarball(sample):
		r.split.reset(bytes.NewReader(nil), 0, r.opt.MaxLine)
		r.split.err = errTar
	case len(sample) == 0:
		r.part.Format = "empty" + r.in.compression.Suffix()
	case r.format == frame.Loki:
		r.loadLoki()
	}
}

// shaped finds the framing of a file whose rows are not its lines; false for other files.
func (r *Reader) shaped(sample []byte) bool {
	shape := frame.ShapeOf(sample)
	if shape.Lines() {
		return false
	}
	r.joiner, r.split.pieces = frame.NewJoiner(shape, r.opt.MaxLine), true
	r.format = frame.SniffUnits(sample, shape)
	return true
}

// count brings the FileStat of the open file up to date.
func (r *Reader) count() {
	stat := &r.part.FileStat
	stat.Lines, stat.Bytes, stat.NUL = r.split.num+r.part.extra, r.split.off, r.split.nul
	if stat.Err = r.split.err; stat.Err != nil && r.split.off > 0 {
		stat.Err = fmt.Errorf("read only to byte %d of the text: %w", r.split.off, stat.Err)
	}
}

// endFile closes the file. A record may go on in the next rotation, but not in another run of the
// container, and not over bytes that could not be read.
func (r *Reader) endFile() {
	r.count()
	stat := &r.part.FileStat
	if err := r.in.Close(); err != nil && stat.Err == nil {
		stat.Err = err
	}
	r.in = nil
	files := r.src.Files
	if stat.Err != nil || r.next >= len(files) || files[r.next].Restart != files[r.part.index].Restart {
		r.endRun()
	}
	r.queue = r.pretty.release(r.queue)
}
