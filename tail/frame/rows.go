package frame

import (
	"bufio"
	"bytes"
	"io"
	"unicode/utf8"
)

// Shape says how a file has to be put into lines before its framing is looked at. The zero Shape is
// a file whose lines are lines.
type Shape struct {
	documents bool // JSON objects over several rows, or in lists
	width     int  // columns at which a terminal broke the lines, 0 for none
	quotes    bool // CSV fields that reach over rows
}

// Lines reports whether the file can be read line by line as it is.
func (s Shape) Lines() bool { return s == Shape{} }

const (
	// maxUnit bounds what is joined to one line, in bytes.
	maxUnit = 64 << 20
	// maxUnitRows bounds the same in rows.
	maxUnitRows = 100_000
	// leastWidth is the narrowest terminal whose breaks are seen.
	leastWidth = 40
)

// MaxRow is the longest line that Rows makes.
const MaxRow = maxUnit

// ShapeOf finds the shape of a file from its first bytes.
func ShapeOf(sample []byte) Shape {
	sample = bytes.Clone(sample)
	trimmed := bytes.TrimLeft(sample, " \t\r\n")
	if bytes.HasPrefix(trimmed, []byte("[")) {
		inside := bytes.TrimLeft(trimmed[1:], " \t\r\n")
		if len(inside) > 0 && (inside[0] == '{' || inside[0] == ']') {
			return Shape{documents: true}
		}
	}
	first, _, _ := bytes.Cut(trimmed, newline)
	if _, ok := header(bytes.TrimRight(first, "\r")); ok {
		return Shape{quotes: true}
	}
	rows := bytes.Split(sample, newline)
	rows = rows[:len(rows)-1] // the last one may have been cut by the sample
	open, widest, atWidest := 0, 0, 0
	for _, row := range rows {
		row = inFrame(bytes.TrimRight(row, "\r"))
		switch n := utf8.RuneCount(row); {
		case n > widest:
			widest, atWidest = n, 1
		case n == widest:
			atWidest++
		}
		if len(row) > 0 && row[0] == '{' && new(balance).open(row) {
			open++
		}
	}
	if open == 0 {
		return Shape{}
	}
	if widest >= leastWidth && atWidest*4 >= len(rows) && atWidest > 1 {
		return Shape{documents: true, width: widest}
	}
	return Shape{documents: true}
}

// balance follows the brackets and strings of JSON.
type balance struct {
	depth            int
	inString, escape bool
}

// open goes over more text and reports whether a bracket or a string is still open behind it.
func (b *balance) open(text []byte) bool { return b.end(text) < 0 }

// end is the offset behind the bracket that closes the last open one, or -1.
func (b *balance) end(text []byte) int {
	for i, c := range text {
		switch {
		case b.escape:
			b.escape = false
		case b.inString && c == '\\':
			b.escape = true
		case c == '"':
			b.inString = !b.inString
		case b.inString:
		case c == '{' || c == '[':
			b.depth++
		case c == '}' || c == ']':
			if b.depth--; b.depth <= 0 {
				return i + 1
			}
		}
	}
	return -1
}

// rows puts what a Shape says belongs together on one line each. It gives as many bytes and
// newlines as it takes, so that the offset and the number of a line are those of its first row:
// what was between the rows stands behind the line as blanks and newlines.
type rows struct {
	src   *bufio.Reader
	shape Shape
	out   []byte
	next  []byte // row that was read and not used
	err   error
}

// Rows reads r in the shape s, as lines of at most MaxRow bytes. The caller trims blanks around the
// lines, and passes over empty ones. It holds one joined line in memory.
func Rows(r io.Reader, s Shape) io.Reader {
	return &rows{src: bufio.NewReaderSize(r, 64<<10), shape: s}
}

// Read implements io.Reader.
func (r *rows) Read(p []byte) (int, error) {
	for len(r.out) == 0 {
		if !r.unit() {
			return 0, r.err
		}
	}
	n := copy(p, r.out)
	r.out = r.out[n:]
	return n, nil
}

// row reads the next row with its newline.
func (r *rows) row() ([]byte, bool) {
	if row := r.next; row != nil {
		r.next = nil
		return row, true
	}
	var long []byte
	for {
		part, err := r.src.ReadSlice('\n')
		long = append(long, part...)
		if err == nil || len(long) >= maxUnit {
			return long, true
		}
		if err != bufio.ErrBufferFull {
			if r.err = err; len(long) > 0 {
				return long, true
			}
			return nil, false
		}
	}
}

// unit reads the rows of one line, or of several that stand in one row, and puts them out.
func (r *rows) unit() bool {
	row, ok := r.row()
	if !ok {
		return false
	}
	r.out = r.out[:0]
	switch {
	case r.shape.quotes:
		r.quoted(row)
	default:
		r.document(row)
	}
	return true
}

// quoted joins rows until all quotes of the row are closed.
func (r *rows) quoted(row []byte) {
	for n := 0; bytes.Count(row, []byte{'"'})%2 == 1 && n < maxPrettyRows; n++ {
		more, ok := r.row()
		if !ok {
			break
		}
		row = append(row, more...)
	}
	r.emit(row, ' ')
}

// maxPrettyRows bounds how many rows a field of a table reaches over.
const maxPrettyRows = 200

// document puts the objects of a row on lines of their own, with the rows that they go on in.
func (r *rows) document(row []byte) {
	for {
		lead := len(row) - len(bytes.TrimLeft(row, " \t\r,[]"))
		body := inFrame(row[lead:])
		if len(body) == 0 || body[0] != '{' {
			if len(bytes.TrimSpace(body)) == 0 {
				r.blank(row)
			} else {
				r.words(row)
			}
			return
		}
		whole, rest := r.object(row[lead:])
		r.out = append(append(r.out, blanks(lead)...), whole...)
		between := len(rest) - len(bytes.TrimLeft(rest, " \t\r,[]"))
		switch after := rest[between:]; {
		case len(after) > 0 && after[0] == '{': // another object in the same row
			r.out = append(append(r.out, blanks(between-1)...), '\n')
			row = after
		case len(bytes.TrimSpace(after)) == 0:
			r.out = append(append(r.out, blanks(between)...), after...)
			return
		default: // words behind the object belong to it, as far as anybody knows
			r.out = append(r.out, rest...)
			return
		}
	}
}

func blanks(n int) []byte { return bytes.Repeat(space, max(0, n)) }

// blank puts out brackets and commas between objects as blanks.
func (r *rows) blank(row []byte) {
	for i, c := range row {
		if c != '\n' {
			row[i] = ' '
		}
	}
	r.out = append(r.out, row...)
}

// words puts out a row that is no JSON, with the rows that a terminal broke it into.
func (r *rows) words(row []byte) {
	for w := r.shape.width; w > 0 && utf8.RuneCount(inFrame(bytes.TrimRight(row, "\r\n"))) >= w; {
		more, ok := r.row()
		if !ok {
			break
		}
		if startsLine(inFrame(more)) {
			r.next = more
			break
		}
		row = append(row, more...)
		if utf8.RuneCount(inFrame(bytes.TrimRight(more, "\r\n"))) < w {
			break
		}
	}
	r.emit(row, 0)
}

// startsLine reports whether a row can only be the beginning of a line.
func startsLine(row []byte) bool {
	for _, head := range []string{`{"level":`, `{"ts":`, `{"log":`, `{"severity":`} {
		if bytes.HasPrefix(row, []byte(head)) {
			return true
		}
	}
	return false
}

// object takes the object that begins at the start of row, reading on as far as it reaches. rest
// is what stands behind it in its last row. An object that does not end is given up, and its rows
// put out as they are: none of them is read twice.
func (r *rows) object(row []byte) (whole, rest []byte) {
	var b balance
	first := row
	if end := b.end(first); end >= 0 {
		return row[:end:end], row[end:]
	}
	var taken [][]byte
	size := len(row)
	for len(taken) < maxUnitRows && size < maxUnit {
		more, ok := r.row()
		if !ok {
			break
		}
		if startsLine(inFrame(more)) {
			r.next = more
			break
		}
		size += len(more)
		if end := b.end(more); end >= 0 {
			taken = append(taken, more[:end:end])
			return joinRows(row, taken, r.shape.width), more[end:]
		}
		taken = append(taken, more)
	}
	return bytes.Join(append([][]byte{row}, taken...), nil), nil
}

// joinRows joins the rows of one object. A newline within a string is a blank, unless a terminal
// broke the rows at one width: then there was nothing. The newlines go behind, as far as the bytes
// of the rows have room for them.
func joinRows(first []byte, more [][]byte, width int) []byte {
	var b balance
	size, newlines := 0, 0
	var whole []byte
	for _, row := range append([][]byte{first}, more...) {
		size += len(row)
		text := inFrame(bytes.TrimRight(row, "\r\n"))
		if width == 0 && !b.inString {
			text = bytes.TrimSpace(text)
		}
		whole = append(whole, text...)
		b.end(text)
		if bytes.HasSuffix(row, newline) {
			newlines++
			if width == 0 && b.inString {
				whole = append(whole, ' ')
			}
		}
	}
	whole = append(whole, blanks(size-len(whole)-newlines)...)
	return append(whole, bytes.Repeat(newline, max(0, min(newlines, size-len(whole))))...)
}

// emit puts out rows as one line: a newline within becomes with, or nothing, and stands behind.
func (r *rows) emit(text []byte, with byte) {
	if with == 0 && bytes.Count(text, newline) > 1 && r.shape.width > 0 && text[0] != '{' {
		text = joinRows(nil, bytes.SplitAfter(text, newline), r.shape.width)
	}
	if with != 0 {
		body := bytes.TrimRight(text, "\n")
		n := bytes.Count(body, newline)
		body = bytes.ReplaceAll(body, newline, []byte{with})
		text = append(body, bytes.Repeat(newline, n+len(text)-len(bytes.TrimRight(text, "\n")))...)
	}
	r.out = append(r.out, text...)
}

// inFrame takes the border of a window off a row that was copied from one, k9s say.
func inFrame(row []byte) []byte {
	inside, ok := bytes.CutPrefix(bytes.TrimLeft(row, " "), frame)
	if !ok {
		return row
	}
	inside = bytes.TrimSuffix(bytes.TrimRight(inside, " \r\n"), frame)
	inside = bytes.TrimPrefix(inside, space)
	return bytes.TrimSuffix(inside, space)
}
