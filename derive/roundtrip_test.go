package derive

import (
	"encoding/json"
	"fmt"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"fluxtrail/parse"
)

// filler fills values by reflection, each with something else.
type filler struct{ n int64 }

// fill fills everything that JSON saves: exported fields, and those of embedded structs.
func (f *filler) fill(v reflect.Value) {
	f.n++
	if v.Type() == reflect.TypeFor[AttemptID]() {
		v.Set(reflect.ValueOf(uuid(fmt.Sprintf("%08x-5d5c-4b4a-8e2f-000000000003", f.n&0xffffffff))))
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(fmt.Sprint("text-", f.n))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int32, reflect.Int64:
		v.SetInt(f.n)
	case reflect.Uint8: // enums
		v.SetUint(uint64(1 + f.n%3))
	case reflect.Uint32, reflect.Uint64:
		v.SetUint(uint64(f.n))
	case reflect.Float64:
		v.SetFloat(float64(f.n) + 0.5)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		f.fill(v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		f.fillList(v)
	case reflect.Array:
		f.fillList(v)
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		key := reflect.New(v.Type().Key()).Elem()
		f.fill(key)
		v.SetMapIndex(key, reflect.ValueOf(true))
	case reflect.Struct:
		f.fillStruct(v)
	default:
		panic(fmt.Sprint("what is to be done with a ", v.Type()))
	}
}

func (f *filler) fillList(v reflect.Value) {
	for i := range v.Len() {
		f.fill(v.Index(i))
	}
}

func (f *filler) fillStruct(v reflect.Value) {
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if field.Tag.Get("json") != "-" && (field.IsExported() || field.Anonymous) {
			f.fill(v.Field(i))
		}
	}
}

// TestEveryFieldIsSaved fills every field of what is saved, and finds it again after a restart. A
// new field is part of the test as it is part of the state.
func TestEveryFieldIsSaved(t *testing.T) {
	t.Parallel()
	e, f := New(Config{Announce: true}), filler{n: noon}
	var want []any
	for _, name := range []string{"a", "b"} {
		o := &Object{}
		f.fill(reflect.ValueOf(o).Elem())
		o.Name, o.Kind = name, "Kustomization"
		// What a live engine never has: an incident that is over, a deadline that is not set.
		o.Incident.Object, o.Incident.ResolvedAt, o.Incident.ClosedReason = o.Ref, 0, ""
		e.restore(o)
		g := &ErrorGroup{}
		f.fill(reflect.ValueOf(g).Elem())
		e.errors[g.Fingerprint] = g
		p := &Pod{}
		f.fill(reflect.ValueOf(p).Elem())
		e.attachPod(podKey{p.Controller, p.Name}, p)
		want = append(want, o, g, p)
	}
	e.now, e.latest = f.n+1, f.n

	saved, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	back := New(e.cfg)
	if err := json.Unmarshal(saved, back); err != nil {
		t.Fatal(err)
	}
	var got []any
	for _, x := range want {
		switch x := x.(type) {
		case *Object:
			got = append(got, back.objects[x.Ref])
		case *ErrorGroup:
			got = append(got, back.errors[x.Fingerprint])
		case *Pod:
			got = append(got, back.pods[podKey{x.Controller, x.Name}])
		}
	}
	live := cmp.Options{
		cmp.AllowUnexported(Object{}, Incident{}, Pod{}), cmpopts.IgnoreUnexported(deadline{}, objectState{}),
		cmpopts.IgnoreFields(Object{}, "Durations", "Between", "failingAt", "opening", "firing", "retry"),
		cmpopts.IgnoreFields(Incident{}, "affected"), cmpopts.IgnoreFields(Pod{}, "fresh"),
	}
	if d := cmp.Diff(want, got, live); d != "" {
		t.Errorf("(-saved +restored): %s", d)
	}
	if back.now != e.now || back.latest != e.latest {
		t.Errorf("the clock is at %d, %d; was at %d, %d", back.now, back.latest, e.now, e.latest)
	}
	again, err := json.Marshal(back)
	if err != nil || string(again) != string(saved) {
		t.Errorf("saved again (%v): %s", err, cmp.Diff(string(saved), string(again)))
	}
}

// TestSavedIsSmall bounds what an object without a past costs on disk. A field without omitzero
// shows here.
func TestSavedIsSmall(t *testing.T) {
	t.Parallel()
	e := New(Config{})
	e.newObject(Ref{Kind: "Kustomization", Namespace: "apps", Name: "web"}, parse.ControllerOf("Kustomization"))
	saved, err := json.Marshal(e.inOrder()[0])
	if want := `{"ref":{"Kind":"Kustomization","Namespace":"apps","Name":"web"},"ready":"Unknown","controller":"kustomize-controller"}`; err != nil || string(saved) != want {
		t.Errorf("%v\ngot  %s\nwant %s", err, saved, want)
	}
}
