package web

import (
	"path"
	"strings"
)

// pattern is one of path.Match that takes a time in proportion to the value, however it is made: a
// request holds it against each name that there is.
type pattern struct {
	text  string
	parts []string // between its stars; nil where it has more than stars
}

func newPattern(text string) pattern {
	if strings.ContainsAny(text, `?[\\`) {
		return pattern{text: text}
	}
	return pattern{text, strings.Split(text, "*")}
}

// tried is how many characters path.Match may have to try at each place of a value.
func (p pattern) tried() int {
	if p.parts != nil || !strings.Contains(p.text, "*") {
		return 0
	}
	return len(p.text)
}

func (p pattern) matches(value string) bool {
	if p.parts == nil {
		ok, _ := path.Match(p.text, value)
		return ok
	}
	end := len(p.parts) - 1
	if end == 0 {
		return p.text == value
	}
	value, ok := strings.CutPrefix(value, p.parts[0])
	for _, part := range p.parts[1:end] {
		i := strings.Index(value, part)
		if i < 0 {
			return false
		}
		value = value[i+len(part):]
	}
	return ok && strings.HasSuffix(value, p.parts[end])
}
