package monitoring

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"fluxtrail/api"
	"fluxtrail/cmd/cli"
	"fluxtrail/kube"
	"fluxtrail/kube/doctor"
	"fluxtrail/sinks"
)

const doctorLong = `Finds what silently breaks the monitoring of Flux: pods of the agent that are refused or do not run, monitors and rules that no
Prometheus selects, targets that are down or scraped twice, metrics that Flux does not have any more and alerts that go by
them, an agent or a Loki that is not ready, clocks that are apart.

Each part is looked at where it can be reached: the cluster with --cluster, the others by their address. FILE stands for a
cluster that cannot be reached, or for what is going to be applied: manifests, lists of kubectl, directories of a dump. What
was not looked at is said. Everything is only read.

Exit codes: 0 nothing is wrong, 1 it went wrong, or nothing could be looked at with one of the flags,
2 the command line cannot be used, 3 something is wrong.`

// doctorEnv begins the variables that stand for flags of doctor.
const doctorEnv = "FLUXTRAIL_DOCTOR"

// doctorFlags are the flags of doctor.
type doctorFlags struct {
	cluster                 bool
	kubeconfig, context     string
	form                    string
	patience                time.Duration
	prometheus, agent, loki cli.Server
}

// NewDoctor makes the command doctor.
func NewDoctor(std cli.Streams) *cobra.Command { return new(doctorFlags).command(std) }

// command makes the command that reads these flags.
func (f *doctorFlags) command(std cli.Streams) *cobra.Command {
	c := &cobra.Command{
		Use: "doctor [flags] [FILE...]", Short: "Find what silently breaks the monitoring of Flux", Long: doctorLong, Args: cobra.ArbitraryArgs,
		Example: "  fluxtrail doctor --cluster --prometheus http://127.0.0.1:9090\n" +
			"  fluxtrail doctor --agent http://127.0.0.1:8080 --loki http://127.0.0.1:3100 -o json\n" +
			"  helm template fluxtrail deploy/chart --values values.yaml > rendered.yaml && fluxtrail doctor rendered.yaml",
	}
	fl := c.Flags()
	f.patience = 2 * time.Minute
	fl.BoolVar(&f.cluster, "cluster", false, "look at the cluster of the kubeconfig")
	fl.StringVar(&f.context, "context", "", "`context` of the kubeconfig, other than its current one")
	fl.StringVar(&f.kubeconfig, "kubeconfig", "", "kubeconfig (`file`), other than that of kubectl")
	fl.StringVarP(&f.form, "output", "o", "text", "`form`: text or json")
	fl.Var((*cli.Span)(&f.patience), "timeout", "longest `time` for all questions to one server")
	cli.Words(c, "output", "text", "json")
	cli.Needs(c, "cluster", "context", "kubeconfig")
	_ = c.MarkFlagFilename("kubeconfig")
	cli.Group(c, "What to look at", "cluster", "context", "kubeconfig", "output", "timeout")
	cli.Group(c, "Prometheus", f.prometheus.AddTo(c, "prometheus", "`URL` of Prometheus")...)
	cli.Group(c, "Agent", f.agent.AddTo(c, "agent", "`URL` of an agent's server")...)
	cli.Group(c, "Loki", f.loki.AddTo(c, "loki", "`URL` of Loki")...)
	c.RunE = func(c *cobra.Command, paths []string) error {
		opt, err := f.compile(c, paths)
		if err != nil {
			return err
		}
		defer debug.SetGCPercent(debug.SetGCPercent(50)) // what a server answers is garbage soon
		found, err := doctor.Examine(c.Context(), opt)
		if err == nil {
			err = f.write(std.Out, found)
		}
		return err
	}
	return c
}

// compile checks the flags and connects, which sends nothing.
func (f *doctorFlags) compile(c *cobra.Command, paths []string) (doctor.Options, error) {
	var bad cli.Problems
	environ := os.Environ()
	for _, s := range []*cli.Server{&f.prometheus, &f.agent, &f.loki} {
		environ = s.Secrets(environ, doctorEnv)
	}
	if err := cli.Environment(c, doctorEnv, environ); err != nil {
		bad.Add("%w", err)
	}
	opt := doctor.Options{Now: time.Now, Patience: f.patience}
	if f.patience <= 0 {
		bad.Add("--timeout: want a time over 0, as 2m")
	}
	f.form = bad.Word("output", f.form, []string{"text", "json"})
	opt.Prometheus, opt.Agent, opt.Loki = server("prometheus", &f.prometheus, &bad), server("agent", &f.agent, &bad), server("loki", &f.loki, &bad)
	if f.cluster {
		client, err := kube.Login(f.kubeconfig, f.context)
		if err != nil {
			bad.Add("--cluster: %w", err)
		}
		opt.Cluster = client
	}
	if len(paths) > 0 {
		files, err := doctor.ReadFiles(paths)
		if err != nil {
			bad.Add("%w", err)
		}
		opt.Files = files
	}
	if f.cluster && len(paths) > 0 {
		bad.Add("--cluster and files are two clusters: look at one of them at a time")
	}
	if !f.cluster && len(paths) == 0 && opt.Prometheus == nil && opt.Agent == nil && opt.Loki == nil {
		bad.Add("nothing to look at: give --cluster, files, --prometheus, --agent or --loki")
	}
	if len(bad) > 0 {
		return opt, bad.Usage("doctor")
	}
	return opt, nil
}

// server is the server of a flag, nil where none is named.
func server(flag string, s *cli.Server, bad *cli.Problems) *doctor.Server {
	if s.URL == "" {
		return nil
	}
	http, err := s.HTTP()
	if wrong := sinks.CheckURL(s.URL); wrong != nil {
		err = errors.Join(fmt.Errorf("--%s: the address: %w", flag, wrong), err)
	}
	if err != nil {
		bad.Add("%w", err)
		return nil
	}
	http.Timeout = cmp.Or(http.Timeout, 30*time.Second)
	client, err := http.Client("doctor")
	if err != nil {
		bad.Add("%w", err)
	}
	return &doctor.Server{URL: s.URL, Client: client}
}

// write prints what was found. The error says whether anything is wrong.
func (f *doctorFlags) write(w io.Writer, found api.Diagnosis) error {
	if f.form == "json" {
		enc := json.NewEncoder(w)
		enc.SetIndent("", "  ")
		if err := enc.Encode(found); err != nil {
			return err
		}
	}
	wrong, looked := 0, 0
	for _, x := range found.Findings {
		if x.Severity != doctor.Skipped {
			looked++
		}
		if x.Severity == doctor.Error || x.Severity == doctor.Warning {
			wrong++
		}
		if f.form == "text" {
			fmt.Fprintf(w, "%-8s %-17s%s\n", x.Severity, x.Check, strings.TrimRight(" "+x.Object+" "+x.Text, " "))
			if x.Remedy != "" {
				fmt.Fprintf(w, "%27s%s\n", "→ ", x.Remedy)
			}
		}
	}
	if wrong > 0 {
		return &cli.Exit{Code: cli.Found}
	}
	switch {
	case looked == 0:
		return errors.New("doctor: nothing could be looked at, so that nothing is known to be right")
	case len(found.Unreached) > 0:
		return fmt.Errorf("doctor: nothing could be looked at with %s, so that nothing is known to be right there",
			strings.Join(found.Unreached, " and "))
	}
	return nil
}
