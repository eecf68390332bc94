package config

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/prometheus/common/model"
	"go.yaml.in/yaml/v3"

	"fluxtrail/parse/redact"
)

// kinds says, for each kind, what a value has to look like, how YAML calls it where it is strict
// about that, and how the help of a flag does.
var kinds = [...]struct{ want, tag, hint string }{
	text:     {"text; put it in quotes where YAML takes it for something else", "!!str", "text"},
	secret:   {"text; put it in quotes where YAML takes it for something else", "!!str", ""},
	boolean:  {"true or false", "!!bool", "bool"},
	number:   {"a whole number", "!!int", "number"},
	duration: {"a duration such as 250ms, 10s, 5m, 24h or 7d", "!!str", "duration"},
	size:     {"a size such as 64KiB, 10MiB or 1GiB", "!!str", "size"},
	texts:    {"a list of texts", "", "list"},
	structs:  {"a list of entries", "", ""},
}

var errValue = errors.New("not of the kind")

// scalar reads a value that is one word or text.
func (k kind) scalar(s string) (any, error) {
	switch k {
	case boolean:
		if s != "true" && s != "false" {
			return nil, errValue
		}
		return s == "true", nil
	case number:
		return strconv.ParseInt(s, 10, 64)
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
	if err != nil {
		return 0, fmt.Errorf("want %s", kinds[duration].want)
	}
	return time.Duration(d), nil
}

// parseSize reads a number of bytes, which may be negative. It needs a unit: 10 could be anything.
func parseSize(s string) (int64, error) {
	digits, negative := strings.CutPrefix(s, "-")
	n, err := humanize.ParseBytes(digits)
	if err != nil || !strings.HasSuffix(s, "B") || n > math.MaxInt64 {
		return 0, errValue
	}
	if negative {
		return -int64(n), nil
	}
	return int64(n), nil
}

// formatSize writes a size in the largest unit of which it is a multiple.
func formatSize(n int64) string {
	for _, u := range []struct {
		name  string
		bytes int64
	}{
		{"GiB", humanize.GiByte}, {"GB", humanize.GByte}, {"MiB", humanize.MiByte},
		{"MB", humanize.MByte}, {"KiB", humanize.KiByte}, {"kB", humanize.KByte},
	} {
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

// parse reads the text of a variable or a flag as the key wants it. A list is written as YAML has
// it on one line, ["a", "b"]; a list of texts may also be parted by commas, without brackets.
func (k key) parse(s string) (any, Errors) {
	switch {
	case k.kind < texts:
		v, err := k.kind.scalar(s)
		if err != nil {
			return nil, Errors{{Key: k.name(), Text: k.kind.not(harmless(s))}}
		}
		return v, nil
	case k.kind == texts && !strings.HasPrefix(strings.TrimSpace(s), "["):
		list := []string{}
		for item := range strings.SplitSeq(s, ",") {
			list = append(list, strings.TrimSpace(item))
		}
		return list, nil
	}
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(s), &doc); err != nil || len(doc.Content) == 0 {
		return nil, Errors{{Key: k.name(), Text: k.kind.not(harmless(s))}}
	}
	f := newFile("")
	v, _ := f.value(doc.Content[0], k.name(), &k)
	return v, f.errs
}

// not says what is wrong with a value. What may be a secret, or hold one, is not repeated.
func (k kind) not(got string) string {
	if k == secret || k == structs {
		return "want " + kinds[k].want
	}
	return fmt.Sprintf("want %s, not %s", kinds[k].want, got)
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
