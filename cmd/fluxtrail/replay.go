package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"golang.org/x/term"

	"fluxtrail/api"
	"fluxtrail/config"
	"fluxtrail/derive"
	"fluxtrail/parse"
	"fluxtrail/replay"
	"fluxtrail/sinks/report"
	"fluxtrail/tail/frame"
)

const replayLong = `Reads the logs of Flux controllers and reports what happened: what fails and since when, incidents with their causes,
errors, durations, controller health, broken promises.

PATH is a pod log tree (/var/log/pods or a part or copy of it), a directory, a file (plain, .gz, .zst), a glob, or - for
standard input, which is also read when there is no PATH and it is no terminal. The framing (CRI, Docker, kubectl, stern,
logcli) is found for each file. An object, KIND/NAMESPACE/NAME, may stand between the paths: only it is reported then.

Filters take several values, parted by commas or given again, with * and ?; one that begins with ! leaves out. Kinds may be
written short: ks, hr, gitrepo.

Exit codes: 0 done, 1 it went wrong, 2 a flag or path cannot be used, 3 --fail-on found what it names.`

const replayExamples = `  fluxtrail replay /var/log/pods
  kubectl -n flux-system logs deploy/kustomize-controller | fluxtrail replay
  fluxtrail replay -o text,json,html --out-dir report ./collected-logs
  fluxtrail replay ./collected-logs ks/flux-system/apps
  fluxtrail replay --since 2h --kind hr,ks -n 'team-*' --fail-on firing,stalled ./collected-logs`

// replayFlags are the flags of replay as they are written.
type replayFlags struct {
	outputs, failOn             []string
	outDir, format, level, only string
	since, until, baseline      string
	kinds, namespaces, names    []string
	controllers                 []string
	hold, keep, grace           time.Duration
	all, quiet, noProgress      bool
	allNamespaces               bool
	look                        look
}

// replayOptions are the same, compiled: using them cannot fail any more.
type replayOptions struct {
	replay.Options
	outputs []output
	outDir  string
	limit   int
	failOn  []string
	quiet   bool
	look    look

	terminal *os.File // standard output, nil if it is none
}

func newReplay(std streams) *cobra.Command {
	var f replayFlags
	c := &cobra.Command{Use: "replay [flags] [PATH|OBJECT...]", Short: "What happened, from log files alone", Long: replayLong, Example: replayExamples}
	f.add(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		opt, err := f.compile(args, std)
		if err != nil {
			return usageError("replay: %v", err)
		}
		opt.Progress = func(total int64) (func(int64), func()) {
			return newProgress(std.err, !f.quiet && !f.noProgress, total)
		}
		err = replay.Run(c.Context(), opt.Options, func(rep *api.Report) error {
			if err := write(opt, rep, std); err != nil {
				return err
			}
			return judge(opt.failOn, rep)
		})
		if bad := (*replay.PathError)(nil); errors.As(err, &bad) {
			return usageError("replay: %v", bad)
		}
		return err
	}
	return c
}

func (f *replayFlags) add(c *cobra.Command) {
	fl := c.Flags()
	fl.StringSliceVarP(&f.outputs, "output", "o", []string{"text"}, "`form`s of the report: "+strings.Join(outputNames(), ", ")+"; several need --out-dir")
	fl.StringVar(&f.outDir, "out-dir", "", "write the report into this `directory`, one file for each form")
	fl.BoolVar(&f.all, "all", false, "no limit on the entries of a list")
	fl.StringSliceVar(&f.look.sections, "section", nil, "`section`s of the text and Markdown reports: "+strings.Join(report.SectionNames(), ", ")+" (text has now and incidents)")
	fl.BoolVarP(&f.look.verbose, "verbose", "v", false, "all sections")
	fl.StringVar(&f.look.timezone, "timezone", "UTC", "`zone` of the times in the text and Markdown reports, such as Europe/Berlin")
	fl.BoolVar(&f.look.local, "local", false, "times in the zone of this machine")
	fl.StringVar(&f.look.color, "color", "auto", "`when` to use colours: auto, always, never")
	fl.BoolVar(&f.look.noPager, "no-pager", false, "no pager on a terminal; FLUXTRAIL_PAGER or PAGER name it")
	fl.BoolVarP(&f.quiet, "quiet", "q", false, "no progress bar, and no word of the files that were written")
	fl.BoolVar(&f.noProgress, "no-progress", false, "no progress bar")
	group(c, "Output", "output", "out-dir", "verbose", "section", "all", "timezone", "local", "color", "no-pager", "quiet", "no-progress")

	fl.StringSliceVarP(&f.namespaces, "namespace", "n", nil, "only objects in these `namespace`s")
	fl.BoolVarP(&f.allNamespaces, "all-namespaces", "A", false, "objects in all namespaces, which is the default")
	fl.StringSliceVar(&f.kinds, "kind", nil, "only objects of these `kind`s, such as HelmRelease, hr or '!bucket'")
	fl.StringSliceVar(&f.names, "name", nil, "only objects with these `name`s, such as 'app-*'")
	fl.StringSliceVar(&f.controllers, "controller", nil, "only objects of these `controller`s, such as helm-controller")
	fl.StringVar(&f.since, "since", "", "report from this `time` on: RFC 3339, a date, 10:20 of the log's last day, Unix seconds, or a span before the log's end such as 12h or 7d")
	fl.StringVar(&f.until, "until", "", "ignore what came later than this `time`")
	fl.StringVar(&f.level, "level", "", "only lines of this `level` or louder as evidence and in errors: debug, info, error")
	fl.StringVar(&f.only, "only", "", "failing: list only `what` fails, stalls, waits or is silent")
	group(c, "Filters", "namespace", "all-namespaces", "kind", "name", "controller", "since", "until", "level", "only")
	c.MarkFlagsMutuallyExclusive("namespace", "all-namespaces")
	c.MarkFlagsMutuallyExclusive("section", "verbose")
	c.MarkFlagsMutuallyExclusive("timezone", "local")

	fl.StringVar(&f.format, "format", "auto", "`framing` of the input: "+strings.Join(frame.Names(), ", "))
	fl.StringSliceVar(&f.failOn, "fail-on", nil, "exit with code 3 if there is, at the end, any of these `state`s: "+strings.Join(failStates(), ", "))
	fl.StringVar(&f.baseline, "baseline", "", "an earlier report in JSON (`file`): errors that it does not know are marked as new")
	f.hold, f.keep, f.grace = derive.DefaultHold, derive.DefaultKeep, derive.DefaultGrace
	fl.Var((*span)(&f.hold), "hold", "an incident fires after it lasted this long")
	fl.Var((*span)(&f.keep), "keep", "no failure may follow a success within this time for it to resolve an incident")
	fl.Var((*span)(&f.grace), "grace", "a promised attempt may be late by this long, or by half of what was promised")
	group(c, "Reading and judging", "format", "fail-on", "baseline", "hold", "keep", "grace")

	words(c, "output", outputNames()...)
	words(c, "kind", parse.Kinds()...)
	words(c, "format", frame.Names()...)
	words(c, "fail-on", failStates()...)
	words(c, "section", report.SectionNames()...)
	words(c, "color", "auto", "always", "never")
	words(c, "level", "debug", "info", "error")
	words(c, "only", "failing")
	words(c, "controller", parse.Controllers()...)
}

// span is a duration that is also written in days and weeks.
type span time.Duration

func (s *span) String() string { return time.Duration(*s).String() }
func (s *span) Type() string   { return "duration" }
func (s *span) Set(text string) error {
	d, err := config.ParseDuration(text)
	*s = span(d)
	return err
}

var _ pflag.Value = (*span)(nil)

// problems collects what is wrong with the flags, so that all of it is told at once.
type problems []error

func (p *problems) add(format string, args ...any) { *p = append(*p, fmt.Errorf(format, args...)) }

// compile checks the flags; every error is reported.
func (f *replayFlags) compile(args []string, std streams) (replayOptions, error) {
	var bad problems
	o := replayOptions{outDir: f.outDir, quiet: f.quiet, look: f.look, terminal: terminalOf(std.out)}
	o.Stdin = std.in
	o.Rules = derive.Config{Hold: f.hold, Keep: f.keep, Grace: f.grace}
	o.paths(args, std, &bad)
	o.forms(f.outputs, &bad)
	o.Transitions, o.EvidenceText = o.wants("json", "html", "openmetrics"), o.wants("html")
	o.words(f, &bad)
	o.filters(f, &bad)
	if o.limit = 0; f.all {
		o.limit = -1
	}
	if err := o.look.compile(); err != nil {
		bad.add("%w", err)
	}
	if err := o.Rules.Validate(); err != nil {
		bad.add("%w", err)
	}
	if err := o.readBaseline(f.baseline); err != nil {
		bad.add("%w", err)
	}
	return o, errors.Join(bad...)
}

// paths parts objects from paths. Without a path standard input is read, if it is no terminal.
func (o *replayOptions) paths(args []string, std streams, bad *problems) {
	for _, arg := range args {
		if object, ok := objectNamed(arg); ok {
			o.Filter.Objects = append(o.Filter.Objects, object)
		} else {
			o.Paths = append(o.Paths, arg)
		}
	}
	if len(o.Paths) > 0 {
		return
	}
	if in, ok := std.in.(*os.File); ok && !term.IsTerminal(int(in.Fd())) && in.Name() != os.DevNull {
		o.Paths = []string{"-"}
		return
	}
	bad.add("no PATH: name a log file or directory, or - for standard input")
}

// objectNamed reads KIND/NAMESPACE/NAME, or KIND/NAME for any namespace. What exists as a file is a
// path.
func objectNamed(arg string) (replay.Patterns, bool) {
	parts := strings.Split(arg, "/")
	kind := parse.KindNamed(parts[0])
	if _, err := os.Stat(arg); err == nil || kind == "" || len(parts) < 2 || len(parts) > 3 {
		return nil, false
	}
	if len(parts) == 2 {
		return replay.Patterns{kind, "*", parts[1]}, true
	}
	return replay.Patterns{kind, parts[1], parts[2]}, true
}

func (o *replayOptions) forms(names []string, bad *problems) {
	for _, name := range names {
		if out, ok := outputNamed(name); ok {
			o.outputs = append(o.outputs, out)
		} else {
			bad.add("--output %s: there is no such form%s", name, use(name, outputNames()))
		}
	}
	if len(names) > 1 && o.outDir == "" {
		bad.add("--output %s: several forms need --out-dir DIRECTORY to be written to", strings.Join(names, ","))
	}
}

// use says what may be written instead of a word that is not known.
func use(wrong string, right []string) string {
	if near := config.Closest(wrong, right); near != "" {
		return "; did you mean " + near + "?"
	}
	last := len(right) - 1
	return "; use " + strings.Join(right[:last], ", ") + " or " + right[last]
}

// words compiles the flags that take one of a few words.
func (o *replayOptions) words(f *replayFlags, bad *problems) {
	var err error
	if o.Format, err = frame.ParseFormat(f.format); err != nil {
		if _, ok := outputNamed(f.format); ok {
			bad.add("--format %s: is the framing of the input; for the report's form use --output %s", f.format, f.format)
		} else {
			bad.add("--format %s: %w", f.format, err)
		}
	}
	levels := map[string]parse.Level{"": parse.LevelNone, "debug": parse.LevelDebug, "info": parse.LevelInfo, "error": parse.LevelError}
	level, known := levels[strings.ToLower(f.level)]
	if o.Rules.MinLevel = level; !known {
		bad.add("--level %s: use debug, info or error", f.level)
	}
	if o.Filter.OnlyFailing = f.only == "failing"; f.only != "" && f.only != "failing" {
		bad.add("--only %s: the one value is failing", f.only)
	}
	for _, state := range f.failOn {
		state = strings.ToLower(strings.TrimSpace(state))
		if !slices.Contains(failStates(), state) {
			bad.add("--fail-on %s: there is no such state%s", state, use(state, failStates()))
		}
		if state == "new" && f.baseline == "" {
			bad.add("--fail-on new: needs --baseline OLD.json")
		}
		o.failOn = append(o.failOn, state)
	}
}

func (o *replayOptions) filters(f *replayFlags, bad *problems) {
	for _, k := range f.kinds {
		not := ""
		if rest, ok := strings.CutPrefix(k, "!"); ok {
			k, not = rest, "!"
		}
		if known := parse.KindNamed(k); known != "" {
			k = known
		}
		o.Filter.Kinds = append(o.Filter.Kinds, not+k)
	}
	o.Filter.Namespaces, o.Filter.Names, o.Filter.Controllers = f.namespaces, f.names, f.controllers
	for _, p := range []struct {
		flag     string
		patterns replay.Patterns
	}{{"kind", o.Filter.Kinds}, {"namespace", o.Filter.Namespaces}, {"name", o.Filter.Names}, {"controller", o.Filter.Controllers}} {
		if err := p.patterns.Validate(); err != nil {
			bad.add("--%s: %w", p.flag, err)
		}
	}
	var err error
	if o.Filter.Since, err = instant(f.since); err != nil {
		bad.add("--since %s: %w", f.since, err)
	}
	if o.Filter.Until, err = instant(f.until); err != nil {
		bad.add("--until %s: %w", f.until, err)
	}
}

// instant reads a point in time: RFC 3339, a date, a date with time, a time of day, Unix seconds,
// or a span before the end of the log.
func instant(s string) (replay.Instant, error) {
	if s == "" {
		return replay.Instant{}, nil
	}
	layouts := []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02 15:04", "2006-01-02"}
	for _, layout := range layouts {
		if t, err := time.ParseInLocation(layout, s, time.UTC); err == nil {
			return replay.Instant{At: t.UnixNano()}, nil
		}
	}
	for _, layout := range []string{"15:04:05", "15:04"} {
		if t, err := time.ParseInLocation(layout, s, time.UTC); err == nil {
			return replay.Instant{OfDay: t.Sub(t.Truncate(24 * time.Hour)), Clock: true}, nil
		}
	}
	if n, err := strconv.ParseInt(s, 10, 64); err == nil && n > 1e8 {
		return replay.Instant{At: time.Unix(n, 0).UnixNano()}, nil
	}
	if d, err := config.ParseDuration(s); err == nil && d > 0 {
		return replay.Instant{Before: d}, nil
	}
	return replay.Instant{}, errors.New("neither a time such as 2026-11-20T10:00:00Z nor a span such as 12h or 7d")
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

// wants reports whether one of the forms is asked for.
func (o *replayOptions) wants(names ...string) bool {
	return slices.ContainsFunc(o.outputs, func(out output) bool { return slices.Contains(names, out.name) })
}

// output is a form that the report can take.
type output struct {
	name, file string
	aliases    []string
	write      func(w io.Writer, rep *api.Report, opt replayOptions) error
}

func outputs() []output {
	return []output{
		{"text", "report.txt", []string{"txt"}, writeText},
		{"json", "report.json", nil, func(w io.Writer, rep *api.Report, _ replayOptions) error {
			return report.WriteJSON(w, rep, report.JSONOptions{})
		}},
		{"html", "report.html", nil, func(w io.Writer, rep *api.Report, _ replayOptions) error {
			return report.WriteHTML(w, rep, report.HTMLOptions{})
		}},
		{"openmetrics", "report.om", []string{"om", "prom", "prometheus"}, func(w io.Writer, rep *api.Report, _ replayOptions) error {
			return report.WriteOpenMetrics(w, rep, report.OpenMetricsOptions{})
		}},
		{"markdown", "report.md", []string{"md"}, func(w io.Writer, rep *api.Report, opt replayOptions) error {
			return report.WriteMarkdown(w, rep, report.MarkdownOptions{Sections: opt.look.sections, Zone: opt.look.zone, Limit: opt.limit})
		}},
	}
}

func outputNames() (names []string) {
	for _, out := range outputs() {
		names = append(names, out.name)
	}
	return names
}

// outputNamed finds a form by its name in any case, or by a name that people use for it.
func outputNamed(name string) (output, bool) {
	name = strings.ToLower(strings.TrimSpace(name))
	for _, out := range outputs() {
		if out.name == name || slices.Contains(out.aliases, name) {
			return out, true
		}
	}
	return output{}, false
}
