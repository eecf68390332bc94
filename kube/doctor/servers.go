package doctor

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"fluxtrail/api"
)

// maxAnswer bounds one answer, in bytes.
const maxAnswer = 32 << 20

// maxSkew is how far clocks may be apart: times of evidence are told in seconds.
const maxSkew = 5 * time.Second

// get asks for a page of a server. skew is by how much the server's clock is ahead, as far as its
// answer tells.
func (x *examination) get(ctx context.Context, from *Server, path string) (body []byte, skew time.Duration, err error) {
	whole, err := url.JoinPath(from.URL, path)
	if err != nil {
		return nil, 0, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, whole, nil)
	if err != nil {
		return nil, 0, err
	}
	resp, err := from.Client.Do(req)
	if err != nil {
		return nil, 0, err
	}
	defer resp.Body.Close()
	body, err = io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s answers %s: %.200s", path, resp.Status, strings.TrimSpace(string(body)))
	}
	if date, bad := http.ParseTime(resp.Header.Get("Date")); bad == nil {
		skew = date.Sub(x.Now()).Truncate(time.Second)
	}
	return body, skew, err
}

// status is what an agent says of itself. What anybody else says is none.
func (x *examination) status(ctx context.Context) (status api.Status, skew time.Duration, err error) {
	body, skew, err := x.get(ctx, x.Agent, "api/v1/status")
	if err != nil {
		return status, skew, err
	}
	if err = json.Unmarshal(body, &status); err == nil && status.Schema != api.AgentSchema {
		err = fmt.Errorf("its schema is %q, not %q", status.Schema, api.AgentSchema)
	}
	if err != nil {
		err = fmt.Errorf("api/v1/status is no answer of fluxtrail: %w", err)
	}
	return status, skew, err
}

// agent looks at what an agent says of itself.
func (x *examination) agent(ctx context.Context) (string, error) {
	status, skew, err := x.status(ctx)
	if err != nil {
		return "", err
	}
	if !status.Ready && len(status.Why) == 0 {
		status.Why = []string{"it does not say why"}
	}
	for _, why := range status.Why {
		x.add(Error, x.Agent.URL, "is not ready: "+why, "docs/troubleshooting.md")
	}
	if skew.Abs() > maxSkew {
		x.add(Warning, x.Agent.URL, fmt.Sprintf("its clock is %s away from the one here", skew.Abs()), "have the node's clock set by NTP: silence and ages are told by it")
	}
	body, _, err := x.get(ctx, x.Agent, "metrics")
	if err != nil {
		return "", err
	}
	return "is ready; " + status.Version, x.counters(string(body))
}

// sinks tells what each sink of an agent got last, and why it does not get more.
func (x *examination) sinks(ctx context.Context) (string, error) {
	status, _, err := x.status(ctx)
	if err != nil {
		return "", err
	}
	if l := status.Leader; l != nil && l.Standing == "alone" {
		x.add(Warning, "", "the agent tells of its own node only: it cannot agree with those of other nodes on one that leads",
			"grant the Role fluxtrail-leader, and look at the agent's log")
	}
	for _, s := range status.Sinks {
		x.sink(s, status.Leader)
	}
	return "the agent has none: loki.url, alertmanager.urls, grafana.url and webhook.url name them", nil
}

// sink tells of one. Of alerts another agent may tell, and then this one does not.
func (x *examination) sink(s api.Sink, leader *api.Leader) {
	last := "got nothing yet"
	if !s.DeliveredAt.IsZero() {
		last = "got something last at " + s.DeliveredAt.UTC().Format(time.RFC3339)
	}
	switch {
	case s.Error != "":
		x.add(Error, s.Name, fmt.Sprintf("%s; the try at %s failed: %s", last, s.FailedAt.UTC().Format(time.RFC3339), s.Error),
			"look at the address, the credentials and the network policy; the agent tries again by itself")
	case s.Warning != "":
		x.add(Warning, s.Name, last+"; "+s.Warning, "docs/alerts/README.md, Without a ruler: leave one of both out")
	case leader != nil && leader.Standing == "follows" && s.Name != "loki":
		x.add(ok, s.Name, last+"; the agent on node "+leader.Node+" tells it of all nodes: look at that one", "")
	default:
		x.add(ok, s.Name, last, "")
	}
}

// counters are metrics of the agent that are 0 where all is well.
var counters = []struct{ name, text, remedy string }{
	{"fluxtrail_unreadable_files", "%.0f logs cannot be read", "docs/install.md says which user and capability each kind of node needs"},
	{"fluxtrail_dropped_lines_total", "%.0f lines were dropped", "the label reason says why: docs/METRICS.md; what Loki refuses is in the agent's log"},
	{"fluxtrail_checkpoint_failures_total", "the state could not be saved %.0f times", "look at the state directory: its owner, its space, whether it is read-only"},
	{"fluxtrail_untrusted_lines_total", "%.0f lines came from pods that are not Flux's", "name the namespaces of Flux in kube.namespaces if they are"},
}

func (x *examination) counters(text string) error {
	p := expfmt.NewTextParser(model.UTF8Validation)
	families, err := p.TextToMetricFamilies(strings.NewReader(text))
	if err != nil {
		return fmt.Errorf("metrics: %w", err)
	}
	if families["fluxtrail_build_info"] == nil {
		return errors.New("metrics: has none of fluxtrail's")
	}
	for _, c := range counters {
		sum := 0.0
		for _, m := range families[c.name].GetMetric() {
			sum += m.GetGauge().GetValue() + m.GetCounter().GetValue() + m.GetUntyped().GetValue()
		}
		if sum > 0 {
			x.add(Warning, x.Agent.URL, fmt.Sprintf(c.text, sum), c.remedy)
		}
	}
	return nil
}

// loki holds that Loki is ready and has lines of Flux.
func (x *examination) loki(ctx context.Context) (string, error) {
	_, skew, err := x.get(ctx, x.Loki, "ready")
	if err != nil {
		x.add(Error, x.Loki.URL, "is not ready: "+err.Error(), "the agent holds the lines meanwhile: nothing is lost while the node keeps the logs")
		return "", nil
	}
	if skew.Abs() > maxSkew {
		x.add(Warning, x.Loki.URL, fmt.Sprintf("its clock is %s away from the one here", skew.Abs()), "have clocks set by NTP: Loki refuses lines that are too new or too old for it")
	}
	body, _, err := x.get(ctx, x.Loki, "loki/api/v1/label/app/values")
	if err != nil {
		return "", err
	}
	var values struct {
		Data []string `json:"data"`
	}
	if err := json.Unmarshal(body, &values); err != nil {
		return "", fmt.Errorf("the label app: %w", err)
	}
	apps := slices.DeleteFunc(values.Data, func(app string) bool { return !strings.HasSuffix(app, "-controller") })
	if len(apps) == 0 {
		x.add(Error, x.Loki.URL, "has no stream whose label app is a controller of Flux", "look at loki.url, at the tenant, and at the agent's log")
	}
	return "is ready, and has lines of " + strings.Join(apps, ", "), nil
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
