package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"fluxtrail/api"
	"fluxtrail/derive"
	"fluxtrail/parse"
	"fluxtrail/parse/redact"
	"fluxtrail/sinks/report"
	"fluxtrail/tail"
)

// runReplay is the whole of replay, from top to bottom.
func runReplay(ctx context.Context, args []string, io streams) error {
	opt, err := replayFlags(args, io.out, time.Now())
	switch {
	case errors.Is(err, flag.ErrHelp):
		return nil
	case err != nil:
		return usageError("replay: %v", err)
	}
	baseline, err := readBaseline(opt.baseline)
	if err != nil {
		return usageError("replay: %v", err)
	}
	sources, problems := tail.Discover(opt.paths)
	if err := unusable(sources, problems); err != nil {
		return usageError("replay: %v", err)
	}

	secrets, err := redact.New(nil)
	if err != nil {
		return err
	}
	opt.derive.Redact = secrets.String
	opt.derive.KeepText = opt.wants("html")
	led := newLedger(opt.wants("json") || opt.wants("html") || opt.wants("openmetrics"), opt.filter)
	defer led.close()
	opt.derive.NoTransitions = !led.keep

	rep, err := replay(ctx, opt, sources, led, io, baseline)
	if err != nil {
		return err
	}
	rep.Input.Files = append(rep.Input.Files, unreadable(problems)...)
	if err := write(opt, rep, io.out); err != nil {
		return err
	}
	return opt.verdict(rep)
}

// replay reads everything and makes the report.
func replay(ctx context.Context, opt replayOptions, sources []tail.Source, led *ledger, io streams, baseline map[string]bool) (*api.Report, error) {
	engine := derive.New(opt.derive)
	b := &builder{led: led, evidence: led.keep, filter: opt.filter, cfg: engine.Config(), baseline: baseline, baselineName: baselineName(opt.baseline)}
	for i, src := range sources {
		engine.AddSource(int32(i), src.Pod)
		for _, f := range src.Files {
			b.files = append(b.files, api.File{Path: f.Path})
		}
	}
	bar := newProgress(io.err, opt.progress, sources)
	window := windower{from: opt.filter.since}
	n, mem := 0, newMemory()
	stats, err := merge(ctx, sources, tail.Options{Format: opt.format, Stdin: io.in}, bar.add, engine.Warm, func(r *parse.Record, at derive.Place) {
		if opt.filter.until != 0 && r.Time > opt.filter.until {
			return
		}
		window.cross(engine, r.Time)
		engine.Add(r, at)
		if n++; n%batchLines == 0 {
			led.take(engine)
			mem.fit()
		}
	})
	bar.done()
	if err != nil {
		return nil, err
	}
	engine.Advance(min(opt.filter.until, lastRecord(stats)))
	engine.Settle()
	led.take(engine)
	return b.report(engine, sources, stats), led.err
}

// lastRecord is the time of the latest record in all files.
func lastRecord(stats []fileStats) int64 {
	var last int64
	for _, st := range stats {
		last = max(last, st.last)
	}
	return last
}

// windower begins the report's window when the first record of it comes: what was before only serves to know the state at its beginning.
type windower struct{ from int64 }

func (w *windower) cross(e *derive.Engine, t int64) {
	if w.from != 0 && t >= w.from {
		e.Advance(w.from)
		e.BeginWindow()
		w.from = 0
	}
}

// report puts everything together.
func (b *builder) report(e *derive.Engine, sources []tail.Source, stats []fileStats) *api.Report {
	files, input, from, to := fileReports(sources, stats)
	from = max(from, b.filter.since)
	if b.filter.until != 0 {
		to = min(to, b.filter.until)
	}
	b.files, b.view, b.mid = files, e.View(), from+(to-from)/2
	for _, i := range b.view.Open {
		b.led.incident(i, i.State(b.view.At, b.cfg.Hold))
	}
	return &api.Report{
		Window: api.Window{From: reportTime(from), To: reportTime(to)}, Input: input,
		Objects: b.objects(), Transitions: b.led.allTransitions(), Incidents: b.incidents(), Errors: b.errors(), Controllers: b.controllers(),
		Durations: b.kindDurations(), Silences: b.silences(),
		Totals:   api.Totals{Transitions: b.led.count, Incidents: b.led.total, ByState: b.led.byState},
		Settings: api.Settings{Hold: b.cfg.Hold, Keep: b.cfg.Keep, Grace: b.cfg.Grace, Baseline: b.baselineName},
	}
}

// baselineName is what the report calls the baseline: its file's name, "" for none.
func baselineName(path string) string {
	if path == "" {
		return ""
	}
	return filepath.Base(path)
}

func readBaseline(path string) (map[string]bool, error) {
	if path == "" {
		return nil, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("--baseline: %w", err)
	}
	defer f.Close()
	known, err := report.ReadBaseline(f)
	if err != nil {
		return nil, fmt.Errorf("--baseline %s: %w", path, err)
	}
	return known, nil
}

// unusable decides whether the paths can be used at all: one that does not exist is a mistake to be told before hours of reading, one that
// cannot be read is told in the report.
func unusable(sources []tail.Source, problems []tail.PathError) error {
	var errs []error
	for _, p := range problems {
		if len(sources) == 0 || errors.Is(p, fs.ErrNotExist) {
			errs = append(errs, p)
		}
	}
	if len(sources) == 0 && len(errs) == 0 {
		return errors.New("no log file in the given paths; logs end in .log (rotated: .log.20060102-150405), .txt, .json, .jsonl, with .gz or .zst behind")
	}
	return errors.Join(errs...)
}

func unreadable(problems []tail.PathError) []api.File {
	var out []api.File
	for _, p := range problems {
		text := p.Err.Error()
		if p.Hint != "" {
			text += "; " + p.Hint
		}
		out = append(out, api.File{Path: p.Path, Error: &text})
	}
	return out
}
