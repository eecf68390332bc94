package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"fluxtrail/api"
	"fluxtrail/cmd/cli"
	"fluxtrail/config"
	"fluxtrail/tail"
	"fluxtrail/tail/frame"
)

const configLong = `Checks or prints the configuration of the agent, or an example of it.

Without --config, the defaults, the environment (FLUXTRAIL_...) and flags are the configuration. No other file is opened and
nothing is connected to: whether certificates, tokens and servers are there shows when the agent starts.

Exit codes: 0 fine, 2 something is wrong with the configuration or the command line.`

func newConfig(std cli.Streams) *cobra.Command {
	c := &cobra.Command{
		Use: "config", Short: "Check or print the configuration of the agent, or an example of it", Long: configLong,
		Example: "  fluxtrail config check --config /etc/fluxtrail/config.yaml\n  fluxtrail config docs > config.yaml",
		Args:    cobra.ArbitraryArgs, RunE: cli.NeedsCommand,
	}
	c.AddCommand(newConfigCheck(std), newConfigPrint(std), newConfigDocs(std))
	return c
}

func newConfigCheck(std cli.Streams) *cobra.Command {
	var set settings
	c := &cobra.Command{
		Use: "check [flags]", Short: "Say everything that is wrong with the configuration, with key, file and line",
		Example: "  fluxtrail config check --config /etc/fluxtrail/config.yaml",
		Args:    cli.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := set.load()
			if err == nil && set.file == "" {
				set.file = "defaults and environment"
			}
			if err == nil {
				_, err = fmt.Fprintf(std.Out, "%s: ok\n", api.OneLine(set.file))
			}
			return err
		},
	}
	set.addTo(c)
	return c
}

func newConfigPrint(std cli.Streams) *cobra.Command {
	var set settings
	c := &cobra.Command{
		Use: "print [flags] [KEY]", Short: "Print the configuration in effect as YAML, or a part of it, secrets masked",
		Example: "  fluxtrail config print --config /etc/fluxtrail/config.yaml\n  fluxtrail config print loki.http",
		Args:    cobra.ArbitraryArgs, ValidArgsFunction: completeKey,
		RunE: func(c *cobra.Command, args []string) error {
			if err := printPart(c, io.Discard, []byte(config.Example), args); err != nil {
				return err // a key that there is not
			}
			cfg, err := set.load()
			if err != nil {
				return err
			}
			text, err := config.YAML(cfg)
			if err != nil {
				return err
			}
			return printPart(c, std.Out, text, args)
		},
	}
	set.addTo(c)
	return c
}

func newConfigDocs(std cli.Streams) *cobra.Command {
	return &cobra.Command{
		Use: "docs [flags] [KEY]", Short: "Print an example that documents every key, or a part of it",
		Example: "  fluxtrail config docs > config.yaml\n  fluxtrail config docs tail.poll",
		Args:    cobra.ArbitraryArgs, ValidArgsFunction: completeKey,
		RunE: func(c *cobra.Command, args []string) error {
			return printPart(c, std.Out, []byte(config.Example), args)
		},
	}
}

func completeKey(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return config.Keys(), cobra.ShellCompDirectiveNoFileComp
}

// printPart prints a configuration, or what it says of the key or section that is named.
func printPart(c *cobra.Command, w io.Writer, text []byte, args []string) error {
	var err error
	switch len(args) {
	case 0:
	case 1:
		if text, err = config.Part(text, args[0]); err != nil {
			return cli.Usage("%s: %v", cli.Name(c), err)
		}
	default:
		return cli.Usage("%s: %q is too much: name one key or section at most", cli.Name(c), args[1])
	}
	_, err = w.Write(text)
	return err
}

// settings are the flags by which a command gets the configuration.
type settings struct {
	file  string
	flags *pflag.FlagSet
}

// addTo gives a command the flags.
func (s *settings) addTo(c *cobra.Command) {
	c.Flags().StringVar(&s.file, "config", "", "configuration `file` (YAML); default: what is built in")
	_ = c.MarkFlagFilename("config", "yaml", "yml")
	s.flags = config.NewFlags()
	s.flags.VisitAll(func(f *pflag.Flag) {
		c.Flags().AddFlag(f)
		cli.Group(c, "Settings of "+f.Annotations[config.Section][0], f.Name)
	})
	cli.Words(c, "log-level", "debug", "info", "warn", "error")
	cli.Words(c, "log-format", "json", "text")
	cli.Words(c, "kube-enabled", "auto", "always", "never")
	cli.Words(c, "tail-from", tail.FromBeginning, tail.FromEnd)
	cli.Words(c, "tail-format", frame.Names()...)
}

// load reads the configuration. The error has everything that is wrong with it, one line each.
func (s *settings) load() (config.Config, error) {
	c, err := config.Load(s.file, s.flags)
	var wrong config.Errors
	switch {
	case errors.As(err, &wrong) && len(wrong) > 1:
		return c, cli.Usage("the configuration has %d errors:\n%v", len(wrong), wrong)
	case err != nil:
		return c, cli.Usage("%v", err)
	}
	return c, nil
}
