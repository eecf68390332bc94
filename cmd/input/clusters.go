package input

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"fluxtrail/api"
	"fluxtrail/cmd/cli"
	"fluxtrail/replay"
)

// Split says whether there is a report for each cluster.
func (f *Loki) Split() bool { return f.label != "" }

// Each calls run with options for each cluster that has streams in Loki, in order of the clusters'
// names. One that fails does not keep the others from it; its error is written, and the gravest
// exit code is that of all.
func (f *Loki) Each(ctx context.Context, o replay.Options, std cli.Streams, run func(cluster string, o replay.Options) error) error {
	clusters, err := f.config.Values(ctx, f.label)
	if err != nil {
		return err
	}
	if len(clusters) == 0 {
		return cli.Usage("replay: --cluster-label %s: no stream that is read has this label", f.label)
	}
	worst := &cli.Exit{}
	for _, cluster := range clusters {
		c, err := f.config.With(ctx, f.label, cluster)
		if err != nil {
			return err
		}
		each := o
		each.Logs = []replay.Logs{logsOf(c)}
		each.Prometheus = slices.Clone(o.Prometheus)
		for i := range each.Prometheus {
			p := &each.Prometheus[i]
			p.Match = strings.TrimPrefix(fmt.Sprintf("%s,%s=%q", p.Match, f.label, cluster), ",")
		}
		if err := run(cluster, each); err != nil && ctx.Err() == nil {
			fmt.Fprintf(std.Err, "fluxtrail: cluster %s: %s\n", api.OneLine(cluster), api.OneLine(err.Error()))
			worst.Code = max(worst.Code, codeOf(err))
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
	}
	if worst.Code > 0 {
		return worst
	}
	return nil
}

func codeOf(err error) int {
	var exit *cli.Exit
	if errors.As(err, &exit) {
		return exit.Code
	}
	return cli.Failed
}

// Summary is a line for each cluster.
type Summary struct{ rows []string }

// Add takes what the report of a cluster comes to.
func (s *Summary) Add(cluster string, rep *api.Report) {
	state := func(name string) int64 { return rep.Totals.ByState[name] }
	s.rows = append(s.rows, fmt.Sprintf("%s\t%d\t%d\t%d\t%d\t%d\t%d", api.OneLine(cluster), rep.Input.Records, rep.Totals.Seen,
		rep.Totals.Incidents, state("firing"), state("pending"), len(rep.Silences)))
}

// Write writes the lines as a table.
func (s *Summary) Write(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	fmt.Fprintln(t, "CLUSTER\tRECORDS\tOBJECTS\tINCIDENTS\tFIRING\tPENDING\tSILENCES")
	for _, row := range s.rows {
		fmt.Fprintln(t, row)
	}
	return t.Flush()
}
