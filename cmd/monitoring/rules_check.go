package monitoring

import (
	"strings"
	"time"

	"github.com/spf13/cobra"

	"fluxtrail/cmd/cli"
	"fluxtrail/derive/rules"
	"fluxtrail/derive/rules/check"
)

const rulesCheckLong = `Checks alert rules about Flux: those that never fire, because the metric is gone, a label or value does not exist or a
join is empty, and those that fire too often, lose the object or start to wait again at each commit.

FILE is a rule file, a PrometheusRule or VMRule, Helm values, a ConfigMap with rules, or an export of Grafana, in YAML or
JSON; a directory stands for the .yaml, .yml, .json and .rules below it, and - for standard input. Files are checked
together, because a rule may be about what another one records. Rules that have nothing to do with Flux are passed over.

Exit codes: 0 nothing was found, 1 a file cannot be read, 2 the command line cannot be used, 3 something was found that
--fail-on names.`

// rulesCheck are the flags of rules check.
type rulesCheck struct {
	flux, source, form, failOn string
	scrape                     cli.Span
	options                    check.Options
}

func newRulesCheck(std cli.Streams) *cobra.Command {
	f := rulesCheck{scrape: cli.Span(time.Minute)}
	c := &cobra.Command{
		Use: "check [flags] FILE...", Short: "Say which alert rules about Flux cannot fire, or fire wrongly", Long: rulesCheckLong,
		Example: "  fluxtrail rules check --flux 2.6 rules.yaml\n" +
			"  kubectl get prometheusrules -A -o yaml | fluxtrail rules check -",
		Args: cobra.ArbitraryArgs,
		RunE: func(_ *cobra.Command, args []string) error {
			if err := f.compile(args); err != nil {
				return err
			}
			return f.run(args, std)
		},
	}
	flags := c.Flags()
	flags.StringVar(&f.flux, "flux", "", "`version` of Flux that the rules meet, such as 2.6; default: the newest")
	flags.StringVar(&f.source, "source", string(rules.Auto), "whose metrics corrections use: "+strings.Join(rules.Sources(), ", ")+"; auto: what the rules use already")
	flags.StringVar(&f.options.NamespaceLabel, "namespace-label", "exported_namespace", "`label` with the object's namespace; namespace where scrapes honour labels")
	flags.Var(&f.scrape, "scrape", "`interval` at which the metrics are scraped")
	flags.StringVarP(&f.form, "output", "o", "text", "`form`: text or json")
	flags.StringVar(&f.failOn, "fail-on", string(check.Error), "exit with 3 on findings of this `level` and above: error, warning, info, or never")
	cli.Words(c, "source", rules.Sources()...)
	cli.Words(c, "output", "text", "json")
	cli.Words(c, "fail-on", check.Levels()...)
	return c
}

// compile makes options of the flags. Everything that is wrong with them is told at once.
func (f *rulesCheck) compile(args []string) error {
	var bad cli.Problems
	if len(args) == 0 {
		bad.Add("no FILE: name a file with rules, a directory, or - for standard input")
	}
	if f.flux != "" {
		v, err := check.ParseVersion(f.flux)
		if err != nil {
			bad.Add("--flux %w", err)
		}
		f.options.Flux = v
	}
	if f.source != string(rules.Auto) {
		f.options.Source = rules.Source(bad.Word("source", f.source, rules.Sources()))
	}
	f.form, f.failOn = bad.Word("output", f.form, []string{"text", "json"}), bad.Word("fail-on", f.failOn, check.Levels())
	f.options.Scrape = time.Duration(f.scrape)
	if len(bad) > 0 {
		return bad.Usage("rules check")
	}
	return nil
}

func (f *rulesCheck) run(args []string, std cli.Streams) error {
	files, err := check.Read(args, std.In)
	if err != nil {
		return err
	}
	report := check.Check(files, f.options)
	if err := report.Write(std.Out, f.form); err != nil {
		return err
	}
	if report.Fails(check.Level(f.failOn)) {
		return &cli.Exit{Code: cli.Found}
	}
	return nil
}
