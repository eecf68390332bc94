// Package promtail reads the positions that Promtail, the Grafana Agent and Alloy keep of the files
// that they read.
//
// In: the text of a positions file, with plain paths as keys, or, as Alloy writes them, with a path
// and labels. Out: one offset for each path. Its caller is the command migrate. What is not a
// position in a file, such as a cursor of the journal, is told and left out.
package promtail

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"fluxtrail/parse/yamlsize"
)

// Positions returns how many bytes were read of each file, and a reason for each entry that tells
// of none. Where a file has several entries, with different labels, the least of them counts.
func Positions(text []byte) (offsets map[string]int64, left []string, err error) {
	if yamlsize.Values(text) > maxValues {
		return nil, nil, fmt.Errorf("this is no positions file: it has more than %d values", maxValues)
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return nil, nil, fmt.Errorf("this is no positions file: %w", err)
	}
	all := positions(&doc)
	if all == nil {
		return nil, nil, fmt.Errorf("this is no positions file: it has no mapping called positions")
	}
	offsets = map[string]int64{}
	for i := 0; i+1 < len(all.Content); i += 2 {
		key, value := all.Content[i], all.Content[i+1]
		name, offset, err := entry(key, value)
		if err != nil {
			left = append(left, fmt.Sprintf("line %d: %v", key.Line, err))
			continue
		}
		if other, ok := offsets[name]; ok {
			offset = min(offset, other)
		}
		offsets[name] = offset
	}
	return offsets, left, nil
}

// maxValues bounds the values of a file. Each takes some 300 bytes.
const maxValues = 500_000

// positions is the mapping of that name, nil for none. Decoding the document into a struct would
// compare each of its keys with all others.
func positions(doc *yaml.Node) *yaml.Node {
	for _, root := range doc.Content {
		for i := 0; root.Kind == yaml.MappingNode && i+1 < len(root.Content); i += 2 {
			if root.Content[i].Value == "positions" && root.Content[i+1].Kind == yaml.MappingNode {
				return root.Content[i+1]
			}
		}
	}
	return nil
}

// entry is one position: "/var/log/pods/…/0.log": "1234", or with {path: …, labels: …} as its key.
func entry(key, value *yaml.Node) (name string, offset int64, err error) {
	name = key.Value
	if key.Kind == yaml.MappingNode {
		at := slices.IndexFunc(key.Content, func(n *yaml.Node) bool { return n.Value == "path" })
		if at < 0 || at+1 >= len(key.Content) {
			return "", 0, fmt.Errorf("a key without a path")
		}
		name = key.Content[at+1].Value
	}
	if !strings.HasPrefix(name, "/") {
		return "", 0, fmt.Errorf("%.100q is no path of a file", name)
	}
	offset, err = strconv.ParseInt(value.Value, 10, 64)
	if err != nil || offset < 0 {
		return "", 0, fmt.Errorf("%s: %.100q is no number of bytes", name, value.Value)
	}
	return path.Clean(name), offset, nil
}
