package prom

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"

	"fluxtrail/derive"
)

// exemplar points from a number to one attempt that it counts: the reconcileID finds the attempt's
// lines in Loki.
type exemplar struct {
	ID     derive.AttemptID `json:"id"`
	Object string           `json:"object,omitempty"`
	Value  float64          `json:"value"`
	At     int64            `json:"at"`
}

// The labels of exemplars; the first is spelled as in Flux's own lines.
const (
	exemplarID     = "reconcileID"
	exemplarObject = "object"
)

// newExemplar is an attempt's exemplar. It has no ID where the era has no reconcileID. The object
// is named where there is room: an exemplar may have 128 characters for names and values together
// (OpenMetrics 1.0, "Exemplars").
func newExemplar(a *derive.Attempt) exemplar {
	if a.ID.IsZero() {
		return exemplar{}
	}
	x := exemplar{ID: a.ID, Value: 1, At: a.At}
	const room = prometheus.ExemplarMaxRunes - len(exemplarID) - len(a.ID) - len(exemplarObject)
	object := cleanRef(a.Object).String()
	if utf8.RuneCountInString(object) <= room {
		x.Object = object
	}
	return x
}

// none reports whether there is no exemplar.
func (x *exemplar) none() bool { return x.ID == derive.AttemptID{} }

// replace takes a newer exemplar, unless it is none.
func (x *exemplar) replace(y exemplar) {
	if !y.none() {
		*x = y
	}
}

// withoutObject leaves the object out, for a series that names it already.
func (x exemplar) withoutObject() exemplar {
	x.Object = ""
	return x
}

func (x exemplar) shown() prometheus.Exemplar {
	labels := prometheus.Labels{exemplarID: x.ID.String()}
	if x.Object != "" {
		labels[exemplarObject] = x.Object
	}
	return prometheus.Exemplar{Value: x.Value, Labels: labels, Timestamp: time.Unix(0, x.At)}
}

// withExemplars adds exemplars to a counter or histogram.
func withExemplars(m prometheus.Metric, list ...exemplar) (prometheus.Metric, error) {
	shown := make([]prometheus.Exemplar, len(list))
	for i, x := range list {
		shown[i] = x.shown()
	}
	m, err := prometheus.NewMetricWithExemplars(m, shown...)
	return ordered{m}, err
}

// ordered puts the labels of exemplars in order. client_golang takes them from a map; here, equal
// States are equal bytes.
type ordered struct{ prometheus.Metric }

// Write writes the metric.
func (o ordered) Write(m *dto.Metric) error {
	if err := o.Metric.Write(m); err != nil {
		return err
	}
	order := func(x *dto.Exemplar) {
		slices.SortFunc(x.GetLabel(), func(a, b *dto.LabelPair) int { return strings.Compare(a.GetName(), b.GetName()) })
	}
	order(m.GetCounter().GetExemplar())
	for _, b := range m.GetHistogram().GetBucket() {
		order(b.GetExemplar())
	}
	for _, x := range m.GetHistogram().GetExemplars() {
		order(x)
	}
	return nil
}
