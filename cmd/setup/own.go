package setup

import (
	"github.com/spf13/cobra"

	"fluxtrail/cmd/cli"
	"fluxtrail/tail/checkpoint"
)

// newOwn is what the manifests run before an agent that is not root.
func newOwn() *cobra.Command {
	user := 65532
	c := &cobra.Command{
		Use: "own-state [flags] DIR", Short: "Give the state directory to the agent's user", Args: cobra.ExactArgs(1), Hidden: true,
		Long: `Gives a state directory, with all that is in it, to a user and the group of the same number. The manifests run it as root with
CAP_CHOWN alone before an agent that is not root: the directory that a node makes for it is root's.`,
		Example: "  fluxtrail own-state --user 65532 /var/lib/fluxtrail",
		RunE: func(_ *cobra.Command, args []string) error {
			if user < 0 {
				return cli.Usage("own-state: --user %d is no number of a user", user)
			}
			return checkpoint.Own(args[0], user)
		},
	}
	c.Flags().IntVar(&user, "user", user, "the `number` of the user")
	return c
}
