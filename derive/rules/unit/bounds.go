package unit

import (
	"fmt"
	"regexp"
	"strconv"

	"fluxtrail/config/bounded"
	"fluxtrail/parse/yamlsize"
)

// What files may have: whoever wrote them, as for a change that is reviewed, must not be able to
// take all memory. No test needs more.
const (
	maxFile    = 16 << 20  // bytes
	maxParts   = 500_000   // values of YAML
	maxSamples = 1_000_000 // of the series of a test
)

// readFile reads a file of tests or rules.
func readFile(name string) ([]byte, error) {
	text, err := bounded.File(name, maxFile)
	if err == nil && yamlsize.Values(text) > maxParts {
		err = fmt.Errorf("%s: has more than %d values, which no such file has", name, maxParts)
	}
	return text, err
}

var (
	quoted  = regexp.MustCompile(`"(\\.|[^"\\])*"|'(\\.|[^'\\])*'|` + "`[^`]*`")
	repeats = regexp.MustCompile(`x\s*([0-9]+)`)
)

// repeated is how many samples at least a series gets by what its notation repeats, as 0+1x100. The
// parser makes them all before anybody can look.
func repeated(series string) (n int) {
	for _, found := range repeats.FindAllStringSubmatch(quoted.ReplaceAllString(series, ""), -1) {
		times, err := strconv.Atoi(found[1])
		if err != nil || times > maxSamples {
			return maxSamples + 1
		}
		n = min(n+times, maxSamples+1)
	}
	return n
}
