package frame

import (
	"bytes"
	"unicode/utf8"
)

// Shape says how the rows of a file make units. The zero Shape is a file whose rows are lines.
type Shape struct {
	documents bool // JSON objects over several rows, or in lists
	width     int  // columns at which a terminal broke the rows, 0 for none
	table     bool // CSV
	entries   bool // what flux logs prints
	yaml      bool // a document of YAML for each line
	html      bool // quotes are written as HTML writes them
}

// Lines reports whether each row is a line.
func (s Shape) Lines() bool { return s == Shape{} }

const (
	shapeRows  = 200 // rows that decide about the shape
	leastWidth = 40  // of a terminal
)

// ShapeOf finds the shape of a file from its first bytes.
func ShapeOf(sample []byte) Shape {
	text := bytes.TrimLeft(sample, " \t\r\n")
	first, _, _ := bytes.Cut(text, newline)
	if tableHead(bytes.TrimRight(first, "\r")) {
		return Shape{table: true}
	}
	if inside, ok := bytes.CutPrefix(text, []byte("[")); ok {
		inside = bytes.TrimLeft(inside, " \t\r\n")
		if len(inside) > 0 && bytes.IndexByte([]byte(`{]"`), inside[0]) >= 0 {
			return Shape{documents: true}
		}
	}
	if fluxEntries(text) {
		return Shape{entries: true}
	}
	if yamlEntries(text) {
		return Shape{yaml: true}
	}
	s := shapeOfRows(sample)
	s.html = inHTML(sample)
	return s
}

// shapeOfRows looks for rows that begin an object and do not end it, or begin another behind it.
// The last row may have been cut by the sample.
func shapeOfRows(sample []byte) Shape {
	open, rows, widest, atWidest := 0, 0, 0, 0
	for line := range bytes.Lines(sample) {
		row, whole := bytes.CutSuffix(line, newline)
		if rows++; !whole && rows > 1 || rows > shapeRows {
			break
		}
		row = inWindow(bytes.TrimRight(row, "\r"))
		if n := utf8.RuneCount(row); n > widest {
			widest, atWidest = n, 1
		} else if n == widest {
			atWidest++
		}
		if len(row) > 0 && row[0] == '{' {
			if end := new(balance).end(row); end < 0 || bytes.HasPrefix(between(row[end:]), []byte("{")) {
				open++
			}
		}
	}
	switch {
	case open == 0:
		return Shape{}
	case widest >= leastWidth && atWidest > 1 && atWidest*4 >= rows:
		return Shape{documents: true, width: widest}
	}
	return Shape{documents: true}
}

// SniffUnits finds the framing of a file of this shape from its first bytes.
func SniffUnits(sample []byte, s Shape) Format {
	switch {
	case s.table:
		return CSV
	case s.yaml:
		return Wrapped
	}
	j := NewJoiner(s, maxUnit)
	var units []byte
	n := 0
	for line := range bytes.Lines(bytes.Clone(sample)) {
		j.Row(bytes.TrimRight(line, "\r\n"), 0, 0, !bytes.HasSuffix(line, newline))
		for u, ok := j.Next(); ok && n < sampleLines; u, ok = j.Next() {
			if len(u.Text) > 0 {
				units = append(append(units, u.Text...), '\n')
				n++
			}
		}
	}
	if n == 0 && s.documents {
		return Wrapped // the first object is larger than the sample
	}
	return Sniff(units)
}

// balance follows the brackets and strings of JSON.
type balance struct {
	depth            int
	inString, escape bool
}

// inside reports whether a bracket or a string is open.
func (b *balance) inside() bool { return b.depth > 0 || b.inString }

// end goes over more text. It is the offset behind the bracket that closes the last open one, or
// -1.
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
