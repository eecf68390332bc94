package prom

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"

	"fluxtrail/derive"
)

// A scrape sees one whole snapshot, whatever the lane does meanwhile: the attempts by kind and the
// failures by object, which grow together, are always equal. Run with -race it also shows that
// nothing is written that a scrape reads.
func TestScrapeWhilePublishing(t *testing.T) {
	slot := &Slot{}
	c := NewCollector(Config{}, Build{}, time.Now, slot)
	var lane sync.WaitGroup
	lane.Go(func() {
		s := New(Config{})
		for i := range 300 {
			o := apps
			o.Name = fmt.Sprint(i % 7)
			s.Add(run(o, "failed", "BuildFailed", 1e9, runUUID))
			slot.Publish(s, Agent{Lane: "trail"})
		}
	})
	for range 30 {
		s := slot.latest.Load()
		if s == nil {
			continue
		}
		var attempts, failures int64
		for _, x := range s.counters[attemptsFamily] {
			attempts += x.N
		}
		for i := range s.objects {
			failures += s.objects[i].Failures
		}
		if attempts != failures {
			t.Fatalf("%d attempts, %d failures in one snapshot", attempts, failures)
		}
		collect(t, c)
	}
	lane.Wait()
}

func collect(t *testing.T, c prometheus.Collector) {
	ch := make(chan prometheus.Metric)
	go func() {
		c.Collect(ch)
		close(ch)
	}()
	for m := range ch {
		if err := m.Write(&dto.Metric{}); err != nil {
			t.Error(err)
		}
	}
}

// Two lanes share the families about lanes, and an empty slot has nothing to show.
func TestLanes(t *testing.T) {
	var trail, ship, never Slot
	trail.Publish(New(Config{}), Agent{Lane: "trail", SentLines: 1})
	ship.Publish(nil, Agent{Lane: "ship", SentLines: 2})
	reg := prometheus.NewPedanticRegistry()
	reg.MustRegister(NewCollector(Config{}, Build{}, time.Now, &trail, &ship, &never))
	families, err := reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		if f.GetName() == "fluxtrail_sent_lines_total" && len(f.Metric) == 2 {
			return
		}
	}
	t.Error("the lanes do not both show")
}

// What the lane does with its own values after publishing changes nothing.
func TestPublishCopies(t *testing.T) {
	s, a := sample(), sampleAgent()
	reg := registry(t, s, a)
	before := exposition(t, reg, expfmt.TypeOpenMetrics)
	s.Add(run(apps, "failed", "BuildFailed", 1e9, "other"))
	s.Observe(derive.View{At: at(time.Hour)})
	a.Files[0].Bytes = 1
	clear(a.Retries)
	if d := cmp.Diff(before, exposition(t, reg, expfmt.TypeOpenMetrics)); d != "" {
		t.Error(d)
	}
}
