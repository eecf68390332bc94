package main

import (
	"cmp"
	"context"
	"errors"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"fluxtrail/api"
	"fluxtrail/cmd/cli"
	"fluxtrail/replay"
	"fluxtrail/sinks/report"
)

const explainLong = `Tells the story of one object: the verdict on it, what the log and its condition say, what holds it up, up to the root cause,
what it holds up, what happened to it, when the next attempt is due, and the commands that show it in its cluster.

OBJECT is KIND/NAMESPACE/NAME, or KIND/NAME where the name is the only one of its kind. Kinds may be written short. Logs and
conditions are read as by replay, and every flag has a variable, such as FLUXTRAIL_EXPLAIN_CONDITIONS for --conditions.

Exit codes: 0 done, 1 it went wrong or nothing was read, 2 a flag or path cannot be used or there is no such object,
130 interrupted.`

const explainExamples = `  fluxtrail explain hr/team-b/podinfo ./collected-logs
  kubectl get kustomizations,helmreleases -A -o yaml > state.yaml
  fluxtrail explain ks/flux-system/apps --conditions state.yaml ./collected-logs
  fluxtrail explain hr/team-b/podinfo --cluster
  fluxtrail explain ks/apps -o json ./collected-logs | jq .chain`

// explainEnv begins the variables that stand for flags of explain.
const explainEnv = "FLUXTRAIL_EXPLAIN"

func newExplain(std cli.Streams) *cobra.Command {
	var f replayFlags
	c := &cobra.Command{
		Use: "explain [flags] OBJECT [PATH...]", Short: "One object's story: what fails, why, and what it holds up",
		Long: explainLong, Example: explainExamples,
	}
	c.Flags().StringSliceVarP(&f.outputs, "output", "o", []string{"text"}, "`form`: "+strings.Join(report.StoryNames(), ", "))
	f.lookFlags(c)
	f.windowFlags(c)
	cli.Group(c, "Output", "output", "all", "timezone", "local", "color", "quiet")
	cli.Group(c, "Reading", "since", "until", "format")
	cli.Words(c, "output", report.StoryNames()...)
	f.evidence.AddTo(c)
	f.cluster.AddTo(c)
	f.loki.AddTo(c)
	c.RunE = func(c *cobra.Command, args []string) error { return f.explain(c, args, std) }
	return c
}

// explain writes the story.
func (f *replayFlags) explain(c *cobra.Command, args []string, std cli.Streams) error {
	environ := f.loki.Secrets(f.evidence.Secrets(os.Environ(), explainEnv), explainEnv)
	if err := cli.Environment(c, explainEnv, environ); err != nil {
		return cli.Usage("explain: %v", err)
	}
	if f.cluster.Explain {
		return cli.ExplainRights(std.Out)
	}
	forms := f.outputs
	f.outputs = []string{"text"}
	opt, err := f.compile(args, std)
	var bad cli.Problems
	form := bad.Word("output", cmp.Or(strings.Join(forms, ","), "text"), report.StoryNames())
	if len(opt.Filter.Objects) != 1 {
		bad.Add("want one OBJECT: KIND/NAMESPACE/NAME such as ks/flux-system/apps")
	}
	if err := errors.Join(append(slices.Clone(bad), err)...); err != nil {
		return cli.Usage("explain: %v", err)
	}
	wanted := opt.Filter.Objects[0]
	opt.Filter.Objects, opt.Transitions, opt.Durations = nil, true, true
	if !f.quiet {
		opt.Progress = func(total int64) (func(int64), func()) { return cli.Progress(std.Err, total) }
	}
	err = replay.Run(c.Context(), opt.Options, func(ctx context.Context, rep *api.Report) error {
		story, err := replay.StoryOf(rep, wanted)
		switch {
		case err != nil && rep.Input.Records == 0:
			return &cli.Exit{Code: cli.Failed, Msg: "explain: No verdict: " + report.Doubt(rep)}
		case err != nil:
			return &replay.PathError{Err: err}
		}
		return cli.Buffered(ctx, std.Out, func(w io.Writer) error {
			return report.WriteStory(w, story, form == "json", opt.out.Look)
		})
	})
	if bad := (*replay.PathError)(nil); errors.As(err, &bad) {
		return cli.Usage("explain: %v", bad)
	}
	return err
}
