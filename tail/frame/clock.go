package frame

import "time"

// Clock reads RFC 3339 timestamps. Lines of one minute follow each other, so the calendar is worked out once a minute.
type Clock struct {
	minute [16]byte // "2026-11-20T10:22", the minute that unix stands for
	unix   int64    // Unix seconds of that minute, were it UTC
}

// parse reads the timestamp that b starts with, with any fraction and any zone (+02:00, +0200, Z), and tells its
// length; the length is 0 when b starts with none.
func (c *Clock) Parse(b []byte) (ns int64, length int) {
	if len(b) < 20 || b[16] != ':' {
		return 0, 0
	}
	if [16]byte(b[:16]) != c.minute && !c.turn([16]byte(b[:16])) {
		return 0, 0
	}
	sec := twoDigits(b[17], b[18])
	if sec < 0 || sec > 60 {
		return 0, 0
	}
	frac, i := fraction(b)
	zone, n := offset(b[i:])
	if n == 0 {
		return 0, 0
	}
	return (c.unix+int64(sec)-zone)*int64(time.Second) + frac, i + n
}

// turn makes m the current minute, if it is one.
func (c *Clock) turn(m [16]byte) bool {
	if m[4] != '-' || m[7] != '-' || m[10] != 'T' || m[13] != ':' {
		return false
	}
	century, year := twoDigits(m[0], m[1]), twoDigits(m[2], m[3])
	month, day := twoDigits(m[5], m[6]), twoDigits(m[8], m[9])
	hour, minute := twoDigits(m[11], m[12]), twoDigits(m[14], m[15])
	if min(century, year, month, day, hour, minute) < 0 || hour > 23 || minute > 59 {
		return false
	}
	year += century * 100
	t := time.Date(year, time.Month(month), day, hour, minute, 0, 0, time.UTC)
	if int(t.Month()) != month || t.Day() != day || year < 1970 || year >= 2262 { // the range of nanoseconds in 64 bits
		return false
	}
	c.minute, c.unix = m, t.Unix()
	return true
}

// fraction reads nanoseconds behind the seconds of timestamp b; i is where the zone begins. Digits beyond the ninth
// are ignored.
func fraction(b []byte) (ns int64, i int) {
	if b[19] != '.' && b[19] != ',' {
		return 0, 19
	}
	scale := int64(time.Second)
	for i = 20; i < len(b); i++ {
		d := b[i] - '0'
		if d > 9 {
			break
		}
		if scale /= 10; scale > 0 {
			ns += int64(d) * scale
		}
	}
	return ns, i
}

// offset reads a zone and gives its seconds east of UTC and its length, 0 when b starts with no zone.
func offset(b []byte) (seconds int64, length int) {
	if len(b) > 0 && b[0] == 'Z' {
		return 0, 1
	}
	if len(b) < 5 || b[0] != '+' && b[0] != '-' {
		return 0, 0
	}
	m := 3
	if b[3] == ':' && len(b) > 5 {
		m = 4
	}
	hours, minutes := twoDigits(b[1], b[2]), twoDigits(b[m], b[m+1])
	if hours < 0 || hours > 23 || minutes < 0 || minutes > 59 {
		return 0, 0
	}
	seconds = int64(hours*3600 + minutes*60)
	if b[0] == '-' {
		seconds = -seconds
	}
	return seconds, m + 2
}

// twoDigits gives the value of two decimal digits, or -1.
func twoDigits(a, b byte) int {
	a, b = a-'0', b-'0'
	if a > 9 || b > 9 {
		return -1
	}
	return int(a)*10 + int(b)
}
