package tail

import (
	"cmp"
	"fmt"
	"regexp"
	"strconv"
)

// rotatedName reads the names that rotation gives outside the kubelet's layout: a.log.1 (logrotate), a.log-20261120 and
// a.log.20261120-102254 (logrotate's dateext, Docker, the kubelet), a-2026-11-20T10-22-54.417.log (programs that rotate
// their own log).
var rotatedName = regexp.MustCompile(
	`^(.+?)(?:\.(\d{1,3})|[._-]((?:19|20)\d\d[-._]?\d\d[-._]?\d\d(?:[-._T:]?\d+)*Z?)(\.log)?)$`)

// The ages of files that no rotation named: they sort behind every number and stamp.
const (
	ageCompressed = "}" // compressed in place
	ageLive       = "~" // the name that is written to
)

// family tells to which log a file belongs by its name: base is the name that is written to, and of two files with one
// base the one with the smaller age is older.
func family(name string) (base, age string, c Compression) {
	base, c = cutCompression(name)
	m := rotatedName.FindStringSubmatch(base)
	switch {
	case m == nil && c != None:
		return base, ageCompressed, c
	case m == nil:
		return base, ageLive, c
	case m[2] != "":
		n, _ := strconv.Atoi(m[2]) // three digits at most
		return m[1], fmt.Sprintf("%03d", 999-n), c
	}
	return m[1] + m[4], digitsOf(m[3]), c
}

func digitsOf(s string) string {
	b := make([]byte, 0, len(s))
	for i := range len(s) {
		if s[i] >= '0' && s[i] <= '9' {
			b = append(b, s[i])
		}
	}
	return string(b)
}

// podAge is the age of a file in the kubelet's layout.
func podAge(f podFile) string {
	switch {
	case f.rotated != "":
		return f.rotated
	case f.compression != None:
		return ageCompressed
	}
	return ageLive
}

// found is a file where the scanner found it.
type found struct {
	key    string // the container's directory, or the name that is written to: files with one key are one Source
	src    Source // without Files
	file   File
	age    string
	linked bool // reached through a symlink whose name says nothing about the file
	stamp  stamp
}

// compare sorts the files of one Source in the order in which they were written.
func (f *found) compare(g *found) int {
	return cmp.Or(
		cmp.Compare(f.file.Restart, g.file.Restart),
		cmp.Compare(f.age, g.age),
		cmp.Compare(f.file.Compression, g.file.Compression),
		cmp.Compare(f.file.Path, g.file.Path))
}
