package tail

import "bytes"

// frame finds the framing of the current file, from its first complete line on.
func (l *Live) frame() bool {
	s, t := &l.split, l.cur
	sample := s.sample()
	for len(sample) > 0 && sample[0] == 0 {
		s.skip(len(sample) - len(s.skipNUL(sample)))
		sample = s.sample()
	}
	whole := t.sealed && t.exhausted() || len(sample) >= sampleSize
	if bytes.IndexByte(sample, '\n') < 0 && !whole {
		return false
	}
	if s.num == 0 && bytes.HasPrefix(sample, utf8BOM) {
		s.skip(len(utf8BOM))
		sample = sample[len(utf8BOM):]
	}
	if t.form = l.owner.format; t.form == Auto {
		t.form = sniff(sample)
		if t.form == Raw && l.src.UID != "" {
			t.form = CRI // what does not fit is delivered as it is, and counted
		}
	}
	t.framed = true
	l.setForm()
	return true
}

func (l *Live) setForm() {
	l.format = l.cur.form
	l.cur.Format = l.format.String() + l.cur.kind.suffix()
}
