package prom

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
	"google.golang.org/protobuf/testing/protocmp"
)

// Our histograms come out as those of client_golang do for the same observations, in classic and in
// native buckets.
func TestHistogramAgrees(t *testing.T) {
	var bounds []float64
	for i := durationBounds.from; i <= durationBounds.to; i++ {
		bounds = append(bounds, math.Pow(4, float64(i)))
	}
	theirs := prometheus.NewHistogram(prometheus.HistogramOpts{Name: "x", Buckets: bounds,
		NativeHistogramBucketFactor: math.Exp2(1.0 / perOctave), NativeHistogramZeroThreshold: zeroThreshold})
	ours := &histogram{}
	rnd := rand.New(rand.NewPCG(1, 2))
	for i := range 20000 {
		span := int64(math.Exp2(rnd.Float64() * 45))
		switch { // the bounds themselves
		case i < 45:
			span = 1 << i
		case i < 60:
			span = int64(time.Second) << (i - 45)
		}
		ours.observe(span, exemplar{}, 0)
		theirs.Observe(float64(span) / 1e9)
	}
	ch := make(chan prometheus.Metric, 1)
	(&out{ch: ch, desc: prometheus.NewDesc("x", "", nil, nil)}).histogram(ours, durationBounds, noon)
	var got, want dto.Metric
	if err := (<-ch).Write(&got); err != nil {
		t.Fatal(err)
	}
	if err := theirs.Write(&want); err != nil {
		t.Fatal(err)
	}
	if math.Abs(got.Histogram.GetSampleSum()-want.Histogram.GetSampleSum()) > 1e-6*want.Histogram.GetSampleSum() {
		t.Errorf("sum %v, want %v", got.Histogram.GetSampleSum(), want.Histogram.GetSampleSum())
	}
	if d := cmp.Diff(&want, &got, protocmp.Transform(), protocmp.IgnoreFields(&dto.Histogram{}, "sample_sum", "created_timestamp")); d != "" {
		t.Errorf("(-client_golang +ours):\n%s", d)
	}
}

func TestExemplarsOfBuckets(t *testing.T) {
	h := &histogram{}
	seen := func(keep int, spans ...time.Duration) (ids string) {
		*h = histogram{}
		for i, d := range spans {
			h.observe(int64(d), exemplar{ID: attemptID(string(rune('a' + i)))}, keep)
		}
		for _, x := range h.Exemplars {
			ids += x.ID.String()
		}
		return ids
	}
	for _, c := range []struct{ got, want string }{
		{seen(1, time.Second, time.Minute), "b"},
		{seen(9, time.Second, time.Minute), "ab"},
		{seen(9, time.Second, time.Minute, 900*time.Millisecond), "bc"},
		{seen(9, time.Nanosecond, time.Microsecond), "b"},
		{seen(2, time.Second, time.Minute, time.Hour), "bc"},
	} {
		if c.got != c.want {
			t.Errorf("kept %s, want %s", c.got, c.want)
		}
	}
}
