package replay

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"maps"
	"math"
	"slices"
	"time"

	"fluxtrail/api"
	"fluxtrail/conditions"
	"fluxtrail/conditions/files"
	"fluxtrail/conditions/prom"
	"fluxtrail/derive"
	"fluxtrail/derive/export"
	"fluxtrail/replay/alerts"
)

// evidence is what the sources of evidence told, all of it in memory.
type evidence struct {
	conditions.Evidence
	notes  []string      // what there is to know of it as a whole
	offset time.Duration // by what the log's clock is ahead, as the latest reading measured it
	moved  bool          // the times were corrected by that

	watched bool // the times of observing were corrected
}

// readEvidence asks the sources for what they know of the span that is reported.
func readEvidence(ctx context.Context, opt *Options, in reading, redact func(string) string) (*evidence, error) {
	all := &evidence{}
	sources, err := opt.sources(redact)
	if err != nil || len(sources) == 0 {
		return all, err
	}
	from, to, err := opt.span(ctx, in)
	if err != nil {
		return nil, err
	}
	for _, source := range sources {
		told, err := source(ctx, from, to)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, &PathError{err}
		}
		if err != nil {
			return nil, err
		}
		all.Add(told)
	}
	all.settleWatch()
	return all, nil
}

// sources are all that is named of evidence.
func (opt *Options) sources(redact func(string) string) ([]conditions.Source, error) {
	sources := slices.Clone(opt.Evidence)
	for _, name := range opt.Conditions {
		sources = append(sources, sourceNamed(name, files.Options{At: opt.ConditionsAt, Redact: redact}))
	}
	for _, c := range opt.Metrics {
		c.Redact = redact
		sources = append(sources, c.Read)
	}
	for _, c := range opt.Prometheus {
		c.Redact = redact
		server, err := prom.New(c)
		if err != nil {
			return nil, err
		}
		sources = append(sources, server.Read)
	}
	return sources, nil
}

// span is what the sources are asked for: the window, or else the times of the first and the last
// record where a source wants to know them.
func (opt *Options) span(ctx context.Context, in reading) (from, to int64, err error) {
	from, to = opt.Filter.Since.At, opt.Filter.Until.At
	if !opt.spanned() || from != 0 && to != 0 {
		return from, to, nil
	}
	stats, err := in.look(ctx)
	if err != nil {
		return 0, 0, err
	}
	return cmp.Or(from, firstRecord(stats)), cmp.Or(to, lastRecord(stats)), nil
}

// spanned reports whether a source wants to know of which span it is asked.
func (opt *Options) spanned() bool {
	return opt.EvidenceSpan || len(opt.Prometheus) > 0 || slices.ContainsFunc(opt.Conditions, files.IsDatabase)
}

// sourceNamed is the source that a path stands for. It is the one place where other forms of names
// are told apart.
func sourceNamed(name string, opt files.Options) conditions.Source {
	return files.Source([]string{name}, opt)
}

// feed hands the evidence to an engine, with the records in between. One belongs to one reading of
// the log.
type feed struct {
	derive.Observed
	next  int64 // time of the first; beyond all times where there is none
	until int64 // what came later is ignored; 0 for no such time
}

func (e *evidence) feed(until int64) *feed {
	f := &feed{Observed: derive.Observed{Observations: e.Observations, Listings: e.Listings}, until: until}
	f.schedule()
	return f
}

// before hands over what was so before a time.
func (f *feed) before(engine *derive.Engine, recorder *alerts.Recorder, t int64) {
	if f.until != 0 {
		t = min(t, f.until+1)
	}
	f.Before(t, func(o *derive.Observation) {
		engine.Observe(o)
		recorder.Observe(o)
	}, func(l derive.Listing) {
		engine.ObserveAll(l)
		recorder.ObserveAll(&l)
	})
	f.schedule()
}

// rest hands over what is left.
func (f *feed) rest(engine *derive.Engine) { f.before(engine, nil, math.MaxInt64) }

func (f *feed) schedule() {
	if f.next = f.Next(); f.until != 0 && f.next > f.until {
		f.next = math.MaxInt64
	}
}

// inputs are the rows of the report's input.
func (e *evidence) inputs() []api.ConditionInput {
	var out []api.ConditionInput
	for i := range e.Inputs {
		in := &e.Inputs[i]
		row := api.ConditionInput{
			Source: in.Name, Form: in.Form, At: export.Time(in.At), Guessed: in.Guessed, Objects: int64(in.Objects),
			Others: int64(in.Others),
		}
		if in.Err != nil {
			text := in.Err.Error()
			row.Error = &text
		}
		out = append(out, row)
	}
	return out
}

// health adds what the newest metrics until a time say of each controller's process. They do not
// name the pod: where a controller has several, it stands by itself.
func (e *evidence) health(controllers []api.Controller, until int64, filter Patterns) []api.Controller {
	told := map[string]*api.Health{}
	for _, h := range e.newestHealth(until, filter) {
		if told[h.Controller] == nil {
			told[h.Controller] = &api.Health{At: export.Time(h.At), Source: h.Source, Troubles: []string{}}
		}
		for _, trouble := range h.Troubles {
			if h.Instance != "" {
				trouble = h.Instance + ": " + trouble
			}
			told[h.Controller].Troubles = append(told[h.Controller].Troubles, trouble)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(told)) {
		var pods []int
		for i := range controllers {
			if controllers[i].Name == name {
				pods = append(pods, i)
			}
		}
		if len(pods) == 1 {
			controllers[pods[0]].Health = told[name]
		} else {
			controllers = append(controllers, api.Controller{Name: name, Gaps: []api.Gap{}, Health: told[name]})
		}
	}
	return controllers
}

// newestHealth is the newest of each controller until a time. Where that names its process, those
// of the controller's other processes at about the same time count, too.
func (e *evidence) newestHealth(until int64, filter Patterns) (all []conditions.Health) {
	newest, processes := map[string]conditions.Health{}, map[[2]string]conditions.Health{}
	for _, h := range e.Health {
		if until != 0 && h.At > until || !filter.fits(h.Controller) {
			continue
		}
		if h.At >= newest[h.Controller].At {
			newest[h.Controller] = h
		}
		if key := [2]string{h.Controller, h.Instance}; h.At >= processes[key].At {
			processes[key] = h
		}
	}
	several := map[string]int{}
	for _, h := range processes {
		n := newest[h.Controller]
		if h.Instance == n.Instance || h.Instance != "" && n.Instance != "" && n.At-h.At <= int64(conditions.Lookback) {
			all = append(all, h)
			several[h.Controller]++
		}
	}
	slices.SortFunc(all, func(a, b conditions.Health) int {
		return cmp.Or(cmp.Compare(a.Controller, b.Controller), cmp.Compare(a.Instance, b.Instance))
	})
	for i := range all {
		if several[all[i].Controller] == 1 {
			all[i].Instance = ""
		}
	}
	return all
}
