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
	answers  map[question]*answer
	interval time.Duration // of the group at work
	until    time.Time     // everything up to here is sampled

	lives  map[identity]*life
	ended  []*life
	dying  []identity
	failed map[string]*failure
}

// question is an expression at the interval of a group.
type question struct {
	expr     string
	interval time.Duration
}

// answer is its result at each time from the first.
type answer struct {
	first time.Time
	at    []promql.Vector
}

// failure is a rule that could not be evaluated.
type failure struct {
	rule, text string
	first      time.Time
	times      int64
}

// maxSamples bounds one query: more than 10,000 objects in every way.
const maxSamples = 500_000_000

func newEvaluation(set *Set, from *store, every time.Duration) (*evaluation, error) {
	own := newStore()
	e := &evaluation{
		set: set, own: own, reads: stores{from, own}, alone: map[string]bool{}, answers: map[question]*answer{},
		lives: map[identity]*life{}, failed: map[string]*failure{},
		engine: promql.NewEngine(promql.EngineOpts{
			MaxSamples: maxSamples, Timeout: time.Hour, EnableAtModifier: true, EnableNegativeOffset: true, Parser: promQL(),
			NoStepSubqueryIntervalFn: func(int64) int64 { return every.Milliseconds() },
		}),
	}
	for _, expr := range set.exprs {
		e.alone[expr.String()] = set.alone(expr)
	}
	m := rules.NewManager(&rules.ManagerOptions{
		QueryFunc: e.query, NotifyFunc: func(context.Context, string, ...*rules.Alert) {},
		Appendable: own, Queryable: e.reads, GroupLoader: set, Parser: promQL(),
	})
	groups, errs := m.LoadGroups(every, labels.EmptyLabels(), "", nil, false, set.Names...)
	for _, file := range set.Names {
		for _, g := range set.files[file].Groups {
			if group := groups[rules.GroupKey(file, g.Name)]; group != nil {
				e.groups = append(e.groups, group)
			}
		}
	}
	for _, g := range e.groups {
		for _, a := range g.AlertingRules() {
			a.SetRestored(true) // or it would wait for ALERTS of before
		}
	}
	return e, errors.Join(errs...)
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
				e.collect(g, at)
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

// query answers what rules ask for. It implements rules.QueryFunc.
func (e *evaluation) query(ctx context.Context, expr string, at time.Time) (promql.Vector, error) {
	if !e.alone[expr] {
		return rules.EngineQueryFunc(e.engine, e.reads)(ctx, expr, at)
	}
	q := question{expr, e.interval}
	a := e.answers[q]
	if a == nil || at.Before(a.first) || (at.Sub(a.first))%e.interval != 0 {
		var err error
		if a, err = e.ask(ctx, expr, at); err != nil {
			return nil, err
		}
		e.answers[q] = a
	}
	i := int(at.Sub(a.first) / e.interval)
	if i >= len(a.at) {
		return nil, fmt.Errorf("%s was not sampled", at)
	}
	return slices.Clone(a.at[i]), nil // recording rules write into it, and others may ask the same
}

// ask evaluates an expression for all times that are sampled.
func (e *evaluation) ask(ctx context.Context, expr string, first time.Time) (*answer, error) {
	until := e.until
	q, err := e.engine.NewRangeQuery(ctx, storage.Queryable(e.reads), nil, expr, first, until, e.interval)
	if err != nil {
		return nil, err
	}
	defer q.Close()
	m, err := q.Exec(ctx).Matrix()
	if err != nil {
		return nil, err
	}
	a := &answer{first, make([]promql.Vector, int(until.Sub(first)/e.interval)+1)}
	at := func(t int64) int { return int((t - first.UnixMilli()) / e.interval.Milliseconds()) }
	for _, s := range m {
		for _, p := range s.Floats {
			a.at[at(p.T)] = append(a.at[at(p.T)], promql.Sample{T: p.T, F: p.F, Metric: s.Metric})
		}
		for _, p := range s.Histograms {
			a.at[at(p.T)] = append(a.at[at(p.T)], promql.Sample{T: p.T, H: p.H.Copy(), Metric: s.Metric})
		}
	}
	return a, nil
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
func (e *evaluation) collect(g *rules.Group, at time.Time) {
	for _, r := range g.Rules() {
		if err := r.LastError(); err != nil {
			e.fail(g.Name()+"/"+r.Name(), err, at)
		}
		rule, ok := r.(*rules.AlertingRule)
		if !ok {
			continue
		}
		rule.ForEachActiveAlert(func(a *rules.Alert) { e.alert(rule, a, at) })
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

func (e *evaluation) alert(rule *rules.AlertingRule, a *rules.Alert, at time.Time) {
	id := identity{rule, a.Labels.Hash()}
	l := e.lives[id]
	if a.State == rules.StateInactive && (l == nil || !l.active.Equal(a.ActiveAt)) {
		return // it was told when it was resolved
	}
	if l == nil {
		l = &life{rule: rule.Name(), labels: a.Labels.Map(), active: a.ActiveAt, resolved: time.Time{}}
		e.lives[id] = l
	}
	l.now = at
	if l.fired.IsZero() { // what people are told is what was so when it fired
		l.fired, l.value, l.notes = a.FiredAt, a.Value, a.Annotations.Map()
	}
	if a.State == rules.StateInactive {
		l.resolved = a.ResolvedAt
		e.ended = append(e.ended, l)
		delete(e.lives, id)
	}
}

// bury ends alerts that are gone without having fired.
func (e *evaluation) bury(g *rules.Group, at time.Time) {
	e.dying = e.dying[:0]
	for id, l := range e.lives {
		if !l.now.Equal(at) && slices.ContainsFunc(g.Rules(), func(r rules.Rule) bool { return r == rules.Rule(id.rule) }) {
			e.dying = append(e.dying, id)
			l.resolved = at
			e.ended = append(e.ended, l)
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
