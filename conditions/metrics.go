package conditions

import (
	"cmp"
	"slices"
	"strings"

	"fluxtrail/derive"
)

// A family is one of the metrics that say something of Flux's objects.
type family struct {
	name     string
	exporter string // samples of one exporter about one object become one observation
	kind     string // label with the kind
	lists    bool   // an exposition has a sample of each object that there is
	sample   func(r *Reader, s *sample, o *derive.Observation)
	revision func(o *derive.Observation) *string // what the label revision is
}

// families are, in this order: what the controllers exported themselves before Flux 2.5, what
// kube-state-metrics makes with the configuration of flux2-monitoring-example, and the Flux
// Operator's.
func families() []family {
	return []family{
		{name: "gotk_reconcile_condition", exporter: "controller", kind: "kind", sample: (*Reader).reconcileCondition},
		{name: "gotk_suspend_status", exporter: "controller", kind: "kind", sample: (*Reader).suspendStatus},
		{name: "gotk_resource_info", exporter: "kube-state-metrics", kind: "customresource_kind", lists: true,
			sample: (*Reader).info, revision: appliedOrArtifact},
		operators("flux_resource_info", attemptedOrArtifact),
		operators("flux_instance_info", appliedOf),
		operators("flux_resourceset_info", appliedOf),
		operators("flux_resourcesetinputprovider_info", appliedOf),
	}
}

// operators is a family of the Flux Operator's.
func operators(name string, revision func(*derive.Observation) *string) family {
	return family{name: name, exporter: "flux-operator", kind: "kind", sample: (*Reader).info, revision: revision}
}

func appliedOf(o *derive.Observation) *string { return &o.Applied }

// appliedOrArtifact: of a release it is the latest chart, also of one that failed.
func appliedOrArtifact(o *derive.Observation) *string {
	if o.Kind == "Kustomization" {
		return &o.Applied
	}
	return attemptedOrArtifact(o)
}

func attemptedOrArtifact(o *derive.Observation) *string {
	if o.Kind == "Kustomization" || o.Kind == "HelmRelease" {
		return &o.Attempted
	}
	return &o.Artifact
}

// Metrics are the names of the metrics that say something of Flux's objects.
func Metrics() (names []string) {
	for _, f := range families() {
		names = append(names, f.name)
	}
	return names
}

// Exporter says who exports a metric, "" for one that says nothing of Flux's objects.
func Exporter(name string) string {
	all := families()
	if i := slices.IndexFunc(all, func(f family) bool { return f.name == name }); i >= 0 {
		return all[i].exporter
	}
	return ""
}

// exporters are those of the metrics.
func exporters() (names []string) {
	for _, f := range families() {
		if !slices.Contains(names, f.exporter) {
			names = append(names, f.exporter)
		}
	}
	return names
}

type sample struct {
	*family
	label func(string) string
	value float64
}

// Scrape collects the samples of one exposition, or of one answer to a query. It belongs to one
// goroutine.
type Scrape struct {
	r        *Reader
	families []family
	seen     map[exported]*derive.Observation
	lists    map[string]bool // kinds of which all objects are there
}

type exported struct {
	by string
	derive.Ref
}

// Scrape returns a Scrape without samples.
func (r *Reader) Scrape() *Scrape {
	return &Scrape{r: r, families: families(), seen: map[exported]*derive.Observation{}, lists: map[string]bool{}}
}

// Add takes a sample. Label returns the value of a label, "" for one that is not there. Source says
// where the sample stands. It reports whether the family is one that says something of objects.
func (s *Scrape) Add(name string, label func(string) string, value float64, source string) bool {
	i := slices.IndexFunc(s.families, func(f family) bool { return f.name == name })
	if i < 0 {
		return false
	}
	f := &s.families[i]
	ref := refOf(label, f.kind)
	ref.Kind, ref.Namespace, ref.Name = s.r.word(ref.Kind), s.r.word(ref.Namespace), s.r.word(ref.Name)
	if !ref.Valid() {
		return true
	}
	k := exported{f.exporter, ref}
	o := s.seen[k]
	switch {
	case o == nil && !s.r.room():
		return true
	case o == nil:
		o = &derive.Observation{Ref: ref, Source: source, Family: f.exporter}
		s.seen[k] = o
	}
	f.sample(s.r, &sample{f, label, value}, o)
	if f.lists {
		s.lists[ref.Kind] = true
	}
	return true
}

// refOf is the object that a sample is about. Where the metric has a label that the target has too,
// Prometheus renames the metric's.
func refOf(label func(string) string, kind string) derive.Ref {
	return derive.Ref{
		Kind: label(kind), Namespace: cmp.Or(label("exported_namespace"), label("namespace")),
		Name: cmp.Or(label("exported_name"), label("name")),
	}
}

// Observations returns what the samples said at a time, in the order of Compare, and of which kinds
// they told all objects.
func (s *Scrape) Observations(at int64, source string) (all []derive.Observation, lists []derive.Listing) {
	for _, o := range s.seen {
		o.At = at
		all = append(all, *o)
	}
	slices.SortFunc(all, func(a, b derive.Observation) int { return a.Compare(&b) })
	for kind := range s.lists {
		lists = append(lists, derive.Listing{Source: source, Kind: kind, At: at})
	}
	slices.SortFunc(lists, func(a, b derive.Listing) int { return cmp.Compare(a.Kind, b.Kind) })
	return all, lists
}

// reconcileCondition is one of the samples of a condition, one for each status. The one with the
// value 1 is what it is. Before Flux 2.1 an object that was deleted had a status for it.
func (r *Reader) reconcileCondition(s *sample, o *derive.Observation) {
	status := s.label("status")
	switch {
	case s.value != 1:
	case status == "Deleted":
		o.Deleted = true
	default:
		r.ready(o, cmp.Or(s.label("type"), "Ready"), status, "")
	}
}

func (r *Reader) suspendStatus(s *sample, o *derive.Observation) { o.Suspended = answer(s.value == 1) }

// ready sets a condition; of several samples of one type the last counts.
func (r *Reader) ready(o *derive.Observation, kind, status, reason string) {
	if status != "True" && status != "False" && status != "Unknown" {
		return
	}
	o.Conditions = slices.DeleteFunc(o.Conditions, func(c derive.Condition) bool { return c.Type == kind })
	if len(o.Conditions) == maxParts {
		return
	}
	o.Conditions = append(o.Conditions, derive.Condition{
		Type: r.word(kind), Status: r.word(status), Reason: r.word(reason),
	})
}

// info is a sample whose labels say all. The label suspended is written in lower case by one
// exporter and not by the other, and one leaves it out where an object was never suspended. Of
// kinds without conditions the Flux Operator says that they are ready.
func (r *Reader) info(s *sample, o *derive.Observation) {
	if s.value != 1 {
		return
	}
	o.UID = r.word(s.label("uid"))
	o.Suspended = answer(strings.EqualFold(s.label("suspended"), "true"))
	if s.exporter != "flux-operator" || !strings.HasPrefix(o.Kind, "ResourceSet") && o.Kind != "FluxInstance" {
		Unpaused(o)
	}
	o.Static = o.Kind == "Alert" || o.Kind == "Provider" ||
		o.Kind == "HelmRepository" && strings.HasPrefix(s.label("url"), "oci:")
	if !o.Static {
		r.ready(o, "Ready", s.label("ready"), s.label("reason"))
	}
	if revision := s.label("revision"); revision != "" {
		*s.revision(o) = r.word(revision)
	}
}

func answer(yes bool) derive.Answer {
	if yes {
		return derive.Yes
	}
	return derive.No
}
