package agent

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	conditions "fluxtrail/conditions/kube"
	"fluxtrail/derive"
	"fluxtrail/kube"
	"fluxtrail/parse"
	"fluxtrail/parse/redact"
	"fluxtrail/sinks"
)

// observed is what waits until the lines of its time were read. It is saved.
type observed struct{ derive.Observed }

// maxObserved is how many observations wait while older lines are read. Beyond it only the latest
// of each object is kept, and of no more objects than can be known: whoever serves metrics as a
// controller may tell of other ones each time.
const maxObserved = 20_000

func (w *observed) empty() bool { return len(w.Observations)+len(w.Listings) == 0 }

// add takes more, all of it later than what is there.
func (w *observed) add(more observed) {
	w.Observations = append(w.Observations, more.Observations...)
	w.Listings = append(w.Listings, more.Listings...)
	if len(w.Observations) <= maxObserved {
		return
	}
	later := map[derive.Ref]bool{}
	for i := len(w.Observations) - 1; i >= 0; i-- {
		o := &w.Observations[i]
		if o.Event == nil && later[o.Ref] {
			o.At = 0
		}
		later[o.Ref] = true
	}
	w.Observations = slices.DeleteFunc(w.Observations, func(o derive.Observation) bool { return o.At == 0 })
	w.Observations = slices.Delete(w.Observations, 0, max(0, len(w.Observations)-derive.MostObjects))
}

// controller is one whose log is read here. Shard is "" for the main one.
type controller struct{ name, shard string }

// evidence is where the watch of the API server puts what it observes, and where the trail lane
// takes it. It is safe for concurrent use.
type evidence struct {
	mu     sync.Mutex
	fresh  observed
	wanted map[controller]bool
	stop   func() // ends the watch that runs; nil where none does
}

// take gives what was observed since the last call.
func (e *evidence) take() (all observed) {
	e.mu.Lock()
	defer e.mu.Unlock()
	all, e.fresh = e.fresh, observed{}
	return all
}

func (e *evidence) observe(all []derive.Observation) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.fresh.add(observed{derive.Observed{Observations: all}})
}

func (e *evidence) list(l derive.Listing) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.fresh.add(observed{derive.Observed{Listings: []derive.Listing{l}}})
}

// want says whose objects are of interest. A watch for others ends, and begins anew: what a new
// controller reconciles has to be told from the beginning.
func (e *evidence) want(all map[controller]bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if maps.Equal(e.wanted, all) {
		return
	}
	e.wanted = all
	if e.stop != nil {
		e.stop()
		e.stop = nil
	}
}

// begin returns a context for a watch of the objects that are wanted, and their kinds; nil where
// none are.
func (e *evidence) begin(ctx context.Context) (context.Context, func(kind string) bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.wanted) == 0 {
		return nil, nil
	}
	names := map[string]bool{}
	for c := range e.wanted {
		names[c.name] = true
	}
	ctx, e.stop = context.WithCancel(ctx)
	return ctx, func(kind string) bool { return names[parse.ControllerOf(kind)] }
}

// watcher observes the objects of the controllers whose logs are read on this node.
type watcher struct {
	client   *kube.Client
	evidence *evidence
	secrets  *redact.Redactor
	log      *slog.Logger
	now      func() time.Time
}

// lookForWanted is how often it is looked whether there is anything to watch.
const lookForWanted = time.Second

// run watches until ctx is done; it always returns nil. With a nil watcher it returns at once.
func (w *watcher) run(ctx context.Context) error {
	for w != nil && ctx.Err() == nil {
		inner, kinds := w.evidence.begin(ctx)
		if inner == nil {
			_ = sinks.Sleep(ctx, lookForWanted) // the loop looks at ctx
			continue
		}
		_ = conditions.New(w.client, conditions.Options{ // Run returns nil
			Redact: w.secrets.String, Now: w.now, Kinds: kinds,
			Observe: w.evidence.observe, List: w.evidence.list, Report: w.report,
		}).Run(inner)
	}
	return nil
}

// report logs what begins to go wrong, and its end.
func (w *watcher) report(kind string, err error) {
	if kind == "" {
		kind = "all kinds"
	}
	switch {
	case err == nil:
		w.log.Info("the API server tells the conditions of objects again", "kind", kind)
	case kube.Refused(err):
		w.log.Info("the API server does not let us read the conditions of a kind of objects: the log alone tells of them; "+
			"grant the ClusterRole fluxtrail-conditions, or set conditions.kube.enabled to false", "kind", kind, "err", err)
	default:
		w.log.Warn("cannot read the conditions of a kind of objects", "kind", kind, "err", err)
	}
}
