package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime/debug"

	"fluxtrail/agent"
	"fluxtrail/config"
	"fluxtrail/sinks/prom"
)

const runUsage = `Usage: fluxtrail run [flags] [PATH...]

Follows the logs of the Flux controllers on this node: ships every line to Loki, finds out what fails and since when, and serves metrics, a
status page and an API. PATH is a pod log tree, a directory, a file or a glob, instead of tail.include of the configuration.

Incidents that open, fire and end are printed on standard output, one JSON object a line; the agent's own log goes to standard error. What can
be set is in config/example.yaml; a variable such as FLUXTRAIL_LOKI__URL wins over the file.

  fluxtrail run --config /etc/fluxtrail/config.yaml
  FLUXTRAIL_LOKI__URL=http://loki:3100 fluxtrail run
  FLUXTRAIL_LOKI__ENABLED=false fluxtrail run --once /var/log/pods

Exit codes: 0 told to stop, or done with --once; 1 it went wrong; 2 a flag or the configuration cannot be used.

Flags:
`

func runRun(ctx context.Context, args []string, io streams) error {
	cfg, once, err := runFlags(args, io.out)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return nil
	case err != nil:
		return usageError("run: %v", err)
	}
	shown, err := config.YAML(cfg)
	if err != nil {
		return fmt.Errorf("show the configuration: %w", err)
	}
	err = agent.Run(ctx, agent.Options{Config: cfg, Shown: string(shown), Once: once, Out: io.out, Log: io.err, Build: buildInfo()})
	if bad := (*agent.UsageError)(nil); errors.As(err, &bad) {
		return usageError("run: %v", bad)
	}
	return err
}

// runFlags reads flags, file and environment.
func runFlags(args []string, w io.Writer) (cfg agent.Config, once bool, err error) {
	fl := flag.NewFlagSet("run", flag.ContinueOnError)
	fl.SetOutput(io.Discard)
	file := fl.String("config", "", "configuration file (default: the built-in one)")
	fl.BoolVar(&once, "once", false, "read to the current end, deliver, save, and exit; without a server, and with the records' own times as the clock")
	if err := fl.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			fmt.Fprint(w, runUsage)
			fl.SetOutput(w)
			fl.PrintDefaults()
			return cfg, once, err
		}
		return cfg, once, fmt.Errorf("%w; run fluxtrail run -h", err)
	}
	cfg, err = config.Load(*file, os.Environ())
	if err == nil && fl.NArg() > 0 {
		cfg.Tail.Include = fl.Args()
		err = cfg.Tail.Validate()
	}
	return cfg, once, err
}

// buildInfo is what the program was built from.
func buildInfo() prom.Build {
	b := prom.Build{Version: version}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	b.GoVersion = info.GoVersion
	if b.Version == "" {
		b.Version = info.Main.Version
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			b.Revision = s.Value
		}
	}
	return b
}
