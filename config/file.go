package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"
)

// file is what the configuration file says: values in the form of its sections, and their places.
type file struct {
	name   string
	values map[string]any
	lines  map[string]int // of keys, and of entries of lists
	errs   Errors
}

func newFile(name string) *file {
	return &file{name: name, values: map[string]any{}, lines: map[string]int{}}
}

// readFile takes the text apart against the keys. It goes on after every error.
func readFile(name string, data []byte) *file {
	f := newFile(name)
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var doc, second yaml.Node
	switch err := dec.Decode(&doc); {
	case errors.Is(err, io.EOF):
		return f
	case err != nil:
		f.syntax(err, data)
		return f
	}
	if err := dec.Decode(&second); err == nil {
		f.wrong(second.Line, "", "has more than one document; only one is read")
	} else if !errors.Is(err, io.EOF) {
		f.syntax(err, data)
	}
	for _, root := range doc.Content {
		f.section(root, nil, keys(), f.values)
	}
	return f
}

func (f *file) wrong(line int, key, text string) {
	f.errs = append(f.errs, Problem{File: f.name, Line: line, Key: key, Text: text})
}

// syntaxError is how yaml.v3 words its errors.
var syntaxError = regexp.MustCompile(`(?s)^yaml: (?:line \d+: )?(.*)$`)

func (f *file) syntax(err error, data []byte) {
	text := err.Error()
	if m := syntaxError.FindStringSubmatch(text); m != nil {
		text = m[1]
	}
	f.wrong(badLine(data), "", "is no YAML: "+text)
}

// badLine is the line behind the longest beginning of the text that is YAML. yaml.v3 names the line
// in which the mapping or list began that it could not go on with, which can be far above.
func badLine(data []byte) int {
	lines := bytes.SplitAfter(data, []byte("\n"))
	const patience = 500
	if len(lines) > patience {
		return 0
	}
	for n := len(lines) - 1; n > 0; n-- {
		if yaml.Unmarshal(bytes.Join(lines[:n], nil), new(yaml.Node)) == nil {
			return n + 1
		}
	}
	return 1
}

// section reads a mapping into a map. path is its place, and known are all keys of the file.
func (f *file) section(n *yaml.Node, path []string, known []key, into map[string]any) {
	n = resolve(n)
	if n.Kind == yaml.ScalarNode && n.Tag == "!!null" {
		return // a section in which everything is commented out
	}
	if n.Kind != yaml.MappingNode {
		f.wrong(n.Line, join(path), "want keys below it")
		return
	}
	seen := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		name, value := n.Content[i], n.Content[i+1]
		below := append(path[:len(path):len(path)], shownName(name.Value))
		if first, twice := seen[name.Value]; twice {
			f.wrong(name.Line, join(below), fmt.Sprintf("stands here and in line %d", first))
			continue
		}
		seen[name.Value] = name.Line
		f.entry(name, value, below, known, into)
	}
}

func (f *file) entry(name, value *yaml.Node, path []string, known []key, into map[string]any) {
	k, names := find(path, known)
	switch {
	case k != nil && len(k.path) == len(path):
		f.lines[join(path)] = name.Line
		if v, ok := f.value(value, join(path), k); ok {
			into[path[len(path)-1]] = v
		}
	case k != nil:
		f.lines[join(path)] = name.Line
		below := map[string]any{}
		into[path[len(path)-1]] = below
		f.section(value, path, known, below)
	default:
		f.wrong(name.Line, join(path), unknownIn(name.Value, path, names, known))
	}
}

// find returns the key of a path, or one below it, and the names that its last element may have.
func find(path []string, known []key) (at *key, names []string) {
	last := len(path) - 1
	for i := range known {
		k := &known[i]
		if len(k.path) <= last || join(k.path[:last]) != join(path[:last]) {
			continue
		}
		names = append(names, k.path[last])
		if at == nil && k.path[last] == path[last] {
			at = k
		}
	}
	return at, names
}

// unknownIn is unknown for a name in a section. A key of that name elsewhere is worth a hint, too.
func unknownIn(name string, path, names []string, known []key) string {
	if Closest(name, names) == "" {
		for _, k := range known {
			if k.path[len(k.path)-1] == name && k.path[0] == path[0] {
				return fmt.Sprintf("there is no such key; did you mean %s?", k.name())
			}
		}
	}
	return unknown("key", name, names)
}

// unknown says that there is no key, or whatever what is, of a name, and which one is near.
func unknown(what, name string, names []string) string {
	text := "there is no such " + what
	if near := Closest(name, names); near != "" {
		text += "; did you mean " + near + "?"
	}
	return text
}

// value reads what a key is set to.
func (f *file) value(n *yaml.Node, name string, k *key) (any, bool) {
	n = resolve(n)
	switch {
	case n.Kind == yaml.ScalarNode && n.Tag == "!!null":
		f.wrong(n.Line, name, "has no value; leave the key out for the default")
	case k.kind == texts && n.Kind == yaml.SequenceNode:
		return f.texts(n, name)
	case k.kind == structs && n.Kind == yaml.SequenceNode:
		return f.structs(n, name, k.items)
	case k.kind >= texts || n.Kind != yaml.ScalarNode || n.Tag != kinds[k.kind].tag:
		f.wrong(n.Line, name, k.kind.not(described(n)))
	default:
		v, err := k.kind.scalar(n.Value)
		if err == nil {
			return v, true
		}
		f.wrong(n.Line, name, k.kind.not(harmless(n.Value)))
	}
	return nil, false
}

func (f *file) texts(n *yaml.Node, name string) (any, bool) {
	list, good := []string{}, true
	for i, item := range n.Content {
		at := fmt.Sprintf("%s[%d]", name, i)
		f.lines[at] = item.Line
		v, ok := f.value(item, at, &key{kind: text})
		good = good && ok
		if ok {
			list = append(list, v.(string))
		}
	}
	return list, good
}

func (f *file) structs(n *yaml.Node, name string, items []key) (any, bool) {
	list, before := []any{}, len(f.errs)
	for i, item := range n.Content {
		at := fmt.Sprintf("%s[%d]", name, i)
		f.lines[at] = item.Line
		inner := newFile(f.name)
		inner.section(item, nil, items, inner.values)
		for key, line := range inner.lines {
			f.lines[at+"."+key] = line
		}
		for _, p := range inner.errs {
			p.Key = strings.TrimSuffix(at+"."+p.Key, ".")
			f.errs = append(f.errs, p)
		}
		list = append(list, inner.values)
	}
	return list, len(f.errs) == before
}

func resolve(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

func join(path []string) string { return strings.Join(path, ".") }

// line is where a key stands, or the nearest thing around it; 0 for nowhere.
func (f *file) line(key string) int {
	for key != "" {
		if n := f.lines[key]; n > 0 {
			return n
		}
		key = key[:max(strings.LastIndexAny(key, ".["), 0)]
	}
	return 0
}
