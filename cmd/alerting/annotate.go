package alerting

import (
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"fluxtrail/api"
	"fluxtrail/cmd/cli"
	"fluxtrail/derive"
	"fluxtrail/derive/rules"
	"fluxtrail/sinks/grafana"
)

// Annotate are the flags about marking history on Grafana's dashboards. The zero value is ready for
// AddTo.
type Annotate struct {
	cli.Server
	dashboard, cluster string
	least              time.Duration

	config grafana.Config // once compiled
}

// AddTo gives a command the flags.
func (f *Annotate) AddTo(c *cobra.Command) {
	names := f.Server.AddTo(c, "grafana", "`URL` of a Grafana, whose dashboards get a mark for each incident that is a root cause and lasted for --hold")
	c.Flags().StringVar(&f.dashboard, "grafana-dashboard", "", "`UID` of the only dashboard that shows the marks; default: all")
	c.Flags().StringVar(&f.cluster, "grafana-cluster", "", "`name` of the cluster, a tag of the marks, as agent.cluster has it")
	cli.Group(c, "Marks in Grafana", append(names, "grafana-dashboard", "grafana-cluster")...)
	cli.Needs(c, "grafana", "grafana-dashboard", "grafana-cluster")
}

// Compile checks the flags. An incident that was over before least is not marked.
func (f *Annotate) Compile(least time.Duration, bad *cli.Problems) {
	if f.URL == "" {
		return
	}
	http, err := f.HTTP()
	if err != nil {
		bad.Add("%w", err)
		return
	}
	f.least, f.config = least, grafana.Config{URL: f.URL, Dashboard: f.dashboard, HTTP: http}
	if err := f.config.Validate(); err != nil {
		bad.Add("--grafana: %w", err)
	}
}

// Mark marks the incidents of a report, and says so. Each has one mark, however often this is
// called and whether or not an agent made it: one that is there gets its end at most.
func (f *Annotate) Mark(ctx context.Context, rep *api.Report, cluster string, told io.Writer) error {
	if f.URL == "" {
		return nil
	}
	client, err := f.config.HTTP.Client("grafana")
	if err != nil {
		return err
	}
	sink := grafana.New(f.config, client)
	if cluster == "" {
		cluster = f.cluster
	}
	n, all := 0, 0
	for part := range slices.Chunk(f.regions(rep, cluster), 50) {
		if all += len(part); err == nil {
			if err = sink.Send(ctx, part); err == nil {
				n += len(part)
			}
		}
	}
	if err != nil {
		return fmt.Errorf("marked %d of %d incidents or more in Grafana; nothing is marked twice when it is run again: %w", n, all, err)
	}
	_, err = fmt.Fprintf(told, "fluxtrail: %d incidents are marked in Grafana\n", n)
	return err
}

// regions are the incidents that lasted long enough and are root causes, as the agent marks them.
func (f *Annotate) regions(rep *api.Report, cluster string) (out []grafana.Region) {
	for i := range rep.Incidents {
		end := i.ResolvedAt.Time
		if end.IsZero() {
			end = rep.Window.To.Time
		}
		dated := !i.OpenedAt.IsZero()
		if !dated || !rules.IsRoot(i.RootCause != nil, i.Reason) || end.Sub(i.OpenedAt.Time) < f.least {
			continue
		}
		about := grafana.About{Kind: i.Kind, Namespace: i.Namespace, Name: i.Name, Cluster: cluster, Reason: i.Reason, Severity: rules.SeverityOf(i.Kind)}
		out = append(out, grafana.Region{
			ID: i.ID, Start: i.OpenedAt.Time, End: i.ResolvedAt.Time, Title: about.Title(), Tags: about.Tags(),
			Text: rules.Describe(derive.Ref{Kind: i.Kind, Namespace: i.Namespace, Name: i.Name}, i.ErrorLast),
		})
	}
	return out
}
