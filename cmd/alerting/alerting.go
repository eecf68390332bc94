// Package alerting holds the flags of replay about alerts.
//
// In go flags as they are written, out come the options of package alerts, with the rule files read
// and checked. Command replay calls it. It evaluates nothing, and every mistake is told at once.
package alerting

import (
	"os"
	"slices"
	"time"

	"github.com/prometheus/common/model"
	"github.com/spf13/cobra"

	"fluxtrail/cmd/cli"
	"fluxtrail/derive/rules/check"
	"fluxtrail/replay/alerts"
)

// Flags are the flags as they are written. The zero value is ready for Add.
type Flags struct {
	on                 bool
	rules, compare     []string
	inhibit            string
	scrape, every, gap time.Duration
	namespace, flux    string
}

// Add adds the flags to a command.
func (f *Flags) Add(c *cobra.Command) {
	fl := c.Flags()
	fl.BoolVar(&f.on, "alerts", false, "tell which alerts would have fired, by the rules that come with fluxtrail")
	fl.StringSliceVar(&f.rules, "rules", nil, "the alerts of these rule `file`s instead: Prometheus' own, or PrometheusRule objects")
	fl.StringSliceVar(&f.compare, "compare", nil, "tell what --rules changes against these older rule `file`s; "+
		"OLD NEW compares two files")
	fl.StringVar(&f.inhibit, "inhibit", "", "Alertmanager's configuration (`file`), for its inhibit rules; default: those that belong to fluxtrail's rules")
	f.scrape, f.every, f.gap = alerts.DefaultScrape, alerts.DefaultEvery, alerts.DefaultGap
	fl.Var((*cli.Span)(&f.scrape), "scrape-interval", "metrics are sampled this often")
	fl.Var((*cli.Span)(&f.every), "evaluation-interval", "rules are evaluated this often, where their group does not say")
	fl.Var((*cli.Span)(&f.gap), "gap", "without any line for this long the agent counts as down, and its series end; 0 for never")
	fl.StringVar(&f.namespace, "namespace-label", "exported_namespace", "`label` with the object's namespace in the metrics of other exporters, which are made of "+
		"--conditions; namespace where scrapes honour labels")
	fl.StringVar(&f.flux, "flux", "", "`version` of Flux whose exporters these are, such as 2.0: what it does not export has no series; default: what any version had")
	cli.Group(c, "Alerts", "alerts", "rules", "compare", "inhibit", "scrape-interval", "evaluation-interval", "gap", "namespace-label", "flux")
	for _, one := range []string{"alerts", "rules", "compare", "output"} { // as --output alertmanager
		cli.Needs(c, one, "inhibit", "scrape-interval", "evaluation-interval", "gap", "namespace-label", "flux")
	}
	_ = c.MarkFlagFilename("rules", "yaml", "yml")
	_ = c.MarkFlagFilename("compare", "yaml", "yml")
	_ = c.MarkFlagFilename("inhibit", "yaml", "yml")
}

// Paths takes rule files out of the paths: after --rules or --compare a shell parts several files
// by spaces, and only the first of them is the flag's.
func (f *Flags) Paths(args []string) []string {
	if len(f.rules) == 0 && len(f.compare) == 0 {
		return args
	}
	return slices.DeleteFunc(slices.Clone(args), func(path string) bool {
		if !alerts.IsRules(path) {
			return false
		}
		f.rules = append(f.rules, path)
		return true
	})
}

// Compile reads the rules. It returns nil where no alerts are asked for; wanted says that the form
// of the report asks for them, and blocks is the directory for their metrics.
func (f *Flags) Compile(wanted bool, blocks string, bad *cli.Problems) *alerts.Options {
	if len(f.compare) == 2 && len(f.rules) == 0 {
		f.rules, f.compare = f.compare[1:], f.compare[:1]
	}
	if !f.on && !wanted && len(f.rules) == 0 && len(f.compare) == 0 {
		return nil
	}
	o := &alerts.Options{Scrape: f.scrape, Every: f.every, Gap: f.gap, Blocks: blocks}
	if there, _ := os.ReadDir(blocks); len(there) > 0 {
		bad.Add("--output tsdb: %s is not empty; name another --out-dir, or remove it", blocks)
	}
	if f.gap == 0 {
		o.Gap = -1
	}
	f.exporters(o, bad)
	if f.scrape < time.Second || f.scrape%time.Millisecond != 0 || f.every < time.Second {
		bad.Add("--scrape-interval %s, --evaluation-interval %s: want at least 1s each", f.scrape, f.every)
	}
	if f.gap < 0 || f.gap > 0 && f.gap < f.scrape {
		bad.Add("--gap %s: want more than the scrape interval, or 0 for never", f.gap)
	}
	var err error
	if o.Rules, o.Inhibit, err = alerts.Pack(); err != nil {
		bad.Add("--alerts: %w", err)
	}
	load := func(flag string, into **alerts.Set, files []string) {
		if len(files) == 0 {
			return
		}
		if *into, err = alerts.Load(files); err != nil {
			bad.Add("--%s: %w", flag, err)
		}
	}
	load("rules", &o.Rules, f.rules)
	load("compare", &o.Old, f.compare)
	if f.inhibit != "" {
		if o.Inhibit, err = alerts.LoadInhibit(f.inhibit); err != nil {
			bad.Add("--inhibit: %w", err)
		}
	}
	return o
}

// exporters says of which exporters the series are that are made of conditions.
func (f *Flags) exporters(o *alerts.Options, bad *cli.Problems) {
	if o.NamespaceLabel = f.namespace; !model.LegacyValidation.IsValidLabelName(f.namespace) {
		bad.Add("--namespace-label %s: is no label of a metric", f.namespace)
	}
	if f.flux != "" {
		v, err := check.ParseVersion(f.flux)
		if err != nil {
			bad.Add("--flux %w", err)
		}
		o.Flux = v
	}
}
