package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Problem is one thing that is wrong.
type Problem struct {
	File string // where the key stands, "" when it stands in no file
	Line int    // from 1, 0 when not known
	Env  string // the environment variable or flag that set it, if one did
	Key  string // its full path, such as tail.poll; "" when it is about the file as a whole
	Text string // what is wrong and what would be right; shows no secret
}

func (p Problem) String() string {
	var b strings.Builder
	switch {
	case p.Env != "":
		b.WriteString(p.Env + ": ")
	case p.File != "" && p.Line > 0:
		fmt.Fprintf(&b, "%s:%d: ", p.File, p.Line)
	case p.File != "":
		b.WriteString(p.File + ": ")
	}
	if p.Key != "" {
		b.WriteString(p.Key + ": ")
	}
	return b.String() + p.Text
}

// Errors is all that is wrong with a configuration, in the order of the file, then of the
// environment.
type Errors []Problem

func (e Errors) Error() string {
	lines := make([]string, len(e))
	for i, p := range e {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

func (e Errors) orNil() error {
	if len(e) == 0 {
		return nil
	}
	return e
}

// sort orders by place; what stands in no line comes behind the lines.
func (e Errors) sort() {
	slices.SortStableFunc(e, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Env, b.Env), cmp.Compare(uint(a.Line-1), uint(b.Line-1)), cmp.Compare(a.Key, b.Key))
	})
}

// about reports whether something is wrong with the key itself, or in it or around it; "" is the
// file as a whole.
func (e Errors) about(key string) bool {
	return slices.ContainsFunc(e, func(p Problem) bool { return p.Key == key || within(p.Key, key) || within(key, p.Key) })
}

// within reports whether a key is another one or stands below it.
func within(key, above string) bool {
	rest, ok := strings.CutPrefix(key, above)
	return ok && above != "" && (rest == "" || rest[0] == '.' || rest[0] == '[')
}
