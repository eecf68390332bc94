package prom

import (
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"

	"fluxtrail/derive"
)

// Slot is where one lane publishes its numbers. The zero value is empty and ready for use. One
// goroutine publishes; scrapes read at the same time from others. A published snapshot is never
// written again, so that an atomic pointer is enough: a scrape goes on reading the old one while
// the lane hands over the next, and neither waits for the other.
type Slot struct {
	latest atomic.Pointer[snapshot]
}

// Publish makes the numbers of the lane visible to scrapes. Call it after the state was saved, not
// before: a counter that was scraped must not be lower after a crash. A lane without a State passes
// nil. Publish copies; both arguments may be changed afterwards.
func (p *Slot) Publish(s *State, a Agent) {
	p.latest.Store(newSnapshot(s, a))
}

// snapshot is a copy of a State and an Agent.
type snapshot struct {
	counters map[string][]savedCounter
	kinds    []kindDurations
	objects  []object // the overflow one last, if anything was counted in it
	owned    int64
	agent    Agent

	labels sync.Once // of objects
}

type kindDurations struct {
	name string
	kind
}

func newSnapshot(s *State, a Agent) *snapshot {
	out := &snapshot{counters: map[string][]savedCounter{}, agent: a.clone()}
	if s == nil {
		return out
	}
	for family, g := range s.counts {
		out.counters[family] = g.sorted()
	}
	for name, k := range s.kinds {
		out.kinds = append(out.kinds, kindDurations{name, kind{k.Since, *k.Took.clone()}})
	}
	out.objects = make([]object, 0, len(s.objects)+1)
	for _, o := range s.objects {
		out.objects = append(out.objects, o.clone())
		out.owned += o.Gauges.Shown
	}
	if s.others.Since != 0 {
		out.objects = append(out.objects, s.others.clone())
	}
	return out
}

func (o *object) clone() object {
	c := *o
	c.Opened, c.Took, c.Recovered = maps.Clone(o.Opened), o.Took.clone(), o.Recovered.clone()
	return c
}

// Build is what the program was built from.
type Build struct{ Version, Revision, GoVersion string }

// Collector exposes what was published in some slots. It is safe for concurrent use. The labels of
// different slots must differ: one lane publishes the State, and each has an Agent.Lane of its own.
type Collector struct {
	cfg   Config
	build Build
	now   func() time.Time
	slots []*Slot
	descs []*prometheus.Desc // of families
}

// NewCollector makes a collector; register it once. The clock tells at each scrape how long
// undelivered bytes have been waiting, which goes on while a lane is stuck and publishes nothing.
func NewCollector(cfg Config, build Build, now func() time.Time, slots ...*Slot) *Collector {
	c := &Collector{cfg: cfg.withDefaults(), build: build, now: now, slots: slots}
	for _, f := range families {
		c.descs = append(c.descs, prometheus.NewDesc(f.Name, f.Help, f.Labels, nil))
	}
	return c
}

// Describe sends all families, so that a registry refuses a second program part that uses one of
// their names.
func (c *Collector) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range c.descs {
		ch <- d
	}
}

// Collect sends what was published last in each slot.
func (c *Collector) Collect(ch chan<- prometheus.Metric) {
	now := c.now().UnixNano()
	for i, f := range families {
		o := &out{ch: ch, desc: c.descs[i], family: &f, now: now, limit: c.cfg.Series}
		for _, slot := range c.slots {
			if s := slot.latest.Load(); s != nil {
				s.label()
				f.collect(s, o)
			}
		}
		if f.Name == buildFamily {
			o.gauge(1, c.build.Version, c.build.Revision, c.build.GoVersion)
		}
	}
}

// label makes the labels of all objects, sorted as byObject is, when they are scraped first.
func (s *snapshot) label() {
	s.labels.Do(func() {
		for i := range s.objects {
			x := &s.objects[i]
			for k, value := range x.names() {
				x.labels = append(x.labels, &dto.LabelPair{Name: &byObject[k], Value: &value})
			}
		}
	})
}

// names are the values of the labels of byObject.
func (o *object) names() []string { return []string{o.Namespace, o.Kind, o.Name} }

// counters shows a family of plain counters.
func counters(family string) func(*snapshot, *out) {
	return func(s *snapshot, o *out) {
		for i := range s.counters[family] {
			c := &s.counters[family][i]
			o.counter(c.N, c.Since, c.Last, c.Labels[:len(o.family.Labels)]...)
		}
	}
}

// objectCounter shows a counter that every object has from its beginning: Prometheus sees the first
// increase only if it saw zero before.
func objectCounter(of func(*object) (int64, exemplar)) func(*snapshot, *out) {
	return func(s *snapshot, o *out) {
		for i := range s.objects {
			n, x := of(&s.objects[i])
			o.counterOf(n, x, &s.objects[i])
		}
	}
}

// opened shows the incidents of each object by reason.
func (s *snapshot) opened(o *out) {
	for i := range s.objects {
		x := &s.objects[i]
		for _, reason := range slices.Sorted(maps.Keys(x.Opened)) {
			o.counter(x.Opened[reason], x.Since, exemplar{}, append(x.names(), reason)...)
		}
	}
}

func objectHistogram(bounds powers, of func(*object) *histogram) func(*snapshot, *out) {
	return func(s *snapshot, o *out) {
		for i := range s.objects {
			if h := of(&s.objects[i]); h != nil {
				o.histogram(h, bounds, s.objects[i].Since, s.objects[i].names()...)
			}
		}
	}
}

func (s *snapshot) kindDurations(o *out) {
	for i := range s.kinds {
		o.histogram(&s.kinds[i].Took, durationBounds, s.kinds[i].Since, s.kinds[i].name)
	}
}

// shown calls f for each object that the latest View had.
func (s *snapshot) shown(f func(*object)) {
	for i := range s.objects {
		if s.objects[i].Gauges.Shown > 0 {
			f(&s.objects[i])
		}
	}
}

func objectGauge(of func(*gauges) int64) func(*snapshot, *out) {
	return func(s *snapshot, o *out) {
		s.shown(func(x *object) { o.gaugeOf(float64(of(&x.Gauges)), x) })
	}
}

func objectTime(of func(*gauges) int64) func(*snapshot, *out) {
	return func(s *snapshot, o *out) {
		s.shown(func(x *object) {
			if at := of(&x.Gauges); at != 0 {
				o.gaugeOf(seconds(at), x)
			}
		})
	}
}

func (s *snapshot) ready(o *out) {
	s.shown(func(x *object) {
		switch g := &x.Gauges; {
		case g.NotReady > 0:
			o.gaugeOf(0, x)
		case g.Ready > 0:
			o.gaugeOf(1, x)
		}
	})
}

func (s *snapshot) status(o *out) {
	s.shown(func(x *object) {
		for status, n := range x.Gauges.Statuses {
			if n > 0 {
				o.gauge(float64(n), append(x.names(), derive.Status(status).String())...)
			}
		}
	})
}

func (s *snapshot) incident(o *out) {
	s.shown(func(x *object) {
		i := x.Gauges.Incident
		if x.Ref == overflowRef {
			i = incident{Reason: overflowLabel}
		}
		if n := x.Gauges.Incidents; n > 0 {
			o.gauge(float64(n), append(x.names(), i.Reason, i.Access, i.Root.Kind, i.Root.Namespace, i.Root.Name)...)
		}
	})
}

func (s *snapshot) tracked(o *out) {
	if s.objects == nil {
		return
	}
	var folded int64
	if last := len(s.objects) - 1; last >= 0 && s.objects[last].Ref == overflowRef {
		folded = s.objects[last].Gauges.Shown
	}
	o.gauge(float64(s.owned), "own")
	o.gauge(float64(folded), overflowLabel)
}
