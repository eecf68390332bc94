package frame

import (
	"time"
	"unsafe"
)

// Clock reads RFC 3339 times. Lines of one minute follow each other, so it works out the calendar
// once a minute. The zero value is ready; one goroutine at a time may use it.
type Clock struct {
	minute [16]byte // "2026-11-20T10:22", the minute that unix stands for
	unix   int64    // Unix seconds of that minute, were it UTC
}

// The years that a log may be of. Durations can be added to them without leaving the Unix
// nanoseconds that 64 bits hold.
const (
	minYear = 1971
	maxYear = 2200
)

// Parse reads the time that b starts with, see ReadTime.
func (c *Clock) Parse(b []byte) (ns int64, length int) {
	return ReadTime(c, unsafe.String(unsafe.SliceData(b), len(b))) // it keeps nothing of b
}

// ReadTime reads the time that s starts with, with any fraction and any zone (+02:00, +0200, Z), as
// Unix nanoseconds. The length is 0 when s starts with none.
func ReadTime(c *Clock, s string) (ns int64, length int) {
	if len(s) < 20 || s[16] != ':' {
		return 0, 0
	}
	if m := s[:16]; m != string(c.minute[:]) && !c.turn(m) {
		return 0, 0
	}
	sec := twoDigits(s[17], s[18])
	if sec < 0 || sec > 60 {
		return 0, 0
	}
	frac, i := fraction(s)
	zone, n := zone(s, i)
	if n == 0 {
		return 0, 0
	}
	return (c.unix+int64(sec)-zone)*int64(time.Second) + frac, i + n
}

// turn makes m the current minute, if it is one.
func (c *Clock) turn(m string) bool {
	_ = m[15]
	if m[4] != '-' || m[7] != '-' || m[10] != 'T' || m[13] != ':' {
		return false
	}
	century, year := twoDigits(m[0], m[1]), twoDigits(m[2], m[3])
	month, day := twoDigits(m[5], m[6]), twoDigits(m[8], m[9])
	hour, minute := twoDigits(m[11], m[12]), twoDigits(m[14], m[15])
	if min(century, year, hour, minute) < 0 || hour > 23 || minute > 59 {
		return false
	}
	year += century * 100
	if year < minYear || year > maxYear || month < 1 || month > 12 || day < 1 || day > daysIn(year, month) {
		return false
	}
	copy(c.minute[:], m)
	c.unix = int64(days(year, month, day)*86400 + hour*3600 + minute*60)
	return true
}

// daysIn is the length of a month.
func daysIn(year, month int) int {
	switch {
	case month == 2 && year%4 == 0 && (year%100 != 0 || year%400 == 0):
		return 29
	case month == 2:
		return 28
	}
	return 30 + (month+month/8)%2
}

// days counts days since 1970-01-01 in the proleptic Gregorian calendar, with years that begin in
// March so that the leap day comes last. time.Date does the same at eight times the price, which
// shows where no two lines share a Clock.
func days(y, m, d int) int {
	if m <= 2 {
		y--
		m += 12
	}
	era := y / 400
	yoe := y - era*400
	doy := (153*(m-3)+2)/5 + d - 1
	return era*146097 + yoe*365 + yoe/4 - yoe/100 + doy - 719468
}

// fraction reads nanoseconds behind the seconds of time s; i is where the zone begins. Digits
// beyond the ninth are ignored.
func fraction(s string) (ns int64, i int) {
	if s[19] != '.' && s[19] != ',' {
		return 0, 19
	}
	const first, beyond = 20, 29
	for i = first; i < len(s) && s[i]-'0' <= 9; i++ {
		if i < beyond {
			ns = ns*10 + int64(s[i]-'0')
		}
	}
	for n := i; n < beyond; n++ {
		ns *= 10
	}
	return ns, i
}

// zone reads a zone that begins at i, and returns its seconds east of UTC and its length, 0 when
// none begins there.
func zone(s string, i int) (seconds int64, length int) {
	if len(s) > i && s[i] == 'Z' {
		return 0, 1
	}
	if len(s) < i+5 || s[i] != '+' && s[i] != '-' {
		return 0, 0
	}
	m := 3
	if s[i+3] == ':' && len(s) > i+5 {
		m = 4
	}
	hours, minutes := twoDigits(s[i+1], s[i+2]), twoDigits(s[i+m], s[i+m+1])
	if hours < 0 || hours > 23 || minutes < 0 || minutes > 59 {
		return 0, 0
	}
	seconds = int64(hours*3600 + minutes*60)
	if s[i] == '-' {
		seconds = -seconds
	}
	return seconds, m + 2
}

// twoDigits returns the value of two decimal digits, or -1.
func twoDigits(a, b byte) int {
	a, b = a-'0', b-'0'
	if a > 9 || b > 9 {
		return -1
	}
	return int(a)*10 + int(b)
}
