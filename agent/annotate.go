package agent

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"fluxtrail/sinks"
	"fluxtrail/sinks/grafana"
)

// annotator marks incidents in Grafana. Like the notifier it goes by what the trail lane published
// last. What is history is marked as well: Grafana takes times of the past.
type annotator struct {
	sink  sinks.Sink[grafana.Region]
	list  func() *episodes // what to tell of, nil for nothing
	least time.Duration    // an incident that was over sooner is not marked
	now   func() time.Time
	log   *slog.Logger
	tried func(error) // notes what became of a batch

	sent    string // what was sent last
	retryAt time.Time
	trouble bool
}

// annotateAgain is how long the annotator waits after a failure.
const annotateAgain = 15 * time.Second

// run marks until ctx is done.
func (a *annotator) run(ctx context.Context) error {
	for sinks.Sleep(ctx, notifyEvery) == nil {
		a.round(ctx, a.now())
	}
	return nil
}

// round sends if an incident began or ended.
func (a *annotator) round(ctx context.Context, now time.Time) {
	state := a.list()
	if state == nil || now.Before(a.retryAt) {
		return
	}
	batch := a.regions(state)
	var b strings.Builder
	for _, r := range batch {
		fmt.Fprintf(&b, "%s %d\n", r.ID, r.End.UnixNano())
	}
	if b.String() == a.sent {
		return
	}
	err := a.sink.Send(ctx, batch)
	a.tried(err)
	switch {
	case err != nil && !a.trouble:
		a.log.Warn("cannot mark incidents in Grafana, trying again", "err", err)
	case err == nil && a.trouble:
		a.log.Info("incidents are marked in Grafana again")
	}
	if a.trouble = err != nil; a.trouble {
		a.retryAt = now.Add(annotateAgain)
		return
	}
	a.sent = b.String()
}

// regions are the incidents that lasted long enough to be worth a mark.
func (a *annotator) regions(state *episodes) []grafana.Region {
	var out []grafana.Region
	for _, l := range state.list {
		until := l.Ended
		if until.IsZero() {
			until = state.at
		}
		if l.Incident == "" || until.Sub(l.Since) < a.least {
			continue
		}
		about := grafana.About{
			Kind: l.Labels["kind"], Namespace: l.Labels["exported_namespace"], Name: l.Labels["name"],
			Cluster: l.Labels["cluster"], Reason: l.Annotations["reason"], Severity: l.Labels["severity"],
		}
		out = append(out, grafana.Region{
			ID: l.Incident, Start: l.Since, End: l.Ended, Title: about.Title(), Text: l.Annotations["description"], Tags: about.Tags(),
		})
	}
	return out
}

// newAnnotator makes the annotator, nil without a Grafana.
func (a *assembly) newAnnotator(list func() *episodes) (*annotator, error) {
	if a.Grafana.URL == "" || a.Once {
		return nil, nil
	}
	client, err := a.Grafana.HTTP.Client("grafana")
	if err != nil {
		return nil, err
	}
	return &annotator{
		sink: grafana.New(a.Grafana, client), list: list, least: a.Incidents.Hold, now: a.now,
		log: a.Log.With("sink", "grafana"), tried: a.tried("grafana"),
	}, nil
}
