package check

import (
	"slices"
	"strings"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"

	"fluxtrail/derive/rules"
)

// family is what is known of a metric: which labels it has, which of them have few values, and when
// it was given up.
type family struct {
	name   string
	source rules.Source // whose signal of readiness it is, "" for none
	gone   Version      // the first version without it, 0 while it is there
	kinds  map[string]Version
	info   bool // 1 for each state: series change when the object does
	labels []string
	open   bool // more labels are a matter of configuration
	values map[string][]string
	old    map[string]map[string]Version // values that were given up, by label
	why    string
}

var status = []string{"True", "False", "Unknown"}

// targetLabels are on every scraped series.
var targetLabels = []string{
	"cluster", "namespace", "pod", "container", "instance", "job", "service", "endpoint", "node", "prometheus", "tenant", "env", "environment",
}

var objectLabels = []string{"kind", "name", "exported_namespace"}

var fluxInfo = []string{"uid", "kind", "name", "exported_namespace", "ready", "reason", "suspended", "revision", "url", "ref", "source_name", "path", "registry", "resources"}

var operatorValues = map[string][]string{"ready": status, "suspended": {"True", "False"}}

// families is the table. Histograms and counters are there by the names of their series.
var families = []family{
	{
		name: "gotk_reconcile_condition", source: rules.GOTK, gone: 205, labels: append([]string{"type", "status"}, objectLabels...),
		kinds:  map[string]Version{"HelmRelease": 202, "Alert": 202, "Provider": 202, "ImageUpdateAutomation": 203},
		values: map[string][]string{"status": append([]string{"Deleted"}, status...), "type": {"Ready"}},
		old:    map[string]map[string]Version{"status": {"Deleted": deletedGone}},
		why:    "the controllers do not export it any more",
	},
	{
		name: "gotk_suspend_status", source: rules.GOTK, gone: 205, labels: objectLabels,
		kinds: map[string]Version{"HelmRelease": 202, "Alert": 202, "Provider": 202, "ImageUpdateAutomation": 203},
		why:   "the controllers do not export it any more",
	},
	{name: "gotk_reconcile_duration_seconds_count", labels: objectLabels},
	{name: "gotk_reconcile_duration_seconds_sum", labels: objectLabels},
	{name: "gotk_reconcile_duration_seconds_bucket", labels: append([]string{"le"}, objectLabels...)},
	{
		name: "gotk_reconcile_duration_seconds", gone: 1,
		why: "it is a histogram, and its series are called gotk_reconcile_duration_seconds_count, _sum and _bucket",
	},
	{name: "gotk_reconcile_duration_count", gone: 1, why: "it is called gotk_reconcile_duration_seconds_count since 2020"},
	{
		name: "gotk_resource_info", source: rules.KSM, info: true, open: true,
		labels: []string{"customresource_group", "customresource_kind", "customresource_version", "name", "exported_namespace", "ready", "suspended"},
		values: map[string][]string{"ready": append([]string{""}, status...), "suspended": {"true", "false", ""}},
	},
	{name: "flux_resource_info", source: rules.FluxOperator, info: true, labels: fluxInfo, values: operatorValues},
	{name: "flux_instance_info", source: rules.FluxOperator, info: true, labels: fluxInfo, values: operatorValues},
	{name: "flux_resourceset_info", source: rules.FluxOperator, info: true, labels: fluxInfo, values: operatorValues},
	{name: "flux_resourcesetinputprovider_info", source: rules.FluxOperator, info: true, labels: fluxInfo, values: operatorValues},
	{name: "zap_log_messages_total", gone: 1, why: "no controller has ever exported it"},
	{name: "controller_runtime_reconcile_errors_total", labels: []string{"controller"}},
	{
		name: "controller_runtime_reconcile_total", labels: []string{"controller", "result"},
		values: map[string][]string{"result": {"success", "error", "requeue", "requeue_after"}},
	},
	{
		name: "fluxtrail_object_status", source: rules.Ours, labels: append([]string{"status"}, objectLabels...),
		values: map[string][]string{"status": {"unknown", "ready", "failing", "waiting", "progressing", "stalled", "silent", "suspended"}},
	},
	{name: "fluxtrail_object_ready", source: rules.Ours, labels: objectLabels},
	{name: "fluxtrail_object_suspended", source: rules.Ours, labels: objectLabels},
	{name: "fluxtrail_incident_open", source: rules.Ours, labels: objectLabels},
	{
		name: "fluxtrail_incident_info", source: rules.Ours, info: true,
		labels: append([]string{"reason", "access", "root_kind", "root_namespace", "root_name"}, objectLabels...),
		values: map[string][]string{"access": {"", "authentication", "certificate"}},
	},
	{name: "fluxtrail_incident_start_timestamp_seconds", source: rules.Ours, labels: objectLabels},
	{
		name: "fluxtrail_controller_events_total", labels: []string{"controller", "event"},
		values: map[string][]string{"event": {"restart", "panic", "throttled", "leader", "notification_failed", "too_many_objects"}},
	},
}

// familyOf is the family that a selector reads, nil for one that is not Flux's, or several.
func familyOf(s *parser.VectorSelector) *family {
	name := s.Name
	for _, m := range s.LabelMatchers {
		if m.Name == model.MetricNameLabel && m.Type == labels.MatchEqual {
			name = m.Value
		}
	}
	f := named(name)
	if f == nil || strings.HasPrefix(name, "controller_runtime_") { // other controllers have it too
		return nil
	}
	return f
}

// named is the family of a name, nil for none.
func named(name string) *family {
	i := slices.IndexFunc(families, func(f family) bool { return f.name == name })
	if i < 0 {
		return nil
	}
	return &families[i]
}

// severalOf are the families that a selector names together, nil where it names one, a pattern, or
// any that is none of Flux's.
func severalOf(s *parser.VectorSelector) (all []*family) {
	for _, m := range s.LabelMatchers {
		if m.Name != model.MetricNameLabel || m.Type != labels.MatchRegexp {
			continue
		}
		for _, name := range alternatives(m) {
			f := named(name)
			if f == nil {
				return nil
			}
			all = append(all, f)
		}
	}
	return all
}

// Exports reports whether the exporters of a version of Flux have series of a kind in a metric.
// It is true for a metric that is none of theirs.
func Exports(metric, kind string, at Version) bool {
	f := named(metric)
	if f == nil {
		return true
	}
	gone, ok := f.kinds[kind]
	return (f.gone == 0 || at < f.gone) && (!ok || at < gone)
}

// HasDeleted reports whether gotk_reconcile_condition has series for status="Deleted" in a version.
func HasDeleted(at Version) bool { return at < deletedGone }

// deletedGone is the first version without them.
const deletedGone Version = 201

// has reports whether series of the family can have the label.
func (f *family) has(label string) bool {
	return f.open && label != "kind" || slices.Contains(f.labels, label) || slices.Contains(targetLabels, label) || strings.HasPrefix(label, "__")
}

// closed are the values that a label can have in a version, nil where that is not known. A value
// that is empty stands for a label that is not there.
func (f *family) closed(label string, at Version) []string {
	if !f.has(label) {
		return []string{""}
	}
	return slices.DeleteFunc(slices.Clone(f.values[label]), func(v string) bool {
		gone, ok := f.old[label][v]
		return ok && at >= gone
	})
}
