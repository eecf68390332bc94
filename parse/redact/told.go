package redact

import (
	"bytes"
	"slices"
	"strings"
)

// toldAnchors stand before a value that an error repeats: of validation, of a comparison, of a
// parser.
var toldAnchors = []string{
	"got string", "got number", "got integer", "but received ", "but was", "actual: ", "expected: ", "expected:<", `expected:\u003c`, "want ", `value "`, "value '",
	`value \`, "parsing ", "unmarshal ", "unsupported value: ", "duplicate value: ", "longer than ", "shorter than ", "of type ", "input byte ", "value must be ", "value is ", `contains "`, "contains '", `contains \`, "has content ",
	"input_value=", "converting '", "content is ", "contents: ", "content: ",
}

// oddAnchors stand before a value or before a name, too, but rarely before one with a digit.
var oddAnchors = []string{" value ", "parse ", "decode ", "decoded ", "unexpected "}

// oddlyTold is toldValue for a value that a person may have made up, but not for a plain name.
func oddlyTold(t *text, at, end int) span {
	word := t.b[end:min(len(t.b), end+maxLook)]
	lead := len(word) - len(bytes.TrimLeft(word, `\"'`))
	if k := bytes.IndexAny(word[lead:], ` \"`); k >= 0 {
		word = word[:lead+k]
	}
	if after := end + len(word); t.hasPrefix(after, " for key ") && t.foreign(word) && t.secretTopic(at, end) {
		return span{from: end, to: after}
	}
	if !bytes.ContainsAny(word, "0123456789!&") || bytes.ContainsAny(word, "/.") { // a name, a path or an address
		return span{}
	}
	s := toldValue(t, at, end)
	if value := t.shown(s); !odd(value) || bytes.ContainsAny(value, "/ ") {
		return span{}
	}
	return s
}

// secretTopics tell that an error is about a secret.
var secretTopics = []string{"passw", "token", "secret", "credential", "apikey", "api_key", "api-key", "api key", "passphrase", "pwd", "_pass", "private", "hmac", "basic auth",
	"stringdata", "[]byte", "[]uint8"}

// secretTopic reports whether a text around an anchor is about a secret, shortly before or after.
// It is asked from left to right, and looks at each byte once.
func (t *text) secretTopic(i, end int) bool {
	const overlap = 10 // of the longest topic
	var window [2*context + maxBefore]byte
	to := min(len(t.b), end+2*maxBefore, i+context+maxBefore)
	from := max(0, i-context, t.topic.to-overlap)
	if to > t.topic.to {
		n := copy(window[:], t.b[from:to])
		t.steps += n
		for k, c := range window[:n] {
			if class[c] == upper {
				window[k] = c | fold
			}
		}
		for _, word := range secretTopics {
			if bytes.Contains(window[:n], []byte(word)) {
				t.topic.from = max(t.topic.from, from+bytes.LastIndex(window[:n], []byte(word))+1)
			}
		}
		t.topic.to = to
	}
	return t.topic.from > max(0, i-context)
}

// typeNames are no values.
var typeNames = []string{"string", "integer", "number", "boolean", "object", "array", "null", "int", "bool", "float", "map", "secret", "token", "password", "list"}

// toldValue finds the value that an error about a secret repeats.
func toldValue(t *text, at, end int) span {
	if !t.secretTopic(at, end) || t.hasPrefix(at, "parsing time ") {
		return span{}
	}
	if t.b[end-1] == '\\' || t.b[end-1] == '"' || t.b[end-1] == '\'' {
		end-- // the quote belongs to the value
	}
	i := t.skipType(end)
	s, ok := t.quoted(pairing{}, i)
	if !ok || bytes.IndexByte([]byte(" :<="), t.b[i-1]) < 0 {
		return t.toldWord(end)
	}
	if value := t.shown(s); isOneOf(value, typeNames) || constant(value) || bytes.Contains(value, []byte("://")) || len(value) < 4 && !odd(value) {
		return span{}
	}
	return s
}

// refusedInput finds the value that a validator tells in a field of its own: "loc":["password"],
// "msg":"too short","input":"...".
func refusedInput(t *text, at, end int) span {
	quote := t.quoteAt(end)
	i := end + quote
	if quote == 0 || !t.hasPrefix(i, ":") || !t.secretTopic(at, end) {
		return span{}
	}
	s, _ := t.quoted(pairing{name: name{quote: quote}}, t.skipSpace(i+1))
	if value := t.shown(s); look(value).digits == 0 || !odd(value) || bytes.ContainsAny(value, "/. ") {
		return span{}
	}
	return s
}

// skipType returns the place after what may stand between the anchor that ends at i and the quote:
// a type, a length.
func (t *text) skipType(i int) int {
	i = t.skipSpace(i)
	for n := 0; i < len(t.b) && n < 24; n++ {
		if c := t.b[i]; class[c] != lower && class[c] != digit && bytes.IndexByte([]byte(" :!<"), c) < 0 {
			break
		}
		i++
	}
	return i
}

// goTypes start types of Go and pointers to values, which typedValue knows.
var goTypes = []string{"map[string]", "[]", "&", `\u0026`}

// toldWord is toldValue for a value without quotes after the anchor that ends at end.
func (t *text) toldWord(end int) span {
	i := end
	for i < len(t.b) && i-end < 10 && !t.hasPrefix(i, opening) {
		c, n := t.char(i)
		if c != ' ' && c != ':' && c != '<' {
			break
		}
		i += n
	}
	for _, kind := range typeNames[:4] {
		if t.hasPrefix(i, kind+" ") {
			i += len(kind) + 1
		}
	}
	s := t.trim(i, t.wordEnd(i))
	value := t.shown(s)
	if slices.ContainsFunc(goTypes, func(start string) bool { return t.hasPrefix(i, start) }) {
		return span{}
	}
	if odd(value) && (look(value).digits > 0 || !plain(value)) || numeral(value) && len(value) > 5 {
		return s
	}
	return span{}
}

// connectors stand between two values of which the first is a secret.
var connectors = []string{" -\\u003e ", " =\\u003e ", " to ", " -> ", " => ", " → ", ` \u2192 `, " + ", " +", ", got ", " but was ", " was ",
	", then ", ", ", " and ", " or ", " vs ", " vs. ", " versus ", " instead of ", ", want ", " != ", " | ", " does not match ", " differs from ", " does not equal ", " is not "}

// further returns s with the value after it, where a secret is told twice: from "a" to "b".
func (t *text) further(s span) span {
	i := s.to
	if i >= len(t.b) || s.quote > 0 || i >= t.end(s.from) && i < len(t.b) {
		return s
	}
	if s.quoted {
		i += max(t.quoteAt(i), t.singleQuote(i))
	}
	for _, w := range connectors {
		if !t.hasPrefix(i, w) {
			continue
		}
		next := t.argument(i + len(w))
		if end := next.to + max(t.quoteAt(next.to), t.singleQuote(next.to)); w == ", " && next.quoted && end < len(t.b) && t.b[end] == ':' {
			return s
		}
		if t.assigns(t.nameEnd(i + len(w))) {
			return s
		}
		if t.alike(s.kind, w, next) {
			s.to = next.to
		}
		return s
	}
	return s
}

// alike reports whether next is a secret of that kind, too, behind the words that connect them.
func (t *text) alike(kind, connector string, next span) bool {
	value := t.shown(next)
	if next.from >= next.to || placeholder(value) {
		return false
	}
	return next.quoted || odd(value) || kind == "pin" && numeral(value) || kind == "password" && strings.Contains(connector, ">") && t.foreign(value)
}

// assigns reports whether an equals sign or a colon is at i that no space follows.
func (t *text) assigns(i int) bool {
	return i < len(t.b) && (t.b[i] == '=' || t.b[i] == ':' && i+1 < len(t.b) && t.b[i+1] != ' ')
}

// nameEnd returns where the name at i ends, if it is one.
func (t *text) nameEnd(i int) int {
	from := i
	for i < len(t.b) && i-from < maxAfter && (nameByte(t.b[i]) || t.b[i] == '.') {
		i++
	}
	t.steps += i - from
	return i
}

// vaultValue finds the value that the answer of a store of secrets has: {"value":"...","id":
// "https://NAME.vault.azure.net/secrets/..."}, {"Type":"SecureString","Value":"..."}.
func vaultValue(t *text, at, end int) span {
	i := end
	p := pairing{name: name{quote: t.quoteAt(i)}}
	if v := t.valueWord(i + p.quote); v > 0 {
		p.quote = t.quoteAt(v)
		s, _ := t.quoted(p, v)
		return s
	}
	if t.hasFold(at, "securestring ") {
		s, _ := t.quoted(pairing{}, t.skipSpace(end))
		return s
	}
	before := t.b[max(t.done, at-maxQuoted):at]
	t.steps += len(before)
	k := bytes.LastIndex(before, []byte(`"value`))
	if k < 0 {
		return span{}
	}
	i = at - len(before) + k + len(`"value`)
	p.quote = t.quoteAt(i)
	i = t.skipSpace(i + p.quote)
	if sep, n := t.separator(i); sep != ':' {
		return span{}
	} else if s, ok := t.quoted(p, t.skipSpace(i+n)); ok && s.to < at {
		return s
	}
	return span{}
}

// gotOrTold finds a secret after "got", which may look like one or not.
func gotOrTold(t *text, at, end int) span {
	if s := gotValue(t, at, end); s.from < s.to {
		return s
	}
	return toldValue(t, at, end)
}
