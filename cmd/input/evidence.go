package input

import (
	"strings"

	"github.com/spf13/cobra"

	"fluxtrail/cmd/cli"
	"fluxtrail/conditions/prom"
	"fluxtrail/replay"
)

// Evidence are the flags about what is known of objects beside their logs.
type Evidence struct {
	At string // when snapshots were saved

	prometheus cli.Server
	match      string
	sources    []string
}

// AddTo gives a command the flags.
func (f *Evidence) AddTo(c *cobra.Command) {
	fl := c.Flags()
	fl.StringSliceVar(&f.sources, "conditions", nil, "what is known of the objects beside the logs: a file or directory "+
		"(`source`) with what kubectl get -o json|yaml, kubectl get events or flux get all -A printed, metrics, "+
		"condition transitions, the data of a Prometheus, or its URL")
	fl.StringVar(&f.At, "conditions-at", "", "`time` at which snapshots were saved that do not say it; "+
		"otherwise it is the newest time in them")
	fl.StringVar(&f.match, "prometheus-match", "", "`matchers` of the series that count, such as 'cluster=\"a\"'")
	cli.Group(c, "Conditions", append(f.prometheus.AddTo(c, "prometheus",
		"`URL` of a Prometheus, Mimir, Thanos or VictoriaMetrics that has the metrics about the objects"),
		"conditions", "conditions-at", "prometheus-match")...)
}

// Secrets takes those for Prometheus from the environment, and returns the rest of that.
func (f *Evidence) Secrets(environ []string, prefix string) []string {
	return f.prometheus.Secrets(environ, prefix)
}

// Compile adds the sources to the options. Servers are parted from files.
func (f *Evidence) Compile(o *replay.Options, bad *cli.Problems) {
	urls := []string{f.prometheus.URL}
	for _, source := range f.sources {
		if strings.HasPrefix(source, "http://") || strings.HasPrefix(source, "https://") {
			urls = append(urls, source)
		} else {
			o.Conditions = append(o.Conditions, source)
		}
	}
	http, err := f.prometheus.HTTP()
	if err != nil {
		bad.Add("%w", err)
	}
	for _, url := range urls {
		c := prom.Config{URL: url, Match: f.match, HTTP: http}
		if url == "" {
			continue
		}
		if err := c.Validate(); err != nil {
			bad.Add("--prometheus: %w", err)
		}
		o.Prometheus = append(o.Prometheus, c)
	}
}
