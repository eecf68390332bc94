package report

import (
	"fluxtrail/api"
)

// table is the rows of a section, written by each writer in its own way. Its fields are exported
// for html/template.
type table struct {
	Cols []col
	Rows []row
	More int // rows left out
}

type col struct {
	Head string
	Num  bool // right-aligned
	Flex bool // is wrapped when the terminal is narrow
	Drop int  // the highest number is left out first; 1 only after names were wrapped, 0 never
}

// row is one line of a table. Ref and Status are what the HTML page filters by.
type row struct {
	Ref    api.Ref
	Status string
	Cells  []cell
}

// cell is one field of a row. At is the instant that Text tells, so that the page can show it in
// the reader's zone.
type cell struct {
	Text string
	Tone tone
	Log  bool // comes from the log: the writers quote it
	At   api.Time

	Incident string // ID of the incident that the page leads to, "" for none
}

func text(s string) cell          { return cell{Text: s} }
func logged(s string) cell        { return cell{Text: oneLine(s), Log: true} }
func object(r api.Ref) cell       { return cell{Text: oneLine(r.String()), Log: true} }
func toned(t tone, s string) cell { return cell{Text: s, Tone: t} }
func number(n int64, t tone) cell { return toned(zeroDim(n, t), count(n)) }
func status(name string) cell     { s := statusOf(name); return toned(s.Tone, s.Sign+" "+s.Name) }

func (c clock) cell(t api.Time) cell { return cell{Text: c.at(t), At: t} }

func zeroDim(n int64, t tone) tone {
	if n == 0 {
		return dim
	}
	return t
}

// limited cuts a list to at most limit items (all for a negative limit) and says how many are left
// out.
func limited[T any](list []T, limit int) ([]T, int) {
	if limit < 0 || len(list) <= limit {
		return list, 0
	}
	return list[:limit], len(list) - limit
}

// defaultLimit turns the zero value of an option into the usual length of a list.
func defaultLimit(n, usual int) int {
	if n == 0 {
		return usual
	}
	return n
}
