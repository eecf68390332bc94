package tail

import (
	"bytes"
	"fmt"
	"os"
)

// Reader gives the lines of one Source, from the first byte of its first file to the last byte of its last. It follows
// the contract of bufio.Scanner. One goroutine at a time may use it. It holds one open file and one read buffer of at
// most 128 KiB, from the first Next until Next returns false; only lines that do not fit cost more.
type Reader struct {
	src   Source
	opt   Options
	stats []FileStat
	err   error

	next    int // index of the file to open next
	file    int // index of the file being read, or read last
	in      *input
	format  Format
	reverse bool // the file must be put in order first
	split   splitter
	dec     decoder

	open   int        // streams with a pending record
	join   [3]pending // by Stream
	pretty pretty
	queue  []queued // lines to deliver before reading on
	head   int      // first line of queue that was not delivered

	line     Line
	lineFile int
}

// NewReader returns a Reader of src. Nothing is opened or allocated before the first Next.
func NewReader(src Source, opt Options) *Reader {
	if opt.MaxLine <= 0 {
		opt.MaxLine = DefaultMaxLine
	}
	return &Reader{src: src, opt: opt, stats: make([]FileStat, len(src.Files))}
}

// Next moves to the next line; false means that there is none. A file that cannot be read is skipped, or left where it
// breaks, and its FileStat says so. Lines without text are counted, not delivered.
func (r *Reader) Next() bool {
	for !r.dequeue() {
		if r.in == nil {
			if !r.nextFile() {
				return false
			}
			continue
		}
		if r.reverse {
			r.loadNewestFirst()
			if len(r.queue) > 0 {
				continue
			}
		}
		for r.split.next() {
			if r.push() {
				return true
			}
		}
		if r.split.rest() {
			if r.push() {
				return true
			}
			continue
		}
		r.endFile()
	}
	return true
}

// Line is the current line. It is valid until the next call of Next.
func (r *Reader) Line() *Line { return &r.line }

// FileIndex is the index in Source.Files of the file where the current line begins.
func (r *Reader) FileIndex() int { return r.lineFile }

// Err is nil as long as the Reader is used as intended: what goes wrong with a file stands in its FileStat. It is
// os.ErrClosed when Next was called after Close.
func (r *Reader) Err() error { return r.err }

// Pos is the end of the last physical line that was consumed: the index of its file and the offset behind it in the
// decompressed text. Partial records may be pending before it.
func (r *Reader) Pos() (fileIndex int, end int64) { return r.file, r.split.off }

// Stats tells, file by file, what reading came to so far.
func (r *Reader) Stats() []FileStat {
	if r.in != nil {
		r.count()
	}
	return append([]FileStat(nil), r.stats...)
}

// Close closes the open file, if any, and ends the reading.
func (r *Reader) Close() error {
	r.next, r.queue, r.head, r.err = len(r.src.Files)+1, nil, 0, nil
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

// nextFile opens the next file; false means that there is none. A file that cannot be opened ends what was pending.
func (r *Reader) nextFile() bool {
	if r.next >= len(r.src.Files) {
		if r.next > len(r.src.Files) {
			r.err = os.ErrClosed
		}
		_ = r.release() // nothing is open
		return false
	}
	r.file = r.next
	r.next++
	r.split.reset(nil, 0, r.opt.MaxLine)
	stat := &r.stats[r.file]
	in, err := openInput(r.src.Files[r.file].Path, r.opt.Stdin)
	if err != nil {
		stat.Err = err
		r.endRun()
		return true
	}
	r.in = in
	r.split.reset(in, in.size, r.opt.MaxLine)
	r.frame(stat)
	return true
}

// frame finds the framing of the file that was just opened.
func (r *Reader) frame(stat *FileStat) {
	r.split.decodeText()
	sample := r.split.sample()
	if r.format = r.opt.Format; r.format == Auto {
		r.format = sniff(sample)
	}
	stat.Format = r.format.String() + r.in.compression.suffix()
	r.reverse = r.format == Logcli && newestFirst(sample)
	switch {
	case tarball(sample):
		r.split.reset(bytes.NewReader(nil), 0, r.opt.MaxLine)
		r.split.err = errTar
	case len(sample) == 0:
		stat.Format = "empty" + r.in.compression.suffix()
	case r.format == Loki:
		r.loadLoki()
	}
}

// count brings the FileStat of the open file up to date.
func (r *Reader) count() {
	stat := &r.stats[r.file]
	stat.Lines, stat.Bytes, stat.NUL = r.split.num, r.split.off, r.split.nul
	if stat.Err = r.split.err; stat.Err != nil && r.split.off > 0 {
		stat.Err = fmt.Errorf("read only to byte %d of the text: %w", r.split.off, stat.Err)
	}
}

// endFile closes the file. A record may go on in the next rotation, but not in another run of the container, and not
// over bytes that could not be read.
func (r *Reader) endFile() {
	r.count()
	stat := &r.stats[r.file]
	if err := r.in.Close(); err != nil && stat.Err == nil {
		stat.Err = err
	}
	r.in = nil
	files := r.src.Files
	if stat.Err != nil || r.next >= len(files) || files[r.next].Restart != files[r.file].Restart {
		r.endRun()
	}
	r.queue = r.pretty.release(r.queue)
}

// endRun queues the records that will never be finished, in the order of their beginnings.
func (r *Reader) endRun() {
	for r.open > 0 {
		first := -1
		for i := range r.join {
			if r.join[i].open && (first < 0 || r.join[i].at.before(r.join[first].at)) {
				first = i
			}
		}
		q := r.finish(&r.join[first])
		r.stats[q.file].Partial++
		if len(q.line.Text) > 0 {
			r.queue = append(r.queue, q)
		}
	}
}

// push takes the framing off the current physical line and makes it the current line; false when there is nothing to
// deliver yet.
func (r *Reader) push() bool {
	line, framing := r.split.line, &framings[r.format]
	if framing.terminal {
		line = clean(line)
	}
	if len(line) == 0 {
		return false
	}
	if r.split.cut {
		r.stats[r.file].Truncated++
	}
	rec := &r.dec.rec
	if !framing.decode(&r.dec, line) {
		r.stats[r.file].Misframed++
		*rec = record{text: line}
	} else if rec.partial || r.open > 0 && r.join[rec.stream].open {
		return r.piece(rec)
	}
	if len(rec.text) == 0 {
		return false
	}
	r.line, r.lineFile = r.lineOf(rec), r.file
	if r.format == Raw && (r.pretty.active() || len(rec.text) == 1 && rec.text[0] == '{') {
		return r.prettyLine()
	}
	return true
}

// lineOf makes a Line of a record that the current physical line holds.
func (r *Reader) lineOf(rec *record) Line {
	return Line{
		Text: rec.text, Stream: rec.stream, Time: rec.time, Pod: rec.pod,
		Offset: r.split.start, Num: r.split.num, Cut: r.split.cut,
	}
}

// piece adds a piece to the record pending on its stream; the last piece makes it the current line.
func (r *Reader) piece(rec *record) bool {
	p := &r.join[rec.stream]
	if !p.open {
		r.open++
		p.start(queued{r.lineOf(rec), r.file}, r.opt.MaxLine)
	}
	p.text.write(rec.text)
	p.at.line.Cut = p.at.line.Cut || r.split.cut
	if rec.partial {
		return false
	}
	q := r.finish(p)
	r.line, r.lineFile = q.line, q.file
	return len(q.line.Text) > 0
}

func (r *Reader) finish(p *pending) queued {
	r.open--
	q := p.finish()
	if p.text.cut > 0 {
		r.stats[q.file].Truncated++
	}
	return q
}

// prettyLine adds the current line to a pretty-printed object; its closing brace makes the object the current line.
func (r *Reader) prettyLine() bool {
	q := queued{r.line, r.lineFile}
	text := q.line.Text
	if r.pretty.active() && !r.pretty.fits(text, r.opt.MaxLine) {
		r.queue = r.pretty.release(r.queue)
		if len(text) > 1 || text[0] != '{' {
			r.queue = append(r.queue, q)
			return r.dequeue()
		}
		r.pretty.add(q)
		return r.dequeue()
	}
	r.pretty.add(q)
	if len(text) > 1 || text[0] != '}' {
		return false
	}
	q = r.pretty.join()
	r.line, r.lineFile = q.line, q.file
	return true
}

// dequeue makes the first queued line the current one.
func (r *Reader) dequeue() bool {
	if r.head == len(r.queue) {
		r.head = 0
		if r.queue = r.queue[:0]; cap(r.queue) > maxPrettyLines {
			r.queue = nil
		}
		return false
	}
	q := r.queue[r.head]
	r.head++
	r.line, r.lineFile = q.line, q.file
	return true
}
