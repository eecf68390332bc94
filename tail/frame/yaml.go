package frame

import (
	"bytes"
	"encoding/json"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Entries in YAML: what `gcloud logging read` prints when it is not told otherwise, `yq` makes of
// lines, and the text that Google's console gives when entries are copied. A document is one
// entry. The joiner makes JSON of it, which the rule for wrappers reads.

// maxEntry bounds the text of one document.
const maxEntry = 1 << 20

// yamlEntries reports whether text is made of such documents: a map of YAML that is no object of
// Kubernetes, with a key that log entries have.
func yamlEntries(text []byte) bool {
	text = bytes.TrimPrefix(text, yamlBorder)
	text = bytes.TrimLeft(text, "\r\n")
	first, _, _ := bytes.Cut(text, newline)
	if !yamlKey(first) {
		return false
	}
	entry := false
	for row := range bytes.Lines(text) {
		if bytes.HasPrefix(row, []byte("apiVersion:")) {
			return false
		}
		key, _, _ := bytes.Cut(bytes.TrimLeft(row, " "), []byte(":"))
		entry = entry || entryKeys[string(key)]
	}
	return entry
}

// entryKeys are the keys of which an entry has one.
var entryKeys = map[string]bool{"msg": true, "jsonPayload": true, "textPayload": true}

// yamlKey reports whether a row begins a map: a name in front of a colon.
func yamlKey(row []byte) bool {
	key, rest, ok := bytes.Cut(bytes.TrimRight(row, " \r"), []byte(":"))
	if !ok || len(key) == 0 || len(rest) > 0 && rest[0] != ' ' {
		return false
	}
	for _, c := range key {
		if (c|0x20 < 'a' || c|0x20 > 'z') && (c < '0' || c > '9') && c != '_' && c != '@' && c != '.' {
			return false
		}
	}
	return key[0] < '0' || key[0] > '9'
}

var yamlBorder = []byte("---")

// consoleOpens and consoleCloses stand around an entry of Google's console; what is between them is
// indented as YAML wants it.
var (
	consoleOpens  = []byte("jsonPayload: {")
	consoleCloses = []byte("}")
)

// entryRow joins the rows of one document.
func (j *Joiner) entryRow(u Unit) {
	row := bytes.TrimRight(u.Text, " \r")
	whole := !j.goes && !j.more
	switch {
	case whole && (bytes.Equal(row, yamlBorder) || bytes.Equal(row, consoleCloses)):
		j.endEntry()
		u.Text = nil
		j.give(u)
		return
	case whole && bytes.Equal(row, consoleOpens):
		j.endEntry()
		u.Text = row[:len(row)-2]
	case len(j.rows) == 0 && len(row) == 0:
		u.Text = nil
		j.give(u)
		return
	}
	if j.hold(u); len(j.raw) > maxEntry {
		j.giveUp()
	}
}

// endEntry gives the document that is held as JSON, or its rows where they are none.
func (j *Joiner) endEntry() {
	if len(j.rows) == 0 {
		return
	}
	var entry yaml.Node
	text, ok := "", yaml.Unmarshal(j.join(nil), &entry) == nil && len(entry.Content) > 0
	if ok {
		text, ok = jsonOf(entry.Content[0])
	}
	if !ok || text[0] != '{' {
		j.giveUp()
		return
	}
	j.finish()
	j.units[len(j.units)-1].Text = []byte(text)
}

// jsonOf is a node of YAML as JSON, in the order of its keys. It refuses references to other nodes:
// with them a small text can stand for a large one.
func jsonOf(n *yaml.Node) (text string, ok bool) {
	switch n.Kind {
	case yaml.MappingNode:
		var object builder
		for i := 0; i+1 < len(n.Content); i += 2 {
			value, fits := jsonOf(n.Content[i+1])
			if !fits {
				return "", false
			}
			object.add(n.Content[i].Value, value)
		}
		return object.object(), true
	case yaml.SequenceNode:
		items := make([]string, len(n.Content))
		for i, item := range n.Content {
			if items[i], ok = jsonOf(item); !ok {
				return "", false
			}
		}
		return "[" + strings.Join(items, ",") + "]", true
	case yaml.ScalarNode:
		return jsonScalar(n), true
	}
	return "", false
}

// jsonScalar is a scalar of YAML as JSON. What is no number, no truth value and no null is a
// string, so that times stay as they were written.
func jsonScalar(n *yaml.Node) string {
	var value any = n.Value
	switch n.ShortTag() {
	case "!!int", "!!float", "!!bool", "!!null":
		if n.Decode(&value) != nil {
			value = n.Value
		}
	}
	text, err := json.Marshal(value)
	if err != nil { // infinity, or no number
		text, _ = json.Marshal(n.Value)
	}
	return string(text)
}
