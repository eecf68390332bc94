package report

import (
	"strings"

	pretty "github.com/jedib0t/go-pretty/v6/table"
	width "github.com/jedib0t/go-pretty/v6/text"
)

const gutter = "  " // between columns

// columns is how many terminal cells s takes.
func columns(s string) int { return width.StringWidthWithoutEscSequences(s) }

// wrap breaks s into lines of at most n cells, at spaces where there are any.
func wrap(s string, n int) []string {
	lines := strings.Split(width.WrapSoft(strings.Join(strings.Fields(s), " "), n), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " ")
	}
	return lines
}

// table writes t aligned and within the terminal's width.
func (p *printer) table(t table) {
	widths := fit(&t, p.width)
	w := pretty.NewWriter()
	w.SetStyle(pretty.Style{
		Box:     pretty.BoxStyle{PaddingRight: gutter},
		Options: pretty.OptionsNoBordersAndSeparators,
	})
	w.SuppressTrailingSpaces()
	var heads pretty.Row
	var configs []pretty.ColumnConfig
	for i, c := range t.Cols {
		if widths[i] > 0 {
			heads = append(heads, p.paint(dim, c.Head))
			configs = append(configs, columnConfig(len(heads), c))
		}
	}
	w.AppendHeader(heads)
	w.SetColumnConfigs(configs)
	for _, r := range t.Rows {
		var cells pretty.Row
		for i, c := range r.Cells {
			if widths[i] > 0 {
				cells = append(cells, p.cell(c, widths[i]))
			}
		}
		w.AppendRow(cells)
	}
	p.line("%s", w.Render())
	p.more("", t.More)
}

func columnConfig(number int, c col) pretty.ColumnConfig {
	config := pretty.ColumnConfig{Number: number}
	if c.Num {
		config.Align, config.AlignHeader = width.AlignRight, width.AlignRight
	}
	return config
}

// cell is a field of at most n columns in as many lines as that takes.
func (p *printer) cell(c cell, n int) string {
	lines := breakName(c.Text, n)
	for i, l := range lines {
		lines[i] = p.paint(c.Tone, l)
	}
	return strings.Join(lines, "\n")
}

// breakName breaks a name into lines of at most n cells, behind one of the signs that separate its
// parts where there is one, so that the parts can be read and copied.
func breakName(s string, n int) []string {
	var lines []string
	for columns(s) > n {
		fits := width.Trim(s, n)
		if i := strings.LastIndexAny(fits, "/-. "); i > 0 {
			fits = fits[:i+1]
		}
		lines, s = append(lines, strings.TrimRight(fits, " ")), s[len(fits):]
	}
	return append(lines, s)
}

// fit returns the width of each column, 0 for one that has to go. Columns that add little go first.
// Then names are wrapped, then more columns go, and as the last resort names become very narrow.
func fit(t *table, room int) []int {
	widths := natural(t)
	leaveOut(t, widths, room, 2)
	narrow(t, widths, room, 30)
	leaveOut(t, widths, room, 1)
	narrow(t, widths, room, 8)
	full := natural(t) // what a column leaves that is gone is for the flexible ones
	for i, c := range t.Cols {
		if spare := room - total(widths); c.Flex && widths[i] > 0 && spare > 0 {
			widths[i] = min(full[i], widths[i]+spare)
		}
	}
	return widths
}

// leaveOut leaves out columns whose Drop is least or more, as far as that is necessary.
func leaveOut(t *table, widths []int, room, least int) {
	for total(widths) > room {
		i := nextDrop(t.Cols, widths)
		if i < 0 || t.Cols[i].Drop < least {
			return
		}
		widths[i] = 0
	}
}

func narrow(t *table, widths []int, room, least int) {
	for total(widths) > room {
		i := widestFlex(t.Cols, widths)
		if i < 0 || widths[i] <= least {
			return
		}
		widths[i] = max(least, widths[i]-(total(widths)-room))
	}
}

func natural(t *table) []int {
	widths := make([]int, len(t.Cols))
	for i, c := range t.Cols {
		widths[i] = columns(c.Head)
		for _, r := range t.Rows {
			widths[i] = max(widths[i], columns(r.Cells[i].Text))
		}
	}
	return widths
}

func total(widths []int) int {
	n := -len(gutter)
	for _, w := range widths {
		if w > 0 {
			n += w + len(gutter)
		}
	}
	return n
}

func widestFlex(cols []col, widths []int) int {
	best := -1
	for i, c := range cols {
		if c.Flex && widths[i] > 0 && (best < 0 || widths[i] > widths[best]) {
			best = i
		}
	}
	return best
}

func nextDrop(cols []col, widths []int) int {
	best := -1
	for i, c := range cols {
		if c.Drop > 0 && widths[i] > 0 && (best < 0 || c.Drop > cols[best].Drop) {
			best = i
		}
	}
	return best
}
