package alerts

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/rules"
	"github.com/prometheus/prometheus/storage"
)

// evaluation evaluates a set of rules at the times of a grid, with the rule engine of Prometheus.
type evaluation struct {
	set    *Set
	groups []*rules.Group
	own    *store // what rules record, ALERTS included
	reads  stores
	engine *promql.Engine

	// An expression that does not depend on other rules is evaluated for many times at once.
	alone    map[string]bool
	texts    map[*rules.AlertingRule]*texts
	answers  map[question]*answer
	hopeless map[string]error // why expressions are not evaluated any more
	interval time.Duration    // of the group at work
	until    time.Time        // everything up to here is sampled

	lives  map[identity]*life
	ended  []*life
	dying  []identity
	failed map[string]*failure

	firedLeft, canceledLeft int   // room for alerts that are over
	omitted                 int64 // that there was no room for
}

// question is an expression at the interval of a group.
type question struct {
	expr     string
	interval time.Duration
}

// answer is its result at each time from the first.
type answer struct {
	first  time.Time
	at     []promql.Vector
	failed bool // at one of the times, or at all
}

// failure is a rule that could not be evaluated.
type failure struct {
	rule, text string
	first      time.Time
	times      int64
}

func newEvaluation(set *Set, from *store, every time.Duration) (*evaluation, error) {
	own := newStore()
	e := &evaluation{
		set: set, own: own, reads: stores{from, own}, alone: map[string]bool{}, texts: map[*rules.AlertingRule]*texts{}, answers: map[question]*answer{}, hopeless: map[string]error{},
		lives: map[identity]*life{}, failed: map[string]*failure{}, firedLeft: maxEnded, canceledLeft: maxCanceled,
		engine: promql.NewEngine(promql.EngineOpts{
			MaxSamples: maxSamples, Timeout: maxQuery, EnableAtModifier: true, EnableNegativeOffset: true, Parser: promQL(),
			NoStepSubqueryIntervalFn: func(int64) int64 { return every.Milliseconds() },
		}),
	}
	load := loader{set, map[string][][]*texts{}}
	m := rules.NewManager(&rules.ManagerOptions{
		QueryFunc: e.query, NotifyFunc: func(context.Context, string, ...*rules.Alert) {},
		Appendable: own, Queryable: e.reads, GroupLoader: load, Parser: promQL(),
	})
	groups, errs := m.LoadGroups(every, labels.EmptyLabels(), "", nil, false, set.Names...)
	for _, file := range set.Names {
		for i, g := range set.files[file].Groups {
			if group := groups[rules.GroupKey(file, g.Name)]; group != nil {
				e.groups = append(e.groups, group)
				e.prepare(group, load.texts[file][i])
			}
		}
	}
	return e, errors.Join(errs...)
}

// prepare takes the rules of a group.
func (e *evaluation) prepare(g *rules.Group, all []*texts) {
	for i, r := range g.Rules() {
		e.alone[r.Query().String()] = e.set.alone(r.Query())
		if a, ok := r.(*rules.AlertingRule); ok {
			e.texts[a] = all[i]
			a.SetRestored(true) // or it would wait for ALERTS of before
		}
	}
}

// patience is how long an alert of the rules waits at most before it fires, and to end after that.
func (e *evaluation) patience() (longest time.Duration) {
	for _, g := range e.groups {
		for _, r := range g.Rules() {
			if a, ok := r.(*rules.AlertingRule); ok {
				longest = max(longest, a.HoldDuration()+a.KeepFiringFor())
			}
		}
	}
	return longest
}

// intervals are the times between evaluations, the shortest first.
func (e *evaluation) intervals() []time.Duration {
	var all []time.Duration
	for _, g := range e.groups {
		all = append(all, g.Interval())
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// run evaluates the rules at each time after one and up to another that is a multiple of their
// interval. Everything up to the last must have been sampled.
func (e *evaluation) run(ctx context.Context, after, until time.Time) {
	e.until = until
	for at := e.next(after); !at.After(until) && ctx.Err() == nil; at = e.next(at) {
		for _, g := range e.groups {
			if at.UnixNano()%int64(g.Interval()) == 0 {
				e.interval = g.Interval()
				e.own.until = at.UnixMilli()
				g.Eval(ctx, at)
				e.collect(ctx, g, at)
			}
		}
	}
	clear(e.answers)
}

// next is the first time after another at which a group is evaluated.
func (e *evaluation) next(after time.Time) time.Time {
	first := time.Time{}
	for _, every := range e.intervals() {
		at := time.Unix(0, (after.UnixNano()/int64(every)+1)*int64(every)).UTC()
		if first.IsZero() || at.Before(first) {
			first = at
		}
	}
	return first
}

// query answers what rules ask for. It implements rules.QueryFunc. An expression that fails for one
// of the times is asked for each of them.
func (e *evaluation) query(ctx context.Context, expr string, at time.Time) (promql.Vector, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if !e.alone[expr] {
		return e.once(ctx, expr, at)
	}
	q := question{expr, e.interval}
	a := e.answers[q]
	if a == nil || at.Before(a.first) || (at.Sub(a.first))%e.interval != 0 {
		a = e.ask(ctx, expr, at)
		e.answers[q] = a
	}
	if a.failed {
		return e.once(ctx, expr, at)
	}
	i := int(at.Sub(a.first) / e.interval)
	if i >= len(a.at) {
		return nil, fmt.Errorf("%s was not sampled", at)
	}
	return slices.Clone(a.at[i]), nil // recording rules write into it, and others may ask the same
}

// once evaluates an expression at one time.
func (e *evaluation) once(ctx context.Context, expr string, at time.Time) (promql.Vector, error) {
	if err := e.hopeless[expr]; err != nil {
		return nil, err
	}
	v, err := rules.EngineQueryFunc(e.engine, e.reads)(ctx, expr, at)
	if hopeless(err) {
		err = fmt.Errorf("%w; it is not evaluated any more", err)
		e.hopeless[expr] = err
	}
	return v, err
}

// ask evaluates an expression for all times that are sampled.
func (e *evaluation) ask(ctx context.Context, expr string, first time.Time) *answer {
	until := e.until
	q, err := e.engine.NewRangeQuery(ctx, storage.Queryable(e.reads), nil, expr, first, until, e.interval)
	if err != nil {
		return &answer{first: first, failed: true}
	}
	defer q.Close()
	m, err := q.Exec(ctx).Matrix()
	if err != nil {
		return &answer{first: first, failed: true}
	}
	a := &answer{first: first, at: make([]promql.Vector, int(until.Sub(first)/e.interval)+1)}
	at := func(t int64) int { return int((t - first.UnixMilli()) / e.interval.Milliseconds()) }
	for _, s := range m {
		for _, p := range s.Floats {
			a.at[at(p.T)] = append(a.at[at(p.T)], promql.Sample{T: p.T, F: p.F, Metric: s.Metric})
		}
		for _, p := range s.Histograms {
			a.at[at(p.T)] = append(a.at[at(p.T)], promql.Sample{T: p.T, H: p.H.Copy(), Metric: s.Metric})
		}
	}
	return a
}

// identity is one alert of one rule.
type identity struct {
	rule *rules.AlertingRule
	hash uint64
}

// life is an alert from the time when its expression became true to the time when it was resolved.
type life struct {
	rule                         string
	labels, notes                map[string]string
	active, fired, resolved, now time.Time // now is the latest evaluation that had it
	value                        float64
}

// collect takes over what an evaluation of a group did to its alerts.
func (e *evaluation) collect(ctx context.Context, g *rules.Group, at time.Time) {
	for _, r := range g.Rules() {
		if err := r.LastError(); err != nil {
			e.fail(g.Name()+"/"+r.Name(), err, at)
		}
		rule, ok := r.(*rules.AlertingRule)
		if !ok {
			continue
		}
		var fresh []*life
		rule.ForEachActiveAlert(func(a *rules.Alert) {
			if l := e.alert(rule, a, at); l != nil {
				fresh = append(fresh, l)
			}
		})
		e.expand(ctx, rule, at, g.QueryOffset(), fresh)
	}
	e.bury(g, at)
}

func (e *evaluation) fail(rule string, err error, at time.Time) {
	f := e.failed[rule]
	if f == nil {
		f = &failure{rule: rule, text: err.Error(), first: at}
		e.failed[rule] = f
	}
	f.times++
}

// alert takes over one alert. It returns it if its texts have to be expanded.
func (e *evaluation) alert(rule *rules.AlertingRule, a *rules.Alert, at time.Time) (fresh *life) {
	id := identity{rule, a.Labels.Hash()}
	l := e.lives[id]
	if a.State == rules.StateInactive && (l == nil || !l.active.Equal(a.ActiveAt)) {
		return nil // it was told when it was resolved
	}
	if l == nil {
		l = &life{rule: rule.Name(), labels: a.Labels.Map(), active: a.ActiveAt, resolved: time.Time{}}
		e.lives[id], fresh = l, l
	}
	l.now = at
	if l.fired.IsZero() { // what people are told is what was so when it fired
		l.fired, l.value = a.FiredAt, a.Value
		if e.texts[rule] == nil {
			l.notes = a.Annotations.Map()
		}
		if !l.fired.IsZero() {
			fresh = l
		}
	}
	if a.State == rules.StateInactive {
		l.resolved = a.ResolvedAt
		e.finish(l)
		delete(e.lives, id)
	}
	return fresh
}

// maxEnded bounds what is kept of alerts that are over, those that fired and those that did not:
// with the value among its labels a rule makes others at each evaluation.
const maxEnded = 100_000

// finish keeps an alert that is over.
func (e *evaluation) finish(l *life) {
	room := &e.firedLeft
	if l.fired.IsZero() {
		room = &e.canceledLeft
	}
	if *room == 0 {
		e.omitted++
		return
	}
	*room--
	e.ended = append(e.ended, l)
}

// bury ends alerts that are gone without having fired.
func (e *evaluation) bury(g *rules.Group, at time.Time) {
	e.dying = e.dying[:0]
	for id, l := range e.lives {
		if !l.now.Equal(at) && slices.ContainsFunc(g.Rules(), func(r rules.Rule) bool { return r == rules.Rule(id.rule) }) {
			e.dying = append(e.dying, id)
			l.resolved = at
			e.finish(l)
		}
	}
	for _, id := range e.dying {
		delete(e.lives, id)
	}
}

// alerts are all of them, by the time when they became active.
func (e *evaluation) alerts() []*life {
	all := slices.Clone(e.ended)
	for _, l := range e.lives {
		all = append(all, l)
	}
	slices.SortFunc(all, func(a, b *life) int {
		return cmp.Or(a.active.Compare(b.active), cmp.Compare(a.rule, b.rule), byLabels(a.labels, b.labels))
	})
	return all
}
