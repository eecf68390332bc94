package frame

import (
	"bytes"
	"encoding/csv"
	"strings"

	"github.com/tidwall/gjson"
)

// delimiters part the columns of a table.
const delimiters = ",;\t"

// table is what the first rows of a CSV file say.
type table struct {
	delimiter rune
	columns   []string
}

// cells takes one row apart. A row that is no CSV has none.
func cells(row []byte, delimiter rune) []string {
	r := csv.NewReader(bytes.NewReader(row))
	r.Comma, r.LazyQuotes, r.FieldsPerRecord = delimiter, true, -1
	fields, err := r.Read()
	if err != nil {
		return nil
	}
	return fields
}

// header reads the names of a table's columns. It is no table of log lines when none of them is the
// name of a message.
func header(row []byte) (table, bool) {
	if len(row) > maxHeader || bytes.IndexByte(row, '{') >= 0 {
		return table{}, false
	}
	for _, delimiter := range delimiters {
		names := cells(row, delimiter)
		if len(names) < 2 {
			continue
		}
		for _, name := range names {
			if messageRank(strings.TrimSpace(name)) < len(messageKeys) || strings.HasSuffix(name, ".msg") {
				return table{delimiter, names}, true
			}
		}
	}
	return table{}, false
}

// maxHeader bounds the first row of a table.
const maxHeader = 4 << 10

// tableHead reports whether a file begins like a table: with the names of its columns, or with the
// row in which spreadsheets expect the delimiter.
func tableHead(row []byte) bool {
	_, ok := header(row)
	return ok || separator(row)
}

// separator reports whether a row is `sep=,`.
func separator(row []byte) bool {
	return len(row) == len("sep=,") && bytes.HasPrefix(row, []byte("sep="))
}

// csv reads a row of a table, as if it were an object with a key for each column. The first row
// names the columns and holds no line.
func (d *Decoder) csv(row []byte) bool {
	d.Piece = Piece{}
	if d.table.columns == nil {
		t, ok := header(row)
		d.table = t
		return ok || separator(row)
	}
	var o builder
	for i, cell := range cells(row, d.table.delimiter) {
		if i < len(d.table.columns) && cell != "" {
			o.add(strings.TrimSpace(d.table.columns[i]), string(gjson.AppendJSONString(nil, cell)))
		}
	}
	return d.unwrap(o.object(), true)
}
