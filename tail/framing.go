package tail

import (
	"bytes"

	"fluxtrail/tail/frame"
)

// findFormat finds the framing of the current file, from its first complete line on.
func (l *Live) findFormat() bool {
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
	if t.form = l.owner.format; t.form == frame.Auto {
		t.form = frame.Sniff(sample)
		if t.form == frame.CSV { // its first row is not there any more after a restart
			t.form = frame.Raw
		}
		if t.form == frame.Raw && l.src.UID != "" {
			t.form = frame.CRI // what does not fit is delivered as it is, and counted
		}
	}
	t.framed = true
	l.setForm()
	return true
}

func (l *Live) setForm() {
	l.format = l.cur.form
	l.cur.Format = l.format.String() + l.cur.kind.Suffix()
}
