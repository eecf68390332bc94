package prom

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"fluxtrail/derive"
)

// Series is one series of a scrape: its name, as queries have it, the names and values of its
// labels, and its value. It is valid during the call that gets it.
type Series struct {
	Name   string
	Names  []string
	Values []string
	Value  float64
}

// Walk tells which series a scrape of a State would have, without a scrape: replay samples the
// State of each moment, and most objects have not changed since the moment before. A Walk belongs
// to the goroutine that the State belongs to.
type Walk struct {
	cfg     Config
	build   Build
	want    func(series string) bool
	objects []*family // wanted families by object
	others  []*family
	last    map[*object]*told
	steps   int
	changed []*object
}

// told is what the latest Step that had something to say of an object went by.
type told struct {
	ref  derive.Ref
	was  standing
	step int // the latest one that met the object
}

// standing is all that the series of an object depend on.
type standing struct {
	since, failures, opened      int64
	took, tookSum, back, backSum int64
	gauges                       gauges
}

// NewWalk makes a Walk over the families of which want says that any of their series is wanted. It
// gets the names of series, such as those of a histogram's buckets.
func NewWalk(cfg Config, build Build, want func(series string) bool) *Walk {
	w := &Walk{cfg: cfg.withDefaults(), build: build, want: want, last: map[*object]*told{}}
	for i := range families {
		f := &families[i]
		if !slices.ContainsFunc(f.series(), want) {
			continue
		}
		if slices.Equal(f.Labels[:min(len(f.Labels), len(byObject))], byObject) {
			w.objects = append(w.objects, f)
		} else {
			w.others = append(w.others, f)
		}
	}
	return w
}

// Has reports whether the agent has series of a name at times.
func Has(series string) bool {
	return slices.ContainsFunc(families, func(f family) bool { return slices.Contains(f.series(), series) })
}

// series are the names of the series of a family.
func (f *family) series() []string {
	if f.Type == histogramType {
		return []string{f.Name + "_bucket", f.Name + "_sum", f.Name + "_count"}
	}
	return []string{f.Name}
}

// Step calls f for each object whose series may have changed since the last Step, with all of its
// series or none for one that has none any more, and at last with the series that belong to no
// object, under the zero Ref. now is in Unix nanoseconds.
func (w *Walk) Step(s *State, a Agent, now int64, f func(of derive.Ref, all []Series)) {
	w.steps++
	w.changed = w.changed[:0]
	for ref, o := range s.objects {
		w.meet(o, ref)
	}
	if s.others.Since != 0 {
		w.meet(s.others, overflowRef)
	}
	for o, is := range w.last {
		if is.step != w.steps {
			delete(w.last, o)
			f(is.ref, nil)
		}
	}
	for _, o := range w.changed {
		f(w.last[o].ref, w.collect(w.objects, &snapshot{objects: []object{*o}}, now))
	}
	f(derive.Ref{}, w.collect(w.others, w.rest(s, a), now))
}

// meet notes an object, and whether its series may have changed.
func (w *Walk) meet(o *object, ref derive.Ref) {
	is, now := w.last[o], o.stands()
	if is != nil && is.was == now {
		is.step = w.steps
		return
	}
	w.last[o] = &told{ref, now, w.steps}
	w.changed = append(w.changed, o)
}

func (o *object) stands() standing {
	x := standing{since: o.Since, failures: o.Failures, gauges: o.Gauges}
	for _, n := range o.Opened {
		x.opened += n
	}
	if h := o.Took; h != nil {
		x.took, x.tookSum = h.Count, h.Sum
	}
	if h := o.Recovered; h != nil {
		x.back, x.backSum = h.Count, h.Sum
	}
	return x
}

// rest is a snapshot without objects of their own.
func (w *Walk) rest(s *State, a Agent) *snapshot {
	out := &snapshot{counters: map[string][]savedCounter{}, objects: []object{}, agent: a}
	for family, g := range s.counts {
		out.counters[family] = g.sorted()
	}
	for _, name := range slices.Sorted(maps.Keys(s.kinds)) {
		out.kinds = append(out.kinds, kindDurations{name, *s.kinds[name]})
	}
	for _, o := range s.objects {
		out.owned += o.Gauges.Shown
	}
	if s.others.Since != 0 {
		out.objects = append(out.objects, *s.others)
	}
	return out
}

func (w *Walk) collect(wanted []*family, s *snapshot, now int64) (all []Series) {
	o := &out{now: now, limit: w.cfg.Series, want: w.want, series: func(x Series) { all = append(all, x) }}
	for _, f := range wanted {
		o.family = f
		f.collect(s, o)
		if f.Name == buildFamily {
			o.gauge(1, w.build.Version, w.build.Revision, w.build.GoVersion)
		}
	}
	return all
}

// one hands a series on, if series are what is asked for.
func (o *out) one(v float64, values []string) bool {
	if o.series != nil {
		o.series(Series{o.family.Name, o.family.Labels, values, v})
	}
	return o.series != nil
}

// classic hands on the series of a histogram, with the bounds as Prometheus writes them.
func (o *out) classic(h *histogram, bounds powers, values []string) bool {
	if o.series == nil {
		return false
	}
	bucket := func(le string, n int64) {
		o.series(Series{
			o.family.Name + "_bucket", append(slices.Clone(o.family.Labels), "le"), append(slices.Clone(values), le), float64(n),
		})
	}
	if o.want(o.family.Name + "_bucket") {
		for i := bounds.from; i <= bounds.to; i++ {
			bucket(bound(i), int64(h.upTo(i)))
		}
		bucket("+Inf", h.Count)
	}
	o.series(Series{o.family.Name + "_sum", o.family.Labels, values, seconds(h.Sum)})
	o.series(Series{o.family.Name + "_count", o.family.Labels, values, float64(h.Count)})
	return true
}

// bound is a power of four as the label of a bucket.
func bound(power int) string {
	s := strconv.FormatFloat(powerOfFour(power), 'g', -1, 64)
	if !strings.ContainsAny(s, ".e") {
		s += ".0"
	}
	return s
}
