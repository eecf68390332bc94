package parse

import (
	"fmt"
	"strings"
	"time"

	"fluxtrail/tail/frame"
)

// maxSeconds bounds times that are written as Unix seconds: later ones are no times of a log, and
// do not fit into Unix nanoseconds.
const maxSeconds = 230 * 365 * 86400

// timestamp reads the time formats of all eras: 2006-01-02T15:04:05.000Z0700 (zap's ISO 8601:
// milliseconds, an offset without colon), RFC 3339 with any fraction and offset. It returns Unix
// nanoseconds, 0 when s is no time.
func timestamp(s string) int64 {
	var clock frame.Clock
	if ns, n := frame.ReadTime(&clock, s); n > 0 && n == len(s) {
		return ns
	}
	return looseTimestamp(s)
}

// looseTimestamp reads a time that has a space for its T, or no zone: then it is UTC.
func looseTimestamp(s string) int64 {
	if len(s) < 19 || s[10] != 'T' && s[10] != ' ' {
		return 0
	}
	var clock frame.Clock
	for _, zone := range [...]string{"", "Z"} {
		whole := s[:10] + "T" + s[11:] + zone
		if ns, n := frame.ReadTime(&clock, whole); n == len(whole) {
			return ns
		}
	}
	return 0
}

// klogTime reads "1107 10:10:55.887548". The year is the one that puts the time closest to near;
// without a near the time is 0, because any year would be wrong.
func klogTime(s string, near int64) int64 {
	if len(s) < 13 || near == 0 {
		return 0
	}
	clockTime, _, _ := strings.Cut(s[5:], " ")
	year := time.Unix(0, near).UTC().Year()
	best := int64(0)
	for y := year - 1; y <= year+1; y++ {
		text := fmt.Sprintf("%04d-%s-%sT%sZ", y, s[:2], s[2:4], clockTime)
		var clock frame.Clock
		t, n := frame.ReadTime(&clock, text)
		if n == len(text) && (best == 0 || abs(t-near) < abs(best-near)) {
			best = t
		}
	}
	return best
}

func abs(n int64) int64 {
	if n < 0 {
		return -n
	}
	return n
}

// span reads a Go duration such as 1m1.965422812s or 950.5µs, in nanoseconds; 0 when s is none.
func span(s string) int64 {
	for s != "" && (s[len(s)-1] == '.' || s[len(s)-1] == ',') { // strings.TrimRight costs as much as the rest
		s = s[:len(s)-1]
	}
	d, err := time.ParseDuration(s)
	if err != nil || d < 0 {
		return 0
	}
	return int64(d)
}
