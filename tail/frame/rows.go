package frame

import (
	"bytes"
	"unicode/utf8"
)

// A Joiner makes units of rows where a line is not a row: JSON over several rows or in lists, rows
// that a terminal broke at its width, a table whose fields reach over rows, messages of several
// rows. Row takes a row or a piece of one, Next gives the units that are whole then, in the framing
// of the file.
//
// It holds the rows of one unit, up to a number of bytes, in which each row counts with rowSize,
// and maxUnitRows rows: a unit that grows larger, or turns out to be none, is given row by row as
// it was. Of a single row that is longer than a line may be only the beginning is held. No row is
// looked at twice. One goroutine at a time may use it.
type Joiner struct {
	shape Shape
	line  int // bytes of a unit of one row that are held
	most  int // bytes of a unit of several
	units []Unit
	given int

	rows []held // of the unit that is not whole yet
	raw  []byte // their text, one behind the other
	scan balance
	cut  int64  // bytes of the unit that were passed over
	one  bool   // the unit is one row so far
	text []byte // of the last unit
	more bool   // the row goes on with the next piece
	goes bool   // the piece goes on with a row that began before
}

// Unit is a piece of text with the place where it begins.
type Unit struct {
	Text        []byte // empty for rows that hold none: brackets, blanks
	Offset, Num int64  // of its first row
	Rows        int64  // that it took; 0 for another unit in the last row of the one before
	Cut         int64  // bytes that are missing behind Text, because the row is so long
}

// held is a row, or a piece of one, whose unit is not whole.
type held struct {
	Unit
	end  int  // of its text in Joiner.raw
	more bool // what follows it is of the same row
}

const (
	wholeLine   = 10 << 20 // a limit below this one is that of one of many logs: see unitOf
	maxUnit     = 40 << 20
	maxUnitRows = 200_000
	beyond      = 64 << 10
	rowSize     = 128 // what a row takes beside its text: a held, and a Unit when it is given up
)

// NewJoiner returns a Joiner for a file of this shape whose lines are wanted up to a length. It
// gives some more of a longer one.
func NewJoiner(s Shape, longest int) *Joiner {
	return &Joiner{shape: s, line: longest + beyond, most: unitOf(longest)}
}

// unitOf is how much a unit of several rows may take. Of many logs each has its share.
func unitOf(longest int) int {
	if longest < wholeLine {
		return longest
	}
	return min(maxUnit, 4*longest)
}

// Next gives the next unit that is whole. Its text is valid until the next call of Row or End.
func (j *Joiner) Next() (Unit, bool) {
	if j.given == len(j.units) {
		if j.units, j.given = j.units[:0], 0; cap(j.units) > keepRaw/64 {
			j.units = nil
		}
		return Unit{}, false
	}
	j.given++
	return j.units[j.given-1], true
}

// Row takes the next row without its newline, after Next gave all units. A long row may come in
// pieces; all but the last have more set.
func (j *Joiner) Row(row []byte, offset, num int64, more bool) {
	u := Unit{Text: row, Offset: offset, Num: num, Rows: 1}
	if j.goes = j.more; j.goes {
		u.Rows = 0
	}
	j.more = more
	if j.shape.html {
		u.Text = unescapeHTML(row)
	}
	switch s := j.shape; {
	case s.table:
		j.fields(u)
	case s.entries:
		j.entry(u)
	case s.yaml:
		j.entryRow(u)
	default:
		u.Text = inWindow(u.Text)
		j.document(u)
	}
}

// End gives what is not whole.
func (j *Joiner) End() {
	switch {
	case len(j.rows) == 0:
	case j.shape.yaml:
		j.endEntry()
	case j.scan.inside():
		j.giveUp()
	default:
		j.finish()
	}
}

func (j *Joiner) give(u Unit) { j.units = append(j.units, u) }

// hold keeps a row until its unit is whole. When that would be too large, it gives everything up.
func (j *Joiner) hold(u Unit) {
	j.one = len(j.rows) == 0 || j.one && j.goes
	if over := len(j.raw) + len(u.Text) - j.line; j.one && over > 0 {
		keep := max(0, len(u.Text)-over)
		j.cut += int64(len(u.Text) - keep)
		u.Text = u.Text[:keep]
	}
	j.raw = append(j.raw, u.Text...)
	j.rows = append(j.rows, held{u, len(j.raw), j.more})
	if len(j.rows) >= maxUnitRows || len(j.raw)+len(j.rows)*rowSize >= j.most && !j.one {
		j.giveUp()
	}
}

// finish gives the rows that are held as one unit.
func (j *Joiner) finish() {
	u := j.rows[0].Unit
	u.Rows = 0
	for _, row := range j.rows {
		u.Rows += row.Rows
	}
	if u.Cut = j.cut; j.one {
		j.text, j.raw = j.raw, j.text[:0]
	} else {
		j.text = j.join(j.text[:0])
	}
	u.Text = j.text
	j.give(u)
	j.clear()
}

// giveUp gives the rows that are held one by one.
func (j *Joiner) giveUp() {
	if j.one {
		j.finish()
		return
	}
	start := 0
	for _, row := range j.rows {
		row.Text, start = j.raw[start:row.end:row.end], row.end
		j.give(row.Unit)
	}
	j.raw = nil // the units refer to it
	j.clear()
}

func (j *Joiner) clear() {
	j.rows, j.raw, j.scan, j.cut, j.one = j.rows[:0], j.raw[:0], balance{}, 0, false
	if cap(j.raw) > keepRaw {
		j.raw = nil
	}
	if cap(j.rows) > keepRaw/64 {
		j.rows = nil
	}
}

// keepRaw is the largest buffer that survives its unit.
const keepRaw = 1 << 20

// join appends the text of the rows that are held. A table and a message keep their newlines. Where
// a terminal broke the rows there was nothing between them but the blanks that it dropped. Other
// rows are JSON over several rows: blanks around a row stand between its tokens, and a newline in a
// string is one that a viewer printed.
func (j *Joiner) join(b []byte) []byte {
	var scan balance
	start, goes := 0, false
	for i, row := range j.rows {
		text := j.raw[start:row.end]
		start = row.end
		switch s := j.shape; {
		case i == 0 || goes || s.width > 0:
		case !s.documents:
			b = append(b, '\n')
		case scan.inString:
			b = append(b, `\n`...)
		default:
			text = bytes.TrimLeft(text, " \t")
		}
		if goes = row.more; j.shape.documents {
			scan.end(text)
		}
		b = append(b, text...)
		if i < len(j.rows)-1 && !goes {
			b = append(b, bytes.Repeat(space, max(0, j.shape.width-utf8.RuneCount(text)))...)
		}
	}
	return b
}

// fields joins rows until all quotes of a table's row are closed.
func (j *Joiner) fields(u Unit) {
	if bytes.Count(u.Text, []byte{'"'})%2 == 1 {
		j.scan.inString = !j.scan.inString
	}
	whole := !j.scan.inString && !j.more
	if len(j.rows) == 0 && whole {
		j.give(u)
		return
	}
	if j.hold(u); len(j.rows) > 0 && whole {
		j.finish()
	}
}

// entry joins the rows of one message of flux logs.
func (j *Joiner) entry(u Unit) {
	begins := !j.goes && beginsFluxEntry(u.Text)
	if len(j.rows) > 0 && !j.goes && (begins || hasPrefixOf(u.Text, fluxMarks[:])) {
		j.finish()
	}
	if len(j.rows) == 0 && !begins && !j.more {
		j.give(u)
		return
	}
	j.hold(u)
}

// document takes the objects of a row apart, and joins the rows of an object that goes on.
func (j *Joiner) document(u Unit) {
	if len(j.rows) > 0 && !j.goOn(&u) {
		return
	}
	for {
		body := between(u.Text)
		if len(body) == 0 || body[0] != '{' {
			j.words(u, body)
			return
		}
		u.Offset += int64(len(u.Text) - len(body))
		u.Text = body
		end := j.scan.end(body)
		if end < 0 {
			j.hold(u)
			return
		}
		j.scan = balance{}
		rest := between(body[end:])
		if len(rest) > 0 && rest[0] != '{' {
			end = len(body) // words behind an object belong to it, as far as one can know
		}
		first := u
		first.Text = body[:end:end]
		j.give(first)
		if len(rest) == 0 || end == len(body) {
			return
		}
		u.Text, u.Rows, u.Offset = body[end:], 0, u.Offset+int64(end)
	}
}

// between drops what stands between the objects of a list.
func between(row []byte) []byte {
	for {
		row = bytes.TrimLeft(row, " \t,]")
		inside, ok := bytes.CutPrefix(row, []byte("["))
		next := bytes.TrimLeft(inside, " \t")
		if !ok || len(next) > 0 && bytes.IndexByte([]byte("{[]"), next[0]) < 0 {
			return row
		}
		row = next
	}
}

// goOn takes a row into the unit that is held. It reports whether anything of the row is left, as
// the rest of u.
func (j *Joiner) goOn(u *Unit) bool {
	begins := !j.goes && startsLine(u.Text)
	switch {
	case j.scan.depth == 0 && (begins || len(u.Text) == 0 && !j.goes):
		j.finish()
		return true
	case j.scan.depth == 0: // words
		if j.hold(*u); len(j.rows) > 0 && !j.more && utf8.RuneCount(u.Text) < max(j.shape.width, 1) {
			j.finish()
		}
		return false
	case begins:
		j.giveUp()
		return true
	}
	end := j.scan.end(u.Text)
	if end < 0 {
		j.hold(*u)
		return false
	}
	rest := *u
	rest.Text, rest.Rows, rest.Offset = u.Text[end:], 0, u.Offset+int64(end)
	u.Text = u.Text[:end]
	if j.hold(*u); len(j.rows) > 0 {
		j.finish()
	}
	*u = rest
	return len(between(rest.Text)) > 0
}

// words gives a row that is no object, and has nothing but body. A row as wide as the terminal goes
// on in the next.
func (j *Joiner) words(u Unit, body []byte) {
	w := j.shape.width
	switch {
	case len(body) == 0 && u.Rows == 0:
	case len(body) == 0:
		u.Text = nil
		j.give(u)
	case j.more || w > 0 && utf8.RuneCount(u.Text) >= w:
		j.hold(u)
	default:
		j.give(u)
	}
}

// startsLine reports whether a row can only be the beginning of a line.
func startsLine(row []byte) bool { return hasPrefixOf(row, lineStarts[:]) }

var lineStarts = [...]string{`{"level":`, `{"ts":`, `{"log":`, `{"severity":`}

// inWindow takes the border of a window off a row that was copied from one, k9s say.
func inWindow(row []byte) []byte {
	inside, ok := bytes.CutPrefix(bytes.TrimLeft(row, " "), frame)
	if !ok {
		return row
	}
	inside = bytes.TrimSuffix(bytes.TrimRight(inside, " \r"), frame)
	inside = bytes.TrimPrefix(inside, space)
	return bytes.TrimSuffix(inside, space)
}
