package api

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"
)

// TestAppendJSONWritesAllMembers compares what is written out with what encoding/json writes, for
// events whose members are all set, some, or none, to texts of all kinds.
func TestAppendJSONWritesAllMembers(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for n := range 2000 {
		set := float64(n%5) / 4
		var event Event
		var silence SilenceEvent
		fill(random, set, reflect.ValueOf(&event).Elem())
		fill(random, set, reflect.ValueOf(&silence).Elem())
		for _, x := range []struct {
			got  []byte
			want any
		}{{event.AppendJSON([]byte("before")), event}, {silence.AppendJSON([]byte("before")), silence}} {
			if want := "before" + encoded(t, x.want); string(x.got) != want {
				t.Fatalf("got\n%s\nwant\n%s", x.got, want)
			}
		}
	}
}

func encoded(t *testing.T, v any) string {
	t.Helper()
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		t.Fatal(err)
	}
	return string(bytes.TrimSuffix(b.Bytes(), []byte("\n")))
}

// fill sets a value, and what it consists of, with a probability.
func fill(random *rand.Rand, set float64, v reflect.Value) {
	if at, ok := v.Addr().Interface().(*Time); ok {
		if random.Float64() < set {
			zone := time.FixedZone("", random.IntN(7200))
			at.Time = time.Unix(random.Int64N(4e9)-1e9, random.Int64N(1e9)).In(zone)
		}
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			fill(random, set, v.Field(i))
		}
	case reflect.Pointer:
		if random.Float64() < set {
			v.Set(reflect.New(v.Type().Elem()))
			fill(random, set, v.Elem())
		}
	case reflect.Slice:
		if random.Float64() < set {
			v.Set(reflect.MakeSlice(v.Type(), random.IntN(4), 4))
		}
		for i := range v.Len() {
			fill(random, set, v.Index(i))
		}
	case reflect.Int64:
		v.SetInt(random.Int64() - random.Int64())
	case reflect.String:
		texts := []string{"", "app", `Get "http://x": <a&b> \d`, "one\ntwo\tthree\r", "\x00\b\f\x1b\x7f", "naïve “text”", "\xff\xc3", "\u2028\u202e\u0085"}
		v.SetString(texts[random.IntN(len(texts))] + texts[random.IntN(len(texts))])
	default:
		panic("a member of another kind: " + v.Type().String())
	}
}

// TestTimesOfAllYears compares times with what package time writes.
func TestTimesOfAllYears(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 4))
	for _, year := range []int{-1, 0, 1, 9, 99, 999, 1969, 1970, 2026, 9999, 10000, 25000} {
		at := time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(random.Int64N(int64(364 * 24 * time.Hour))))
		got := string(Time{at}.AppendJSON(nil))
		if want := at.Format(`"2006-01-02T15:04:05.000Z"`); got != want && !at.IsZero() {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
