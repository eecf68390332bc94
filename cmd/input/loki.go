// Package input is what commands that read logs and evidence of servers have in common: flags, and
// what they come to.
//
// In goes a command line; out come sources in the options of package replay. Its callers are the
// commands. It asks nobody anything, and knows the time of the clock only to say how far back a
// server is read.
package input

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"fluxtrail/cmd/cli"
	"fluxtrail/replay"
	"fluxtrail/tail"
	"fluxtrail/tail/loki"
)

// Loki are the flags about the logs of a Loki.
type Loki struct {
	cli.Server
	query, label string

	config loki.Config // once compiled
}

// AddTo gives a command the flags.
func (f *Loki) AddTo(c *cobra.Command) {
	names := f.Server.AddTo(c, "loki", "`URL` of a Loki that has the logs, instead of PATH or beside it")
	c.Flags().StringVar(&f.query, "query", "", "`LogQL` that selects the lines, such as '{namespace=\"flux-system\"}'; "+
		"default: the streams of Flux' controllers, as they are labelled there")
	c.Flags().StringVar(&f.label, "cluster-label", "", "a report for each value of this `label` of Loki's streams, and a summary; "+
		"Prometheus is asked for series with the same label")
	cli.Group(c, "Logs of a Loki", append(names, "query", "cluster-label")...)
	cli.Needs(c, "loki", "query", "cluster-label")
}

// lokiSpan is how far back a Loki is read if nothing is said.
const lokiSpan = 24 * time.Hour

// Compile adds the logs to the options, whose filter has its window. They go on, so a span before
// their end is one before now.
func (f *Loki) Compile(o *replay.Options, bad *cli.Problems) {
	if f.URL == "" {
		return
	}
	o.Filter.Settle(time.Now(), lokiSpan)
	http, err := f.HTTP()
	c := loki.Config{URL: f.URL, Query: f.query, From: o.Filter.Since.At, To: o.Filter.Until.At, HTTP: http, Policy: f.Policy(f.URL)}
	if err != nil {
		bad.Add("%w", err)
	} else if err = c.Validate(); err != nil {
		bad.Add("--loki: %w", err)
	}
	if f.config = c; f.label != "" && len(o.Paths) > 0 {
		bad.Add("--cluster-label: of which cluster is %s? Leave out the paths", o.Paths[0])
	}
	o.Logs = append(o.Logs, logsOf(c))
}

func logsOf(c loki.Config) replay.Logs {
	return func(ctx context.Context) ([]tail.Source, []tail.PathError, error) {
		source, err := c.Source(ctx)
		return []tail.Source{source}, nil, err
	}
}
