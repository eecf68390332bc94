package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"fluxtrail/api"
	"fluxtrail/derive"
	"fluxtrail/parse"
	"fluxtrail/replay"
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
	filter   replay.Filter
	derive   derive.Config
	limit    int
	baseline string
	failOn   string
	progress bool
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
	err = replay.Run(ctx, replay.Options{
		Paths: opt.paths, Format: opt.format, Stdin: io.in, Filter: opt.filter, Rules: opt.derive,
		Baseline: baseline, BaselineName: baselineName(opt.baseline),
		Evidence:     opt.wants("json") || opt.wants("html") || opt.wants("openmetrics"),
		EvidenceText: opt.wants("html"),
		Progress:     func(total int64) (func(int64), func()) { return newProgress(io.err, opt.progress, total) },
	}, func(rep *api.Report) error {
		if err := write(opt, rep, io.out); err != nil {
			return err
		}
		return opt.verdict(rep)
	})
	if bad := (*replay.PathError)(nil); errors.As(err, &bad) {
		return usageError("replay: %v", bad)
	}
	return err
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

// words is a flag that may be given several times, or with a list separated by commas.
type words []string

func (w *words) String() string { return strings.Join(*w, ",") }

func (w *words) Set(s string) error {
	for _, v := range strings.Split(s, ",") {
		if v = strings.TrimSpace(v); v != "" {
			*w = append(*w, v)
		}
	}
	return nil
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
	fl.Var((*words)(&o.filter.Kinds), "kind", "only objects of these kinds")
	fl.Var((*words)(&o.filter.Namespaces), "namespace", "only objects in these namespaces")
	fl.Var((*words)(&o.filter.Names), "name", "only objects with these names")
	fl.Var((*words)(&o.filter.Controllers), "controller", "only objects of these controllers, such as helm-controller")
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
		o.filter.OnlyFailing = true
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
	o.filter.Since, o.filter.Until = read("since", since), read("until", until)
	if o.filter.Until != 0 && o.filter.Since > o.filter.Until {
		errs = append(errs, errors.New("--since is later than --until"))
	}
	return errors.Join(errs...)
}

func (o *replayOptions) wants(name string) bool {
	for _, out := range o.outputs {
		if out.name == name {
			return true
		}
	}
	return false
}

// instant reads a point in time: RFC 3339, a date, a date with time, or a span before now.
func instant(s string, now time.Time) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02 15:04", "2006-01-02"} {
		if t, err := time.ParseInLocation(layout, s, time.UTC); err == nil {
			return t, true
		}
	}
	if d, err := time.ParseDuration(s); err == nil && d >= 0 {
		return now.Add(-d), true
	}
	return time.Time{}, false
}
