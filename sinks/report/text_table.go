package report

import "strings"

const gutter = "  " // between columns

// table writes t aligned and within the terminal's width.
func (p *printer) table(t table) {
	widths := fit(&t, p.width)
	heads := make([]cell, len(t.Cols))
	for i, c := range t.Cols {
		heads[i] = toned(dim, c.Head)
	}
	p.row(t.Cols, widths, heads)
	for _, r := range t.Rows {
		p.row(t.Cols, widths, r.Cells)
	}
	p.more("", t.More)
}

// row writes one row in as many lines as its longest field takes.
func (p *printer) row(cols []col, widths []int, cells []cell) {
	fields, height := make([][]string, len(cells)), 1
	for i, c := range cells {
		if widths[i] > 0 {
			fields[i] = breakName(c.Text, widths[i])
			height = max(height, len(fields[i]))
		}
	}
	for n := range height {
		var b strings.Builder
		for i, c := range cells {
			if widths[i] == 0 {
				continue
			}
			s := ""
			if n < len(fields[i]) {
				s = fields[i][n]
			}
			pad := strings.Repeat(" ", max(0, widths[i]-columns(s)))
			if s = p.paint(c.Tone, s); cols[i].Num {
				s = pad + s
			} else {
				s += pad
			}
			b.WriteString(s + gutter)
		}
		p.line("%s", strings.TrimRight(b.String(), " "))
	}
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
