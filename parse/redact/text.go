package redact

import "bytes"

// text is one text under examination, with what is known of it so far.
//
// Every search through it is either bounded by a constant, or remembers its answer in
// a reach, or ends in a span, behind which the search for anchors goes on. That keeps
// the time linear in the length, whatever the text.
type text struct {
	b      []byte
	json   int // from here on an unescaped quote starts or ends a JSON string
	done   int // anchors before this place were dealt with
	named  int // names that end before this place were dealt with
	valued int // values before this place were passed over
	looked int // expressions of templates before this place were dealt with
	names  int // how many names were dealt with
	nears  int // around how many of them was looked
	steps  int // bytes looked at since the start; tests compare it with the length
	vocab  vocabulary

	str     reach            // answers of end
	crowd   reach            // from the first name of a string to the string's end
	line    reach            // answers of lineEnd
	word    reach            // answers of wordEnd
	path    reach            // answers of pathEnd
	quotes  [maxLevels]reach // answers of unquote, by level of the quote
	noQuote reach            // where no single quote closes a value
	topic   reach            // behind the last topic of secrets that was found, and up to where
	hexed   reach            // hexadecimal digits that were looked at
	signs
	inner *Redactor // looks into what is encoded; nil in itself
	more  []span    // found beside the one that a rule returns, behind it
	sops  reach     // places of the words that follow what SOPS refused
}

// signs tell that a text may be meant otherwise than it is written.
type signs struct {
	percent bool // something is %-encoded, or pluses or escapes are
	pluses  bool // plus signs stand around a name as spaces do
	escapes int  // letters that are escaped
	masked  bool // letters are written otherwise, see appendUnmasked
	unusual bool // there are characters that are not seen, see unusual
}

// maxLevels is how many levels of JSON in JSON are told apart.
const maxLevels = 7

// reach is the answer of a search that was made from a place: it holds for every place
// from there up to the answer itself.
type reach struct{ from, to int }

func (r reach) covers(i int) bool { return r.from <= i && i <= r.to && r.to > 0 }

// reset starts the examination of b.
func (t *text) reset(b []byte) {
	t.b, t.json = b, len(b)
	t.done, t.named, t.names, t.nears, t.valued, t.looked = 0, 0, 0, 0, 0, 0
	t.str, t.line, t.word, t.noQuote, t.sops, t.path = reach{}, reach{}, reach{}, reach{}, reach{}, reach{}
	t.topic, t.more = reach{}, t.more[:0]
	t.quotes, t.hexed = [maxLevels]reach{}, reach{}
	t.signs = signs{}
	if startsJSON(b) || isString(b) {
		t.json = 0
	} else if i := bytes.Index(b, []byte("\t{\"")); i >= 0 { // the console encoder
		t.json = i + 1
	}
}

// char returns the character at i and how many bytes it takes, with the escapes of JSON
// undone, however often the text was escaped. Of a character beyond ASCII it returns
// each byte, or, if it is escaped, a byte beyond ASCII.
func (t *text) char(i int) (c byte, n int) {
	t.steps++
	if t.b[i] != '\\' {
		return t.b[i], 1
	}
	return t.escape(i)
}

// escape is char at a backslash.
func (t *text) escape(i int) (c byte, n int) {
	n = t.backslashes(i)
	if i+n >= len(t.b) {
		return '\\', n
	}
	switch c := t.b[i+n]; c {
	case '"':
		if q := quoteLen(n); q <= n { // escaped backslashes, and then a quote of length q
			return '\\', n + 1 - q
		}
		return c, n + 1
	case 'n', 'r', 't':
		return map[byte]byte{'n': '\n', 'r': '\r', 't': '\t'}[c], n + 1
	case '/', '\'':
		return c, n + 1
	case 'u':
		return t.unicode(i+n, n)
	}
	return '\\', n
}

// unicode decodes the escape whose u is at i, after n backslashes.
func (t *text) unicode(i, n int) (c byte, size int) {
	if i+5 > len(t.b) {
		return '\\', n
	}
	code := 0
	for _, h := range t.b[i+1 : i+5] {
		v := hexValue(h)
		if v < 0 {
			return '\\', n
		}
		code = code<<4 | v
	}
	return byte(min(code, 0x80)), n + 5
}

// nibbles are the values of hexadecimal digits, and -1 for what is none.
var nibbles = nibbleTable()

func nibbleTable() (t [256]int8) {
	for c := range t {
		t[c] = -1
	}
	for i, c := range []byte("0123456789abcdef") {
		t[c] = int8(i)
	}
	for i, c := range []byte("ABCDEF") {
		t[c] = int8(10 + i)
	}
	return t
}

func hexValue(c byte) int { return int(nibbles[c]) }

func (t *text) backslashes(i int) (n int) {
	for i+n < len(t.b) && t.b[i+n] == '\\' {
		n++
	}
	t.steps += n
	return n
}

// quoteAt returns the length of the quote at i: 1 for " and, inside JSON strings that
// hold JSON, 2 for \" and 4 for \\\" and so on. It returns 0 if there is no quote.
func (t *text) quoteAt(i int) int {
	if i >= len(t.b) {
		return 0
	}
	if c, n := t.char(i); c == '"' && t.b[i+n-1] == '"' {
		return n
	}
	return 0
}

// quoteLen returns the length of a quote before which are b backslashes: the largest
// power of two that divides b+1. The other backslashes are escaped ones before it.
func quoteLen(b int) int { return (b + 1) & -(b + 1) }

// unquote returns where the string that starts at i ends, which is where its closing
// quote of the given length starts. A string that is cut off ends with the text, or
// with the string around it.
func (t *text) unquote(i, quote int) int {
	level := level(quote)
	if r := t.quotes[level]; r.covers(i) {
		return r.to
	}
	to := t.findQuote(i, quote)
	t.quotes[level] = reach{i, to}
	return to
}

func level(quote int) int {
	n := 0
	for quote > 1 && n < maxLevels-1 {
		quote >>= 1
		n++
	}
	return n
}

func (t *text) findQuote(i, quote int) int {
	for j := i; ; j++ {
		k := bytes.IndexByte(t.b[j:], '"')
		if k < 0 {
			t.steps += len(t.b) - j
			return len(t.b)
		}
		t.steps += k + 1
		j += k
		n := 0
		for j-n > i && t.b[j-n-1] == '\\' {
			n++
		}
		t.steps += n
		if q := quoteLen(n); q <= quote {
			return j + 1 - q
		}
	}
}

// end returns where the outermost JSON string around i ends, or the text if it is not
// JSON: nothing that starts at i may be replaced beyond.
func (t *text) end(i int) int {
	if i < t.json {
		return t.json
	}
	if !t.str.covers(i) {
		t.str = reach{i, t.unquote(i, 1)}
	}
	return t.str.to
}

// newline returns the length of the line break at i: of a raw one, or of one that is
// escaped, once or more, in a JSON string. It returns 0 if there is none.
func (t *text) newline(i int) int {
	if i >= len(t.b) || t.b[i] != '\n' && t.b[i] != '\r' && t.b[i] != '\\' {
		return 0
	}
	c, n := t.char(i)
	if c == '\r' && i+n < len(t.b) {
		if next, more := t.char(i + n); next == '\n' {
			return n + more
		}
	}
	if c != '\n' {
		return 0
	}
	return n
}

// lineEnd returns where the line around i ends, in the sense of newline and end.
func (t *text) lineEnd(i int) int {
	if t.line.covers(i) {
		return t.line.to
	}
	end, j := t.end(i), i
	for j < end && t.newline(j) == 0 {
		_, n := t.char(j)
		j += n
	}
	t.line = reach{i, max(i, min(j, end))}
	return t.line.to
}

// skipSpace returns the first place at or after i that holds no space or tab.
func (t *text) skipSpace(i int) int {
	from := i
	for i < len(t.b) {
		switch c := t.b[i]; {
		case c == ' ' || c == '\t':
			i++
			continue
		case c == '\\':
			if c, n := t.char(i); c == '\t' {
				i += n
				continue
			}
		}
		break
	}
	t.steps += i - from
	return i
}

// start returns the first place at or after i where a replacement may start without
// tearing an escape such as \n or \u00e9 apart.
func (t *text) start(i int) int {
	if i > 0 && t.b[i-1] == '\\' && !t.hasPrefix(i, "u") {
		return min(i+1, len(t.b))
	}
	for k := 1; k <= 5 && k <= i; k++ {
		if t.b[i-k] == '\\' && t.hasPrefix(i-k, `\u`) {
			return min(i-k+6, len(t.b))
		}
	}
	return i
}

// boundary reports whether no letter or digit touches i from the left, so that what
// starts there is not the middle of a word. The letter of an escape is none.
func (t *text) boundary(i int) bool {
	return i == 0 || !alnum(t.b[i-1]) || t.start(i-1) == i
}

// hasPrefix reports whether prefix stands at i.
func (t *text) hasPrefix(i int, prefix string) bool {
	return i >= 0 && i <= len(t.b) && len(t.b)-i >= len(prefix) && string(t.b[i:i+len(prefix)]) == prefix
}

// hasFold is hasPrefix for a prefix in lower case and text in any case.
func (t *text) hasFold(i int, prefix string) bool {
	return i >= 0 && i <= len(t.b) && hasFold(t.b[i:], prefix)
}

// hasFold reports whether b starts with prefix, which is in lower case.
func hasFold(b []byte, prefix string) bool {
	if len(b) < len(prefix) {
		return false
	}
	for i := range len(prefix) {
		if b[i] != prefix[i] && (b[i]|fold != prefix[i] || class[prefix[i]] != lower) {
			return false
		}
	}
	return true
}
