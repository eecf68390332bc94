package redact

import "bytes"

const (
	// nearBefore and nearAfter are how far from a name of secrets a word is looked for that a machine
	// made.
	nearBefore, nearAfter = 64, 96
)

// near adds to more the words around a name that tells of a secret, but not of this one, that no
// person wrote: it is more likely that the secret stands there than that something else looks so.
func (t *text) near(n name) {
	if t.nears++; t.nears > 16+len(t.b)/nearAfter {
		return
	}
	from, to := max(0, n.from-nearBefore), min(t.lineEnd(n.to), n.to+nearAfter)
	t.steps += to - from
	for i := from; i < to; {
		for i < to && class[t.b[i]] == other {
			i++
		}
		start := i
		for i < len(t.b) && i-start < 2*maxLook && class[t.b[i]] != other {
			i++
		}
		t.steps += i - start
		if start == from && from > 0 && class[t.b[from-1]] != other { // a word's end only
			continue
		}
		start = t.start(start)
		if start >= i || !machineMade(t.b[start:i]) || t.fingerprint(start) || t.inPlaceholder(start) || t.reference(start) {
			continue
		}
		i += padding(t.b[i:])
		t.more = append(t.more, span{from: start, to: i, kind: "secret", weak: true})
	}
}

// machineMade reports whether word is a mix of capitals, small letters and digits as no name and no
// term is.
func machineMade(word []byte) bool {
	w := look(word)
	return w.size >= 10 && w.lowers >= 2 && w.uppers >= 2 && w.digits >= 1 && w.turns >= 4 && 3*w.turns >= w.size && bytes.IndexByte(word, '/') < 0
}

// inPlaceholder reports whether the word at i is part of a placeholder.
func (t *text) inPlaceholder(i int) bool {
	return i > 0 && t.b[i-1] == ':' && t.hasPrefix(i-len(opening), opening)
}

// reference reports whether the word at i is part of the name of an object, a path or an address.
func (t *text) reference(i int) bool {
	return i > 0 && (t.b[i-1] == '@' || t.b[i-1] == '.') && i > 1 && alnum(t.b[i-2])
}
