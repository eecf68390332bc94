package failure

import (
	"hash/fnv"
	"strconv"
	"strings"
)

// change is one kind of thing in which two occurrences of one error differ.
type change struct {
	// end is where the thing ends that begins at a position, -1 if none begins there. It ends where
	// a word ends.
	end func(r *reader, i int) int
	// becomes stands in its place in the template. Empty leaves the thing as it is, which keeps the
	// rows below from it.
	becomes string
}

// changes at the beginning of a word. The first that fits decides.
var changes = []change{
	{statusCode, ""}, // 401 and 404 are two errors
	{timestamp, "<n>"},
	{uid, "<uid>"},
	{address, "<n>"},
	{duration, "<n>"},
	{requestID, "RequestID: <n>"},
	{func(r *reader, i int) int { return longWord(r, i, hexLetters) }, ""}, // "defaced" is a word, too
	{func(r *reader, i int) int { return longWord(r, i, lowerHex) }, "<n>"},
	{number, "<n>"},
}

// template is an error text with everything taken out that changes from one occurrence to the next.
func template(s string) string {
	r := reader{text: s}
	r.text = r.withoutPaths()
	return r.template()
}

// template takes out what the rows of changes find.
func (r *reader) template() string {
	var out strings.Builder
	out.Grow(len(r.text))
	last := 0
	for i := 0; i < len(r.text); {
		end, becomes := r.change(i)
		if end < 0 {
			i = r.next(i)
			continue
		}
		if becomes != "" {
			out.WriteString(r.text[last:i])
			out.WriteString(becomes)
			last = end
		}
		i = end
	}
	out.WriteString(r.text[last:])
	return strings.TrimSpace(out.String())
}

// change finds what begins at a position and differs from one occurrence to the next; end is -1 for
// nothing.
func (r *reader) change(i int) (end int, becomes string) {
	c := r.at(i)
	if c == '-' {
		return podSuffix(r, i), "-<pod>"
	}
	if !word[c] || !r.boundary(i) {
		return -1, ""
	}
	for k := range changes {
		if end := changes[k].end(r, i); end >= 0 {
			return end, changes[k].becomes
		}
	}
	return -1, ""
}

// next is the next position at which something may begin: behind a word, or behind another byte.
func (r *reader) next(i int) int {
	if word[r.text[i]] {
		return r.skip(i, word)
	}
	return i + 1
}

// withoutPaths takes away what stands behind the host in URLs. A host that is away is one error,
// however many repositories it had.
func (r *reader) withoutPaths() string {
	s := r.text
	var out strings.Builder
	last := 0
	for from := 0; ; {
		colon := r.find(from, "://")
		if colon < 0 {
			break
		}
		host := colon + 3
		path := r.skip(host, urlSegment)
		if from = host; path == host || r.at(path) != '/' || !r.hasScheme(last, colon) {
			continue
		}
		out.WriteString(s[last:path])
		last = r.skip(path, urlRest)
		from = last
	}
	if last == 0 {
		return s
	}
	out.WriteString(s[last:])
	return out.String()
}

// hasScheme reports whether the scheme of a URL ends at a position, and begins not before another.
func (r *reader) hasScheme(first, end int) bool {
	for i := max(first, r.skipBack(end, scheme)); i < end; i++ {
		if r.boundary(i) {
			return true
		}
	}
	return false
}

// statusCode reads "status code 404", "StatusCode: 404", "code=137", "HTTP 503".
func statusCode(r *reader, i int) int {
	for _, name := range []string{"status", "code", "http"} {
		if !r.hasFold(i, name) {
			continue
		}
		i += len(name)
		if name == "status" {
			for _, more := range []string{" code", "code"} {
				if r.hasFold(i, more) {
					if end := codeValue(r, i+len(more)); end >= 0 {
						return end
					}
				}
			}
		}
		return codeValue(r, i)
	}
	return -1
}

// hasFold is has for a literal in any case.
func (r *reader) hasFold(i int, literal string) bool {
	r.work += len(literal)
	return i+len(literal) <= len(r.text) && equalFoldASCII(r.text[i:i+len(literal)], literal)
}

// equalFoldASCII compares with a literal in lower case.
func equalFoldASCII(s, literal string) bool {
	for i := range len(literal) {
		c := s[i]
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != literal[i] {
			return false
		}
	}
	return true
}

// codeValue reads a separator and three digits.
func codeValue(r *reader, i int) int {
	if c := r.at(i); c == ':' || c == '=' {
		i++
	}
	if r.at(i) == ' ' {
		i++
	}
	return r.wordEnd(r.count(i, digits, 3))
}

// count is the position behind n bytes of a class, -1 if they are not there.
func (r *reader) count(i int, c *byteClass, n int) int {
	r.work += n
	if i < 0 || i+n > len(r.text) {
		return -1
	}
	for k := i; k < i+n; k++ {
		if !c[r.text[k]] {
			return -1
		}
	}
	return i + n
}

// oneOf is the position behind one of some bytes, -1 if none is there.
func (r *reader) oneOf(i int, bytes string) int {
	r.work++
	if i < 0 || i >= len(r.text) || strings.IndexByte(bytes, r.text[i]) < 0 {
		return -1
	}
	return i + 1
}

// wordEnd is the position itself if a word begins or ends there, else -1.
func (r *reader) wordEnd(i int) int {
	if i < 0 || !r.boundary(i) {
		return -1
	}
	return i
}

// timestamp reads 2006-01-02T15:04:05, with a fraction and a zone or without.
func timestamp(r *reader, i int) int {
	at := i
	for _, part := range []struct {
		digits int
		behind string
	}{{4, "-"}, {2, "-"}, {2, "T "}, {2, ":"}, {2, ":"}, {2, ""}} {
		at = r.count(at, digits, part.digits)
		if part.behind != "" {
			at = r.oneOf(at, part.behind)
		}
		if at < 0 {
			return -1
		}
	}
	if f := r.oneOf(at, ".,"); f >= 0 {
		if end := r.skip(f, digits); end > f {
			if end = r.zone(end); end >= 0 {
				return end
			}
		}
	}
	return r.zone(at)
}

// zone is where a time ends that may have a zone at a position, -1 if it does not end with a word.
func (r *reader) zone(i int) int {
	end := r.oneOf(i, "Z")
	if end < 0 {
		hours := r.count(r.oneOf(i, "+-"), digits, 2)
		if end = r.count(r.oneOf(hours, ":"), digits, 2); end < 0 {
			end = r.count(hours, digits, 2)
		}
	}
	if end = r.wordEnd(end); end >= 0 {
		return end
	}
	return r.wordEnd(i)
}

// uid reads a UUID.
func uid(r *reader, i int) int {
	for k, n := range []int{8, 4, 4, 4, 12} {
		if k > 0 {
			i = r.oneOf(i, "-")
		}
		if i = r.count(i, anyHex, n); i < 0 {
			return -1
		}
	}
	return r.wordEnd(i)
}

// address reads an IPv4 address, with a port or without.
func address(r *reader, i int) int {
	for k := range 4 {
		if k > 0 {
			if i = r.oneOf(i, "."); i < 0 {
				return -1
			}
		}
		end := r.skip(i, digits)
		if end == i || end > i+3 {
			return -1
		}
		i = end
	}
	if port := r.oneOf(i, ":"); port >= 0 {
		if end := r.skip(port, digits); end > port && r.boundary(end) {
			return end
		}
	}
	return r.wordEnd(i)
}

// duration reads Go's durations: 1m30.5s. A chain of numbers and units that does not end with a
// word has many beginnings, behind each dot; it is read once.
func duration(r *reader, i int) int {
	for {
		end := r.skip(i, digits)
		if end == i {
			r.noDuration = max(r.noDuration, i)
			return -1
		}
		if r.at(end) == '.' {
			if fraction := r.skip(end+1, digits); fraction > end+1 {
				end = fraction
			}
		}
		if i = r.unit(end); i < 0 || i <= r.noDuration {
			r.noDuration = max(r.noDuration, end)
			return -1
		}
		if r.boundary(i) {
			return i
		}
	}
}

// unit is the position behind a unit of time, -1 if there is none.
func (r *reader) unit(i int) int {
	for _, unit := range []string{"h", "ms", "µs", "us", "ns", "m", "s"} {
		if r.has(i, unit) {
			return i + len(unit)
		}
	}
	return -1
}

// requestID reads the request IDs of clouds.
func requestID(r *reader, i int) int {
	const name = "RequestID: "
	if !r.has(i, name) {
		return -1
	}
	if end := r.skip(i+len(name), word); end > i+len(name) {
		return end
	}
	return -1
}

// podSuffix reads what a Deployment's pod has behind the Deployment's name. Kubernetes makes it
// without vowels.
func podSuffix(r *reader, i int) int {
	end := r.skip(i+1, consonants)
	if n := end - i - 1; n < 8 || n > 10 {
		return -1
	}
	return r.wordEnd(r.count(r.oneOf(end, "-"), consonants, 5))
}

// longWord reads a word of at least seven bytes that are all of a class.
func longWord(r *reader, i int, c *byteClass) int {
	end := r.skip(i, c)
	if end-i < 7 {
		return -1
	}
	return r.wordEnd(end)
}

func number(r *reader, i int) int {
	end := r.skip(i, digits)
	if end == i {
		return -1
	}
	return r.wordEnd(end)
}

// fingerprint is a short hash under which occurrences of one error are counted together.
func fingerprint(reason, text string) string {
	h := fnv.New64a()
	h.Write([]byte(reason))
	h.Write([]byte{0})
	h.Write([]byte(template(text)))
	s := strconv.FormatUint(h.Sum64(), 16)
	return strings.Repeat("0", 16-len(s)) + s
}
