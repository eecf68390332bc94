package prom

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/common/model"

	"fluxtrail/conditions"
)

// Spans of one query.
const (
	firstSpan = time.Hour
	minSpan   = time.Minute
	maxSpan   = 24 * time.Hour
	// goodAnswer is how many samples an answer should have.
	goodAnswer = 500_000
)

// Read is a [conditions.Source] that has to be given both ends of the span. What is in force at the
// beginning is told, too.
func (s *Source) Read(ctx context.Context, from, to int64) (*conditions.Evidence, error) {
	if from == 0 || to == 0 {
		return nil, errors.New("prometheus: of which time? The log has none")
	}
	r := &reading{
		Source: s, samples: conditions.NewReader(s.redact).Samples(s.name, time.Duration(to-from)), clusters: map[string]bool{},
		notes: map[string]bool{},
	}
	err := r.read(ctx, time.Unix(0, from).Add(-conditions.Lookback), time.Unix(0, to))
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	told := &conditions.Evidence{}
	told.Observations, told.Listings = r.samples.Observations()
	if err == nil {
		told.Health = r.health(ctx, time.Unix(0, to))
	}
	err = errors.Join(err, r.several(), r.noted(), r.samples.Contradiction(), nothing(told, err))
	told.Inputs = []conditions.Input{{Name: s.name, Form: "Prometheus", Objects: len(told.Observations), Err: err}}
	return told, nil
}

// nothing is an error when there is no evidence.
func nothing(told *conditions.Evidence, err error) error {
	if len(told.Observations) > 0 || err != nil {
		return nil
	}
	return fmt.Errorf("has no samples in this time of any of %s: are the controllers, kube-state-metrics or the Flux Operator scraped?",
		strings.Join(conditions.Metrics(), ", "))
}

// reading is one call of Read.
type reading struct {
	*Source
	samples  *conditions.Samples
	clusters map[string]bool
	notes    map[string]bool // warnings of the server
}

// maxLate is how many questions in a row may have no whole answer in time, the second of them for
// much less: a server that drips its answers does so with short ones, too.
const maxLate = 2

// read asks for one piece after another. A piece that the server finds too large is asked for again
// in smaller ones.
func (r *reading) read(ctx context.Context, after, end time.Time) error {
	after = after.Truncate(time.Millisecond)
	missed := 0 // questions in a row that had no whole answer in time
	for span := firstSpan; after.Before(end); {
		until := after.Add(span)
		if until.After(end) {
			until = end.Add(time.Millisecond - 1).Truncate(time.Millisecond)
		}
		matrix, warnings, err := r.ask(ctx, after, until)
		less := 4
		if missed++; err == nil || !late(err) {
			missed = 0
		} else if less *= less; missed == maxLate {
			span = minSpan
		}
		if err != nil && span > minSpan && tooLong(err) && ctx.Err() == nil {
			span = max(span/time.Duration(less), minSpan)
			continue
		}
		for _, w := range warnings {
			r.notes[r.redact(w)] = true
		}
		if err != nil {
			return fmt.Errorf("from %s on: %w", after.UTC().Format(time.RFC3339), err)
		}
		span = next(span, r.add(matrix, after, end))
		after = until
	}
	return nil
}

// health asks how the controllers' processes were at the end. Where that is not answered nothing is
// known of it, and the server's word is among the notes.
func (r *reading) health(ctx context.Context, end time.Time) []conditions.Health {
	value, warnings, _, err := r.api.Query(ctx, r.processes(), end)
	for _, w := range warnings {
		r.notes[r.redact(w)] = true
	}
	vector, ok := value.(model.Vector)
	if err != nil || !ok {
		if err != nil && ctx.Err() == nil {
			r.notes[r.redact("of the controllers' processes: "+explain(err).Error())] = true
		}
		return nil
	}
	var all conditions.Processes
	for _, s := range vector {
		label := func(name string) string { return string(s.Metric[model.LabelName(name)]) }
		if !math.IsNaN(float64(s.Value)) {
			all.Add(label(model.MetricNameLabel), label, s.Timestamp.Time().UnixNano(), float64(s.Value))
		}
	}
	return all.Health(r.name)
}

// next is a span whose answer has a good size, where n samples were in the answer for span.
func next(span time.Duration, n int) time.Duration {
	good := 4 * span
	if n > 0 {
		good = min(good, time.Duration(float64(span)*goodAnswer/float64(n)))
	}
	return min(max(good, minSpan), maxSpan)
}

// add takes the samples behind a time. Older servers give those of that time, too, which the piece
// before had.
func (r *reading) add(matrix model.Matrix, after, end time.Time) (n int) {
	for _, series := range matrix {
		label := func(name string) string { return string(series.Metric[model.LabelName(name)]) }
		r.clusters[label(clusterLabel)] = true
		name := label(model.MetricNameLabel)
		for _, v := range series.Values {
			at := v.Timestamp.Time()
			if at.After(after) && !at.After(end) && !math.IsNaN(float64(v.Value)) {
				r.samples.Add(name, label, at.UnixNano(), float64(v.Value))
			}
		}
		n += len(series.Values)
	}
	r.samples.Flush()
	return n
}

// several is an error when the series are those of more than one cluster.
func (r *reading) several() error {
	if len(r.clusters) < 2 {
		return nil
	}
	names := slices.Sorted(maps.Keys(r.clusters))
	return fmt.Errorf("has series of %d clusters (%s), whose objects cannot be told apart: choose one with a matcher such as %s=%q",
		len(names), strings.Join(names, ", "), clusterLabel, names[len(names)-1])
}

func (r *reading) noted() error {
	if len(r.notes) == 0 {
		return nil
	}
	return fmt.Errorf("warns: %s", strings.Join(slices.Sorted(maps.Keys(r.notes)), "; "))
}
