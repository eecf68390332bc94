package redact

import (
	"bytes"
	"slices"
)

// valueWords are what the value of a variable is called.
var valueWords = []string{"value", "val", "content"}

// quotedWords are more of them, which have to stand in quotes.
var quotedWords = []string{"v", "old", "new", "expected", "actual", "before", "after", "from", "to"}

// valueWord returns where the value starts if i is between the name and the value of a
// variable: {"name":"TOKEN","value":"..."}, {Name:TOKEN Value:...}, or 0.
func (t *text) valueWord(i int) int {
	from := i
	for i < len(t.b) && i-from < 48 {
		c, n := t.char(i)
		if c != ' ' && c != ',' && c != '\n' && c != '"' && c != '\'' && c != ';' && !((c == '-' || c == '+') && i > from && t.hasPrefix(i+n, "  ")) {
			break
		}
		i += n
	}
	if at := max(t.listPath(from), t.sourceLine(from)); at > 0 {
		return at
	}
	if i == from {
		return 0
	}
	return t.valueWordAt(from, i)
}

// valueWordAt is valueWord for a word at i, before which marks stand from from on.
func (t *text) valueWordAt(from, i int) int {
	spaced := i > from && i < len(t.b) && len(bytes.TrimLeft(t.b[from:i], " ")) == 0
	word := slices.IndexFunc(valueWords, func(w string) bool { return t.hasFold(i, w) })
	flat := i-from > 1 && t.hasPrefix(i, "value:") // YAML whose line breaks became spaces
	if word < 0 {
		word = slices.IndexFunc(quotedWords, func(w string) bool { return t.hasPrefix(i, w) && t.quoteAt(i+len(w)) > 0 })
		if word >= 0 {
			return t.afterValueWord(i + len(quotedWords[word]))
		}
		if end := t.nameEnd(i); !spaced && t.hasFold(end-len("value"), "value") { // rejectedValue, ParameterValue
			return t.afterValueWord(end)
		}
		return 0
	}
	if spaced && !flat && !t.hasPrefix(i, "Value:") && !t.hasPrefix(i, "value=") {
		return 0
	}
	return t.afterValueWord(i + len(valueWords[word]))
}

// afterValueWord returns where the value starts whose name, a word of that list, ends at i, or 0.
// One that was replaced already is passed over.
func (t *text) afterValueWord(i int) int {
	i += max(t.quoteAt(i), t.singleQuote(i))
	i = t.skipSpace(i)
	sep, n := t.separator(i)
	if sep != ':' && sep != '=' {
		return 0
	}
	i = t.skipSpace(i + n)
	if q := max(t.quoteAt(i), t.singleQuote(i)); q > 0 {
		if n := t.placeholderAt(i + q); n > 0 && i+q > t.valued {
			t.valued = i + q
			return t.valueWord(i + q + n)
		}
	}
	return i
}

// mapValue returns where the value starts in a map that Go has printed: map[name:TOKEN value:...],
// or 0.
func (t *text) mapValue(p *pairing, i int) int {
	const name, key, value = "name:", "[key:", " value:"
	if !t.hasPrefix(i, value) || !t.hasFold(p.from-len(name), name) && !t.hasFold(p.from-len(key), key) {
		return 0
	}
	return i + len(value)
}

// listPath returns where the value starts of a variable that Helm is given by its place in a list,
// env[0].name=TOKEN,env[0].value=..., or 0.
func (t *text) listPath(i int) int {
	const last = "].value="
	if !t.hasPrefix(i, ",") {
		return 0
	}
	window := t.b[i:min(len(t.b), i+maxBefore)]
	k := bytes.Index(window, []byte(last))
	if k < 0 || bytes.IndexByte(window[1:k], ',') >= 0 {
		return 0
	}
	return i + k + len(last)
}

// sourceLine returns where the value starts of a variable whose source Terraform quotes at i, in
// the line after its name, or 0: in variable "db_password":, then 3: default = "...".
func (t *text) sourceLine(i int) int {
	n := t.newline(i + 1)
	if n == 0 || t.b[i] != ':' {
		return 0
	}
	from := t.skipSpace(i + 1 + n)
	to := from
	for to < len(t.b) && to-from < 6 && class[t.b[to]] == digit {
		to++
	}
	at := t.skipSpace(to + 1)
	k := bytes.IndexByte(t.b[min(at, len(t.b)):min(at+maxAfter, len(t.b))], '=')
	if to == from || !t.hasPrefix(to, ": ") || k < 0 || !slices.ContainsFunc(valueNames, func(n string) bool { return t.hasPrefix(at, n) }) {
		return 0
	}
	return t.skipSpace(at + k + 1)
}

// nextArgument returns where the value starts if the name is a flag in a list of arguments,
// ["--token","..."], or 0.
func (t *text) nextArgument(p *pairing, i int) int {
	if p.from >= len(t.b) || t.b[p.from] != '-' {
		return 0
	}
	if p.quote == 0 && !p.single {
		return t.nextItem(p, i)
	}
	if p.from < p.quote || p.quote > 0 && t.quoteAt(p.from-p.quote) != p.quote {
		return 0 // a sentence ends in it
	}
	at := t.skipSpace(i)
	if at < len(t.b) && t.b[at] == ',' {
		at = t.skipSpace(at + 1)
	}
	if at > i && (t.quoteAt(at) == p.quote && p.quote > 0 || p.single && t.singleQuote(at) > 0) {
		return at
	}
	return 0
}

// nextItem returns where the value starts if the name, which ends at i, is a flag in a list of YAML
// with an item in each line, or 0.
func (t *text) nextItem(p *pairing, i int) int {
	const item = "- "
	n := t.newline(i)
	at := t.skipSpace(i + n)
	if n == 0 || !t.hasPrefix(p.from-len(item), item) || !t.hasPrefix(at, item) || t.hasPrefix(at, "- -") {
		return 0
	}
	return at + len(item)
}

// valueBefore finds the value of a variable whose name comes after it:
// {"value":"...","name":"TOKEN"}, {"value":"...","key":"TOKEN"}.
func (t *text) valueBefore(n name) span {
	const window = 256
	from := max(t.done, n.from-window)
	if from > n.from { // the name begins in what was dealt with
		return span{}
	}
	before := t.b[from:n.from]
	near := before[max(0, len(before)-32):]
	if !bytes.Contains(near, []byte("ame")) && !bytes.Contains(near, []byte("AME")) && !t.keyOf(n) {
		return span{}
	}
	t.steps += len(before)
	k := bytes.LastIndex(before, []byte("value"))
	if k < 0 {
		return span{}
	}
	p := pairing{name: n, link: assigned}
	i := from + k + len("value")
	p.quote = t.quoteAt(i)
	i = t.skipSpace(i + p.quote)
	sep, size := t.separator(i)
	if sep != ':' && sep != '=' {
		return span{}
	}
	p.sep, p.at = sep, t.skipSpace(i+size)
	s := t.value(p)
	if s.to > n.from || bytes.ContainsAny(t.b[s.to:n.from], "{};") || bytes.Contains(t.b[s.to:n.from], []byte("- ")) { // of another variable
		return span{}
	}
	return t.judge(p, s)
}

// keyOf reports whether n is the value of a field called key.
func (t *text) keyOf(n name) bool {
	field, mark := t.nameBefore(n.from)
	return mark && (bytes.HasSuffix(field, []byte("key")) || bytes.HasSuffix(field, []byte("Key")))
}
