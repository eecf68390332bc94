package redact

import "bytes"

// findVeiled adds the words that hide a secret because they are %-encoded as a whole, spaces and
// quotes too, and reports whether there are any. Those that are left when all else was replaced are
// meant.
func (r *Redactor) findVeiled(b []byte) bool {
	r.spans = r.spans[:0]
	for i := 0; i < len(b); {
		k := bytes.IndexByte(b[i:], '%')
		if k < 0 {
			break
		}
		from, to := i+k, i+k
		for from > i && !endsVeiled(b[from-1]) {
			from--
		}
		for to < len(b) && !endsVeiled(b[to]) {
			to++
		}
		from = min(afterEscape(b, from), to)
		if r.veils(b[from:to]) {
			r.spans = append(r.spans, span{from: from, to: to, kind: "encoded"})
		}
		i = to
	}
	return len(r.spans) > 0
}

// afterEscape returns the place after the rest of an escape at i, such as u0026 behind a backslash.
func afterEscape(b []byte, i int) int {
	switch {
	case i == 0 || b[i-1] != '\\' || i >= len(b):
		return i
	case b[i] == 'u':
		return i + len("u0026")
	}
	return i + 1
}

// endsVeiled reports whether c cannot be part of such a word.
func endsVeiled(c byte) bool { return endsURL(c) || c == '\\' }

// veils reports whether a secret is found in word when it is decoded, up to three times.
func (r *Redactor) veils(word []byte) bool {
	if r.inner == nil {
		return false
	}
	text := append(r.veiled[:0], word...)
	for range 3 {
		r.text.steps += len(text)
		n := len(text)
		if text = decodePercent(text); len(text) == n {
			break
		}
		if r.inner.find(text) || r.inner.text.masked && r.inner.findUnmasked(text) > 0 {
			r.veiled = text
			return true
		}
	}
	r.veiled = text[:0]
	return false
}

// decodePercent decodes b in place, as in a query, where a plus sign is a space.
func decodePercent(b []byte) []byte {
	out := b[:0]
	for i := 0; i < len(b); i++ {
		c := b[i]
		switch code := -1; {
		case c == '+':
			c = ' '
		case c == '%':
			if code = hexByte(b[i+1:]); code >= 0 {
				c = byte(code)
				i += 2
			}
		}
		out = append(out, c)
	}
	return out
}
