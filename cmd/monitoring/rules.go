// Package monitoring has the commands about the monitoring around fluxtrail and Flux: the alerts,
// and what keeps them from telling anybody. In each file is one command: flags, options, one call.
package monitoring

import (
	"strings"

	"github.com/spf13/cobra"

	"fluxtrail/cmd/cli"
	"fluxtrail/derive/rules"
)

const rulesLong = `Prints the alerts about Flux that come with fluxtrail, for the signal that a cluster has and the ruler that reads them,
checks those that somebody else wrote, and tests both.

docs/alerts has a page about each alert.`

// NewRules makes the command rules, with those below it.
func NewRules(std cli.Streams) *cobra.Command {
	c := &cobra.Command{
		Use: "rules", Short: "Print, check and test alerts about Flux", Long: rulesLong,
		Example: "  fluxtrail rules check --flux 2.6 /etc/prometheus/rules\n" +
			"  fluxtrail rules print --format prometheusrule | kubectl apply -f -\n" +
			"  fluxtrail rules print --source loki --format loki > rules.yaml",
		Args: cobra.ArbitraryArgs, RunE: cli.NeedsCommand,
	}
	c.AddCommand(newRulesCheck(std), newRulesPrint(std), newRulesTest(std))
	return c
}

const rulesPrintLong = `Prints the pack of alerts.

--source is where the signal comes from: ours (fluxtrail's metrics), flux-operator (flux_resource_info), ksm
(gotk_resource_info of kube-state-metrics), gotk (gotk_reconcile_condition, up to Flux 2.4), or loki (the lines that
fluxtrail sends there). auto has rules that go by the first of the metrics that a cluster has.

--format alertmanager prints the inhibit rules that belong to the pack. Alerts that a source has no signal for stand in
the first lines of what is printed.`

// rulesPrint are the flags of rules print.
type rulesPrint struct {
	source, format, compat string
	options                rules.Options
	target                 rules.Target
}

func newRulesPrint(std cli.Streams) *cobra.Command {
	var f rulesPrint
	c := &cobra.Command{
		Use: "print [flags]", Short: "Print the alerts in the form that a ruler reads", Long: rulesPrintLong,
		Example: "  fluxtrail rules print --source ours > /etc/prometheus/rules/flux.yaml\n" +
			"  fluxtrail rules print --format prometheusrule --object-label release=kube-prometheus-stack\n" +
			"  fluxtrail rules print --format alertmanager",
		Args: cli.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			text, err := f.render()
			if err == nil {
				_, err = std.Out.Write(text)
			}
			return err
		},
	}
	flags := c.Flags()
	flags.StringVar(&f.source, "source", string(rules.Auto), "where the signal comes from: "+strings.Join(rules.Sources(), ", "))
	flags.StringVar(&f.format, "format", "", "`form`: "+strings.Join(rules.Formats(), ", ")+"; default: prometheus, or loki for --source loki")
	flags.StringVar(&f.compat, "compat", "", "seed: have ReconciliationFailure as Flux's guide for Prometheus had it, in place of two others")
	flags.StringVar(&f.options.NamespaceLabel, "namespace-label", "exported_namespace", "`label` with the object's namespace; namespace where scrapes honour labels")
	flags.StringToStringVar(&f.options.Labels, "label", nil, "more labels for each alert, such as team=platform")
	flags.StringVar(&f.options.Runbooks, "runbooks", "", "`URL` below which each alert has its page, as docs/alerts has them")
	flags.StringVar(&f.target.Name, "name", "flux-alerts", "name of the object")
	flags.StringVar(&f.target.Namespace, "namespace", "flux-system", "namespace of the object")
	flags.StringToStringVar(&f.target.Labels, "object-label", nil, "labels of the object, by which the operator selects it")
	flags.StringVar(&f.target.DatasourceUID, "datasource-uid", "", "`UID` of the data source in Grafana; default prometheus or loki")
	flags.StringVar(&f.target.Folder, "folder", "Flux", "folder in Grafana")
	cli.Words(c, "source", rules.Sources()...)
	cli.Words(c, "format", rules.Formats()...)
	cli.Words(c, "compat", string(rules.CompatSeed))
	cli.Group(c, "What to print", "source", "format", "compat", "namespace-label", "label", "runbooks")
	cli.Group(c, "Objects of an operator", "name", "namespace", "object-label")
	cli.Group(c, "Grafana", "datasource-uid", "folder")
	return c
}

// render makes the pack. Everything that is wrong with the flags is told at once.
func (f *rulesPrint) render() ([]byte, error) {
	var bad cli.Problems
	f.options.Source = rules.Source(bad.Word("source", f.source, rules.Sources()))
	if f.format == "" {
		f.format = string(rules.Prometheus)
		if f.options.Source == rules.Loki {
			f.format = string(rules.LokiRules)
		}
	}
	form := rules.Format(bad.Word("format", f.format, rules.Formats()))
	if f.compat != "" {
		f.options.Compat = rules.Compat(bad.Word("compat", f.compat, []string{string(rules.CompatSeed)}))
	}
	if len(bad) > 0 {
		return nil, bad.Usage("rules print")
	}
	f.target.NamespaceLabel = f.options.NamespaceLabel
	pack, err := rules.New(f.options)
	if err != nil {
		return nil, cli.Usage("rules print: %v", err)
	}
	text, err := pack.Render(form, f.target)
	if err != nil {
		return nil, cli.Usage("rules print: %v", err)
	}
	return text, nil
}
