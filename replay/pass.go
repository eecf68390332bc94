package replay

import (
	"context"
	"errors"

	"fluxtrail/api"
	"fluxtrail/derive"
	"fluxtrail/parse"
	"fluxtrail/replay/alerts"
)

// pass is one reading of everything, from the first record to the report.
type pass struct {
	opt      *Options
	engine   *derive.Engine
	recorder *alerts.Recorder // nil without alerts
	history  *history
	observed *feed
	window   windower
	memory   *memory
	trust    *trust
	records  int
}

func newPass(opt *Options, in reading, known *evidence, hist *history) (*pass, error) {
	rules := opt.Rules
	rules.CompareClocks, rules.RoughClocks = len(known.Observations) > 0, known.moved || known.watched
	p := &pass{
		opt: opt, engine: derive.New(rules), history: hist, observed: known.feed(opt.Filter.Until.At),
		window: windower{from: opt.Filter.Since.At}, memory: newMemory(),
		trust: newTrust(in),
	}
	for i, src := range in.sources {
		if !in.strange(i) {
			p.engine.AddSource(int32(i), src.Pod)
		}
	}
	opt.last.begin(rules.Redact)
	var err error
	p.recorder, err = newRecorder(opt.Alerts)
	return p, err
}

// replayOnce reads everything once. Where sources were out of order there is no report.
func replayOnce(
	ctx context.Context, opt *Options, in reading, known *evidence, hist *history,
) (*api.Report, []int, error) {
	p, err := newPass(opt, in, known, hist)
	if err != nil {
		return nil, nil, err
	}
	read, done := opt.Progress.begin(in.sources)
	in.tick, in.find = read, p.engine.Find
	stats, disordered, err := in.merge(ctx, func(r *parse.Record, at derive.Place) { p.take(ctx, r, at) })
	done()
	if err != nil || len(disordered) > 0 {
		return nil, disordered, errors.Join(err, p.recorder.Discard())
	}
	if err := checkWindow(opt.Filter, stats); err != nil {
		return nil, nil, &PathError{err}
	}
	until := opt.Filter.Until.At
	p.sample(ctx, lastIn(stats, until))
	p.engine.Advance(min(until, lastRecord(stats)))
	p.observed.rest(p.engine)
	known.measure(p.engine)
	rep, err := p.end(ctx, in, stats)
	if rep != nil {
		rep.Input.Conditions, rep.Input.ConditionNotes = known.inputs(), known.notes
		rep.Input.Believed = p.trust.told()
		rep.Controllers = known.health(rep.Controllers, until, opt.Filter.Controllers)
	}
	return rep, nil, err
}

// take takes one record, and what was observed before it.
func (p *pass) take(ctx context.Context, r *parse.Record, at derive.Place) {
	if until := p.opt.Filter.Until.At; until != 0 && r.Time > until {
		return
	}
	if p.trust.refuses(at.Source, r) {
		return
	}
	if p.recorder != nil {
		p.sample(ctx, r.Time)
	}
	if r.Time > p.observed.next {
		p.observed.before(p.engine, p.recorder, r.Time)
	}
	p.window.cross(p.engine, r.Time)
	p.engine.Add(r, at)
	p.recorder.Line(r)
	p.opt.last.add(r)
	if p.records++; p.records%batchLines == 0 {
		p.history.take(p.engine)
		p.recorder.Take(p.engine)
		p.memory.fit()
	}
}

// sample has the recorder sample the engine at each time that comes before a record.
func (p *pass) sample(ctx context.Context, record int64) {
	for at, due := p.recorder.Due(ctx, record); due; at, due = p.recorder.Due(ctx, record) {
		p.observed.before(p.engine, p.recorder, at+1)
		p.window.cross(p.engine, at)
		p.engine.Advance(at)
		p.recorder.Scrape(ctx, p.engine)
	}
}

// end makes the report when everything was read.
func (p *pass) end(ctx context.Context, in reading, stats []fileStats) (*api.Report, error) {
	p.memory.look()
	p.engine.Settle()
	p.history.take(p.engine)
	only := p.opt.Filter
	b := &builder{history: p.history, filter: only, baseline: p.opt.Baseline, baselineName: p.opt.BaselineName}
	rep := b.report(p.engine, in.sources, stats)
	if only.narrow() && rep.Totals.Matched == 0 && rep.Totals.Seen > 0 {
		return nil, &PathError{only.noMatch(b.View)}
	}
	var err error
	if rep.Alerts, err = endAlerts(ctx, p.recorder, rep, p.engine, &only); err != nil {
		return nil, err
	}
	return rep, p.history.err
}
