package redact

import "bytes"

// dataBlock finds what a Secret holds: the value of data, stringData or binaryData,
// as JSON, as a printed Go map or as an indented block of YAML. ConfigMaps come
// under it as well, because the line seldom says which of the two it is about.
func dataBlock(l *line, at, end int) span {
	p, ok := l.place(end)
	if !ok || p.sep != ':' || !l.dataName(at) {
		return span{}
	}
	switch {
	case l.newline(p.at) > 0:
		return l.indented(at, p.at)
	case l.text[p.at] == '{':
		return nonEmpty(span{from: p.at, to: l.balanced(p.at, p.quote), quote: p.quote})
	case l.hasPrefix(p.at, "map["):
		return l.goMap(p.at + len("map"))
	}
	return span{}
}

// dataName reports whether the name that goes on at i is data, stringData or
// binaryData, and not metadata.
func (l *line) dataName(i int) bool {
	name := l.text[l.nameStart(i):i]
	return len(name) == 0 || !alnum(name[len(name)-1]) || bytes.EqualFold(name, []byte("string")) || bytes.EqualFold(name, []byte("binary"))
}

// nonEmpty returns s, or nothing if it holds a pair of brackets only.
func nonEmpty(s span) span {
	if s.to-s.from <= len("{}") {
		return span{}
	}
	return s
}

// goMap finds what stands between the brackets of a map that was printed with %v,
// map[k:v], or with %#v, map[string]string{"k":"v"}. i is after the word map.
func (l *line) goMap(i int) span {
	const keyType, anyType = "[string]", "interface {}"
	if !l.hasPrefix(i, keyType) {
		return l.inside(i)
	}
	i += len(keyType)
	if l.hasPrefix(i, anyType) {
		i += len(anyType)
	}
	for i < len(l.text) && (alnum(l.text[i]) || l.text[i] == '[' || l.text[i] == ']') {
		i++
	}
	if !l.hasPrefix(i, "{") {
		return span{}
	}
	return l.inside(i)
}

// indented finds the lines after the line break at i that are indented deeper than
// the name at which they hang.
func (l *line) indented(name, i int) span {
	depth := l.indentation(l.nameStart(name))
	end := l.end(i)
	s := span{}
	for i < end {
		from := i + l.newline(i)
		i = l.lineEnd(from)
		text := l.spaces(from)
		if text >= i { // an empty line, which ends nothing
			continue
		}
		if text-from <= depth {
			break
		}
		if s.from == 0 {
			s.from = text
		}
		s.to = i
	}
	return s
}

// indentation returns how many spaces stand before i, up to a line break.
func (l *line) indentation(i int) int {
	n := 0
	for n < i && l.text[i-n-1] == ' ' {
		n++
	}
	return n
}
