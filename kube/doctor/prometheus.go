package doctor

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	promv1 "github.com/prometheus/client_golang/api/prometheus/v1"
	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/promql/parser"

	"fluxtrail/sinks"
)

// maxProm bounds one answer of a Prometheus, in bytes: 10,000 targets with all labels that they
// were discovered with have half of it. The library holds some four times as much while it reads.
const maxProm = 64 << 20

// sparing asks a Prometheus for no more than is looked at: of targets not for those that its
// configuration drops, of which there may be many times as many.
type sparing struct{ http.RoundTripper }

// RoundTrip implements [http.RoundTripper].
func (s sparing) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.HasSuffix(r.URL.Path, "/api/v1/targets") {
		r = r.Clone(r.Context())
		r.URL.RawQuery = "state=active"
	}
	answer, err := s.RoundTripper.RoundTrip(r)
	if err == nil {
		answer.Body = sinks.Bound(answer.Body, maxProm)
	}
	return answer, err
}

// ofFlux is part of the names of scrape jobs, namespaces or pods that are about Flux.
const ofFlux = "flux"

// targets holds that what is scraped of Flux and of the agent is up, and scraped once.
func (x *examination) targets(ctx context.Context) (string, error) {
	all, err := x.prom.Targets(ctx)
	if err != nil {
		return "", err
	}
	seen, jobs := 0, map[string][]string{}
	for i := range all.Active {
		t := &all.Active[i]
		if !strings.Contains(strings.ToLower(fmt.Sprint(t.Labels, t.DiscoveredLabels)), ofFlux) {
			continue
		}
		seen++
		jobs[t.ScrapeURL] = append(jobs[t.ScrapeURL], t.ScrapePool)
		if t.Health == promv1.HealthBad {
			x.add(Error, t.ScrapeURL, "the scrape fails: "+t.LastError, "look at the port, at network policies, and at whether the pod runs")
		}
	}
	for _, url := range sortedKeys(jobs) {
		if pools := compact(jobs[url]); len(pools) > 1 {
			x.add(Error, url, "is scraped by several jobs: "+strings.Join(pools, ", "), "keep one of them: sums over the series count twice")
		}
	}
	if seen == 0 {
		x.add(Error, "", "no target is about Flux or fluxtrail", "make a monitor: serviceMonitor.create and controllerMonitor.create of the chart")
	}
	return fmt.Sprintf("%d targets are up, each scraped once", seen), nil
}

// family is a metric by which alerts about Flux go.
type family struct{ name, from string }

var signals = []family{
	{"fluxtrail_object_ready", "fluxtrail"},
	{"flux_resource_info", "the Flux Operator"},
	{"gotk_resource_info", "kube-state-metrics"},
	{"gotk_reconcile_condition", "the controllers, up to Flux 2.4"},
}

// families holds that one of the signals is there, that an object has each once, and that labels of
// the scrape do not hide those of the object.
func (x *examination) families(ctx context.Context) (string, error) {
	var there []string
	for _, f := range signals {
		n, err := x.count(ctx, "count("+f.name+")")
		if err != nil {
			return "", err
		}
		if n == 0 {
			continue
		}
		there = append(there, fmt.Sprintf("%s (%s, %.0f series)", f.name, f.from, n))
		if err := x.labelled(ctx, f); err != nil {
			return "", err
		}
	}
	if len(there) == 0 {
		x.add(Error, "", "none of the metrics is there by which alerts about Flux go", "run the agent and scrape it; docs/alerts.md has the others")
	}
	return "there are " + strings.Join(there, ", "), nil
}

// labelled looks at the labels of a family.
func (x *examination) labelled(ctx context.Context, f family) error {
	kind := "kind"
	if f.name == "gotk_resource_info" {
		kind = "customresource_kind"
	}
	hidden, err := x.count(ctx, `count(`+f.name+`{exported_namespace=""})`)
	if err != nil {
		return err
	}
	if spread, err := x.count(ctx, `count(count by (namespace) (`+f.name+`))`); err == nil && hidden > 0 && spread == 1 {
		x.add(Warning, f.name, "all objects seem to be in one namespace: it may be that of the exporter", "have the scrape keep the object's: honorLabels: true, or a relabeling")
	}
	by := fmt.Sprintf("count by (%s, exported_namespace, namespace, name, type, status) (%s)", kind, f.name)
	if f.name != "fluxtrail_object_ready" { // two agents may know an object while its controller moves
		twice, err := x.count(ctx, "count("+by+" > 1)")
		if err != nil {
			return err
		}
		if twice > 0 {
			x.add(Warning, f.name, fmt.Sprintf("%.0f objects have it twice or more", twice), "scrape its exporter once, and have rules take max by")
		}
	}
	return nil
}

// count is the value of a query that has one number, 0 for none.
func (x *examination) count(ctx context.Context, query string) (float64, error) {
	v, _, _, err := x.prom.Query(ctx, query, x.Now())
	if err != nil {
		return 0, err
	}
	if vector, ok := v.(model.Vector); ok && len(vector) > 0 {
		return float64(vector[0].Value), nil
	}
	return 0, nil
}

// rules holds that each alert about Flux goes by metrics that are there, and can be evaluated.
func (x *examination) rules(ctx context.Context) (string, error) {
	found, err := x.prom.Rules(ctx, nil)
	if err != nil {
		return "", err
	}
	seen := 0
	for _, g := range found.Groups {
		for _, r := range g.Rules {
			alert, ok := r.(promv1.AlertingRule)
			if !ok || !strings.Contains(strings.ToLower(alert.Name+alert.Query), ofFlux) && !strings.Contains(alert.Query, "gotk_") {
				continue
			}
			seen++
			if alert.Health == promv1.RuleHealthBad {
				x.add(Error, alert.Name, "cannot be evaluated: "+alert.LastError, "mend its expression: fluxtrail rules check")
				continue
			}
			if err := x.dead(ctx, alert); err != nil {
				return "", err
			}
		}
	}
	if seen == 0 {
		x.add(Warning, "", "no alert is about Flux", "fluxtrail rules print has a pack")
	}
	return fmt.Sprintf("%d alerts about Flux go by metrics that are there", seen), nil
}

// recently is how long a metric may be away before an alert that goes by it counts as dead: the
// metric of an error is there only while there is one.
const recently = 24 * time.Hour

// dead adds a finding if a metric of an alert was not there recently.
func (x *examination) dead(ctx context.Context, alert promv1.AlertingRule) error {
	for _, metric := range metrics(alert.Query) {
		if !strings.HasPrefix(metric, "gotk_") && !strings.HasPrefix(metric, "flux_") {
			continue // others come and go with what they count
		}
		n, err := x.count(ctx, fmt.Sprintf("count(last_over_time(%s[%s]))", metric, model.Duration(recently)))
		if err != nil {
			return err
		}
		if n == 0 {
			x.add(Error, alert.Name, "goes by "+metric+", of which there is no series: it cannot fire", "fluxtrail rules check says what to write, rules print has a pack")
		}
	}
	return nil
}

// metrics are the names of the metrics of an expression, but for those that it expects to be away.
func metrics(query string) []string {
	expr, err := parser.NewParser(parser.Options{}).ParseExpr(query)
	if err != nil {
		return nil
	}
	var names []string
	parser.Inspect(expr, func(node parser.Node, path []parser.Node) error {
		v, ok := node.(*parser.VectorSelector)
		absent := slices.ContainsFunc(path, func(n parser.Node) bool {
			call, ok := n.(*parser.Call)
			return ok && strings.HasPrefix(call.Func.Name, "absent")
		})
		if ok && !absent && v.Name != "" {
			names = append(names, v.Name)
		}
		return nil
	})
	return compact(names)
}

// alertmanagers holds that alerts have somewhere to go.
func (x *examination) alertmanagers(ctx context.Context) (string, error) {
	found, err := x.prom.AlertManagers(ctx)
	if err != nil {
		return "", err
	}
	if len(found.Active) == 0 {
		x.add(Error, "", "Prometheus has no Alertmanager: alerts that fire reach nobody", "configure one: alerting.alertmanagers, or spec.alerting of the operator's Prometheus")
	}
	return fmt.Sprintf("%d Alertmanagers get the alerts", len(found.Active)), nil
}
