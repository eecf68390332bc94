package main

import (
	"encoding/json"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"fluxtrail/cmd/cli"
	"fluxtrail/sinks/prom"
)

// version is set by the linker for releases; builds from a module or a checkout know theirs anyway.
var version = ""

// versionOf is what the program was built from.
func versionOf() prom.Build {
	b := prom.Build{Version: version, GoVersion: runtime.Version()}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
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

func newVersion(std cli.Streams) *cobra.Command {
	form := "text"
	c := &cobra.Command{
		Use: "version", Short: "Print the version", Args: cli.NoArgs,
		Long:    "Prints the version; with -o json also the revision and the Go version that it was built with.",
		Example: "  fluxtrail version\n  fluxtrail version -o json",
		RunE: func(*cobra.Command, []string) error {
			b := versionOf()
			switch strings.ToLower(form) {
			case "text":
				_, err := fmt.Fprintln(std.Out, "fluxtrail", b.Version)
				return err
			case "json":
				return json.NewEncoder(std.Out).Encode(struct {
					Version   string `json:"version"`
					Revision  string `json:"revision"`
					GoVersion string `json:"go_version"`
					Platform  string `json:"platform"`
				}{b.Version, b.Revision, b.GoVersion, runtime.GOOS + "/" + runtime.GOARCH})
			}
			return cli.Usage("version: --output %s: there is no such value; %s", form, cli.Instead(form, []string{"text", "json"}))
		},
	}
	c.Flags().StringVarP(&form, "output", "o", form, "`form`: text or json")
	cli.Words(c, "output", "text", "json")
	return c
}
