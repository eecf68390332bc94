package alerts

import (
	"cmp"

	"fluxtrail/derive"
	"fluxtrail/sinks/prom"
)

// facts are the series that other exporters have of Flux's objects, as far as evidence told of
// their conditions. Rules that read those can be tried like our own.
type facts struct {
	wanted  []exporter
	known   map[derive.Ref]derive.Observation
	changed map[derive.Ref]bool
}

// exporter is a family of somebody else's.
type exporter struct {
	name   string
	series func(o *derive.Observation) []prom.Series
}

// exporters are the controllers up to Flux 2.4, kube-state-metrics with the configuration of
// flux2-monitoring-example, and the Flux Operator.
func exporters() []exporter {
	return []exporter{
		{"gotk_reconcile_condition", reconcileCondition},
		{"gotk_suspend_status", suspendStatus},
		{"gotk_resource_info", resourceInfo("gotk_resource_info", "customresource_kind", "true", "false")},
		{"flux_resource_info", resourceInfo("flux_resource_info", "kind", "True", "False")},
	}
}

func newFacts(want func(string) bool) *facts {
	f := &facts{known: map[derive.Ref]derive.Observation{}}
	for _, x := range exporters() {
		if want(x.name) {
			f.wanted = append(f.wanted, x)
		}
	}
	f.forget()
	return f
}

// forget makes the next step tell of all objects again.
func (f *facts) forget() {
	f.changed = map[derive.Ref]bool{}
	for ref := range f.known {
		f.changed[ref] = true
	}
}

// observe takes what was so at its time. Events do not tell an object's state.
func (f *facts) observe(o *derive.Observation) {
	if len(f.wanted) == 0 || o.Event != nil {
		return
	}
	if o.Deleted {
		delete(f.known, o.Ref)
	} else {
		f.known[o.Ref] = *o
	}
	f.changed[o.Ref] = true
}

// list takes a list of all objects of a kind: what was known and is not among them is gone.
func (f *facts) list(l *derive.Listing) {
	for ref := range f.known {
		o := f.known[ref]
		if ref.Kind == l.Kind && (l.Namespace == "" || ref.Namespace == l.Namespace) && o.At < l.At && o.Source == l.Source {
			delete(f.known, ref)
			f.changed[ref] = true
		}
	}
}

// step calls f for each object of which something new is known.
func (f *facts) step(use func(of derive.Ref, all []prom.Series)) {
	for ref := range f.changed {
		var all []prom.Series
		if o, ok := f.known[ref]; ok {
			for _, x := range f.wanted {
				all = append(all, x.series(&o)...)
			}
		}
		use(derive.Ref{Kind: "condition/" + ref.Kind, Namespace: ref.Namespace, Name: ref.Name}, all)
	}
	clear(f.changed)
}

// reconcileCondition is one series for each status that Ready can have.
func reconcileCondition(o *derive.Observation) (all []prom.Series) {
	if o.Ready() == "" {
		return nil
	}
	for _, status := range []string{"True", "False", "Unknown"} {
		all = append(all, prom.Series{
			Name:   "gotk_reconcile_condition",
			Names:  []string{"exported_namespace", "kind", "name", "status", "type"},
			Values: []string{o.Namespace, o.Kind, o.Name, status, "Ready"}, Value: one(o.Ready() == status),
		})
	}
	return all
}

func suspendStatus(o *derive.Observation) []prom.Series {
	if o.Suspended == derive.Unsaid {
		return nil
	}
	return []prom.Series{{
		Name: "gotk_suspend_status", Names: []string{"exported_namespace", "kind", "name"},
		Values: []string{o.Namespace, o.Kind, o.Name}, Value: one(o.Suspended == derive.Yes),
	}}
}

func one(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}

// resourceInfo is a series whose labels say all. Only the Flux Operator's has the reason.
func resourceInfo(name, kind, yes, no string) func(*derive.Observation) []prom.Series {
	return func(o *derive.Observation) []prom.Series {
		suspended, reason := no, ""
		if o.Suspended == derive.Yes {
			suspended = yes
		}
		for _, c := range o.Conditions {
			if c.Type == "Ready" && kind == "kind" {
				reason = c.Reason
			}
		}
		return []prom.Series{{
			Name: name, Value: 1,
			Names: []string{"exported_namespace", kind, "name", "ready", "reason", "revision", "suspended"},
			Values: []string{
				o.Namespace, o.Kind, o.Name, o.Ready(), reason, cmp.Or(o.Applied, o.Attempted, o.Artifact), suspended,
			},
		}}
	}
}
