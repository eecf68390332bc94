package check

import (
	"fmt"
	"regexp"
	"strconv"
)

// Version is a minor version of Flux as 100·major + minor; 0 is none.
type Version int

// newest is the version that is meant where none is said: what is gone in it is gone.
const newest Version = 299

// String is how people write it.
func (v Version) String() string {
	if v == newest {
		return "newest"
	}
	return fmt.Sprintf("%d.%d", v/100, v%100)
}

var versionText = regexp.MustCompile(`^v?([0-9])\.([0-9]{1,2})(\.[0-9x]+)?$`)

// ParseVersion reads 2.6, v2.6.1 and the like.
func ParseVersion(text string) (Version, error) {
	m := versionText.FindStringSubmatch(text)
	if m == nil {
		return 0, fmt.Errorf("%q is no version of Flux: want 2.6 or v2.6.1", text)
	}
	major, _ := strconv.Atoi(m[1])
	minor, _ := strconv.Atoi(m[2])
	return Version(100*major + minor), nil
}
