package input

import (
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"fluxtrail/cmd/cli"
	"fluxtrail/conditions/prom"
	"fluxtrail/conditions/scrape"
	"fluxtrail/replay"
	"fluxtrail/sinks"
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
		"condition transitions, the data of a Prometheus, its URL, or that of a controller's metrics (…/metrics)")
	fl.StringVar(&f.At, "conditions-at", "", "`time` at which snapshots were saved that do not say it; "+
		"otherwise it is the newest time in them")
	fl.StringVar(&f.match, "prometheus-match", "", "`matchers` of the series that count, such as 'cluster=\"a\"'")
	server := f.prometheus.AddTo(c, "prometheus",
		"`URL` of a Prometheus, Mimir, Thanos or VictoriaMetrics that has the metrics about the objects")
	cli.Group(c, "Conditions", append(server, "conditions", "conditions-at", "prometheus-match")...)
	cli.Needs(c, "prometheus", "prometheus-match")
	cli.Needs(c, "conditions", append(server[1:], "conditions-at", "prometheus-match")...)
}

// Secrets takes those for Prometheus from the environment, and returns the rest of that.
func (f *Evidence) Secrets(environ []string, prefix string) []string {
	return f.prometheus.Secrets(environ, prefix)
}

// Compile adds the sources to the options. Servers are parted from files, and metrics from what
// keeps them.
func (f *Evidence) Compile(o *replay.Options, now time.Time, bad *cli.Problems) {
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
	for _, address := range urls {
		if scrape.IsMetrics(address) {
			f.scrape(o, scrape.Config{URL: address, At: now.UnixNano(), HTTP: f.known(http, address), Policy: f.prometheus.Policy(address)}, bad)
			continue
		}
		c := prom.Config{URL: address, Match: f.match, HTTP: f.known(http, address), Policy: f.prometheus.Policy(address)}
		if address == "" {
			continue
		}
		if err := c.Validate(); err != nil {
			bad.Add("--prometheus: %w", err)
		}
		o.Prometheus = append(o.Prometheus, c)
	}
}

// known leaves the credentials for --prometheus out where another host is asked.
func (f *Evidence) known(c sinks.HTTP, address string) sinks.HTTP {
	if f.prometheus.URL != "" && hostOf(address) != hostOf(f.prometheus.URL) {
		c.Basic, c.Bearer, c.Headers = sinks.Basic{}, sinks.Bearer{}, nil
	}
	return c
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}

func (f *Evidence) scrape(o *replay.Options, c scrape.Config, bad *cli.Problems) {
	if err := c.Validate(); err != nil {
		bad.Add("--conditions: %w", err)
	}
	o.Metrics = append(o.Metrics, c)
}
