package merge

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"
)

// source is a sorted list with a name that decides between equal values.
type source struct {
	name int
	rest []int
}

func before(a, b *source) bool {
	return cmp.Or(cmp.Compare(a.rest[0], b.rest[0]), cmp.Compare(a.name, b.name)) < 0
}

type item struct{ value, name int }

// merged reads all sources to their end. With each step it either lets a source lead on or fixes
// it.
func merged(sources []*source, leads bool) []item {
	q := New(before)
	for _, s := range sources {
		if len(s.rest) > 0 {
			q.Push(s)
		}
	}
	var out []item
	for q.Len() > 0 {
		s := q.First()
		out = append(out, item{s.rest[0], s.name})
		if s.rest = s.rest[1:]; len(s.rest) == 0 {
			q.Drop()
		} else if !leads || !q.Leads() {
			q.Fix()
		}
	}
	return out
}

// TestMerge compares with a sort, for sources of random lengths with many equal values.
func TestMerge(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(1, 2))
	for n := range 40 {
		for _, leads := range []bool{false, true} {
			var sources []*source
			var want []item
			for name := range n {
				s := &source{name: name}
				for range rnd.IntN(9) {
					s.rest = append(s.rest, rnd.IntN(12))
				}
				slices.Sort(s.rest)
				for _, v := range s.rest {
					want = append(want, item{v, name})
				}
				sources = append(sources, s)
			}
			rnd.Shuffle(n, func(i, j int) { sources[i], sources[j] = sources[j], sources[i] })
			slices.SortFunc(want, func(a, b item) int { return cmp.Or(cmp.Compare(a.value, b.value), cmp.Compare(a.name, b.name)) })
			if got := merged(sources, leads); !slices.Equal(got, want) {
				t.Fatalf("%d sources, leads is %v:\ngot  %v\nwant %v", n, leads, got, want)
			}
		}
	}
}

// TestClear fills a queue again.
func TestClear(t *testing.T) {
	t.Parallel()
	q := New(before)
	for range 2 {
		for _, v := range []int{3, 1, 2} {
			q.Push(&source{name: v, rest: []int{v}})
		}
		if q.Len() != 3 || q.First().name != 1 {
			t.Errorf("%d sources, first is %d", q.Len(), q.First().name)
		}
		q.Clear()
		if q.Len() != 0 {
			t.Errorf("%d sources are left", q.Len())
		}
	}
}

// BenchmarkMerge hands on one item of many sources whose items alternate.
func BenchmarkMerge(b *testing.B) {
	sources := make([]*source, 64)
	q := New(before)
	for i := range sources {
		sources[i] = &source{name: i, rest: []int{i}}
		q.Push(sources[i])
	}
	b.ReportAllocs()
	for b.Loop() {
		q.First().rest[0] += 64
		if !q.Leads() {
			q.Fix()
		}
	}
}
