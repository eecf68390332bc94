// Package alerts tells what alerting rules would have done while a log was written.
//
// In go rules, and, while replay reads the log, the state of its engine at each time of a scrape.
// Out comes an api.Alerts: which alerts were pending, fired and were resolved, when, and which
// incidents no rule told of. The metrics are those of sinks/prom, made as the agent makes them; the
// rules are evaluated by Prometheus' own rule engine. Time is the record's.
//
// A scrape is emulated: every series has a sample at each time of the grid, and a stale marker
// where it ends. The agent counts as running from the first record to the last, quiet times
// included, but for times without any line that are longer than Options.Gap: there it counts as
// down.
//
// The package starts no goroutine, reads no clock and writes only the blocks that it is asked for.
// Rules see floats only: native histograms are not sampled.
package alerts

import (
	"cmp"
	"context"
	"slices"
	"time"

	"fluxtrail/api"
	"fluxtrail/derive"
	"fluxtrail/derive/export"
	"fluxtrail/derive/rules/check"
	"fluxtrail/parse"
)

// Options say what is evaluated, and when. The zero value of a span means its default.
type Options struct {
	Rules   *Set
	Old     *Set          // rules to compare with, nil for none
	Inhibit []Inhibit     // of Alertmanager
	Scrape  time.Duration // between scrapes
	Every   time.Duration // between evaluations of groups that do not say
	Gap     time.Duration // without any line for this long the agent counts as down; negative for never
	Blocks  string        // directory for blocks of a TSDB with all metrics and ALERTS, "" for none

	// The series of other exporters, which are made of evidence of conditions.
	NamespaceLabel string        // that has the object's namespace, default exported_namespace
	Flux           check.Version // whose exporters these are; default: every family, as it was last
}

// Defaults of Options: the scrape interval of the deployment's PodMonitor, and Prometheus' own
// evaluation interval.
const (
	DefaultScrape = 30 * time.Second
	DefaultEvery  = time.Minute
	DefaultGap    = time.Hour
)

// span is how much is sampled before the rules are evaluated for all of it: also that of a block.
const span = 2 * time.Hour

// Recorder follows one reading of the log. It belongs to one goroutine.
type Recorder struct {
	opt       Options
	target    *target
	sets      []*evaluation // the rules, and those to compare with
	keep      time.Duration // how far back a rule may look
	settled   time.Duration // how long after the beginning of a downtime the rules say the same ever after
	next      int64         // time of the next scrape; 0 before the first record
	latest    int64         // time of the latest record
	scraped   int64         // time of the latest scrape
	evaluated time.Time
	boundary  int64 // at which the next span ends
	downtimes []api.Gap
	blocks    *blocks
	err       error
}

// New makes a Recorder. The error says which rule cannot be used.
func New(opt Options) (*Recorder, error) {
	opt.Scrape = cmp.Or(opt.Scrape, DefaultScrape)
	opt.Every = cmp.Or(opt.Every, DefaultEvery)
	opt.Gap = cmp.Or(opt.Gap, DefaultGap)
	r := &Recorder{opt: opt}
	sets := []*Set{opt.Rules}
	if opt.Old != nil {
		sets = append(sets, opt.Old)
	}
	cached := map[string]bool{}
	r.target = newTarget(&opt, func(metric string) bool {
		want, known := cached[metric]
		if !known {
			want = opt.Blocks != "" || slices.ContainsFunc(sets, func(s *Set) bool { return s.wants(metric) })
			cached[metric] = want
		}
		return want
	})
	for _, set := range sets {
		e, err := newEvaluation(set, r.target.store, opt.Every)
		if err != nil {
			return nil, err
		}
		e.own.deaf = opt.Blocks == "" && !set.reread()
		r.sets = append(r.sets, e)
		if r.settled = max(r.settled, e.patience()); set.dated() {
			r.settled = maxSettled
		}
		back, fixed := set.reach()
		if fixed {
			back = 1 << 62
		}
		r.keep = max(r.keep, back)
	}
	r.settled = min(r.settled+lookback, maxSettled) + min(2*min(r.keep, maxSettled), maxSettled)
	if opt.Blocks != "" {
		r.blocks = newBlocks(opt.Blocks)
	}
	return r, nil
}

// Line takes a record that the engine got. A nil Recorder takes it for nothing.
func (r *Recorder) Line(rec *parse.Record) {
	if r != nil {
		r.latest = max(r.latest, rec.Time)
		r.target.line(rec)
	}
}

// Take takes what the engine has to hand over, so that it does not pile up between scrapes.
func (r *Recorder) Take(e *derive.Engine) {
	if r != nil {
		r.target.take(e)
	}
}

// Due is the time of the next scrape, and whether it is not later than the next record.
func (r *Recorder) Due(ctx context.Context, record int64) (at int64, due bool) {
	if r == nil || record == 0 {
		return 0, false
	}
	if r.next == 0 {
		r.begin(record)
	}
	if gap := int64(r.opt.Gap); gap > 0 && r.latest != 0 && record-r.latest > gap && r.next <= record {
		r.down(ctx, record)
	}
	if r.err = cmp.Or(r.err, ctx.Err()); r.err != nil { // it would be given up at its end
		return 0, false
	}
	return r.next, r.next <= record
}

// begin sets the first scrape.
func (r *Recorder) begin(record int64) {
	step := int64(r.opt.Scrape)
	r.next = (record + step - 1) / step * step
	r.evaluated = time.Unix(0, r.next-1).UTC()
	r.boundary = (r.next/int64(span) + 1) * int64(span)
}

// down passes over a time without any line.
func (r *Recorder) down(ctx context.Context, record int64) {
	r.downtimes = append(r.downtimes, api.Gap{From: export.Time(r.latest), To: export.Time(record)})
	r.latest = record
	settled := r.next + int64(r.settled)
	for ; r.next <= record && ctx.Err() == nil; r.next += int64(r.opt.Scrape) {
		if r.next > settled && record-r.next > 2*int64(r.settled) {
			r.rest(ctx, record-int64(r.settled))
		}
		r.target.down(r.next)
		r.scraped = r.next
		r.pass(ctx, r.next)
	}
}

// maxSettled bounds what rules wait and look back for, so that times can be added to it.
const maxSettled = 10 * 365 * 24 * time.Hour

// rest leaves out what is before a time, in which no rule has anything new to say: a wrong clock,
// or a line that somebody made up, may put a hundred years between two lines.
func (r *Recorder) rest(ctx context.Context, until int64) {
	r.evaluate(ctx, r.scraped, r.scraped/1e6+1)
	r.begin(until)
	if r.blocks != nil {
		r.blocks.done = r.next / 1e6
	}
}

// Observe takes what something beside the log said of an object.
func (r *Recorder) Observe(o *derive.Observation) {
	if r != nil {
		r.target.facts.observe(o)
	}
}

// ObserveAll takes a list of all objects of a kind.
func (r *Recorder) ObserveAll(l *derive.Listing) {
	if r != nil {
		r.target.facts.list(l)
	}
}

// Scrape samples the engine, whose clock stands at the time that Due gave.
func (r *Recorder) Scrape(ctx context.Context, e *derive.Engine) {
	r.target.scrape(e, r.next)
	r.scraped = r.next
	r.next += int64(r.opt.Scrape)
	r.pass(ctx, r.scraped)
	r.err = cmp.Or(r.err, ctx.Err())
}

// pass evaluates the rules when a span is full.
func (r *Recorder) pass(ctx context.Context, now int64) {
	if now < r.boundary {
		return
	}
	r.evaluate(ctx, r.boundary, r.boundary/1e6)
	r.boundary += int64(span)
}

// evaluate evaluates everything up to a time, and writes the samples before another one, in
// milliseconds.
func (r *Recorder) evaluate(ctx context.Context, until, written int64) {
	end := time.Unix(0, until).UTC()
	for _, e := range r.sets {
		e.run(ctx, r.evaluated, end)
	}
	r.evaluated, r.err = end, cmp.Or(r.err, ctx.Err())
	if r.blocks != nil && r.err == nil {
		r.err = r.blocks.write(written, r.target.store, r.sets[0].own)
	}
	before := end.Add(-r.keep - lookback).UnixMilli()
	for _, e := range r.sets {
		e.own.prune(before)
	}
	r.target.store.prune(before)
}

// Discard takes back what was written, after a reading that has to be done again.
func (r *Recorder) Discard() error {
	if r == nil || r.blocks == nil {
		return nil
	}
	return r.blocks.remove()
}

// lookback is how far back Prometheus looks for the latest sample.
const lookback = 5 * time.Minute

// End evaluates what is left, and tells what came of it. The incidents are all of the report's;
// hold is how long a success must hold before the metrics have an incident resolved. Wanted says
// which objects are reported, and since when; alerts about no object always are.
func (r *Recorder) End(
	ctx context.Context, incidents func(func(api.Incident) bool), hold time.Duration, wanted func(api.Ref) bool, since int64,
) (*api.Alerts, error) {
	if r == nil {
		return nil, nil
	}
	if r.scraped != 0 {
		r.evaluate(ctx, r.scraped, r.scraped/1e6+1)
	}
	late := hold + r.opt.Scrape + r.opt.Every
	out := &api.Alerts{Rules: r.opt.Rules.Names, Grid: r.grid(), Downtimes: r.downtimes}
	foreign := func(a api.Alert) bool {
		ref, ok := objectOf(&a)
		return ok && !wanted(ref) || !a.ResolvedAt.IsZero() && a.ResolvedAt.UnixNano() < since
	}
	out.List, out.Omitted = list(r.sets[0].alerts()), r.sets[0].omitted
	inhibit(out.List, r.opt.Inhibit, export.Time(r.scraped)) // also by what is not reported
	out.List = slices.DeleteFunc(out.List, foreign)
	assign(out, incidents, late)
	out.Failed = r.sets[0].failures()
	out.Unsampled = r.unsampled()
	if r.opt.Old != nil {
		old := slices.DeleteFunc(list(r.sets[1].alerts()), foreign)
		out.Changes = compare(r.opt.Old.Names, old, out.List)
	}
	return out, r.err
}
