package frame

import (
	"bytes"
	"encoding/csv"
	"strings"

	"github.com/tidwall/gjson"
)

// delimiters are what parts the columns of a table.
const delimiters = ",;\t"

// csvLines are the column names, in lower case, under which exports put the line, in the order in
// which they are tried.
var csvLines = []string{"line", "logmessage", "message", "log", "_raw", "textpayload", "body", "content", "msg", "_msg", "jsonpayload", "event"}

// table is what the first row of a CSV file says.
type table struct {
	delimiter          rune
	line, time, labels int // columns, -1 for none
	pod                int
	columns            int
}

// row takes one row apart. A row that is no CSV is nil.
func row(line []byte, delimiter rune) []string {
	r := csv.NewReader(bytes.NewReader(line))
	r.Comma, r.LazyQuotes, r.FieldsPerRecord = delimiter, true, -1
	fields, err := r.Read()
	if err != nil {
		return nil
	}
	return fields
}

// header reads the first row of a table of log lines; false when it is none.
func header(line []byte) (table, bool) {
	if bytes.IndexByte(line, '{') >= 0 {
		return table{}, false
	}
	for _, delimiter := range delimiters {
		names := row(line, delimiter)
		if len(names) < 2 {
			continue
		}
		t := table{delimiter: delimiter, line: -1, time: -1, labels: -1, pod: -1, columns: len(names)}
		best := len(csvLines)
		for i, name := range names {
			name = strings.ToLower(strings.Trim(strings.TrimSpace(name), "\ufeff"))
			for rank, known := range csvLines[:best] {
				if name == known {
					t.line, best = i, rank
					break
				}
			}
			switch {
			case t.time < 0 && (strings.Contains(name, "time") || name == "date" || name == "tsns"):
				t.time = i
			case name == "labels" || name == "fields":
				t.labels = i
			case t.pod < 0 && (podKeys[name] || name == "podname" || strings.HasSuffix(name, "pod_name") || strings.HasSuffix(name, "pod.name")):
				t.pod = i
			}
		}
		if t.line >= 0 {
			return t, true
		}
	}
	return table{}, false
}

// csv reads a row of a table. The first row names the columns and holds no line.
func (d *Decoder) csv(line []byte) bool {
	if d.table.columns == 0 {
		t, ok := header(line)
		d.table, d.Piece = t, Piece{}
		return ok
	}
	fields := row(line, d.table.delimiter)
	if len(fields) <= d.table.line {
		return false
	}
	from := origin{}
	at := func(i int) string {
		if i < 0 || i >= len(fields) {
			return ""
		}
		return fields[i]
	}
	from.time = instant(gjson.Result{Type: gjson.String, Str: at(d.table.time)})
	from.pod = at(d.table.pod)
	if labels := at(d.table.labels); from.pod == "" && gjson.Valid(labels) {
		from = from.around(gjson.Parse(labels), false)
	}
	d.pieces = d.pieces[:0]
	d.text(at(d.table.line), from, 0)
	if d.Piece, d.More = (Piece{}), nil; len(d.pieces) > 0 {
		d.Piece, d.More = d.pieces[0], d.pieces[1:]
	}
	return true
}
