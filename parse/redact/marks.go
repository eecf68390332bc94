package redact

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
