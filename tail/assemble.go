package tail

import (
	"bytes"

	"fluxtrail/tail/frame"
)

// part is one file of a log as it is read: its place in the order of the files, and what reading it came to.
type part struct {
	index int
	FileStat
}

// assembly makes Lines of the physical lines of one log: it takes the framing off and joins partial records. Its user
// puts the files, one after the other, in front of split.
type assembly struct {
	split  splitter
	dec    frame.Decoder
	format Format
	joined bool  // split's lines were joined of rows, with blanks around them
	max    int   // longest line
	part   *part // what split reads

	open   int        // streams with a pending record
	join   [3]pending // by Stream
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
		if len(q.line.Text) > 0 {
			a.queue = append(a.queue, q)
		}
	}
}

// push takes the framing off the current physical line and makes it the current line; false when there is nothing to
// deliver yet.
func (a *assembly) push() bool {
	line := a.format.Clean(a.split.line)
	if a.joined {
		line = bytes.TrimSpace(line)
	}
	if len(line) == 0 {
		return false
	}
	if a.split.cut {
		a.part.Truncated++
	}
	rec := &a.dec.Piece
	if !a.dec.Decode(a.format, line) {
		a.part.Misframed++
		*rec = frame.Piece{Text: line}
	} else if rec.Partial || a.open > 0 && a.join[rec.Stream].open {
		return a.piece(rec)
	}
	if len(rec.Text) == 0 {
		return false
	}
	for i := range a.dec.More {
		a.queue = append(a.queue, queued{a.lineOf(&a.dec.More[i]), a.part})
	}
	a.line, a.begun = a.lineOf(rec), a.part
	if a.format == frame.Raw && (a.pretty.active() || len(rec.Text) == 1 && rec.Text[0] == '{') {
		return a.prettyLine()
	}
	return true
}

// lineOf makes a Line of a record that the current physical line holds.
func (a *assembly) lineOf(rec *frame.Piece) Line {
	return Line{
		Text: rec.Text, Stream: rec.Stream, Time: rec.Time, Pod: rec.Pod,
		Offset: a.split.start, Num: a.split.num, Cut: a.split.cut,
	}
}

// piece adds a piece to the record pending on its stream; the last piece makes it the current line.
func (a *assembly) piece(rec *frame.Piece) bool {
	p := &a.join[rec.Stream]
	if !p.open {
		a.open++
		p.start(queued{a.lineOf(rec), a.part}, a.max)
	}
	p.text.write(rec.Text)
	p.at.line.Cut = p.at.line.Cut || a.split.cut
	if rec.Partial {
		return false
	}
	q := a.finish(p)
	a.line, a.begun = q.line, q.part
	return len(q.line.Text) > 0
}

func (a *assembly) finish(p *pending) queued {
	a.open--
	q := p.finish()
	if p.text.cut > 0 {
		q.part.Truncated++
	}
	return q
}

// prettyLine adds the current line to a pretty-printed object; its closing brace makes the object the current line.
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
