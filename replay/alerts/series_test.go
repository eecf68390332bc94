package alerts

import (
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
)

type point struct {
	T int64
	V float64
}

// points reads everything from a time on, through Seek.
func points(it chunkenc.Iterator, from int64) (all []point) {
	for ok := it.Seek(from); ok != chunkenc.ValNone; ok = it.Next() {
		t, v := it.At()
		all = append(all, point{t, v})
	}
	return all
}

func TestSeriesIsItsSamples(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		var s series
		var want []point
		now := int64(30)
		for range 40 {
			switch v := float64(r.IntN(2)); r.IntN(5) {
			case 0:
				now += 30
			default:
				s.add(now, v)
				want = append(want, point{now, v})
				now += 30
			}
		}
		for from := int64(0); from < now; from += 15 {
			var rest []point
			for _, p := range want {
				if p.T >= from {
					rest = append(rest, p)
				}
			}
			if diff := cmp.Diff(rest, points(&samples[int64]{runs: s.runs, until: now}, from)); diff != "" {
				t.Fatalf("from %d: %s", from, diff)
			}
		}
	}
}

func TestSeriesGoesOnWithEachScrape(t *testing.T) {
	t.Parallel()
	var s series
	s.set(30, 1, 30)
	s.set(60, 1, 30)
	s.set(90, 2, 30)
	it := &samples[int64]{runs: s.runs, until: 150}
	if diff := cmp.Diff([]point{{30, 1}, {60, 1}, {90, 2}, {120, 2}, {150, 2}}, points(it, 0)); diff != "" {
		t.Error(diff)
	}
	s.end(120, 30)
	got := points(&samples[int64]{runs: s.runs, until: 150}, 0)
	if len(got) != 4 || got[3].T != 120 || !same(got[3].V, stale()) {
		t.Errorf("after the end: %v", got)
	}
	s.prune(91)
	if got := points(&samples[int64]{runs: s.runs, until: 150}, 0); len(got) != 1 {
		t.Errorf("after pruning: %v", got)
	}
}

func TestLaterSampleOfOneTimeCounts(t *testing.T) {
	t.Parallel()
	var s series
	for _, p := range []point{{30, 1}, {60, 1}, {60, 2}, {60, 3}} {
		s.add(p.T, p.V)
	}
	if diff := cmp.Diff([]point{{30, 1}, {60, 3}}, points(&samples[int64]{runs: s.runs, until: 60}, 0)); diff != "" {
		t.Error(diff)
	}
}
