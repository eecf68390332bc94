package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/term"

	"fluxtrail/derive"
	"fluxtrail/parse"
	"fluxtrail/parse/redact"
	"fluxtrail/sinks/report"
	"fluxtrail/tail"
)

const replayUsage = `Usage: fluxtrail replay [flags] PATH...

Reads the logs of Flux controllers and reports what happened: what fails and since when, incidents with their causes,
errors, durations, controller health, broken promises. PATH is a pod log tree (/var/log/pods or a part or copy of it),
a directory, a file (plain, .gz, .zst), a glob, or - for standard input. The framing (CRI, Docker, kubectl, stern, logcli)
is found for each file.

  fluxtrail replay /var/log/pods
  kubectl -n flux-system logs deploy/kustomize-controller | fluxtrail replay -
  fluxtrail replay --output text,json,html --out-dir report ./collected-logs

Exit codes: 0 done, 1 it went wrong, 2 a flag or path cannot be used, 3 --fail-on found what it names.

Flags:
`

// replayOptions are the flags of replay, compiled: using them cannot fail any more.
type replayOptions struct {
	paths    []string
	outputs  []output
	outDir   string
	format   tail.Format
	filter   filter
	derive   derive.Config
	limit    int
	baseline string
	failOn   string
	progress bool
}

// output is a form that the report can take.
type output struct{ name, file string }

var outputs = []output{{"text", "report.txt"}, {"json", "report.json"}, {"html", "report.html"}, {"openmetrics", "report.om"}, {"markdown", "report.md"}}

func replayFlags(args []string, w io.Writer, now time.Time) (replayOptions, error) {
	var o replayOptions
	fl := flag.NewFlagSet("replay", flag.ContinueOnError)
	fl.SetOutput(io.Discard)
	var only, level, since, until, format string
	outs := words{}
	fl.Var(&outs, "output", "forms of the report: text, json, html, openmetrics, markdown; several need --out-dir (default text)")
	fl.StringVar(&o.outDir, "out-dir", "", "write the report into this directory, one file for each form")
	fl.StringVar(&format, "format", "auto", "framing of the input: auto, cri, docker, raw, prefixed, logcli, loki, stern")
	fl.Var(&o.filter.kinds, "kind", "only objects of these kinds")
	fl.Var(&o.filter.namespaces, "namespace", "only objects in these namespaces")
	fl.Var(&o.filter.names, "name", "only objects with these names")
	fl.Var(&o.filter.controllers, "controller", "only objects of these controllers, such as helm-controller")
	fl.StringVar(&since, "since", "", "report from this time on: RFC 3339, a date, or a span before now such as 12h")
	fl.StringVar(&until, "until", "", "ignore what came later than this time")
	fl.StringVar(&level, "level", "", "only lines of this level or louder as evidence and in errors: debug, info, error")
	fl.StringVar(&only, "only", "", "failing: list only objects that fail, stall, wait or are silent")
	fl.StringVar(&o.failOn, "fail-on", "", "exit with code 3 if there is, at the end, an incident that is firing, or any open one (pending), or an error that the baseline does not know (new)")
	fl.StringVar(&o.baseline, "baseline", "", "an earlier report in JSON: errors that it does not know are marked as new")
	fl.DurationVar(&o.derive.Hold, "hold", derive.DefaultHold, "an incident fires after it lasted this long")
	fl.DurationVar(&o.derive.Keep, "keep", derive.DefaultKeep, "a success must hold this long to resolve an incident")
	fl.DurationVar(&o.derive.Grace, "grace", derive.DefaultGrace, "a promised run may be late by this long, or by half of what was promised")
	all := fl.Bool("all", false, "no limit on the entries of a list")
	quiet := fl.Bool("no-progress", false, "no progress bar")
	if err := fl.Parse(args); err != nil {
		return o, flagError(err, fl, w)
	}
	o.progress = !*quiet
	if *all {
		o.limit = -1
	}
	o.paths = fl.Args()
	return o, errors.Join(o.check(outs, format, level, only), o.window(since, until, now))
}

func flagError(err error, fl *flag.FlagSet, w io.Writer) error {
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(w, replayUsage)
		fl.SetOutput(w)
		fl.PrintDefaults()
		return err
	}
	return fmt.Errorf("%w; run fluxtrail replay -h", err)
}

// check compiles the flags that are words; every error is reported.
func (o *replayOptions) check(outs words, format, level, only string) error {
	var errs []error
	bad := func(f string, args ...any) { errs = append(errs, fmt.Errorf(f, args...)) }
	if len(o.paths) == 0 {
		bad("no PATH: name a log file or directory, or - for standard input")
	}
	if len(outs) == 0 {
		outs = words{"text"}
	}
	for _, name := range outs {
		if out, ok := outputByName(name); ok {
			o.outputs = append(o.outputs, out)
		} else {
			bad("--output %s: there is no such form; use text, json, html, openmetrics or markdown", name)
		}
	}
	if len(outs) > 1 && o.outDir == "" {
		bad("--output %s: several forms need --out-dir DIRECTORY to be written to", outs.String())
	}
	var err error
	if o.format, err = tail.ParseFormat(format); err != nil {
		bad("--format %s: %w", format, err)
	}
	switch level {
	case "", "debug", "info", "error":
		o.derive.MinLevel = map[string]parse.Level{"debug": parse.LevelDebug, "info": parse.LevelInfo, "error": parse.LevelError}[level]
	default:
		bad("--level %s: use debug, info or error", level)
	}
	switch only {
	case "":
	case "failing":
		o.filter.onlyFailing = true
	default:
		bad("--only %s: the one value is failing", only)
	}
	switch o.failOn {
	case "", "firing", "pending":
	case "new":
		if o.baseline == "" {
			bad("--fail-on new: needs --baseline OLD.json")
		}
	default:
		bad("--fail-on %s: use firing, pending or new", o.failOn)
	}
	errs = append(errs, o.derive.Validate())
	return errors.Join(errs...)
}

func outputByName(name string) (output, bool) {
	for _, out := range outputs {
		if out.name == name {
			return out, true
		}
	}
	return output{}, false
}

func (o *replayOptions) window(since, until string, now time.Time) error {
	var errs []error
	read := func(flag, s string) int64 {
		if s == "" {
			return 0
		}
		t, ok := instant(s, now)
		if !ok {
			errs = append(errs, fmt.Errorf("--%s %s: neither a time such as 2026-11-20T10:00:00Z nor a span such as 12h", flag, s))
		}
		return t.UnixNano()
	}
	o.filter.since, o.filter.until = read("since", since), read("until", until)
	if o.filter.until != 0 && o.filter.since > o.filter.until {
		errs = append(errs, errors.New("--since is later than --until"))
	}
	return errors.Join(errs...)
}

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

func (o *replayOptions) wants(name string) bool {
	for _, out := range o.outputs {
		if out.name == name {
			return true
		}
	}
	return false
}

// replay reads everything and makes the report.
func replay(ctx context.Context, opt replayOptions, sources []tail.Source, led *ledger, io streams, baseline map[string]bool) (*report.Report, error) {
	engine := derive.New(opt.derive)
	b := &builder{led: led, evidence: led.keep, filter: opt.filter, cfg: engine.Config(), baseline: baseline}
	for i, src := range sources {
		engine.AddSource(int32(i), src.Pod)
		for _, f := range src.Files {
			b.files = append(b.files, report.File{Path: f.Path})
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
func (b *builder) report(e *derive.Engine, sources []tail.Source, stats []fileStats) *report.Report {
	files, input, from, to := fileReports(sources, stats)
	from = max(from, b.filter.since)
	if b.filter.until != 0 {
		to = min(to, b.filter.until)
	}
	b.files, b.view, b.mid = files, e.View(), from+(to-from)/2
	for _, i := range b.view.Open {
		b.led.incident(i, i.State(b.view.At, b.cfg.Hold))
	}
	return &report.Report{
		Window: report.Window{From: reportTime(from), To: reportTime(to)}, Input: input,
		Objects: b.objects(), Transitions: b.led.allTransitions(), Incidents: b.incidents(), Errors: b.errors(), Controllers: b.controllers(),
		Durations: b.kindDurations(), Silences: b.silences(),
		Totals:   report.Totals{Transitions: b.led.count, Incidents: b.led.total, ByState: b.led.byState},
		Settings: report.Settings{Hold: b.cfg.Hold, Keep: b.cfg.Keep, Grace: b.cfg.Grace},
	}
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

func unreadable(problems []tail.PathError) []report.File {
	var out []report.File
	for _, p := range problems {
		text := p.Err.Error()
		if p.Hint != "" {
			text += "; " + p.Hint
		}
		out = append(out, report.File{Path: p.Path, Error: &text})
	}
	return out
}

// write writes the report in every form that is asked for.
func write(opt replayOptions, rep *report.Report, stdout io.Writer) error {
	if opt.outDir == "" {
		return writeForm(opt.outputs[0].name, stdout, rep, opt)
	}
	if err := os.MkdirAll(opt.outDir, 0o755); err != nil {
		return fmt.Errorf("--out-dir: %w", err)
	}
	for _, out := range opt.outputs {
		path := filepath.Join(opt.outDir, out.file)
		if err := writeFile(path, func(w io.Writer) error { return writeForm(out.name, w, rep, opt) }); err != nil {
			return err
		}
		if out.name == "text" {
			if err := writeForm("text", stdout, rep, opt); err != nil {
				return err
			}
		}
		fmt.Fprintf(stdout, "wrote %s\n", path)
	}
	return nil
}

// writeFile writes a file so that it is either whole or not there.
func writeFile(path string, f func(io.Writer) error) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer os.Remove(tmp.Name())
	w := bufio.NewWriterSize(tmp, 256<<10)
	err = errors.Join(f(w), w.Flush(), tmp.Chmod(0o644), tmp.Close())
	if err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

func writeForm(name string, w io.Writer, rep *report.Report, opt replayOptions) error {
	switch name {
	case "json":
		return report.WriteJSON(w, rep, report.JSONOptions{})
	case "html":
		return report.WriteHTML(w, rep, report.HTMLOptions{})
	case "openmetrics":
		return report.WriteOpenMetrics(w, rep, report.OpenMetricsOptions{})
	case "markdown":
		return report.WriteMarkdown(w, rep, report.MarkdownOptions{Limit: opt.limit})
	}
	text := report.TextOptions{Limit: opt.limit}
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		text.Color = os.Getenv("NO_COLOR") == "" && !strings.EqualFold(os.Getenv("TERM"), "dumb")
		text.Width, _, _ = term.GetSize(int(f.Fd()))
	}
	return report.WriteText(w, rep, text)
}

// verdict is what --fail-on asks for.
func (o *replayOptions) verdict(rep *report.Report) error {
	n := int64(0)
	switch o.failOn {
	case "firing":
		n = rep.Totals.ByState[derive.Firing]
	case "pending":
		n = rep.Totals.ByState[derive.Firing] + rep.Totals.ByState[derive.Pending]
	case "new":
		for _, g := range rep.Errors {
			if g.New {
				n++
			}
		}
	}
	if n == 0 {
		return nil
	}
	return &exitError{exitFailOn, fmt.Sprintf("--fail-on %s: %d found", o.failOn, n)}
}
