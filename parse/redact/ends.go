package redact

import (
	"bytes"
	"slices"
)

// assignedEnd returns where the value at i of p ends, right behind an equals sign, by what stands
// before its name. Its first word ends at to.
func (t *text) assignedEnd(p pairing, i, to int) int {
	before := byte(0)
	if p.from > 0 {
		before = t.b[p.from-1]
	}
	switch {
	case p.means >= token && t.quotedPair(p.from) > 0:
		return max(to, min(t.unquote(i, t.quotedPair(p.from)), i+maxBefore))
	case p.means == password && (before == '\'' || before == ';'):
		return max(to, t.untilMark(i, before))
	case p.means != password || !t.hasPrefix(to, " "):
	case before == '"':
		return t.restOfPhrase(p.from, to)
	case look(t.b[p.from:p.to]).lowers > 0 || t.about(p.from, "["): // behind a variable stands what a shell runs, too
		if end := t.beforePair(to); end > to {
			return end
		}
	}
	return t.afterAngle(i, to)
}

// quotedPair returns the length of the quote that stands before a name and its value, as in
// ["NAME=VALUE"], or 0. What is quoted after a colon or an equals sign may be a sentence.
func (t *text) quotedPair(name int) int {
	if name < 1 || t.b[name-1] != '"' {
		return 0
	}
	from := t.beforeBackslashes(max(0, name-9), name-1)
	if from == 0 || bytes.IndexByte([]byte(" [,"), t.b[from-1]) < 0 || from > 1 && t.b[from-2] == ':' {
		return 0
	}
	return name - from
}

// beforePair returns where a value ends that goes on at the space at i with a few words that no
// sentence has, before another name with its value or the bracket of a list, or i.
func (t *text) beforePair(i int) int {
	for to, words := i, 0; t.hasPrefix(to, " ") && words < 4; words++ {
		end := t.nameEnd(to + 1)
		switch {
		case end == to+1, t.b[to+1] == '-', t.common(t.b[to+1:end]) && !t.hasPrefix(end, "="):
			return i
		case t.hasPrefix(end, "="):
			return to
		case t.hasPrefix(end, "]"):
			return end
		}
		to = end
	}
	return i
}

// untilMark returns where a value ends that goes on to the mark that stands before its name, too:
// 'NAME=two words', ;NAME=two words;. It returns i if there is none.
func (t *text) untilMark(i int, mark byte) int {
	window := t.b[i:max(i, min(t.lineEnd(i), i+maxBefore))]
	t.steps += len(window)
	k := bytes.IndexByte(window, mark)
	if k < 0 || bytes.IndexByte(window[:k], '"') >= 0 || t.innerQuote(string(mark), i+k) {
		return i
	}
	return i + k
}

// restOfPhrase returns where a value ends whose first word ends at to: before the quote that closes
// the one before its name, if up to there are a few words that no sentence has, or at to.
func (t *text) restOfPhrase(name, to int) int {
	end := t.unquote(to, name-t.beforeBackslashes(max(0, name-9), name-1))
	if end > to+maxBefore {
		return to
	}
	t.steps += end - to
	words := bytes.Fields(t.b[to:end])
	if len(words) > 4 || slices.ContainsFunc(words, func(word []byte) bool {
		w := look(word)
		return w.symbols > 0 || w.uppers == 0 && t.common(word)
	}) {
		return to
	}
	return end
}

// printed reports whether the value of p, which starts at i, is one that Go has printed in a map or
// a structure: {Name:x Password:VALUE}, {Name:PASSWORD,Value:VALUE}.
func (t *text) printed(p pairing, i int) bool {
	return (p.sep == ':' && i == p.to+1 || t.hasFold(i-len("value:"), "value:")) && t.about(p.from, "map[", "{")
}

// printedEnd returns where a value ends that Go has printed at i: before the next name and colon,
// or at the bracket that closes. It returns word, where its first word ends, if it finds neither.
func (t *text) printedEnd(i, word int) int {
	end := min(t.lineEnd(i), i+maxBefore)
	for to := i; to < end; to++ {
		t.steps++
		switch c := t.b[to]; {
		case (c == ']' || c == '}') && (to+1 == end || bytes.IndexByte([]byte(" ,:;]})\"'\\"), t.b[to+1]) >= 0):
			return to
		case c == ' ' || c == ',':
			if name := t.nameEnd(to + 1); name > to+1 && t.hasPrefix(name, ":") && !t.hasPrefix(name, "://") {
				return to
			}
		}
	}
	return word
}

// nextPair reports whether value is another name with its own value, because p has none, or is no
// name: password= user=app, Password: CAFile:[].
func (t *text) nextPair(p pairing, s span, value []byte) bool {
	k := bytes.IndexAny(value, "=:")
	switch {
	case k > 0 && value[k] == '=':
		name := look(value[:k])
		variable := name.uppers+bytes.Count(value[:k], []byte("_")) == k
		another := p.link == beside && (name.lowers == k || variable) || t.hasPrefix(p.to, "=") && name.letters() > 0 && name.uppers*name.lowers == 0
		return another && k+1 < len(value) && alnum(value[k+1])
	case k > 0:
		return t.nextPrinted(p, value[:k], value[k+1:])
	}
	return k < 0 && t.hasPrefix(s.to, ":") && t.nextPrinted(p, value, nil)
}

// nextPrinted is nextPair for a name and its value that Go has printed in a map or a structure.
func (t *text) nextPrinted(p pairing, name, value []byte) bool {
	w := look(name)
	userAndPassword := p.link == beside && (p.credentials || p.kind == "authorization") && !t.common(name)
	if userAndPassword || w.letters() < len(name) {
		return false
	}
	opens := len(value) > 0 && bytes.IndexByte([]byte("[{<"), value[0]) >= 0
	if class[name[0]] == upper && (p.sep == ':' && opens || class[t.b[p.from]] == upper && t.about(p.from, "{")) {
		return true
	}
	return (opens || len(value) > 0 && alnum(value[0])) && t.about(p.from, "map[")
}
