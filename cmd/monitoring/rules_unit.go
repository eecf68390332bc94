package monitoring

import (
	"io"

	"github.com/spf13/cobra"

	"fluxtrail/cmd/cli"
	"fluxtrail/derive/rules/unit"
)

const rulesTestLong = `Runs unit tests of rules in the format of promtool, with the rule engine of Prometheus. Without FILE they are those of
the pack. rule_files in a test file are relative to it.

Exit codes: 0 all passed, 1 a file cannot be read, 2 the command line cannot be used, 3 a test failed.`

func newRulesTest(std cli.Streams) *cobra.Command {
	return &cobra.Command{
		Use: "test [FILE...]", Short: "Run unit tests of rules, those of the pack or your own", Long: rulesTestLong,
		Example: "  fluxtrail rules test\n  fluxtrail rules test flux_test.yaml",
		Args:    cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			var failed bool
			err := cli.Buffered(c.Context(), std.Out, func(w io.Writer) (err error) {
				failed, err = unit.RunAll(c.Context(), args, w)
				return err
			})
			if err == nil && failed {
				return &cli.Exit{Code: cli.Found}
			}
			return err
		},
	}
}
