package redact

import "bytes"

// trimLine takes spaces and a comment off the end of a line of YAML.
func (t *text) trimLine(from, to int) span {
	value := t.b[from:to]
	if k := bytes.Index(value[:min(len(value), maxQuoted)], []byte(" #")); k > 0 {
		value = value[:k]
	}
	return span{from: from, to: from + len(bytes.TrimRight(value, " \t\r"))}
}

// nextLine finds the value of a name after which the line ends: the next line, if it is
// indented deeper and is no pair itself.
func (t *text) nextLine(p pairing, i int) span {
	if p.sep != ':' || p.quote > 0 && i < t.json {
		return span{}
	}
	from := i + t.newline(i)
	text := t.skipSpace(from)
	to := t.lineEnd(text)
	if t.hasPrefix(text, "- ") && text-from <= t.indentation(p.from) && p.means >= token {
		return t.items(text, to)
	}
	if k := t.onlyMember(text, to); k > 0 && p.means == password && text-from > t.indentation(p.from) {
		return t.trimLine(k, to)
	}
	if text-from <= t.indentation(p.from) || to <= text || to-text > maxQuoted || bytes.Contains(t.b[text:to], []byte(": ")) {
		return span{}
	}
	if bytes.HasPrefix(t.b[text:to], []byte("- ")) {
		s := t.indented(p.from, i)
		s.sure = true
		return s
	}
	if to > text && t.b[to-1] == ':' {
		return span{}
	}
	return t.trimLine(text, to)
}

// items finds the items of a list that is indented as the name at which it hangs: from the one at
// text, whose line ends at to.
func (t *text) items(text, to int) span {
	s := span{from: text + len("- "), to: to, sure: true}
	for range maxBefore {
		n := t.newline(to)
		next := t.skipSpace(to + n)
		if n == 0 || !t.hasPrefix(next, "- ") || bytes.Contains(t.b[next:t.lineEnd(next)], []byte(": ")) {
			break
		}
		to = t.lineEnd(next)
		s.to = to
	}
	if bytes.Contains(t.b[s.from:s.to], []byte(": ")) || bytes.HasSuffix(t.b[s.from:s.to], []byte(":")) {
		return span{}
	}
	return s
}

// onlyMember returns where the value starts of a line that says value: ..., or 0.
func (t *text) onlyMember(text, to int) int {
	for _, name := range valueNames {
		if t.hasPrefix(text, name) && t.hasPrefix(text+len(name), ": ") && text+len(name)+2 < to {
			return t.skipSpace(text + len(name) + 2)
		}
	}
	return 0
}

// plainEnd returns where a value of YAML without quotes ends: with its line, or with those after it
// that are indented deeper and are no pairs.
func (t *text) plainEnd(p pairing, i int) int {
	end, depth := t.lineEnd(i), t.indentation(p.from)
	for range 4 {
		from := end + t.newline(end)
		text := t.skipSpace(from)
		to := t.lineEnd(text)
		if from == end || text-from <= depth || to <= text || to-text > maxQuoted || bytes.IndexByte(t.b[text:to], ':') >= 0 {
			break
		}
		end = to
	}
	return end
}

// block finds a block of YAML that the n bytes at i start: "|" or ">".
func (t *text) block(p pairing, i, n int) span {
	end := i + n
	for end < len(t.b) && end-i-n < 3 && bytes.IndexByte([]byte("+-0123456789"), t.b[end]) >= 0 {
		end++
	}
	end = t.skipSpace(end)
	if t.hasPrefix(end, "# ") {
		end = t.lineEnd(end)
	}
	if t.newline(end) == 0 {
		return t.trim(i, t.wordEnd(i))
	}
	s := t.indented(p.from, end)
	s.quoted, s.sure = true, true
	return s
}

// indented finds the lines after the line break at i that are indented deeper than the
// name at which they hang.
func (t *text) indented(name, i int) span {
	depth := t.indentation(name)
	end := t.end(i)
	s := span{}
	for i < end {
		from := i + t.newline(i)
		i = t.lineEnd(from)
		text := t.skipSpace(from)
		if text >= i && i < end { // an empty line, which ends nothing
			continue
		}
		if text-from <= depth || text >= end {
			break
		}
		if s.from == 0 {
			s.from = text
		}
		s.to = i
	}
	return s
}

// indentation returns how many spaces and list marks stand before i, up to a line break.
func (t *text) indentation(i int) int {
	n := 0
	for n < i && n < maxBefore && (t.b[i-n-1] == ' ' || t.b[i-n-1] == '\t' || t.b[i-n-1] == '-' || t.b[i-n-1] == '+') {
		n++
	}
	t.steps += n
	return n
}
