package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/term"

	"fluxtrail/cmd/cli"
	"fluxtrail/cmd/look"
	"fluxtrail/derive"
	"fluxtrail/parse"
	"fluxtrail/replay"
	"fluxtrail/sinks/report"
	"fluxtrail/tail/frame"
)

// replayOptions are the flags of replay, compiled: using them cannot fail any more.
type replayOptions struct {
	replay.Options
	out    look.Output
	failOn []string
}

// compile checks the flags; every error is reported.
func (f *replayFlags) compile(args []string, std cli.Streams) (replayOptions, error) {
	var bad cli.Problems
	o := replayOptions{out: look.Output{Dir: f.outDir, Quiet: f.quiet, NoPager: f.noPager, Terminal: cli.Terminal(std.Out)}}
	o.Stdin = std.In
	o.out.Look = f.look.Compile(&bad, o.out.Terminal)
	o.paths(f.alerts.Paths(args), std.In, &bad, f.cluster.On || f.loki.URL != "")
	alerting := o.outputs(f.outputs, &bad)
	o.words(f, &bad)
	o.rules(f, &bad)
	o.filters(f, &bad)
	f.evidence.Compile(&o.Options, time.Now(), &bad)
	o.Cluster = f.cluster.Compile(o.Paths, &bad)
	o.Alerts = f.alerts.Compile(alerting, o.blocks(), &bad)
	f.loki.Compile(&o.Options, &bad)
	f.annotate.Compile(f.hold, &bad)
	if f.loki.Split() && o.out.Dir == "" && o.out.Forms[0].Name != "text" {
		bad.Add("--cluster-label: several reports as %s need --out-dir DIRECTORY to be written to", o.out.Forms[0].Name)
	}
	o.ConditionsAt = look.Date("conditions-at", f.evidence.At, o.out.Look.Zone, &bad)
	if err := o.readBaseline(f.baseline); err != nil {
		bad.Add("%w", err)
	}
	return o, errors.Join(bad...)
}

// paths parts objects from paths. Without a path standard input is read, if it is no terminal.
func (o *replayOptions) paths(args []string, stdin io.Reader, bad *cli.Problems, none bool) {
	for _, arg := range args {
		_, err := os.Stat(arg) // what exists is a path
		if object, ok := replay.ObjectNamed(arg); ok && err != nil {
			o.Filter.Objects = append(o.Filter.Objects, object)
		} else {
			o.Paths = append(o.Paths, arg)
		}
	}
	if len(o.Paths) > 0 || none {
		return
	}
	if in, ok := stdin.(*os.File); ok && !term.IsTerminal(int(in.Fd())) && in.Name() != os.DevNull {
		o.Paths = []string{"-"}
		return
	}
	bad.Add("no PATH: name a log file or directory, or - for standard input")
}

// outputs compiles the forms, and reports whether any of them is about alerts.
func (o *replayOptions) outputs(names []string, bad *cli.Problems) (alerting bool) {
	for _, name := range names {
		out, ok := report.FormNamed(name)
		if !ok {
			bad.Word("output", name, report.FormNames())
		}
		o.out.Forms = append(o.out.Forms, out)
		o.Transitions = o.Transitions || out.Transitions
		o.EvidenceText = o.EvidenceText || out.Lines
		o.Durations = o.Durations || o.out.Durations(out)
		alerting = alerting || out.Alerts
		if out.Directory && o.out.Dir == "" {
			bad.Add("--output %s: is a directory, and needs --out-dir DIRECTORY to be made in", out.Name)
		}
	}
	if len(names) > 1 && o.out.Dir == "" {
		bad.Add("--output %s: several forms need --out-dir DIRECTORY to be written to", strings.Join(names, ","))
	}
	return alerting
}

// blocks is the directory for metrics, "" where none are asked for.
func (o *replayOptions) blocks() string {
	for _, f := range o.out.Forms {
		if f.Directory {
			return filepath.Join(o.out.Dir, f.File)
		}
	}
	return ""
}

// levelNames are the values of --level.
func levelNames() []string { return []string{"debug", "info", "error"} }

// words compiles the flags that take one of a few words.
func (o *replayOptions) words(f *replayFlags, bad *cli.Problems) {
	if _, ok := report.FormNamed(f.format); ok {
		bad.Add("--format %s: is the framing of the input; for the report's form use --output %s", f.format, f.format)
	} else if name := bad.Word("format", f.format, frame.Names()); name != "" {
		o.Format, _ = frame.ParseFormat(name) // it is one of the names
	}
	if f.level != "" {
		levels := []parse.Level{parse.LevelDebug, parse.LevelInfo, parse.LevelError}
		if i := slices.Index(levelNames(), bad.Word("level", f.level, levelNames())); i >= 0 {
			o.Rules.MinLevel = levels[i]
		}
	}
	if f.only != "" {
		o.Filter.OnlyFailing = bad.Word("only", f.only, []string{"failing"}) != ""
	}
	for _, state := range f.failOn {
		state = bad.Word("fail-on", state, replay.States())
		if state == "new" && f.baseline == "" {
			bad.Add("--fail-on new: needs --baseline OLD.json")
		}
		o.failOn = append(o.failOn, state)
	}
}

func (o *replayOptions) rules(f *replayFlags, bad *cli.Problems) {
	for _, d := range []struct {
		flag string
		v    time.Duration
	}{{"hold", f.hold}, {"keep", f.keep}, {"grace", f.grace}} {
		if d.v <= 0 {
			bad.Add("--%s %s: want a duration that is more than 0, such as 1s", d.flag, d.v)
		}
	}
	level := o.Rules.MinLevel
	o.Rules = derive.Config{Hold: f.hold, Keep: f.keep, Grace: f.grace, MinLevel: level}
}

func (o *replayOptions) filters(f *replayFlags, bad *cli.Problems) {
	o.Homes = f.homes
	o.Filter.Kinds = replay.Kinds(f.kinds)
	o.Filter.Namespaces, o.Filter.Names, o.Filter.Controllers = f.namespaces, f.names, f.controllers
	if f.allNamespaces { // over a variable
		o.Filter.Namespaces = nil
	}
	if err := o.Filter.Validate(); err != nil {
		bad.Add("%w", err)
	}
	o.Filter.Since = look.Instant("since", f.since, o.out.Look.Zone, bad)
	o.Filter.Until = look.Until(f.until, o.out.Look.Zone, bad)
}

// readBaseline reads an earlier report.
func (o *replayOptions) readBaseline(path string) error {
	if path == "" {
		return nil
	}
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("--baseline: %w", err)
	}
	defer file.Close()
	o.BaselineName = filepath.Base(path)
	if o.Baseline, err = report.ReadBaseline(file); err != nil {
		return fmt.Errorf("--baseline %s: %w", path, err)
	}
	return nil
}
