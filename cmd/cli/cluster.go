package cli

import (
	"io"

	"github.com/spf13/cobra"

	"fluxtrail/deploy"
	"fluxtrail/kube"
	"fluxtrail/replay"
)

// Cluster is the flags about a cluster that is read without files.
type Cluster struct {
	On, Follow, Explain bool
	kubeconfig, context string
}

// AddTo adds the flags to a command.
func (f *Cluster) AddTo(c *cobra.Command) {
	fl := c.Flags()
	fl.BoolVar(&f.On, "cluster", false, "read a cluster in place of files: the logs of Flux's pods, objects and events")
	fl.StringVar(&f.context, "context", "", "`context` of the kubeconfig, other than its current one")
	fl.StringVar(&f.kubeconfig, "kubeconfig", "", "kubeconfig (`file`), other than that of kubectl")
	fl.BoolVar(&f.Explain, "explain-rights", false, "print the rights that --cluster needs, and end")
	Group(c, "Cluster", "cluster", "context", "kubeconfig", "explain-rights")
	Needs(c, "cluster", "context", "kubeconfig")
	_ = c.MarkFlagFilename("kubeconfig")
}

// AddFollow adds the flag of a command that can Follow.
func (f *Cluster) AddFollow(c *cobra.Command) {
	c.Flags().BoolVar(&f.Follow, "follow", false,
		"keep a view of the cluster up to date, until Ctrl-C, which ends it with the report")
	Group(c, "Cluster", "follow")
	Needs(c, "cluster", "follow")
}

// ExplainRights prints the role that is needed.
func ExplainRights(w io.Writer) error {
	_, err := io.WriteString(w, deploy.ReplayRole)
	return err
}

// Compile connects, which sends nothing. It is nil where no cluster is to be read.
func (f *Cluster) Compile(paths []string, bad *Problems) *replay.Cluster {
	if !f.On {
		return nil
	}
	if len(paths) > 0 {
		bad.Add("--cluster: reads no PATH: leave out %s", paths[0])
	}
	client, err := kube.Login(f.kubeconfig, f.context)
	if err != nil {
		bad.Add("--cluster: %w", err)
	}
	return &replay.Cluster{Client: client}
}
