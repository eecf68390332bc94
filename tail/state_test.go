package tail

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fluxtrail/tail/checkpoint"
	"fluxtrail/tail/discover"
)

// someMarks have a value in every field.
var someMarks = func() Marks {
	m := filled[Marks]()
	m.Version = marksVersion
	s := &m.Sources[0]
	f := &s.Files[0]
	f.Offset, f.Taken, f.Size, f.Window.Len = 100, 200, 300, 50
	f.Passed[0].Digest.Len, f.Phase = 10, growing
	s.Pending[0] = pendingMark{Stream: "stdout", Offset: 7, Line: 3}
	return m
}()

// compareMarks ignores what is not saved.
var compareMarks = cmp.AllowUnexported(discover.Found{})

// writes is a state for SaveState; nil gives nil.
func writes(state json.RawMessage) func(io.Writer) error {
	if state == nil {
		return nil
	}
	return func(w io.Writer) error {
		_, err := w.Write(state)
		return err
	}
}

func TestStateRoundTrip(t *testing.T) {
	file := (&checkpoint.Dir{Path: t.TempDir()}).File("ship.json")
	if marks, state, err := LoadState(file); marks.Version != 0 || state != nil || err != nil {
		t.Fatal("first start:", marks, state, err)
	}
	for _, want := range []json.RawMessage{nil, json.RawMessage(`{"n":1}`), json.RawMessage(`"` + strings.Repeat("<µ>", 100000) + `"`)} {
		if _, err := SaveState(file, someMarks, writes(want)); err != nil {
			t.Fatal(err)
		}
		marks, state, err := LoadState(file)
		if err != nil {
			t.Fatal(err)
		}
		var a, b any
		_, _ = json.Unmarshal(want, &a), json.Unmarshal(state, &b)
		if diff := cmp.Diff(someMarks, marks, compareMarks) + cmp.Diff(a, b); diff != "" {
			t.Error(diff)
		}
	}
}

// TestStateNewer keeps marks that a newer version wrote. filled returns a value of which every
// field that is saved is set, so that a field that is forgotten somewhere shows.
func filled[T any]() T {
	var v T
	fill(reflect.ValueOf(&v).Elem(), new(int))
	return v
}

func fill(v reflect.Value, n *int) {
	*n++
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() && f.Tag.Get("json") != "-" {
				fill(v.Field(i), n)
			}
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), n)
	case reflect.String:
		v.SetString(fmt.Sprint("text", *n))
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(*n))
	case reflect.Uint64:
		v.SetUint(1<<63 + uint64(*n))
	case reflect.Uint8:
		v.SetUint(2) // the last one of compressions and phases
	default:
		panic(v.Kind())
	}
}

// TestMarksRoundTrip takes marks with a value in every field through JSON and through a Follower
// that finds none of their files.
func TestMarksRoundTrip(t *testing.T) {
	want := someMarks
	data, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var got Marks
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, compareMarks); diff != "" {
		t.Error(diff)
	}
	fw, err := NewFollower(DefaultFollowConfig(), got)
	if err != nil {
		t.Fatal(err)
	}
	fw.all[0].mark = sourceMark{} // made anew
	got = fw.Marks()
	got.Sources[0].Files[0].Real = ""
	if diff := cmp.Diff(want, got, compareMarks); diff != "" {
		t.Error(diff)
	}
}

// TestMarksOf01 reads marks as version 0.1 wrote them.
func TestMarksOf01(t *testing.T) {
	const old = `{"version":1,"sources":[{"name":"a/b/c/d","files":[{"path":"/x/0.log","restart":2,"dev":3,"ino":4,` +
		`"head":{"len":5,"sum":"6"},"offset":7,"edge":{"len":8,"sum":"9"},"edge_end":10,"lines":11,"size":12,"format":"docker","done":true}],` +
		`"pending":[{"stream":"stderr","file":0,"offset":1,"line":2}],"last":13}]}`
	var m Marks
	if err := json.Unmarshal([]byte(old), &m); err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	var a, b any
	_, _ = json.Unmarshal([]byte(old), &a), json.Unmarshal(data, &b)
	if diff := cmp.Diff(a, b); diff != "" || m.validate() != nil {
		t.Error(diff, m.validate())
	}
}

func TestStateNewer(t *testing.T) {
	file := (&checkpoint.Dir{Path: t.TempDir()}).File("ship.json")
	if _, err := SaveState(file, Marks{Version: marksVersion + 1}, nil); err != nil {
		t.Fatal(err)
	}
	if marks, _, err := LoadState(file); !errors.Is(err, checkpoint.ErrNewer) || marks.Version != 0 {
		t.Error(marks, err)
	}
}

// TestMarksOfAnyValue gives each number of saved marks values that no program writes. The state is
// refused, or reading goes on; nothing panics.
func TestMarksOfAnyValue(t *testing.T) {
	w := newWorld(t)
	w.append("P/0.log", "2026-11-20T10:22:54Z stdout P a\n2026-11-20T10:22:54Z stderr F b\n")
	w.append("a.log", strings.Repeat("0123456789abcdef\n", 100)+"a")
	w.start()
	w.settle(step)
	w.save()
	w.stop()
	var count int
	numbers(t, w.saved, func(reflect.Value) { count++ })
	for i := range count {
		for _, v := range []int64{-1, math.MinInt64, math.MaxInt64, 1 << 20, 3} {
			n, m := 0, numbers(t, w.saved, nil)
			walkNumbers(reflect.ValueOf(m).Elem(), func(field reflect.Value) {
				if n == i {
					setNumber(field, v)
				}
				n++
			})
			file := (&checkpoint.Dir{Path: t.TempDir()}).File("ship.json")
			if _, err := SaveState(file, *m, nil); err != nil {
				t.Fatal(err)
			}
			marks, _, err := LoadState(file)
			if err != nil {
				continue
			}
			f, err := NewFollower(w.cfg, marks)
			if err != nil {
				t.Fatal(err)
			}
			w.f = f
			w.settle(2 * time.Second)
			f.Marks()
			w.stop()
		}
	}
}

// numbers decodes marks and calls each for every number in them.
func numbers(t *testing.T, data []byte, each func(reflect.Value)) *Marks {
	t.Helper()
	m := new(Marks)
	if err := json.Unmarshal(data, m); err != nil {
		t.Fatal(err)
	}
	if each != nil {
		walkNumbers(reflect.ValueOf(m).Elem(), each)
	}
	return m
}

func walkNumbers(v reflect.Value, each func(reflect.Value)) {
	switch {
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() && f.Tag.Get("json") != "-" {
				walkNumbers(v.Field(i), each)
			}
		}
	case v.Kind() == reflect.Slice:
		for i := range v.Len() {
			walkNumbers(v.Index(i), each)
		}
	case v.CanInt(), v.CanUint() && v.Kind() != reflect.Uint8:
		each(v)
	}
}

func setNumber(field reflect.Value, v int64) {
	if field.CanUint() {
		field.SetUint(uint64(v))
		return
	}
	field.SetInt(v)
}

// TestSeen goes on at marks that were made before files were found. Those that are there are read
// once, and those that are gone are lost as far as they were seen.
func TestSeen(t *testing.T) {
	t.Parallel()
	for _, gone := range []bool{true, false} {
		w := newWorld(t)
		w.run(`
			include .
			write P/0.log L1
			start
			expect L1`)
		marks := w.f.Marks()
		w.run(`
			mv P/0.log P/0.log.20261120-102200
			write P/0.log L22
			poll 4
			mv P/0.log P/0.log.20261120-102201
			write P/0.log L333
			poll 4
			mk other_b_1/c/0.log
			write other_a_1/c/0.log L4444
			poll 4
			expect L22 L333 L4444`)
		seen, n := w.f.Seen(marks)
		if again, m := w.f.Seen(marks); n != 4+5+6 || m != n || len(again.Sources) != len(seen.Sources) {
			t.Errorf("%d bytes were found, and then %d, want 15", n, m)
		}
		if _, n := w.f.Seen(w.f.Marks()); n != 0 {
			t.Errorf("%d bytes were found since just now", n)
		}
		w.stop()
		text, err := json.Marshal(seen)
		w.check(err)
		w.saved = text
		if gone {
			w.run(`
				rm P/0.log.20261120-102201
				rm P/0.log
				rm other_a_1
				write P/0.log.20261120-102209 L5
				write P/0.log L6
				start
				expect L5 L6`)
			var lost []string
			for _, l := range w.lost {
				lost = append(lost, fmt.Sprint(l.Reason, " ", l.Bytes))
			}
			slices.Sort(lost)
			if diff := cmp.Diff([]string{"deleted 4", "deleted 5", "deleted 6"}, lost); diff != "" {
				t.Error(diff)
			}
		} else {
			w.run(`
				write P/0.log L6
				start
				expect L22 L333 L6 L4444
				noloss`)
		}
	}
}

// TestSeenGrown goes on at marks that were made while a log had little, or nothing. What came into
// it since is lost to the byte where it is gone, and read where it is there.
func TestSeenGrown(t *testing.T) {
	t.Parallel()
	for _, before := range []string{"mk P/0.log", "write P/0.log L1\nexpect L1"} {
		for _, gone := range []bool{true, false} {
			w := newWorld(t)
			w.run("include .\nstart\n" + before + "\npoll 4")
			marks := w.f.Marks()
			w.run("write P/0.log L22\npoll 4")
			if _, n := w.f.Seen(marks); n != 4 {
				t.Errorf("%s: %d bytes are told of, want 4", before, n)
			}
			w.run(`
				write P/0.log L4444
				poll 4
				mv P/0.log P/0.log.20261120-102200
				write P/0.log L333
				poll 4
				expect L22 L4444 L333`)
			seen, n := w.f.Seen(marks)
			if n != 4+6+5 {
				t.Errorf("%s: %d bytes are told of, want 15", before, n)
			}
			w.stop()
			text, err := json.Marshal(seen)
			w.check(err)
			w.saved = text
			if !gone {
				w.run("start\nexpect L22 L4444 L333\nnoloss")
				continue
			}
			w.run("rm P/0.log.20261120-102200\nstart\nexpect L333")
			if len(w.lost) != 1 || w.lost[0].Bytes != 4+6 {
				t.Errorf("%s: lost %+v", before, w.lost)
			}
		}
	}
}

// TestSeenCopies has no copy of what was read read again.
func TestSeenCopies(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.run(`
		write a.log L1
		start
		expect L1`)
	marks := w.f.Marks()
	w.run(`
		ct a.log
		write a.log L2
		expect L2
		mv a.log a.log.2
		mv a.log.1 a.log.3
		write a.log L3
		poll 4`)
	seen, _ := w.f.Seen(marks)
	w.stop()
	text, err := json.Marshal(seen)
	w.check(err)
	w.saved = text
	w.run(`
		start
		expect L2 L3
		noloss`)
}
