package config

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/common/model"
	"go.yaml.in/yaml/v3"

	"fluxtrail/parse/redact"
)

// wants says, for each kind, what a value has to look like.
var wants = [...]string{
	text:     "text; put it in quotes where YAML takes it for something else",
	secret:   "text; put it in quotes where YAML takes it for something else",
	boolean:  "true or false",
	number:   "a whole number",
	duration: "a duration such as 250ms, 10s, 5m, 24h or 7d",
	size:     "a size such as 64KiB, 10MiB or 1GiB",
	texts:    "a list of texts",
	structs:  "a list of entries",
}

// tags are the YAML types of scalars, as far as a kind is strict about them.
var tags = [...]string{text: "!!str", secret: "!!str", boolean: "!!bool", number: "!!int", duration: "!!str", size: "!!str"}

var errValue = errors.New("not of the kind")

// scalar reads a value that is one word or text.
func (k kind) scalar(s string) (any, error) {
	switch k {
	case boolean:
		switch s {
		case "true", "false":
			return s == "true", nil
		}
		return nil, errValue
	case number:
		n, err := strconv.ParseInt(s, 10, 64)
		return n, err
	case duration:
		return ParseDuration(s)
	case size:
		return parseSize(s)
	}
	return s, nil
}

// ParseDuration reads a duration as Go writes it, 1h30m, or as Prometheus does, 7d or 1w.
func ParseDuration(s string) (time.Duration, error) {
	if d, err := time.ParseDuration(s); err == nil {
		return d, nil
	}
	d, err := model.ParseDuration(s)
	return time.Duration(d), err
}

// units are those of sizes, largest first.
var units = []struct {
	name  string
	bytes int64
}{{"GiB", 1 << 30}, {"GB", 1e9}, {"MiB", 1 << 20}, {"MB", 1e6}, {"KiB", 1 << 10}, {"kB", 1e3}, {"B", 1}}

func parseSize(s string) (int64, error) {
	for _, u := range units {
		if digits, ok := strings.CutSuffix(s, u.name); ok {
			n, err := strconv.ParseInt(strings.TrimSpace(digits), 10, 64)
			if err != nil || n > math.MaxInt64/u.bytes || n < math.MinInt64/u.bytes {
				return 0, errValue
			}
			return n * u.bytes, nil
		}
	}
	return 0, errValue
}

func formatSize(n int64) string {
	for _, u := range units {
		if n != 0 && n%u.bytes == 0 {
			return strconv.FormatInt(n/u.bytes, 10) + u.name
		}
	}
	return strconv.FormatInt(n, 10) + "B"
}

// formatDuration is the duration without zero minutes and seconds behind.
func formatDuration(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// not says what is wrong with a value. What may be a secret, or hold one, is not repeated.
func (k kind) not(got string) string {
	if k == secret || k == structs {
		return "want " + wants[k]
	}
	return fmt.Sprintf("want %s, not %s", wants[k], got)
}

// harmless is a piece of somebody's configuration as a message may show it.
func harmless(s string) string {
	r, err := redact.New(nil)
	if err != nil {
		return "this"
	}
	const enough = 60
	if s = r.String(s); len(s) > enough {
		s = strings.ToValidUTF8(s[:enough], "") + "…"
	}
	return strconv.Quote(s)
}

// described is a YAML node in a message.
func described(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "keys below it"
	case yaml.SequenceNode:
		return "a list"
	}
	return harmless(n.Value)
}

// plainName is what a key looks like in a message without quotes.
var plainName = regexp.MustCompile(`^[\w-]{1,60}$`)

func shownName(name string) string {
	if plainName.MatchString(name) {
		return name
	}
	return harmless(name)
}
