package agent

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"fluxtrail/derive/rules"
	"fluxtrail/sinks/grafana"
)

// marked is a sink that notes what it gets.
type marked struct {
	got  []grafana.Region
	n    int
	fail bool
}

func (m *marked) Send(_ context.Context, batch []grafana.Region) error {
	m.n++
	if m.fail {
		return errors.New("away")
	}
	m.got = batch
	return nil
}

func TestAnnotator(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	incident := func(id string, lasts time.Duration) rules.Live {
		l := rules.Live{
			Incident: id, Since: start, Labels: map[string]string{"kind": "Kustomization", "exported_namespace": "apps", "name": "shop"},
			Annotations: map[string]string{"description": "fails", "reason": "BuildFailed"},
		}
		if lasts > 0 {
			l.Ended = start.Add(lasts)
		}
		return l
	}
	sink, st, failures := &marked{}, &status{}, 0
	a := &annotator{sink: sink, list: st.episodes.Load, least: time.Minute, log: slog.New(slog.DiscardHandler), tried: counting(&failures)}
	round := func(after time.Duration, list ...rules.Live) {
		st.episodes.Store(&episodes{at: start.Add(after), list: list})
		a.round(t.Context(), start.Add(after))
	}
	round(30*time.Second, incident("a", 0))
	round(2*time.Minute, incident("a", 0), incident("short", time.Second), rules.Live{Since: start.Add(-time.Hour)})
	round(3*time.Minute, incident("a", 0), incident("short", time.Second))
	if sink.n != 1 || len(sink.got) != 1 || sink.got[0].ID != "a" || sink.got[0].Title != "Kustomization apps/shop" || len(sink.got[0].Tags) != 4 {
		t.Fatalf("%d times: %+v", sink.n, sink.got)
	}
	sink.fail = true
	round(4*time.Minute, incident("a", 4*time.Minute))
	round(4*time.Minute+time.Second, incident("a", 4*time.Minute))
	sink.fail = false
	round(5*time.Minute, incident("a", 4*time.Minute))
	if failures != 1 || sink.n != 3 || sink.got[0].End != start.Add(4*time.Minute) {
		t.Errorf("%d failures, %d times: %+v", failures, sink.n, sink.got)
	}
}
