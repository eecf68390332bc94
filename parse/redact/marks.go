package redact

// encodedQuote returns the length of the quote at i that is encoded for a URL or for HTML, or 0.
func (t *text) encodedQuote(i int) int {
	if i >= len(t.b) || t.b[i] != '%' && t.b[i] != '&' && t.b[i] != '\\' {
		return 0
	}
	for _, q := range []string{"%22", "%27", "%2522", "%2527"} {
		if t.hasPrefix(i, q) {
			return len(q)
		}
	}
	for _, name := range []string{"quot;", "apos;", "#34;", "#39;", "#x22;", "#x27;"} {
		if n := t.entity(i, name); n > 0 {
			return n
		}
	}
	return 0
}

// encodedMark returns the length of the colon or equals sign at i that is %-encoded, or 0.
func (t *text) encodedMark(i int) int {
	for _, m := range []string{"%3d", "%3a", "%253d", "%253a"} {
		if t.hasFold(i, m) {
			return len(m)
		}
	}
	return 0
}

// entity returns the length of the entity at i if it is an ampersand, as JSON may escape it, with
// this name, or 0.
func (t *text) entity(i int, name string) int {
	if i >= len(t.b) || t.b[i] != '&' && t.b[i] != '\\' {
		return 0
	}
	if c, n := t.char(i); c == '&' && t.hasPrefix(i+n, name) {
		return n + len(name)
	}
	return 0
}

// afterEncoded returns the place after what is left at i of a %-encoded character, whose percent
// sign no name contains: in %22password the name is password.
func (t *text) afterEncoded(i int) int {
	if i == 0 || i >= len(t.b) || t.b[i-1] != '%' {
		return i
	}
	if t.hasPrefix(i, "25") && i+4 < len(t.b) { // encoded twice
		i += 2
	}
	if i+2 < len(t.b) && hexValue(t.b[i]) >= 0 && hexValue(t.b[i+1]) >= 0 {
		i += 2
	}
	return i
}

// wideMark returns the length of the wide colon or equals sign at i, or of a word that means as
// much, or 0.
func (t *text) wideMark(i int) int {
	for _, m := range []string{"：", "＝", `\uff1a`, `\uff1d`} {
		if t.hasFold(i, m) {
			return len(m)
		}
	}
	for _, m := range []string{"是", "为", "為", "は"} {
		if end := i + len(m); t.hasPrefix(i, m) && end < len(t.b) && t.b[end] < 0x80 {
			return len(m)
		}
	}
	return 0
}
