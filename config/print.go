package config

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"fluxtrail/parse/redact"
	"fluxtrail/sinks"
)

// YAML is the configuration as a file. Secrets are shown as a placeholder, also those inside of
// other values, such as a password in the URL of a proxy. What it shows can be loaded, but for
// those.
func YAML(c Config) ([]byte, error) {
	hide, err := redact.New(nil)
	if err != nil {
		return nil, err
	}
	root := mapping()
	for _, k := range keys() {
		at := root
		for _, name := range k.path[:len(k.path)-1] {
			at = child(at, name)
		}
		add(at, k.path[len(k.path)-1], render(reflect.ValueOf(c).FieldByIndex(k.index), k, hide))
	}
	return encode(root)
}

// Keys are the names of everything that can be set, and of the sections around them.
func Keys() (names []string) {
	for _, k := range keys() {
		for n := range k.path {
			if name := join(k.path[:n+1]); !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// Part is what a configuration, or the example of one, says of a key or section, with the sections
// around it and the comments.
func Part(doc []byte, name string) ([]byte, error) {
	var root yaml.Node
	if err := yaml.Unmarshal(doc, &root); err != nil {
		return nil, err
	}
	if !slices.Contains(Keys(), name) {
		return nil, Errors{{Key: shownName(name), Text: unknown("key", name, Keys())}}
	}
	at := root.Content[0]
	at.HeadComment = ""
	for _, word := range strings.Split(name, ".") {
		for i := 0; i+1 < len(at.Content); i += 2 {
			if at.Content[i].Value == word {
				at.Content = at.Content[i : i+2]
				at = at.Content[1]
				break
			}
		}
	}
	return encode(root.Content[0])
}

func encode(n *yaml.Node) ([]byte, error) {
	var b bytes.Buffer
	enc := yaml.NewEncoder(&b)
	enc.SetIndent(2)
	err := enc.Encode(n)
	return b.Bytes(), err
}

func mapping() *yaml.Node { return &yaml.Node{Kind: yaml.MappingNode} }

func add(m *yaml.Node, name string, value *yaml.Node) {
	m.Content = append(m.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: name}, value)
}

// child is the mapping below a name, which is the latest, as keys stand together, or made now.
func child(m *yaml.Node, name string) *yaml.Node {
	if n := len(m.Content); n > 0 && m.Content[n-2].Value == name {
		return m.Content[n-1]
	}
	add(m, name, mapping())
	return m.Content[len(m.Content)-1]
}

func render(v reflect.Value, k key, hide *redact.Redactor) *yaml.Node {
	switch k.kind {
	case texts:
		list := &yaml.Node{Kind: yaml.SequenceNode}
		for i := range v.Len() {
			list.Content = append(list.Content, render(v.Index(i), key{kind: text}, hide))
		}
		return list
	case structs:
		list := &yaml.Node{Kind: yaml.SequenceNode}
		for i := range v.Len() {
			entry := mapping()
			for _, item := range k.items {
				add(entry, item.name(), render(v.Index(i).FieldByIndex(item.index), item, hide))
			}
			list.Content = append(list.Content, entry)
		}
		return list
	}
	n := &yaml.Node{}
	switch k.kind {
	case text:
		shown := v.String()
		if k.origin {
			shown = sinks.Origin(shown)
		}
		n.SetString(hide.String(shown))
	case secret:
		n.SetString(fmt.Sprint(v.Interface()))
	default:
		n.Kind, n.Value = yaml.ScalarNode, plain(v, k.kind)
	}
	return n
}

func plain(v reflect.Value, k kind) string {
	switch k {
	case boolean:
		return strconv.FormatBool(v.Bool())
	case duration:
		return formatDuration(time.Duration(v.Int()))
	case size:
		return formatSize(v.Int())
	}
	return strconv.FormatInt(v.Int(), 10)
}
