package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"fluxtrail/agent"
	"fluxtrail/cmd/cli"
	"fluxtrail/config"
	"fluxtrail/sinks/loki"
)

const runLong = `Follows the logs of the Flux controllers on this node: ships every line to Loki, finds out what fails and since when, and
serves metrics, a status page and an API. PATH is a pod log tree, a directory, a file or a glob, instead of tail.include of
the configuration.

Incidents that open, fire and end are printed on standard output, one JSON object a line; the agent's own log goes to
standard error. What can be set is shown by fluxtrail config docs. A flag such as --loki-url wins over the variable
FLUXTRAIL_LOKI__URL, and that over the file. Secrets have no flags: use the file or the environment.

Exit codes: 0 told to stop, or done with --once; 1 it went wrong; 2 a flag, a path or the configuration cannot be used.`

const runExamples = `  fluxtrail run --config /etc/fluxtrail/config.yaml
  FLUXTRAIL_LOKI__URL=http://loki:3100 fluxtrail run
  fluxtrail run --once --loki-enabled=false /var/log/pods`

func newRun(std cli.Streams) *cobra.Command {
	var once bool
	var set settings
	c := &cobra.Command{
		Use: "run [flags] [PATH...]", Short: "The agent: follow the logs of this node", Long: runLong, Example: runExamples,
		RunE: func(c *cobra.Command, paths []string) error {
			cfg, err := set.load()
			if err == nil {
				err = follow(&cfg, paths)
			}
			if err != nil {
				return err
			}
			return runAgent(c.Context(), cfg, once, std)
		},
	}
	c.Flags().BoolVar(&once, "once", false,
		"read to the current end, deliver, save, and exit; without a server, and by the records' own times")
	set.addTo(c)
	return c
}

// runAgent runs the agent until ctx is done, or once.
func runAgent(ctx context.Context, cfg config.Config, once bool, std cli.Streams) error {
	shown, err := config.YAML(cfg)
	if err != nil {
		return fmt.Errorf("show the configuration: %w", err)
	}
	opt := agentOptions(cfg)
	opt.Once, opt.Build, opt.Shown = once, versionOf(), string(shown)
	opt.Out = cli.Plain(std.Out) // the agent counts what it cannot print, and is well
	if opt.Log, err = newLog(cfg, std.Err); err != nil {
		return cli.Usage("run: %v", err)
	}
	slog.SetDefault(opt.Log) // for what libraries print by themselves: net/http quotes servers
	err = agent.Run(ctx, opt)
	if stuck := (*agent.StuckError)(nil); errors.As(err, &stuck) { // and standard error may be
		time.AfterFunc(time.Second, func() { os.Exit(cli.Failed) })
	}
	if bad := (*agent.UsageError)(nil); errors.As(err, &bad) {
		return cli.Usage("run: %v", bad)
	}
	return err
}

// agentOptions are the settings as the agent takes them.
func agentOptions(cfg config.Config) agent.Options {
	return agent.Options{
		Cluster: cfg.Agent.Cluster, StateDir: cfg.Agent.StateDir, CheckpointEvery: cfg.Agent.CheckpointEvery, ShutdownGrace: cfg.Agent.ShutdownGrace,
		InFlight: cfg.Agent.InFlight,
		Follow:   cfg.Tail.FollowConfig, Poll: cfg.Tail.Poll, Secrets: cfg.Redact.Patterns, Kube: cfg.Kube, Conditions: cfg.Conditions.Kube,
		Scrape:   cfg.Conditions.Scrape,
		ShipOnly: !cfg.Trail.Enabled, Ship: cfg.Loki.Enabled, Loki: cfg.Loki.Config,
		Labels: append([]loki.Label{{Name: "cluster", Value: cfg.Agent.Cluster}}, cfg.Agent.Labels...),
		Leader: cfg.Leader, Incidents: cfg.Incidents, Metrics: cfg.Metrics,
		Alertmanager: cfg.Alertmanager.Config, Alerts: cfg.Alerts(), Grafana: cfg.Grafana, Webhook: cfg.Webhook,
		Listen: cfg.Server.Listen, WebConfig: cfg.Server.WebConfig, Pprof: cfg.Server.Pprof,
	}
}

// newLog makes the agent's own log as the configuration says.
func newLog(cfg config.Config, w io.Writer) (*slog.Logger, error) {
	var level slog.Level
	if err := level.UnmarshalText([]byte(cfg.Log.Level)); err != nil {
		return nil, fmt.Errorf("log.level: %w", err)
	}
	return agent.NewLog(w, level, cfg.Log.Format == "text", cfg.Redact.Patterns)
}

// follow puts the paths of the command line into the configuration. One that names nothing is a
// mistake, unlike one of the configuration, which may come to be later.
func follow(cfg *config.Config, paths []string) error {
	if len(paths) == 0 {
		return nil
	}
	for _, path := range paths {
		_, err := os.Stat(path)
		if path == "-" {
			return cli.Usage("run: - is standard input, which cannot be followed; use fluxtrail replay -")
		}
		if err != nil && !strings.ContainsAny(path, "*?[{") {
			return cli.Usage("run: %v", err)
		}
	}
	cfg.Tail.Include = paths
	if err := cfg.Tail.Validate(); err != nil {
		return cli.Usage("run: %v", err)
	}
	return nil
}
