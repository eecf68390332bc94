package yamlsize

import (
	"encoding/json"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

func TestValuesAreNeverTooFew(t *testing.T) {
	t.Parallel()
	for text, values := range map[string]int{
		"a":                     0,
		"a: 1\nb: 2\n":          2,
		"[1, 2, [3, {a: 4}]]":   6,
		"- [\n1,\n2]\n- {x: 1}": 5,
	} {
		if n := Values([]byte(text)); n < values {
			t.Errorf("%q: %d values, want %d at least", text, n, values)
		}
	}
}

func TestOverfullTellsTheLine(t *testing.T) {
	t.Parallel()
	wide := map[string]int{}
	for _, key := range strings.Split("abcdefgh", "") {
		wide[key] = 1
	}
	text, _ := json.Marshal(wide)
	for what, want := range map[string]int{
		"a: 1\nb: " + string(text):        2,
		"a:\n- x: 1\n- " + string(text):   3,
		"a: {b: {c: 1, d: 2}, e: [1, 2]}": 0,
	} {
		var doc yaml.Node
		if err := yaml.Unmarshal([]byte(what), &doc); err != nil {
			t.Fatal(err)
		}
		if line := Overfull(&doc, 7); line != want {
			t.Errorf("%q: line %d, want %d", what, line, want)
		}
		if line := Overfull(&doc, 8); line != 0 {
			t.Errorf("%q: line %d for maps of 8 keys, want 0", what, line)
		}
	}
}
