package derive

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

// TestSavedAsJSON compares what is saved with what encoding/json makes of the same objects: of one
// without anything, of one with everything, and of ones with one field alone.
func TestSavedAsJSON(t *testing.T) {
	t.Parallel()
	same := func(name string, o interface{ appendTo([]byte) []byte }) {
		var want bytes.Buffer
		enc := json.NewEncoder(&want)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(o); err != nil {
			t.Fatal(err)
		}
		if got := string(o.appendTo([]byte("x"))); got != "x"+strings.TrimSuffix(want.String(), "\n") {
			t.Errorf("%s:\ngot   %s\nwant x%s", name, got, want.String())
		}
	}
	all, f := &Object{}, filler{n: noon}
	f.fill(reflect.ValueOf(all).Elem())
	same("nothing", savedObject{Object: &Object{}})
	same("everything", savedObject{all, &savedKnown{Families: 3}})
	group := &ErrorGroup{}
	same("no error", group)
	f.fill(reflect.ValueOf(group).Elem())
	same("an error", group)
	each(reflect.TypeFor[Object](), nil, func(name string, path []int) {
		one := &Object{Incident: &Incident{}, objectState: objectState{Latest: &Attempt{}}}
		f.fill(reflect.ValueOf(one).Elem().FieldByIndex(path))
		same(name, savedObject{Object: one})
	})
	for _, text := range []string{"a\nb\tc", "\r\x00\x7f", `"\`, "<&>", "é\u2028", "\xff"} {
		same(text, savedObject{Object: &Object{Ready: text, Message: text, objectState: objectState{NotDeps: []Ref{}}}})
	}
}

// each calls f for the fields that are saved of a struct, and of those within it.
func each(typ reflect.Type, path []int, f func(name string, path []int)) {
	for i := range typ.NumField() {
		field, at := typ.Field(i), append(path[:len(path):len(path)], i)
		if field.Tag.Get("json") == "-" || !field.IsExported() && !field.Anonymous {
			continue
		}
		f(field.Name, at)
		inner := field.Type
		if inner.Kind() == reflect.Pointer {
			inner = inner.Elem()
		}
		if inner.Kind() == reflect.Struct {
			each(inner, at, f)
		}
	}
}
