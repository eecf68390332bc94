package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"fluxtrail/agent"
	"fluxtrail/config"
)

const configUsage = `Usage: fluxtrail config check|print|docs [--config FILE]

  check   say everything that is wrong with the configuration, with key, file and line
  print   show the configuration in effect (file, environment and defaults) as YAML, secrets masked
  docs    show an example that documents every key

Without FILE, the defaults and the environment (FLUXTRAIL_...) are the configuration. No other file is opened and nothing is
connected to: whether certificates, tokens and servers are there shows when the agent starts.

Exit codes: 0 fine, 2 something is wrong with the configuration or the command line.

Flags:
`

// runConfig is the whole of config.
func runConfig(_ context.Context, args []string, io streams) error {
	verb, path, err := configFlags(args, io.out)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return nil
	case err != nil:
		return usageError("config: %v", err)
	case verb == "docs":
		_, err := fmt.Fprint(io.out, config.Example)
		return err
	}
	c, err := loadConfig(path)
	if err != nil {
		return err
	}
	if verb == "check" {
		if path == "" {
			path = "defaults and environment"
		}
		_, err := fmt.Fprintf(io.out, "%s: ok\n", path)
		return err
	}
	text, err := config.YAML(c)
	if err != nil {
		return err
	}
	_, err = io.out.Write(text)
	return err
}

// loadConfig reads the configuration. Everything that is wrong with it stands in the error, one line each, which exits with 2.
func loadConfig(path string) (agent.Config, error) {
	c, err := config.Load(path, os.Environ())
	var wrong config.Errors
	switch {
	case errors.As(err, &wrong) && len(wrong) > 1:
		return c, usageError("the configuration has %d errors:\n%v", len(wrong), wrong)
	case err != nil:
		return c, usageError("%v", err)
	}
	return c, nil
}

// configFlags reads the command line: a verb, and the flags before or behind it.
func configFlags(args []string, w io.Writer) (verb, path string, err error) {
	fl := flag.NewFlagSet("config", flag.ContinueOnError)
	fl.SetOutput(io.Discard)
	fl.StringVar(&path, "config", "", "the configuration file (YAML)")
	if err = fl.Parse(args); err == nil && fl.NArg() > 0 {
		verb = fl.Arg(0)
		err = fl.Parse(fl.Args()[1:])
	}
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(w, configUsage)
		fl.SetOutput(w)
		fl.PrintDefaults()
		return "", "", err
	case err != nil:
		return "", "", fmt.Errorf("%w; run fluxtrail config -h", err)
	case verb != "check" && verb != "print" && verb != "docs":
		return "", "", fmt.Errorf("want check, print or docs, not %q; run fluxtrail config -h", verb)
	case fl.NArg() > 0:
		return "", "", fmt.Errorf("%q is too much; a file is named by --config", fl.Arg(0))
	}
	return verb, path, nil
}
