package redact

import "bytes"

const (
	// headBefore and rowAfter are how much is looked at of a row of names before a name, and of what
	// follows it.
	headBefore, rowAfter = 64, 160
)

// column finds the value of a name that heads a column: in the row of values that SQL inserts, in
// the line after a line of names that commas part, and in the one below names in a table.
func (t *text) column(n name) span {
	if n.means < token || n.to >= len(t.b) || n.from == 0 {
		return span{}
	}
	switch c := t.b[n.to]; {
	case c == ',' || c == ')' || c == '`' || n.quote > 0:
	case c == ' ' && t.hasPrefix(n.to, "  "), t.newline(n.to) > 0:
	case c == ' ' && t.newline(t.skipSpace(n.to)) > 0:
	default:
		return span{}
	}
	if t.heads++; t.heads > 16+len(t.b)/headBefore {
		return span{}
	}
	from := max(t.done, n.from-headBefore)
	head := t.b[min(from, n.from):n.from]
	rest := t.b[n.to:max(n.to, min(t.end(n.to), n.to+rowAfter))]
	t.steps += len(head) + len(rest)
	if k := bytes.LastIndexByte(head, '('); k >= 0 {
		if s := t.insertedValue(bytes.Count(head[k:], []byte(",")), n.to, rest); s.to > 0 {
			return s
		}
	}
	return t.below(n, head, rest)
}

// insertedValue finds the value with that many before it in the list after VALUES, in rest, which
// starts at i.
func (t *text) insertedValue(before, i int, rest []byte) span {
	k := bytes.Index(rest, []byte("VALUES"))
	if k < 0 {
		k = bytes.Index(rest, []byte("values"))
	}
	if k < 0 {
		return span{}
	}
	open := bytes.IndexByte(rest[k:], '(')
	if open < 0 {
		return span{}
	}
	return t.nth(before, i+k+open+1)
}

// nth finds the value with that many before it in a list with commas that starts at i.
func (t *text) nth(before, i int) span {
	for ; before >= 0; before-- {
		s := t.field(i)
		if before == 0 {
			return s
		}
		i = s.to
		if s.quoted {
			i += max(t.quoteAt(i), t.singleQuote(i))
		}
		i = t.skipSpace(i)
		if i >= len(t.b) || t.b[i] != ',' {
			return span{}
		}
		i++
	}
	return span{}
}

// field returns the text in quotes at i, or all to the next comma, bracket or line break.
func (t *text) field(i int) span {
	i = t.skipSpace(i)
	if s, ok := t.quoted(pairing{}, i); ok {
		return s
	}
	to := i
	for to < len(t.b) && to-i < maxBefore && bytes.IndexByte([]byte(",)\"'\n\r\\"), t.b[to]) < 0 {
		to++
	}
	t.steps += to - i
	return span{from: i, to: to}
}

// below finds the values in the lines after that of the name n, with what stands before and after
// it: those with as many commas before them, or as many gaps of a table. All but the first are
// added to more.
func (t *text) below(n name, head, rest []byte) span {
	limit := n.to + len(rest)
	end := t.headEnd(n.to, limit)
	line := head[lastLine(head):]
	find, before := t.inRow, gaps(line)
	if commas := line[bytes.LastIndexByte(line, ' ')+1:]; bytes.IndexByte(commas, ',') >= 0 || t.b[n.to] == ',' {
		if bytes.ContainsAny(t.b[n.to:end], " :=") || bytes.ContainsAny(commas, ":=") {
			return span{}
		}
		find, before = t.nth, bytes.Count(commas, []byte(","))
	} else if len(line) == len(head) && len(head) == headBefore || before == 0 && gaps(t.b[n.to:end]) == 0 {
		return span{}
	}
	first := span{}
	for range 4 {
		size := t.newline(end)
		if size == 0 || end >= limit {
			break
		}
		s := find(before, end+size)
		if s.from >= s.to {
			break
		}
		if first.to == 0 {
			first = s
		} else {
			s.kind = n.kind
			t.more = append(t.more, s)
		}
		end = t.headEnd(s.to, limit)
	}
	return first
}

// headEnd returns where the line that i is in ends, or limit.
func (t *text) headEnd(i, limit int) int {
	for i < limit && t.newline(i) == 0 {
		_, size := t.char(i)
		i += size
	}
	return i
}

// gaps counts the runs of spaces that part the columns of a table in line, after its first word.
func gaps(line []byte) (n int) {
	line = bytes.TrimLeft(line, " ")
	for i := 0; i+1 < len(line); i++ {
		if line[i] == ' ' && line[i+1] == ' ' && (i == 0 || line[i-1] != ' ') {
			n++
		}
	}
	return n
}

// inRow finds the word with that many gaps before it in the row of a table that starts at i.
func (t *text) inRow(before, i int) span {
	i = t.skipSpace(i)
	for ; before > 0; before-- {
		from := i
		for i < len(t.b) && i-from < maxBefore && t.newline(i) == 0 && !t.hasPrefix(i, "  ") && t.b[i] != '\t' {
			i++
		}
		if t.steps += i - from; !t.hasPrefix(i, "  ") {
			return span{}
		}
		i = t.skipSpace(i)
	}
	s := t.trim(i, t.wordEnd(i))
	if value := t.shown(s); len(value) < 4 || constant(value) || predicate(value) {
		return span{}
	}
	return s
}

// lastLine returns where the last line of head starts, raw or escaped.
func lastLine(head []byte) int {
	raw := bytes.LastIndexByte(head, '\n') + 1
	escaped := bytes.LastIndex(head, []byte(`\n`))
	if escaped >= 0 {
		escaped += len(`\n`)
	}
	quote := bytes.LastIndexByte(head, '"') + 1
	return max(raw, escaped, quote, 0)
}
