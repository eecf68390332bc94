package parse

import (
	"strings"
	"time"
)

// timestamp reads the time formats of all eras: 2006-01-02T15:04:05.000Z0700 (zap's ISO 8601: milliseconds, an offset without
// colon), RFC 3339 with any fraction and offset. It returns Unix nanoseconds, 0 when s is no time.
func timestamp(s string) int64 {
	if t, rest, ok := civil(s); ok {
		ns, rest := fraction(rest)
		if off, ok := offset(rest); ok {
			return t*1e9 + ns - off*1e9
		}
	}
	return 0
}

// Years outside are no time of a log, and do not fit into Unix nanoseconds.
const (
	minYear = 1971
	maxYear = 2200
)

// civil reads "2006-01-02T15:04:05" as seconds since 1970, without any regard to zones.
func civil(s string) (sec int64, rest string, ok bool) {
	if len(s) < 19 || s[4] != '-' || s[7] != '-' || (s[10] != 'T' && s[10] != ' ') || s[13] != ':' || s[16] != ':' {
		return 0, s, false
	}
	y, mo, d := two(s, 0)*100+two(s, 2), two(s, 5), two(s, 8)
	h, mi, se := two(s, 11), two(s, 14), two(s, 17)
	if (y|mo|d|h|mi|se) < 0 || y < minYear || y > maxYear || mo < 1 || mo > 12 || d < 1 || d > 31 || h > 24 || mi > 59 || se > 60 {
		return 0, s, false
	}
	return days(y, mo, d)*86400 + h*3600 + mi*60 + se, s[19:], true
}

// two reads two digits; a negative result marks what is none.
func two(s string, i int) int64 {
	a, b := int64(s[i])-'0', int64(s[i+1])-'0'
	if a < 0 || a > 9 || b < 0 || b > 9 {
		return -1 << 32
	}
	return a*10 + b
}

// days counts days since 1970-01-01 in the proleptic Gregorian calendar, with years that begin in March so that the leap day
// comes last. time.Date does the same at eight times the price, on every line.
func days(y, m, d int64) int64 {
	if m <= 2 {
		y--
		m += 12
	}
	era := y / 400
	yoe := y - era*400
	doy := (153*(m-3)+2)/5 + d - 1
	return era*146097 + yoe*365 + yoe/4 - yoe/100 + doy - 719468
}

func fraction(s string) (ns int64, rest string) {
	if len(s) == 0 || (s[0] != '.' && s[0] != ',') {
		return 0, s
	}
	scale := int64(1e9)
	i := 1
	for ; i < len(s) && s[i] >= '0' && s[i] <= '9'; i++ {
		if scale > 1 {
			scale /= 10
			ns += int64(s[i]-'0') * scale
		}
	}
	return ns, s[i:]
}

// offset reads Z, +0300, +03:00, or nothing (UTC), in seconds.
func offset(s string) (int64, bool) {
	switch {
	case s == "" || s == "Z":
		return 0, true
	case len(s) == 6 && s[3] == ':':
		s = s[:3] + s[4:]
	}
	if len(s) != 5 || (s[0] != '+' && s[0] != '-') {
		return 0, false
	}
	h, m := two(s, 1), two(s, 3)
	if h < 0 || m < 0 {
		return 0, false
	}
	if s[0] == '-' {
		return -(h*3600 + m*60), true
	}
	return h*3600 + m*60, true
}

// klogTime reads "1107 10:10:55.887548"; the year is that which puts the time closest to near. Without a near it is 0: any year would
// be wrong.
func klogTime(s string, near int64) int64 {
	if len(s) < 13 || near == 0 {
		return 0
	}
	mo, d := two(s, 0), two(s, 2)
	h, mi, se := two(s, 5), two(s, 8), two(s, 11)
	if (mo|d|h|mi|se) < 0 || mo < 1 || mo > 12 || d < 1 || d > 31 {
		return 0
	}
	ns, _ := fraction(s[13:])
	year := int64(time.Unix(0, near).UTC().Year())
	best := int64(0)
	for y := year - 1; y <= year+1; y++ {
		t := (days(y, mo, d)*86400+h*3600+mi*60+se)*1e9 + ns
		if best == 0 || abs(t-near) < abs(best-near) {
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
	d, err := time.ParseDuration(strings.TrimRight(s, ".,"))
	if err != nil || d < 0 {
		return 0
	}
	return int64(d)
}
