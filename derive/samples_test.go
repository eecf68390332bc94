package derive

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// exact is the smallest of the spans that at least the percentage of them does not exceed, 0 for
// none.
func exact(spans []time.Duration, percent int) float64 {
	if len(spans) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(spans))
	rank := (len(sorted)*percent + 99) / 100
	return sorted[max(rank, 1)-1].Seconds()
}

// Up to as many runs as are kept, quantiles are exact; beyond, they are those of an even selection.
func TestQuantiles(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{0, 1, 2, 3, 19, 20, 100, 511, 512, 513, 1024, 5000, 100_000} {
		var s Samples
		var all, early, late []time.Duration
		mid := noon + int64(n/2)*int64(time.Minute)
		for i := range n {
			at := noon + int64(i)*int64(time.Minute)
			d := time.Duration(rnd.ExpFloat64()*1000) * time.Millisecond
			s.Add(at, int64(d))
			all = append(all, d)
			if at >= mid {
				late = append(late, d)
			} else {
				early = append(early, d)
			}
		}
		var sp Spread
		sp.Reset(mid)
		sp.Add(&s)
		got := sp.Quantiles()
		if int(sp.Count) != n || int(s.Count) != n || sp.Max != exact(all, 100) {
			t.Errorf("%d: count %d, max %g, want %g", n, sp.Count, sp.Max, exact(all, 100))
		}
		want := Quantiles{exact(all, 50), exact(all, 95), exact(early, 50), exact(late, 50)}
		slack := 0.0 // of the quantile's rank
		if n > maxSamples {
			slack = 0.12
		}
		for _, q := range []struct {
			name      string
			got, want float64
			of        []time.Duration
		}{{"p50", got.P50, want.P50, all}, {"p95", got.P95, want.P95, all}, {"early", got.Early, want.Early, early}, {"late", got.Late, want.Late, late}} {
			if far(q.of, q.got, q.want) > slack {
				t.Errorf("%d samples: %s is %g, exactly %g", n, q.name, q.got, q.want)
			}
		}
	}
}

// far is how far apart two spans are among all, as a share of them.
func far(all []time.Duration, a, b float64) float64 {
	lo, hi := min(a, b), max(a, b)
	n := 0
	for _, d := range all {
		if s := float64(float32(d.Seconds())); s > float64(float32(lo))+1e-9 && s <= float64(float32(hi))+1e-9 {
			n++
		}
	}
	if n == 0 {
		return 0
	}
	return float64(n) / float64(len(all))
}

// The quantiles over objects weigh each object by its runs, however many of them it kept.
func TestSpreadOfObjects(t *testing.T) {
	t.Parallel()
	var slow, fast Samples
	for i := range 10_000 {
		fast.Add(noon+int64(i), int64(time.Second))
	}
	for i := range 100 {
		slow.Add(noon+int64(i), int64(time.Minute))
	}
	var s Spread
	for range 2 { // it can be used again
		s.Reset(noon)
		s.Add(&slow)
		s.Add(&fast)
		if q := s.Quantiles(); q.P50 != 1 || q.P95 != 1 || s.Max != 60 || s.Count != 10_100 {
			t.Errorf("%+v of %d, max %g", q, s.Count, s.Max)
		}
	}
	s.Reset(noon)
	s.Add(&slow)
	if q := s.Quantiles(); q != (Quantiles{60, 60, 0, 60}) {
		t.Errorf("%+v", q)
	}
}

// A very large set is thinned, with the weights kept.
func TestSpreadIsBounded(t *testing.T) {
	t.Parallel()
	var s Spread
	s.Reset(noon)
	for i := range 1000 {
		var one Samples
		for range 300 {
			one.Add(noon, int64(time.Duration(i+1)*time.Second))
		}
		s.Add(&one)
	}
	q := s.Quantiles()
	if len(s.spans) > maxSpread || s.Count != 300_000 || s.Max != 1000 {
		t.Errorf("%d spans, count %d, max %g", len(s.spans), s.Count, s.Max)
	}
	if q.P50 < 480 || q.P50 > 520 || q.P95 < 930 || q.P95 > 970 {
		t.Errorf("%+v", q)
	}
}
