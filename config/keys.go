package config

import (
	"encoding"
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode"

	"fluxtrail/agent"
	"fluxtrail/derive"
)

// key is one thing that can be set, found by walking agent.Config.
type key struct {
	path  []string
	typ   reflect.Type
	kind  kind
	index []int // of the field, from agent.Config
	items []key // keys of each entry, of a list of structs
}

// kind is how the value of a key is written.
type kind uint8

const (
	text kind = iota
	secret
	boolean
	number
	duration
	size // an integer in Go, with a unit of bytes in the file
	texts
	structs
)

// sizes are the integers that count bytes. They want a unit, because 10 could be anything.
var sizes = []string{
	"tail.max_line", "tail.max_partial", "tail.hold_bytes",
	"loki.batch_bytes", "loki.max_line", "loki.stream_rate", "loki.stream_burst",
}

// zeroIsDefault are the sections whose packages take a zero for the default. Who writes one means something else.
var zeroIsDefault = []string{"loki", "incidents", "metrics"}

// wired are fields that the program sets and nobody else.
var wired = map[reflect.Type][]string{
	reflect.TypeFor[derive.Config](): {"NoTransitions", "KeepRuns", "KeepText", "MinLevel"},
}

func (k key) name() string { return strings.Join(k.path, ".") }

// keys lists what can be set, in the order of the structs.
func keys() []key { return walk(reflect.TypeFor[agent.Config](), nil, nil) }

func walk(t reflect.Type, path []string, index []int) (all []key) {
	for i := range t.NumField() {
		f := t.Field(i)
		name := fieldName(f)
		if name == "-" || !f.IsExported() || slices.Contains(wired[t], f.Name) {
			continue
		}
		at := append(slices.Clone(index), i)
		below := path
		if !f.Anonymous {
			below = append(slices.Clone(path), name)
		}
		if k := (key{path: below, typ: f.Type, index: at}); k.leaf() {
			all = append(all, k)
		} else if f.Type.Kind() == reflect.Struct {
			all = append(all, walk(f.Type, below, at)...)
		}
	}
	return all
}

// leaf fills in the kind and reports whether it is one. Fields of functions, pointers and interfaces are no keys.
func (k *key) leaf() bool {
	switch t := k.typ; {
	case t.Kind() == reflect.String && reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]()):
		k.kind = secret
	case t.Kind() == reflect.String:
		k.kind = text
	case t.Kind() == reflect.Bool:
		k.kind = boolean
	case t == reflect.TypeFor[time.Duration]():
		k.kind = duration
	case slices.Contains(sizes, k.name()):
		k.kind = size
	case t.Kind() == reflect.Int, t.Kind() == reflect.Int64:
		k.kind = number
	case t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.String:
		k.kind = texts
	case t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Struct:
		k.kind, k.items = structs, walk(t.Elem(), nil, nil)
	default:
		return false
	}
	return true
}

// fieldName is the key of a field: its mapstructure tag, or else its name in snake case.
func fieldName(f reflect.StructField) string {
	if tag, _, _ := strings.Cut(f.Tag.Get("mapstructure"), ","); tag != "" {
		return tag
	}
	return snake(f.Name)
}

// snake turns MaxLine into max_line, CAFile into ca_file.
func snake(name string) string {
	var b strings.Builder
	runes := []rune(name)
	for i, r := range runes {
		afterSmall := i > 0 && !unicode.IsUpper(runes[i-1])
		beforeSmall := i > 0 && i+1 < len(runes) && unicode.IsLower(runes[i+1])
		if unicode.IsUpper(r) && (afterSmall || beforeSmall) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// closest is the known name that a wrong one is most likely meant to be, "" when none is near.
func closest(wrong string, names []string) string {
	best, least := "", max(1, len(wrong)/3)
	for _, name := range names {
		if d := distance(strings.ToLower(wrong), strings.ToLower(name)); d <= least && (best == "" || d < least) {
			best, least = name, d
		}
	}
	return best
}

// distance counts the letters to insert, delete or replace to make b of a.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
