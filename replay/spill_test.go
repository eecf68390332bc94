package replay

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"fluxtrail/derive"
)

// collect is what a spill yields.
func collect(s *spill[string]) (keys []int64, values []string) {
	for key, v := range s.all() {
		keys, values = append(keys, key), append(values, v)
	}
	return keys, values
}

// TestSpillSorts adds values with random keys, few of which are different, with limits that make no
// file, one part, and many. The order is that of a stable sort, also when it is asked for again.
func TestSpillSorts(t *testing.T) {
	t.Parallel()
	type pair struct {
		key   int64
		value string
	}
	for _, limit := range []int{1000, 100, 7, 1} {
		rnd := rand.New(rand.NewPCG(3, 4))
		s := &spill[string]{limit: limit}
		defer s.close()
		var want []pair
		for i := range 100 {
			p := pair{rnd.Int64N(5) - 2, strings.Repeat("x", i)}
			want = append(want, p)
			if err := s.add(p.key, p.value); err != nil {
				t.Fatal(err)
			}
		}
		slices.SortStableFunc(want, func(a, b pair) int { return int(a.key - b.key) })
		for range 2 {
			keys, values := collect(s)
			for i, w := range want {
				if len(keys) != 100 || keys[i] != w.key || values[i] != w.value {
					t.Fatalf("limit %d, %d values: number %d is %d with length %d, want %d with %d",
						limit, len(keys), i, keys[i], len(values[i]), w.key, len(w.value))
				}
			}
		}
		if parts := 100 / limit; len(s.parts) != parts || s.err != nil {
			t.Errorf("limit %d: %d parts in the file, want %d; %v", limit, len(s.parts), parts, s.err)
		}
	}
}

// TestSpillStops ends in the middle.
func TestSpillStops(t *testing.T) {
	t.Parallel()
	s := &spill[string]{limit: 2}
	defer s.close()
	for i := range 9 {
		if err := s.add(int64(-i), "x"); err != nil {
			t.Fatal(err)
		}
	}
	n := 0
	for range s.all() {
		if n++; n == 4 {
			break
		}
	}
	if keys, _ := collect(s); n != 4 || len(keys) != 9 || !slices.IsSorted(keys) {
		t.Errorf("after %d values: %v", n, keys)
	}
}

// TestSpillSaysWhatItCannotRead cuts the file: what is there is yielded, and the error is known.
func TestSpillSaysWhatItCannotRead(t *testing.T) {
	t.Parallel()
	s := &spill[string]{limit: 4}
	defer s.close()
	for i := range 9 {
		if err := s.add(int64(i), "value"); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.file.Truncate(s.parts[1].to - 3); err != nil {
		t.Fatal(err)
	}
	keys, _ := collect(s)
	if !slices.Equal(keys, []int64{0, 1, 2, 3, 4, 5, 6, 8}) || s.err == nil {
		t.Errorf("%v, %v", keys, s.err)
	}
}

// TestSpillNeedsADirectory has no directory for temporary files, and says what to do.
func TestSpillNeedsADirectory(t *testing.T) {
	t.Setenv("TMPDIR", "/nonexistent")
	s := &spill[string]{limit: 1}
	if err := s.add(1, "x"); err == nil || !strings.Contains(err.Error(), "set TMPDIR") {
		t.Error(err)
	}
}

// TestSpillOrdersByPlace holds that addAt orders equal keys by their places.
func TestSpillOrdersByPlace(t *testing.T) {
	t.Parallel()
	for _, limit := range []int{1, 10} {
		a := &spill[string]{limit: limit}
		defer a.close()
		for _, v := range []struct {
			seq int64
			val string
		}{{2, "c"}, {-5, "a"}, {1, "b"}} {
			if err := a.addAt(7, v.seq, v.val); err != nil {
				t.Fatal(err)
			}
		}
		if _, got := collect(a); !slices.Equal(got, []string{"a", "b", "c"}) {
			t.Error(got)
		}
	}
}

// TestSpillPacks holds that values which are packed come back as they were, in the same order, and
// that a file that is cut says so.
func TestSpillPacks(t *testing.T) {
	t.Parallel()
	value := func(i uint32) compactTransition {
		return compactTransition{i, 1 << 31, math.MaxUint32 - i, derive.Status(i % 9), 'T'}
	}
	s := &spill[compactTransition]{limit: 10}
	defer s.close()
	for i := range uint32(35) {
		if err := s.add(-int64(i), value(i)); err != nil {
			t.Fatal(err)
		}
	}
	next := uint32(35)
	for key, got := range s.all() {
		if next--; key != -int64(next) || got != value(next) {
			t.Errorf("%d %+v, want %d %+v", key, got, -int64(next), value(next))
		}
	}
	if next != 0 || len(s.parts) != 3 || s.err != nil {
		t.Errorf("%d values missing, %d parts, %v", next, len(s.parts), s.err)
	}
	if err := s.file.Truncate(s.parts[2].to - 1); err != nil {
		t.Fatal(err)
	}
	n := 0
	for range s.all() {
		n++
	}
	if n != 34 || s.err == nil {
		t.Errorf("%d values of a file that is cut, %v", n, s.err)
	}
}
