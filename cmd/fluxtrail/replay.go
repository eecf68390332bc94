package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"fluxtrail/api"
	"fluxtrail/cmd/alerting"
	"fluxtrail/cmd/cli"
	"fluxtrail/cmd/input"
	"fluxtrail/cmd/look"
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

Every flag has a variable, which counts where the flag is not given: FLUXTRAIL_REPLAY_OUT_DIR for --out-dir.

Ctrl-C while a pipe is read ends the reading: what came until then is reported. Otherwise it ends the command.

Exit codes: 0 done, 1 it went wrong or nothing was read, 2 a flag or path cannot be used or a filter leaves no object,
3 --fail-on found what it names or there is no verdict, 130 interrupted.`

const replayExamples = `  fluxtrail replay /var/log/pods
  kubectl -n flux-system logs deploy/kustomize-controller | fluxtrail replay
  fluxtrail replay --cluster --context prod --since 2h
  fluxtrail replay -o text,json,html --out-dir report ./collected-logs
  fluxtrail replay ./collected-logs ks/flux-system/apps
  fluxtrail replay --since 2h --kind hr,ks -n 'team-*' --fail-on firing,stalled ./collected-logs`

// replayEnv begins the variables that stand for flags of replay.
const replayEnv = "FLUXTRAIL_REPLAY"

// replayFlags are the flags of replay as they are written.
type replayFlags struct {
	outputs, failOn             []string
	outDir, format, level, only string
	since, until, baseline      string
	kinds, namespaces, names    []string
	controllers, homes          []string
	evidence                    input.Evidence
	loki                        input.Loki
	hold, keep, grace           time.Duration
	quiet, noProgress, noPager  bool
	allNamespaces               bool
	look                        look.Flags
	cluster                     cli.Cluster
	alerts                      alerting.Flags
	annotate                    alerting.Annotate
}

func newReplay(std cli.Streams) *cobra.Command {
	var f replayFlags
	c := &cobra.Command{
		Use: "replay [flags] [PATH|OBJECT...]", Short: "What happened, from log files alone",
		Long: replayLong, Example: replayExamples,
	}
	f.outputFlags(c)
	f.filterFlags(c)
	f.judgeFlags(c)
	f.evidence.AddTo(c)
	f.cluster.AddTo(c)
	f.cluster.AddFollow(c)
	f.alerts.Add(c)
	f.loki.AddTo(c)
	f.annotate.AddTo(c)
	c.RunE = func(c *cobra.Command, args []string) error { return f.run(c, args, std) }
	return c
}

func (f *replayFlags) outputFlags(c *cobra.Command) {
	fl := c.Flags()
	fl.StringSliceVarP(&f.outputs, "output", "o", []string{"text"},
		"`form`s of the report: "+strings.Join(report.FormNames(), ", ")+"; several need --out-dir")
	fl.StringVar(&f.outDir, "out-dir", "", "write the report into this `directory`, one file for each form")
	fl.BoolVarP(&f.look.Verbose, "verbose", "v", false, "all sections")
	fl.StringSliceVar(&f.look.Sections, "section", nil, "`section`s of the text and Markdown reports: "+
		strings.Join(look.SectionNames(), ", ")+" (text has now and incidents)")
	f.lookFlags(c)
	fl.BoolVar(&f.noPager, "no-pager", false, "no pager on a terminal; FLUXTRAIL_PAGER or PAGER name it")
	fl.BoolVar(&f.noProgress, "no-progress", false, "no progress bar")
	cli.Group(c, "Output", "output", "out-dir", "verbose", "section", "all", "timezone", "local", "color", "quiet",
		"no-pager", "no-progress")
	c.MarkFlagsMutuallyExclusive("section", "verbose")
	_ = c.MarkFlagDirname("out-dir")
	cli.Words(c, "output", report.FormNames()...)
	cli.Words(c, "section", look.SectionNames()...)
}

// lookFlags are those about how a text looks, which explain has, too.
func (f *replayFlags) lookFlags(c *cobra.Command) {
	fl := c.Flags()
	fl.BoolVar(&f.look.All, "all", false, "no limit on the entries of a list")
	fl.StringVar(&f.look.Timezone, "timezone", "UTC",
		"`zone` of the times in the text and Markdown reports and of --since and --until, such as Europe/Berlin")
	fl.BoolVar(&f.look.Local, "local", false, "times in the zone of this machine")
	fl.StringVar(&f.look.Color, "color", "auto", "`when` to use colours: "+strings.Join(look.Colors(), ", "))
	fl.BoolVarP(&f.quiet, "quiet", "q", false, "no progress bar, and no word of the files that were written")
	c.MarkFlagsMutuallyExclusive("timezone", "local")
	cli.Words(c, "color", look.Colors()...)
}

// windowFlags are those about what of the input is read, which explain has, too.
func (f *replayFlags) windowFlags(c *cobra.Command) {
	fl := c.Flags()
	fl.StringVar(&f.since, "since", "", "report from this `time` on: RFC 3339, a date, 10:20 of the log's last day, "+
		"Unix seconds, or a span before the log's end such as 12h or 7d")
	fl.StringVar(&f.until, "until", "", "ignore what came later than this `time`")
	fl.StringVar(&f.format, "format", "auto", "`framing` of the input: "+strings.Join(frame.Names(), ", "))
	cli.Words(c, "format", frame.Names()...)
	f.hold, f.keep, f.grace = derive.DefaultHold, derive.DefaultKeep, derive.DefaultGrace
}

func (f *replayFlags) filterFlags(c *cobra.Command) {
	fl := c.Flags()
	fl.StringSliceVarP(&f.namespaces, "namespace", "n", nil, "only objects in these `namespace`s")
	fl.BoolVarP(&f.allNamespaces, "all-namespaces", "A", false, "objects in all namespaces, which is the default")
	fl.StringSliceVar(&f.kinds, "kind", nil, "only objects of these `kind`s, such as HelmRelease, hr or '!bucket'")
	fl.StringSliceVar(&f.names, "name", nil, "only objects with these `name`s, such as 'app-*'")
	fl.StringSliceVar(&f.controllers, "controller", nil, "only objects of these `controller`s, such as helm-controller")
	f.windowFlags(c)
	fl.StringVar(&f.level, "level", "", "only lines of this `level` or louder as evidence and in errors: "+
		strings.Join(levelNames(), ", "))
	fl.StringVar(&f.only, "only", "", "failing: list only `what` fails, stalls, waits or is silent")
	cli.Group(c, "Filters", "namespace", "all-namespaces", "kind", "name", "controller", "since", "until", "level", "only")
	c.MarkFlagsMutuallyExclusive("namespace", "all-namespaces")
	cli.Words(c, "kind", parse.Kinds()...)
	cli.Words(c, "controller", parse.Controllers()...)
	cli.Words(c, "level", levelNames()...)
	cli.Words(c, "only", "failing")
}

func (f *replayFlags) judgeFlags(c *cobra.Command) {
	fl := c.Flags()
	fl.StringSliceVar(&f.homes, "flux-namespaces", nil, "`name`spaces whose pods are believed, '*' for all: a tenant can name a pod like a "+
		"controller; if not given flux-system, or where no path names it the one with the most controllers")
	fl.StringSliceVar(&f.failOn, "fail-on", nil,
		"exit with code 3 if there is, at the end, any of these `state`s: "+strings.Join(replay.States(), ", "))
	fl.StringVar(&f.baseline, "baseline", "",
		"an earlier report in JSON (`file`): errors that it does not know are marked as new")
	fl.Var((*cli.Span)(&f.hold), "hold", "an incident fires after it lasted this long")
	fl.Var((*cli.Span)(&f.keep), "keep", "no failure may follow a success within this time for it to resolve an incident")
	fl.Var((*cli.Span)(&f.grace), "grace", "a promised attempt may be late by this long, or by half of what was promised")
	cli.Group(c, "Reading and judging", "format", "flux-namespaces", "fail-on", "baseline", "hold", "keep", "grace")
	_ = c.MarkFlagFilename("baseline", "json")
	cli.Words(c, "fail-on", replay.States()...)
}

// run makes the report.
func (f *replayFlags) run(c *cobra.Command, args []string, std cli.Streams) error {
	environ := f.annotate.Secrets(f.loki.Secrets(f.evidence.Secrets(os.Environ(), replayEnv), replayEnv), replayEnv)
	if err := cli.Environment(c, replayEnv, environ); err != nil {
		return cli.Usage("replay: %v", err)
	}
	if f.cluster.Explain {
		return cli.ExplainRights(std.Out)
	}
	opt, err := f.compile(args, std)
	if err != nil {
		return cli.Usage("replay: %v", err)
	}
	if !f.quiet && !f.noProgress {
		opt.Progress = func(total int64) (func(int64), func()) { return cli.Progress(std.Err, total) }
	}
	if f.loki.Split() {
		return f.split(c.Context(), opt, std)
	}
	via := replay.Run
	if f.cluster.Follow {
		via = func(ctx context.Context, o replay.Options, use withReport) error {
			return cli.Follow(ctx, o, opt.out.Look, opt.out.Terminal, std, use)
		}
	}
	return opt.run(c.Context(), std, via, func(ctx context.Context, rep *api.Report) error { return f.annotate.Mark(ctx, rep, "", std.Err) })
}

// withReport is what is done with a report until its context is done.
type withReport = func(context.Context, *api.Report) error

// run makes one report by way of a function like replay.Run. Made gets it after it was written.
func (o replayOptions) run(
	ctx context.Context, std cli.Streams, via func(context.Context, replay.Options, withReport) error, made withReport,
) error {
	err := via(ctx, o.Options, func(ctx context.Context, rep *api.Report) error {
		if err := o.out.Write(ctx, rep, std); err != nil {
			return err
		}
		if err := made(ctx, rep); err != nil {
			return err
		}
		return judge(rep, o.failOn)
	})
	if bad := (*replay.PathError)(nil); errors.As(err, &bad) {
		return cli.Usage("replay: %v", bad)
	}
	return err
}

// split makes a report for each cluster, in a directory of its own where there is one for reports,
// and a summary.
func (f *replayFlags) split(ctx context.Context, o replayOptions, std cli.Streams) error {
	var all input.Summary
	o.out.NoPager = true
	err := f.loki.Each(ctx, o.Options, std, func(cluster string, of replay.Options) error {
		each := o
		each.Options = of
		if o.out.Dir != "" {
			each.out.Dir = filepath.Join(o.out.Dir, url.PathEscape(cluster))
		} else if _, err := fmt.Fprintf(std.Out, "CLUSTER %s\n\n", api.OneLine(cluster)); err != nil {
			return err
		}
		return each.run(ctx, std, replay.Run, func(ctx context.Context, rep *api.Report) error {
			all.Add(cluster, rep)
			return f.annotate.Mark(ctx, rep, cluster, std.Err)
		})
	})
	return errors.Join(err, all.Write(std.Out))
}

// judge is how the command ends after a report was written. --fail-on fails closed: where there is
// no verdict, nothing is known to be well.
func judge(rep *api.Report, states []string) error {
	found, doubt := replay.Judge(rep, states), report.Doubt(rep)
	switch {
	case found != "":
		return &cli.Exit{Code: cli.Found, Msg: "--fail-on: found " + found}
	case len(states) > 0 && doubt != "":
		return &cli.Exit{Code: cli.Found, Msg: "--fail-on: nothing is known to be well: " + doubt}
	case rep.Input.Records == 0 || len(rep.Input.WithoutRecords) > 0:
		return &cli.Exit{Code: cli.Failed, Msg: "replay: No verdict: " + doubt}
	}
	return nil
}
