package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"fluxtrail/config"
)

const configLong = `Checks or prints the configuration of the agent, or an example of it.

Without --config, the defaults, the environment (FLUXTRAIL_...) and flags are the configuration. No other file is opened and
nothing is connected to: whether certificates, tokens and servers are there shows when the agent starts.

Exit codes: 0 fine, 2 something is wrong with the configuration or the command line.`

func newConfig(std streams) *cobra.Command {
	c := &cobra.Command{
		Use: "config", Short: "Check or print the configuration of the agent, or an example of it", Long: configLong,
		Example: "  fluxtrail config check --config /etc/fluxtrail/config.yaml\n  fluxtrail config docs > config.yaml",
		RunE: func(c *cobra.Command, args []string) error {
			word := ""
			if len(args) > 0 {
				word = args[0]
			}
			return usageError("config: want check, print or docs, not %q; run fluxtrail config -h", word)
		},
		Args: cobra.ArbitraryArgs,
	}
	c.AddCommand(
		configCommand("check", "Say everything that is wrong with the configuration, with key, file and line", func(path string, _ config.Config) error {
			if path == "" {
				path = "defaults and environment"
			}
			_, err := fmt.Fprintf(std.out, "%s: ok\n", path)
			return err
		}),
		configCommand("print", "Print the configuration in effect as YAML, secrets masked", func(_ string, cfg config.Config) error {
			text, err := config.YAML(cfg)
			if err == nil {
				_, err = std.out.Write(text)
			}
			return err
		}),
		&cobra.Command{
			Use: "docs", Short: "Print an example that documents every key", Args: noArgs,
			RunE: func(*cobra.Command, []string) error {
				_, err := fmt.Fprint(std.out, config.Example)
				return err
			},
		},
	)
	return c
}

// configCommand is a subcommand of config that does something with the configuration once it was
// read.
func configCommand(use, short string, do func(path string, cfg config.Config) error) *cobra.Command {
	var file string
	set := config.NewFlags()
	c := &cobra.Command{
		Use: use + " [flags]", Short: short, Args: noArgs,
		Example: "  fluxtrail config " + use + " --config /etc/fluxtrail/config.yaml",
		RunE: func(*cobra.Command, []string) error {
			cfg, err := loadConfig(file, set)
			if err != nil {
				return err
			}
			return do(file, cfg)
		},
	}
	c.Flags().StringVar(&file, "config", "", "configuration `file` (YAML)")
	addSettings(c, set)
	return c
}

// loadConfig reads the configuration. Everything that is wrong with it stands in the error, one
// line each, which exits with 2.
func loadConfig(path string, flags *pflag.FlagSet) (config.Config, error) {
	c, err := config.Load(path, flags)
	var wrong config.Errors
	switch {
	case errors.As(err, &wrong) && len(wrong) > 1:
		return c, usageError("the configuration has %d errors:\n%v", len(wrong), wrong)
	case err != nil:
		return c, usageError("%v", err)
	}
	return c, nil
}
