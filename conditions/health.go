package conditions

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/dustin/go-humanize/english"

	"fluxtrail/derive"
	"fluxtrail/parse"
)

// Health is how a controller's process is by its own metrics.
type Health struct {
	Controller string
	Instance   string // of several processes of one controller, where that is told
	At         int64
	Source     string
	Troubles   []string // none when all is well
}

// Gauges collects what an exposition says of the process that serves it. The zero value is ready.
// Counters count since the process started. It belongs to one goroutine.
type Gauges struct {
	known   []gauge
	process string              // the controller whose process it is
	sums    map[string]*figures // by the controller's name in the process, "" for all of it
	took    map[derive.Ref]*spent
}

// How many names of workers, and objects that took their time, count of one process. Controllers of
// Flux have up to ten workers; whoever may call a pod one of them may serve any number.
const (
	maxWorkers = 1000
	maxTook    = 50_000
)

// spent is how long the attempts of one object took.
type spent struct{ seconds, attempts float64 }

func (d *spent) mean() float64 { return d.seconds / d.attempts }

// figures are sums over the samples of one name.
type figures struct {
	attempts, errors, panics, timeouts float64
	busy, workers, waiting, longest    float64
	requests, refused, failed          float64
}

// A gauge is a metric that Gauges takes. Worker is the label with the controller's name in the
// process; older versions of controller-runtime call it name in the metrics of queues.
type gauge struct {
	name, worker string
	take         func(f *figures, label func(string) string, value float64)
}

func gauges() []gauge {
	add := func(to func(*figures) *float64) func(*figures, func(string) string, float64) {
		return func(f *figures, _ func(string) string, v float64) { *to(f) += v }
	}
	return []gauge{
		{"controller_runtime_reconcile_total", "controller", add(func(f *figures) *float64 { return &f.attempts })},
		{"controller_runtime_reconcile_errors_total", "controller", add(func(f *figures) *float64 { return &f.errors })},
		{"controller_runtime_reconcile_panics_total", "controller", add(func(f *figures) *float64 { return &f.panics })},
		{"controller_runtime_reconcile_timeouts_total", "controller", add(func(f *figures) *float64 { return &f.timeouts })},
		{"controller_runtime_active_workers", "controller", add(func(f *figures) *float64 { return &f.busy })},
		{"controller_runtime_max_concurrent_reconciles", "controller", add(func(f *figures) *float64 { return &f.workers })},
		{"workqueue_depth", "name", add(func(f *figures) *float64 { return &f.waiting })},
		{"workqueue_longest_running_processor_seconds", "name", func(f *figures, _ func(string) string, v float64) { f.longest = max(f.longest, v) }},
		{"rest_client_requests_total", "", (*figures).request},
	}
}

// request is a count of requests to the API server with one code.
func (f *figures) request(label func(string) string, value float64) {
	f.requests += value
	switch code := label("code"); {
	case code == "429":
		f.refused += value
	case strings.HasPrefix(code, "5") || strings.HasPrefix(code, "<"): // <error> is no answer at all
		f.failed += value
	}
}

// The parts of the histogram that tell how long attempts took. Its buckets are others in each era.
const (
	tookSum   = "gotk_reconcile_duration_seconds_sum"
	tookCount = "gotk_reconcile_duration_seconds_count"
)

// GaugeNames are the names of the metrics that say something of a controller's process.
func GaugeNames() []string {
	names := []string{tookSum, tookCount}
	for _, m := range gauges() {
		names = append(names, m.name)
	}
	return names
}

// Add takes a sample. Label returns the value of a label, "" for one that is not there. It reports
// whether the metric is one that says something of the process.
func (g *Gauges) Add(name string, label func(string) string, value float64) bool {
	if name == tookSum || name == tookCount {
		g.addDuration(name, label, value)
		return true
	}
	if g.known == nil {
		g.known, g.sums = gauges(), map[string]*figures{}
	}
	i := slices.IndexFunc(g.known, func(m gauge) bool { return m.name == name })
	if i < 0 {
		return false
	}
	worker := ""
	if g.known[i].worker != "" {
		worker = cmp.Or(label("controller"), label(g.known[i].worker))
	}
	if f := g.figures(worker); f != nil {
		g.known[i].take(f, label, value)
	}
	return true
}

// figures are those of a worker, nil for one that is too many.
func (g *Gauges) figures(worker string) *figures {
	f := g.sums[worker]
	if f == nil && len(g.sums) < maxWorkers {
		f = &figures{}
		g.sums[worker] = f
		g.process = cmp.Or(controllerOf(worker), g.process)
	}
	return f
}

func (g *Gauges) addDuration(name string, label func(string) string, value float64) {
	ref := refOf(label, "kind")
	of := parse.ControllerOf(ref.Kind)
	if of == "" || ref.Name == "" {
		return
	}
	g.process = of
	if g.took == nil {
		g.took = map[derive.Ref]*spent{}
	}
	if g.took[ref] == nil && len(g.took) == maxTook {
		return
	} else if g.took[ref] == nil {
		g.took[ref] = &spent{}
	}
	if name == tookSum {
		g.took[ref].seconds += value
	} else {
		g.took[ref].attempts += value
	}
}

// controllerOf is the controller in whose process the workers for a kind, in lower case, run.
func controllerOf(worker string) string {
	for _, kind := range parse.Kinds() {
		if strings.EqualFold(kind, worker) {
			return parse.ControllerOf(kind)
		}
	}
	return ""
}

// A judgement is what makes a trouble of figures, and how it is said. The figure that a text names
// first is the one that is judged.
type judgement struct {
	wrong func(f *figures) bool
	text  func(f *figures) string
}

// Thresholds of the judgements.
const (
	stuckAfter = 30 * 60 // seconds; the longest timeouts in use are shorter
	few        = 10      // of so few, a share says nothing
	manyErrors = 0.1     // of all attempts
	manyFailed = 0.05    // of all requests
	slowMean   = 60      // seconds; a worker is on the object for so long in each attempt
	slowNamed  = 3       // of the slow objects
)

func judgements() []judgement {
	return []judgement{
		{func(f *figures) bool { return f.panics > 0 },
			func(f *figures) string { return english.Plural(int(f.panics), "panic", "") }},
		{func(f *figures) bool { return f.longest > stuckAfter },
			func(f *figures) string {
				return fmt.Sprintf("a worker is on one object since %s", (time.Duration(f.longest) * time.Second).String())
			}},
		{func(f *figures) bool { return f.workers > 0 && f.busy >= f.workers && f.waiting > 0 },
			func(f *figures) string {
				return fmt.Sprintf("saturated: all %.0f workers are busy and %.0f objects wait", f.workers, f.waiting)
			}},
		{func(f *figures) bool { return f.timeouts > 0 },
			func(f *figures) string {
				return fmt.Sprintf("%.0f attempts took longer than the controller allows", f.timeouts)
			}},
		{func(f *figures) bool { return f.errors >= few && f.errors > manyErrors*f.attempts },
			func(f *figures) string {
				return fmt.Sprintf("%.0f of %.0f attempts ended with an error", f.errors, f.attempts)
			}},
		{func(f *figures) bool { return f.refused > 0 },
			func(f *figures) string {
				return fmt.Sprintf("throttled: the API server refused %.0f of %.0f requests (429)", f.refused, f.requests)
			}},
		{func(f *figures) bool { return f.failed >= few && f.failed > manyFailed*f.requests },
			func(f *figures) string {
				return fmt.Sprintf("%.0f of %.0f requests to the API server failed", f.failed, f.requests)
			}},
	}
}

// Health judges what was collected. It reports whether it is that of a controller of Flux.
func (g *Gauges) Health(at int64, source string) (Health, bool) {
	h := Health{Controller: g.process, At: at, Source: source}
	if g.process == "" {
		return h, false
	}
	var names []string
	for name := range g.sums {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		for _, j := range judgements() {
			if f := g.sums[name]; j.wrong(f) {
				h.Troubles = append(h.Troubles, strings.TrimPrefix(name+": "+j.text(f), ": "))
			}
		}
	}
	if text := g.slow(); text != "" {
		h.Troubles = append(h.Troubles, text)
	}
	return h, true
}

// slow says which objects take long in each attempt, "" when none does.
func (g *Gauges) slow() string {
	var slow []derive.Ref
	for ref, d := range g.took {
		if d.attempts > 0 && d.mean() >= slowMean {
			slow = append(slow, ref)
		}
	}
	slices.SortFunc(slow, func(a, b derive.Ref) int {
		return cmp.Or(cmp.Compare(g.took[b].mean(), g.took[a].mean()), a.Compare(b))
	})
	if len(slow) == 0 {
		return ""
	}
	var named []string
	for _, ref := range slow[:min(len(slow), slowNamed)] {
		d := g.took[ref]
		named = append(named, fmt.Sprintf("%s %s in %.0f", ref, time.Duration(d.mean()*float64(time.Second)).Round(time.Second), d.attempts))
	}
	text := fmt.Sprintf("attempts of %s take a minute or longer on average: %s", english.Plural(len(slow), "object", ""), strings.Join(named, ", "))
	if len(slow) > slowNamed {
		text += ", …"
	}
	return text
}
