package files

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"

	"go.yaml.in/yaml/v3"

	"fluxtrail/parse/yamlsize"
)

// maxDocument bounds what is read as a whole.
const maxDocument = 256 << 20

// yaml reads documents that are objects or lists of objects. The items of a list as kubectl writes
// it are taken one at a time, so that those in front of a place that is no YAML are read.
func (in *input) yaml() error {
	lines := bufio.NewReaderSize(in.text, headSize)
	var errs error
	for d := (document{start: 1}); !d.last; {
		if err := d.next(lines); err != nil {
			return errors.Join(errs, err)
		}
		errs = errors.Join(errs, in.yamlDocument(&d))
	}
	return errs
}

// document is the text of one of the documents of a file.
type document struct {
	text  []byte
	start int // line
	lines int
	last  bool
}

// next reads up to the line that ends a document.
func (d *document) next(r *bufio.Reader) error {
	d.start += d.lines
	d.text, d.lines = d.text[:0], 0
	for {
		line, err := r.ReadSlice('\n')
		d.text = append(d.text, line...)
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
		case err != nil: // the end of the file, or of what can be unpacked of it
			d.last = true
			return nil
		case bytes.HasPrefix(line, []byte("---")) && len(bytes.TrimSpace(line)) == len("---"):
			d.text = d.text[:len(d.text)-len(line)]
			d.lines++
			return nil
		default:
			d.lines++
		}
		if len(d.text) > maxDocument {
			return fmt.Errorf("line %d: a document of more than %d MiB: save it with -o json", d.start, maxDocument>>20)
		}
	}
}

// isList finds a list as kubectl writes it, whose items are not indented.
func (d *document) isList() bool {
	return bytes.HasPrefix(d.text, []byte("items:\n- ")) || bytes.Contains(d.text, []byte("\nitems:\n- "))
}

func (in *input) yamlDocument(d *document) error {
	var rest, item []byte
	var errs error
	l, items, n, from := &list{}, false, d.start-1, 0
	flush := func() {
		if len(item) > 0 {
			errs = errors.Join(errs, in.yamlItems(item, from, l))
			item = item[:0]
		}
	}
	split := d.isList()
	for line := range bytes.Lines(d.text) {
		n++
		switch {
		case split && !l.is && string(line) == "items:\n":
			l.is, items = true, true
		case items && line[0] == '-':
			flush()
			item, from = append(item, line...), n
		case items && (line[0] == ' ' || line[0] == '\n' || line[0] == '#'):
			item = append(item, line...)
		default:
			items = false
			rest = append(rest, line...)
		}
	}
	flush()
	node, err := parsed(rest, d.start)
	if errs = errors.Join(errs, err); errs != nil || node == nil {
		return errs
	}
	return in.yamlValue(node, l)
}

// parsed is the root of a text that begins at a line, nil for an empty one.
func parsed(text []byte, line int) (*yaml.Node, error) {
	var doc yaml.Node
	if len(text) > maxText {
		return nil, fmt.Errorf("line %d: %d MiB in one piece, %d are the limit: save it with -o json", line, len(text)>>20, maxText>>20)
	}
	if yamlsize.Values(text) > maxValues {
		return nil, fmt.Errorf("line %d: more than %d values in one piece: save it with -o json", line, maxValues)
	}
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return nil, fmt.Errorf("line %d: the text that begins here is no YAML: %w", line, err)
	}
	if len(doc.Content) == 0 {
		return nil, nil
	}
	if n := nodes(&doc, map[*yaml.Node]int{}); n > len(text)+maxAlias {
		return nil, fmt.Errorf("line %d: aliases make this %d times as large as it is written: write them out", line, n/(len(text)+1))
	}
	if at := yamlsize.Overfull(&doc, maxKeys); at > 0 {
		return nil, fmt.Errorf("line %d: a map of more than %d keys: save it with -o json", line-1+at, maxKeys)
	}
	return doc.Content[0], nil
}

const (
	maxValues = 1_500_000 // that are parsed at once
	maxKeys   = 5000      // of a map
)

// maxText bounds what is parsed at once: an item of a list, or what is no list.
const maxText = 32 << 20

// maxAlias is how many nodes more than bytes aliases may make of a text.
const maxAlias = 10_000

// nodes counts the nodes that a tree has when each alias is what it stands for, up to some 2^30.
func nodes(n *yaml.Node, known map[*yaml.Node]int) int {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if count, ok := known[n]; ok {
		return count
	}
	known[n] = 1 << 40 // a node that holds itself
	count := 1
	for _, child := range n.Content {
		count = min(count+nodes(child, known), 1<<30)
	}
	known[n] = count
	return count
}

// yamlValue takes an object or a list, whose items may have been taken before.
func (in *input) yamlValue(n *yaml.Node, l *list) error {
	if n.Kind == yaml.SequenceNode {
		in.yamlSequence(n, 0, l)
		return in.end(l)
	}
	o := map[string]any{}
	for i := 0; i+1 < len(n.Content) && n.Kind == yaml.MappingNode; i += 2 {
		key, v := n.Content[i].Value, n.Content[i+1]
		if key == "items" && v.Kind == yaml.SequenceNode {
			l.is = true
			in.yamlSequence(v, 0, l)
			continue
		}
		var value any
		if err := v.Decode(&value); err != nil {
			return fmt.Errorf("line %d: %w", v.Line, err)
		}
		o[key] = value
	}
	return in.value(o, l, n.Line)
}

// yamlItems takes the text of items, which begins at a line.
func (in *input) yamlItems(text []byte, line int, l *list) error {
	n, err := parsed(text, line)
	if n != nil {
		in.yamlSequence(n, line-1, l)
	}
	return err
}

// yamlSequence takes items; before is the number of lines in front of the text that was parsed.
func (in *input) yamlSequence(n *yaml.Node, before int, l *list) {
	for _, item := range n.Content {
		var o map[string]any
		if item.Decode(&o) != nil || o == nil {
			in.others++
			continue
		}
		in.item(o, l, before+item.Line)
	}
}
