package config

import (
	"encoding"
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode"
)

// key is one thing that can be set, found by walking Config.
type key struct {
	path  []string
	typ   reflect.Type
	kind  kind
	index []int  // of the field, from Config
	unit  string // "bytes" for an integer that counts them
	zero  bool   // a number may be zero, though its default is not
	items []key  // keys of each entry, of a list of structs

	origin bool // of an address only the host is shown
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

func (k key) name() string { return strings.Join(k.path, ".") }

// keys lists what can be set, in the order of the structs.
func keys() []key { return walk(reflect.TypeFor[Config](), nil, nil) }

func walk(t reflect.Type, path []string, index []int) (all []key) {
	for i := range t.NumField() {
		f := t.Field(i)
		name := fieldName(f)
		if name == "-" || !f.IsExported() {
			continue
		}
		at := append(slices.Clone(index), i)
		below := path
		if !f.Anonymous {
			below = append(slices.Clone(path), name)
		}
		k := key{
			path: below, typ: f.Type, index: at,
			unit: f.Tag.Get("unit"), zero: f.Tag.Get("zero") == "ok", origin: f.Tag.Get("shown") == "origin",
		}
		if k.leaf() {
			all = append(all, k)
		} else if f.Type.Kind() == reflect.Struct {
			all = append(all, walk(f.Type, below, at)...)
		}
	}
	return all
}

// leaf fills in the kind and reports whether it is one. Fields of functions, pointers and
// interfaces are no keys.
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
	case k.unit == "bytes":
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
