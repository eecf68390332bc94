// Package yamlsize tells what a text in YAML or JSON takes to be parsed, before it is, and what was
// parsed takes to be used. In goes the text or the tree of it, out come numbers, which callers hold
// against limits of their own. It reads no file, keeps nothing, and knows nothing of what the text
// is about.
package yamlsize

import (
	"bytes"

	"go.yaml.in/yaml/v3"
)

// Values returns how many values a text has at most. Each takes some 300 bytes when yaml parses it.
func Values(text []byte) (n int) {
	for _, begin := range []byte("\n,[{") {
		n += bytes.Count(text, []byte{begin})
	}
	return n
}

// Overfull returns the line of a map of more than that many keys, or 0 if there is none. Decoding
// one takes time in the square of its keys, because yaml compares each with all others.
func Overfull(n *yaml.Node, keys int) int {
	if n.Kind == yaml.MappingNode && len(n.Content) > 2*keys {
		return n.Line
	}
	for _, child := range n.Content {
		if line := Overfull(child, keys); line > 0 {
			return line
		}
	}
	return 0
}
