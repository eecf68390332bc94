package report

import "strings"

const gutter = 2 // cells between columns

// table writes t aligned and within the terminal's width, or one line for an empty one.
func (p *printer) table(t table, empty string) {
	if len(t.Rows) == 0 {
		p.line("%s", empty)
		return
	}
	widths := fit(&t, p.width)
	heads := make([]cell, len(t.Cols))
	for i, c := range t.Cols {
		heads[i] = toned(dim, c.Head)
	}
	p.row(t.Cols, widths, heads)
	for _, r := range t.Rows {
		p.row(t.Cols, widths, r.Cells)
	}
	p.more(t.More)
}

func (p *printer) row(cols []col, widths []int, cells []cell) {
	var b strings.Builder
	for i, c := range cells {
		if widths[i] == 0 {
			continue
		}
		s := clipCell(c, widths[i])
		pad := strings.Repeat(" ", max(0, widths[i]-columns(s)))
		if s = p.paint(c.Tone, s); cols[i].Num {
			s = pad + s
		} else {
			s += pad
		}
		b.WriteString(s + strings.Repeat(" ", gutter))
	}
	p.line("%s", strings.TrimRight(b.String(), " "))
}

// clipCell keeps both ends of a name, because names that begin alike differ at the end.
func clipCell(c cell, n int) string {
	if !c.Log || columns(c.Text) <= n {
		return clip(c.Text, n)
	}
	head := clip(c.Text, n/3)
	tail := c.Text[len(c.Text)-1:]
	for i := range c.Text {
		if columns(c.Text[i:]) <= n-columns(head) {
			tail = c.Text[i:]
			break
		}
	}
	return head + tail
}

// fit returns the width of each column, 0 for one that has to go: flexible columns shrink first, then columns drop, and
// as the last resort the flexible ones become very narrow.
func fit(t *table, room int) []int {
	widths := natural(t)
	shrink(t, widths, room, 30)
	for total(widths) > room {
		i := nextDrop(t.Cols, widths)
		if i < 0 {
			shrink(t, widths, room, 8)
			break
		}
		widths[i] = 0
	}
	return regrow(t, widths, room)
}

func shrink(t *table, widths []int, room, least int) {
	for total(widths) > room {
		i := widestFlex(t.Cols, widths)
		if i < 0 || widths[i] <= least {
			return
		}
		widths[i] = max(least, widths[i]-(total(widths)-room))
	}
}

// regrow gives the room that a dropped column left to the flexible one.
func regrow(t *table, widths []int, room int) []int {
	full := natural(t)
	for i, c := range t.Cols {
		if spare := room - total(widths); c.Flex && widths[i] > 0 && spare > 0 {
			widths[i] = min(full[i], widths[i]+spare)
		}
	}
	return widths
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
	n := -gutter
	for _, w := range widths {
		if w > 0 {
			n += w + gutter
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
