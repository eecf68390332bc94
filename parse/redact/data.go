package redact

import "bytes"

// dataBlock finds what a Secret holds: the value of data, stringData or binaryData, as
// JSON, as a printed Go map or as an indented block of YAML. ConfigMaps come under it as
// well, because the line seldom says which of the two it is about.
func dataBlock(t *text, at, end int) span {
	if !t.dataName(at) {
		return span{}
	}
	p := t.pairing(name{from: at, to: end})
	if p.link == apart || p.sep != ':' || p.at >= len(t.b) {
		return span{}
	}
	i := p.at
	switch {
	case t.newline(i) > 0:
		from, _ := t.nameAround(at, end)
		return t.indented(from, i)
	case t.b[i] == '{':
		return nonEmpty(span{from: i, to: t.balanced(i, p.quote), quote: p.quote})
	case t.hasPrefix(i, "map["):
		return t.goMap(i + len("map"))
	}
	return span{}
}

// dataName reports whether the name that goes on at i is data, stringData or binaryData,
// and not metadata.
func (t *text) dataName(i int) bool {
	from, _ := t.nameAround(i, i)
	before := t.b[from:i]
	return len(before) == 0 || !alnum(before[len(before)-1]) || t.hasFold(i-len("string"), "string") || t.hasFold(i-len("binary"), "binary")
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
func (t *text) goMap(i int) span {
	const keyType, anyType = "[string]", "interface {}"
	if !t.hasPrefix(i, keyType) {
		return t.inside(i)
	}
	i += len(keyType)
	if t.hasPrefix(i, anyType) {
		i += len(anyType)
	}
	for n := 0; i < len(t.b) && n < 32 && (alnum(t.b[i]) || t.b[i] == '[' || t.b[i] == ']'); n++ {
		i++
	}
	if !t.hasPrefix(i, "{") {
		return span{}
	}
	return t.inside(i)
}

// context is how far back is looked for what an error is about.
const context = 128

// about reports whether one of the words, in lower case, stands shortly before i.
func (t *text) about(i int, words ...string) bool {
	var window [context]byte
	n := copy(window[:], t.b[max(0, i-context):i])
	t.steps += n
	for k, c := range window[:n] {
		if class[c] == upper {
			window[k] = c | fold
		}
	}
	for _, w := range words {
		if bytes.Contains(window[:n], []byte(w)) {
			return true
		}
	}
	return false
}

// typedValue finds the value that server-side apply found where it expected another type,
// in a Secret or in a field whose name tells of a secret: ".stringData.password: expected
// string, got &value.valueUnstructured{Value:4711}".
func typedValue(t *text, at, end int) span {
	before := t.b[max(0, at-context):at]
	k := bytes.LastIndex(before, []byte(": expected"))
	if k < 0 || !t.about(at, "kind=secret") && t.secretField(at-len(before)+k) <= object {
		return span{}
	}
	to := t.balanced(at+bytes.LastIndexByte(t.b[at:end], '{'), 0)
	if to > end && t.b[to-1] == '}' {
		to--
	}
	return span{from: end, to: to}
}

// invalidValue finds the value that validation refused, in a Secret or in a field whose
// name tells of a secret: `data[password]: Invalid value: "hunter2": must be ...`.
func invalidValue(t *text, at, end int) span {
	i := at
	for i > 0 && at-i < 2 && (t.b[i-1] == ' ' || t.b[i-1] == ':') {
		i--
	}
	means := t.secretField(i)
	if i == at || means < object {
		return span{}
	}
	s := t.invalid(t.skipSpace(end))
	if value := t.shown(s); means == object && !random(value) && !hexadecimal(value, 16) { // the name of a Secret
		return span{}
	}
	return s
}

// invalid returns the value at i: what is in quotes or brackets, or a word.
func (t *text) invalid(i int) span {
	if s, ok := t.quoted(pairing{}, i); ok {
		return s
	}
	if i < len(t.b) && t.b[i] == '[' {
		return t.inside(i)
	}
	return t.trim(i, t.wordEnd(i))
}

// secretField tells what the path of a field means that ends at i, by the name in which it ends.
// One of a Secret's data is a token.
func (t *text) secretField(i int) meaning {
	from := i
	for from > 0 && i-from < maxBefore && (nameByte(t.b[from-1]) || bytes.IndexByte([]byte("[]."), t.b[from-1]) >= 0) {
		from--
	}
	t.steps += i - from
	if bytes.HasSuffix(t.b[from:i], []byte("].value")) {
		if t.listField(i - len("].value")) {
			return token
		}
		return harmless
	}
	path := bytes.TrimRight(t.b[from:i], "]")
	if bytes.Contains(path, []byte("stringData")) || bytes.Contains(path, []byte("binaryData")) || bytes.HasPrefix(path, []byte("data[")) {
		return token
	}
	from += bytes.LastIndexByte(path, '[') + 1
	to := i
	for to > from && t.b[to-1] == ']' {
		to--
	}
	if from >= to {
		return harmless
	}
	if term := t.meaning(from, to); !term.credentials {
		return term.means
	}
	return token
}

// listField reports whether the name in quotes that ends at i, with which a list of variables is
// searched, tells of a secret: env[name="DB_PASSWORD"].value.
func (t *text) listField(i int) bool {
	for i > 0 && (t.b[i-1] == '"' || t.b[i-1] == '\\') {
		i--
	}
	from := i
	for from > 0 && i-from < maxBefore && nameByte(t.b[from-1]) {
		from--
	}
	t.steps += i - from
	return from < i && t.meaning(from, i).means >= object
}

// tableValue finds the value in brackets that Helm drops: "destination for auth.password
// is a table. Ignoring non-table value (hunter2)".
func tableValue(t *text, at, end int) span {
	if !t.about(at, "passw", "secret", "token", "credential", "apikey", "auth", "key") {
		return span{}
	}
	to := t.wordEnd(end)
	if i := bytes.IndexByte(t.b[end:min(t.end(end), end+maxQuoted)], ')'); i >= 0 {
		to = end + i
	}
	return span{from: end, to: to}
}

// byteLiteral finds bytes as Go's syntax has them, which nobody can read but a program.
func byteLiteral(t *text, _, end int) span {
	const least = 3 // commas
	to, commas := end, 0
	for ; to < len(t.b) && (hexValue(t.b[to]) >= 0 || bytes.IndexByte([]byte(", xX"), t.b[to]) >= 0); to++ {
		if t.b[to] == ',' {
			commas++
		}
	}
	if t.steps += to - end; commas < least {
		return span{}
	}
	return span{from: end, to: to}
}

// gotValue finds the secret that came instead of another one: "expected token X, got Y".
func gotValue(t *text, at, end int) span {
	if !t.secretTopic(at, end) {
		return span{}
	}
	if t.hasPrefix(end, "map[") { // of Go
		return nonEmpty(t.goMap(end + len("map")))
	}
	s := t.argument(end)
	value := t.shown(s)
	if s.from == s.to {
		return span{}
	}
	if c, _ := t.char(s.from); c == '&' || !random(value) && !hexadecimal(value, 16) {
		return span{}
	}
	return s
}

// sops finds what SOPS could not decrypt because it was plain text already: "Input
// string VALUE does not match sops' data format".
func sops(t *text, _, end int) span {
	const words = " does not match sops"
	if !t.sops.covers(end) {
		k := bytes.Index(t.b[end:], []byte(words))
		if k < 0 {
			k = len(t.b) - end
		}
		t.steps += k
		t.sops = reach{end, end + k}
	}
	if t.sops.to >= t.end(end) {
		return span{}
	}
	return span{from: end, to: t.sops.to}
}

// quotedText finds the text in the quotes after the anchor, as in net/http's "invalid
// header field value "Bearer ..." for key Authorization".
func quotedText(t *text, _, end int) span {
	i := t.skipSpace(end)
	q := t.quoteAt(i)
	if q == 0 || q == 1 && i >= t.json {
		return span{}
	}
	return span{from: i + q, to: t.unquote(i+q, q)}
}

// fragment finds the piece of an object that the API server quotes between bars when it
// cannot decode it: "error found in #10 byte of ...|PIECE|...".
func fragment(t *text, _, end int) span {
	limit := t.end(end)
	k := bytes.Index(t.b[end:limit], []byte("|..."))
	if k < 0 {
		k = limit - end
	}
	t.steps += k
	return span{from: end, to: end + k}
}
