package derive

import (
	"hash/fnv"
	"regexp"
	"strconv"
	"strings"
)

// changing matches what differs between two occurrences of one error: times, durations, UIDs, digests, addresses, pod name suffixes,
// numbers. A status code is matched first, to be kept: 401 and 404 are two errors.
var changing = regexp.MustCompile(`(?:status|status code|code):? \d{3}\b` +
	`|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?` +
	`|[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}` +
	`|\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b` +
	`|\b(?:\d+(?:\.\d+)?(?:h|ms|µs|us|ns|m|s))+\b` +
	`|-[a-z0-9]{8,10}-[a-z0-9]{5}\b` +
	`|\b[0-9a-f]{7,}\b` +
	`|\b\d+\b`)

// template is an error text with everything taken out that changes from one occurrence to the next.
func template(s string) string {
	return strings.TrimSpace(changing.ReplaceAllStringFunc(s, func(m string) string {
		switch {
		case strings.HasPrefix(m, "status"), strings.HasPrefix(m, "code"):
			return m
		case m[0] == '-':
			return "-<pod>"
		case len(m) == 36 && m[8] == '-':
			return "<uid>"
		case !strings.ContainsAny(m, "0123456789"):
			return m // "defaced" is hexadecimal, too
		}
		return "<n>"
	}))
}

// fingerprint is a short hash under which occurrences of one error are counted together.
func fingerprint(reason, said string) string {
	h := fnv.New64a()
	h.Write([]byte(reason))
	h.Write([]byte{0})
	h.Write([]byte(template(said)))
	s := strconv.FormatUint(h.Sum64(), 16)
	return strings.Repeat("0", 16-len(s)) + s
}
