package failure

import "strings"

// byteClass is a set of bytes.
type byteClass [256]bool

// classOf makes a class of ranges, each given by its first and last byte: "az09".
func classOf(ranges string) *byteClass {
	var c byteClass
	for i := 0; i < len(ranges); i += 2 {
		for b := int(ranges[i]); b <= int(ranges[i+1]); b++ {
			c[b] = true
		}
	}
	return &c
}

// without is the class without some bytes.
func (c byteClass) without(bytes string) *byteClass {
	for i := range len(bytes) {
		c[bytes[i]] = false
	}
	return &c
}

const spaces = " \t\n\f\r"

// The classes that the readers of this package use.
var (
	anyByte     = classOf("\x00\xff")
	word        = classOf("azAZ09__")
	digits      = classOf("09")
	letters     = classOf("azAZ")
	lower       = classOf("az")
	lowerHex    = classOf("af09")
	hexLetters  = classOf("af")
	anyHex      = classOf("afAF09")
	scheme      = classOf("az++")
	domain      = classOf("az..")
	apiGroup    = classOf("az09..")
	consonants  = classOf("bz29").without("aeiouy01") // what Kubernetes makes the names of pods of
	firstWords  = classOf("azAZ09__  ,,")
	segment     = anyByte.without(spaces + "/")
	listSegment = anyByte.without(spaces + "/,")
	urlSegment  = anyByte.without(spaces + `/"'`)
	urlRest     = anyByte.without(spaces + `"'`)
	quotedPart  = anyByte.without("/'")
	quoted      = anyByte.without("'")
	doubleQuote = anyByte.without(`"`)
	objectToken = classOf("azAZ09..")
	notDot      = objectToken.without(".")
)

// reader reads a text from left to right. It counts the bytes that it looks at: a test holds that
// number against the length of the text, whatever the text is.
type reader struct {
	text string
	work int

	noDuration int // up to here stands a chain of numbers and units that is no duration
}

// at is the byte at a position, 0 behind the end.
func (r *reader) at(i int) byte {
	r.work++
	if i >= len(r.text) {
		return 0
	}
	return r.text[i]
}

// skip is the first position from i on whose byte is not of the class.
func (r *reader) skip(i int, c *byteClass) int {
	start := i
	for i < len(r.text) && c[r.text[i]] {
		i++
	}
	r.work += i - start + 1
	return i
}

// skipBack is the lowest position from which all bytes up to i are of the class.
func (r *reader) skipBack(i int, c *byteClass) int {
	start := i
	for i > 0 && c[r.text[i-1]] {
		i--
	}
	r.work += start - i + 1
	return i
}

// find is the first position from i on at which a literal stands, -1 if there is none.
func (r *reader) find(i int, literal string) int {
	j := strings.Index(r.text[i:], literal)
	if j < 0 {
		r.work += len(r.text) - i
		return -1
	}
	r.work += j + len(literal)
	return i + j
}

// has reports whether a literal stands at a position.
func (r *reader) has(i int, literal string) bool {
	r.work += len(literal)
	return i <= len(r.text) && strings.HasPrefix(r.text[i:], literal)
}

// boundary reports whether a word begins or ends at a position.
func (r *reader) boundary(i int) bool {
	r.work++
	before := i > 0 && word[r.text[i-1]]
	after := i < len(r.text) && word[r.text[i]]
	return before != after
}
