package alerts

import (
	"cmp"

	"fluxtrail/derive"
	"fluxtrail/derive/rules/check"
	"fluxtrail/sinks/prom"
)

// facts are the series that other exporters have of Flux's objects, as far as evidence told of
// their conditions. Rules that read those can be tried like our own.
type facts struct {
	wanted  []exporter
	label   string        // that has the object's namespace
	flux    check.Version // whose exporters these are, 0 for all that there were
	known   map[derive.Ref]derive.Observation
	changed map[derive.Ref]bool
}

// exporter is a family of somebody else's.
type exporter struct {
	name   string
	series func(f *facts, o *derive.Observation) []prom.Series
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

func newFacts(want func(string) bool, opt *Options) *facts {
	f := &facts{
		known: map[derive.Ref]derive.Observation{}, flux: opt.Flux, label: cmp.Or(opt.NamespaceLabel, "exported_namespace"),
	}
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
				if f.flux == 0 || check.Exports(x.name, ref.Kind, f.flux) {
					all = append(all, x.series(f, &o)...)
				}
			}
		}
		use(derive.Ref{Kind: "condition/" + ref.Kind, Namespace: ref.Namespace, Name: ref.Name}, all)
	}
	clear(f.changed)
}

// object is a series of one object, with the labels of the object first.
func (f *facts) object(o *derive.Observation, name, kind string, v float64, more ...string) prom.Series {
	x := prom.Series{
		Name: name, Value: v, Names: []string{f.label, kind, "name"}, Values: []string{o.Namespace, o.Kind, o.Name},
	}
	for i := 0; i < len(more); i += 2 {
		x.Names, x.Values = append(x.Names, more[i]), append(x.Values, more[i+1])
	}
	return x
}

// reconcileCondition is one series for each status that Ready can have. Up to Flux 2.0 there was
// one for Deleted.
func reconcileCondition(f *facts, o *derive.Observation) (all []prom.Series) {
	const family = "gotk_reconcile_condition"
	if o.Ready() == "" {
		return nil
	}
	for _, status := range []string{"True", "False", "Unknown"} {
		all = append(all, f.object(o, family, "kind", one(o.Ready() == status), "status", status, "type", "Ready"))
	}
	if f.flux != 0 && check.HasDeleted(f.flux) {
		all = append(all, f.object(o, family, "kind", 0, "status", "Deleted", "type", "Ready"))
	}
	return all
}

func suspendStatus(f *facts, o *derive.Observation) []prom.Series {
	if o.Suspended == derive.Unsaid {
		return nil
	}
	return []prom.Series{f.object(o, "gotk_suspend_status", "kind", one(o.Suspended == derive.Yes))}
}

func one(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}

// resourceInfo is a series whose labels say all. Only the Flux Operator's has the reason.
func resourceInfo(name, kind, yes, no string) func(*facts, *derive.Observation) []prom.Series {
	return func(f *facts, o *derive.Observation) []prom.Series {
		suspended, reason := no, ""
		if o.Suspended == derive.Yes {
			suspended = yes
		}
		for _, c := range o.Conditions {
			if c.Type == "Ready" && kind == "kind" {
				reason = c.Reason
			}
		}
		revision := cmp.Or(o.Applied, o.Attempted, o.Artifact)
		return []prom.Series{f.object(o, name, kind, 1,
			"ready", o.Ready(), "reason", reason, "revision", revision, "suspended", suspended)}
	}
}
