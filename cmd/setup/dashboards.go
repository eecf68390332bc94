// Package setup holds the commands that are about installing fluxtrail rather than about Flux.
//
// In: flags. Out: files on standard output, and a directory that the agent may write to. Package
// main adds them to the root. They contact nobody.
package setup

import (
	"github.com/spf13/cobra"

	"fluxtrail/cmd/cli"
	"fluxtrail/deploy/dashboards"
)

const dashboardsLong = `Prints a dashboard of Grafana that comes with fluxtrail: cluster (what fails, since when and why), control-plane (the
controllers), logs (the lines in Loki) or agents (fluxtrail itself). With --uid-alias it has the uid of the one that the Flux
project publishes, such as flux-cluster, so that links to that lead here.`

// Commands are all of them.
func Commands(std cli.Streams) []*cobra.Command {
	return []*cobra.Command{newDashboards(std), newMigrate(std), newOwn()}
}

func newDashboards(std cli.Streams) *cobra.Command {
	alias := false
	export := &cobra.Command{
		Use: "export [flags] NAME", Short: "Print a dashboard of Grafana", Long: dashboardsLong, Args: cobra.ExactArgs(1),
		Example:           "  fluxtrail dashboards export cluster > cluster.json",
		ValidArgsFunction: cobra.FixedCompletions(dashboards.Names(), cobra.ShellCompDirectiveNoFileComp),
		RunE: func(_ *cobra.Command, args []string) error {
			b, ok := dashboards.Find(args[0])
			if !ok {
				return cli.Usage("dashboards export: there is no %s; %s", args[0], cli.Instead(args[0], dashboards.Names()))
			}
			text, err := b.JSON(alias)
			if err == nil {
				_, err = std.Out.Write(text)
			}
			return err
		},
	}
	export.Flags().BoolVar(&alias, "uid-alias", false, "give it the uid of the dashboard that the Flux project publishes")
	c := &cobra.Command{Use: "dashboards", Short: "Print the dashboards of Grafana", Args: cobra.ArbitraryArgs, RunE: cli.NeedsCommand,
		Long: dashboardsLong, Example: "  fluxtrail dashboards export --uid-alias logs > flux-logs.json"}
	c.AddCommand(export)
	return c
}
