package prom

import (
	"math"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
	"google.golang.org/protobuf/types/known/timestamppb"
)

// out makes the metrics of one family in one scrape.
type out struct {
	ch     chan<- prometheus.Metric
	desc   *prometheus.Desc
	family *family
	now    int64
	limit  int
	order  []int // of the family's labels, by name

	series func(Series)             // gets plain series in place of metrics, nil for a scrape
	want   func(series string) bool // with series: which of a histogram's are wanted
}

// send passes a metric on. An error is part of the answer to the scrape; it is a mistake of this
// package.
func (o *out) send(m prometheus.Metric, err error) {
	if err != nil {
		m = prometheus.NewInvalidMetric(o.desc, err)
	}
	o.ch <- m
}

func (o *out) gauge(v float64, values ...string) {
	if o.one(v, values) {
		return
	}
	o.send(&number{o.desc, o.labels(values), &dto.Gauge{Value: &v}, nil}, nil)
}

// counter shows a counter with the time when it began. By that time Prometheus recognises a series
// that was removed and began again.
func (o *out) counter(n, since int64, x exemplar, values ...string) {
	if o.one(float64(n), values) {
		return
	}
	o.count(n, since, x, o.labels(values))
}

func (o *out) count(n, since int64, x exemplar, labels []*dto.LabelPair) {
	v := float64(n)
	c := &dto.Counter{Value: &v, CreatedTimestamp: timestamppb.New(time.Unix(0, since))}
	var m prometheus.Metric = &number{o.desc, labels, nil, c}
	var err error
	if !x.none() {
		m, err = withExemplars(m, x)
	}
	o.send(m, err)
}

// labels are the family's labels with these values, which belong to them from now on. They are made
// in two pieces: one by one, as client_golang makes them, they are most of what a scrape costs.
func (o *out) labels(values []string) []*dto.LabelPair {
	if o.order == nil {
		names := o.family.Labels
		for i := range names {
			o.order = append(o.order, i)
		}
		slices.SortFunc(o.order, func(a, b int) int { return strings.Compare(names[a], names[b]) })
	}
	pairs, out := make([]dto.LabelPair, len(values)), make([]*dto.LabelPair, len(values))
	for i, k := range o.order {
		pairs[i].Name, pairs[i].Value = &o.family.Labels[k], &values[k]
		out[i] = &pairs[i]
	}
	return out
}

// number is a gauge or a counter.
type number struct {
	desc    *prometheus.Desc
	labels  []*dto.LabelPair
	gauge   *dto.Gauge
	counter *dto.Counter
}

// Desc implements prometheus.Metric.
func (m *number) Desc() *prometheus.Desc { return m.desc }

// Write implements prometheus.Metric.
func (m *number) Write(to *dto.Metric) error {
	to.Label, to.Gauge, to.Counter = m.labels, m.gauge, m.counter
	return nil
}

// gaugeOf is gauge for a family that has no labels but the object's, which its families share.
func (o *out) gaugeOf(v float64, x *object) {
	if o.series != nil {
		o.gauge(v, x.names()...)
		return
	}
	o.send(&number{o.desc, x.labels, &dto.Gauge{Value: &v}, nil}, nil)
}

// counterOf is counter for such a family.
func (o *out) counterOf(n int64, e exemplar, x *object) {
	if o.series != nil {
		o.counter(n, x.Since, e, x.names()...)
		return
	}
	o.count(n, x.Since, e, x.labels)
}

// histogram shows both forms of a histogram: classic buckets, and native ones, which Prometheus
// takes from scrapes in its protobuf format if it is configured to.
func (o *out) histogram(h *histogram, bounds powers, since int64, values ...string) {
	if o.classic(h, bounds, values) {
		return
	}
	classic := make(map[float64]uint64, bounds.count())
	for i := bounds.from; i <= bounds.to; i++ {
		classic[powerOfFour(i)] = h.upTo(i)
	}
	m, err := prometheus.NewConstHistogramWithCreatedTimestamp(
		o.desc, uint64(h.Count), float64(h.Sum)/1e9, classic, time.Unix(0, since), values...)
	if err == nil {
		m = native{m, h}
	}
	if err == nil && len(h.Exemplars) > 0 {
		m, err = withExemplars(m, h.Exemplars...)
	}
	o.send(m, err)
}

// powers is a range of exponents of four. The powers, in seconds, are the bounds of classic
// buckets.
type powers struct{ from, to int }

// powerOfFour is a bound in seconds.
func powerOfFour(n int) float64 { return math.Ldexp(1, 2*n) }

func (p powers) count() int { return p.to - p.from + 1 }

var (
	durationBounds = powers{-3, 5} // 16 ms to 17 minutes
	recoveryBounds = powers{1, 9}  // 4 seconds to 3 days
)

// native adds native buckets to a classic histogram, as client_golang's own histograms have both
// but its constant ones only either.
type native struct {
	prometheus.Metric
	h *histogram
}

// Write writes both forms.
func (n native) Write(m *dto.Metric) error {
	if err := n.Metric.Write(m); err != nil {
		return err
	}
	m.Histogram.Schema = new(int32(schema))
	m.Histogram.ZeroThreshold = new(zeroThreshold)
	m.Histogram.ZeroCount = new(uint64(n.h.Zero))
	m.Histogram.PositiveSpan, m.Histogram.PositiveDelta = spans(n.h.Buckets)
	return nil
}

// spans renders buckets as Prometheus has them: runs of neighbours, and each count as its
// difference from the one before.
func spans(buckets []bucket) (runs []*dto.BucketSpan, deltas []int64) {
	var next, before int64
	for _, b := range buckets {
		if b[0] != next || len(runs) == 0 {
			runs = append(runs, &dto.BucketSpan{Offset: new(int32(b[0] - next)), Length: new(uint32)})
		}
		*runs[len(runs)-1].Length++
		deltas = append(deltas, b[1]-before)
		next, before = b[0]+1, b[1]
	}
	return runs, deltas
}

// seconds is a time in Unix nanoseconds as a gauge has it.
func seconds(ns int64) float64 { return float64(ns) / 1e9 }
