package failure

import (
	"hash/fnv"
	"regexp"
	"strconv"
	"strings"
)

// changes are what differs between two occurrences of one error, and what it becomes. The first
// that fits decides; each begins and ends with a word, so that what is left after one pass has
// nothing more to be taken out.
var changes = []struct{ pattern, becomes string }{
	{`\b(?i:status(?: ?code)?|code|http)[:=]? ?\d{3}\b`, ""}, // stays: 401 and 404 are two errors
	{`\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?\b`, "<n>"},
	{`\b[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\b`, "<uid>"},
	{`\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b`, "<n>"},
	{`\b(?:\d+(?:\.\d+)?(?:h|ms|µs|us|ns|m|s))+\b`, "<n>"},
	{`\bRequestID: \w+\b`, "RequestID: <n>"},
	{`-[bcdf-hj-np-tv-xz2-9]{8,10}-[bcdf-hj-np-tv-xz2-9]{5}\b`, "-<pod>"}, // a Deployment's pod: Kubernetes makes it without vowels
	{`\b[a-f]{7,}\b`, ""}, // stays: "defaced" is a word, too
	{`\b[0-9a-f]{7,}\b`, "<n>"},
	{`\b\d+\b`, "<n>"},
}

var changing = func() *regexp.Regexp {
	var groups []string
	for _, c := range changes {
		groups = append(groups, "("+c.pattern+")")
	}
	return regexp.MustCompile(strings.Join(groups, "|"))
}()

// urlPath is what stands behind the host in a URL. A host that is away is one error, however many
// repositories it had.
var urlPath = regexp.MustCompile(`(\b[a-z+]+://[^/\s"']+)/[^\s"']*`)

// template is an error text with everything taken out that changes from one occurrence to the next.
func template(s string) string {
	s = urlPath.ReplaceAllString(s, "$1")
	var out strings.Builder
	end := 0
	for _, m := range changing.FindAllStringSubmatchIndex(s, -1) {
		which := 0
		for m[2+2*which] < 0 {
			which++
		}
		out.WriteString(s[end:m[0]])
		if becomes := changes[which].becomes; becomes != "" {
			out.WriteString(becomes)
		} else {
			out.WriteString(s[m[0]:m[1]])
		}
		end = m[1]
	}
	out.WriteString(s[end:])
	return strings.TrimSpace(out.String())
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
