package tail

import (
	"bytes"

	"fluxtrail/tail/frame"
)

// part is one file of a log as it is read: its place in the order of the files, and what reading
// it came to.
type part struct {
	index int
	extra int64 // Lines beyond the first of their physical lines
	FileStat
}

// assembly makes Lines of the physical lines of one log: it takes the framing off and joins
// partial records. Its user puts the files, one after the other, in front of split.
type assembly struct {
	split  splitter
	dec    frame.Decoder
	format Format
	joiner *frame.Joiner // makes units of the rows, nil where each is one
	told   bool          // joiner was told that there are no more
	row    frame.Unit    // current row, or unit of rows
	max    int           // longest line
	part   *part         // what split reads

	open   int       // streams with a pending record
	join   []pending // by Stream, nil before the first piece of a record
	pretty pretty
	queue  []queued // lines to deliver before reading on
	head   int      // first line of queue that was not delivered

	line  Line
	begun *part // where the current line begins
}

// endRun queues the records that will never be finished, in the order of their beginnings.
func (a *assembly) endRun() {
	for a.open > 0 {
		first := -1
		for i := range a.join {
			if a.join[i].open && (first < 0 || a.join[i].at.before(a.join[first].at)) {
				first = i
			}
		}
		q := a.finish(&a.join[first])
		q.line.Partial = true
		q.part.Partial++
		if len(q.line.Text) == 0 {
			q.part.Blank += q.line.Rows
			continue
		}
		a.queue = append(a.queue, q)
	}
}

// take makes the current physical line the current row.
func (a *assembly) take() {
	a.row = frame.Unit{Text: a.split.line, Offset: a.split.start, Num: a.split.num, Rows: 1}
}

// nextRow moves to the next row, or unit of rows, of a file that will not grow.
func (a *assembly) nextRow() bool {
	if a.joiner == nil {
		if !a.split.next() && !a.split.rest() {
			return false
		}
		a.take()
		return true
	}
	for {
		unit, ok := a.joiner.Next()
		switch {
		case ok:
			a.row = unit
			return true
		case a.split.next() || a.split.rest():
			a.joiner.Row(a.split.line, a.split.start, a.split.num, a.split.more)
		case a.told:
			return false
		default:
			a.told = true
			a.joiner.End()
		}
	}
}

// push takes the framing off the current row and makes it the current line; false when there is
// nothing to deliver yet.
func (a *assembly) push() bool {
	if a.row.Rows == 0 {
		a.part.extra++
		a.row.Rows = 1
	}
	line := a.format.Clean(a.row.Text)
	if len(line) == 0 {
		return a.blank()
	}
	if a.split.cut {
		a.part.Truncated++
	}
	rec := &a.dec.Piece
	if !a.dec.Decode(a.format, line) {
		a.part.Misframed++
	} else if rec.Partial || a.open > 0 && a.join[rec.Stream].open {
		return a.piece(rec)
	}
	if len(rec.Text) == 0 {
		return a.blank()
	}
	a.line, a.begun = a.lineOf(rec), a.part
	for i := range a.dec.More {
		q := queued{a.lineOf(&a.dec.More[i]), a.part}
		q.line.Rows = 1
		a.part.extra++
		a.queue = append(a.queue, q)
	}
	if a.format == frame.Raw && a.joiner == nil && (a.pretty.active() || len(rec.Text) == 1 && rec.Text[0] == '{') {
		return a.prettyLine()
	}
	return true
}

// blank counts the current row as one without text.
func (a *assembly) blank() bool {
	a.part.Blank += a.row.Rows
	return false
}

// lineOf makes a Line of a record that the current row holds.
func (a *assembly) lineOf(rec *frame.Piece) Line {
	l := Line{
		Text: rec.Text, Stream: rec.Stream, Time: rec.Time, Pod: rec.Pod,
		Offset: a.row.Offset, Num: a.row.Num, Rows: a.row.Rows, Cut: a.split.cut,
	}
	if a.joiner != nil && (len(l.Text) > a.max || a.row.Cut > 0) {
		a.cut(&l)
	}
	return l
}

// cut shortens a line that was too long.
func (a *assembly) cut(l *Line) {
	c := &a.split.long
	c.reset(a.max)
	c.write(l.Text)
	c.miss(a.row.Cut)
	l.Text, l.Cut = bytes.Clone(c.finish()), true
	a.part.Truncated++
}

// piece adds a piece to the record pending on its stream; the last piece makes it the current line.
func (a *assembly) piece(rec *frame.Piece) bool {
	if a.join == nil {
		a.join = make([]pending, streams)
	}
	p := &a.join[rec.Stream]
	if p.open {
		p.at.line.Rows += a.row.Rows
	} else {
		a.open++
		p.start(queued{a.lineOf(rec), a.part}, a.max)
	}
	p.text.write(rec.Text)
	p.at.line.Cut = p.at.line.Cut || a.split.cut
	if rec.Partial {
		return false
	}
	q := a.finish(p)
	if len(q.line.Text) == 0 {
		q.part.Blank += q.line.Rows
		return false
	}
	a.line, a.begun = q.line, q.part
	return true
}

func (a *assembly) finish(p *pending) queued {
	a.open--
	q := p.finish()
	if p.text.cut > 0 {
		q.part.Truncated++
	}
	return q
}

// prettyLine adds the current line to a pretty-printed object; its closing brace makes the object
// the current line.
func (a *assembly) prettyLine() bool {
	q := queued{a.line, a.begun}
	text := q.line.Text
	if a.pretty.active() && !a.pretty.fits(text, a.max) {
		a.queue = a.pretty.release(a.queue)
		if len(text) > 1 || text[0] != '{' {
			a.queue = append(a.queue, q)
			return a.dequeue()
		}
		a.pretty.add(q)
		return a.dequeue()
	}
	a.pretty.add(q)
	if len(text) > 1 || text[0] != '}' {
		return false
	}
	q = a.pretty.join()
	a.line, a.begun = q.line, q.part
	return true
}

// dequeue makes the first queued line the current one.
func (a *assembly) dequeue() bool {
	if a.head == len(a.queue) {
		a.head = 0
		if a.queue = a.queue[:0]; cap(a.queue) > maxPrettyLines {
			a.queue = nil
		}
		return false
	}
	q := a.queue[a.head]
	a.head++
	a.line, a.begun = q.line, q.part
	return true
}
