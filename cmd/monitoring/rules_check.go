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

func newRulesCheck(std cli.Streams) *cobra.Command {
	var flux, source, form, failOn string
	opt := check.Options{}
	scrape := cli.Span(time.Minute)
	c := &cobra.Command{
		Use: "check [flags] FILE...", Short: "Say which alert rules about Flux cannot fire, or fire wrongly", Long: rulesCheckLong,
		Example: "  fluxtrail rules check --flux 2.6 rules.yaml\n" +
			"  kubectl get prometheusrules -A -o yaml | fluxtrail rules check -",
		Args: cobra.ArbitraryArgs,
		RunE: func(_ *cobra.Command, args []string) error {
			var bad cli.Problems
			if len(args) == 0 {
				bad.Add("no FILE: name a file with rules, a directory, or - for standard input")
			}
			var err error
			if flux != "" {
				if opt.Flux, err = check.ParseVersion(flux); err != nil {
					bad.Add("--flux %w", err)
				}
			}
			if source != string(rules.Auto) {
				opt.Source = rules.Source(bad.Word("source", source, rules.Sources()))
			}
			form, failOn = bad.Word("output", form, []string{"text", "json"}), bad.Word("fail-on", failOn, check.Levels())
			if len(bad) > 0 {
				return bad.Usage("rules check")
			}
			opt.Scrape = time.Duration(scrape)
			files, err := check.Read(args, std.In)
			if err != nil {
				return err
			}
			report := check.Check(files, opt)
			if err := report.Write(std.Out, form); err != nil {
				return err
			}
			if report.Fails(check.Level(failOn)) {
				return &cli.Exit{Code: cli.Found}
			}
			return nil
		},
	}
	flags := c.Flags()
	flags.StringVar(&flux, "flux", "", "`version` of Flux that the rules meet, such as 2.6; default: the newest")
	flags.StringVar(&source, "source", string(rules.Auto), "whose metrics corrections use: "+strings.Join(rules.Sources(), ", ")+"; auto: what the rules use already")
	flags.StringVar(&opt.NamespaceLabel, "namespace-label", "exported_namespace", "`label` with the object's namespace; namespace where scrapes honour labels")
	flags.Var(&scrape, "scrape", "`interval` at which the metrics are scraped")
	flags.StringVarP(&form, "output", "o", "text", "`form`: text or json")
	flags.StringVar(&failOn, "fail-on", string(check.Error), "exit with 3 on findings of this `level` and above: error, warning, info, or never")
	cli.Words(c, "source", rules.Sources()...)
	cli.Words(c, "output", "text", "json")
	cli.Words(c, "fail-on", check.Levels()...)
	return c
}
