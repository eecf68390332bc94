package main

import (
	"io"

	"github.com/spf13/cobra"

	"fluxtrail/cmd/cli"
	"fluxtrail/deploy"
	"fluxtrail/kube"
	"fluxtrail/replay"
)

// clusterFlags are the flags about a cluster that is read without files.
type clusterFlags struct {
	on, explain         bool
	kubeconfig, context string
}

func (f *clusterFlags) addTo(c *cobra.Command) {
	fl := c.Flags()
	fl.BoolVar(&f.on, "cluster", false, "read a cluster in place of files: the logs of Flux's pods, objects and events")
	fl.StringVar(&f.context, "context", "", "`context` of the kubeconfig, other than its current one")
	fl.StringVar(&f.kubeconfig, "kubeconfig", "", "kubeconfig (`file`), other than that of kubectl")
	fl.BoolVar(&f.explain, "explain-rights", false, "print the rights that --cluster needs, and end")
	cli.Group(c, "Cluster", "cluster", "context", "kubeconfig", "explain-rights")
	_ = c.MarkFlagFilename("kubeconfig")
}

// compile connects, which sends nothing.
func (f *clusterFlags) compile(o *replayOptions, bad *cli.Problems) {
	switch {
	case !f.on && (f.context != "" || f.kubeconfig != ""):
		bad.Add("--context, --kubeconfig: need --cluster")
	case f.on && len(o.Paths) > 0:
		bad.Add("--cluster: reads no PATH: leave out %s", o.Paths[0])
	case f.on:
		client, err := kube.Login(f.kubeconfig, f.context)
		if err != nil {
			bad.Add("--cluster: %w", err)
		}
		o.Cluster = &replay.Cluster{Client: client}
	}
}

// explainRights prints the role that --cluster needs.
func explainRights(w io.Writer) error {
	_, err := io.WriteString(w, deploy.ReplayRole)
	return err
}
