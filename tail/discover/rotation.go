package discover

import (
	"cmp"
	"fmt"
	"regexp"
	"strconv"
)

// rotatedName reads the names that rotation gives outside the kubelet's layout: a.log.1
// (logrotate), a.log-20261120 and a.log.20261120-102254 (logrotate's dateext, Docker, the
// kubelet), and a-2026-11-20T10-22-54.417.log (programs that rotate their own log).
var rotatedName = regexp.MustCompile(
	`^(.+?)(?:\.(\d{1,3})|[._-]((?:19|20)\d\d[-._]?\d\d[-._]?\d\d(?:[-._T:]?\d+)*Z?)(\.log)?)$`)

// The ages of files that no rotation named. They sort behind every number and time.
const (
	ageCompressed = "}" // compressed in place
	ageLive       = "~" // the name that is written to
)

// rotation tells to which log a file belongs by its name: base is the name that is written to, and
// of two files with one base the one with the smaller age is older.
func rotation(name string) (base, age string, c Compression) {
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

// age is the age of a file in the kubelet's layout. Rotation times are the node's local time: in
// the hour that daylight saving repeats two rotations may stand in the wrong order, while their
// lines carry the true times.
func (f podFile) age() string {
	switch {
	case f.rotated != "":
		return f.rotated
	case f.compression != None:
		return ageCompressed
	}
	return ageLive
}

// Found is one file of a log.
type Found struct {
	File
	Stat
	Real string `json:"-"` // the file without any symlink, see Open
	age  string
}

// Live reports whether the file has the name that is written to.
func (f *Found) Live() bool { return f.age == ageLive }

// Packs reports whether f has the name that g gets when it is compressed. For a moment both are
// there.
func (f *Found) Packs(g *Found) bool {
	return f.Compression != None && g.Compression == None && f.Restart == g.Restart && f.age == g.age
}

// Compare sorts the files of one log in the order in which they were written: by restart count,
// then by rotation, the live file last.
func (f *Found) Compare(g *Found) int {
	return cmp.Or(
		cmp.Compare(f.Restart, g.Restart),
		cmp.Compare(f.age, g.age),
		cmp.Compare(f.Compression, g.Compression),
		cmp.Compare(f.Path, g.Path))
}

// Log is one Source with what was found of its files.
type Log struct {
	Key    string // the container's directory, or the name that is written to; the same at every walk
	Source Source
	Found  []Found // oldest first, one for each of Source.Files
}

func compareSources(a, b Source) int {
	return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Files[0].Path, b.Files[0].Path))
}
