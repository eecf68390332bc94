package frame

import "github.com/tidwall/gjson"

const (
	// maxDepth is how deep JSON may be nested. No encoder goes near it.
	maxDepth = 1000
	// shallow is the size up to which any nesting takes little of the stack.
	shallow = 64 << 10
)

// Valid reports whether text is JSON, nested no deeper than 1,000 levels. gjson calls itself for
// each level: a line of 10 MiB of opening brackets would overflow the stack, which ends a process.
func Valid(text []byte) bool {
	return (len(text) <= shallow || !deep(text)) && gjson.ValidBytes(text)
}

// deep reports whether text opens more than maxDepth brackets that it has not closed yet.
func deep(text []byte) bool {
	depth, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '[' || c == '{':
			if depth++; depth > maxDepth {
				return true
			}
		case c == ']' || c == '}':
			depth--
		}
	}
	return false
}
