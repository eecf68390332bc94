package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"go.yaml.in/yaml/v3"
)

// readme is README.md.tmpl of the chart with the table of its values in the place of a mark.
func readme(dir string) ([]byte, error) {
	frame, err := os.ReadFile(filepath.Join(dir, "chart/README.md.tmpl"))
	if err != nil {
		return nil, err
	}
	text, err := os.ReadFile(filepath.Join(dir, "chart/values.yaml"))
	if err != nil {
		return nil, err
	}
	var values yaml.Node
	if err := yaml.Unmarshal(text, &values); err != nil {
		return nil, err
	}
	var table strings.Builder
	table.WriteString("| key | default | meaning |\n|---|---|---|\n")
	if err := rows(&table, "", values.Content[0]); err != nil {
		return nil, err
	}
	return bytes.Replace(frame, []byte("{{values}}\n"), []byte(table.String()), 1), nil
}

// rows writes a row for each key that has a description, and looks below those that have none.
func rows(table *strings.Builder, prefix string, values *yaml.Node) error {
	for i := 0; i+1 < len(values.Content); i += 2 {
		key, value := values.Content[i], values.Content[i+1]
		name := prefix + key.Value
		meaning, ok := description(key.HeadComment)
		if !ok && value.Kind == yaml.MappingNode && len(value.Content) > 0 {
			if err := rows(table, name+".", value); err != nil {
				return err
			}
			continue
		}
		if !ok {
			return fmt.Errorf("values.yaml: %s has no description", name)
		}
		text, err := inline(value)
		if err != nil {
			return err
		}
		fmt.Fprintf(table, "| `%s` | `%s` | %s |\n", name, text, strings.ReplaceAll(meaning, "|", `\|`))
	}
	return nil
}

// description is the part of a comment from its two dashes on, in one line.
func description(comment string) (string, bool) {
	_, text, ok := strings.Cut(comment, "# -- ")
	return strings.ReplaceAll(text, "\n# ", " "), ok
}

// inline is a value in one line, as it may be written in a file.
func inline(value *yaml.Node) (string, error) {
	flow(value)
	text, err := yaml.Marshal(value)
	one := strings.Join(strings.Fields(string(text)), " ")
	return strings.ReplaceAll(one, "|", `\|`), err
}

func flow(n *yaml.Node) {
	n.Style |= yaml.FlowStyle
	n.HeadComment, n.LineComment, n.FootComment = "", "", ""
	if n.Kind == yaml.ScalarNode {
		n.Style &^= yaml.FlowStyle
	}
	for _, c := range n.Content {
		flow(c)
	}
}
